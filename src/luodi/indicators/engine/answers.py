"""Answers a question: adds up in columns, rolls up through the tree, finishes every indicator for every line."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from luodi.codebook.values.indicators import (
    Cohort,
    Flow,
    Indicator,
    Median,
    Points,
    Python,
    Quantity,
    Ratio,
    Stock,
    Sum,
    TargetRate,
)
from luodi.codebook.values.profile import Profile
from luodi.identity import tree as identity_tree
from luodi.indicators.engine import holders, plan
from luodi.indicators.engine.plan import Days, Part
from luodi.indicators.engine.world import World, at
from luodi.indicators.rules import finish
from luodi.indicators.rules.weights import Shape, roll_up
from luodi.indicators.values import Exact, Line, Question
from luodi.kernel.period import Period

Numbers = Mapping[str | None, Sequence[int]]
# How many owed cells of a measure are missing, by subject: the statistics module tells.
Owed = Callable[[Question, str], Mapping[str, int]]


@dataclass(frozen=True)
class Sums:
    """Everything added up for one question, by line: what indicators are finished from."""

    parts: tuple[Part, ...]
    scale: int
    numbers: Numbers
    days: Mapping[Days, Mapping[str | None, Counter[int]]] = field(default_factory=dict)
    owed: Mapping[str, Mapping[str | None, int]] = field(default_factory=dict)

    def value(self, part: Part, line: str | None) -> Exact:
        """Give a part's number in a line; None where it rests on figures and there are none."""
        at = 2 * self.parts.index(part)
        numbers = self.numbers.get(line)
        summed = isinstance(part, Quantity) and part.sum is not None
        if numbers is None:
            return None if summed else Fraction(0)
        if summed and numbers[at + 1] <= 0:
            return None
        return Fraction(numbers[at], self.scale)

    def blanks(self, part: Part, line: str | None) -> int:
        """Count what a part lacks in a line: blank amounts, or owed cells of its measure that nobody filed."""
        if isinstance(part, Quantity) and part.sum is not None:
            return self.owed.get(part.sum, {}).get(line, 0)
        numbers = self.numbers.get(line)
        return 0 if numbers is None else numbers[2 * self.parts.index(part) + 1]


def question(
    profile: Profile,
    *,
    period: Period,
    span: str,
    cut: int,
    basis: int,
    role: str,
    list_: str | None,
) -> Question:
    """Resolve what is asked into days and a cut."""
    year = profile.calendar.accounting_year.of(period.last)
    first = {"period": period.first, "ytd": year.first, "since": date.min}[span]
    return Question(first, period.last, year.first, int(year.label), cut, basis, role, list_, span)


def shape(world: World, profile: Profile, asked: Question) -> Shape:
    """Build the tree of D as of the cut, with the root and the perimeters of the profile."""
    columns = ("code", "name", "parent", "kind", "group", "successor", "valid_from", "valid_to")
    found = world.fetch("units", asked, lambda q: at(world.table("units"), q).order_by("since", "id").select(*columns))
    rows = (identity_tree.Version(*row) for row in found)
    tree = identity_tree.tree_on(rows, on=asked.last)
    return Shape(tree, profile.city.root, {perimeter.id: perimeter.units for perimeter in profile.perimeters})


def sums(
    world: World,
    profile: Profile,
    asked: Question,
    wanted: Sequence[Indicator],
    where: Shape,
    *,
    owed: Owed | None = None,
) -> Sums:
    """Add up everything that these indicators need."""
    needed = plan.all_parts(profile, wanted)
    asking = holders.Asking(world, profile, asked, where, holders.shares(world, asked, where))
    totals = holders.totals(asking, needed)
    days = {one: holders.day_counts(asking, one) for one in plan.all_days(wanted)}
    measures = {part.sum for part in needed if isinstance(part, Quantity) and part.sum}
    missing = {m: holders.owed_by_line(asking, owed(asked, m)) for m in sorted(measures)} if owed else {}
    return Sums(needed, totals.scale, roll_up(totals, where), days, missing)


def targets(world: World, asked: Question) -> dict[tuple[str, str], Fraction]:
    """Read the targets of the accounting year, as of the cut."""
    columns = ("unit", "indicator", "period", "kind", "source", "value")
    found = world.fetch("targets", asked, lambda q: at(world.table("targets"), q).select(*columns))
    rows = (finish.TargetRow(*row) for row in found)
    return finish.targets(rows, period=str(asked.year))


@dataclass(frozen=True)
class Finisher:
    """What finishing needs beside the sums: targets, the profile's baseline, and the day."""

    profile: Profile
    asked: Question
    targets: Mapping[tuple[str, str], Fraction]

    def value(self, found: Indicator, sums: Sums, line: str | None) -> Exact:
        """Finish one indicator for one line."""
        match found:
            case Flow() | Stock() | Sum():
                return sums.value(plan.quantity(self.profile, found.value), line)
            case Python():
                return sums.value(plan.Function(found.function), line)
            case Ratio():
                part, whole = plan.ratio(self.profile, found)
                return finish.divided(sums.value(part, line), sums.value(whole, line))
            case Cohort():
                part, whole = plan.cohort(found)
                return finish.divided(sums.value(part, line), sums.value(whole, line))
            case Median():
                return finish.median(sums.days[plan.days(found)].get(line, Counter()))
            case TargetRate():
                return self._rate(found, sums, line)
            case Points():
                rate = self._rate(plan.rate_of(self.profile, found), sums, line)
                if rate is None or line is None:
                    return None
                return finish.gap(rate, self.profile.calendar.baseline(unit=line, day=self.asked.last))

    def _rate(self, found: TargetRate, sums: Sums, line: str | None) -> Exact:
        target = None if line is None else self.targets.get((line, found.of))
        return finish.divided(sums.value(plan.to_date(self.profile, found.of), line), target)

    def missing(self, found: Indicator, sums: Sums, line: str | None) -> int:
        """Count what an indicator lacks in a line, over the parts it uses."""
        return sum(sums.blanks(part, line) for part in plan.parts(self.profile, found))


def year_before(profile: Profile, period: Period, asked: Question, span: str, cut: int) -> Question:
    """Give the question of growth's base: the same span a year before, attributes and dates as at that time."""
    base = profile.calendar.accounting_year.year_before(period)
    return question(profile, period=base, span=span, cut=cut, basis=asked.basis, role=asked.role, list_=asked.list_)


def lines(
    finisher: Finisher,
    found: Sums,
    wanted: Sequence[Indicator],
    units: Iterable[str | None],
    growth: Sequence[tuple[str, Indicator]] = (),
    base: Sums | None = None,
) -> tuple[Line, ...]:
    """Finish every indicator for every unit."""
    prepared = [(one.id, one) for one in wanted]
    answers = []
    for unit in units:
        values = {name: finisher.value(one, found, unit) for name, one in prepared}
        for name, one in growth:
            now = finisher.value(one, found, unit)
            values[name] = finish.grown(now, finisher.value(one, base, unit) if base else None)
        missing = {name: finisher.missing(one, found, unit) for name, one in [*prepared, *growth]}
        answers.append(Line(unit, values, {name: math.ceil(n) for name, n in missing.items() if n}))
    return tuple(answers)
