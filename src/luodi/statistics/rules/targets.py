"""Rules for targets: a breakdown adds up, or says why not. Pure (S1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from luodi.kernel.problem import Problem
from luodi.statistics.values.reporting import TargetPart

KINDS = ("guaranteed", "striving")
SOURCES = ("above", "own")


def breakdown_problems(
    *,
    whole: Decimal,
    parts: Sequence[TargetPart],
    additive: bool,
    kind: str,
    source: str,
    reason: str,
    known_units: frozenset[str],
) -> Iterator[Problem]:
    """
    Yield what is wrong with splitting `whole` into `parts`.

    An additive indicator's parts sum to the whole, or a reason says why not (a reserve, a raise: 加码). Rates have no sum.
    """
    if kind not in KINDS or source not in SOURCES:
        yield Problem("target.kind_unknown", params={"found": f"{kind} {source}"})
    seen: set[tuple[str, str]] = set()
    for part in parts:
        if part.unit not in known_units:
            yield Problem("target.unit_unknown", where=part.unit, params={"unit": part.unit})
        if (part.unit, part.period) in seen:
            yield Problem("target.part_twice", where=part.unit, params={"unit": part.unit, "period": part.period})
        seen.add((part.unit, part.period))
    difference = whole - sum((part.value for part in parts), Decimal(0))
    if additive and parts and difference != 0 and not reason.strip():
        yield Problem("target.does_not_add_up", params={"difference": f"{difference:f}"})
