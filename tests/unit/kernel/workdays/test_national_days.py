"""Every day of 2004 to 2026 against two calendar libraries and against notices typed a second time."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
import yaml

from luodi.kernel.workdays import load_calendar

HERE = Path(__file__).parent
DAYS = [date(2004, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]
CN = holidays.country_holidays("CN", years=range(2003, 2028))
LIBRARIES = {"chinesecalendar": chinese_calendar.is_workday, "holidays": CN.is_working_day}
NOTICES = yaml.safe_load((HERE / "notices.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def calendar():
    return load_calendar(["cn"])


def settled(library):
    with (HERE / "differences.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["library"] == library]


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_difference_is_settled_by_a_notice(calendar, library):
    differing = [day.isoformat() for day in DAYS if calendar.is_workday(day) != LIBRARIES[library](day)]
    rows = settled(library)
    assert differing == [row["day"] for row in rows]
    for row in rows:
        fact = calendar.fact(date.fromisoformat(row["day"]))
        assert ("work" if fact.works else "off") == row["ours"] != row["theirs"]
        assert fact.notice == row["notice"]
        assert row["clause"]


def test_8401_days_are_compared():
    assert len(DAYS) == 8401


@pytest.mark.parametrize("year", NOTICES)
def test_a_year_typed_again_from_its_notice_is_the_same(calendar, year):
    off, work = set(), set()
    for clause in NOTICES[year]:
        first, last = clause["free"]
        off |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
        work |= set(clause["work"])
    days = [date(year - 1, 12, 20) + timedelta(days=n) for n in range(365)]
    for day in days:
        fact = calendar.fact(day)
        assert fact.works == (day in work or (day.weekday() < 5 and day not in off)), day
        assert bool(fact.notice) == (day in off or day in work), day


def test_every_day_of_an_announced_year_is_announced(calendar):
    assert {calendar.status(day) for day in DAYS} == {"announced"}
