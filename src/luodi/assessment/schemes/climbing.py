"""
'What would move me up one place': the smallest change of one figure that does it, and no smaller one does.

The change is looked for in steps of the input (its `step`, or the last decimal place in use), by doubling and then
halving, and proved by feeding it back: the whole pool is scored again with it, and with one step less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.data import BadData
from luodi.assessment.schemes.engine import Pool
from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.scoring import Case
from luodi.assessment.schemes.simulating import changed_pool
from luodi.assessment.schemes.standing import Place, standing_of
from luodi.assessment.schemes.values import Input, Ref
from luodi.kernel.problem import Problem, Refused

MOST_STEPS = 1 << 40
PROBES = 24  # steps below the answer that are tried besides, where the way up need not be straight


@dataclass(frozen=True)
class _Way:
    """One input of the unit, moved in one direction."""

    source: Input
    start: Fraction
    step: Fraction

    def value(self, steps: int) -> Fraction:
        return self.start + self.step * steps

    def allowed(self, steps: int) -> bool:
        """Tell whether so many steps stay in the input's range; counts don't fall below zero."""
        found, source = self.value(steps), self.source
        least = source.least if source.least is not None else min(Fraction(0), self.start)
        return found >= least and (source.most is None or found <= source.most)


def climb(case: Case, period: str | None, unit: str, *, only: str | None = None) -> dict[str, Any]:
    """
    Find, for each input that matters (or `only` one), the least change that moves the unit up a place.

    Raises BadData when the unit is not ranked or the input is no number.
    """
    base = scoring.scored(case, period)
    place = standing_of(base).places.get(unit)
    if place is None or place.rank is None:
        code = "scheme.no_such_unit" if place is None else "scheme.unit_unranked"
        raise BadData(Problem(code, params={"unit": unit}))
    numeric = [source for source in case.scheme.inputs.values() if source.type == "number"]
    if only is not None and only not in {source.name for source in numeric}:
        known = ", ".join(source.name for source in numeric)
        raise BadData(Problem("scheme.no_such_input", params={"input": only, "known": known}))
    found = []
    if place.rank > 1:
        for source in numeric:
            if only in (None, source.name):
                found += [one for way in _ways(base, place, source) if (one := _least(base, place, way)) is not None]
    found.sort(key=lambda one: (one["steps"], one["input"]))
    return {"scheme": case.scheme.id, "period": period, "unit": unit, "rank": place.rank, "ways": found}


def _ways(base: Pool, place: Place, source: Input) -> Iterator[_Way]:
    key = (place.group, source.name)
    if key not in base.columns:  # nothing this unit is measured by uses it
        return
    start = base.column(place.group, Ref(source.name))[place.unit]
    if start is None:
        return
    step = source.step if source.step is not None else _last_place(base, place.group, source)
    yield _Way(source, start, step)
    yield _Way(source, start, -step)


def _last_place(base: Pool, group: str, source: Input) -> Fraction:
    """Take the last decimal place in use among the group's figures as the smallest step."""
    places = 0
    for value in base.column(group, Ref(source.name)).values():
        if value is not None:
            _, _, decimals = text_of(value).partition(".")
            places = max(places, len(decimals))
    return Fraction(1, 10**places)


def _least(base: Pool, place: Place, way: _Way) -> dict[str, Any] | None:
    """Find the least number of steps that moves the unit up; None if none does."""
    if not way.allowed(1):
        return None
    high = 1
    while not _up(base, place, way, high):
        if high >= MOST_STEPS or not way.allowed(high * 2):
            last = _last_allowed(way, high)
            if last is None or not _up(base, place, way, last):
                return None
            high = last
            break
        high *= 2
    lower: int | None = high
    while lower is not None:
        high = _halved(base, place, way, lower)
        probes = sorted({max(1, high * n // PROBES) for n in range(1, PROBES)} - {high})
        lower = next((steps for steps in probes if _up(base, place, way, steps)), None)
    return _proved(base, place, way, high)


def _halved(base: Pool, place: Place, way: _Way, high: int) -> int:
    """Come down from steps that move the unit up to where one step less does not."""
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _up(base, place, way, middle) else (middle, high)
    return high


def _last_allowed(way: _Way, below: int) -> int | None:
    """Find the most steps the range allows, if more than those tried already."""
    low, high = below, below * 2
    if not way.allowed(low) or below >= MOST_STEPS:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if way.allowed(middle) else (low, middle)
    return low if low > below else None


def _ranks(base: Pool, place: Place, way: _Way, steps: int) -> dict[str, int | None] | None:
    value = text_of(way.value(steps))
    try:
        pool = changed_pool(base, {(base.period, place.unit, way.source.name): value})
    except Refused:
        return None
    return {unit: one.rank for unit, one in standing_of(pool).places.items()}


def _up(base: Pool, place: Place, way: _Way, steps: int) -> bool:
    ranks = _ranks(base, place, way, steps)
    rank = ranks.get(place.unit) if ranks else None
    return rank is not None and place.rank is not None and rank < place.rank


def _proved(base: Pool, place: Place, way: _Way, steps: int) -> dict[str, Any]:
    """Feed the answer back: who moves, and whom the unit passes."""
    ranks = _ranks(base, place, way, steps)
    assert ranks is not None and place.rank is not None  # noqa: S101 (`_up` has just seen both)
    was = {unit: one.rank for unit, one in standing_of(base).places.items()}
    reached = ranks[place.unit] or place.rank
    passes = sorted(one for one in was if one != place.unit and _passed(was, ranks, one, place.unit))
    moved = sorted(one for one in was if one != place.unit and was[one] != ranks.get(one))
    return {
        "input": way.source.name,
        "from": text_of(way.start),
        "to": text_of(way.value(steps)),
        "change": text_of(way.step * steps),
        "step": text_of(abs(way.step)),
        "steps": steps,
        "rank": reached,
        "places": place.rank - reached,
        "passes": passes,
        "others_moved": moved,
        "alone": set(moved) <= set(passes),
    }


def _passed(was: dict[str, int | None], now: dict[str, int | None], other: str, unit: str) -> bool:
    before, after = (was[other], was[unit]), (now.get(other), now[unit])
    if None in before or None in after:
        return False
    return (before[0] <= before[1] and after[0] > after[1]) or (before[0] < before[1] and after[0] == after[1])  # type: ignore[operator]
