"""
Deadlines and recurrences in a sentence, and the day a deadline means when it was said on a known day.

The ways they are written stand in when.yaml; here each kind is turned into a day by `luodi.kernel.recurrence`. Nothing
is guessed: without a day to count from, with a year that the text leaves open, or with words that say no day (近期),
`due` stays None and the notes say why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from luodi.kernel import recurrence
from luodi.kernel.recurrence import Deadline, Recurrence, due_day
from luodi.kernel.workdays import Calendar, feasts, load_calendar
from luodi.supervision.texts.numerals import number, year
from luodi.supervision.texts.values import Event, Every, When

Found = re.Match[str]
DAY = timedelta(days=1)
# 6月底 said in November is next June or nobody's: only within so many days of the next year it is read as the next.
NEXT_YEAR_WITHIN = 183
_PARTS = {"上旬": 10, "中旬": 20}
_RELATIVE_YEARS = {"今年": 0, "本年": 0, "本年度": 0, "当年": 0, "明年": 1, "后年": 2}
_FROM_NOW = re.compile("会后|(?:自|从)?(?:即日|今日|今天|现在)起|(?:本次|这次)?会议(?:结束)?后")
_FEASTS = {
    "春节": "spring",
    "清明": "qingming",
    "清明节": "qingming",
    "端午": "dragon_boat",
    "端午节": "dragon_boat",
    "中秋": "mid_autumn",
    "中秋节": "mid_autumn",
}
# “年初建账、年底交账” says how, and no day; so does a bracket that explains a recurrence: （分别在6月、9月底）.
_SLOGAN = re.compile("“[^“”]{1,40}”|（分别[^（）]{1,40}）")
_WEEKDAYS = {character: at for at, character in enumerate("一二三四五六日", 1)} | {"天": 7}


@dataclass(frozen=True)
class Told:
    """What a deadline's words come to: a day or none, and what is not sure about it."""

    due: date | None = None
    notes: tuple[str, ...] = ()
    rank: int = 0


@dataclass(frozen=True)
class Reader:
    """Reads deadlines for texts of one day; `events` are the fairs and meetings whose days are known."""

    day: date | None = None
    events: tuple[Event, ...] = ()

    def deadlines(self, text: str, everys: Sequence[Every] | None = None) -> list[When]:
        """Find the deadlines of a text, in order; those that overlap a recurrence (`everys`) are part of it."""
        taken = [(every.start, every.end) for every in (self.recurrences(text) if everys is None else everys)]
        quoted = [slogan.span() for slogan in _SLOGAN.finditer(text)]
        found: list[When] = []
        for match in _deadline_pattern(self.events).finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if any(start < match.start() and match.end() < end for start, end in quoted):
                continue
            kind, named = _parts(match)
            start = match.start()
            if kind == "span":
                since = _since().search(text, found[-1].end if found else 0, start)
                start, named["from"] = (since.start(), since[0].rstrip("，")) if since else (start, "")
            try:
                told = _TELL[kind](self, named)
            except (OverflowError, ValueError):  # beyond the calendar
                told = Told(None, ("no_such_day",))
            if told is not None:
                found.append(When(text[start : match.end()], start, match.end(), told.due, told.rank, told.notes))
        return found

    def recurrences(self, text: str) -> list[Every]:
        """Find the recurrences of a text, in order."""
        found = []
        for match in _compiled("recurrences", "").finditer(text):
            kind, named = _parts(match)
            every = _every(kind, named, match)
            if every is not None:
                found.append(every)
        return found


@cache
def _deadline_pattern(events: tuple[Event, ...]) -> re.Pattern[str]:
    names = tuple(sorted({name for event in events for name in event.names}, key=len, reverse=True))
    return _compiled("deadlines", _event_pattern(names))


@cache
def _since() -> re.Pattern[str]:
    return re.compile(words()["since"])


# Where a deadline may begin: at one of these, or, for an event nobody dated, behind a boundary. Only for speed.
_FAST = (
    "(?:(?=[0-9〇零○一二三四五六七八九十两今明本当后下这月周次上年近尽立第早即适限马半用节假年“])"
    "|(?<![\u3400-\u9fff])|(?<=[在于])|(?<=争取)|(?<=确保)|(?=EVENTS))"
)


@cache
def words() -> Mapping[str, Any]:
    """Read when.yaml."""
    loaded: Mapping[str, Any] = yaml.load(
        (Path(__file__).parent / "when.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    return loaded


def _event_pattern(names: Sequence[str]) -> str:
    fixed = [name for name in (*names, *words()["fixed_days"], *words()["feasts"]) if name]
    ends = "|".join(map(re.escape, words()["event_ends"]))
    loose = f"(?:(?<=在)|(?<=于)|(?<=赶在)|(?<=争取)|(?<=确保)|(?<![\u3400-\u9fff]))(?P<loose>(?!确保|争取|力争|务必|赶在|实现|全面|全部|按期|完成)[^\\W_要在于由请须应对把将前后的局委办厅部]{{0,8}}?(?:{ends}))"
    return f"(?:(?P<event>{'|'.join(map(re.escape, sorted(fixed, key=len, reverse=True)))})|{loose})"


def event_starts(event: str) -> str:
    """Give the part of an event pattern that names events whose days or feasts are known."""
    return event[: event.index("|(?:(?<=在)")].removeprefix("(?:(?P<event>").removesuffix(")")


@cache
def _compiled(which: str, event: str) -> re.Pattern[str]:
    """Make one pattern of all kinds; each kind's own group names get its number in front."""
    parts = []
    for at, entry in enumerate(words()[which]):
        pattern = entry["pattern"]
        fillings = {**words()["macros"], "EVENT": event, "DOES": "|".join(words()["does"])}
        for name, filling in fillings.items():
            pattern = pattern.replace("{" + name + "}", filling if filling.startswith("(?:") else f"(?:{filling})")
        pattern = re.sub(r"\(\?P<(\w+)>", rf"(?P<k{at}_\1>", pattern)
        parts.append(f"(?P<k{at}>{pattern})")
    return re.compile(
        (_FAST.replace("EVENTS", event_starts(event)) if which == "deadlines" else "") + "(?:" + "|".join(parts) + ")"
    )


def _parts(match: Found) -> tuple[str, dict[str, str]]:
    """Give the kind that matched and its named parts."""
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    key = next(name for name in groups if name[1:].isdecimal())
    which = "recurrences" if match.re is _compiled("recurrences", "") else "deadlines"
    kind: str = words()[which][int(key[1:])]["kind"]
    return kind, {"text": match[0]} | {name.split("_", 1)[1]: value for name, value in groups.items() if "_" in name}


@cache
def _calendar() -> Calendar:
    return load_calendar(["cn"])


# deadlines: one function for each kind of when.yaml -----------------------------------------------------------------


def _in_year(reader: Reader, named: Mapping[str, str], make: Callable[[int], date | None]) -> Told:
    """Find the day in the year that the words name, or else the next such day from the text's own day."""
    if "y" in named:
        spoken = year(named["y"])
        return _sure(make(spoken) if spoken else None)
    if reader.day is None:
        return Told(None, ("no_day",))
    if "ry" in named:
        return _sure(make(reader.day.year + _RELATIVE_YEARS[named["ry"]]))
    due = make(reader.day.year)
    if due is None or due >= reader.day:
        return _sure(due)
    following = make(reader.day.year + 1)
    if following is None or following - reader.day > DAY * NEXT_YEAR_WITHIN:
        return Told(None, ("year_open",))
    return Told(following, ("next_year",))


def _sure(due: date | None) -> Told:
    return Told(due) if due else Told(None, ("no_such_day",))


def _date(spoken: int, month: int | None, day: int | None) -> date | None:
    try:
        return date(spoken, month or 0, day or 0)
    except ValueError:
        return None


def _day(reader: Reader, named: Mapping[str, str]) -> Told:
    month, day = number(named["m"]), number(named["d"])
    return _in_year(reader, named, lambda spoken: _date(spoken, month, day))


def _part_of(spoken: int, month: int | None, part: str) -> date | None:
    first = _date(spoken, month, 1)
    return first and (first.replace(day=_PARTS[part]) if part in _PARTS else recurrence.month_end(first))


def _month_part(reader: Reader, named: Mapping[str, str]) -> Told:
    return _in_year(reader, named, lambda spoken: _part_of(spoken, number(named["m"]), named.get("part", "底")))


def _open_month(reader: Reader, named: Mapping[str, str]) -> Told:
    return Told(None, ("no_exact_day",), 1)


def _this_month(reader: Reader, named: Mapping[str, str]) -> Told:
    if reader.day is None:
        return Told(None, ("no_day",))
    month = reader.day.replace(day=1)
    if named["which"] in ("下月", "下个月", "次月"):
        month = recurrence.add_months(month, 1)
    if "d" in named:
        return _sure(_date(month.year, month.month, number(named["d"])))
    part = named.get("part", named.get("part2", "内"))
    if part.endswith("前"):
        return Told(None, ("no_exact_day",), 1)
    return _not_past(reader.day, _part_of(month.year, month.month, part))


def _day_of_month(reader: Reader, named: Mapping[str, str]) -> Told:
    """18号之前: of this month, or of the next once it has passed."""
    if reader.day is None:
        return Told(None, ("no_day",))
    month, number_of_day = reader.day.replace(day=1), number(named["d"])
    due = _date(month.year, month.month, number_of_day)
    if due is None or due >= reader.day:
        return _sure(due)
    following = recurrence.add_months(month, 1)
    return _sure(_date(following.year, following.month, number_of_day))


def _not_past(day: date, due: date | None) -> Told:
    return _sure(due) if due is None or due >= day else Told(due, ("past",))


def _week(reader: Reader, named: Mapping[str, str]) -> Told:
    if reader.day is None:
        return Told(None, ("no_day",))
    weekday = _WEEKDAYS.get(named.get("d", "日"), 7)
    if named["which"] == "周":
        return Told(due_day(Deadline("day_of_week", weekday), reader.day, _calendar()), ("next_such_weekday",))
    weeks = {"下周": 1, "下下周": 2}.get(named["which"], 0)
    monday = recurrence.span_of(reader.day, "week").first + DAY * 7 * weeks
    return _not_past(reader.day, monday + DAY * (weekday - 1))


def _quarter(reader: Reader, named: Mapping[str, str]) -> Told:
    quarter = number(named["q"]) or 0
    return _in_year(reader, named, lambda spoken: _part_of(spoken, quarter * 3, "底"))


def _inside(span: str) -> Callable[[Reader, Mapping[str, str]], Told]:
    def tell(reader: Reader, named: Mapping[str, str]) -> Told:
        if reader.day is None:
            return Told(None, ("no_day",))
        day = due_day(Deadline("inside", span), reader.day, _calendar())
        return Told(
            due_day(Deadline("inside", span), day + DAY, _calendar()) if named["which"].startswith("下") else day
        )

    return tell


def _half(reader: Reader, named: Mapping[str, str]) -> Told:
    month = 6 if named["h"] == "上半年" else 12
    return _in_year(reader, named, lambda spoken: _part_of(spoken, month, "底"))


def _year_end(reader: Reader, named: Mapping[str, str]) -> Told:
    return _in_year(reader, named, lambda spoken: _date(spoken, 12, 31))


def _plan_end(reader: Reader, named: Mapping[str, str]) -> Told:
    return _sure(_date(words()["plans"][named["plan"]], 12, 31))


def _today(reader: Reader, named: Mapping[str, str]) -> Told:
    if reader.day is None:
        return Told(None, ("no_day",))
    return Told(reader.day + DAY * {"明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2}.get(named["which"], 0))


def _span(reader: Reader, named: Mapping[str, str]) -> Told | None:
    """Count on from the text's day. What starts elsewhere (印发后10日内) stays open."""
    count = 0.5 if named["n"] == "半" else number(named["n"])
    if not count:
        return None
    since = named.get("from", "")
    if since and not _FROM_NOW.fullmatch(since):
        return Told(None, ("starts_elsewhere",), 1)
    if reader.day is None:
        return Told(None, ("no_day",))
    notes = () if since else ("counted_from_day",)
    due = _moved(reader.day, count, named["unit"])
    if due is None:
        return Told(None, ("no_exact_day",), 1)
    if named["unit"] == "工作日" and _calendar().status(due) == "estimated":
        notes = (*notes, "calendar_estimated")
    return Told(due, notes)


def _moved(day: date, count: float, unit: str) -> date | None:
    halves = {"月": 15, "年": 0, "天": 0}
    if unit == "小时":
        return day + DAY * int(-(-count // 24)) if count >= 24 else day
    if count == 0.5:
        if unit == "年":
            return recurrence.add_months(day, 6)
        return day + DAY * halves["月"] if unit == "月" else None
    named = {"季度": ("month", 3), "星期": ("week", 1), "自然日": ("day", 1)}
    shifted, times = named.get(unit, (words()["units"].get(unit, "day"), 1))
    return recurrence.shift(day, int(count) * times, shifted, _calendar())


def _vague(reader: Reader, named: Mapping[str, str]) -> Told:
    return Told(None, ("vague",), 2)


def _event(reader: Reader, named: Mapping[str, str]) -> Told:
    """Before an event is by the day before it opens; during it, by its last day. The next edition is meant."""
    name = named.get("event", "")
    known = sorted((event for event in reader.events if name in event.names), key=lambda event: event.first)
    day = reader.day
    ahead = [event for event in known if day is None or event.first >= day]
    if day is not None and not known and name in words()["fixed_days"]:
        month, number_of_day = words()["fixed_days"][name]
        told = due_day(Deadline("month_day", (month, number_of_day)), day, _calendar())
        return Told(told - DAY)
    if day is not None and not known and name in _FEASTS:
        return _feast(_FEASTS[name], day, named["b"])
    if (day is None and len(known) != 1) or not ahead:
        return Told(None, ("event_unknown",), 1)
    return Told(ahead[0].last if named["b"] == "期间" else ahead[0].first - DAY)


def _feast(name: str, day: date, said: str) -> Told:
    """Before a feast of the moon's calendar is by the day before the feast's own; which days are off is not told here."""
    own = [feasts.own_days(spoken).get(name) for spoken in (day.year, day.year + 1)]
    ahead = [one for one in own if one and one >= day]
    if not ahead or said == "期间":
        return Told(None, ("event_unknown",), 1)
    return Told(ahead[0] - DAY, ("feast_day",))


_TELL: Mapping[str, Callable[[Reader, Mapping[str, str]], Told | None]] = {
    "day": _day,
    "month_part": _month_part,
    "month_named": _month_part,
    "month_open": _open_month,
    "quarter_open": _open_month,
    "this_month": _this_month,
    "day_of_month": _day_of_month,
    "week": _week,
    "quarter": _quarter,
    "this_quarter": _inside("quarter"),
    "half": _half,
    "year_end": _year_end,
    "plan_end": _plan_end,
    "today": _today,
    "span": _span,
    "vague": _vague,
    "event": _event,
}


# recurrences --------------------------------------------------------------------------------------------------------


def _every(kind: str, named: Mapping[str, str], match: Found) -> Every | None:
    """Turn words into a recurrence that `luodi.kernel.recurrence` knows; None if they are none (每0月)."""
    if kind == "unsaid":
        return Every(match[0], match.start(), match.end(), None)
    unit, spoken = words()["units"][named["unit"]], named.get("n")
    n = {None: 1, "双": 2, "隔": 2}.get(spoken, number(spoken) if spoken and spoken not in "半双隔" else None)
    if spoken == "半":
        unit, n = {"month": "half_month", "year": "half_year"}.get(unit, ""), 1
    if not n or not unit:
        return None
    if n > 1 and unit not in recurrence.ROLLING_UNITS:
        unit, n = ("month", n * 3) if unit == "quarter" else ("day", n * 10)
    known = Recurrence(unit, n if n > 1 else None)
    return Every(match[0], match.start(), match.end(), known.unit, known.n, named.get("by"), named.get("does"))


def first_day(found: Iterable[When]) -> Iterator[When]:
    """Order the deadlines of one task: those that say a day first, then as they stand."""
    return iter(sorted(found, key=lambda when: (when.rank, when.start)))
