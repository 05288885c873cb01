"""
The tree of units as it was on a day, by what was known at a cut.

A unit's version on a day is the one with the latest `valid_from` not after it; of equal ones the last known. A unit closed by then
rolls up through its successor; one that was split has none and stays under its old parent until its projects are re-hosted.
Pure: rows in, answers out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luodi.codebook.values import Profile


@dataclass(frozen=True)
class Version:
    """A row of the units' history. Rows are handed over in the order of known time and id."""

    code: str
    name: str
    parent: str
    kind: str
    group: str
    successor: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Unit:
    """A unit as on the tree's day. `open`: it exists then; closed ones only roll up what they hold."""

    code: str
    name: str
    parent: str
    kind: str
    group: str
    successor: str
    open: bool

    @property
    def up(self) -> str:
        """Tell where it rolls up: its parent, or its successor once it is closed; empty at the top."""
        return self.parent if self.open or not self.successor else self.successor


@dataclass(frozen=True)
class Tree:
    """Every unit that had begun by a day, by code."""

    on: date
    units: Mapping[str, Unit] = field(default_factory=dict)

    def unit(self, code: str) -> Unit | None:
        """Find a unit; None if it had not begun by the day."""
        return self.units.get(code)

    def name(self, code: str) -> str:
        """Give a unit's name on the day, or the code where the unit is unknown."""
        found = self.units.get(code)
        return found.name if found else code

    def exists(self, code: str) -> bool:
        """Tell whether a unit exists on the day: begun and not closed."""
        found = self.units.get(code)
        return found is not None and found.open

    def parent(self, code: str) -> str | None:
        """Tell where a unit rolls up, or None at the top, for an unknown unit, and where what it names is unknown."""
        found = self.units.get(code)
        return found.up if found and found.up in self.units else None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """List where a unit rolls up, nearest first. A circle (history may hold one) ends where it would begin again."""
        found: list[str] = []
        above = self.parent(code)
        while above is not None and above != code and above not in found:
            found.append(above)
            above = self.parent(above)
        return tuple(found)

    @cached_property
    def _below(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for code in sorted(self.units):
            above = self.parent(code)
            if above is not None:
                found.setdefault(above, []).append(code)
        return {code: tuple(below) for code, below in found.items()}

    def children(self, code: str) -> tuple[Unit, ...]:
        """List the existing units whose nearest existing unit above is this one, in the order of their codes."""
        found: list[Unit] = []
        waiting, seen = list(self._below.get(code, ())), {code}
        while waiting:
            unit = self.units[waiting.pop()]
            if unit.open:
                found.append(unit)
            elif unit.code not in seen:
                seen.add(unit.code)
                waiting += self._below.get(unit.code, ())
        return tuple(sorted(found, key=lambda unit: unit.code))

    def _of(self, codes: Iterable[str]) -> Iterator[Unit]:
        return (self.units[code] for code in codes)

    def under(self, code: str) -> frozenset[str]:
        """Collect a unit and everything that rolls up into it, closed units too: whose projects count for it."""
        found: set[str] = set()
        waiting = [code]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._below.get(one, ())
        return frozenset(found)

    def roots(self) -> tuple[Unit, ...]:
        """List the existing units without a parent."""
        return tuple(unit for unit in self._of(sorted(self.units)) if unit.open and self.parent(unit.code) is None)

    def city(self, profile: Profile) -> str:
        """
        Tell which unit is the whole city: the one the profile names, if it has begun; else the one top unit of a top kind; else of those
        with units below it. Where there is no telling, the profile's code.

        A store that took its units from elsewhere, under codes of their own, has a whole too.
        """
        named = profile.city.root
        if named in self.units:
            return named
        tops = {kind.id for kind in profile.unit_kinds if kind.level == 0}
        roots = self.roots()
        for candidates in (
            [one for one in roots if one.kind in tops],
            [one for one in roots if self._below.get(one.code)],
        ):
            if len(candidates) == 1:
                return candidates[0].code
        return named

    def successor(self, code: str) -> str:
        """Tell which unit stands for this one on the day: itself, or the last of its chain of successors."""
        seen = [code]
        while (unit := self.units.get(seen[-1])) and not unit.open and unit.successor and unit.successor not in seen:
            seen.append(unit.successor)
        return seen[-1]


def tree_on(rows: Iterable[Version], *, on: date) -> Tree:
    """Build the tree of a day from rows in the order they became known."""
    chosen: dict[str, Version] = {}
    for row in rows:
        before = chosen.get(row.code)
        if row.valid_from <= on and (before is None or before.valid_from <= row.valid_from):
            chosen[row.code] = row
    return Tree(on=on, units={code: _unit(row, on) for code, row in chosen.items()})


def _unit(row: Version, on: date) -> Unit:
    is_open = row.valid_to is None or on < row.valid_to
    return Unit(row.code, row.name, row.parent, row.kind, row.group, row.successor, is_open)
