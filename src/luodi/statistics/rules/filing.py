"""
Rules for filing a form: cells read, hands inside the unit, submitting, judging, reopening. Pure: values in, problems out.

Sources: ledger.md (Who accepts, In-period and cumulative); the profile's form says columns, chain, signatories, scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Form, Measure, Profile
from luodi.kernel import money, typed
from luodi.kernel.problem import Problem
from luodi.statistics.values.reporting import (
    Cell,
    FiledCell,
    Filing,
    Finding,
    Owed,
    Signatories,
    Standing,
    TypedCell,
    Window,
)


def cell_key(cell: Cell) -> str:
    """Write a cell as drafts and pages name it."""
    return f"{cell[0]}|{cell[1]}"


def split_key(key: str) -> Cell:
    """Read a cell's name back."""
    subject, _, measure = key.rpartition("|")
    return subject, measure


def read_cell(cell: Cell, given: TypedCell, measure: Measure) -> tuple[FiledCell | None, list[Problem]]:
    """
    Read one typed cell into yuan (or persons), with what is wrong with it.

    A foreign amount needs a rate and the rate's day; it is kept beside the yuan it makes.
    """
    subject, where = cell[0], cell_key(cell)
    try:
        number = typed.read_number(given.text)
    except typed.NotANumber as error:
        return None, [Problem(f"typed.{error.why}", where=where, params={"found": error.found})]
    if number is None:
        return FiledCell(subject, measure.id, None), []
    problems = list(number_problems(number, measure, where))
    if given.currency:
        return foreign_cell(cell, number, given, measure, problems)
    yuan = money.to_yuan(number, measure.filed_in) if measure.unit == "money" else number
    return FiledCell(subject, measure.id, yuan), problems


def number_problems(number: Decimal, measure: Measure, where: str) -> Iterator[Problem]:
    """Yield what a number of this measure may not be."""
    if typed.decimals(number) > measure.places:
        yield Problem(
            "filing.too_many_decimals", where=where, params={"found": f"{number:f}", "places": measure.places}
        )
    if measure.unit in ("persons", "count") and number != number.to_integral_value():
        yield Problem("filing.not_whole", where=where, params={"found": f"{number:f}"})


def foreign_cell(
    cell: Cell, number: Decimal, given: TypedCell, measure: Measure, problems: list[Problem]
) -> tuple[FiledCell | None, list[Problem]]:
    """Read a cell typed in 万美元: its yuan at the rate of the named day."""
    where = cell_key(cell)
    if not measure.foreign or given.currency != "USD":
        return None, [*problems, Problem("filing.currency_not_taken", where=where, params={"found": given.currency})]
    if given.rate is None or given.rate <= 0 or given.rate_on is None:
        return None, [*problems, Problem("filing.rate_missing", where=where)]
    yuan = money.to_yuan(number, "万美元", given.rate)
    foreign = money.WIDE.multiply(number, money.FOREIGN_IN["万美元"])
    return FiledCell(cell[0], measure.id, yuan, foreign, "USD", given.rate, given.rate_on), problems


def read_cells(
    cells: Mapping[Cell, TypedCell], owed: Owed, profile: Profile, *, open_cells: frozenset[Cell] | None = None
) -> tuple[list[FiledCell], list[Problem]]:
    """
    Read every typed cell of a form; blanks of owed cells come out as missing.

    `open_cells`: only these may be filed (cells reopened after acceptance). A cell nobody asked for is a problem.
    """
    asked = {(subject, measure) for subject in owed.subjects for measure in owed.measures}
    wanted = asked if open_cells is None else asked & open_cells
    problems = [
        Problem("filing.cell_not_asked", where=cell_key(cell), params={"subject": cell[0], "measure": cell[1]})
        for cell in cells
        if cell not in wanted
    ]
    filed: list[FiledCell] = []
    for cell in sorted(wanted):
        measure = profile.measure(cell[1])
        if measure is None:  # the profile was checked: only a profile swapped under a draft
            problems.append(
                Problem("filing.cell_not_asked", where=cell_key(cell), params={"subject": cell[0], "measure": cell[1]})
            )
            continue
        read, wrong = read_cell(cell, cells.get(cell, TypedCell("")), measure)
        problems += wrong
        if read is not None:
            filed.append(read)
    return filed, problems


@dataclass(frozen=True)
class FilingDossier:
    """Everything the rules of submitting may look at, loaded once."""

    form: Form
    owed: Owed
    window: Window
    cells: Sequence[FiledCell]
    signatories: Signatories
    scan: str
    state: str  # the last hand inside the unit: fill, check, sign
    standing: Standing
    period_sealed: bool
    findings: Sequence[Finding] = ()
    open_cells: frozenset[Cell] | None = None
    notes: Mapping[str, Mapping[str, str]] | None = None


def submit_problems(dossier: FilingDossier, *, today: date) -> list[Problem]:
    """Return every reason this form cannot be submitted today, blocking ones first."""
    found = [problem for check in SUBMIT_CHECKS for problem in check(dossier, today)]
    return sorted(found, key=lambda problem: not problem.blocking)


def window_is_open(dossier: FilingDossier, today: date) -> Iterator[Problem]:
    """A form is filed inside its window; cells reopened later have their own leave."""
    if dossier.period_sealed:
        yield Problem("filing.period_sealed", where=where(dossier))
    elif today < dossier.window.opens_on:
        yield Problem(
            "filing.not_open_yet", where=where(dossier), params={"opens_on": dossier.window.opens_on.isoformat()}
        )
    elif dossier.window.closes_on is not None and today > dossier.window.closes_on and dossier.open_cells is None:
        yield Problem("filing.closed", where=where(dossier), params={"closes_on": dossier.window.closes_on.isoformat()})


def nothing_waits_elsewhere(dossier: FilingDossier, today: date) -> Iterator[Problem]:
    """What was submitted is filed again only after it came back, or cell by cell when reopened."""
    if dossier.standing in (Standing.SUBMITTED, Standing.IN_CHAIN, Standing.ACCEPTED):
        yield Problem("filing.already_submitted", where=where(dossier))


def every_hand_has_signed(dossier: FilingDossier, today: date) -> Iterator[Problem]:
    """The steps inside the unit that the form asks for come in order: fill, check, sign, submit."""
    before = [step for step in dossier.form.inside if step != "submit"]
    if before and dossier.state != before[-1]:
        yield Problem("filing.hand_missing", where=where(dossier), params={"step": before[-1], "found": dossier.state})


def who_answers_is_named(dossier: FilingDossier, today: date) -> Iterator[Problem]:
    """The sheet counts with the names the form asks for."""
    for name in dossier.form.signatories:
        if not getattr(dossier.signatories, name):
            yield Problem("filing.name_missing", where=where(dossier), params={"name": name})
    if dossier.signatories.filled_on is not None and dossier.signatories.filled_on > today:
        yield Problem(
            "filing.day_ahead", where=where(dossier), params={"found": dossier.signatories.filled_on.isoformat()}
        )


def the_stamped_sheet_is_there(dossier: FilingDossier, today: date) -> Iterator[Problem]:
    """A form that asks for the stamped scan has it."""
    if dossier.form.scan and not dossier.scan:
        yield Problem("filing.scan_missing", where=where(dossier))


def findings_are_answered(dossier: FilingDossier, today: date) -> Iterator[Problem]:
    """Hard findings block; soft ones ask for an explanation; hints are for whoever accepts."""
    for finding in dossier.findings:
        if finding.severity == "hard":
            yield Problem(finding.code, where=f"{finding.subject}|{finding.measure}", params=dict(finding.params))
        elif finding.severity == "soft" and finding.explained is None:
            yield Problem(
                "filing.explanation_missing",
                where=f"{finding.subject}|{finding.measure}",
                params={"check": finding.check},
            )


def where(dossier: FilingDossier) -> str:
    """Say which form a problem is about."""
    return f"form={dossier.owed.form} period={dossier.owed.period} unit={dossier.owed.unit}"


# The order in which a clerk would check. Add a rule: write it, list it, test it.
SUBMIT_CHECKS = (
    window_is_open,
    nothing_waits_elsewhere,
    every_hand_has_signed,
    who_answers_is_named,
    the_stamped_sheet_is_there,
    findings_are_answered,
)

# Inside the unit, each hand follows the one before; writing again takes it back to `fill`.
HANDS = ("fill", "check", "sign", "submit")


def next_hand(form: Form, state: str) -> str | None:
    """Give the step that follows inside the unit, or None after the last."""
    steps = [step for step in HANDS if step in form.inside]
    at = steps.index(state) if state in steps else -1
    return steps[at + 1] if at + 1 < len(steps) else None


def judge_problems(
    filing: Filing | None, *, verdict: str, unit: str, reason: str, sealed: bool, expected_steps: int | None
) -> Iterator[Problem]:
    """Yield why a submission can't be accepted, sent back or taken back by this unit now."""
    if filing is None:
        yield Problem("filing.not_there")
        return
    place = f"form={filing.form} period={filing.period} unit={filing.unit}"
    if expected_steps is not None and expected_steps != len(filing.judgements):
        yield Problem(
            "filing.judged_meanwhile",
            where=place,
            params={"by": filing.judgements[-1].unit if filing.judgements else ""},
        )
    if verdict in ("sent_back", "withdrawn") and not reason.strip():
        yield Problem("filing.reason_missing", where=place)
    if sealed and verdict != "accepted":
        yield Problem("filing.period_sealed", where=place)
    if verdict == "withdrawn":
        if filing.standing not in (Standing.ACCEPTED, Standing.REOPENED):
            yield Problem("filing.not_accepted", where=place)
        return
    step = filing.next_step
    if step is None:
        yield Problem("filing.nobodys_turn", where=place, params={"standing": filing.standing.value})
    elif filing.steps[step] != unit:
        yield Problem("filing.not_your_turn", where=place, params={"unit": filing.steps[step]})
    elif unit == filing.unit and len(set(filing.steps)) > 1:
        yield Problem("filing.own_return", where=place)


def reopen_problems(
    filing: Filing | None, cells: Iterable[Cell], owed: Owed, *, reason: str, sealed: bool
) -> Iterator[Problem]:
    """Yield why these cells can't be reopened. A sealed period may be: the new value is then a revision."""
    if filing is None or filing.standing not in (Standing.ACCEPTED, Standing.REOPENED):
        yield Problem("filing.not_accepted", where=f"form={owed.form} period={owed.period} unit={owed.unit}")
    if not reason.strip():
        yield Problem("filing.reason_missing", where=f"form={owed.form} period={owed.period} unit={owed.unit}")
    for subject, measure in cells:
        if subject not in owed.subjects or measure not in owed.measures:
            yield Problem(
                "filing.cell_not_asked", where=f"{subject}|{measure}", params={"subject": subject, "measure": measure}
            )
