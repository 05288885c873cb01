"""Layers, amendments, what was known when, and the years nobody has announced."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import lunardate
import pytest

from luodi.kernel.instant import CITY_ZONE
from luodi.kernel.problem import Refused
from luodi.kernel.workdays import Calendar, Row, feasts, layer_of, load_calendar, read_layer, tables
from luodi.kernel.workdays.rows import national

DAY = timedelta(days=1)


def known(text):
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


def write(folder, name, *lines):
    file = folder / name
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


# arithmetic ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cn():
    return load_calendar(["cn"])


def test_national_week_2026(cn):
    assert cn.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
    assert cn.previous_workday(date(2026, 10, 8)) == date(2026, 9, 30)
    assert cn.on_or_after(date(2026, 10, 3)) == date(2026, 10, 8)
    assert cn.on_or_before(date(2026, 10, 3)) == date(2026, 9, 30)
    assert cn.on_or_before(date(2026, 10, 8)) == date(2026, 10, 8)
    assert cn.why(date(2026, 10, 3)) == ("weekend", "holiday")
    assert cn.why(date(2026, 10, 10)) == ("make-up",)
    assert cn.why(date(2026, 10, 9)) == ()
    assert cn.fact(date(2026, 10, 10)).notice == "国办发明电〔2025〕7号"


def test_adding_and_counting(cn):
    assert cn.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert cn.add_workdays(date(2026, 10, 10), -3) == date(2026, 9, 30)
    assert cn.add_workdays(date(2026, 10, 3), 0) == date(2026, 10, 3)
    assert cn.workdays_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert cn.workdays_between(date(2026, 10, 10), date(2026, 9, 30)) == 0


# layers -------------------------------------------------------------------------------------------------------------


def test_no_layers_is_monday_to_friday():
    plain = load_calendar([])
    assert plain.is_workday(date(2026, 10, 1))
    assert not plain.is_workday(date(2026, 9, 20))
    assert plain.status(date(2045, 10, 1)) == "announced"


def test_later_layers_win_and_are_found_beside_the_policy(tmp_path):
    write(tmp_path, "region.csv", "day,kind", "2026-08-03,off", "2026-10-08,off")
    write(tmp_path, "agency.csv", "day,kind,notice", "2026-10-08,work,agency rota")
    calendar = load_calendar(["cn", "region", "agency.csv"], beside=tmp_path)
    assert not calendar.is_workday(date(2026, 8, 3))
    assert calendar.fact(date(2026, 10, 8)).notice == "agency rota"
    assert calendar.why(date(2026, 10, 8)) == ()
    over = load_calendar(
        ["cn", "region"], overlay=write(tmp_path, "H.csv", "day,kind", "2026-08-03,work"), beside=tmp_path
    )
    assert over.is_workday(date(2026, 8, 3))


def test_an_unknown_calendar_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        load_calendar(["cn", "atlantis"], beside=tmp_path)
    assert refused.value.problems[0].code == "workdays.no_calendar"
    with pytest.raises(Refused):
        load_calendar(["atlantis"])


# amendments ---------------------------------------------------------------------------------------------------------


def test_labour_day_2019_was_amended_in_march():
    before = load_calendar(["cn"], known_at=known("2019-03-21"))
    after = load_calendar(["cn"], known_at=known("2019-03-22"))
    assert before.is_workday(date(2019, 5, 2)) and not after.is_workday(date(2019, 5, 2))
    assert not before.is_workday(date(2019, 4, 28)) and after.is_workday(date(2019, 4, 28))
    assert before.status(date(2019, 5, 2)) == "announced"


def test_the_make_up_day_of_1_february_2020_was_taken_back():
    assert load_calendar(["cn"], known_at=known("2020-01-20")).is_workday(date(2020, 2, 1))
    calendar = load_calendar(["cn"])
    assert not calendar.is_workday(date(2020, 2, 1))
    assert not calendar.is_workday(date(2020, 1, 31))
    assert calendar.is_workday(date(2020, 2, 3))


def test_of_rows_for_a_day_the_latest_known_counts():
    layer = layer_of("l", [Row(date(2026, 3, 3), "work", known_at=known("2026-02-01")), Row(date(2026, 3, 3), "off")])
    assert Calendar((layer,)).is_workday(date(2026, 3, 3))
    assert not Calendar((layer,), known("2026-01-31")).is_workday(date(2026, 3, 3))


# years without a notice ---------------------------------------------------------------------------------------------


def test_spring_festival_2027_is_estimated(cn):
    off = [day for day in (date(2027, 2, 1) + DAY * n for n in range(14)) if not cn.is_workday(day)]
    assert off == [date(2027, 2, n) for n in (5, 6, 7, 8, 9, 10, 13, 14)]
    assert cn.status(date(2027, 2, 5)) == "estimated"
    assert cn.why(date(2027, 2, 6)) == ("weekend", "holiday", "estimated")
    assert cn.fact(date(2027, 2, 6)).feast == "spring"
    assert cn.status(date(2027, 7, 15)) == "estimated"


def test_an_announced_table_settles_the_feasts_it_names(tmp_path):
    file = write(tmp_path, "H.csv", "day,kind,status", "2027-02-05,off,announced", "2027-02-08,off,estimated")
    calendar = load_calendar(["cn"], file)
    assert calendar.status(date(2027, 2, 3)) == "announced"
    assert calendar.is_workday(date(2027, 2, 9))
    assert calendar.status(date(2027, 2, 8)) == "estimated"
    assert calendar.why(date(2027, 2, 8)) == ("holiday", "estimated")
    assert calendar.status(date(2027, 4, 5)) == "estimated"
    assert not calendar.is_workday(date(2027, 4, 5))


def test_the_notice_of_a_year_arranges_the_days_before_a_tuesday_new_year():
    autumn = load_calendar(["cn"], known_at=known("2018-11-30"))
    assert autumn.status(date(2018, 12, 29)) == "estimated"
    assert autumn.status(date(2018, 12, 28)) == "announced"
    assert load_calendar(["cn"], known_at=known("2025-11-01")).status(date(2025, 12, 31)) == "announced"


@pytest.mark.parametrize("year", range(2009, 2027))
def test_what_was_announced_lies_within_what_was_thought_possible(year):
    """
    As seen in the September before, for every start in the year and 1 to 60 workdays (bar what no one could foresee).
    """
    actual = load_calendar(["cn"])
    before = Calendar((national(),), known(f"{year - 1}-09-01"))
    most, least = before.bounds()
    unforeseen = {date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6), date(2020, 1, 31)}
    for day in (date(year, 1, 1) + DAY * n for n in range(365)):
        if day in unforeseen:
            continue
        works = actual.is_workday(day)
        assert most.is_workday(day) or not works, day
        assert works or not least.is_workday(day), day
        assert before.is_workday(day) <= most.is_workday(day)
        assert before.is_workday(day) >= least.is_workday(day)


def test_bounds_say_why(cn):
    most, least = cn.bounds()
    assert most.why(date(2027, 2, 13)) == ("make-up", "estimated")
    assert least.why(date(2027, 2, 11)) == ("holiday", "estimated")
    assert most.is_workday(date(2026, 10, 3)) is False
    assert least.why(date(2027, 3, 6)) == ("weekend",)


@pytest.mark.parametrize("year", range(2000, 2100))
def test_lunar_days_agree_with_a_library(year):
    own = feasts.own_days(year)
    for feast, (month, day) in {"spring": (1, 1), "dragon_boat": (5, 5), "mid_autumn": (8, 15)}.items():
        assert own[feast] == lunardate.LunarDate(year, month, day).to_solar_date()


@pytest.mark.parametrize("year", range(2000, 2100))
def test_qingming_agrees_with_a_library(year):
    assert feasts.qingming(year) == next(
        day
        for day, name in chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 10))
        if name in ("清明", "Tomb-sweeping Day", "Pure Brightness")
    )


def test_far_years_have_fixed_feasts_only():
    assert set(feasts.own_days(2100)) == {"new_year", "labour", "national"}
    assert {feast.id for feast in feasts.feasts(1998)} == {"new_year", "labour", "national"}
    calendar = load_calendar(["cn"])
    assert not calendar.is_workday(date(2101, 10, 3))
    assert calendar.status(date(1999, 5, 3)) == "estimated"


def test_two_feasts_on_one_day_give_a_day_more():
    """Mid-Autumn of 2020 fell on 1 October: the law's days are made up after the third."""
    by_id = {feast.id: feast for feast in feasts.feasts(2020)}
    assert by_id["mid_autumn"].day == date(2020, 10, 1)
    off = {day for feast in by_id.values() for day in feast.off if day.month == 10}
    assert off == {date(2020, 10, n) for n in (1, 2, 3, 5, 6)}


# tables -------------------------------------------------------------------------------------------------------------


def test_every_mistake_of_a_table_is_named(tmp_path):
    file = write(
        tmp_path,
        "H.csv",
        "day,kind,status,notice,known_at,extra",
        "2026-13-01,work,,,",
        "2026-10-01,holiday,perhaps,,soon",
        "2026-10-02,off,,,2026-01-01T09:00",
        "2026-10-02,work,,,2026-01-01T09:00",
        "2026-10-02,off,,,2026-01-01T09:00",
        "2026-10-02,work,,,2026-02-01",
    )
    with pytest.raises(Refused) as refused:
        read_layer(file)
    found = [(problem.line, problem.path, problem.code) for problem in refused.value.problems]
    assert found == [
        (2, "day", "workdays.bad_day"),
        (3, "kind", "workdays.bad_word"),
        (3, "status", "workdays.bad_word"),
        (3, "known_at", "workdays.bad_moment"),
        (5, "day", "workdays.day_twice"),
    ]
    for problem in refused.value.problems:
        assert problem.message("zh") != problem.message("en")


def test_a_good_table_keeps_what_it_says(tmp_path):
    file = write(
        tmp_path,
        "H.csv",
        "day,kind,known_at,feast,colour",
        "2026-07-01,off,2026-06-01T08:00+00:00,city day,red",
        ",,,,",
    )
    layer = read_layer(file)
    (row,) = layer.rows[date(2026, 7, 1)]
    assert row.known_at == datetime(2026, 6, 1, 16, tzinfo=CITY_ZONE)
    assert row.feast == "city day"
    assert layer.unknown == ("colour",)


def test_a_table_may_be_gb18030(tmp_path):
    (tmp_path / "H.csv").write_bytes("day,kind,notice\n2026-07-01,off,市里的通知\n".encode("gb18030"))
    assert read_layer(tmp_path / "H.csv").rows[date(2026, 7, 1)][0].notice == "市里的通知"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workdays.no_column"),
        (b"day\n2026-01-01\n", "workdays.no_column"),
        (b"day,kind,day\n", "workdays.column_twice"),
        (b"day,kind\n2026-01-01,off,x\n", "workdays.long_row"),
        (b'day,kind\n"2026-01-01,off\n', "workdays.not_csv"),
        (b"day,kind\n\xff\xfe,off\n", "yaml.encoding"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, content, code):
    (tmp_path / "H.csv").write_bytes(content)
    with pytest.raises(tables.BadTable) as refused:
        read_layer(tmp_path / "H.csv")
    assert refused.value.problems[0].code == code


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(tables.BadTable) as refused:
        read_layer(tmp_path / "none.csv")
    assert refused.value.problems[0].code == "workdays.no_file"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-17", "2026-09-17T00:00:00+08:00"),
        ("2026-09-17T16:30", "2026-09-17T16:30:00+08:00"),
        ("2026-09-17 16:30", "2026-09-17T16:30:00+08:00"),
        ("2026-09-17T08:30:00Z", "2026-09-17T16:30:00+08:00"),
        ("2026-W38-4", None),
        ("20260917", None),
        ("2026-09-17x10", None),
        ("2026-09-31", None),
        ("soon", None),
        ("0001-01-01T00:00+14:00", None),
    ],
)
def test_moments(text, expected):
    found = tables.parse_moment(text, CITY_ZONE)
    assert (found and found.isoformat()) == expected


def test_a_day_as_an_end_is_its_last_microsecond():
    found = tables.parse_moment("2026-09-17", CITY_ZONE, end_of_day=True)
    assert found.isoformat() == "2026-09-17T23:59:59.999999+08:00"


def test_shipped_tables_are_where_the_module_looks():
    assert (Path(feasts.DATA) / "cn.csv").is_file()
