"""What people hand in, before it is an act. One dataclass per kind of act that can be done to several projects at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from luodi.projects.values.rows import Version

VersionDraft = Version  # a version as handed in: `row` and `known_at` are not looked at


@dataclass(frozen=True)
class StageClaim:
    """
    A project entered a stage on a day. `evidence`: kind to digests of stored files; `expected`: the last row id seen.

    `month_only`: only the month is known; the day must be its last.
    """

    project: str
    stage: str
    occurred_on: date
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""
    month_only: bool = False
    expected: int | None = None


@dataclass(frozen=True)
class Decision:
    """A decision on a claimed row (a stage, an excuse, a settled problem)."""

    row: int
    reason: str = ""
    expected: int | None = None


@dataclass(frozen=True)
class NoteDraft:
    """A progress note. `expected`: the row id of the note it was copied from or replaces in this period, 0 for none."""

    project: str
    period: str
    progress: str = ""
    problems: str = ""
    next: str = ""
    coordinate: str = ""
    expected: int | None = None


@dataclass(frozen=True)
class PlanDraft:
    """A year's plan: total, days, and months (1..12) that must add up to the total when given."""

    project: str
    year: int
    invest: Decimal | None = None
    start_on: date | None = None
    finish_on: date | None = None
    months: Mapping[int, Decimal] = field(default_factory=dict)
    expected: int | None = None


@dataclass(frozen=True)
class NodeDraft:
    """A node to add: its baseline is the first promise and stays."""

    name: str
    baseline_on: date
    kind: str = ""
    owner: str = ""
    position: int = 0


@dataclass(frozen=True)
class ShareDraft:
    """One unit's part: `share` a fraction `1/3` or a decimal of at most 6 places."""

    unit: str
    share: str


@dataclass(frozen=True)
class DutyDraft:
    """A duty given to a holder from a day on; `until`: the first day it no longer holds."""

    project: str
    duty: str
    holder: str
    valid_from: date
    until: date | None = None
