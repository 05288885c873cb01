"""
Which filed figure is in force for a cell (ledger.md, As of): the last filed among those accepted and not voided.

Pure. Rows, verdicts and voids must already be those known by the cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

VERIFIED, FILED = "verified", "filed"


@dataclass(frozen=True)
class FigureRow:
    """A filed figure. `accepted_at`: accepted by the same fact, as history is."""

    id: int
    known_at: int
    subject: str
    measure: str
    period: str
    value: Decimal | None
    column: str
    form: str
    unit: str
    accepted_at: int | None


@dataclass(frozen=True)
class VerdictRow:
    """A verdict on a row, or on all rows of its fact."""

    id: int
    known_at: int
    verdict: str


CellOf = tuple[str, str, str]  # subject, measure, period


def last_verdict(row: FigureRow, verdicts: Sequence[VerdictRow]) -> str | None:
    """Give the verdict that stands: the last one known, the acceptance the row itself carried among them."""
    carried = [] if row.accepted_at is None else [(max(row.accepted_at, row.known_at), row.id, "accepted")]
    spoken = [(one.known_at, one.id, one.verdict) for one in verdicts if one.verdict != "checked"]
    return max(carried + spoken)[2] if carried or spoken else None


def counts(row: FigureRow, verdicts: Sequence[VerdictRow], basis: str) -> bool:
    """Tell whether a row may count: accepted, or (basis filed) not sent back."""
    if not verdicts:  # as with nearly all of history
        return basis != VERIFIED or row.accepted_at is not None
    last = last_verdict(row, verdicts)
    return last in ("accepted", "verified") if basis == VERIFIED else last != "sent_back"


def in_force(
    rows: Iterable[FigureRow],
    verdicts: Mapping[int, Sequence[VerdictRow]],
    voided: frozenset[int],
    *,
    basis: str = VERIFIED,
) -> dict[CellOf, FigureRow]:
    """
    Give the row in force for each (subject, measure, period).

    `verdicts`: by target, a row's id or its fact's whole (id | 0xFFFF).
    """
    found: dict[CellOf, FigureRow] = {}
    for row in sorted(rows, key=lambda one: (one.known_at, one.id)):
        spoken = [*verdicts.get(row.id, ()), *verdicts.get(row.id | 0xFFFF, ())]
        if row.id not in voided and counts(row, spoken, basis):
            found[(row.subject, row.measure, row.period)] = row
    return found
