"""What an office types into a cell, and what is made of it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.exchange import cells
from luodi.exchange.refusals import BadCell
from luodi.kernel import instant, problem
from luodi.kernel.period import CALENDAR_YEAR

WAN = Decimal(10_000)


def code_of(read, raw):
    with pytest.raises(BadCell) as fault:
        read(raw)
    assert fault.value.code in problem.catalogue("import"), fault.value.code
    return fault.value.code.removeprefix("import.cell.")


@pytest.mark.parametrize("raw", ["", "  ", "\u3000", "—", "——", "/", "／", "无", "暂无", None])
def test_marks_for_nothing_are_missing_everywhere(raw):
    assert cells.text(raw) is None
    assert cells.number(raw) is None
    assert cells.day(raw) is None
    assert cells.yes_no(raw) is None
    assert cells.share(raw) is None
    assert cells.period(CALENDAR_YEAR)(raw) is None


@pytest.mark.parametrize(
    ("raw", "yuan"),
    [
        (1.5, "15000.0"),
        (12000, "120000000"),
        ("12,000.5", "120005000.0"),
        ("１２，０００．５", "120005000.0"),
        ("3万元", "30000"),
        ("3 万", "30000"),
        ("-7", "-70000"),
        (0.1 + 0.2, "3000"),  # a workbook means the 15 digits it shows
        ("2066075.5899999999", "20660755899.9999990000"),  # text is exact
    ],
)
def test_amounts_are_exact(raw, yuan):
    assert cells.in_unit("万元", WAN)(raw) == Decimal(yuan)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1.2亿", "other_unit"),
        ("1.2亿元", "other_unit"),
        ("41%", "number_percent"),
        ("1,23", "number_grouping"),
        ("约3000", "number_text"),
        ("3000左右", "number_unit"),
        ("同上", "ditto"),
        ("=A1*2", "formula"),
        ("1.2E+11", "exponent"),
        (True, "not_a_number"),
        (date(2024, 1, 1), "not_a_number"),
        (float("nan"), "not_a_number"),
        ("1" * 30, "too_large"),
        ("0.0000000000000000001", "too_many_decimals"),
    ],
)
def test_amounts_that_may_mean_two_things_are_refused(raw, code):
    assert code_of(cells.in_unit("万元", WAN), raw) == code


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_any_typed_number_comes_back_exactly(value):
    assert cells.in_unit("万元", WAN)(f"{value:f}") == value * WAN


@given(st.floats(min_value=1, max_value=1e15, exclude_max=True), st.sampled_from([1, -1]))
def test_any_workbook_number_is_read_by_its_fifteen_digits(size, sign):
    assert cells.in_unit(None)(sign * size) == Decimal(f"{sign * size:.15g}")


@pytest.mark.parametrize(
    ("raw", "day", "alone"),
    [
        (date(2024, 5, 3), date(2024, 5, 3), False),
        (datetime(2024, 5, 3, 17), date(2024, 5, 3), False),  # noqa: DTZ001
        ("2024-05-03", date(2024, 5, 3), False),
        ("2024-05-03 17:00:00", date(2024, 5, 3), False),
        ("2024/5/3", date(2024, 5, 3), False),
        ("2024年5月3日", date(2024, 5, 3), False),
        ("20240503", date(2024, 5, 3), False),
        ("2024.05", date(2024, 5, 31), True),
        (2024.05, date(2024, 5, 31), True),
        ("２０２４．０２", date(2024, 2, 29), True),
        ("2024年5月", date(2024, 5, 31), True),
        ("2024-11", date(2024, 11, 30), True),
    ],
)
def test_days_and_months(raw, day, alone):
    assert cells.day_or_month(raw) == (day, alone)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (2024.1, "month_or_tenth"),
        ("2024.1", "month_or_tenth"),
        (45000.0, "number_for_day"),
        ("03/05/2024", "not_a_day"),
        ("2023-02-29", "no_such_day"),
        ("2024.13", "not_a_day"),
        ("5月3日", "not_a_day"),
        (date(1004, 1, 1), "no_such_day"),
        (time(3, 4), "not_a_day"),
        (True, "not_a_day"),
    ],
)
def test_days_that_would_have_to_be_guessed_are_refused(raw, code):
    assert code_of(cells.day, raw) == code


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("2024-05", "2024-05"),
        ("2024.05", "2024-05"),
        (2024.05, "2024-05"),
        ("2024年5月", "2024-05"),
        (date(2024, 5, 1), "2024-05"),
        ("2024-01..02", "2024-01..02"),
        ("2024年1-2月", "2024-01..02"),
        ("2024年5月上旬", "2024-05-上旬"),
        ("2024年第二季度", "2024-Q2"),
        ("2024年3季度", "2024-Q3"),
        ("2024年上半年", "2024-H1"),
        ("2024年", "2024"),
        (2024.0, "2024"),
    ],
)
def test_periods(raw, label):
    assert cells.period(CALENDAR_YEAR)(raw).label == label


@pytest.mark.parametrize("raw", ["5月", "2024-13", date(2024, 5, 2), datetime(2024, 5, 1, 3)])  # noqa: DTZ001
def test_what_is_no_period_is_refused(raw):
    assert code_of(cells.period(CALENDAR_YEAR), raw) == "not_a_period"


@pytest.mark.parametrize(
    ("raw", "share"),
    [("1/3", (1, 3)), ("0.25", (1, 4)), (0.333333, (333333, 1000000)), (1.0, (1, 1)), ("１/２", (1, 2))],
)
def test_shares(raw, share):
    assert cells.share(raw) == share


@pytest.mark.parametrize(
    ("raw", "code"),
    [("0.3333333", "share_places"), (1 / 3, "share_places"), ("0", "not_a_share"), ("4/3", "not_a_share"), ("1/0", "not_a_share"),
     ("三成", "not_a_share"), (date(2024, 1, 3), "share_became_day")],
)  # fmt: skip
def test_shares_that_are_none_are_refused(raw, code):
    assert code_of(cells.share, raw) == code


def test_codes_typed_as_numbers_are_the_digits_shown():
    assert cells.text(1001.0) == "1001"
    assert cells.text(0.5) == "0.5"
    assert code_of(cells.text, 91530100123456789.0) == "digits_lost"


def test_labels_have_a_length_and_one_line():
    read = cells.limited(4)
    assert read("  四个汉字 ") == "四个汉字"
    assert code_of(read, "五个字太长") == "too_long"
    assert code_of(read, "a\nb") == "two_lines"
    assert code_of(cells.text, "长" * 40_000) == "too_long"


def test_yes_and_no():
    assert [cells.yes_no(raw) for raw in ("是", "否", True, False, "TRUE", "false")] == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]
    assert code_of(cells.yes_no, "√") == "not_yes_no"


def test_choices_by_label_or_code():
    read = cells.choice({"保证": "guaranteed", "争取": "striving"})
    assert [read("保证"), read("striving"), read("—")] == ["guaranteed", "striving", None]
    assert code_of(read, "必保") == "not_listed"


def test_whole_numbers():
    assert [cells.whole(raw) for raw in (2024.0, "2024年", "３月", " 12 ", None)] == [2024, 2024, 3, 12, None]
    assert code_of(cells.whole, 1.5) == "not_whole"


def test_known_times_are_days_at_midnight_or_instants():
    assert cells.moment("2024-05-03") == instant.start_of(date(2024, 5, 3))
    assert cells.moment(date(2024, 5, 3)) == instant.start_of(date(2024, 5, 3))
    assert cells.moment("2024-05-03T08:00:00.000001+08:00") == instant.start_of(date(2024, 5, 3)) + 8 * 3600 * 10**6 + 1
    assert cells.moment(datetime(2024, 5, 3, 8)) == cells.moment("2024-05-03 08:00")  # noqa: DTZ001
    assert code_of(cells.moment, "2024-05-03 25:00") == "not_a_moment"


def test_credit_codes_have_a_check_sign():
    assert cells.uscc("91350100m000100y43 ") == "91350100M000100Y43"
    assert code_of(cells.uscc, "91350100M000100Y44") == "uscc_check_sign"
    assert code_of(cells.uscc, "12345") == "not_uscc"


def test_national_codes_have_their_shape():
    assert cells.national_code("2020-441900-39-03-012345") == "2020-441900-39-03-012345"
    assert code_of(cells.national_code, "2020-441900-39-03-01234") == "not_national_code"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("云岭一号", "云岭一号"),
        (" 云岭 一号 ", "云岭 一号"),
        ("无", None),
        ("暂无", None),
        ("'=1", "=1"),
        ("甲\x00乙", "甲乙"),
        ("", None),
    ],
)
def test_words_are_read_alike_by_the_short_way_and_the_long_one(raw, found):
    assert cells.text(raw) == found


@pytest.mark.parametrize("raw", ["同上", "=A1"])
def test_words_that_say_nothing_of_their_own_are_refused(raw):
    with pytest.raises(BadCell):
        cells.text(raw)


@pytest.mark.parametrize(
    "raw", ["2024-530100-41-01-123456", " 2024-530100-41-01-123456 ", "２０２４-530100-41-01-123456"]
)
def test_a_national_code_comes_out_in_plain_digits(raw):
    assert cells.national_code(raw) == "2024-530100-41-01-123456"
