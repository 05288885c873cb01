"""
Periods of reporting: ten days, months, January and February as one, quarters, halves, accounting years.

A label is what people and files write (`2024-05`, `2024-01..02`, `2024-05-上旬`, `2024-Q2`, `2024-H1`, `2024`).
Months are calendar months; quarters, halves and years belong to the accounting year, which may begin in another month
and is then named after the year it ends in. Spans are half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from luodi.kernel.problem import Refused


class BadPeriod(Refused):
    """The label is not a period. Parameters: `found`."""

    code = "period.unreadable"


class Kind(StrEnum):
    """How long a period is, shortest first."""

    TEN_DAYS = "ten_days"
    MONTH = "month"
    JAN_FEB = "jan_feb"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


# The years that labels may name: what a city can have on file, short of where dates end.
FIRST_YEAR, LAST_YEAR = 1900, 9998
TEN_DAYS = ("上旬", "中旬", "下旬")
MONTHS_IN = {Kind.MONTH: 1, Kind.JAN_FEB: 2, Kind.QUARTER: 3, Kind.HALF: 6, Kind.YEAR: 12}
SHAPE = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})(?:-(?P<ten>上旬|中旬|下旬))?|(?P<merged>01\.\.02)|Q(?P<quarter>[1-4])|H(?P<half>[12])))?"
)


@dataclass(frozen=True, order=True)
class Period:
    """A reporting period: `first` day, `ends_before` (the first day after it), and its label."""

    first: date
    ends_before: date
    label: str
    kind: Kind

    @cached_property
    def last(self) -> date:
        """The period's last day: D of indicators.md."""
        return self.ends_before - timedelta(days=1)

    def covers(self, other: Period) -> bool:
        """Tell whether the other period lies whole inside this one."""
        return self.first <= other.first and other.ends_before <= self.ends_before

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class AccountingYear:
    """How a city counts its year: the month it begins in, and whether January and February are one period."""

    begins_in: int = 1
    merge_jan_feb: bool = False

    def named(self, name: int) -> Period:
        """Give the accounting year of that name."""
        first = add_months(date(name if self.begins_in == 1 else name - 1, self.begins_in, 1), 0)
        return Period(first, add_months(first, 12), str(name), Kind.YEAR)

    def of(self, day: date) -> Period:
        """Give the accounting year that a day falls into."""
        name = day.year if self.begins_in == 1 or day.month < self.begins_in else day.year + 1
        return self.named(name)

    def month_of(self, day: date) -> Period:
        """Give the month (or the merged January-February) that a day falls into."""
        if self.merge_jan_feb and day.month <= 2:
            return jan_feb(day.year)
        return month(day.year, day.month)

    def months(self, year: int) -> tuple[Period, ...]:
        """List the reporting months of an accounting year in order, January-February merged where the city does so."""
        return tuple(self.inside(self.named(year)))

    def inside(self, span: Period) -> Iterator[Period]:
        """List the reporting months whose last day lies in a span."""
        day = span.first
        while day < span.ends_before:
            found = self.month_of(day)
            if found.last < span.ends_before:
                yield found
            day = found.ends_before

    def before(self, period: Period) -> Period:
        """Give the period of the same kind just before this one."""
        return self._beside(period, period.first - timedelta(days=1))

    def after(self, period: Period) -> Period:
        """Give the period of the same kind just after this one."""
        return self._beside(period, period.ends_before)

    def _beside(self, period: Period, day: date) -> Period:
        if period.kind in (Kind.MONTH, Kind.JAN_FEB):
            return self.month_of(day)
        if period.kind is Kind.TEN_DAYS:
            return ten_days(day.year, day.month, min((day.day - 1) // 10, 2))
        year = self.of(day)
        parts = 12 // MONTHS_IN[period.kind]
        return next(
            part
            for part in (self._part(year, period.kind, n) for n in range(parts))
            if part.first <= day < part.ends_before
        )

    def _part(self, year: Period, kind: Kind, n: int) -> Period:
        length = MONTHS_IN[kind]
        first = add_months(year.first, n * length)
        suffix = {Kind.QUARTER: f"-Q{n + 1}", Kind.HALF: f"-H{n + 1}", Kind.YEAR: ""}[kind]
        return Period(first, add_months(first, length), year.label + suffix, kind)

    def parse(self, label: str) -> Period:
        """
        Read a label.

        :raises BadPeriod: if it is none of the shapes of indicators.md, or names month 13
        """
        match = SHAPE.fullmatch(label.strip())
        if match is None:
            raise BadPeriod(found=label)
        year = int(match["year"])
        if not FIRST_YEAR <= year <= LAST_YEAR or (match["month"] and not 1 <= int(match["month"]) <= 12):
            raise BadPeriod(found=label)
        if match["ten"]:
            return ten_days(year, int(match["month"]), TEN_DAYS.index(match["ten"]))
        if match["month"]:
            return month(year, int(match["month"]))
        if match["merged"]:
            return jan_feb(year)
        if match["quarter"]:
            return self._part(self.named(year), Kind.QUARTER, int(match["quarter"]) - 1)
        if match["half"]:
            return self._part(self.named(year), Kind.HALF, int(match["half"]) - 1)
        return self.named(year)

    def year_before(self, period: Period) -> Period:
        """Give the same period one year earlier: the base of growth."""
        return self.parse(f"{int(period.label[:4]) - 1:04d}{period.label[4:]}")

    def year_to_date(self, period: Period) -> Period:
        """Give the span from the first day of the period's accounting year to its last day, labelled as the period."""
        return Period(self.of(period.last).first, period.ends_before, period.label, period.kind)


CALENDAR_YEAR = AccountingYear()


def add_months(first_of_month: date, n: int) -> date:
    """Give the first day of the month `n` months later."""
    years, month0 = divmod(first_of_month.month - 1 + n, 12)
    return date(first_of_month.year + years, month0 + 1, 1)


@lru_cache(maxsize=4096)
def month(year: int, number: int) -> Period:
    """Give a calendar month."""
    first = date(year, number, 1)
    return Period(first, add_months(first, 1), f"{year:04d}-{number:02d}", Kind.MONTH)


def jan_feb(year: int) -> Period:
    """Give January and February as the one period many cities report them in."""
    return Period(date(year, 1, 1), date(year, 3, 1), f"{year:04d}-01..02", Kind.JAN_FEB)


def ten_days(year: int, number: int, third: int) -> Period:
    """Give the first (0), second (1) or last (2) ten days 旬 of a month."""
    whole = month(year, number)
    first = whole.first + timedelta(days=10 * third)
    ends = whole.ends_before if third == 2 else first + timedelta(days=10)
    return Period(first, ends, f"{whole.label}-{TEN_DAYS[third]}", Kind.TEN_DAYS)
