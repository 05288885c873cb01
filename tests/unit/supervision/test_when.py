"""Deadlines and recurrences: how they are written and what day they come to; what is open stays open and says why."""

from datetime import date, timedelta
from itertools import islice

from pytest import mark

from luodi.kernel import recurrence
from luodi.kernel.recurrence import Recurrence
from luodi.kernel.workdays import load_calendar
from luodi.supervision.texts.numerals import number, year
from luodi.supervision.texts.values import Event
from luodi.supervision.texts.when import Reader, first_day

DAY = date(2026, 3, 16)  # a Monday
FAIR = Event(("青洽会", "绿色投资贸易洽谈会"), date(2026, 7, 22), date(2026, 7, 25))
READER = Reader(DAY, (Event(FAIR.names, date(2025, 7, 22), date(2025, 7, 25)), FAIR))


def told(text, reader=READER):
    return [(when.text, when.due and when.due.isoformat(), when.notes) for when in reader.deadlines(text)]


@mark.parametrize(
    ("text", "words", "due", "notes"),
    [
        ("6月底前完成", "6月底前", "2026-06-30", ()),
        ("六月底前完成", "六月底前", "2026-06-30", ()),
        ("务必于4月20日前报", "4月20日前", "2026-04-20", ()),
        ("2026年6月30日前", "2026年6月30日前", "2026-06-30", ()),
        ("二〇二七年一月十五日前", "二〇二七年一月十五日前", "2027-01-15", ()),
        ("2026-06-30前", "2026-06-30前", "2026-06-30", ()),
        ("6月31日前完成", "6月31日前", None, ("no_such_day",)),
        ("各单位在会后5日内报告", "会后5日内", "2026-03-21", ()),
        ("于4月20日（星期一）前报", "4月20日（星期一）前", "2026-04-20", ()),
        ("“五一”假期前完成", "“五一”假期前", "2026-04-30", ()),
        ("赶在“七一”前", "“七一”前", "2026-06-30", ()),
        ("“十五五”末建成", "“十五五”末", "2030-12-31", ()),
        ("节后上班第一周内报", "节后上班第一周内", None, ("no_exact_day",)),
        ("年前完成清算", "年前", None, ("no_exact_day",)),
        ("用3个月时间完成", "用3个月时间", None, ("no_exact_day",)),
        ("5月18日（周一）17:30前报", "5月18日（周一）17:30前", "2026-05-18", ()),
        ("明早8点前", "明早8点前", "2026-03-17", ()),
        ("本周五下午5点前", "本周五下午5点前", "2026-03-20", ()),
        ("下周三将清单报来", "下周三", "2026-03-25", ()),
        ("力争8月建成投用", "8月", "2026-08-31", ()),
        ("确保明年一季度全面开工", "明年一季度", "2027-03-31", ()),
        ("第三季度末建成", "第三季度末", "2026-09-30", ()),
        ("在5月20日开会", "5月20日", "2026-05-20", ()),
        ("2月底前完成", "2月底前", None, ("year_open",)),
        ("明年2月底前完成", "明年2月底前", "2027-02-28", ()),
        ("10月上旬完成", "10月上旬", "2026-10-10", ()),
        ("10月中旬前", "10月中旬前", "2026-10-20", ()),
        ("5月份内完成", "5月份内", "2026-05-31", ()),
        ("6月前完成", "6月前", None, ("no_exact_day",)),
        ("三季度前完成", "三季度前", None, ("no_exact_day",)),
        ("二季度末前", "二季度末前", "2026-06-30", ()),
        ("本季度末完成", "本季度末", "2026-03-31", ()),
        ("下季度内完成", "下季度内", "2026-06-30", ()),
        ("上半年完成", "上半年", "2026-06-30", ()),
        ("下半年内完成", "下半年内", "2026-12-31", ()),
        ("月底前报", "月底前", "2026-03-31", ()),
        ("本月内报", "本月内", "2026-03-31", ()),
        ("下月10日前报", "下月10日前", "2026-04-10", ()),
        ("下月前报", "下月前", None, ("no_exact_day",)),
        ("本月上旬前报", "本月上旬前", "2026-03-10", ("past",)),
        ("年内建成", "年内", "2026-12-31", ()),
        ("今年底建成", "今年底", "2026-12-31", ()),
        ("明年底前建成", "明年底前", "2027-12-31", ()),
        ("2028年底前建成", "2028年底前", "2028-12-31", ()),
        ("本周五前报", "本周五前", "2026-03-20", ()),
        ("下周内报", "下周内", "2026-03-29", ()),
        ("周三前报", "周三前", "2026-03-18", ("next_such_weekday",)),
        ("明天下班前报", "明天下班前", "2026-03-17", ()),
        ("会后3个工作日内报", "会后3个工作日内", "2026-03-19", ()),
        ("会后三日内报", "会后三日内", "2026-03-19", ()),
        ("两个月内办结", "两个月内", "2026-05-16", ("counted_from_day",)),
        ("半个月内办结", "半个月内", "2026-03-31", ("counted_from_day",)),
        ("半年内办结", "半年内", "2026-09-16", ("counted_from_day",)),
        ("一年内办结", "一年内", "2027-03-16", ("counted_from_day",)),
        ("半天内办结", "半天内", None, ("no_exact_day",)),
        ("会后一周内", "会后一周内", "2026-03-23", ()),
        ("48小时内答复", "48小时内", "2026-03-18", ("counted_from_day",)),
        ("2小时内到场", "2小时内", "2026-03-16", ("counted_from_day",)),
        ("会后两个季度内", "会后两个季度内", "2026-09-16", ()),
        ("收到通知后5日内", "收到通知后5日内", None, ("starts_elsewhere",)),
        ("18号之前报进去", "18号之前", "2026-03-18", ()),
        ("10号前报进去", "10号前", "2026-04-10", ()),
        ("31日前报进去", "31日前", "2026-03-31", ()),
        ("周五把底数给我", "周五", "2026-03-20", ("next_such_weekday",)),
        ("二季度内完成", "二季度内", "2026-06-30", ()),
        ("近期拿出方案", "近期", None, ("vague",)),
        ("青洽会前办好", "青洽会前", "2026-07-21", ()),
        ("青洽会期间签约", "青洽会期间", "2026-07-25", ()),
        ("国庆节前完成", "国庆节前", "2026-09-30", ()),
        ("春节前完成", "春节前", "2027-02-05", ("feast_day",)),
        ("确保中秋节前完成", "中秋节前", "2026-09-24", ("feast_day",)),
        ("清明前完成", "清明前", "2026-04-04", ("feast_day",)),
        ("春节期间轮流值守", "春节期间", None, ("event_unknown",)),
        ("两节前完成", "两节前", None, ("event_unknown",)),
        ("办结后3个工作日内反馈", "办结后3个工作日内", None, ("starts_elsewhere",)),
        ("会议结束后三日内", "会议结束后三日内", "2026-03-19", ()),
        ("供暖前处理完", "供暖前", None, ("event_unknown",)),
        ("赶在文博会前完成", "文博会前", None, ("event_unknown",)),
    ],
)
def test_what_a_deadline_comes_to(text, words, due, notes):
    ((found, day, said),) = told(text)
    assert found.removeprefix("赶在") == words and (day, said) == (due, notes)


def test_working_days_are_counted_one_by_one_and_an_unannounced_year_says_so():
    calendar = load_calendar(["cn"])
    day, left = DAY, 300
    while left:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    assert told("会后300个工作日内") == [("会后300个工作日内", day.isoformat(), ("calendar_estimated",))]


def test_early_next_year_is_read_as_next_year_and_says_so():
    assert told("1月底前完成", Reader(date(2026, 12, 20))) == [("1月底前", "2027-01-31", ("next_year",))]


@mark.parametrize(
    "text", ["6月底前", "年内", "本月内", "本周五前", "会后三日内", "本季度末", "上半年完成", "当天之内", "18号前"]
)
def test_without_a_day_everything_stays_open(text):
    ((_, due, notes),) = told(text, Reader())
    assert due is None and notes == ("no_day",)


def test_a_year_in_full_needs_no_day():
    assert told("2026年6月底前", Reader())[0][1] == "2026-06-30"


def test_one_edition_of_an_event_needs_no_day_but_two_do():
    assert told("青洽会前", Reader(None, (FAIR,)))[0][1] == "2026-07-21"
    assert told("青洽会前", Reader(None, READER.events))[0][1:] == (None, ("event_unknown",))
    assert told("青洽会前", Reader(date(2027, 1, 1), (FAIR,)))[0][1:] == (None, ("event_unknown",))


@mark.parametrize(
    "text",
    [
        "1-5月份完成情况",
        "今年以来",
        "做好会前准备",
        "近三年内没有",
        "5月底以来",
        "一要抓紧",
        "零天内",
        "会后一一天内",
        "每6月底前检查",
        "马上办抓落实",
        "2024年度新开工项目",
    ],
)
def test_what_is_no_deadline(text):
    assert told(text) == []


@mark.parametrize(
    ("text", "turns"),
    [
        ("每半月报送一次", [("half_month", None, "报送")]),
        ("每月5日前报送", [("month", None, "报送")]),
        ("每周一报送", [("week", None, "报送")]),
        ("每周一次", [("week", None, None)]),
        ("每两周会商", [("week", 2, "会商")]),
        ("每两个季度检查", [("month", 6, "检查")]),
        ("每两旬一次", [("day", 20, None)]),
        ("每半年一次", [("half_year", None, None)]),
        ("每半天一次", []),
        ("每零天一次", []),
        ("每个工作日报送", [("workday", None, "报送")]),
        ("一周一检查、两周一督办", [("week", None, "检查"), ("week", 2, "督办")]),
        ("双周一会商", [("week", 2, "会商")]),
        ("周调度、月通报", [("week", None, "调度"), ("month", None, "通报")]),
        ("按季度通报", [("quarter", None, "通报")]),
        ("双月开展一次督查", [("month", 2, None)]),
        ("隔周通报一次", [("week", 2, None)]),
        ("每双周至少外出一次", [("week", 2, None)]),
        ("每季度的形象进度", []),
        ("每季度末月25日前报送", [("quarter", None, "报送")]),
        ("定期听取汇报", [(None, None, None)]),
        ("不定期抽查", []),
        ("5月通报了情况", []),
    ],
)
def test_how_often(text, turns):
    assert [(every.unit, every.n, every.does) for every in READER.recurrences(text)] == turns


def test_recurrences_are_those_that_clocks_know():
    calendar = load_calendar(["cn"])
    for text in ("每半月", "每两周", "每旬", "每两个季度", "每个工作日", "每年"):
        (every,) = READER.recurrences(text)
        turns = list(islice(recurrence.periods(Recurrence(every.unit, every.n), DAY, calendar), 3))
        assert turns[0].last < turns[1].last < turns[2].last


def test_a_deadline_inside_a_recurrence_belongs_to_it():
    assert READER.recurrences("每月的x号前报数")[0].by == "x号前"
    assert told("每月5日前报送") == [] and READER.recurrences("每月5日前报送")[0].by == "5日前"


def test_the_surest_deadline_comes_first():
    whens = READER.deadlines("尽快拿出方案，6月底前印发")
    assert [when.text for when in first_day(whens)] == ["6月底前", "尽快"]


@mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("二十三", 23),
        ("两", 2),
        ("一二", None),
        ("十十", None),
        ("百十", None),
        ("", None),
    ],
)
def test_numbers(text, value):
    assert number(text) == value


def test_years():
    assert year("2026") == 2026 and year("二〇二六") == 2026 and year("二六") is None and year("二月二六") is None


def test_what_looks_like_a_day_and_is_none():
    for text in ("春节后3月开工的项目", "两年前完成", "一季度完成投资50亿元", "9月开学", "在三季度的会上"):
        assert told(text) == [], text


def test_a_slogan_says_no_day():
    assert told("按照“年初建账、年底交账”的办法抓好落实") == []
    assert told("每季度末（分别在6月底、9月底）报告") == []
