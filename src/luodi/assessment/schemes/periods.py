"""
Periods as labels of data: 2026, 2026H1, 2026Q1, 2026-03. Which comes before which, and what lies in a year.

A label of another form is still a period: such ones are ordered as text and have no calendar neighbours, so that
`previous` is the one before in the data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

FORMS = (
    (re.compile(r"(\d{4})"), 12),
    (re.compile(r"(\d{4})-?H([12])"), 6),
    (re.compile(r"(\d{4})-?Q([1-4])"), 3),
    (re.compile(r"(\d{4})-?(0[1-9]|1[0-2])"), 1),
)
WRITTEN = {12: "{year}", 6: "{year}{dash}H{part}", 3: "{year}{dash}Q{part}", 1: "{year}{dash}{part:02d}"}


@dataclass(frozen=True)
class Span:
    """A period of the calendar: the month it begins with (counted from year 0) and its length in months."""

    first: int
    months: int
    dash: bool

    def begins(self) -> date:
        """Give the first day."""
        return date(self.first // 12, self.first % 12 + 1, 1)

    def ends(self) -> date:
        """Give the last day."""
        after = self.first + self.months
        return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


@lru_cache(maxsize=1024)
def span(label: str) -> Span | None:
    """Read a label; None when it has no known form."""
    for form, months in FORMS:
        match = form.fullmatch(label)
        if match:
            year, part = int(match[1]), int(match[2]) if months < 12 else 1
            return Span(year * 12 + (part - 1) * months, months, "-" in label)
    return None


def label(of: Span) -> str:
    """Write a span in the form it was read."""
    part = of.first % 12 // of.months + 1
    return WRITTEN[of.months].format(year=of.first // 12, part=part, dash="-" if of.dash else "")


def key(period: str) -> tuple[int, int, str]:
    """Order periods: by their last day, the shorter first; labels of another form after all others."""
    known = span(period)
    return (1 << 30, 0, period) if known is None else (known.first + known.months, known.months, "")


def back(period: str | None, steps: int, known: Sequence[str]) -> str | None:
    """Go `steps` periods back: by the calendar, or along the `known` ones where the label has no known form."""
    if period is None or steps == 0:
        return period
    here = span(period)
    if here is not None:
        return label(Span(here.first - steps * here.months, here.months, here.dash))
    earlier = [one for one in sorted(known, key=key) if key(one) < key(period) and span(one) is None]
    return earlier[-steps] if len(earlier) >= steps else None


def year_before(period: str | None) -> str | None:
    """Give the same period of the year before; None when the label has no known form."""
    here = span(period) if period else None
    return None if here is None else label(Span(here.first - 12, here.months, here.dash))


def accounting_year(period: str, starts: int) -> int | None:
    """Tell in which accounting year (beginning with month `starts`) a period begins; None for unknown forms."""
    here = span(period)
    return None if here is None else (here.first - (starts - 1)) // 12


def period_of(like: str | None, day: date | None) -> str | None:
    """Name the period of the length of `like` that a day lies in; None without a day or a known form."""
    here = span(like) if like else None
    if here is None or day is None:
        return None
    month = day.year * 12 + day.month - 1
    return label(Span(month - (month - here.first) % here.months, here.months, here.dash))


def part_of_year(period: str, months: int) -> int | None:
    """Number the stretch of `months` (1, 3, 6, 12) a period begins in; None for unknown forms."""
    here = span(period)
    return None if here is None else here.first // months
