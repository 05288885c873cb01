"""Sums of figures by subject, over the spans that parts ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from luodi.indicators.engine.world import World
from luodi.indicators.values import Question

MONEY = "decimal(38, 14)"
NARROWEST_FIRST = ("period", "ytd", "since")


def span_of(question: Question, span: str) -> str:
    """Name the span of a part: its own, or the one asked for."""
    return question.span if span == "asked" else span


def span_first(question: Question, span: str) -> date | None:
    """Give the first day of a part's span; None: from the beginning."""
    return {"period": question.first, "ytd": question.year_first, "since": None}[span_of(question, span)]


def figure_sums(world: World, question: Question, wanted: Sequence[tuple[str, str]], *, unit_filed: bool) -> ir.Table:
    """
    Add up figures per subject (named project): sum_<measure>_<span> and n_<measure>_<span>.

    First by subject and measure in each band of days, which is most of the work and one plain sum; then a column each.
    """
    figures = world.known("figures", question)
    figures = figures.filter(figures["last"] <= ibis.literal(question.last), figures.is_unit == unit_filed)
    spans = sorted({span for _, span in wanted}, key=NARROWEST_FIRST.index)
    added = (
        ibis.union(*_banded(figures, question, wanted, spans))
        if len(spans) > 1
        else _banded(figures, question, wanted, spans)[0]
    )
    sums = {}
    for measure, span in wanted:
        where = (added.measure == measure) & (added.band <= spans.index(span))
        sums[f"sum_{measure}_{span}"] = added.value.sum(where=where).cast(MONEY)
        sums[f"n_{measure}_{span}"] = added.n.sum(where=where)
    return added.group_by(project=added.subject).agg(**sums)


def _banded(
    figures: ir.Table, question: Question, wanted: Sequence[tuple[str, str]], spans: Sequence[str]
) -> list[ir.Table]:
    """
    Add up by bands of days: those of the narrowest span, then what each wider one has more, of its own measures only.

    Each has plain conditions, so that parts of the file that lie outside are never read.
    """
    bands = []
    before: date | None = None
    for place, span in enumerate(spans):
        measures = sorted({measure for measure, one in wanted if one in spans[place:]})
        band = figures.filter(figures.measure.isin(measures))
        first = span_first(question, span)
        if first is not None:
            band = band.filter(band["first"] >= ibis.literal(first))
        if before is not None:
            band = band.filter(band["first"] < ibis.literal(before))
        sums = {"value": band.value.sum().cast(MONEY), "n": band.n.sum().cast("int64")}
        bands.append(band.group_by("subject", "measure").agg(**sums).mutate(band=ibis.literal(place)))
        before = first
    return bands
