"""What decomposing a text works with and gives. Values only; offsets of an answer are code points of the raw text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from luodi.kernel.gov_units import Mention
from luodi.kernel.problem import Problem


@dataclass(frozen=True)
class Event:
    """A fair or a meeting that deadlines lean on (青洽会前): its names and days, both included."""

    names: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True)
class When:
    """
    One deadline as the text has it. `due` is None while it is open.

    `rank` orders several of one task: 0 says a day, 1 leans on something else, 2 is vague. `notes` are the codes of
    what is not sure.
    """

    text: str
    start: int
    end: int
    due: date | None = None
    rank: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Every:
    """
    One recurrence: a unit of `luodi.kernel.recurrence`, None where the text does not say how often (定期); n None is
    a calendar span, else rolling; `by` the deadline inside it as written (每月5日前); `does` what recurs (检查).
    """

    text: str
    start: int
    end: int
    unit: str | None
    n: int | None = None
    by: str | None = None
    does: str | None = None


@dataclass(frozen=True)
class Found:
    """A task in the cleaned text, before its span is carried back to the raw one."""

    start: int
    end: int
    leads: tuple[Mention, ...] = ()
    helps: tuple[Mention, ...] = ()
    leaders: tuple[str, ...] = ()
    what: str = ""
    whens: tuple[When, ...] = ()
    everys: tuple[Every, ...] = ()
    heading: str = ""
    score: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One assignment for review: `text` is `raw[start:end]`; `units` lead, `co_units` help; `unsure` are codes of doubts."""

    text: str
    start: int
    end: int
    what: str
    units: tuple[str, ...]
    co_units: tuple[str, ...]
    leader: str | None
    deadline: str | None
    due: date | None
    recurrence: tuple[Every, ...]
    deadlines: tuple[When, ...] = ()
    mentions: tuple[tuple[str, Mention], ...] = ()
    heading: str | None = None
    confidence: float = 0.0
    unsure: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ("rules",)


@dataclass(frozen=True)
class Answer:
    """The tasks in the order of the text, the day that deadlines were counted from and where it was found."""

    tasks: tuple[Task, ...]
    day: date | None = None
    day_from: str | None = None
    findings: tuple[Problem, ...] = field(default=())
