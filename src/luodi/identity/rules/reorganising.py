"""
Units over time as a person says it: a new unit, another name or place, some merged into one, one split, one closed. Pure.

Each gives the rows that units' history needs. A merged unit ends and names its successor, so whatever it held counts there; a split
one ends without, since nobody can say for its projects which part they went to: they stay under its old parent until re-hosted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luodi.identity.tree import Tree, Unit
from luodi.identity.values import UnitRow
from luodi.kernel.problem import Problem


class Change(StrEnum):
    """What can be done to units."""

    NEW = "new"
    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    CLOSE = "close"


@dataclass(frozen=True)
class NewUnit:
    """A unit that begins: code and name; what is empty is taken over from the unit it comes from."""

    code: str
    name: str
    kind: str = ""
    parent: str = ""
    group: str = ""


@dataclass(frozen=True)
class Reorganisation:
    """One reorganisation from a day on. `units`: the units that are there; `into`: those that begin, or the one taken into."""

    change: Change
    day: date
    units: tuple[str, ...] = ()
    into: tuple[NewUnit, ...] = ()
    successor: str = ""  # of a closed unit, if it has one


def rows(plan: Reorganisation, tree: Tree) -> list[UnitRow]:
    """Give the rows that a reorganisation adds to the units' history. Ask `problems` first."""
    return list(ROWS[plan.change](plan, tree))


def problems(plan: Reorganisation, tree: Tree) -> list[Problem]:
    """Return what is missing or wrong before rows can be made: units that are not there, too few, none to go into."""
    found = [Problem("identity.reorganise.no_unit", f"unit={code}", {"unit": code, "day": plan.day.isoformat()}) for code in plan.units if not tree.exists(code)]  # fmt: skip
    least_units, least_into = LEAST[plan.change]
    if len(plan.units) < least_units:
        found.append(Problem("identity.reorganise.too_few", "units", {"least": least_units}))
    if len(plan.into) < least_into:
        found.append(Problem("identity.reorganise.no_target", "into", {"least": least_into}))
    fresh = plan.into if plan.change is not Change.RENAME else ()
    for one in fresh:
        joined = plan.change is Change.MERGE and tree.exists(one.code) and not one.name
        if one.code in tree.units and not joined:
            found.append(Problem("identity.reorganise.taken", f"unit={one.code}", {"unit": one.code}))
    return found


LEAST = {
    Change.NEW: (0, 1),
    Change.RENAME: (1, 1),
    Change.MERGE: (1, 1),
    Change.SPLIT: (1, 2),
    Change.CLOSE: (1, 0),
}


def _new(plan: Reorganisation, tree: Tree) -> Iterator[UnitRow]:
    for one in plan.into:
        yield UnitRow(one.code, one.name, one.kind, plan.day, parent=one.parent, group=one.group)


def _rename(plan: Reorganisation, tree: Tree) -> Iterator[UnitRow]:
    old, new = tree.units[plan.units[0]], plan.into[0]
    yield UnitRow(
        old.code, new.name or old.name, new.kind or old.kind, plan.day,
        parent=new.parent or old.parent, group=new.group or old.group,
    )  # fmt: skip


def _merge(plan: Reorganisation, tree: Tree) -> Iterator[UnitRow]:
    target, first = plan.into[0], tree.units[plan.units[0]]
    if not tree.exists(target.code):
        yield _from(target, first, plan.day)
    for code in plan.units:
        if code != target.code:
            yield _ended(tree.units[code], plan.day, target.code)
    yield from _children(plan, tree, target.code)


def _split(plan: Reorganisation, tree: Tree) -> Iterator[UnitRow]:
    old = tree.units[plan.units[0]]
    for one in plan.into:
        yield _from(one, old, plan.day)
    yield _ended(old, plan.day, "")
    yield from _children(plan, tree, plan.into[0].code)


def _close(plan: Reorganisation, tree: Tree) -> Iterator[UnitRow]:
    old = tree.units[plan.units[0]]
    yield _ended(old, plan.day, plan.successor)
    yield from _children(plan, tree, plan.successor or old.parent)


def _from(new: NewUnit, old: Unit, day: date) -> UnitRow:
    return UnitRow(
        new.code, new.name, new.kind or old.kind, day, parent=new.parent or old.parent, group=new.group or old.group
    )


def _ended(old: Unit, day: date, successor: str) -> UnitRow:
    """A unit's last row: it is as it was, and no longer there from the day on."""
    return UnitRow(
        old.code, old.name, old.kind, day, parent=old.parent, group=old.group, successor=successor, valid_to=day
    )


def _children(plan: Reorganisation, tree: Tree, parent: str) -> Iterator[UnitRow]:
    """The units below one that ends go under what comes after it."""
    ending = [code for code in plan.units if code != parent]
    for code in ending:
        for child in tree.children(code):
            if child.code not in plan.units and child.parent == code:
                yield UnitRow(child.code, child.name, child.kind, plan.day, parent=parent, group=child.group)


ROWS: dict[Change, Callable[[Reorganisation, Tree], Iterator[UnitRow]]] = {
    Change.NEW: _new,
    Change.RENAME: _rename,
    Change.MERGE: _merge,
    Change.SPLIT: _split,
    Change.CLOSE: _close,
}


def ended(made: Sequence[UnitRow]) -> tuple[str, ...]:
    """List the units that rows bring to their end."""
    return tuple(row.code for row in made if row.valid_to is not None)
