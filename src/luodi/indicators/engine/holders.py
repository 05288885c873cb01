"""From one row a project to sums by holder: shares joined, everything added up in columns, then rolled up into lines."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from luodi.codebook.values.indicators import Quantity
from luodi.indicators.engine.asking import Asking, filed_on_units, lend_projects
from luodi.indicators.engine.plan import Part
from luodi.indicators.engine.projects import Sheet, counted
from luodi.indicators.engine.rolling import Block, Column, Rolled, column, roll_up
from luodi.indicators.engine.unitfiled import UnitFiled, unit_filed
from luodi.indicators.engine.world import World
from luodi.indicators.rules import weights
from luodi.indicators.rules.weights import Weight
from luodi.indicators.values import Question
from luodi.kernel.money import SCALE

WEIGHTS = pa.schema(
    [("project", pa.string()), ("unit", pa.string()), ("num", pa.int64()), ("den", pa.int64()), ("direct", pa.bool_())]
)


def totals(asking: Asking, needed: Sequence[Part]) -> Rolled:
    """Add every part up and roll it up: v0, n0, v1, n1 ... of every line."""
    measures = {part.sum for part in needed if isinstance(part, Quantity) and part.sum}
    own = sorted(measures & {weight.measure for weight in asking.given})
    blocks = [_general(asking, tuple(needed), own)]
    blocks += [_of_measure(asking, tuple(needed), measure) for measure in own]
    blocks.append(_of_units(unit_filed(asking, needed)))
    return roll_up(blocks, asking.shape, 2 * len(needed))


def _general(asking: Asking, needed: tuple[Part, ...], own: Sequence[str]) -> Block:
    """Everything by the general sets, but figures of projects that have a set for their measure, or that units file."""
    world, on_units = asking.world, filed_on_units(asking.profile)
    elsewhere = {measure: lend_projects(world, f"own_{measure}", asking.of_measure(measure)) for measure in own}
    given = _lend_weights(world, "weights", asking.general)

    def build(q: Question) -> ir.Table:
        lines = Sheet(world, asking.profile, q, needed).lines()
        for measure, table in elsewhere.items():
            lines = _blanked(lines, table, measure, _places(needed, measure))
        lines = _zeroed(lines, [i for measure in on_units for i in _places(needed, measure)])
        return _grouped(lines, given)

    key = ("general", asking.key, needed, tuple(own), on_units, given is None)
    return _block(world.columns(key, asking.question, build), needed)


def _of_measure(asking: Asking, needed: tuple[Part, ...], measure: str) -> Block:
    """Figures of one measure of the projects that have a set for it."""
    world, on_units = asking.world, filed_on_units(asking.profile)
    listed = lend_projects(world, f"own_{measure}", asking.of_measure(measure))
    given = _lend_weights(world, f"weights_{measure}", asking.of_measure(measure))
    counting = set(() if measure in on_units else _places(needed, measure))

    def build(q: Question) -> ir.Table:
        lines = Sheet(world, asking.profile, q, needed).lines().semi_join(listed, "project")
        return _grouped(_zeroed(lines, [i for i in range(len(needed)) if i not in counting]), given)

    key = ("measure", asking.key, needed, measure, on_units)
    return _block(world.columns(key, asking.question, build), needed)


def _block(found: pa.Table, needed: Sequence[Part]) -> Block:
    """Take over holder, direct, den and the columns there are."""
    columns = {place: column(found[name]) for place, name in named_places(needed)}
    holders = [holder or weights.NOBODY for holder in found["holder"].to_pylist()]
    return Block(holders, found["direct"].to_pylist(), found["den"].to_pylist(), columns)


def named_places(needed: Sequence[Part]) -> list[tuple[int, str]]:
    """List the columns that parts have: the place in v0, n0, v1, n1 ... and the name."""
    return [
        (2 * i + kind, f"{'vn'[kind]}{i}")
        for i, part in enumerate(needed)
        for kind in ((0, 1) if counted(part) else (0,))
    ]


def _places(needed: Sequence[Part], measure: str) -> list[int]:
    return [i for i, part in enumerate(needed) if isinstance(part, Quantity) and part.sum == measure]


def _lend_weights(world: World, name: str, given: Sequence[Weight]) -> ir.Table | None:
    if not given:
        return None
    projects, _, holders, *rest = zip(*given, strict=True)
    columns = (projects, holders, *rest)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, WEIGHTS, strict=True)]
    return world.lend(name, pa.table(arrays, schema=WEIGHTS))


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


def _of_units(found: Sequence[UnitFiled]) -> Block:
    """Put what units filed themselves into a block of its own: a row a figure's sum, whole, in the unit and above."""
    places = sorted({one.part for one in found})
    columns: dict[int, Column] = {}
    for place in places:
        mine = [one if one.part == place else None for one in found]
        values = pa.chunked_array([[one.value if one else 0 for one in mine]], pa.decimal128(38, SCALE))
        columns[2 * place] = column(values)
        columns[2 * place + 1] = column(pa.chunked_array([[one.n if one else 0 for one in mine]], pa.int64()))
    return Block([one.unit for one in found], [False] * len(found), [1] * len(found), columns)
