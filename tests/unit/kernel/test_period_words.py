"""Periods are written as people write them, and read from most ways of writing them."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.kernel import period_words
from luodi.kernel.period import AccountingYear, BadPeriod

CALENDAR, TODAY = AccountingYear(), date(2026, 7, 2)
WRITTEN = [
    ("2026-06", "2026年6月", "Jun 2026"),
    ("2026-01..02", "2026年1—2月", "Jan–Feb 2026"),
    ("2026-06-上旬", "2026年6月上旬", "1–10 Jun 2026"),
    ("2026-06-下旬", "2026年6月下旬", "21–30 Jun 2026"),
    ("2026-Q2", "2026年第二季度", "Q2 2026"),
    ("2026-H1", "2026年上半年", "H1 2026"),
    ("2026-H2", "2026年下半年", "H2 2026"),
    ("2026", "2026年", "2026"),
]


@pytest.mark.parametrize(("label", "zh", "en"), WRITTEN)
def test_a_period_is_written_as_people_do_and_read_back(label, zh, en):
    period = CALENDAR.parse(label)
    assert (period_words.written(period, "zh"), period_words.written(period, "en")) == (zh, en)
    for said in (label, zh, en):
        assert period_words.read(said, years=CALENDAR, today=TODAY) == period


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("2026-6", "2026-06"), ("202606", "2026-06"), ("２０２６年６月份", "2026-06"), ("2026/6", "2026-06"), ("2026.06", "2026-06"),
        (" 2026 年 6 月 ", "2026-06"), ("6月", "2026-06"), ("June 2026", "2026-06"), ("jun. 2026", "2026-06"),
        ("2026年1-2月", "2026-01..02"), ("1—2月", "2026-01..02"), ("2026年二季度", "2026-Q2"), ("2季度", "2026-Q2"), ("第四季度", "2026-Q4"),
        ("2026Q2", "2026-Q2"), ("q2", "2026-Q2"), ("上半年", "2026-H1"), ("2025年下半年", "2025-H2"), ("2025H2", "2025-H2"),
        ("2025年全年", "2025"), ("2025年度", "2025"), ("2026年6月中旬", "2026-06-中旬"),
    ],
)  # fmt: skip
def test_other_ways_of_writing_are_understood(typed, label):
    assert period_words.read(typed, years=CALENDAR, today=TODAY).label == label


@pytest.mark.parametrize("typed", ["", "昨天", "2026年13月", "13月", "Foo 2026", "2026-06-31", "五季度", "1800年"])
def test_what_is_no_period_is_refused(typed):
    with pytest.raises(BadPeriod):
        period_words.read(typed, years=CALENDAR, today=TODAY)


def test_a_year_left_out_is_the_accounting_year_of_the_day():
    from_december = AccountingYear(begins_in=12)
    assert period_words.read("上半年", years=from_december, today=date(2025, 12, 5)).label == "2026-H1"
