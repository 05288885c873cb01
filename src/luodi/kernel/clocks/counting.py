"""
Counting time along a calendar: which days (or stretches of them) count, and when a count is reached.

A meter counts either whole days (each counted, skipped or paused) or time itself (microseconds inside office hours or
round the clock, less what was paused). Nothing here knows of budgets, events or policies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from luodi.kernel import instant
from luodi.kernel.clocks.values import TIME_UNITS, Span, Step
from luodi.kernel.problem import Problem, Refused
from luodi.kernel.workdays import Calendar

DAY = timedelta(days=1)
MINUTE = 60_000_000
FULL_DAY = 1440 * MINUTE
# No lawful limit is longer; a walk that gets here would never end (a calendar without workdays).
TOO_FAR_DAYS = 80_000

Stretches = tuple[tuple[int, int], ...]


class TooFar(Refused):
    """A limit lies so far off that it is a mistake in the policy or in the calendar."""

    code = "clock.too_far"


@dataclass(frozen=True)
class Meter:
    """How one clock counts: its unit (month and year count in days), how pauses work on it, its calendar and hours."""

    unit: str
    mode: str
    calendar: Calendar
    zone: ZoneInfo
    hours: tuple[tuple[int, int], ...]
    pauses: tuple[Span, ...] = ()
    _starts: dict[date, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def counts_time(self) -> bool:
        """Tell whether stretches of time are counted rather than whole days."""
        return self.unit in TIME_UNITS or self.mode == "minutes"

    @property
    def per_unit(self) -> int:
        """Tell what one unit weighs: 1 day, or its microseconds (a workday: its office hours)."""
        if self.unit in TIME_UNITS:
            return TIME_UNITS[self.unit] * MINUTE
        if not self.counts_time:
            return 1
        office = sum(end - start for start, end in self.hours) * MINUTE
        return office if self.unit == "workday" and office else FULL_DAY

    def start_of(self, day: date) -> int:
        """Give the first instant of a day."""
        found = self._starts.get(day)
        if found is None:
            found = self._starts[day] = instant.start_of(day, self.zone)
        return found

    def end_of(self, day: date) -> int:
        """Give the instant at which a day is over: the next one's first."""
        return self.start_of(day + DAY)

    def office(self, day: date) -> Stretches:
        """Give the office hours of a day, worked or not; without hours the whole day."""
        first, end = self.start_of(day), self.end_of(day)
        if not self.hours:
            return ((first, end),)
        if end - first == FULL_DAY:
            return tuple((first + a * MINUTE, first + b * MINUTE) for a, b in self.hours)
        return tuple((self._wall(day, a), self._wall(day, b)) for a, b in self.hours)

    def _wall(self, day: date, minute: int) -> int:
        """Find the instant of a wall-clock minute on a day on which clocks are changed."""
        if minute == 1440:
            return self.end_of(day)
        return instant.from_datetime(datetime.combine(day, time(minute // 60, minute % 60), self.zone))

    def reasons(self, stretches: Stretches) -> tuple[str, ...]:
        """Name the reasons of the pauses that touch these stretches, each once, in order."""
        touching = (
            pause.reason for pause in self.pauses if any(pause.start < b and pause.end > a for a, b in stretches)
        )
        return tuple(dict.fromkeys(touching))

    def step(self, day: date, since: int) -> Step:
        """Tell what a day does to the count; `since` is the instant before which nothing counts."""
        fact = self.calendar.fact(day)
        estimated = fact.status == "estimated"
        works_only = self.unit in ("workday", "workminute")
        if works_only and not fact.works:
            return Step(day, "skipped", 0, fact.why, fact.notice, estimated)
        why = tuple(word for word in fact.why if word == "make-up") if works_only else ()
        notice = fact.notice if why else None
        if self.mode in ("whole_days", "touching_days") and self._left_out(day):
            return Step(day, "paused", 0, self.reasons(self.office(day)), notice, estimated)
        if not self.counts_time:
            return Step(day, "counted", 1, why, notice, estimated)
        return self._time_step(Step(day, "counted", 0, why, notice, estimated), since)

    def _left_out(self, day: date) -> bool:
        office = self.office(day)
        ran = without(office, self.pauses)
        return not ran if self.mode == "whole_days" else ran != office

    def _time_step(self, step: Step, since: int) -> Step:
        day = step.day
        inside = (
            self.office(day) if self.unit in ("workday", "workminute") else ((self.start_of(day), self.end_of(day)),)
        )
        own = tuple((max(a, since), b) for a, b in inside if b > since)
        free = without(own, self.pauses) if self.mode == "minutes" else own
        weight = sum(b - a for a, b in free)
        why = step.why + (self.reasons(own) if free != own else ())
        return Step(day, "counted" if weight or not own else "paused", weight, why, step.notice, step.estimated, free)


def without(stretches: Stretches, pauses: Sequence[Span]) -> Stretches:
    """Take pauses out of stretches. Overlapping pauses take their common time once; empty ones take nothing."""
    left = stretches
    for pause in pauses:
        if pause.end <= pause.start or not left or pause.end <= left[0][0] or pause.start >= left[-1][1]:
            continue
        left = tuple(_cut(left, pause))
    return left


def _cut(stretches: Stretches, pause: Span) -> Iterator[tuple[int, int]]:
    for a, b in stretches:
        if a < min(b, pause.start):
            yield a, min(b, pause.start)
        if max(a, pause.end) < b:
            yield max(a, pause.end), b


def walk(meter: Meter, first: date, since: int, goal: int) -> tuple[Step, ...]:
    """
    Count from the first day until the goal is reached; the last step is the day that reaches it. A goal of 0: no
    steps.
    """
    steps: list[Step] = []
    count, day = 0, first
    while count < goal:
        if len(steps) > TOO_FAR_DAYS or day.year > 9900:
            raise TooFar(Problem(TooFar.code, params={"day": day.isoformat()}))
        step = meter.step(day, since)
        steps.append(step)
        count += step.weight
        day += DAY
    return tuple(steps)


def walk_through(meter: Meter, first: date, since: int, last: date) -> tuple[Step, ...]:
    """Count from the first day through the last, both included; none when last is before first."""
    return tuple(meter.step(first + DAY * n, since) for n in range((last - first).days + 1))


def reached(steps: Sequence[Step], goal: int) -> tuple[date, int | None] | None:
    """
    Find the day on which the count reaches a goal above 0, and where time is counted the instant; None if it never
    does.
    """
    count = 0
    for step in steps:
        count += step.weight
        if count >= goal:
            return step.day, _instant_in(step, step.weight - (count - goal)) if step.free else None
    return None


def _instant_in(step: Step, weight: int) -> int:
    """Find the earliest instant by which so much of the step's time has run (more than none, at most all of it)."""
    for a, b in step.free[:-1]:
        if weight <= b - a:
            return a + weight
        weight -= b - a
    return step.free[-1][0] + weight


def run_until(steps: Sequence[Step], moment: int) -> int:
    """Sum the time that ran before a moment."""
    return sum(max(0, min(b, moment) - a) for step in steps for a, b in step.free)
