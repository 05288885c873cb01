"""Whose figures or notes moved since the ledger stood at a place: what was worked out of the others' still stands."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from luodi.ledger import following
from luodi.ledger.following import Position
from luodi.ledger.values import WHOLE_FACT, fact_of, row_id
from luodi.projects.queries import load
from luodi.statistics.models import Figure

MANY = 2_000  # so many touched rows are no longer looked up one by one


def subjects_moved(since: Position, to: Position) -> frozenset[str] | None:
    """Tell whose figures were filed, judged or voided, or whose notes were written, in between; None: perhaps everybody's."""
    return _moved(since, to, notes=True)


def figures_moved(since: Position, to: Position) -> frozenset[str] | None:
    """Tell whose figures were filed, judged or voided in between; None: perhaps everybody's."""
    return _moved(since, to, notes=False)


def _moved(since: Position, to: Position, *, notes: bool) -> frozenset[str] | None:
    if since == to:
        return frozenset()
    if not following.goes_on(since, to):
        return None
    judged = following.targets_since(since)
    if len(judged) > MANY:
        return None
    filed = Figure.objects.filter(id__gt=since.first_row).values_list("subject", flat=True)
    noted = load.noted_since(since.first_row, judged) if notes else frozenset()
    return frozenset(filed) | _judged(judged) | noted


def _judged(targets: Iterable[int]) -> frozenset[str]:
    """Give the subjects of figures that are spoken of, one by one or by their whole fact."""
    rows = [target for target in targets if target & WHOLE_FACT != WHOLE_FACT]
    whole = [fact_of(target) for target in targets if target & WHOLE_FACT == WHOLE_FACT]
    found: set[str] = set()
    if rows:
        found |= set(Figure.objects.filter(id__in=rows).values_list("subject", flat=True))
    for at in range(0, len(whole), 100):
        spans = Q()
        for fact in whole[at : at + 100]:
            spans |= Q(id__gte=row_id(fact, 0), id__lte=row_id(fact, WHOLE_FACT))
        found |= set(Figure.objects.filter(spans).values_list("subject", flat=True))
    return frozenset(found)
