"""
How duties recur and what 'by when' can mean: the words that clocks, and texts turned into tasks, share.

A `Recurrence` is 'every month', 'every half month', 'every 2 weeks'. A `Deadline` is 'by the 25th', 'on the last working
day of the month', 'within 3 days of the month's end', 'inside the year'. Pure; days only. Months are counted as the
Civil Code (民法典, art. 202) does: the day of the same number, or the month's last day where there is none.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

DAY = timedelta(days=1)

# Calendar spans: a duty 'every month' has one period a month whatever the day it was given on.
SPANS = ("day", "workday", "week", "ten_days", "half_month", "month", "quarter", "half_year", "year")
# Units of rolling recurrence ('every 2 weeks'): counted from the day the duty was given.
ROLLING_UNITS = ("day", "workday", "week", "month", "year")
# What `by` may say, as key -> the further keys it needs.
DEADLINES = {
    "day": (),
    "day_of_month": (),
    "workday_of_month": (),
    "day_of_week": (),
    "month_day": (),
    "last": (),
    "after": ("n", "unit"),
    "inside": (),
}
LAST = tuple(f"{kind}_of_{span}" for kind in ("day", "workday") for span in SPANS[2:])
AFTER = tuple(f"{span}_end" for span in SPANS[2:])
INSIDE = SPANS[2:]


class Workdays(Protocol):
    """What is needed of a calendar (`luodi.kernel.workdays.Calendar` fits)."""

    def add_workdays(self, day: date, n: int) -> date:
        """Count n workdays after the day."""

    def on_or_before(self, day: date) -> date:
        """Find the day if worked, else the workday before."""

    def next_workday(self, day: date) -> date:
        """Find the first workday after the day."""


@dataclass(frozen=True)
class Period:
    """One turn of a duty: its days, both included, and its name (`2026-09`, `2026-09-a`, `2026-W38`, `#3`)."""

    first: date
    last: date
    name: str


@dataclass(frozen=True)
class Recurrence:
    """Every `unit` (n None: a calendar span) or every n units rolling from the day the duty was given."""

    unit: str
    n: int | None = None


@dataclass(frozen=True)
class Deadline:
    """
    By when. `kind` is a key of DEADLINES; `at` its value: a day, a number (of a day of the month, of a workday of the
    month, of a weekday with Monday 1), (month, day), or a word of LAST, AFTER or INSIDE; `n` and `unit` belong to `after`.
    """

    kind: str
    at: date | int | str | tuple[int, int]
    n: int = 0
    unit: str = "day"


def month_end(day: date) -> date:
    """Give the last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, n: int) -> date:
    """Give the day of the same number n months on (n may be negative), or that month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_of_months(first: date, n: int) -> date:
    """
    Give the last of n months of which `first` is the first counted day: the day before the one of the same number, or
    the month's last day where there is none (1 March: 31 March; 30 January: 28 or 29 February).
    """
    same = add_months(first, n)
    return same - DAY if same.day == first.day else same


def span_of(day: date, span: str) -> Period:
    """Give the calendar span that holds the day."""
    year, month = day.year, day.month
    if span in ("day", "workday"):
        return Period(day, day, day.isoformat())
    if span == "week":
        first = day - DAY * day.weekday()
        return Period(first, first + DAY * 6, f"{day.isocalendar().year}-W{day.isocalendar().week:02}")
    if span in ("ten_days", "half_month"):
        starts = (1, 11, 21) if span == "ten_days" else (1, 16)
        part = max(i for i, start in enumerate(starts) if day.day >= start)
        last = day.replace(day=starts[part + 1] - 1) if part + 1 < len(starts) else month_end(day)
        return Period(day.replace(day=starts[part]), last, f"{year}-{month:02}-{'abc'[part]}")
    length = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[span]
    part = (month - 1) // length
    first = date(year, part * length + 1, 1)
    name = {"month": f"{year}-{month:02}", "quarter": f"{year}-Q{part + 1}", "half_year": f"{year}-H{part + 1}"}
    return Period(first, month_end(add_months(first, length - 1)), name.get(span, str(year)))


def periods(recurrence: Recurrence, given: date, calendar: Workdays) -> Iterator[Period]:
    """Yield the turns of a duty given on a day, without end: spans from the one that holds it, or rolling ones after it."""
    if recurrence.n is None:
        day = given if recurrence.unit != "workday" else calendar.next_workday(given - DAY)
        while True:
            period = span_of(day, recurrence.unit)
            yield period
            day = period.last + DAY if recurrence.unit != "workday" else calendar.next_workday(period.last)
    turn, last = 0, given
    while True:
        turn += 1
        first, last = last + DAY, shift(given, recurrence.n * turn, recurrence.unit, calendar)
        yield Period(first, last, f"#{turn}")


def shift(day: date, n: int, unit: str, calendar: Workdays) -> date:
    """Move a day on by n days, workdays, weeks, months or years."""
    if unit == "workday":
        return calendar.add_workdays(day, n)
    if unit in ("month", "year"):
        return add_months(day, n * (12 if unit == "year" else 1))
    return day + DAY * n * (7 if unit == "week" else 1)


def due_day(deadline: Deadline, day: date, calendar: Workdays) -> date:
    """
    Find the first day on or after `day` that the deadline names; `after` counts from the end of the span that holds `day`.

    A fixed day is given as it is, though it may be past. Raises OverflowError beyond the year 9999.
    """
    kind, at = deadline.kind, deadline.at
    if isinstance(at, date):
        return at
    if kind == "after":
        return shift(span_of(day, str(at).removesuffix("_end")).last, deadline.n, deadline.unit, calendar)
    if kind == "inside":
        return span_of(day, str(at)).last
    if kind == "day_of_week" and isinstance(at, int):
        return day + DAY * ((at - day.isoweekday()) % 7)
    span = str(at).split("_of_")[1] if kind == "last" else "year" if kind == "month_day" else "month"
    within = span_of(day, span)
    while (found := _in_span(deadline, within, calendar)) < day:  # past already, or a week without a workday
        within = span_of(within.last + DAY, span)
    return found


def _in_span(deadline: Deadline, period: Period, calendar: Workdays) -> date:
    """Find the day that the deadline names inside one span."""
    at = deadline.at
    if isinstance(at, tuple):
        month, number = at
        return add_months(period.first, month - 1) + DAY * (min(number, monthrange(period.first.year, month)[1]) - 1)
    if isinstance(at, str):
        return calendar.on_or_before(period.last) if at.startswith("workday") else period.last
    if deadline.kind == "workday_of_month":
        return calendar.add_workdays(period.first - DAY, int(str(at)))
    return period.first.replace(day=min(int(str(at)), period.last.day))
