"""
The statutory feasts of a year: what can be known of it before its holiday notice is published.

Source: 全国年节及纪念日放假办法, in its revisions of 1999, 2007, 2013 and 2024 (what follows from each is the table DAYS_OFF).
A feast day that falls on a Saturday or Sunday is made up on the next working day. Notices then join days off with
weekends
and have other weekends worked: that part can't be computed, only bounded (`most_work`, `least_work`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
DAY = timedelta(days=1)

# First year of each revision -> days off per feast, as offsets from the feast's own day (spring: from the first lunar
# day).
DAYS_OFF: Mapping[int, Mapping[str, range]] = {
    2000: {"new_year": range(1), "spring": range(3), "labour": range(3), "national": range(3)},
    2008: {
        "new_year": range(1), "spring": range(-1, 2), "qingming": range(1), "labour": range(1),
        "dragon_boat": range(1), "mid_autumn": range(1), "national": range(3),
    },
    2014: {
        "new_year": range(1), "spring": range(3), "qingming": range(1), "labour": range(1),
        "dragon_boat": range(1), "mid_autumn": range(1), "national": range(3),
    },
    2025: {
        "new_year": range(1), "spring": range(-1, 3), "qingming": range(1), "labour": range(2),
        "dragon_boat": range(1), "mid_autumn": range(1), "national": range(3),
    },
}  # fmt: skip

# How far notices have stretched a feast since 2008: days off before and after its own day, at the most.
STRETCH: Mapping[str, tuple[int, int]] = {
    "new_year": (2, 2), "spring": (2, 8), "qingming": (2, 2), "labour": (2, 5),
    "dragon_boat": (2, 2), "mid_autumn": (3, 3), "national": (2, 8),
}  # fmt: skip

# Weekend days that notices have had worked lay at most this many days outside the stretched feast (20 September 2026:
# 9).
MAKE_UP_REACH = 10

LUNAR = ("spring", "dragon_boat", "mid_autumn")


@dataclass(frozen=True)
class Feast:
    """
    A feast of one year: its own day, its days off by law, and all its days off, those made up for lost ones included.
    """

    id: str
    day: date
    statutory: tuple[date, ...]
    off: tuple[date, ...]


@cache
def _lunar_days() -> Mapping[int, Mapping[str, date]]:
    with (DATA / "lunar.csv").open(encoding="utf-8") as file:
        return {
            int(row["year"]): {feast: date.fromisoformat(row[feast]) for feast in LUNAR} for row in csv.DictReader(file)
        }


def qingming(year: int) -> date:
    """Tell the day of Qingming (4 or 5 April), by the rule of thumb that holds from 2000 to 2099."""
    short = year - 2000
    return date(year, 4, (short * 2422 + 48100) // 10000 - short // 4)


def own_days(year: int) -> dict[str, date]:
    """Tell the feasts' own days; lunar ones and Qingming are known for 2000 to 2099 only."""
    days = {"new_year": date(year, 1, 1), "labour": date(year, 5, 1), "national": date(year, 10, 1)}
    lunar = _lunar_days().get(year)
    return {**days, **lunar, "qingming": qingming(year)} if lunar else days


@cache
def feasts(year: int) -> tuple[Feast, ...]:
    """Estimate a year's feasts by the law in force, in order of their days."""
    law = DAYS_OFF[max((first for first in DAYS_OFF if first <= year), default=min(DAYS_OFF))]
    own = sorted((day, feast) for feast, day in own_days(year).items() if feast in law)
    statutory = {day + DAY * offset for day, feast in own for offset in law[feast]}
    taken: set[date] = set()
    result = []
    for day, feast in own:
        days = [day + DAY * offset for offset in law[feast]]
        result.append(Feast(feast, day, tuple(days), tuple(_made_up(days, statutory, taken))))
    return tuple(result)


def _made_up(days: list[date], statutory: set[date], taken: set[date]) -> Iterator[date]:
    """
    Yield the days off, and for each that is lost (on a weekend, or already another feast's) the next free working
    day.
    """
    lost = 0
    for day in days:
        lost += day.weekday() > 4 or day in taken
        taken.add(day)
        yield day
    day = days[-1]
    while lost:
        day += DAY
        if day.weekday() < 5 and day not in statutory and day not in taken:
            lost -= 1
            taken.add(day)
            yield day


def stretched(feast: Feast) -> tuple[date, date]:
    """Tell the first and last day that a notice may put off work for this feast."""
    before, after = STRETCH[feast.id]
    return feast.day - DAY * before, max(feast.day + DAY * after, feast.off[-1])


def may_be_off(feast: Feast, day: date) -> bool:
    """Tell whether a notice may plausibly make the day a day off for this feast."""
    first, last = stretched(feast)
    return first <= day <= last


def may_be_worked(feast: Feast, day: date) -> bool:
    """Tell whether a notice may plausibly have this weekend day worked for this feast."""
    first, last = stretched(feast)
    return first - DAY * MAKE_UP_REACH <= day <= last + DAY * MAKE_UP_REACH
