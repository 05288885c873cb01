"""What the ledger itself appends: seals, and removals by law (撤除)."""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType, Table

SEAL = Table(
    "ledger.Seal",
    (
        "period",
        "period_last",
        "cut_at",
        "first",
        "through",
        "count",
        "root",
        "previous",
        "profile",
        "algorithm",
        "sealed_at",
        "sealed_by",
        "hash",
    ),
)
PERIOD_SEALED = declare(FactType("ledger.period.sealed", 1, (SEAL,)))

# details: `fact` and `commitments` of the texts removed, `row` and `columns` where they stood; text: `reason`
TEXT_REMOVED = declare(FactType("ledger.text.removed", 1))
# details: `digest` of the file removed; text: `reason`
EVIDENCE_REMOVED = declare(FactType("ledger.evidence.removed", 1))
