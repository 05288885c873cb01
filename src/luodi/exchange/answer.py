"""What `luodi import` answers: counts, findings, what was set aside, what would change. The same shape for a dry run and a refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from luodi.exchange.frame import Fault, in_sheet
from luodi.kernel.problem import Problem

MOST_LISTED = 1000


@dataclass
class Answer:
    """
    `rows` data rows of the file (after widening); `loaded` new ones taken, `voided` rows that voided others, `unchanged` loaded before,
    `refused` not taken, `skipped` rows of sums and notes left out. `rows` = loaded + voided + unchanged + refused.
    """

    kind: str
    file: str
    sheets: tuple[str, ...] = ("",)  # those read, in the order of their rows
    rows: int = 0
    loaded: int = 0
    voided: int = 0
    unchanged: int = 0
    refused: int = 0
    skipped: int = 0
    import_id: str = ""
    dry_run: bool = False
    unknown_columns: Sequence[str] = ()
    other_sheets: Sequence[str] = ()
    faults: list[Fault] = field(default_factory=list)
    candidates: list[dict[str, object]] = field(default_factory=list)
    changes: list[dict[str, object]] = field(default_factory=list)
    marked: str | None = None

    def problems(self, *, blocking: bool) -> list[Problem]:
        """Give the refusals, or the findings, in the file's order."""
        chosen = [fault for fault in self.faults if fault.blocking is blocking]
        chosen.sort(key=lambda fault: (fault.row, fault.at if fault.at is not None else -1))
        return [self.problem(fault) for fault in chosen]

    def problem(self, fault: Fault) -> Problem:
        """Say a fault with its place in the file."""
        return fault.problem(self.file, self.sheet_of(fault))

    def sheet_of(self, fault: Fault) -> str:
        """Tell in which sheet a fault is."""
        return self.sheets[in_sheet(fault.row)[0]]

    def as_json(self, language: str) -> dict[str, object]:
        """Give the document; at most 1,000 problems and as many findings, with the true counts by code beside them."""
        return {
            "kind": self.kind,
            "file": self.file,
            "sheet": self.sheets[0],
            "sheets": list(self.sheets),
            "dry_run": self.dry_run,
            "rows": self.rows,
            "loaded": self.loaded,
            "voided": self.voided,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "skipped": self.skipped,
            "unknown_columns": list(self.unknown_columns),
            "other_sheets": list(self.other_sheets),
            "import_id": self.import_id or None,
            "problems": listed(self.problems(blocking=True), language),
            "problem_counts": counts(fault for fault in self.faults if fault.blocking),
            "findings": listed(self.problems(blocking=False), language),
            "finding_counts": counts(fault for fault in self.faults if not fault.blocking),
            "candidates": self.candidates,
            "changes": self.changes,
            "marked": self.marked,
        }


def listed(problems: Sequence[Problem], language: str) -> list[dict[str, object]]:
    """Say the first of many."""
    return [problem.as_json(language) for problem in problems[:MOST_LISTED]]


def counts(faults: Iterable[Fault]) -> dict[str, int]:
    """Count by code."""
    return dict(sorted(Counter(fault.code for fault in faults).items()))
