"""
Sensitivity: how far each rank holds when the rounding is left out, and when disputed figures take other values.

Disputed figures come as unit,input,low,high, or every figure is taken as uncertain by a percentage. With ten or
fewer of them every corner is tried, else each alone, besides for each unit its own best with the others' worst and
the contrary; the answer says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.data import BadData, read_table
from luodi.assessment.schemes.engine import Pool
from luodi.assessment.schemes.exact import NotANumber, figure, text_of
from luodi.assessment.schemes.scoring import Case
from luodi.assessment.schemes.simulating import changed_pool
from luodi.assessment.schemes.standing import standing_of
from luodi.kernel.predicates import plain
from luodi.kernel.problem import Problem, Refused, refuse_if_any

ALL_CORNERS = 10


@dataclass(frozen=True)
class Disputed:
    """A figure that may be anything between two values."""

    unit: str
    input: str
    low: Fraction
    high: Fraction


def read_disputed(case: Case, period: str | None, file: str) -> list[Disputed]:
    """Read disputed figures. Raises BadData with every row that can't be."""
    header, rows = read_table(file)
    missing = [name for name in ("unit", "input", "low", "high") if name not in header]
    if missing:
        params = {"column": missing[0]}
        raise BadData(Problem("scheme.column_missing", params=params, file=file, line=1))
    found, problems = [], []
    for line, row in rows:
        cells = dict(zip(header, row, strict=False))
        unit, name = plain(cells["unit"]), plain(cells["input"])
        try:
            low, high = figure(cells["low"]), figure(cells["high"])
        except NotANumber:
            low = high = None
        known = unit in case.data.periods[period].groups and name in case.scheme.inputs
        if low is None or high is None or low > high or not known:
            problems.append(Problem("scheme.bad_dispute", params={"line": line}, file=file, line=line))
        else:
            found.append(Disputed(unit, name, low, high))
    refuse_if_any(problems, BadData)
    return found


def by_percent(pool: Pool, percent: Fraction) -> list[Disputed]:
    """Take every figure of the pool as uncertain by so many percent."""
    found = []
    for (group, name), column in sorted(pool.columns.items()):
        if name in pool.scheme.inputs and pool.scheme.inputs[name].type == "number":
            for unit in pool.members.units[group]:
                value = column[unit]
                if value:
                    ends = sorted((value * (100 - percent) / 100, value * (100 + percent) / 100))
                    found.append(Disputed(unit, name, *ends))
    return found


def sense(
    case: Case, period: str | None, *, disputed: Sequence[Disputed] = (), percent: Fraction | None = None
) -> dict[str, Any]:
    """Tell for each unit the best and worst rank it can have, what decides it, and its margins. Raises BadData."""
    base = scoring.scored(case, period)
    exact = scoring.scored(case, period, rounds=False)
    all_disputed = [*disputed, *(by_percent(base, percent) if percent else ())]
    corners, method = _corners(base, all_disputed)
    seen: dict[str, list[tuple[int | None, str]]] = {unit: [] for unit in standing_of(base).places}
    failed = 0
    for label, changes in corners:
        try:
            places = standing_of(changed_pool(base, changes)).places
        except Refused:
            failed += 1
            continue
        for unit, place in places.items():
            seen[unit].append((place.rank, label))
    units = [_unit(base, exact, unit, seen[unit]) for unit in _in_order(base)]
    return {
        "scheme": case.scheme.id,
        "period": period,
        "disputed": len(all_disputed),
        "method": method,
        "scorings": len(corners),
        "failed": failed,
        "units": units,
    }


def _in_order(base: Pool) -> list[str]:
    places = standing_of(base).places.values()
    return [one.unit for one in sorted(places, key=lambda one: (one.group, one.rank is None, one.rank or 0, one.unit))]


Corner = tuple[str, Mapping[tuple[str | None, str, str], str]]


def _corners(base: Pool, disputed: Sequence[Disputed]) -> tuple[list[Corner], str]:
    if not disputed:
        return [], "rounding only"
    if len(disputed) <= ALL_CORNERS:
        found = [
            _corner(base, list(zip(disputed, ends, strict=True)), "corner")
            for ends in product((False, True), repeat=len(disputed))
        ]
        return found, "every corner"
    alone = [_corner(base, [(one, high)], "alone") for one in disputed for high in (False, True)]
    return [*alone, *_contrasts(base, disputed)], "each alone, and each unit against the others"


def _contrasts(base: Pool, disputed: Sequence[Disputed]) -> Iterator[Corner]:
    for unit in sorted({one.unit for one in disputed}):
        for own_high in (False, True):
            ends = [(one, (one.unit == unit) == own_high) for one in disputed]
            yield _corner(base, ends, f"{unit} {'high' if own_high else 'low'}, others the contrary")


def _corner(base: Pool, ends: Sequence[tuple[Disputed, bool]], label: str) -> Corner:
    changes = {(base.period, one.unit, one.input): text_of(one.high if high else one.low) for one, high in ends}
    if len(ends) <= ALL_CORNERS:
        label = ", ".join(f"{one.unit}.{one.input}={text_of(one.high if high else one.low)}" for one, high in ends)
    return label, changes


def _unit(base: Pool, exact: Pool, unit: str, seen: Sequence[tuple[int | None, str]]) -> dict[str, Any]:
    place, free = standing_of(base).places[unit], standing_of(exact).places[unit]
    ranks = [(rank, label) for rank, label in seen if rank is not None]
    here = [(place.rank, "as scored")] if place.rank is not None else []
    best = min([*here, *ranks], default=(None, ""))
    worst = max([*here, *ranks], key=lambda one: one[0], default=(None, ""))
    holds = sum(1 for rank, _ in seen if rank == place.rank)
    return {
        "unit": unit,
        "group": place.group,
        "rank": place.rank,
        "unrounded_rank": free.rank,
        "unrounded_score": None if free.score is None else text_of(free.score),
        "best": best[0],
        "best_when": best[1],
        "worst": worst[0],
        "worst_when": worst[1],
        "holds": f"{holds}/{len(seen)}" if seen else None,
        "to_next_above": _margin(base, unit, above=True),
        "to_next_below": _margin(base, unit, above=False),
    }


def _margin(base: Pool, unit: str, *, above: bool) -> str | None:
    """Give the distance in score to the next place above or below."""
    places = standing_of(base).places
    here = places[unit]
    if here.rank is None or here.score is None:
        return None
    rivals = [
        one for one in places.values()
        if one.group == here.group and one.rank is not None and one.score is not None
        and (one.rank < here.rank if above else one.rank > here.rank)
    ]  # fmt: skip
    if not rivals:
        return None
    nearest = max(rivals, key=lambda one: one.rank or 0) if above else min(rivals, key=lambda one: one.rank or 0)
    ahead, behind = (nearest, here) if above else (here, nearest)
    margin = (ahead.score or Fraction(0)) - (behind.score or Fraction(0))
    margin = margin if base.scheme.rank.descending else -margin
    return text_of(margin) if margin >= 0 else None  # below zero: something else than the score settled the order
