"""
How far the ledger has come, for those that keep in memory what they worked out from it.

The ledger only grows: what was worked out stays right once what later facts touched is worked out anew. Inside a transaction
nothing may be kept, since it may be rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from luodi.ledger.models import Fact, Verdict, Void
from luodi.ledger.values import WHOLE_FACT, row_id

REWRITES = ("ledger.text.removed",)  # facts that change rows written before them


@dataclass(frozen=True)
class Position:
    """The last fact, and its leaf, which tells this ledger from another one that came as far."""

    fact: int = 0
    leaf: bytes = b""

    @property
    def first_row(self) -> int:
        """Give the row id that all rows of later facts are above."""
        return row_id(self.fact, WHOLE_FACT)


def position() -> Position:
    """Tell how far the ledger has come."""
    last = Fact.objects.order_by("-id").values_list("id", "leaf").first()
    return Position() if last is None else Position(last[0], bytes(last[1]))


def may_keep() -> bool:
    """Tell whether what is read now may be kept in memory."""
    return not connection.in_atomic_block


def goes_on(since: Position, to: Position) -> bool:
    """Tell whether the ledger is the one of before, only longer, and nothing in between rewrote older rows."""
    before = Fact.objects.filter(id=since.fact).values_list("leaf", flat=True).first()
    if before is None or bytes(before) != since.leaf:
        return False
    return not Fact.objects.filter(name__in=REWRITES, id__gt=since.fact, id__lte=to.fact).exists()


def targets_since(since: Position) -> list[int]:
    """List the rows that later verdicts and voids speak of; a whole fact by the row that stands for it."""
    first = since.first_row
    return [
        target
        for table in (Verdict, Void)
        for target in table.objects.filter(id__gt=first).values_list("target", flat=True)
    ]
