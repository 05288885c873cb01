"""Submissions and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from luodi.codebook.values import Measure, Profile
from luodi.kernel.money import WIDE, YUAN_IN
from luodi.ledger.models import Verdict, Void
from luodi.ledger.values import WHOLE_FACT, fact_of, row_id
from luodi.projects.queries import load
from luodi.statistics.models import Explanation, Figure, Reopening, Submission
from luodi.statistics.rules.asking import plain
from luodi.statistics.rules.filing import cell_key
from luodi.statistics.rules.owing import came_back, latest
from luodi.statistics.values.reporting import Cell, Filing, Judgement


def filings(
    *,
    periods: Collection[str] | None = None,
    form: str | None = None,
    unit: str | None = None,
    ids: Collection[int] | None = None,
) -> list[Filing]:
    """List submissions with their judgements and cells still reopened, in the order they were filed."""
    where: dict[str, Any] = {"form": form, "unit": unit, "period__in": periods, "id__in": ids}
    rows = list(
        Submission.objects.filter(**{key: value for key, value in where.items() if value is not None})
        .exclude(id__in=Void.objects.filter(table="statistics.Submission").values("target"))
        .order_by("known_at", "id")
    )
    spoken, open_cells = judgements([row.id for row in rows]), reopened(rows)
    return [
        Filing(
            row.id, row.form, row.period, row.unit, row.known_at, row.whole, tuple(row.steps),
            tuple(spoken.get(fact_of(row.id), ())), tuple(open_cells.get((row.form, row.period, row.unit), ())),
        )
        for row in rows
    ]  # fmt: skip


def filing(submission: int) -> Filing | None:
    """Find one submission by its row id."""
    return next(iter(filings(ids=[submission])), None)


def return_of(*, form: str, period: str, unit: str) -> Filing | None:
    """Give the submission that counts as a unit's return: its last whole one."""
    return latest(filings(periods=[period], form=form, unit=unit))


def burdens(submissions: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Give how many cells each submission was asked for, and how many the system filled beside them (K3)."""
    rows = Submission.objects.filter(id__in=list(submissions)).values_list("id", "asked", "known")
    return {own: (asked, known) for own, asked, known in rows}


def judgements(submissions: Iterable[int]) -> Mapping[int, list[Judgement]]:
    """Give the verdicts on whole submissions, by fact, in the order of the ledger."""
    targets = [row_id(fact_of(one), WHOLE_FACT) for one in submissions]
    found: defaultdict[int, list[Judgement]] = defaultdict(list)
    for row in Verdict.objects.filter(target__in=targets).order_by("known_at", "id"):
        found[fact_of(row.target)].append(Judgement(row.verdict, row.step, row.unit, row.known_at, row.reason, row.id))
    return found


def reopened(rows: Iterable[Submission]) -> Mapping[tuple[str, str, str], list[Cell]]:
    """Give the cells reopened and not filed again since (what was sent back is not filed), by (form, period, unit)."""
    keys = {(row.form, row.period, row.unit) for row in rows}
    periods = {period for _, period, _ in keys}
    asked: dict[tuple[str, str, str, str, str], int] = {}
    for one in Reopening.objects.filter(period__in=periods).order_by("known_at", "id"):
        asked[(one.form, one.period, one.unit, one.subject, one.measure)] = one.id
    if not asked:
        return {}
    filed: dict[tuple[str, str, str, str, str], int] = {}
    again = Figure.objects.filter(period__in=periods, subject__in={key[3] for key in asked}, id__gt=min(asked.values()))
    rows_again = list(again.order_by("id"))
    back = sent_back({fact_of(figure.id) for figure in rows_again})
    for figure in rows_again:
        if fact_of(figure.id) in back:
            continue  # asked for still
        filed[(figure.form, figure.period, figure.unit, figure.subject, figure.measure)] = figure.id
    found: defaultdict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for key, at in asked.items():
        if key[:3] in keys and filed.get(key, 0) < at:
            found[key[:3]].append((key[3], key[4]))
    return found


def sent_back(facts: Collection[int]) -> frozenset[int]:
    """Tell which facts were sent back, by the last word on each."""
    said = judgements([row_id(fact, 0) for fact in facts])
    return frozenset(fact for fact, spoken in said.items() if spoken[-1].verdict == "sent_back")


def to_mend(*, form: str, period: str, unit: str) -> Filing | None:
    """Give what a unit is to mend: its return that was sent back, or the last correction that was."""
    return came_back(filings(periods=[period], form=form, unit=unit))


def explanations(*, periods: Collection[str], findings: Collection[str] | None = None) -> dict[tuple[str, str], str]:
    """Give explanations by (finding key, fingerprint); words removed by law read as an empty explanation."""
    rows = Explanation.objects.filter(period__in=periods)
    if findings is not None:
        rows = rows.filter(finding__in=findings)
    return {(row.finding, row.fingerprint): row.words or "" for row in rows.order_by("known_at", "id")}


def cells_of(submission: int) -> list[Figure]:
    """List the figures a submission filed."""
    fact = fact_of(submission)
    return list(Figure.objects.filter(id__gte=row_id(fact, 0), id__lte=row_id(fact, WHOLE_FACT)).order_by("id"))


NAMES = ("head", "statistician", "filler", "telephone")
NOTES = ("progress", "problems", "next", "coordinate")
Typed = tuple[dict[str, object], dict[str, dict[str, str]], dict[str, str], str]


def as_typed(filing: Filing, profile: Profile) -> Typed:
    """Give a return the way it was typed, to be mended: cells, notes, names, scan. Names removed by law stay away."""
    head = Submission.objects.get(id=filing.id)
    cells: dict[str, object] = {}
    for row in cells_of(filing.id):
        measure = profile.measure(row.measure)
        if measure is not None and row.value is not None:
            cells[cell_key((row.subject, row.measure))] = typed_figure(row, measure)
    subjects = {key.rpartition("|")[0] for key in cells}
    notes = {
        code: {part: getattr(note, part) or "" for part in NOTES}
        for (code, period), note in load.notes(sorted(subjects)).items()
        if period == filing.period
    }
    names = {name: getattr(head, name) or "" for name in NAMES}
    day = {"filled_on": head.filled_on.isoformat()} if head.filled_on else {}
    return cells, notes, {**names, **day}, head.scan


def typed_figure(row: Figure, measure: Measure) -> object:
    """Write a filed figure the way it was typed: in the filing unit, or in its own currency with the rate."""
    if row.foreign_currency and row.foreign_amount is not None and row.rate is not None:
        text = plain(WIDE.divide(row.foreign_amount, 10_000))
        day = row.rate_on.isoformat() if row.rate_on else ""
        return {"text": text, "currency": row.foreign_currency, "rate": plain(row.rate), "rate_on": day}
    return filing_text(row.value, measure) if row.value is not None else ""


def filing_text(value: Decimal, measure: Measure) -> str:
    """Write a kept value as it is typed: in the unit the measure is filed in, without needless zeros."""
    scale = YUAN_IN.get(measure.filed_in, Decimal(1)) if measure.unit == "money" else Decimal(1)
    return plain(WIDE.divide(value, scale))
