"""Periods: labels, neighbours, years that begin when the city says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.kernel.period import CALENDAR_YEAR, AccountingYear, BadPeriod, Kind, add_months, jan_feb, month, ten_days

MERGED = AccountingYear(merge_jan_feb=True)
SCHOOL_YEAR = AccountingYear(begins_in=7)
LABELS = st.one_of(
    st.builds("{:04d}-{:02d}".format, st.integers(1901, 2100), st.integers(1, 12)),
    st.builds(
        "{:04d}-{:02d}-{}".format,
        st.integers(1901, 2100),
        st.integers(1, 12),
        st.sampled_from(["上旬", "中旬", "下旬"]),
    ),
    st.builds("{:04d}-Q{}".format, st.integers(1901, 2100), st.integers(1, 4)),
    st.builds("{:04d}-H{}".format, st.integers(1901, 2100), st.integers(1, 2)),
    st.builds("{:04d}".format, st.integers(1901, 2100)),
)
CALENDARS = st.sampled_from([CALENDAR_YEAR, SCHOOL_YEAR])


@pytest.mark.parametrize(
    ("label", "first", "last", "kind"),
    [
        ("2024-05", date(2024, 5, 1), date(2024, 5, 31), Kind.MONTH),
        (" 2024-01..02 ", date(2024, 1, 1), date(2024, 2, 29), Kind.JAN_FEB),
        ("2024-05-上旬", date(2024, 5, 1), date(2024, 5, 10), Kind.TEN_DAYS),
        ("2024-05-中旬", date(2024, 5, 11), date(2024, 5, 20), Kind.TEN_DAYS),
        ("2024-05-下旬", date(2024, 5, 21), date(2024, 5, 31), Kind.TEN_DAYS),
        ("2024-Q2", date(2024, 4, 1), date(2024, 6, 30), Kind.QUARTER),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31), Kind.HALF),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), Kind.YEAR),
    ],
)
def test_labels_are_read(label, first, last, kind):
    period = CALENDAR_YEAR.parse(label)
    assert (period.first, period.last, period.kind, str(period)) == (first, last, kind, label.strip())


@pytest.mark.parametrize(
    "label",
    [
        "",
        "2024-13",
        "2024-00",
        "2024-Q5",
        "2024-H3",
        "24-05",
        "2024-05-旬",
        "1899",
        "9999",
        "9999-12",
        "2024-1..2",
        "二〇二四",
    ],
)
def test_what_is_no_period_is_refused_with_what_may_be_written(label):
    with pytest.raises(BadPeriod) as refused:
        CALENDAR_YEAR.parse(label)
    assert "2024-Q2" in refused.value.problems[0].message("en")


def test_a_year_is_named_after_the_year_it_ends_in():
    assert SCHOOL_YEAR.parse("2024").first == date(2023, 7, 1)
    assert SCHOOL_YEAR.parse("2024-Q1").last == date(2023, 9, 30)
    assert SCHOOL_YEAR.of(date(2024, 7, 1)).label == "2025"
    assert SCHOOL_YEAR.of(date(2024, 6, 30)).label == "2024"
    assert SCHOOL_YEAR.before(SCHOOL_YEAR.parse("2024-Q1")).label == "2023-Q4"


def test_january_and_february_may_be_one_month():
    assert [str(period) for period in MERGED.months(2024)][:2] == ["2024-01..02", "2024-03"]
    assert str(MERGED.before(MERGED.parse("2024-03"))) == "2024-01..02"
    assert str(MERGED.after(MERGED.parse("2023-12"))) == "2024-01..02"
    assert str(MERGED.after(jan_feb(2024))) == "2024-03"
    assert str(MERGED.year_before(jan_feb(2024))) == "2023-01..02"
    assert len(CALENDAR_YEAR.months(2024)) == 12


def test_only_months_that_end_inside_a_span_are_inside_it():
    january = month(2024, 1)
    assert list(MERGED.inside(january)) == []
    assert [str(period) for period in CALENDAR_YEAR.inside(CALENDAR_YEAR.parse("2024-Q1"))] == [
        "2024-01",
        "2024-02",
        "2024-03",
    ]


@given(LABELS, CALENDARS)
def test_neighbours_touch_and_lead_back(label, calendar):
    period = calendar.parse(label)
    assert calendar.before(period).ends_before == period.first
    assert calendar.after(period).first == period.ends_before
    assert calendar.after(calendar.before(period)) == period
    assert calendar.parse(str(period)) == period


@given(LABELS, CALENDARS)
def test_the_year_before_is_a_year_earlier(label, calendar):
    period = calendar.parse(label)
    before = calendar.year_before(period)
    assert (before.kind, before.first) == (
        period.kind,
        add_months(period.first.replace(day=1), -12) + timedelta(days=period.first.day - 1),
    )


@given(LABELS, CALENDARS)
def test_year_to_date_runs_from_the_years_first_day(label, calendar):
    period = calendar.parse(label)
    span = calendar.year_to_date(period)
    assert span.covers(period) and calendar.of(period.last).covers(span)
    assert span.first == calendar.of(period.last).first and span.last == period.last


def test_covering_needs_both_ends():
    assert not month(2024, 5).covers(CALENDAR_YEAR.parse("2024-Q2"))
    assert not ten_days(2024, 5, 0).covers(ten_days(2024, 5, 1))


def test_periods_sort_by_their_first_day():
    assert sorted([month(2024, 5), ten_days(2024, 4, 2), month(2024, 4)])[0] == month(2024, 4)
