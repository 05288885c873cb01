"""
Facts of project rows, one type for each projection that a person or an import files row by row.

Found by the ledger at start. What people do beyond filing rows (claims, nodes, difficulties ...) is in `facts_workflow`.
Every row may bring a known time (history); `loaded` says that it did, even where the time given lay ahead and became now.
"""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType, Table

KNOWN = ("known_at", "loaded")

VERSION_COLUMNS = (
    "code", "national_code", "name", "host", "introducer", "lead_department", "investor", "uscc", "origin", "kind", "nature",
    "industry", "industry_edition", "chain", "contract_kind", "content", "total_investment", "fixed_investment", "strategic",
    "excluded", "valid_from", "attributes", *KNOWN,
)  # fmt: skip
STAGE_COLUMNS = (
    "project", "stage", "occurred_on", "month_only", "verified_at", "evidence", "evidence_note", "claimed_by", "verifier", *KNOWN,
)  # fmt: skip
LIST_COLUMNS = ("project", "list", "valid_from", "valid_to", *KNOWN)
PLAN_COLUMNS = ("project", "year", "month", "invest", "start_on", "finish_on", *KNOWN)
NOTE_COLUMNS = ("project", "period", "progress", "problems", "next", "coordinate", *KNOWN)
ATTRIBUTION_COLUMNS = (
    "project", "role", "unit", "share_num", "share_den", "measure", "mode", "valid_from", "filing", *KNOWN,
)  # fmt: skip
VOID_COLUMNS = ("table", "target", "reason", *KNOWN)

VERSION_RECORDED = declare(
    FactType(
        "projects.version.recorded",
        1,
        (Table("projects.ProjectVersion", VERSION_COLUMNS, frozenset({"name", "investor", "content", "excluded"})),),
    )
)
STAGE_RECORDED = declare(
    FactType("projects.stage.recorded", 1, (Table("projects.StageEvent", STAGE_COLUMNS, frozenset({"evidence_note"})),))
)
LIST_RECORDED = declare(FactType("projects.list.recorded", 1, (Table("projects.ListEntry", LIST_COLUMNS),)))
PLAN_RECORDED = declare(FactType("projects.plan.recorded", 1, (Table("projects.YearPlan", PLAN_COLUMNS),)))
NOTE_RECORDED = declare(
    FactType(
        "projects.note.recorded",
        1,
        (Table("projects.Note", NOTE_COLUMNS, frozenset({"progress", "problems", "next", "coordinate"})),),
    )
)
ATTRIBUTION_RECORDED = declare(
    FactType("projects.attribution.recorded", 1, (Table("projects.Attribution", ATTRIBUTION_COLUMNS),))
)
ROWS_VOIDED = declare(FactType("projects.rows.voided", 1, (Table("ledger.Void", VOID_COLUMNS, frozenset({"reason"})),)))

from luodi.projects import facts_workflow as facts_workflow  # noqa: E402  what people do, found with these
