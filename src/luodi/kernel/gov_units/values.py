"""A unit of the city's list, and where a text speaks of one. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Unit:
    """One version of one unit. `valid_to` is the first day it no longer exists; None on either side is open."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    kind: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def stands_on(self, day: date | None) -> bool:
        """Tell whether this version is in force on a day; without a day every version is."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Mention:
    """
    Units as a text names them, `text[start:end]`, in code points.

    `units` are the listed units it can mean: none (not listed: `name` is as written), one, several for a list that
    stands as one phrase (工信、发改等主管部门), or, when `ambiguous`, candidates between which nothing decides.
    A `collective` (各县（市）区、各部门) is one. `people` tells a collective of persons (市级领导).
    """

    start: int
    end: int
    text: str
    units: tuple[Unit, ...] = ()
    ambiguous: bool = False
    collective: bool = False
    people: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Give the official names where the mention is settled, else the words as they stand."""
        return tuple(unit.name for unit in self.units) if self.units and not self.ambiguous else (self.text,)


@dataclass(frozen=True)
class Group:
    """Mentions joined by 、 和 及 与 into one list."""

    start: int
    end: int
    mentions: tuple[Mention, ...]
