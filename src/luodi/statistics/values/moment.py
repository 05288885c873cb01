"""Forms of the moment 临时报表: a table asked from some units by a day, which ends by itself. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

FORM = "moment:"  # how drafts and workbooks name a form of the moment: `moment:65536`


@dataclass(frozen=True)
class MomentColumn:
    """A column as its sender settled it. `known`: where the ledger fills it from (`total_investment`, `attribute:site`, `measure:…`)."""

    name: str
    label: str
    type: str = "text"
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    known: str = ""


@dataclass(frozen=True)
class MomentDraft:
    """A form as somebody is about to send it. `owed`: each unit that owes it, with its rows (a unit's own row: its code)."""

    title: str
    unit: str
    subject: str  # unit, project
    due_on: date
    closes_on: date
    columns: tuple[MomentColumn, ...]
    owed: Mapping[str, tuple[str, ...]]
    basis: str = ""
    number: str = ""
    note: str = ""


@dataclass(frozen=True)
class Moment:
    """A form that was sent, with what became of it. `ended`: by a person before its last day; `regular`: handed over to become one."""

    id: int
    title: str
    unit: str
    subject: str
    sent_on: date
    due_on: date
    closes_on: date
    columns: tuple[MomentColumn, ...]
    owed: Mapping[str, tuple[str, ...]]
    basis: str = ""
    number: str = ""
    note: str = ""
    ended: bool = False
    regular: bool = False

    @property
    def form(self) -> str:
        """Its name beside drafts and workbooks."""
        return f"{FORM}{self.id}"

    @property
    def period(self) -> str:
        """What stands for a period beside drafts and workbooks: the day it was sent."""
        return self.sent_on.isoformat()

    def open(self, today: date) -> bool:
        """Tell whether it can be filled: it ends by itself after its last day."""
        return not self.ended and today <= self.closes_on


class MomentStanding(StrEnum):
    """Where one unit's return of a form of the moment stands."""

    TO_DO = "to_do"
    DRAFT = "draft"
    SENT_BACK = "sent_back"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class MomentReturned:
    """A unit's return that counts: its last. `names` are None once removed by law."""

    id: int
    unit: str
    known_at: int
    filler: str | None = None
    telephone: str | None = None


@dataclass(frozen=True)
class MomentState:
    """Where one unit stands with a form. `late`: days after the due day it was filed, or is still missing."""

    moment: Moment
    unit: str
    standing: MomentStanding
    late: int = 0
    returned: MomentReturned | None = None
    reminded: int = 0
    reminded_on: date | None = None
    reason: str = ""  # why it was sent back

    @property
    def rows(self) -> int:
        """How many rows are asked of the unit."""
        return len(self.moment.owed.get(self.unit, ()))


@dataclass(frozen=True)
class Collected:
    """One row of the collected table."""

    unit: str
    subject: str
    label: str
    values: Mapping[str, str] = field(default_factory=dict)
