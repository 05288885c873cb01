"""
Which row holds on which day, as of which cut: rules for versions of a project or unit and for sets of attributions.

The row with the latest `valid_from` up to D holds, of equal ones the last known; a void row never was. (indicators.md, Project at D.)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from luodi.indicators.rules.lives import END_OF_DAYS
from luodi.indicators.rules.trust import last_standing
from luodi.indicators.values import DatedRow, Rectangle
from luodi.kernel.instant import END_OF_TIME

K = TypeVar("K", bound=Hashable)


def alive(row: DatedRow, cut: int) -> bool:
    """Tell whether a row is known and not void as of a cut."""
    return row.known_at <= cut and (row.void_at is None or cut < row.void_at)


def sequence(rows: Iterable[DatedRow]) -> list[tuple[date, date, tuple[int, ...]]]:
    """
    Put living rows in their order of days: (from, until before, row ids).

    Of rows with one `valid_from` the group filed last holds, whole (a row without a group stands for itself).
    """
    by_day: dict[date, list[DatedRow]] = {}
    for row in sorted(rows, key=lambda row: (row.known_at, row.id)):
        same = by_day.setdefault(row.valid_from, [])
        if same and (not row.group or same[-1].group != row.group):
            same[:] = [old for old in same if row.group and old.group == row.group]
        same.append(row)
    days = sorted(by_day)
    ends = [*days[1:], END_OF_DAYS]
    return [(day, end, tuple(row.id for row in by_day[day])) for day, end in zip(days, ends, strict=False)]


def rectangles(rows: Sequence[DatedRow]) -> list[Rectangle]:
    """Resolve all rows of one key once for every day and every cut."""
    if len(rows) == 1:
        only = rows[0]
        until = END_OF_TIME if only.void_at is None else only.void_at
        return (
            [Rectangle(only.valid_from, END_OF_DAYS, only.known_at, until, (only.id,))] if only.known_at < until else []
        )
    found: list[Rectangle] = []
    going: dict[tuple[date, date, tuple[int, ...]], int] = {}
    for turn in _turns(rows):
        now = sequence(row for row in rows if alive(row, turn))
        found += [Rectangle(*key[:2], going.pop(key), turn, key[2]) for key in list(going) if key not in now]
        going.update({key: turn for key in now if key not in going})
    return found + [Rectangle(*key[:2], since, END_OF_TIME, key[2]) for key, since in going.items()]


def _turns(rows: Sequence[DatedRow]) -> list[int]:
    return sorted({at for row in rows for at in (row.known_at, row.void_at) if at is not None})


def replaced(rows: Sequence[DatedRow], key: Callable[[DatedRow], K]) -> Iterator[tuple[int, int, DatedRow]]:
    """Tell when each row is the last known one of its key (plans, targets, entries of lists): (since, until, row)."""
    by_key: dict[K, list[DatedRow]] = {}
    for row in sorted(rows, key=lambda row: (row.known_at, row.id)):
        by_key.setdefault(key(row), []).append(row)
    for same in by_key.values():
        spells = [(row, _spells(row)) for row in same]
        yield from last_standing(spells)


def _spells(row: DatedRow) -> tuple[tuple[int, int], ...]:
    until = END_OF_TIME if row.void_at is None else row.void_at
    return ((row.known_at, until),) if row.known_at < until else ()
