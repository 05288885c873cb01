"""
Facts of figures and targets filed row by row, by an import or a person. Found by the ledger at start.

Submissions of a form and what is done with them are in `facts_workflow`.
"""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType, Table

KNOWN = ("known_at", "loaded")

FIGURE_COLUMNS = (
    "subject", "subject_kind", "measure", "period", "period_first", "period_last", "value", "column", "form", "unit",
    "accepted_at", "foreign_amount", "foreign_currency", "rate", "rate_on", *KNOWN,
)  # fmt: skip
TARGET_COLUMNS = ("unit", "indicator", "period", "value", "kind", "source", *KNOWN)
VOID_COLUMNS = ("table", "target", "reason", *KNOWN)

FIGURE_RECORDED = declare(FactType("statistics.figure.recorded", 1, (Table("statistics.Figure", FIGURE_COLUMNS),)))
TARGET_RECORDED = declare(FactType("statistics.target.recorded", 1, (Table("statistics.Target", TARGET_COLUMNS),)))
ROWS_VOIDED = declare(
    FactType("statistics.rows.voided", 1, (Table("ledger.Void", VOID_COLUMNS, frozenset({"reason"})),))
)
