"""From one row a project to sums by holder: shares joined, everything added up in columns, read back as whole numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from luodi.codebook.values.indicators import Projects, Quantity
from luodi.codebook.values.profile import Profile
from luodi.indicators.engine.plan import Days, Part
from luodi.indicators.engine.projects import Sheet, counted, figure_sums, span_of
from luodi.indicators.engine.world import World
from luodi.indicators.rules import weights
from luodi.indicators.rules.weights import Shape, Totals, Weight
from luodi.indicators.values import Question
from luodi.kernel.money import SCALE

UNIT = 10**SCALE  # sums are read back as whole numbers of this part of a yuan
WEIGHTS = pa.schema(
    [("project", pa.string()), ("unit", pa.string()), ("num", pa.int64()), ("den", pa.int64()), ("direct", pa.bool_())]
)
EVERYTHING = Projects(kinds="all")
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Asking:
    """One question to one snapshot: everything that adding up needs. `given` are the weights of its role at D."""

    world: World
    profile: Profile
    question: Question
    shape: Shape
    given: Sequence[Weight] = ()

    @property
    def key(self) -> Hashable:
        """Name what of the profile shapes an expression."""
        return tuple((stage.id, stage.plays) for stage in self.profile.stages), self.profile.city.counted_kinds

    @property
    def general(self) -> list[Weight]:
        """List the weights that hold for every measure without a set of its own."""
        return [weight for weight in self.given if not weight.measure]

    def of_measure(self, measure: str) -> list[Weight]:
        """List the weights of a measure's own sets."""
        return [weight for weight in self.given if weight.measure == measure]


@dataclass(frozen=True)
class Narrow:
    """Only some projects, or all without some: the bridge looks at those that changed."""

    projects: frozenset[str]
    keep: bool


def shares(world: World, question: Question, shape: Shape) -> list[Weight]:
    """Read the sets of attributions of the question's role at D and turn them into weights."""

    def build(q: Question) -> ir.Table:
        table = world.valid("shares", q)
        return table.filter(table.role == q.role).select("project", "measure", "unit", "num", "den", "full")

    return list(weights.weights((weights.Part(*row) for row in world.fetch("shares", question, build)), shape))


def totals(asking: Asking, needed: Sequence[Part], *, narrow: Narrow | None = None) -> Totals:
    """Add up every part by holder: columns v0, n0, v1, n1 ..."""
    measures = {part.sum for part in needed if isinstance(part, Quantity) and part.sum}
    own = sorted(measures & {weight.measure for weight in asking.given})
    rows = _general(asking, tuple(needed), own, narrow)
    for measure in own:
        rows += _of_measure(asking, tuple(needed), measure, narrow)
    if narrow is None or not narrow.keep:
        rows += _unit_filed(asking, needed)
    return gathered(rows, 2 * len(needed))


def _general(asking: Asking, needed: tuple[Part, ...], own: Sequence[str], narrow: Narrow | None) -> Rows:
    """Everything by the general sets, but figures of projects that have a set for their measure, or that units file."""
    world, on_units = asking.world, _filed_on_units(asking.profile)
    elsewhere = {measure: _lend_projects(world, f"own_{measure}", asking.of_measure(measure)) for measure in own}
    kept = _lend_narrow(world, narrow)
    given = _lend_weights(world, "weights", asking.general)

    def build(q: Question) -> ir.Table:
        lines = _narrowed(Sheet(world, asking.profile, q, needed).lines(), kept, narrow)
        for measure, table in elsewhere.items():
            lines = _blanked(lines, table, measure, _places(needed, measure))
        lines = _zeroed(lines, [i for measure in on_units for i in _places(needed, measure)])
        return _grouped(lines, given)

    key = ("general", asking.key, needed, tuple(own), on_units, given is None, narrow and narrow.keep)
    return _spread(world.fetch(key, asking.question, build), needed)


def _of_measure(asking: Asking, needed: tuple[Part, ...], measure: str, narrow: Narrow | None) -> Rows:
    """Figures of one measure of the projects that have a set for it."""
    if measure in _filed_on_units(asking.profile):
        return []
    world = asking.world
    listed = _lend_projects(world, f"own_{measure}", asking.of_measure(measure))
    kept = _lend_narrow(world, narrow)
    given = _lend_weights(world, f"weights_{measure}", asking.of_measure(measure))

    def build(q: Question) -> ir.Table:
        lines = Sheet(world, asking.profile, q, needed).lines().semi_join(listed, "project")
        lines = _narrowed(lines, kept, narrow)
        others = [i for i in range(len(needed)) if i not in _places(needed, measure)]
        return _grouped(_zeroed(lines, others), given)

    rows = world.fetch(("measure", asking.key, needed, measure, narrow and narrow.keep), asking.question, build)
    return _spread(rows, needed)


def _spread(rows: Rows, needed: Sequence[Part]) -> Rows:
    """Put (holder, direct, den, then only the columns there are) into the places v0, n0, v1, n1 ..."""
    places = [2 * i + kind for i, part in enumerate(needed) for kind in ((0, 1) if counted(part) else (0,))]
    spread: Rows = []
    for holder, direct, den, *numbers in rows:
        wide: list[Any] = [0] * (2 * len(needed))
        for place, number in zip(places, numbers, strict=True):
            wide[place] = number
        spread.append((holder, direct, den, *wide))
    return spread


def _filed_on_units(profile: Profile) -> tuple[str, ...]:
    return tuple(measure.id for measure in profile.measures if measure.filed_on == "unit")


def _places(needed: Sequence[Part], measure: str) -> list[int]:
    return [i for i, part in enumerate(needed) if isinstance(part, Quantity) and part.sum == measure]


def _lend_projects(world: World, name: str, given: Sequence[Weight]) -> ir.Table:
    projects = sorted({weight.project for weight in given})
    return world.lend(name, pa.table({"project": pa.array(projects, pa.string()), name: [True] * len(projects)}))


def _lend_narrow(world: World, narrow: Narrow | None) -> ir.Table | None:
    if narrow is None:
        return None
    return world.lend("narrow", pa.table({"project": pa.array(sorted(narrow.projects), pa.string())}))


def _lend_weights(world: World, name: str, given: Sequence[Weight]) -> ir.Table | None:
    if not given:
        return None
    columns = zip(*((w.project, w.holder, w.num, w.den, w.direct) for w in given), strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, WEIGHTS, strict=True)]
    return world.lend(name, pa.table(arrays, schema=WEIGHTS))


def _narrowed(lines: ir.Table, listed: ir.Table | None, narrow: Narrow | None) -> ir.Table:
    if narrow is None or listed is None:
        return lines
    return lines.semi_join(listed, "project") if narrow.keep else lines.anti_join(listed, "project")


def _blanked(lines: ir.Table, own: ir.Table, measure: str, places: Sequence[int]) -> ir.Table:
    """Make some parts zero for listed projects."""
    name = f"own_{measure}"
    lines = lines.left_join(own, "project").select(*lines.columns, name)
    absent = lines[name].isnull()
    columns = _columns(lines, places)
    return lines.mutate(**{column: absent.ifelse(lines[column], 0) for column in columns})


def _zeroed(lines: ir.Table, places: Sequence[int]) -> ir.Table:
    """Make some parts zero for all projects."""
    columns = _columns(lines, places)
    return lines.mutate(**{name: ibis.literal(0).cast(lines[name].type()) for name in columns}) if columns else lines


def _columns(lines: ir.Table, places: Sequence[int]) -> list[str]:
    """Name the columns that some parts have."""
    return [name for i in places for name in (f"v{i}", f"n{i}") if name in lines.columns]


def _summed(column: ir.Value) -> ir.Value:
    """Add up; whole numbers stay short, which are read back more quickly."""
    found = column.sum()
    return found if column.type().is_decimal() else found.cast("int64")


def _grouped(lines: ir.Table, given: ir.Table | None) -> ir.Table:
    """Join weights and add up: (holder, direct, den, v0, n0, ...), each value times its share's numerator."""
    columns = [name for name in lines.columns if name[0] in "vn" and name[1:].isdecimal()]
    if given is None:
        lines = lines.mutate(direct=ibis.literal(False), den=ibis.literal(1))
        return lines.group_by("holder", "direct", "den").agg(**{name: _summed(lines[name]) for name in columns})
    joined = lines.left_join(given, "project")
    num = joined.num.fill_null(1)
    sums = {name: _summed(joined[name] * num if name[0] == "v" else joined[name]) for name in columns}
    keys = {
        "holder": joined.unit.fill_null(joined.holder),
        "direct": joined.direct.fill_null(False),
        "den": joined.den.fill_null(1),
    }
    return joined.group_by(**keys).agg(**sums)


def _unit_filed(asking: Asking, needed: Sequence[Part]) -> Rows:
    """Figures that units file themselves: weight 1, in role host, and only where nothing about projects filters."""
    on_units, question = _filed_on_units(asking.profile), asking.question
    if question.role != "host" or question.list_ is not None:
        return []
    chosen = {
        i: (part.sum or "", span_of(question, part.span))
        for i, part in enumerate(needed)
        if isinstance(part, Quantity) and part.sum in on_units and part.projects == EVERYTHING
    }
    if not chosen:
        return []
    wanted = tuple(dict.fromkeys(chosen.values()))
    columns = ("project", *(f"{kind}_{measure}_{span}" for measure, span in wanted for kind in ("sum", "n")))

    def build(q: Question) -> ir.Table:
        return figure_sums(asking.world, q, wanted, unit_filed=True).select(*columns)

    found = asking.world.fetch(("unit filed", wanted), question, build)
    return [(unit, False, 1, *_own_row(asking, unit, numbers, chosen, wanted, len(needed))) for unit, *numbers in found]


def _own_row(
    asking: Asking,
    unit: str,
    numbers: Sequence[Any],
    chosen: Mapping[int, tuple[str, str]],
    wanted: Sequence[Any],
    count: int,
) -> list[Any]:
    """Put one unit's own figures in the places of the parts they belong to, if units of its kind file them."""
    kinds = {measure.id: measure.unit_kinds for measure in asking.profile.measures}
    known = asking.shape.tree.unit(unit)
    row: list[Any] = [0] * (2 * count)
    for i, which in chosen.items():
        if not kinds[which[0]] or (known is not None and known.kind in kinds[which[0]]):
            at = 2 * wanted.index(which)
            row[2 * i : 2 * i + 2] = [numbers[at] or 0, numbers[at + 1] or 0]
    return row


def gathered(rows: Rows, width: int) -> Totals:
    """Put rows of (holder, direct, den, numbers ...) on one scale of whole numbers."""
    common = math.lcm(1, *(row[2] for row in rows))
    found = Totals(width=width, scale=common * UNIT)
    for holder, direct, den, *numbers in rows:
        found.put(holder or weights.NOBODY, _whole(numbers, common // den), direct=direct)
    return found


def _whole(numbers: Sequence[Any], factor: int) -> list[int]:
    """Turn v0, n0, v1, n1 ... into whole numbers: values on the common scale, the others as they are."""
    found = list(numbers)
    found[::2] = [_scaled(number) * factor for number in numbers[::2]]
    return found


def _scaled(number: Decimal | int) -> int:
    return int(number.scaleb(SCALE)) if isinstance(number, Decimal) else number * UNIT


def day_counts(asking: Asking, asked: Days) -> dict[str | None, Counter[int]]:
    """Count days by line: each project with a weight above 0 once in every line that holds some of it."""
    world, profile, shape = asking.world, asking.profile, asking.shape
    own: dict[str, list[str]] = {}
    for weight in asking.general:
        if weight.num:
            own.setdefault(weight.project, []).append(weight.holder)
    listed = _lend_projects(world, "own_", asking.general)

    def alone(q: Question) -> ir.Table:
        table = Sheet(world, profile, q).days_between(asked).anti_join(listed, "project")
        return table.group_by("holder", "days").agg(n=table.count())

    def shared(q: Question) -> ir.Table:
        return Sheet(world, profile, q).days_between(asked).semi_join(listed, "project").select("project", "days")

    by_holders: dict[tuple[str, ...], Counter[int]] = {}
    for holder, days, n in world.fetch(("days alone", asking.key, asked), asking.question, alone):
        by_holders.setdefault((holder,), Counter())[days] += n
    for project, days in world.fetch(("days shared", asking.key, asked), asking.question, shared) if own else ():
        by_holders.setdefault(tuple(own[project]), Counter())[days] += 1
    found: dict[str | None, Counter[int]] = {}
    for holders, counter in by_holders.items():
        _count(found, shape, holders, counter)
    return found


def _count(found: dict[str | None, Counter[int]], shape: Shape, holders: Sequence[str], counter: Counter[int]) -> None:
    lines: set[str | None] = {*shape.lines_of(holders), shape.root}
    if any(
        holder not in shape.tree.units and holder not in shape.perimeters and holder != shape.root for holder in holders
    ):
        lines.add(None)
    for line in lines:
        standing = found.setdefault(line, Counter())
        for days, n in counter.items():
            standing[days] += n


def owed_by_line(asking: Asking, owed: Mapping[str, int]) -> dict[str | None, int]:
    """Add up owed cells by line: each once in every line that holds some of its project; a unit's own in its line and above."""
    if not owed:
        return {}
    world = asking.world
    cells = pa.array(list(owed.values()), pa.int64())
    listed = world.lend("owed", pa.table({"project": pa.array(list(owed), pa.string()), "cells": cells}))

    def build(q: Question) -> ir.Table:
        versions = world.valid("versions", q)
        return versions.select("project", holder=versions[q.role]).semi_join(listed, "project")

    parts: dict[str, list[str]] = {}
    for weight in asking.general:
        parts.setdefault(weight.project, []).append(weight.holder)
    holders = {project: parts.get(project, [holder]) for project, holder in world.fetch("owed", asking.question, build)}
    found: dict[str | None, Counter[int]] = {}
    for subject, n in owed.items():
        _count(found, asking.shape, holders.get(subject, [subject]), Counter({0: n}))
    return {line: counter[0] for line, counter in found.items()}
