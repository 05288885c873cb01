"""Values of notices: kinds, matters that call for one, what a person prefers, what stands in an inbox. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Why somebody is told. The order is how strongly it speaks: a nightly look never drowns what a person did."""

    RETURN_DUE = "return_due"  # a form's due day nears
    RETURN_LATE = "return_late"  # and is over
    RETURN_REMINDED = "return_reminded"  # somebody asked for it
    RETURN_SENT_BACK = "return_sent_back"
    CELL_REOPENED = "cell_reopened"
    MOMENT_SENT = "moment_sent"  # a form of the moment arrived
    MOMENT_REMINDED = "moment_reminded"
    MOMENT_SENT_BACK = "moment_sent_back"
    STAGE_SENT_BACK = "stage_sent_back"
    DUTY_TAKEN = "duty_taken"
    DUTY_ENDED = "duty_ended"
    IMPORT_DONE = "import_done"
    IMPORT_REFUSED = "import_refused"


STRENGTH = {kind: place for place, kind in enumerate(Kind)}
# These wait for no quiet hour's end longer than the morning, and no daily digest: somebody waits for an answer.
URGENT = frozenset(
    {
        Kind.RETURN_SENT_BACK, Kind.CELL_REOPENED, Kind.RETURN_REMINDED, Kind.STAGE_SENT_BACK,
        Kind.MOMENT_SENT, Kind.MOMENT_REMINDED, Kind.MOMENT_SENT_BACK,
    }
)  # fmt: skip


class Way(StrEnum):
    """How somebody wants to be told beside the inbox. BEST: WeCom if it reaches the person, else a text message."""

    INBOX = "inbox"
    BEST = "best"
    WECOM = "wecom"
    TEXT = "text"
    MAIL = "mail"


class Rhythm(StrEnum):
    """When: as it happens, or once a day together."""

    AT_ONCE = "at_once"
    DAILY = "daily"


@dataclass(frozen=True)
class Matter:
    """
    Something that people should know now. `key` names it for ever: the same matter again changes the one notice there is.

    `params` hold codes (form, period, unit, project, stage, duty) and a project's public label; names of people never.
    `gentle`: found by a look at the calendar; it yields to a notice that speaks more strongly.
    """

    key: str
    kind: Kind
    people: tuple[str, ...]
    params: Mapping[str, str] = field(default_factory=dict)
    due_on: date | None = None
    gentle: bool = False


@dataclass(frozen=True)
class Settled:
    """A matter that is over for everybody: the form was filed, the stage claimed anew."""

    key: str


News = Matter | Settled


@dataclass(frozen=True)
class Preference:
    """What a person prefers. Quiet from one full hour to another (equal: never); a digest comes at `digest_hour`."""

    person: str
    way: Way = Way.BEST
    rhythm: Rhythm = Rhythm.AT_ONCE
    digest_hour: int = 8
    quiet_from: int = 20
    quiet_to: int = 8
    muted: frozenset[Kind] = frozenset()
    wecom: str = ""
    mail: str = ""
    language: str = "zh"


@dataclass(frozen=True)
class Note:
    """A notice as it stands in an inbox. `times`: how often the matter came up."""

    id: int
    person: str
    key: str
    kind: Kind
    params: Mapping[str, str]
    due_on: date | None
    raised_at: int
    times: int
    read_at: int | None
    settled_at: int | None

    @property
    def waiting(self) -> bool:
        """Tell whether it still asks to be looked at."""
        return self.read_at is None and self.settled_at is None


@dataclass(frozen=True)
class Reminded:
    """When a matter was last asked for, by whom, how many people were told, how often so far."""

    key: str
    by: str
    at: int
    people: int
    times: int


@dataclass(frozen=True)
class Outbox:
    """How what leaves the house fares: waiting, sent in the last day, given up, and the last error."""

    waiting: int
    sent: int
    failed: int
    last_error: str
    oldest_waiting: int | None
