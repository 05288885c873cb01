"""Turns follow one another without gap; a deadline is the first of its kind."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.kernel import recurrence
from luodi.kernel.recurrence import Deadline, Recurrence
from luodi.kernel.workdays import load_calendar

CN = load_calendar(["cn"])
days = st.dates(date(2004, 1, 5), date(2026, 10, 1))
DEADLINES = [
    Deadline("day_of_month", 31), Deadline("day_of_month", 25), Deadline("workday_of_month", 3), Deadline("day_of_week", 2),
    Deadline("month_day", (2, 29)), *(Deadline("last", at) for at in recurrence.LAST),
]  # fmt: skip


@pytest.mark.parametrize("span", [span for span in recurrence.SPANS if span != "workday"])
@settings(max_examples=30, deadline=None)
@given(day=days)
def test_calendar_turns_tile_the_days(span, day):
    turns = list(islice(recurrence.periods(Recurrence(span), day, CN), 5))
    assert turns[0].first <= day <= turns[0].last
    for before, after in pairwise(turns):
        assert after.first == before.last + timedelta(days=1)
    assert len({turn.name for turn in turns}) == 5


@settings(max_examples=60, deadline=None)
@given(days, st.integers(1, 40), st.sampled_from(recurrence.ROLLING_UNITS))
def test_rolling_turns_tile_the_days(day, n, unit):
    turns = list(islice(recurrence.periods(Recurrence(unit, n), day, CN), 3))
    assert turns[0].first == day + timedelta(days=1)
    for before, after in pairwise(turns):
        assert after.first == before.last + timedelta(days=1)
    assert turns[2].last == recurrence.shift(day, 3 * n, unit, CN)


@pytest.mark.parametrize("deadline", DEADLINES, ids=str)
@settings(max_examples=30, deadline=None)
@given(day=days)
def test_a_deadline_is_the_first_of_its_kind(deadline, day):
    due = recurrence.due_day(deadline, day, CN)
    assert due >= day
    assert recurrence.due_day(deadline, due, CN) == due
    before = day
    while before < due:
        assert recurrence.due_day(deadline, before, CN) == due
        before += timedelta(days=1 + (due - before).days // 3)


def test_a_week_without_a_workday_has_no_last_one():
    """The first week of October 2012 was all holiday, and 29 September the last workday before it."""
    deadline = Deadline("last", "workday_of_week")
    assert recurrence.due_day(deadline, date(2012, 9, 29), CN) == date(2012, 9, 29)
    assert recurrence.due_day(deadline, date(2012, 9, 30), CN) == date(2012, 10, 12)


@given(days, st.integers(0, 60))
def test_months_added_and_counted(day, n):
    later = recurrence.add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day == min(day.day, recurrence.month_end(later).day)
    assert recurrence.last_day_of_months(day, n) in (later, later - timedelta(days=1))
