"""The targets in force, by unit, indicator, period, kind and source: the last one known counts. One query for rows, one for who set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from luodi.ledger.models import Fact, Void
from luodi.ledger.values import fact_of
from luodi.statistics.models import Breakdown, Target

# Which of several targets a unit is measured by: what the superior set comes before its own (indicators.md, target rates).
OFFICIAL = (("guaranteed", "above"), ("guaranteed", "own"))
STRIVING = (("striving", "above"), ("striving", "own"))


@dataclass(frozen=True)
class Set:
    """A target as set: its value in yuan or persons, since when it is known, and by whom."""

    unit: str
    indicator: str
    period: str
    kind: str
    source: str
    value: Decimal | None
    known_at: int
    actor: str


@dataclass(frozen=True)
class Split:
    """How a unit's target was split: the whole, what the parts come to, and why they differ if they do."""

    whole: Decimal | None
    parts: Decimal | None
    reason: str | None


def targets_of(indicator: str, *, cut: int | None = None) -> list[Set]:
    """List an indicator's targets in force, as known by a cut (None: now)."""
    rows, voids = Target.objects.filter(indicator=indicator), Void.objects.filter(table=Target._meta.label)
    if cut is not None:
        rows, voids = rows.filter(known_at__lte=cut), voids.filter(known_at__lte=cut)
    standing = rows.exclude(id__in=voids.values("target")).order_by("known_at", "id")
    last = {(row.unit, row.period, row.kind, row.source): row for row in standing}
    facts = {fact_of(row.id) for row in last.values()}
    actors = dict(Fact.objects.filter(id__in=facts).values_list("id", "actor"))
    return [
        Set(row.unit, row.indicator, row.period, row.kind, row.source, row.value, row.known_at, actors.get(fact_of(row.id), ""))
        for row in last.values()
    ]  # fmt: skip


def measured_by(
    known: Sequence[Set], unit: str, period: str, kinds: tuple[tuple[str, str], ...] = OFFICIAL
) -> Set | None:
    """Give the target of a unit that counts."""
    of_unit = {(one.kind, one.source): one for one in known if one.unit == unit and one.period == period}
    return next((of_unit[key] for key in kinds if key in of_unit and of_unit[key].value is not None), None)


def indicators_with_targets() -> set[str]:
    """List the indicators for which anybody has a target."""
    return set(Target.objects.values_list("indicator", flat=True).distinct())


def splits_of(indicator: str, period: str) -> dict[tuple[str, str, str], Split]:
    """Give how each unit's target of a period was last split, by (unit, kind, source)."""
    rows = Breakdown.objects.filter(indicator=indicator, period=period).order_by("known_at", "id")
    return {(row.unit, row.kind, row.source): Split(row.whole, row.parts, row.reason) for row in rows}
