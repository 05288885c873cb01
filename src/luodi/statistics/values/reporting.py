"""Values of reporting: windows, who owes what, where a form stands. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

Cell = tuple[str, str]  # subject, measure


@dataclass(frozen=True)
class Window:
    """When a form of a period may be filled: from `opens_on`, due on `due_on`, no longer after `closes_on` (None: until the seal)."""

    opens_on: date
    due_on: date
    closes_on: date | None


class Standing(StrEnum):
    """Where one form of one unit for one period stands. The order is the order of the road."""

    AHEAD = "ahead"  # not open yet
    TO_DO = "to_do"
    DRAFT = "draft"
    CHECKED = "checked"  # 已审核 inside the unit
    SIGNED = "signed"  # 已签发
    SENT_BACK = "sent_back"
    SUBMITTED = "submitted"  # 已上报
    IN_CHAIN = "in_chain"  # accepted by some of the chain
    ACCEPTED = "accepted"  # 已审核 by the owner
    REOPENED = "reopened"  # a cell of an accepted one is asked for again


# Standings in which the unit's figures have left the house.
FILED = frozenset({Standing.SUBMITTED, Standing.IN_CHAIN, Standing.ACCEPTED, Standing.REOPENED})


@dataclass(frozen=True)
class OwingProject:
    """What decides whether a project stands on a form: its units by role, kind, stages reached and lists on the period's last day."""

    code: str
    units: Mapping[str, str]
    kind: str
    reached: frozenset[str]
    lists: frozenset[str]


@dataclass(frozen=True)
class Owed:
    """One unit owes one form for one period: a row for each subject, a cell for each measure."""

    form: str
    period: str
    unit: str
    subjects: tuple[str, ...]
    measures: tuple[str, ...]
    required: frozenset[str]

    @property
    def cells(self) -> int:
        """How many cells are asked."""
        return len(self.subjects) * len(self.measures)


@dataclass(frozen=True)
class Judgement:
    """A verdict on a submission: accepted, checked (an inner step), sent_back, withdrawn; in order of recording."""

    verdict: str
    step: int
    unit: str
    known_at: int
    reason: str | None = None
    row: int = 0  # its own row


@dataclass(frozen=True)
class Filing:
    """A submission with what became of it."""

    id: int
    form: str
    period: str
    unit: str
    known_at: int
    whole: bool
    steps: tuple[str, ...]
    judgements: tuple[Judgement, ...] = ()
    reopened: tuple[Cell, ...] = ()

    @property
    def fact(self) -> int:
        """The fact of the submission."""
        return self.id >> 16

    @property
    def steps_passed(self) -> int:
        """How many steps of the chain have agreed since it was last sent back or withdrawn."""
        passed = 0
        for judgement in self.judgements:
            passed = judgement.step + 1 if judgement.verdict in ("checked", "accepted") else 0
        return passed

    @property
    def next_step(self) -> int | None:
        """The step whose turn it is, or None when nobody's."""
        if self.standing not in (Standing.SUBMITTED, Standing.IN_CHAIN):
            return None
        return self.steps_passed

    @property
    def standing(self) -> Standing:
        """Where it stands by its judgements alone."""
        last = self.judgements[-1].verdict if self.judgements else None
        if last == "sent_back":
            return Standing.SENT_BACK
        if last == "accepted":
            return Standing.REOPENED if self.reopened else Standing.ACCEPTED
        return Standing.IN_CHAIN if last == "checked" else Standing.SUBMITTED


@dataclass(frozen=True)
class FormState:
    """Where one form of one unit for one period stands, seen from a day."""

    owed: Owed
    window: Window
    standing: Standing
    late: bool  # was filed after the due day, or is not filed and the due day is over
    days_late: int = 0
    filing: Filing | None = None
    corrections: tuple[Filing, ...] = ()  # cells filed again since, in order

    @property
    def waiting(self) -> tuple[Filing, ...]:
        """The return and its corrections that wait for an office's word."""
        return tuple(one for one in (self.filing, *self.corrections) if one is not None and one.next_step is not None)


@dataclass(frozen=True)
class TypedCell:
    """A cell as typed: its text and, in a form that allows it, another currency."""

    text: str
    currency: str = ""
    rate: Decimal | None = None
    rate_on: date | None = None


@dataclass(frozen=True)
class FiledCell:
    """A cell as it will be filed: yuan or persons; None is missing."""

    subject: str
    measure: str
    value: Decimal | None
    foreign_amount: Decimal | None = None
    foreign_currency: str = ""
    rate: Decimal | None = None
    rate_on: date | None = None
    evidence: tuple[tuple[str, str], ...] = ()  # kind and digest of each file


@dataclass(frozen=True)
class Signatories:
    """The people who answer for a submission 单位负责人 统计负责人 填表人, telephone and day."""

    head: str = ""
    statistician: str = ""
    filler: str = ""
    telephone: str = ""
    filled_on: date | None = None


@dataclass(frozen=True)
class TargetPart:
    """One part of a broken-down target: for a unit, or for a later period of the same unit."""

    unit: str
    period: str
    value: Decimal


@dataclass(frozen=True)
class Finding:
    """
    Something a data check noticed. `key` names it for ever, `fingerprint` the values it saw.

    An explanation for the same key and fingerprint keeps it quiet; a new value wakes it.
    """

    check: str
    severity: str  # hard, soft, hint
    subject: str
    period: str
    measure: str = ""
    unit: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    explained: str | None = None

    @property
    def code(self) -> str:
        """The code of its words."""
        return f"check.{self.check}"
