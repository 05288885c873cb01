"""
Facts of the work on projects: what people do on pages and through the API. Rows that files bring in are in `facts`.

Names and columns are never changed: a changed meaning is a new version. Words of people and investors are erasable texts.
"""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType, Table

VERSION = Table(
    "projects.ProjectVersion",
    (
        "code",
        "national_code",
        "name",
        "host",
        "introducer",
        "lead_department",
        "investor",
        "uscc",
        "origin",
        "kind",
        "nature",
        "industry",
        "industry_edition",
        "chain",
        "contract_kind",
        "content",
        "total_investment",
        "fixed_investment",
        "strategic",
        "excluded",
        "valid_from",
        "attributes",
    ),
    texts=frozenset({"name", "investor", "content", "excluded"}),
)
STAGE = Table(
    "projects.StageEvent",
    (
        "project",
        "stage",
        "occurred_on",
        "month_only",
        "verified_at",
        "evidence",
        "evidence_kinds",
        "evidence_note",
        "claimed_by",
        "verifier",
        "other_unit",
    ),
    texts=frozenset({"evidence_note"}),
)
LIST = Table("projects.ListEntry", ("project", "list", "valid_from", "valid_to"))
PLAN = Table("projects.YearPlan", ("project", "year", "month", "invest", "start_on", "finish_on"))
NOTE = Table(
    "projects.Note",
    ("project", "period", "progress", "problems", "next", "coordinate"),
    texts=frozenset({"progress", "problems", "next", "coordinate"}),
)
SHARE = Table(
    "projects.Attribution",
    ("project", "role", "unit", "share_num", "share_den", "measure", "mode", "valid_from", "filing"),
)
NODE = Table("projects.Node", ("project", "kind", "name", "baseline_on", "owner", "position"))
NODE_EVENT = Table(
    "projects.NodeEvent",
    ("project", "node", "kind", "day", "reason_kind", "reason", "evidence"),
    texts=frozenset({"reason"}),
    refers=frozenset({"node"}),
)
EXCUSE = Table(
    "projects.Excuse",
    ("project", "light", "valid_from", "valid_to", "reason_kind", "reason", "evidence", "asked_by"),
    texts=frozenset({"reason"}),
)
PROBLEM = Table(
    "projects.ProjectProblem",
    ("project", "kind", "title", "raised_by", "owner", "raised_on", "due_on"),
    texts=frozenset({"title"}),
)
PROBLEM_EVENT = Table(
    "projects.ProblemEvent",
    ("project", "problem", "kind", "unit", "owner", "due_on", "words", "evidence"),
    texts=frozenset({"words"}),
)
DUTY = Table(
    "projects.Duty", ("project", "duty", "holder", "valid_from", "valid_to", "reason"), texts=frozenset({"reason"})
)
MERGE = Table("projects.ProjectMerge", ("project", "into", "reason"), texts=frozenset({"reason"}))
FIGURE = Table(
    "statistics.Figure",
    (
        "subject",
        "subject_kind",
        "measure",
        "period",
        "period_first",
        "period_last",
        "value",
        "column",
        "form",
        "unit",
        "accepted_at",
        "foreign_amount",
        "foreign_currency",
        "rate",
        "rate_on",
    ),
)
PROVEN_FIGURE = Table("statistics.Figure", (*FIGURE.columns, "evidence", "evidence_kinds"))
VOID = Table("ledger.Void", ("table", "target", "reason"), texts=frozenset({"reason"}))
VERDICT = Table("ledger.Verdict", ("target", "verdict", "step", "unit", "reason"), texts=frozenset({"reason"}))

VERSION_RECORDED = declare(FactType("projects.version.filed", 1, (VERSION,)))
STAGE_CLAIMED = declare(FactType("projects.stage.claimed", 1, (STAGE,)))
STAGE_CORRECTED = declare(FactType("projects.stage.corrected", 1, (VOID, STAGE)))
CLAIM_DECIDED = declare(FactType("projects.claim.decided", 1, (VERDICT,)))
ROW_VOIDED = declare(FactType("projects.row.voided", 1, (VOID,)))
LIST_CHANGED = declare(FactType("projects.list.changed", 1, (LIST,)))
PLAN_SET = declare(FactType("projects.plan.set", 1, (PLAN,)))
NOTE_WRITTEN = declare(FactType("projects.note.written", 1, (NOTE,)))
SHARES_SET = declare(FactType("projects.shares.set", 1, (SHARE,)))
NODES_ADDED = declare(FactType("projects.nodes.added", 1, (NODE,)))
NODE_CHANGED = declare(FactType("projects.node.changed", 1, (NODE_EVENT,)))
EXCUSE_ASKED = declare(FactType("projects.excuse.asked", 1, (EXCUSE,)))
PROBLEM_RAISED = declare(FactType("projects.problem.raised", 1, (PROBLEM,)))
PROBLEM_CHANGED = declare(FactType("projects.problem.changed", 1, (PROBLEM_EVENT,)))
DUTY_CHANGED = declare(FactType("projects.duty.changed", 1, (DUTY,)))
# One record of a project becomes part of another: its rows are voided, and filed again under the survivor where they count.
CARRIED = (NODE, NODE_EVENT, MERGE, VOID, VERSION, STAGE, LIST, PLAN, NOTE, PROBLEM, DUTY)
PROJECT_MERGED_1 = declare(FactType("projects.project.merged", 1, (*CARRIED, FIGURE)))
PROJECT_MERGED = declare(FactType("projects.project.merged", 2, (*CARRIED, PROVEN_FIGURE)))
