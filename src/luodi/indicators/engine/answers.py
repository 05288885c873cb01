"""Answers a question: adds up in columns, rolls up through the tree, finishes every indicator for every line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

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
from luodi.indicators.engine import counting, holders, plan
from luodi.indicators.engine.asking import Asking, shares
from luodi.indicators.engine.plan import Days, Part
from luodi.indicators.engine.world import World, at
from luodi.indicators.rules import finish
from luodi.indicators.rules.weights import Shape
from luodi.indicators.values import Exact, Line, Question
from luodi.kernel.pausing import without_collecting
from luodi.kernel.period import Period

Numbers = Mapping[Any, Sequence[Any]]  # whole numbers, or fractions (of one project)
# How many owed cells of a measure are missing, by subject: the statistics module tells.
Owed = Callable[[Question, str], Mapping[str, int]]
Reader = Callable[[str | None], Exact]
ZERO = Fraction(0)


@dataclass(frozen=True)
class Sums:
    """Everything added up for one question, by line: what indicators are finished from."""

    parts: tuple[Part, ...]
    scale: int
    numbers: Numbers
    middles: Mapping[Days, Mapping[str | None, Exact]] = field(default_factory=dict)
    owed: Mapping[str, Mapping[str | None, int]] = field(default_factory=dict)

    def reader(self, part: Part) -> Reader:
        """Give what reads a part's number in a line: None where it rests on figures and there are none."""
        place, scale, numbers = 2 * self.parts.index(part), self.scale, self.numbers
        summed = isinstance(part, Quantity) and part.sum is not None

        def read(line: str | None) -> Exact:
            row = numbers.get(line)
            if row is None:
                return None if summed else ZERO
            if summed and row[place + 1] <= 0:
                return None
            return Fraction(row[place], scale) if row[place] else ZERO

        return read

    def over(self, part: Part, whole: Part) -> Reader:
        """Give what reads one part over another: the same as dividing what `reader` reads, but quicker."""
        above, below, numbers = 2 * self.parts.index(part), 2 * self.parts.index(whole), self.numbers
        part_summed, whole_summed = (isinstance(one, Quantity) and one.sum is not None for one in (part, whole))

        def read(line: str | None) -> Exact:
            row = numbers.get(line)
            if row is None or not row[below]:
                return None
            if (part_summed and row[above + 1] <= 0) or (whole_summed and row[below + 1] <= 0):
                return None
            return Fraction(row[above], row[below])

        return read

    def blanks(self, part: Part) -> Callable[[str | None], int] | None:
        """Give what counts a part's lacks in a line: blank amounts, or owed cells nobody filed; None where nothing can lack."""
        if isinstance(part, Quantity) and part.sum is not None:
            owed = self.owed.get(part.sum)
            return None if owed is None else lambda line: owed.get(line, 0)
        if not (isinstance(part, Quantity) and part.amount):
            return None
        place, numbers, none = 2 * self.parts.index(part) + 1, self.numbers, [0] * (2 * len(self.parts))
        return lambda line: numbers.get(line, none)[place]


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
    return Shape(tree, tree.city(profile), {perimeter.id: perimeter.units for perimeter in profile.perimeters})


@without_collecting
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
    asking = Asking(world, profile, asked, where, shares(world, asked, where))
    totals = holders.totals(asking, needed)
    middles = {one: counting.middles(asking, one) for one in plan.all_days(wanted)}
    measures = {part.sum for part in needed if isinstance(part, Quantity) and part.sum}
    missing = {m: counting.owed_by_line(asking, owed(asked, m)) for m in sorted(measures)} if owed else {}
    return Sums(needed, totals.scale, totals.numbers, middles, missing)


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
        """Finish one indicator for one line; for many lines ask for a reader once."""
        return self.reader(found, sums)(line)

    def reader(self, found: Indicator, sums: Sums) -> Reader:
        """Give what finishes an indicator for a line."""
        match found:
            case Flow() | Stock() | Sum():
                return sums.reader(plan.quantity(self.profile, found.value))
            case Python():
                return sums.reader(plan.Function(found.function))
            case Ratio():
                return sums.over(*plan.ratio(self.profile, found))
            case Cohort():
                return sums.over(*plan.cohort(found))
            case Median():
                return sums.middles[plan.days(found)].get
            case TargetRate():
                return self._rate(found, sums)
            case Points():
                return self._gap(self._rate(plan.rate_of(self.profile, found), sums))

    def _rate(self, found: TargetRate, sums: Sums) -> Reader:
        done, targets, of = sums.reader(plan.to_date(self.profile, found.of)), self.targets, found.of
        return lambda line: finish.divided(done(line), targets.get((line or "", of)))

    def _gap(self, rate: Reader) -> Reader:
        calendar, day = self.profile.calendar, self.asked.last
        usual = calendar.baseline(unit="", day=day)
        own = {unit: calendar.baseline(unit=unit, day=day) for curve in calendar.curves for unit in curve.units}

        def read(line: str | None) -> Exact:
            value = rate(line)
            return None if value is None else finish.gap(value, own.get(line or "", usual))

        return read

    def missing(self, found: Indicator, sums: Sums) -> Callable[[str | None], int] | None:
        """Give what counts an indicator's lacks in a line, over the parts it uses; None where nothing can lack."""
        counters = [count for part in plan.parts(self.profile, found) if (count := sums.blanks(part)) is not None]
        return (lambda line: sum(count(line) for count in counters)) if counters else None


def year_before(profile: Profile, period: Period, asked: Question, span: str, cut: int) -> Question:
    """Give the question of growth's base: the same span a year before, attributes and dates as at that time."""
    base = profile.calendar.accounting_year.year_before(period)
    return question(profile, period=base, span=span, cut=cut, basis=asked.basis, role=asked.role, list_=asked.list_)


@without_collecting
def lines(
    finisher: Finisher,
    found: Sums,
    wanted: Sequence[Indicator],
    units: Iterable[str | None],
    growth: Sequence[tuple[str, Indicator]] = (),
    base: Sums | None = None,
) -> tuple[Line, ...]:
    """Finish every indicator for every unit."""
    named = [(one.id, one) for one in wanted]
    readers = {name: finisher.reader(one, found) for name, one in named}
    readers |= {name: _growth(finisher, one, found, base) for name, one in growth}
    lacking = {name: finisher.missing(one, found) for name, one in [*named, *growth]}
    counters = {name: count for name, count in lacking.items() if count is not None}
    return tuple(
        Line(
            unit,
            {name: read(unit) for name, read in readers.items()},
            {name: math.ceil(n) for name, count in counters.items() if (n := count(unit))},
        )
        for unit in units
    )


def _growth(finisher: Finisher, one: Indicator, found: Sums, base: Sums | None) -> Reader:
    if base is None:
        return lambda line: None
    now, before = finisher.reader(one, found), finisher.reader(one, base)
    return lambda line: finish.grown(now(line), before(line))
