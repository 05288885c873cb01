"""Indicators in English words, written from the profile's data; the Chinese ones are documents.rules.definitions. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from luodi.codebook.values import Profile
from luodi.codebook.values.indicators import (
    Cohort,
    Flow,
    Indicator,
    Median,
    Points,
    Projects,
    Python,
    Quantity,
    Ratio,
    Stock,
    Sum,
    TargetRate,
)
from luodi.documents.rules import definitions
from luodi.kernel.money import in_unit
from luodi.web import labels

SPANS = {"asked": "", "period": " in the period", "ytd": " from the year's beginning", "since": " since the beginning"}
FIELDS = {"total_investment": "total investment", "fixed_investment": "fixed investment"}
ROLES = {"host": "host", "introducer": "introducer", "lead_department": "lead department"}


def definition(profile: Profile, indicator: Indicator, language: str) -> str:
    """Say what an indicator counts and to whom it is credited."""
    if language == "zh":
        return definitions.definition(profile, indicator).words
    return f"{indicator.means_en or meaning(profile, indicator)}. Credited to the {ROLES[indicator.role]}."


def meaning(profile: Profile, indicator: Indicator) -> str:
    """Say what an indicator counts."""
    match indicator:
        case Flow() | Stock() | Sum():
            return quantity(profile, indicator.value)
        case Ratio():
            return f"{quantity(profile, indicator.numerator)} / {quantity(profile, indicator.denominator)}"
        case Cohort():
            return f"Share of {chosen(profile, indicator.projects)} that have reached '{stage(profile, indicator.reached)}' by the end"
        case Median():
            since, until = stage(profile, indicator.since), stage(profile, indicator.until)
            return f"Median days from first '{since}' to first '{until}' of {chosen(profile, indicator.projects)}"
        case TargetRate():
            return f"'{label(profile, indicator.of)}' of the year to date / the year's target (guaranteed, from above; else the unit's own)"
        case Points():
            return f"'{label(profile, indicator.of)}' less time progress (months elapsed / 12, or the unit's own curve), in points"
        case Python():
            return f"Computed by the function {indicator.function}"


def label(profile: Profile, wanted: str) -> str:
    """Give an indicator's English label."""
    found = profile.indicator(wanted)
    return found.en if found else wanted


def stage(profile: Profile, part: str) -> str:
    """Give the English label of the stage that plays a part."""
    return next((one.en for one in profile.stages if one.plays == part), part)


def quantity(profile: Profile, asked: Quantity) -> str:
    """Say what one number adds up."""
    if asked.indicator:
        return f"'{label(profile, asked.indicator)}'{SPANS[asked.span]}"
    projects = chosen(profile, asked.projects)
    if asked.sum:
        measure = profile.measure(asked.sum)
        return f"Sum of '{measure.en if measure else asked.sum}' filed for {projects}{SPANS[asked.span]}"
    if asked.plan:
        return f"Investment planned for the year of {projects}"
    if asked.rises:
        after = f", after first '{stage(profile, asked.after)}'" if asked.after else ""
        return f"Rises of {FIELDS[asked.rises]} of {projects} in the span{after}"
    if asked.amount:
        return f"{FIELDS[asked.amount].capitalize()} of {projects} at the end"
    return f"Number of {projects}"


def said(profile: Profile, values: Iterable[str]) -> str:
    """Say coded values by their English labels."""
    return " or ".join(labels.named(profile, one, "en") for one in values)


def chosen(profile: Profile, projects: Projects) -> str:
    """Say which projects are selected."""
    return " ".join(["projects", ", ".join(_conditions(profile, projects))])


def _conditions(profile: Profile, projects: Projects) -> list[str]:
    kinds = profile.city.counted_kinds if projects.kinds is None else projects.kinds
    found = ["of all kinds" if kinds == "all" else f"of kind {said(profile, kinds)}"]
    if projects.first:
        found.append(f"first '{stage(profile, projects.first)}' in the span")
    if projects.first_while:
        found.append(f"{projects.first_while.field} then {said(profile, projects.first_while.values)}")
    found += _parts(profile, (("reached", projects.reached), ("not yet", projects.not_reached)))
    found += _parts(profile, (("now", projects.state), ("not now", projects.state_not)))
    found += [f"{one.field} {said(profile, one.values)}" for one in projects.has]
    if projects.strategic is not None:
        found.append("of a strategic industry" if projects.strategic else "of no strategic industry")
    if projects.at_least is not None:
        found.append(f"total investment from {in_unit(projects.at_least, '万元', 0):,f} ×10k yuan")
    if projects.below is not None:
        found.append(f"total investment below {in_unit(projects.below, '万元', 0):,f} ×10k yuan")
    if projects.on_list:
        found.append(f"on the list '{labels.named(profile, projects.on_list, 'en')}'")
    if projects.planned is not None:
        found.append("with a year plan" if projects.planned else "without a year plan")
    return found


def _parts(profile: Profile, asked: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    return [f"{words} {', '.join(stage(profile, one) for one in parts)}" for words, parts in asked if parts]
