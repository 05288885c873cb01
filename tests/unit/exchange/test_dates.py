"""Date formats that a mapping states."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.exchange import dates
from luodi.exchange.refusals import BadCell


def read(raw, *formats):
    return dates.reader([dates.compile_format(stated) for stated in formats])(raw)


@pytest.mark.parametrize(
    ("raw", "formats", "day"),
    [
        ("5/02/2016", ("D/M/YYYY",), date(2016, 2, 5)),
        ("5/02/2016 5:00:00 PM", ("D/M/YYYY", "D/M/YYYY h:mm:ss A"), date(2016, 2, 5)),
        ("2016-05-25 17:00:00", ("YYYY-MM-DD HH:mm:ss",), date(2016, 5, 25)),
        ("2016年5月25日", ("YYYY年M月D日",), date(2016, 5, 25)),
        ("42370", ("excel-1900",), date(2016, 1, 1)),
        (42370.75, ("excel-1900",), date(2016, 1, 1)),
        ("40908", ("excel-1904",), date(2016, 1, 1)),
        (date(2016, 1, 1), ("D/M/YYYY",), date(2016, 1, 1)),
        (datetime(2016, 1, 1, 9), ("D/M/YYYY",), date(2016, 1, 1)),  # noqa: DTZ001
    ],
)
def test_days_by_stated_formats(raw, formats, day):
    assert read(raw, *formats) == (day, False)


def test_a_format_without_a_day_is_a_month_alone():
    assert read("5/2016", "M/YYYY") == (date(2016, 5, 31), True)


def test_missing_is_missing():
    assert read("—", "D/M/YYYY") is None


def test_what_fits_no_format_is_refused_even_if_it_is_iso():
    with pytest.raises(BadCell, match=r"not_in_format"):
        read("2016-05-25", "D/M/YYYY")
    with pytest.raises(BadCell, match=r"not_in_format"):
        read("31/02/2016", "D/M/YYYY")
    with pytest.raises(BadCell, match=r"not_in_format"):
        read("60", "excel-1900")  # the leap day that 1900 never had


def test_what_two_formats_read_differently_is_refused():
    with pytest.raises(BadCell, match=r"day_two_ways"):
        read("5/02/2016", "D/M/YYYY", "M/D/YYYY")
    assert read("5/05/2016", "D/M/YYYY", "M/D/YYYY") == (date(2016, 5, 5), False)
    assert read("25/02/2016", "D/M/YYYY", "M/D/YYYY") == (date(2016, 2, 25), False)


@pytest.mark.parametrize("stated", ["D/M", "YYYY", "D/M/YYYY/M", "hello", "D/D/M/YYYY"])
def test_formats_that_name_no_day_are_refused(stated):
    with pytest.raises(ValueError, match=r"\w"):
        dates.compile_format(stated)


@given(
    st.dates(date(1905, 1, 1), date(2190, 12, 31)),
    st.sampled_from(["D/M/YYYY", "YYYY-MM-DD HH:mm:ss", "YYYY年M月D日", "excel-1900", "excel-1904", "M-D-YYYY h:mm A"]),
)
def test_written_days_read_back(day, stated):
    format_ = dates.compile_format(stated)
    assert dates.reader([format_])(dates.write(day, format_)) == (day, False)
