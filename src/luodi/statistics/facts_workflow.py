"""Acts of reporting: submitting, judging, reopening, explaining, breaking targets down. Rows go to tables as they are."""

from __future__ import annotations

from luodi.ledger.registry import declare
from luodi.ledger.values import FactType, Table

SUBMISSION = Table(
    "statistics.Submission",
    (
        "form",
        "period",
        "unit",
        "whole",
        "steps",
        "asked",
        "known",
        "head",
        "statistician",
        "filler",
        "telephone",
        "filled_on",
        "scan",
    ),
    texts=frozenset({"head", "statistician", "filler", "telephone"}),
)
FILED_FIGURE = Table(
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
        "foreign_amount",
        "foreign_currency",
        "rate",
        "rate_on",
    ),
)
# A figure carries its own evidence since version 2 (docs/decisions/0006).
PROVEN_FIGURE = Table("statistics.Figure", (*FILED_FIGURE.columns, "evidence", "evidence_kinds"))
FILED_NOTE = Table(
    "projects.Note",
    ("project", "period", "progress", "problems", "next", "coordinate"),
    texts=frozenset({"progress", "problems", "next", "coordinate"}),
)
VERDICT = Table("ledger.Verdict", ("target", "verdict", "step", "unit", "reason"), texts=frozenset({"reason"}))
REOPENING = Table(
    "statistics.Reopening",
    ("form", "period", "unit", "subject", "measure", "due_on", "reason"),
    texts=frozenset({"reason"}),
)
EXPLANATION = Table(
    "statistics.Explanation",
    ("finding", "fingerprint", "check_id", "subject", "period", "unit", "words"),
    texts=frozenset({"words"}),
)
SET_TARGET = Table("statistics.Target", ("unit", "indicator", "period", "value", "kind", "source"))
BREAKDOWN = Table(
    "statistics.Breakdown",
    ("unit", "indicator", "period", "kind", "source", "whole", "parts", "reason"),
    texts=frozenset({"reason"}),
)

FORM_SUBMITTED_1 = declare(FactType("statistics.form.submitted", 1, (SUBMISSION, FILED_FIGURE, FILED_NOTE)))
FORM_SUBMITTED = declare(FactType("statistics.form.submitted", 2, (SUBMISSION, PROVEN_FIGURE, FILED_NOTE)))
FORM_JUDGED = declare(FactType("statistics.form.judged", 1, (VERDICT,)))
CELL_REOPENED = declare(FactType("statistics.cell.reopened", 1, (REOPENING,)))
FINDING_EXPLAINED = declare(FactType("statistics.finding.explained", 1, (EXPLANATION,)))
TARGETS_BROKEN_DOWN = declare(FactType("statistics.targets.broken_down", 1, (SET_TARGET, BREAKDOWN)))
