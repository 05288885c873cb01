"""
Date formats that a mapping states, in letters an office knows: `D/M/YYYY`, `YYYY年M月`, `D/M/YYYY h:mm:ss A`.

YYYY year; M or MM month; D or DD day; H, HH, h, hh hour; mm minute; ss second; A am/pm. Two letters want two digits, one letter
takes one or two. A format without D means a month alone. `excel-1900` and `excel-1904` take bare serial numbers. Hours are read and
dropped: the ledger's days are days. A value that several stated formats read as different days is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from luodi.exchange import cells
from luodi.exchange.refusals import BadCell

TOKENS = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{2})", "M": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{2})", "D": r"(?P<day>\d{1,2})",
          "HH": r"\d{2}", "H": r"\d{1,2}", "hh": r"\d{2}", "h": r"\d{1,2}", "mm": r"\d{2}", "ss": r"\d{2}", "A": r"(?:[AaPp]\.?[Mm]\.?|上午|下午)"}  # fmt: skip
TOKEN = re.compile("YYYY|MM|M|DD|D|HH|H|hh|h|mm|ss|A|.", re.DOTALL)
SERIALS = {"excel-1900": date(1899, 12, 30), "excel-1904": date(1904, 1, 1)}


@dataclass(frozen=True)
class DateFormat:
    """One stated format: its text, and what reads it (None: serial numbers)."""

    text: str
    pattern: re.Pattern[str] | None


def compile_format(stated: str) -> DateFormat:
    """
    Turn a stated format into what reads it.

    :raises ValueError: if it says no year or no month, or says one twice
    """
    if stated in SERIALS:
        return DateFormat(stated, None)
    parts = TOKEN.findall(stated)
    letters = [part[0] for part in parts if part in TOKENS]
    if letters.count("Y") != 1 or sum(part in ("M", "MM") for part in parts) != 1 or letters.count("D") > 1:
        raise ValueError(stated)
    return DateFormat(stated, re.compile("".join(TOKENS.get(part) or re.escape(part) for part in parts)))


def reader(formats: Sequence[DateFormat]) -> Callable[[cells.Raw], tuple[date, bool] | None]:
    """Read days written in any of the stated formats. A workbook's own dates need no format."""

    def read(raw: cells.Raw) -> tuple[date, bool] | None:
        if isinstance(raw, datetime):
            return cells.in_range(raw.date()), False
        if isinstance(raw, date):
            return cells.in_range(raw), False
        found = cells.text(raw)
        if found is None:
            return None
        found = cells.half_width(found)
        answers = {answer for answer in (by_format(found, stated) for stated in formats) if answer is not None}
        if len(answers) > 1:
            raise BadCell("import.cell.day_two_ways", one=min(answers)[0], other=max(answers)[0])
        if not answers:
            raise BadCell("import.cell.not_in_format", formats="、".join(stated.text for stated in formats))
        return answers.pop()

    return read


def by_format(found: str, stated: DateFormat) -> tuple[date, bool] | None:
    """Read a text by one format; None if it doesn't fit or names no day of the calendar."""
    if stated.pattern is None:
        return serial(found, SERIALS[stated.text])
    match = stated.pattern.fullmatch(found)
    if match is None:
        return None
    parts = match.groupdict()
    try:
        if "day" in parts:
            return cells.in_range(cells.make_day(int(parts["year"]), int(parts["month"]), int(parts["day"]))), False
        return cells.month_end(int(parts["year"]), int(parts["month"])), True
    except BadCell:
        return None


def serial(found: str, epoch: date) -> tuple[date, bool] | None:
    """Read a bare serial number of a workbook's calendar. Serials up to 60 of 1900 are off by its phantom leap day and refused."""
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", found):
        return None
    days = int(float(found))
    if epoch.year == 1899 and days <= 60:
        return None
    return cells.in_range(epoch + timedelta(days=days)), False


def write(day: date, stated: DateFormat) -> str:
    """Write a day by a stated format; hours are midnight."""
    if stated.pattern is None:
        return str((day - SERIALS[stated.text]).days)
    parts = {
        "YYYY": f"{day.year:04d}", "MM": f"{day.month:02d}", "M": str(day.month), "DD": f"{day.day:02d}", "D": str(day.day),
        "HH": "00", "H": "0", "hh": "12", "h": "12", "mm": "00", "ss": "00", "A": "AM",
    }  # fmt: skip
    return "".join(parts.get(part, part) for part in TOKEN.findall(stated.text))
