"""
What was worked out of single returns, kept between requests until something it rests on moves: one of its projects, figures or
notes, or a record elsewhere that names one of its enterprises. A return somewhere else in the city leaves it standing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Generic, TypeVar

from luodi.codebook.values import Profile
from luodi.kernel.pausing import settle
from luodi.ledger import following
from luodi.ledger.following import Position
from luodi.projects.values.views import Card
from luodi.statistics.queries.enterprises import Enterprise, enterprises
from luodi.statistics.queries.moving import subjects_moved
from luodi.statistics.values.reporting import Owed

T = TypeVar("T")
MANY = 400  # cells, each with its past, that the garbage collector should not look through again and again
Lines = Mapping[str, Card]
NO_LINES: Lines = MappingProxyType({})  # of what rests on figures alone
Moved = Callable[[Position, Position], frozenset[str] | None]


@dataclass
class Entry(Generic[T]):
    """What is kept of one return, and what it rests on."""

    owed: Owed
    profile: Profile
    lines: Lines
    enterprises: frozenset[Enterprise]
    value: T


class Memory(Generic[T]):
    """
    What is kept of returns, the one used last staying longest; `most` counts their cells, which is what takes room, and `moved`
    tells whose returns are to be let go of since the ledger stood at a place.
    """

    def __init__(self, most: int, moved: Moved = subjects_moved) -> None:
        self._most, self._moved = most, moved
        self._lock = Lock()
        self._position = Position()
        self._entries: dict[tuple[str, str, str], Entry[T]] = {}

    def get(
        self,
        returns: Sequence[Owed],
        *,
        lines: Lines,
        profile: Profile,
        make: Callable[[Sequence[Owed]], Sequence[T]],
    ) -> list[T]:
        """
        Give what is worked out of each return, in their order.

        :param lines: the projects' cards on the period's last day
        :param make: works it out for those of which nothing is kept that still stands
        """
        if not following.may_keep():
            return list(make(returns))
        with self._lock:
            now = self._catch_up()
            found = {_key(one): entry.value for one in returns if (entry := self._standing(one, lines, profile))}
        lacking = [one for one in returns if _key(one) not in found]
        made = make(lacking) if lacking else ()
        entries = [
            Entry(one, profile, lines, _named_by(one, lines), value) for one, value in zip(lacking, made, strict=True)
        ]
        with self._lock:
            if self._position == now:  # else some of it may have moved while it was worked out
                self._keep(entries)
        if sum(one.cells for one in lacking) >= MANY:
            settle()
        found |= {_key(entry.owed): entry.value for entry in entries}
        return [found[_key(one)] for one in returns]

    def _catch_up(self) -> Position:
        """Forget what rests on figures or notes that moved; give how far the ledger has come."""
        now = following.position()
        moved = self._moved(self._position, now)
        if moved is None:
            self._entries.clear()
        elif moved:
            self._entries = {key: one for key, one in self._entries.items() if moved.isdisjoint(one.owed.subjects)}
        self._position = now
        return now

    def _standing(self, owed: Owed, lines: Lines, profile: Profile) -> Entry[T] | None:
        """Give what is kept of a return if its projects stand too."""
        entry = self._entries.get(_key(owed))
        if entry is None or entry.owed != owed or entry.profile is not profile:
            return None
        if entry.lines is not lines:
            if any(_concerns(entry, code, lines) for code in moved_cards(entry.lines, lines)):
                return None
            entry.lines = lines
        self._keep([entry])
        return entry

    def _keep(self, entries: Iterable[Entry[T]]) -> None:
        """Put entries last, and let the first go while there are too many cells."""
        for entry in entries:
            self._entries.pop(_key(entry.owed), None)
            self._entries[_key(entry.owed)] = entry
        cells = sum(entry.owed.cells for entry in self._entries.values())
        while cells > self._most and len(self._entries) > 1:
            cells -= self._entries.pop(next(iter(self._entries))).owed.cells


def _key(owed: Owed) -> tuple[str, str, str]:
    return owed.form, owed.period, owed.unit


def _named_by(owed: Owed, lines: Lines) -> frozenset[Enterprise]:
    return frozenset(key for code in owed.subjects if code in lines for key in enterprises(lines[code]))


def _concerns(entry: Entry[T], code: str, lines: Lines) -> bool:
    """Tell whether a record that moved is one of a return's, or shares an enterprise with one."""
    both = [at[code] for at in (entry.lines, lines) if code in at]
    return code in entry.owed.subjects or any(key in entry.enterprises for card in both for key in enterprises(card))


def moved_cards(before: Lines, now: Lines) -> list[str]:
    """List the projects whose card is another one than before, or that came or went."""
    return [code for code, card in now.items() if before.get(code) is not card] + [
        code for code in before if code not in now
    ]
