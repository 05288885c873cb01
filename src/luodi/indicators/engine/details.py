"""Project by project what the sums are made of: for drilling down, and for the bridge. Small answers, finished in Python."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import ibis.expr.types as ir
import pyarrow as pa

from luodi.codebook.values.indicators import Quantity
from luodi.indicators.engine.asking import Asking, filed_on_units
from luodi.indicators.engine.holders import named_places
from luodi.indicators.engine.plan import Days, Part
from luodi.indicators.engine.projects import Sheet
from luodi.indicators.rules.weights import NOBODY, Weight
from luodi.indicators.values import Question


class ProjectLine(NamedTuple):
    """What one project brings to a part, before its weight; `n` as in engine.projects."""

    project: str
    part: int
    holder: str
    value: Fraction
    n: int


def project_lines(asking: Asking, needed: Sequence[Part], *, only: frozenset[str] | None = None) -> list[ProjectLine]:
    """Give what every project (`only` some) brings to every part, where it brings anything. Measures filed on units bring nothing."""
    world, parts = asking.world, tuple(needed)
    listed = None if only is None else world.lend("only", pa.table({"project": pa.array(sorted(only), pa.string())}))

    def build(q: Question) -> ir.Table:
        lines = Sheet(world, asking.profile, q, parts).lines()
        some = [lines[name] != 0 for name in lines.columns if name not in ("project", "holder")]
        lines = lines.filter(functools.reduce(operator.or_, some))
        return lines if listed is None else lines.semi_join(listed, "project")

    rows = world.fetch(("lines", asking.key, parts, listed is None), asking.question, build)
    return [
        ProjectLine(project, i, holder or NOBODY, Fraction(value), n)
        for project, holder, *numbers in rows
        for i, (value, n) in _pairs(parts, numbers)
        if (value or n) and not _filed_on_unit(parts[i], asking)
    ]


def _pairs(parts: Sequence[Part], numbers: Sequence[Any]) -> Iterator[tuple[int, tuple[Any, int]]]:
    """Put a row's columns with their parts: the number, and what it rests on (0 where a part has no such column)."""
    cells = dict(zip((place for place, _ in named_places(parts)), numbers, strict=True))
    return ((i, (cells[2 * i], cells.get(2 * i + 1, 0))) for i in range(len(parts)))


def _filed_on_unit(part: Part, asking: Asking) -> bool:
    return isinstance(part, Quantity) and part.sum in filed_on_units(asking.profile)


def days_of(asking: Asking, asked: Days) -> list[tuple[str, str, int]]:
    """Give (project, holder, days) of what a median is taken of."""

    def build(q: Question) -> ir.Table:
        return Sheet(asking.world, asking.profile, q).days_between(asked).select("project", "holder", "days")

    rows: list[Any] = asking.world.fetch(("days", asking.key, asked), asking.question, build)
    return [(project, holder or NOBODY, days) for project, holder, days in rows]


@dataclass(frozen=True)
class Weighing:
    """Tells how much of a project a line holds, as rules.weights has it."""

    asking: Asking
    sets: dict[tuple[str, str], list[Weight]]

    def weight(self, line: str | None, project: str, holder: str, measure: str = "") -> Fraction:
        """Give the weight of one line for one project."""
        shape = self.asking.shape
        if line == shape.root:
            return Fraction(1)
        found = self.sets.get((project, measure)) or self.sets.get((project, ""))
        if found is None:
            found = [Weight(project, "", holder, 1, 1, False)]
        return sum((Fraction(one.num, one.den) for one in found if line in one.lines(shape)), Fraction(0))


def weighing(asking: Asking) -> Weighing:
    """Prepare the weights of a question."""
    sets: dict[tuple[str, str], list[Weight]] = {}
    for weight in asking.given:
        sets.setdefault((weight.project, weight.measure), []).append(weight)
    return Weighing(asking, sets)


def measure_of(part: Part) -> str:
    """Name the measure a part sums, if it does."""
    return part.sum or "" if isinstance(part, Quantity) else ""


def numbers_of(
    weigh: Weighing, lines: Iterable[ProjectLine], needed: Sequence[Part], line: str | None
) -> dict[int, tuple[Fraction, int]]:
    """Add up project lines for one line of the answer: part to (value, n)."""
    found: dict[int, tuple[Fraction, int]] = {}
    for one in lines:
        weight = weigh.weight(line, one.project, one.holder, measure_of(needed[one.part]))
        if weight:
            value, n = found.get(one.part, (Fraction(0), 0))
            found[one.part] = (value + weight * one.value, n + one.n)
    return found
