"""Checks of single figures: against the form, the project's own history, its contract. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from luodi.codebook.values import Check, Part
from luodi.statistics.checks.dossier import CheckDossier
from luodi.statistics.checks.finding import notice
from luodi.statistics.values.reporting import FiledCell, Finding

WAN = Decimal(10_000)


def missing_required(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A required cell is blank: missing is not zero, and it must not be forgotten silently."""
    required = {item.measure for item in dossier.form.measures if item.required}
    for cell in dossier.cells:
        if cell.value is None and cell.measure in required:
            yield notice(dossier, check, cell)


def negative_figure(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A negative figure of a measure that can't be negative."""
    for cell, value in filled(dossier):
        measure = dossier.profile.measure(cell.measure)
        if value < 0 and measure is not None and not measure.may_be_negative:
            yield notice(dossier, check, cell, value=value)


def falling_cumulative(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A year-to-date figure is below the one before: the month would be negative (ledger.md, In-period and cumulative)."""
    for cell, value in filled(dossier):
        past = dossier.cumulative_past.get((cell.subject, cell.measure), ())
        if dossier.form.column(cell.measure) == "cumulative" and past and value < past[-1][1]:
            yield notice(dossier, check, cell, value=value, before=past[-1][1], through=past[-1][0].label)


def month_value(dossier: CheckDossier, cell: FiledCell, value: Decimal) -> Decimal:
    """Give the month's own figure of a cell: a cumulative one less the last before it."""
    if dossier.form.column(cell.measure) != "cumulative":
        return value
    past = dossier.cumulative_past.get((cell.subject, cell.measure), ())
    return value - past[-1][1] if past else value


def recent(dossier: CheckDossier, cell: FiledCell, months: int) -> list[Decimal]:
    """Give the cell's own last figures, newest last."""
    return [value for _, value in dossier.past.get((cell.subject, cell.measure), ())][-months:]


def jump(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """The month is a multiple of the project's own usual month."""
    factor, months, at_least = (check.threshold(name) for name in ("factor", "months", "at_least"))
    for cell, value in filled(dossier):
        own, usual = (
            month_value(dossier, cell, value),
            [past for past in recent(dossier, cell, int(months)) if past > 0],
        )
        total = sum(usual, Decimal(0))
        if len(usual) >= 2 and own >= at_least and own * len(usual) > factor * total:
            yield notice(dossier, check, cell, value=own, usual=total / len(usual))


def slipped_unit(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """The figure is some ten thousand times the usual, or a ten-thousandth: 元, 万元 and 亿元 were mixed up."""
    factor = check.threshold("factor")
    for cell, value in filled(dossier):
        usual = [past for past in recent(dossier, cell, 12) if past > 0]
        measure = dossier.profile.measure(cell.measure)
        if measure is None or measure.unit != "money" or not usual or value <= 0:
            continue
        ratio = month_value(dossier, cell, value) / median(usual)
        if ratio >= factor or 0 < ratio <= 1 / factor:
            yield notice(dossier, check, cell, value=value, usual=median(usual))


def same_as_last_period(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """The very same figure for several months running: was it copied?"""
    months = int(check.threshold("months"))
    for cell, value in filled(dossier):
        own, before = month_value(dossier, cell, value), recent(dossier, cell, months)
        if own != 0 and len(before) == months and all(past == own for past in before):
            yield notice(dossier, check, cell, value=own, months=months)


def part_above_whole(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A part is greater than what it is part of."""
    for cell, value in filled(dossier):
        measure = dossier.profile.measure(cell.measure)
        whole = dossier.value(cell.subject, measure.part_of) if measure and measure.part_of else None
        if whole is not None and value > whole:
            yield notice(dossier, check, cell, value=value, whole=whole)


def figure_without_evidence(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A figure that takes evidence has none, though the month's own is `at_least` so much."""
    for cell, value in filled(dossier):
        measure = dossier.profile.measure(cell.measure)
        own = month_value(dossier, cell, value)
        if measure is not None and measure.evidence and not cell.evidence and own >= check.threshold("at_least"):
            yield notice(dossier, check, cell, value=own)


def investment_before_start(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """Investment is filed for a project that has not started by the period's end."""
    started = dossier.stage(Part.STARTED)
    for cell, value in filled(dossier):
        project = dossier.projects.get(cell.subject)
        if cell.measure == "invest_completed" and value > 0 and started and project and project.first(started) is None:
            yield notice(dossier, check, cell, value=value)


def funds_above_contract(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """Money in place since the beginning exceeds the contract."""
    yield from above_total(dossier, check, "funds_in_place")


def investment_above_total(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """Investment since the beginning exceeds the total."""
    yield from above_total(dossier, check, "invest_completed")


def above_total(dossier: CheckDossier, check: Check, measure: str) -> Iterator[Finding]:
    """Compare a measure since the beginning with the project's total investment times the check's factor."""
    for cell, _ in filled(dossier):
        project = dossier.projects.get(cell.subject)
        if cell.measure != measure or project is None or not project.total:
            continue
        so_far = dossier.since_beginning(cell.subject, measure)
        if so_far is not None and so_far > check.threshold("factor") * project.total:
            yield notice(dossier, check, cell, so_far=so_far, total=project.total)


def figure_after_end(dossier: CheckDossier, check: Check) -> Iterator[Finding]:
    """A figure for a project that ended or was replaced before the period began."""
    gone = set(dossier.profile.labels((Part.ENDED, Part.REPLACED)))
    for cell, value in filled(dossier):
        project = dossier.projects.get(cell.subject)
        if project is None or project.state not in gone or value == 0:
            continue
        last = max(event.occurred_on for event in project.events if event.stage == project.state)
        if last < dossier.period.first:
            yield notice(dossier, check, cell, value=value, ended_on=last)


def filled(dossier: CheckDossier) -> Iterator[tuple[FiledCell, Decimal]]:
    """Give the cells that hold a number."""
    for cell in dossier.cells:
        if cell.value is not None:
            yield cell, cell.value
