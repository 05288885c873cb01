"""
What a plan file says, before any day is counted: agencies, matters, links, projects, facts. Frozen values; `document`
reads them, `network` and `axis` turn them into the numbers that are scheduled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from luodi.kernel.predicates import Predicate
from luodi.kernel.workdays import Calendar

UNITS = ("workday", "day", "step")
DAY_UNITS = ("workday", "day")
# Statutory limit, the agency's public promise, and what was observed: the median and the 80th percentile.
USES = ("statutory", "promised", "p50", "p80")
LINK_TYPES = ("FS", "SS", "FF")


@dataclass(frozen=True)
class After:
    """One precedence: this matter comes after `of`. FS: after its finish; SS: after its start; FF: finishes after it."""

    of: str
    type: str = "FS"
    lag: int = 0
    lag_unit: str = "workday"
    line: int = 0


@dataclass(frozen=True)
class Window:
    """
    The season a matter may be done in: whole months, or from one day of the year to another (over New Year too).
    `whole`: all its days lie in one season; else only its first day does.
    """

    months: frozenset[int] = frozenset(range(1, 13))
    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    whole: bool = True

    def holds(self, day: date) -> bool:
        """Tell whether the day is in season."""
        if self.first is None or self.last is None:
            return day.month in self.months
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True)
class Choice:
    """One alternative of an either-or: the first whose condition isn't false is taken."""

    matter: str
    when: Predicate | None = None


@dataclass(frozen=True)
class Matter:
    """A matter of the catalogue: who does it, how long each way of counting says, when it applies, what it follows."""

    id: str
    agency: str | None = None
    days: Mapping[str, int] = field(default_factory=dict)
    days_unit: str = "workday"
    when: Predicate | None = None
    after: tuple[After, ...] = ()
    window: Window | None = None
    one_of: tuple[Choice, ...] = ()
    title: str | None = None
    line: int = 0

    def duration(self, use: str) -> tuple[int, str]:
        """
        Give the days and which figure they are: the one asked for; where there is none, the promise, then the
        statutory limit, then an observed figure. Every matter but an either-or has one.
        """
        key = next(key for key in (use, "promised", "statutory", "p80", "p50") if key in self.days)
        return self.days[key], key


@dataclass(frozen=True)
class Fact:
    """What is settled of one matter in one project. Pauses include both days; an open one lasts until the plan's day."""

    matter: str
    started: date | None = None
    finished: date | None = None
    paused: tuple[tuple[date, date | None], ...] = ()
    not_before: date | None = None
    fixed: date | None = None
    line: int = 0


@dataclass(frozen=True)
class Promise:
    """The matter that was promised and the last day that keeps the promise."""

    matter: str
    by: date
    line: int = 0


@dataclass(frozen=True)
class Pick:
    """One entry of a project's list of matters: a matter, or an either-or written in place."""

    matter: str | None
    one_of: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Project:
    """One project: its attributes (for conditions), its matters, its promise and what lateness weighs a day."""

    id: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    picks: tuple[Pick, ...] = ()
    promise: Promise | None = None
    weight: Decimal = Decimal(1)
    facts: tuple[Fact, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Agency:
    """An agency: matters at once, hand-ins a day (None: no limit), days it is closed, its own calendar if it has one."""

    id: str
    at_once: int | None = None
    per_day: int | None = None
    closed: frozenset[date] = frozenset()
    calendar: Calendar | None = None


@dataclass(frozen=True)
class PlanFile:
    """A plan of projects as read. `start` is the first day anything may be handed in."""

    file: str
    unit: str
    calendar: Calendar
    start: date
    use: str
    agencies: Mapping[str, Agency]
    catalogue: Mapping[str, Matter]
    projects: tuple[Project, ...]


@dataclass(frozen=True)
class Task:
    """One task of the plain form, in steps."""

    id: str
    duration: int
    needs: Mapping[str, int] = field(default_factory=dict)
    after: tuple[After, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class PlainFile:
    """A plan in the plain form: tasks and resources, the whole to be finished soonest."""

    file: str
    resources: Mapping[str, int]
    tasks: tuple[Task, ...]
