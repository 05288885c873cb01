"""Project by project what the sums are made of: for drilling down, and for the bridge. Small answers, finished in Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import ibis.expr.types as ir

from luodi.codebook.values.indicators import Quantity
from luodi.indicators.engine.holders import Asking, Narrow, _filed_on_units, _lend_narrow, _narrowed, _spread
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


def project_lines(asking: Asking, needed: Sequence[Part], *, narrow: Narrow | None = None) -> list[ProjectLine]:
    """Give what every project brings to every part, where it brings anything. Measures filed on units bring nothing."""
    world = asking.world
    kept = _lend_narrow(world, narrow)
    parts = tuple(needed)

    def build(q: Question) -> ir.Table:
        lines = Sheet(world, asking.profile, q, parts).lines()
        some = [lines[name] != 0 for name in lines.columns if name not in ("project", "holder")]
        return _narrowed(lines.filter(_any(some)), kept, narrow)

    rows = world.fetch(("lines", asking.key, parts, narrow and narrow.keep), asking.question, build)
    spread = _spread([(project, holder, 1, *numbers) for project, holder, *numbers in rows], parts)
    off = _filed_on_units(asking.profile)
    return [
        ProjectLine(project, i, holder or NOBODY, _exact(numbers[2 * i]), numbers[2 * i + 1])
        for project, holder, _, *numbers in spread
        for i, part in enumerate(parts)
        if (numbers[2 * i] or numbers[2 * i + 1]) and not (isinstance(part, Quantity) and part.sum in off)
    ]


def _any(conditions: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    found = conditions[0]
    for condition in conditions[1:]:
        found = found | condition
    return found


def _exact(number: Decimal | int) -> Fraction:
    return Fraction(number)


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
        return sum((Fraction(one.num, one.den) for one in found if self._shows(one, line)), Fraction(0))

    def _shows(self, weight: Weight, line: str | None) -> bool:
        shape = self.asking.shape
        if weight.direct:
            return weight.holder == line
        if line is None:
            return weight.holder not in shape.tree.units
        return line in shape.lines_of([weight.holder]) if weight.holder in shape.tree.units else False


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
