"""
The values of the clock engine: a policy as read, the events of a matter, the answer. Instants are whole microseconds
(`luodi.kernel.instant`), days are days of the policy's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from luodi.kernel.problem import Problem
from luodi.kernel.recurrence import Deadline, Recurrence

UNITS = ("minute", "workminute", "hour", "day", "workday", "month", "year")
TIME_UNITS = {"minute": 1, "workminute": 1, "hour": 60}  # unit -> minutes
STARTS = ("same_day", "next_day", "next_workday", "next_month", "instant")
ENDS = ("end_of_day", "end_of_hours", "instant")
ROLLS = ("none", "next_workday", "previous_workday")
PAUSES = ("none", "whole_days", "touching_days", "minutes")
LIGHTS = ("green", "blue", "yellow", "orange", "red", "grey")
EVENT_KINDS = (
    "pause", "extension_asked", "extension_granted", "extension_refused", "excuse", "accepted",
    "supplement_asked", "done", "reopened", "progress", "withdrawn",
)  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """So many units of time, such as 10 workdays."""

    n: int
    unit: str


@dataclass(frozen=True)
class Threshold:
    """A point on the way: `kind` is used_percent, used, left or over; `n` per cent or units."""

    id: str
    kind: str
    n: int
    unit: str | None = None
    light: str = "yellow"


@dataclass(frozen=True)
class ExtensionRule:
    """
    How often a limit may be extended, when it must be asked for, what a grant must name, and by how much if no new
    day.
    """

    max_times: int | None = None
    asked: str = "before_due"
    needs: tuple[str, ...] = ()
    by: Amount | None = None


@dataclass(frozen=True)
class ExcuseRule:
    """When a reason for lateness counts: handed in `before_due` or `any_time`, naming what `needs` lists."""

    asked: str = "before_due"
    needs: tuple[str, ...] = ("accepted_by",)


@dataclass(frozen=True)
class StreakRule:
    """So many missed turns running are a state of their own."""

    n: int
    late: str = "counts"  # counts | breaks: a turn done late
    excused: str = "breaks"  # breaks | left_out
    light: str = "red"


@dataclass(frozen=True)
class PauseReason:
    """A lawful reason of suspension and its limits."""

    max_times: int | None = None
    max_days: int | None = None


@dataclass(frozen=True)
class ClockRule:
    """
    One clock of a policy. Exactly one of `budget` and `by` is set, save that `every` alone is due at its turn's end.
    """

    id: str
    budget: Amount | None = None
    by: Deadline | None = None
    start: str = "next_day"
    ends: str = "end_of_day"
    roll: str = "none"
    pauses: str = "none"
    thresholds: tuple[Threshold, ...] = ()
    extension: ExtensionRule | None = None
    excuse: ExcuseRule | None = None
    promise: Amount | None = None
    starts_on: str | None = None
    starts_on_event: str | None = None
    parent: str | None = None
    cap: bool = False
    resets_on: tuple[str, ...] = ()
    done_on: tuple[str, ...] = ()
    every: Recurrence | None = None
    streak: StreakRule | None = None
    deemed_acceptance: Amount | None = None
    reopening: str = "resume"
    kind: str = "limit"
    light: str = "red"
    title: str | None = None


@dataclass(frozen=True)
class Policy:
    """A file of clocks that run on one kind of matter."""

    id: str
    file: str
    basis: Mapping[str, str | None]
    valid_from: date | None
    valid_to: date | None
    zone: ZoneInfo
    layers: tuple[str, ...]
    beside: Path
    hours: tuple[tuple[int, int], ...]  # office hours as minutes of the day, half-open; empty: the whole day
    pause_reasons: Mapping[str, PauseReason] | None
    clocks: tuple[ClockRule, ...]
    example: bool = False
    title: str | None = None
    known_at: int | None = None
    replaces: Policy | None = None

    def in_force(self, *, issued_on: date, known_at: int | None = None) -> Policy:
        """Give the edition for a matter: this one, or the one it replaces where it isn't valid yet or wasn't known."""
        unknown = known_at is not None and self.known_at is not None and self.known_at > known_at
        too_new = self.valid_from is not None and issued_on < self.valid_from
        if self.replaces is None or not (unknown or too_new):
            return self
        return self.replaces.in_force(issued_on=issued_on, known_at=known_at)


@dataclass(frozen=True)
class Event:
    """
    Something that happened to a matter. `start` is its instant; `end` (pauses: half-open; excuses and grants: the end
    of
    the day or instant named) is None when open or not given. `end_on` is the day named as `to`.
    """

    kind: str
    start: int
    end: int | None = None
    end_on: date | None = None
    reason: str | None = None
    known_at: int | None = None
    by: str | None = None
    clock: str | None = None
    key: str | None = None
    matter: str | None = None
    line: int | None = None
    file: str | None = None


@dataclass(frozen=True)
class Matter:
    """
    What the clocks run on: when it was issued, what happened, and at which slip of a chain it began (None: the
    first).
    """

    issued: int
    events: tuple[Event, ...] = ()
    id: str | None = None
    begin: str | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of time left out of counting: half-open, with its reason."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Step:
    """
    One line of the proof sheet. `did` is counted, skipped or paused; `weight` what the day adds to the count (1, or
    microseconds when time is counted); `free` the stretches of it that ran, where time is counted.
    """

    day: date
    did: str
    weight: int
    why: tuple[str, ...] = ()
    notice: str | None = None
    estimated: bool = False
    free: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Fired:
    """A threshold of an answer: when it falls, and whether it has by now."""

    id: str
    at: int
    fired: bool
    version: int
    light: str


@dataclass(frozen=True)
class Run:
    """
    A clock run over its calendar: where it is due and the proof of it. All the rest of an answer is derived from
    this.
    """

    due_at: int
    due_on: date
    unrolled_on: date
    steps: tuple[Step, ...]
    goal: int  # counted days (or microseconds) at which the limit is reached
    version: int = 0
    extensions: tuple[Mapping[str, object], ...] = ()
    findings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a clock says: JSON-ready fields in the order they are printed, and what later steps need of it."""

    rule: ClockRule
    fields: Mapping[str, object]
    run: Run | None = None
    started_at: int | None = None
    done_at: int | None = None
    excused: bool = False
    excused_until: int | None = None
    thresholds: tuple[Fired, ...] = ()
    findings: tuple[Problem, ...] = field(default=())
