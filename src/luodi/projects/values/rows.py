"""
Rows of the project projections as values. Every one knows its row id and when it was known.

`last` is the id of the last row that says anything about it (a verdict, a void, a newer row): what a page hands back as
`expected`, so that nobody overwrites what somebody else has just changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """Where a claim stands. A void one is not given out at all, except in a timeline."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    SENT_BACK = "sent_back"


class PlanClass(StrEnum):
    """What a project is in a year 年度分类. Derived, never filed."""

    PRELIMINARY = "preliminary"  # 前期
    NEW_START = "new_start"  # 新开工: started this year
    TO_START = "to_start"  # 计划新开工: the year's plan says it starts
    CONTINUED = "continued"  # 续建: started before the year, not finished before it
    FINISHED = "finished"  # 已竣工: finished before the year
    GONE = "gone"  # 终止, 置换


@dataclass(frozen=True)
class Version:
    """What a project is from `valid_from` on."""

    code: str
    name: str | None
    kind: str
    valid_from: date
    national_code: str = ""
    host: str = ""
    introducer: str = ""
    lead_department: str = ""
    investor: str | None = None
    uscc: str = ""
    origin: str = ""
    nature: str = ""
    industry: str = ""
    industry_edition: str = ""
    chain: str = ""
    contract_kind: str = ""
    content: str | None = None
    total_investment: Decimal | None = None
    fixed_investment: Decimal | None = None
    strategic: bool | None = None
    excluded: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    row: int = 0
    known_at: int = 0

    def get(self, name: str) -> object:
        """Give a column or, when there is none of that name, an attribute of the profile; None when not reported."""
        found = getattr(self, name) if name in VERSION_FIELDS else self.attributes.get(name)
        return None if found == "" else found


@dataclass(frozen=True)
class Event:
    """A stage that was claimed, and what became of the claim."""

    project: str
    stage: str
    occurred_on: date
    status: Status
    row: int = 0
    known_at: int = 0
    verified_at: int | None = None
    month_only: bool = False
    evidence: tuple[str, ...] = ()
    evidence_kinds: tuple[str, ...] = ()
    evidence_note: str | None = None
    step: int = 0  # verifiers who have agreed so far
    claimed_by: str = ""
    verifiers: tuple[str, ...] = ()
    other_unit: bool = False
    last: int = 0
    sent_back_for: str | None = None

    @property
    def order(self) -> tuple[date, int, int]:
        """Order events as the state is told: by day, ties by known time, then row."""
        return (self.occurred_on, self.known_at, self.row)


@dataclass(frozen=True)
class Listed:
    """A project on a list."""

    project: str
    list: str
    valid_from: date
    valid_to: date | None = None
    row: int = 0

    def on(self, day: date) -> bool:
        """Tell whether it stands on the list that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Plan:
    """A year's plan: the year's own row (`invest`, days) and, if given, its months."""

    project: str
    year: int
    invest: Decimal | None = None
    start_on: date | None = None
    finish_on: date | None = None
    months: Mapping[int, Decimal] = field(default_factory=dict)
    last: int = 0


@dataclass(frozen=True)
class Progress:
    """A progress note 进展情况 of one period."""

    project: str
    period: str
    progress: str | None = None
    problems: str | None = None
    next: str | None = None
    coordinate: str | None = None
    row: int = 0
    known_at: int = 0


@dataclass(frozen=True)
class Share:
    """One unit's part in a set of attributions."""

    project: str
    role: str
    unit: str
    numerator: int
    denominator: int = 1
    measure: str = ""
    mode: str = "split"
    valid_from: date = date.min
    filing: str = ""
    row: int = 0


@dataclass(frozen=True)
class NodeState:
    """A node with its baseline, its plan of today and, once reached, its day."""

    row: int
    project: str
    name: str
    baseline_on: date
    planned_on: date
    actual_on: date | None = None
    dropped: bool = False
    kind: str = ""
    owner: str = ""
    position: int = 0
    moves: int = 0
    last_reason: str = ""
    last: int = 0


@dataclass(frozen=True)
class ExcuseState:
    """A proper reason asked for a light, and whether it was approved."""

    row: int
    project: str
    light: str
    valid_from: date
    valid_to: date
    status: Status
    reason_kind: str = ""
    reason: str | None = None
    asked_by: str = ""
    evidence: tuple[str, ...] = ()
    last: int = 0


class Settling(StrEnum):
    """Where a project's problem stands."""

    OPEN = "open"
    SETTLED = "settled"  # its owner says so; nobody has verified it yet
    CLOSED = "closed"


@dataclass(frozen=True)
class ProblemState:
    """A problem 难题 of a project with its owner, due day and state."""

    row: int
    project: str
    title: str | None
    owner: str
    raised_on: date
    due_on: date
    state: Settling
    kind: str = ""
    raised_by: str = ""
    settlement: int | None = None  # the row that claims it is settled
    settled_by: str = ""
    words: str | None = None
    moves: int = 0
    last: int = 0


@dataclass(frozen=True)
class DutyState:
    """Who holds a duty, from when until when."""

    row: int
    project: str
    duty: str
    holder: str
    valid_from: date
    valid_to: date | None = None

    def on(self, day: date) -> bool:
        """Tell whether it is held that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Dossier:
    """Everything that the rules of one project's life may look at, loaded once. Rows void or unknown are not in it."""

    code: str
    versions: tuple[Version, ...] = ()  # by valid_from, of equal ones the last known
    events: tuple[Event, ...] = ()  # by Event.order, sent back ones included
    lists: tuple[Listed, ...] = ()
    plans: Mapping[int, Plan] = field(default_factory=dict)
    shares: tuple[Share, ...] = ()
    nodes: tuple[NodeState, ...] = ()
    excuses: tuple[ExcuseState, ...] = ()
    problems: tuple[ProblemState, ...] = ()
    duties: tuple[DutyState, ...] = ()
    spoken: frozenset[date] = frozenset()  # first days of the months that a progress note speaks of
    merged_into: str = ""

    def version_on(self, day: date) -> Version | None:
        """Give the version that holds on a day."""
        found = [version for version in self.versions if version.valid_from <= day]
        return found[-1] if found else None

    @property
    def version(self) -> Version | None:
        """Give the last version, which may lie ahead."""
        return self.versions[-1] if self.versions else None

    # The last row of each kind, 0 for none: what a page shows and hands back as `expected`.

    @property
    def last_version(self) -> int:
        return max((version.row for version in self.versions), default=0)

    @property
    def last_event(self) -> int:
        return max((event.last for event in self.events), default=0)

    @property
    def last_share(self) -> int:
        return max((share.row for share in self.shares), default=0)

    @property
    def last_duty(self) -> int:
        return max((duty.row for duty in self.duties), default=0)


VERSION_FIELDS = tuple(f.name for f in fields(Version) if f.name not in ("attributes", "row", "known_at"))
