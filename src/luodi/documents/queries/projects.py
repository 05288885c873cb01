"""What papers need of projects: cards, names that are no secret, lights, figures of the year, notes; for the wall, months and nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from luodi.codebook.values.indicators import Indicator, Ratio, Sum
from luodi.codebook.values.profile import Profile
from luodi.documents.queries.by_project import by_project
from luodi.documents.values import Kind
from luodi.identity import queries as identity
from luodi.identity.rules import secrecy
from luodi.identity.tree import Tree
from luodi.identity.values import Scope, Secret
from luodi.indicators.values import Exact
from luodi.kernel.money import WIDE
from luodi.kernel.period import Period, add_months
from luodi.ledger.values import Cut
from luodi.projects.queries import cards, lists, load
from luodi.projects.rules import secrecy as project_secrecy
from luodi.projects.rules.lights import Lights
from luodi.projects.values.rows import Dossier, Progress, Version
from luodi.projects.values.views import Card, Figures

INVESTED = "invest_completed"  # a measure that every profile has
LOOK_BACK = 12  # months looked through for signs of progress


@dataclass(frozen=True)
class ProjectSources:
    """
    Projects of a paper by code. `labels`: names that may be printed for anybody; a project not signed yet has a code name instead,
    and stands in `veiled`. `invested` and `planned` name the indicators behind `figures`, where the profile has such.
    """

    cards: Mapping[str, Card]
    labels: Mapping[str, str]
    veiled: frozenset[str]
    lights: Mapping[str, Lights]
    figures: Mapping[str, Mapping[str, Exact]]
    invested: Indicator | None
    planned: Indicator | None
    notes: Mapping[str, Progress]
    to_date: Mapping[date, Mapping[str, Mapping[str, Exact]]] = field(
        default_factory=dict
    )  # on the wall: by month's first
    people: Mapping[str, str] = field(default_factory=dict)  # holders' names, on the wall


def projects(
    profile: Profile, *, period: Period, cut: int, basis: str, kind: Kind, tree: Tree, under: str
) -> ProjectSources:
    """Load the projects hosted under a unit at the period's end, as known at a cut."""
    within = tree.under(under)
    at = Cut(cut)
    every = cards.cards(on=period.last, profile=profile, cut=at)
    found = {code: card for code, card in every.items() if card.version.host in within}
    invested, planned = invested_of(profile), plan_rate_of(profile)
    asked = [one.id for one in (invested, planned) if one is not None]
    figures = by_project(profile, period=period, indicators=asked, span="ytd", cut=cut, basis=basis)
    months = _months(profile, period, invested, cut, basis)
    notes = load.notes(None, at)
    known = _figures(figures, months, notes, invested)
    labels, veiled = labels_of((card.dossier for card in found.values()), profile, period.last)
    return ProjectSources(
        cards=found,
        labels=labels,
        veiled=veiled,
        lights={code: lists.lights_of(card, profile, known) for code, card in found.items()},
        figures=figures,
        invested=invested,
        planned=planned,
        notes={project: note for (project, label), note in notes.items() if label == period.label},
        to_date=_to_date(profile, period, invested, cut, basis) if kind is Kind.WALL else {},
        people=_people(found.values()) if kind is Kind.WALL else {},
    )


def invested_of(profile: Profile) -> Indicator | None:
    """Find the indicator that adds up completed investment over all kinds of project."""
    sums = (one for one in profile.indicators if isinstance(one, Sum) and one.value.sum == INVESTED)
    return next((one for one in sums if one.value.projects.kinds == "all"), None)


def plan_rate_of(profile: Profile) -> Indicator | None:
    """Find the indicator that compares completed investment with the year's plans of projects."""
    ratios = (one for one in profile.indicators if isinstance(one, Ratio) and one.numerator.sum == INVESTED)
    return next((one for one in ratios if one.denominator.plan), None)


def _months(
    profile: Profile, period: Period, invested: Indicator | None, cut: int, basis: str
) -> dict[date, dict[str, Exact]]:
    """Give each month's investment by project, a year back from the period's end."""
    if invested is None:
        return {}
    year, last = profile.calendar.accounting_year, period.last.replace(day=1)
    wanted = {year.month_of(add_months(last, -back)).label: None for back in range(LOOK_BACK)}
    found = {}
    for label in wanted:
        month = year.parse(label)
        values = by_project(profile, period=month, indicators=[invested.id], span="period", cut=cut, basis=basis)
        found[month.last.replace(day=1)] = {code: one[invested.id] for code, one in values.items()}
    return found


def _to_date(
    profile: Profile, period: Period, invested: Indicator | None, cut: int, basis: str
) -> dict[date, Mapping[str, Mapping[str, Exact]]]:
    """Give the year to date by project at the end of each month of the accounting year up to the period's end."""
    if invested is None:
        return {}
    year = profile.calendar.accounting_year
    months = [month for month in year.months(int(year.of(period.last).label)) if month.last <= period.last]
    return {
        month.last.replace(day=1): by_project(
            profile, period=month, indicators=[invested.id], span="ytd", cut=cut, basis=basis
        )
        for month in months
    }


def _figures(
    figures: Mapping[str, Mapping[str, Exact]],
    months: Mapping[date, Mapping[str, Exact]],
    notes: Iterable[tuple[str, str]],
    invested: Indicator | None,
) -> Figures:
    """Give what lights need of figures: yuan completed this year, and months with a sign of progress."""
    amounts = {code: one[invested.id] for code, one in figures.items()} if invested else {}
    active: dict[str, set[date]] = {}
    for month, values in months.items():
        for code, value in values.items():
            if value:
                active.setdefault(code, set()).add(month)
    for project, label in notes:
        if len(label) == len("2024-05"):
            active.setdefault(project, set()).add(date(int(label[:4]), int(label[5:]), 1))
    return Figures(
        invested={code: _decimal(value) for code, value in amounts.items() if value is not None},
        active={code: frozenset(days) for code, days in active.items()},
    )


def _decimal(value: Fraction) -> Decimal:
    """A sum of decimals is a decimal."""
    return WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def labels_of(found: Iterable[Dossier], profile: Profile, on: date) -> tuple[dict[str, str], frozenset[str]]:
    """Name projects as anybody may see them, since a paper leaves the house: labels by code, and which are veiled."""
    key, labels, veiled = identity.code_name_key(), {}, set()
    for dossier in found:
        version = dossier.version_on(on) or dossier.version
        if version is not None:
            face = secrecy.face(_secret(dossier, version, profile), Scope(), bands=profile.size_bands, key=key)
            labels[dossier.code] = face.label
            veiled |= {dossier.code} if face.veiled else set()
    return labels, frozenset(veiled)


def _secret(dossier: Dossier, version: Version, profile: Profile) -> Secret:
    return Secret(
        dossier.code,
        version.name,
        version.investor,
        version.industry,
        version.total_investment,
        project_secrecy.units_of(dossier),
        project_secrecy.is_signed(dossier, profile),
        version.industry_edition,
    )


def _people(found: Iterable[Card]) -> dict[str, str]:
    """Name the people who hold duties; units and names removed by law keep their codes out of the paper."""
    holders = {holder for card in found for holder in card.holders}
    everybody = identity.people()
    return {holder: everybody[holder].name or "" for holder in holders if holder in everybody}
