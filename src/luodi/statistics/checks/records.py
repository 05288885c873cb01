"""Checks of project records: stages, evidence, plans, twins. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from luodi.codebook.values import Check, Part
from luodi.kernel import money
from luodi.kernel.chinese import fold
from luodi.kernel.period import Period
from luodi.statistics.checks.dossier import CheckDossier, SeenProject
from luodi.statistics.checks.finding import note
from luodi.statistics.values.reporting import Finding

# 完成投资12.3亿元，占年计划30亿元的41%: a part, its whole, and the rate printed beside them.
RATE = re.compile(
    r"(?P<part>\d+(?:\.\d+)?)\s*(?P<unit>亿元|万元|个|户|人)?[^\d。；;]{0,12}?占[^\d。；;]{0,12}?(?P<whole>\d+(?:\.\d+)?)\s*(?P<unit2>亿元|万元|个|户|人)?"
    r"[^\d。；;]{0,8}?(?P<rate>\d+(?:\.\d+)?)\s*[%％]"
)


def stage_without_the_one_before(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """
    A stage stands whose forerunners never stood (indicators.md: a later stage does not imply an earlier one).

    A stage may be the first of a project nobody had to sign (`first`); one of the counted kinds must be signed before.
    """
    for project in dossier.projects.values():
        reached = {event.stage for event in project.events}
        for stage in dossier.profile.stages:
            may_be_first = stage.first and not (
                project.kind in dossier.profile.city.counted_kinds and after_signing(dossier, stage.id)
            )
            if stage.id in reached and not may_be_first and stage.follows and reached.isdisjoint(stage.follows):
                yield note(dossier, check, project, stage=stage.id, wanted="、".join(stage.follows))


def after_signing(dossier: CheckDossier, stage: str) -> bool:
    """Tell whether a stage comes after signing on the way."""
    path, signed = dossier.profile.path, dossier.stage(Part.SIGNED)
    return signed in path and stage in path and path.index(stage) > path.index(signed)


def stage_dates_out_of_order(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A stage on the way is dated before one that comes earlier on the way."""
    path = dossier.profile.path
    for project in dossier.projects.values():
        days = [(stage, project.first(stage)) for stage in path]
        known = [(stage, on) for stage, on in days if on is not None]
        for (earlier, earlier_on), (later, later_on) in pairwise(known):
            if later_on < earlier_on:
                yield note(dossier, check, project, stage=later, on=later_on, earlier=earlier, earlier_on=earlier_on)


def stage_without_evidence(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A stage that asks for evidence stands without a file."""
    for project in dossier.projects.values():
        for event in project.events:
            stage = dossier.profile.stage(event.stage)
            if stage is not None and stage.evidence and event.files == 0:
                yield note(dossier, check, project, stage=event.stage, on=event.occurred_on)


def signed_without_amount(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A signed project has no total investment: it adds nothing to the amount signed."""
    signed = dossier.stage(Part.SIGNED)
    for project in dossier.projects.values():
        if signed and project.first(signed) and project.total is None:
            yield note(dossier, check, project)


def total_investment_moved(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """Total investment moved by more than so many percent from one version to the next."""
    percent = check.threshold("percent")
    for project in dossier.projects.values():
        known = [total for total in project.totals if total is not None]
        if len(known) >= 2 and known[-2] > 0 and abs(known[-1] - known[-2]) * 100 > percent * known[-2]:
            yield note(dossier, check, project, before=known[-2], now=known[-1])


def plan_does_not_add_up(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """The months of a year plan don't sum to the year."""
    for project in dossier.projects.values():
        months = sum(project.plan_months, Decimal(0))
        if project.plan_year is not None and project.plan_months and months != project.plan_year:
            yield note(dossier, check, project, year=project.plan_year, months=months)


def attribution_differs(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A set of shares holds against the version's own host: someone should look whether it still should."""
    for project in dossier.projects.values():
        if project.held_by and project.host and project.host not in project.held_by:
            yield note(dossier, check, project, host=project.host, held_by="、".join(project.held_by))


def one_site_two_records(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """One enterprise and what reads like one site stand under two records."""
    likeness = check.threshold("likeness")
    # Only records of one enterprise are compared: every pair of a county's records would be its number squared.
    same: defaultdict[tuple[str, str], list[tuple[int, SeenProject]]] = defaultdict(list)
    for place, project in enumerate((*dossier.projects.values(), *dossier.others)):
        for key in enterprise_keys(project):
            same[key].append((place, project))
    for project in dossier.projects.values():
        near = {place: other for key in enterprise_keys(project) for place, other in same[key]}
        for _place, other in sorted(near.items()):
            if other.code > project.code or (other.code != project.code and other.code not in dossier.projects):
                alike = how_alike(project, other)
                if alike >= likeness:
                    yield note(dossier, check, project, other=other.label, likeness=round(alike))


def enterprise_keys(project: SeenProject) -> list[tuple[str, str]]:
    """Give what a record's enterprise is known by: its credit code, its name. Two records with one of them in common are of one."""
    code = [("uscc", project.uscc)] if project.uscc else []
    return [*code, ("investor", folded(project.investor))] if project.investor else code


def how_alike(one: SeenProject, other: SeenProject) -> Decimal:
    """Give the likeness of two records' names, 0 to 100."""
    return Decimal(round(fuzz.token_sort_ratio(folded(one.name), folded(other.name))))


# The same names come again with every return: a city's are some thousands.
folded = lru_cache(maxsize=20_000)(fold)


def hollow_start(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """Started, and then for so many building months neither investment nor a word of progress (虚假开工)."""
    wanted, started = int(check.threshold("months")), dossier.stage(Part.STARTED)
    over = set(
        dossier.profile.labels(
            (Part.COMPLETED, Part.PRODUCED, Part.CAPACITY, Part.EFFECT, Part.STALLED, Part.ENDED, Part.REPLACED)
        )
    )
    year = dossier.profile.calendar.accounting_year
    spans: dict[Period, list[Period]] = {}  # many started in the same month
    for project in dossier.projects.values():
        since = project.first(started) if started else None
        if since is None or any(event.stage in over for event in project.events):
            continue
        begun = year.month_of(since)
        months = spans.get(begun)
        if months is None:
            months = spans[begun] = building_months(dossier, since_month=begun)
        silent = [month for month in months[-wanted:] if not spoke(dossier, project, month)]
        if len(months) >= wanted and len(silent) == wanted:
            yield note(dossier, check, project, started_on=since, months=wanted)


def building_months(dossier: CheckDossier, *, since_month: Period) -> list[Period]:
    """List the building months after the one a project started in, this period's included."""
    year, season = dossier.profile.calendar.accounting_year, dossier.profile.calendar.building
    months, month = [], year.after(since_month)
    while month.last <= dossier.period.last:
        if season.builds_in(month.last.month):
            months.append(month)
        month = year.after(month)
    return months


def spoke(dossier: CheckDossier, project: SeenProject, month: Period) -> bool:
    """Tell whether a month had investment above 0 or a note of progress."""
    if month.label in project.note_periods:
        return True
    cell = (project.code, "invest_completed")
    if month == dossier.period:
        value = dossier.value(*cell)
        past = dossier.cumulative_past.get(cell, ())
        if value is not None and dossier.form.column("invest_completed") == "cumulative" and past:
            value -= past[-1][1]
        return value is not None and value > 0
    return any(period == month and value > 0 for period, value in dossier.past.get(cell, ()))


def printed_rate_impossible(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A rate printed in a note can't come from the two numbers beside it (16 of 26 is not 58%)."""
    for project in dossier.projects.values():
        for match in RATE.finditer(project.note_text):
            scale = money.YUAN_IN.get(match["unit"] or "", Decimal(1)) / money.YUAN_IN.get(
                match["unit2"] or match["unit"] or "", Decimal(1)
            )
            if scale != 1:  # the two are printed in different units: their intervals differ, not checked
                continue
            part, whole, rate = (Decimal(match[name]) for name in ("part", "whole", "rate"))
            if whole and not money.printed_ratio_agrees(part, whole, rate):
                yield note(dossier, check, project, part=part, whole=whole, rate=rate)


def bunching(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """Too many of the unit's stage events of the period fall into its last three days."""
    days = [
        event.occurred_on
        for project in dossier.projects.values()
        for event in project.events
        if dossier.period.first <= event.occurred_on < dossier.period.ends_before
    ]
    late = [day for day in days if day >= dossier.period.ends_before - timedelta(days=3)]
    if (
        late
        and len(days) >= check.threshold("at_least_cells")
        and 100 * len(late) >= check.threshold("percent") * len(days)
    ):
        yield note(dossier, check, None, late=len(late), of=len(days))


def sameness(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """Too many of the unit's cells hold one and the same figure."""
    values = [cell.value for cell in dossier.cells if cell.value]
    most = max((values.count(value) for value in set(values)), default=0)
    if len(values) >= check.threshold("at_least_cells") and 100 * most >= check.threshold("percent") * len(values):
        yield note(dossier, check, None, same=most, of=len(values))


def round_numbers(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """Too many of the unit's amounts are round: whole hundreds in the unit they are filed in."""
    amounts = []
    for cell in dossier.cells:
        measure = dossier.profile.measure(cell.measure)
        if cell.value and measure is not None and measure.unit == "money":
            amounts.append(cell.value / money.YUAN_IN[measure.filed_in])
    round_ones = [amount for amount in amounts if amount % 100 == 0]
    if len(amounts) >= check.threshold("at_least_cells") and 100 * len(round_ones) >= check.threshold("percent") * len(
        amounts
    ):
        yield note(dossier, check, None, round=len(round_ones), of=len(amounts))
