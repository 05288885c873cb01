"""
The days a plan lives on, numbered; and for each kind of matter the days it may be handed in and how its days count.

In a plan of working days the axis holds the days that the plan's calendar or some agency's works; in one of calendar
days it holds them all. Days are ordinals (date.toordinal) here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from luodi.kernel.workdays import Calendar
from luodi.scheduling.model import NEVER
from luodi.scheduling.values import Agency, PlanFile, Window

Pauses = tuple[tuple[int, int], ...]  # ordinals, both included


@dataclass(frozen=True)
class Kind:
    """What makes two matters count their days alike."""

    agency: str | None
    days_unit: str
    pauses: Pauses = ()
    window: Window | None = None


class Axis:
    """The numbered days between two ordinals, for one plan."""

    def __init__(self, plan: PlanFile, first: int, last: int) -> None:
        self.plan, self.first, self.last = plan, first, last
        self.extra = [agency for agency in plan.agencies.values() if agency.calendar is not None]
        every = range(first, last + 1)
        self.plan_days = [day for day in every if self.plan_works(day)]
        self.days = [day for day in every if self.plan_works(day) or self._somebody_works(day)]
        self.plain = self.plan_days == self.days
        self._kinds: dict[Kind, Counting] = {}

    def __len__(self) -> int:
        return len(self.days)

    def plan_works(self, day: int) -> bool:
        """Tell whether the day counts in the plan's unit."""
        return self.plan.unit == "day" or self.plan.calendar.is_workday(date.fromordinal(day))

    def _somebody_works(self, day: int) -> bool:
        return any(agency_works(self.plan, agency, day) for agency in self.extra)

    def index(self, day: int) -> int:
        """Give the number of the first day of the axis that is not before this one."""
        return bisect_left(self.days, day)

    def day(self, index: int) -> date:
        """Give the day of a number."""
        return date.fromordinal(self.days[index])

    def counting(self, kind: Kind) -> Counting:
        """Give how a kind of matter counts its days."""
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = Counting(self, kind)
        return found

    def units_between(self, first: int, end: int) -> int:
        """Count the plan's units from one ordinal up to, not including, another; negative when it is earlier."""
        return bisect_left(self.plan_days, end) - bisect_left(self.plan_days, first)

    def advance(self, day: int, lag: int, unit: str) -> int:
        """
        Give the index of the first day of the axis that lies `lag` working or calendar days on from an ordinal (back
        when it is negative). Counted in working days it starts from the first one that is not before.
        """
        if unit == "day":
            return self.index(day + lag)
        place = bisect_left(self.workdays, day) + lag
        if place >= len(self.workdays):
            return NEVER
        return self.index(self.workdays[place]) if place >= 0 else 0

    @cached_property
    def workdays(self) -> list[int]:
        """The working days of the plan's calendar."""
        if self.plan.unit == "workday":
            return self.plan_days
        calendar = self.plan.calendar
        return [day for day in self.plan_days if calendar.is_workday(date.fromordinal(day))]


def agency_works(plan: PlanFile, agency: Agency | None, day: int) -> bool:
    """Tell whether an agency (None: whoever follows the plan's calendar) works on a day."""
    calendar: Calendar = plan.calendar
    if agency is not None:
        if date.fromordinal(day) in agency.closed:
            return False
        calendar = agency.calendar or calendar
    return calendar.is_workday(date.fromordinal(day))


class Counting:
    """How one kind of matter counts: the days it may be handed in (`mask`) and the days that count towards its limit."""

    def __init__(self, axis: Axis, kind: Kind) -> None:
        self.axis, self.kind = axis, kind
        agency = axis.plan.agencies[kind.agency] if kind.agency else None
        as_the_plan = not kind.pauses and (agency is None or not (agency.closed or agency.calendar))
        every = range(axis.first, axis.last + 1)
        self.worked = axis.workdays if as_the_plan else [day for day in every if self._works(agency, day)]
        self.counted = self.worked if kind.days_unit == "workday" else self._calendar_days()
        hands = self._hand_in_days(agency)
        self.all_days = hands == axis.days
        self.mask = _mask(axis.days, hands)
        self.steady = self.counted == axis.days  # every day of the axis counts: lengths are the same everywhere
        self._ends: dict[int, tuple[int, ...]] = {}

    def _paused(self, day: int) -> bool:
        return any(first <= day <= last for first, last in self.kind.pauses)

    def _works(self, agency: Agency | None, day: int) -> bool:
        return not self._paused(day) and agency_works(self.axis.plan, agency, day)

    def _calendar_days(self) -> list[int]:
        return [day for day in range(self.axis.first, self.axis.last + 1) if not self._paused(day)]

    def _hand_in_days(self, agency: Agency | None) -> list[int]:
        """Give the days it may be handed in: worked days; in a plan of calendar days any day the agency isn't closed."""
        days = self.worked
        if self.axis.plan.unit == "day" and self.kind.days_unit == "day":
            closed = {day.toordinal() for day in agency.closed} if agency else set()
            days = [day for day in self.counted if day not in closed]
        window = self.kind.window
        return days if window is None else [day for day in days if window.holds(date.fromordinal(day))]

    def finish(self, start: int, days: int) -> int:
        """Give the last day (ordinal) of a matter handed in on a day; a matter of 0 days is over as it is handed in."""
        if not days:
            return start
        place = bisect_left(self.counted, start) + days - 1
        return self.counted[place] if place < len(self.counted) else NEVER

    def start_for(self, finish: int, days: int) -> int:
        """Give the day a matter was handed in if it took just its days up to `finish`."""
        place = bisect_right(self.counted, finish) - max(days, 1)
        return self.counted[max(place, 0)]

    def ends(self, days: int) -> tuple[int, ...]:
        """Give for each index the end (exclusive) of a matter that starts there, NEVER beyond the axis."""
        found = self._ends.get(days)
        if found is None:
            index, finish = self.axis.index, self.finish
            ends = (finish(day, days) for day in self.axis.days)
            found = self._ends[days] = tuple(NEVER if end >= NEVER else index(end + 1) for end in ends)
        return found

    def season_mask(self, days: int) -> bytes:
        """Mark the days from which a matter of so many days lies in one season as a whole."""
        window, axis = self.kind.window, self.axis
        if window is None or not window.whole or not days:
            return self.mask
        season_end = _season_ends(window, axis.first, axis.last)
        fits = bytearray(self.mask)
        for place, day in enumerate(axis.days):
            if fits[place] and self.finish(day, days) > season_end[day - axis.first]:
                fits[place] = 0
        return bytes(fits)


def _mask(days: Sequence[int], chosen: Sequence[int]) -> bytes:
    inside = set(chosen)
    return bytes(day in inside for day in days)


def _season_ends(window: Window, first: int, last: int) -> list[int]:
    """Give for each day of the axis the last day of the season it lies in; the day before it when it lies in none."""
    ends = [0] * (last - first + 1)
    end = last + 366  # a season still open at the end of the axis
    for day in range(last, first - 1, -1):
        if window.holds(date.fromordinal(day)):
            ends[day - first] = end
        else:
            ends[day - first] = end = day - 1
    return ends
