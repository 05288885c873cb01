"""Finishes what columns added up: ratios, medians, rates and gaps in exact fractions. Undefined or missing is None, never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from luodi.indicators.values import Exact

# Which target counts, best first: the guaranteed one set from above, else the own one. (indicators.md, invest_target_rate.)
TARGETS = (("guaranteed", "above"), ("guaranteed", "own"), ("striving", "own"), ("striving", "above"))


class TargetRow(NamedTuple):
    """A target in force as of the cut."""

    unit: str
    indicator: str
    period: str
    kind: str
    source: str
    value: Decimal | None


def divided(part: Exact, whole: Exact) -> Exact:
    """Divide; None where either is missing or the whole is 0."""
    if part is None or not whole:
        return None
    return part / whole


def grown(now: Exact, base: Exact) -> Exact:
    """Give the growth over a base; None where either is missing or the base is not above 0."""
    if now is None or base is None or base <= 0:
        return None
    return (now - base) / base


def median(counts: Mapping[int, int]) -> Exact:
    """Give the middle of counted whole numbers; of an even number of them the mean of the middle two; None of none."""
    total = sum(counts.values())
    if not total:
        return None
    low, high = nth(counts, (total - 1) // 2), nth(counts, total // 2)
    return Fraction(low + high, 2)


def nth(counts: Mapping[int, int], place: int) -> int:
    """Give the number at a place (from 0) of counted numbers in order. Raises IndexError beyond the last."""
    for number in sorted(counts):
        place -= counts[number]
        if place < 0:
            return number
    raise IndexError(place)


def gap(rate: Exact, baseline: Fraction) -> Exact:
    """Give how many points a rate lies above a baseline."""
    return None if rate is None else 100 * rate - 100 * baseline


def targets(rows: Iterable[TargetRow], *, period: str) -> dict[tuple[str, str], Fraction]:
    """Choose the target that counts for each (unit, indicator) in a period."""
    found: dict[tuple[str, str], tuple[int, Fraction]] = {}
    for row in rows:
        if row.period != period or row.value is None:
            continue
        place = TARGETS.index((row.kind, row.source)) if (row.kind, row.source) in TARGETS else len(TARGETS)
        key = (row.unit, row.indicator)
        if key not in found or place < found[key][0]:
            found[key] = (place, Fraction(row.value))
    return {key: value for key, (_, value) in found.items()}
