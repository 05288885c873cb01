"""Periods as people write them: 2026年6月 and Jun 2026, 2026年第二季度 and Q2 2026; written so, and read back from most ways of writing them."""

from __future__ import annotations

import re
from datetime import date

from luodi.kernel.period import TEN_DAYS, AccountingYear, BadPeriod, Kind, Period
from luodi.kernel.typed import half_width

TENS = dict(zip((1, 11, 21), TEN_DAYS, strict=True))
QUARTERS = "一二三四"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def written(period: Period, language: str) -> str:
    """Write a period: 2026年9月, 2026年1—2月, 2026年9月上旬, 2026年第三季度, 2026年上半年, 2026年; Sep 2026, Q3 2026, H1 2026 ..."""
    return in_chinese(period) if language == "zh" else in_english(period)


def in_chinese(period: Period) -> str:
    """Write a period as Chinese officials do."""
    first, year = period.first, period.label[:4]
    match period.kind:
        case Kind.MONTH:
            return f"{first.year}年{first.month}月"
        case Kind.JAN_FEB:
            return f"{first.year}年1—2月"
        case Kind.TEN_DAYS:
            return f"{first.year}年{first.month}月{TENS[first.day]}"
        case Kind.QUARTER:
            return f"{year}年第{QUARTERS[int(period.label[-1]) - 1]}季度"
        case Kind.HALF:
            return f"{year}年{'上' if period.label.endswith('1') else '下'}半年"
        case _:
            return f"{year}年"


def in_english(period: Period) -> str:
    """Write a period as people do in English."""
    first, year = period.first, period.label[:4]
    match period.kind:
        case Kind.MONTH:
            return f"{first:%b %Y}"
        case Kind.JAN_FEB:
            return f"Jan–Feb {year}"
        case Kind.TEN_DAYS:
            return f"{first.day}–{period.last.day} {first:%b %Y}"
        case Kind.QUARTER | Kind.HALF:
            return f"{period.label[-2:]} {year}"
        case _:
            return year


# How people write a period, full width made half, blanks and 份 gone, in small letters; a year left out is the year that is reported.
YEAR = r"(?:(?P<year>\d{4})[年\-/.]?)?"
SHAPES = (
    (re.compile(YEAR + r"(?P<month>\d{1,2})月?-?(?P<ten>上旬|中旬|下旬)?"), "{year}-{month}{ten}"),
    (re.compile(YEAR + r"0?1月?(?:-|—|–|至|到|\.\.)0?2月?"), "{year}-01..02"),
    (re.compile(YEAR + r"(?:第?(?P<quarter>[一二三四1-4])季度|q(?P<q>[1-4]))"), "{year}-Q{quarter}"),
    (re.compile(r"q(?P<q>[1-4])[,]?(?P<year>\d{4})"), "{year}-Q{quarter}"),
    (re.compile(YEAR + r"(?:(?P<half>[上下])半年|h(?P<h>[12]))"), "{year}-H{half}"),
    (re.compile(r"h(?P<h>[12])[,]?(?P<year>\d{4})"), "{year}-H{half}"),
    (re.compile(r"(?P<year>\d{4})年?(?:全年|年度)?"), "{year}"),
    (re.compile(r"jan[a-z]*[-—–]feb[a-z]*[,]?(?P<year>\d{4})"), "{year}-01..02"),
    (re.compile(r"(?P<day>1|11|21)[-—–]\d\d(?P<name>[a-z]{3})[a-z]*(?P<year>\d{4})"), "{year}-{month}{ten}"),
    (re.compile(r"(?P<name>[a-z]{3})[a-z.]*[,]?(?P<year>\d{4})"), "{year}-{month}"),
)  # fmt: skip


def read(text: str, *, years: AccountingYear, today: date) -> Period:
    """
    Read a period as somebody typed it: 2026-06, 202606, 2026年6月, 6月份, 2026年二季度, 上半年, Q2 2026, Jun 2026.

    :param today: whose year is meant where none is written
    :raises BadPeriod: if it is none
    """
    typed = re.sub(r"\s|份", "", half_width(text)).lower()
    for shape, label in SHAPES:
        found = shape.fullmatch(typed)
        if found is not None:
            return years.parse(label.format(**parts(found.groupdict(), years.of(today).label, text)))
    raise BadPeriod(found=text)


def parts(found: dict[str, str | None], this_year: str, text: str) -> dict[str, str]:
    """Give the parts of a label: year, month, ten days, quarter, half."""
    name, quarter = found.get("name"), found.get("quarter") or found.get("q") or ""
    if name and name not in MONTHS:
        raise BadPeriod(found=text)
    month = str(MONTHS.index(name) + 1) if name else found.get("month") or ""
    ten = TENS[int(found["day"] or 0)] if found.get("day") else found.get("ten")
    return {
        "year": found.get("year") or this_year,
        "month": month.zfill(2),
        "ten": f"-{ten}" if ten else "",
        "quarter": str(QUARTERS.index(quarter) + 1) if quarter and quarter in QUARTERS else quarter,
        "half": {"上": "1", "下": "2"}.get(found.get("half") or "", found.get("h") or ""),
    }
