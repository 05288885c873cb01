"""Figures that units file themselves: weight 1, in role host, and only where nothing about projects filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import ibis.expr.types as ir

from luodi.codebook.values.indicators import Projects, Quantity
from luodi.indicators.engine.asking import Asking, filed_on_units
from luodi.indicators.engine.figures import figure_sums, span_of
from luodi.indicators.engine.plan import Part
from luodi.indicators.values import Question

EVERYTHING = Projects(kinds="all")


class UnitFiled(NamedTuple):
    """What a unit filed itself of one part: the sum, and how many figures it rests on."""

    unit: str
    part: int
    value: Decimal
    n: int


def unit_filed(asking: Asking, needed: Sequence[Part]) -> list[UnitFiled]:
    """Add up what units of the right kind filed of each part, where there is a figure."""
    question = asking.question
    if question.role != "host" or question.list_ is not None:
        return []
    chosen = _chosen(asking, needed)
    if not chosen:
        return []
    wanted = tuple(dict.fromkeys(chosen.values()))
    columns = ("project", *(f"{kind}_{measure}_{span}" for measure, span in wanted for kind in ("sum", "n")))

    def build(q: Question) -> ir.Table:
        return figure_sums(asking.world, q, wanted, unit_filed=True).select(*columns)

    rows = asking.world.fetch(("unit filed", wanted), question, build)
    return [
        UnitFiled(unit, i, numbers[at], numbers[at + 1])
        for unit, *numbers in rows
        for i, which in chosen.items()
        if numbers[at := 2 * wanted.index(which)] is not None and _files(asking, unit, which[0])
    ]


def _chosen(asking: Asking, needed: Sequence[Part]) -> Mapping[int, tuple[str, str]]:
    """Pick the parts that sum a measure filed on units: (measure, span) by place."""
    on_units = filed_on_units(asking.profile)
    return {
        i: (part.sum, span_of(asking.question, part.span))
        for i, part in enumerate(needed)
        if isinstance(part, Quantity) and part.sum in on_units and part.projects == EVERYTHING
    }


def _files(asking: Asking, unit: str, measure: str) -> bool:
    """Tell whether units of its kind file a measure."""
    kinds = next(one.unit_kinds for one in asking.profile.measures if one.id == measure)
    known = asking.shape.tree.unit(unit)
    return not kinds or (known is not None and known.kind in kinds)
