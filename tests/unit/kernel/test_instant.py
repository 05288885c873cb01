"""Instants: whole microseconds, days of the city."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.kernel import instant

INSTANTS = st.integers(instant.start_of(date(1950, 1, 1)), instant.start_of(date(2999, 1, 1)))


@given(INSTANTS)
def test_written_and_read_back_an_instant_is_the_same(at):
    assert instant.from_iso(instant.iso(at)) == at
    assert instant.from_datetime(instant.to_datetime(at)) == at


@given(INSTANTS)
def test_an_instant_lies_in_its_day(at):
    day = instant.day_of(at)
    assert instant.start_of(day) <= at <= instant.end_of(day)


def test_a_day_is_the_citys_day():
    assert instant.iso(instant.start_of(date(2024, 5, 1))) == "2024-04-30T16:00:00.000000Z"
    assert instant.day_of(instant.from_datetime(datetime(2024, 4, 30, 16, tzinfo=UTC))) == date(2024, 5, 1)
    assert instant.end_of(date(2024, 5, 1)) + 1 == instant.start_of(date(2024, 5, 2))
    assert instant.end_of(date(2024, 5, 1)) < instant.END_OF_TIME


def test_a_naive_time_is_no_instant():
    with pytest.raises(ValueError, match="time zone"):
        instant.from_datetime(datetime(2024, 5, 1))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["2024-05-01T00:00:00Z", "2024-05-01T08:00:00.000000+08:00", "soon"])
def test_another_writing_is_not_read(text):
    with pytest.raises(ValueError):
        instant.from_iso(text)
