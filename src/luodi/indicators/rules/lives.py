"""
When a project entered its stages and in which state it was, as of which cut: the rules of one project's stage events.

`first(P,S)` is the earliest day of stage S in force; the state at D is the stage of the event in force with the greatest
day up to D, ties to the later known, then the later row. (indicators.md, Stage dates.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from luodi.indicators.rules.trust import Spell, trust
from luodi.indicators.values import BOTH, FILED, VERIFIED, EventRow, Firsts, Mark, State

# The first day that is later than any day asked for.
END_OF_DAYS = date(9999, 12, 31)
Believed = Sequence[tuple[EventRow, Sequence[Spell]]]


def firsts(events: Iterable[EventRow]) -> tuple[tuple[str, date], ...]:
    """Give the earliest day of each stage among events in force, in the order of the stages' names."""
    days: dict[str, date] = {}
    for event in events:
        days[event.stage] = min(event.day, days.get(event.stage, event.day))
    return tuple(sorted(days.items()))


def states(events: Iterable[EventRow]) -> tuple[tuple[str, date, date], ...]:
    """Give the states that events in force make one after another: (stage, from, until before)."""
    by_day = {event.day: event for event in sorted(events, key=lambda event: (event.day, event.known_at, event.id))}
    days = [*by_day, END_OF_DAYS]
    return tuple((by_day[day].stage, day, after) for day, after in itertools.pairwise(days))


def life(rows: Sequence[EventRow], marks: Mapping[int, Sequence[Mark]]) -> tuple[list[Firsts], list[State]]:
    """Resolve all stage events of one project once for every cut and both levels of trust."""
    trusted = [
        (row, trust(known_at=row.known_at, trusted_at=row.verified_at, marks=marks.get(row.id, ())))
        for row in sorted(rows, key=lambda row: (row.known_at, row.id))
    ]
    verified: Believed = [(row, spells.verified) for row, spells in trusted]
    filed: Believed = [(row, spells.filed) for row, spells in trusted]
    if verified == filed:
        return _resolve(verified, BOTH)
    one, other = _resolve(verified, VERIFIED), _resolve(filed, FILED)
    return one[0] + other[0], one[1] + other[1]


def _resolve(believed: Believed, basis: int) -> tuple[list[Firsts], list[State]]:
    found_firsts: list[Firsts] = []
    going: dict[tuple[str, date, date], int] = {}
    found_states: list[State] = []
    for since, until, events in stretches(believed):
        days = firsts(events)
        last = found_firsts[-1] if found_firsts else None
        if last and (last.days, last.until) == (days, since):
            found_firsts[-1] = last._replace(until=until)
        elif days:
            found_firsts.append(Firsts(days, since, until, basis))
        now = set(states(events))
        found_states += [
            State(*key, since=going.pop(key), until=since, basis=basis) for key in list(going) if key not in now
        ]
        going.update(dict.fromkeys(now - going.keys(), since))
    end = max((until for _, until, _ in stretches(believed)), default=0)
    return found_firsts, found_states + [State(*key, since=at, until=end, basis=basis) for key, at in going.items()]


def stretches(believed: Believed) -> Iterator[tuple[int, int, list[EventRow]]]:
    """Cut transaction time where anything changes, and give the rows believed in each stretch (none of them: an empty list)."""
    turns = sorted({at for _, spells in believed for spell in spells for at in spell})
    for since, until in itertools.pairwise(turns):
        yield since, until, [row for row, spells in believed if any(a <= since < b for a, b in spells)]
