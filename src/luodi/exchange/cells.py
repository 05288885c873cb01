"""
Reading one cell: what an office types, turned into an exact value, or refused with words.

Runs on the distinct values of a column, so the rules may take their time. Pure: no file, no store, no clock. A cell is what
the reader gave: text, a number (workbook numbers are floats, of which Excel shows and means 15 digits), a day, a truth value.
Nothing is guessed: what can be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from luodi.exchange.refusals import BadCell
from luodi.kernel import instant, money, typed
from luodi.kernel.period import AccountingYear, BadPeriod, Period, month
from luodi.projects.rules import codes

Raw = str | float | int | bool | date | datetime | time | timedelta | None
Reader = Callable[[Raw], object]

BLANKS = " \t\r\n\u3000\xa0\ufeff\u200b"
MISSING = typed.MISSING | {"－", "／", "Ｎ／Ａ"}
DITTO = typed.SAME_AS_ABOVE | {"\u3003", "”"}
SAYS_NOTHING = MISSING | DITTO
FORMULA_SIGNS = ("=", "+", "-", "@")
EXCEL_DIGITS = 15  # digits that a workbook's number is good for
MOST_TEXT = 32_767  # what a workbook's cell can hold

SUFFIX = re.compile(r"(?P<number>[-+\d.,]+)\s*(?P<unit>亿元|亿|万元|万|百万元|千元|元|万美元|亿美元|美元|人|个|[%％])")
EXPONENT = re.compile(r"[-+]?[\d.]+[eE][-+]?\d+")
SHORT_UNITS = {"亿": "亿元", "万": "万元"}
DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
)
CLOCK = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
MONTH = re.compile(r"(\d{4})(?:[.\-/](\d{2})|年(\d{1,2})月)")
SHORT_MONTH = re.compile(r"\d{4}[.\-/]\d")
USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
FIRST_YEAR, LAST_YEAR = 1900, 2200


def text(raw: Raw) -> str | None:
    """Read words; missing marks are None. Numbers become the digits that Excel shows."""
    if isinstance(raw, str):
        if raw.isalnum() and len(raw) < MOST_TEXT and raw not in SAYS_NOTHING:
            return raw  # most cells: letters, ideographs and digits, nothing around or in front of them
        found = raw.strip(BLANKS)
        if found in MISSING:
            return None
        if found in DITTO:
            raise BadCell("import.cell.ditto")
        if len(found) > MOST_TEXT:
            raise BadCell("import.cell.too_long", most=MOST_TEXT)
        if found[0] == "=" and len(found) > 1:
            raise BadCell("import.cell.formula")
        if found[0] == "'" and found[1:2] in FORMULA_SIGNS:  # a spreadsheet's way of saying that it is text
            found = found[1:]
        return found.replace("\x00", "")
    if raw is None:
        return None
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float | int):
        return digits(raw)
    if isinstance(raw, datetime):
        return raw.isoformat(" ")
    return str(raw)


def digits(raw: float) -> str:
    """Write a workbook's number as Excel shows it; a longer one has lost its last digits and is refused."""
    if abs(raw) >= 10**EXCEL_DIGITS:
        raise BadCell("import.cell.digits_lost")
    return f"{Decimal(f'{raw:.{EXCEL_DIGITS}g}'):f}"


def limited(most: int) -> Reader:
    """Read words of at most so many characters, on one line: a code or a label."""

    def read(raw: Raw) -> str | None:
        found = text(raw)
        if found is not None and len(found) > most:
            raise BadCell("import.cell.too_long", most=most)
        if found is not None and "\n" in found:
            raise BadCell("import.cell.two_lines")
        return found

    return read


def half_width(found: str) -> str:
    """Turn full-width digits, letters, signs and stops into plain ones."""
    return typed.half_width(found)


def number(raw: Raw) -> Decimal | None:
    """
    Read an exact number: a workbook's float by its 15 digits, text as it stands (full-width digits and thousands
    separators allowed).
    """
    return in_unit(None)(raw)


def in_unit(unit: str | None, factor: Decimal = Decimal(1)) -> Callable[[Raw], Decimal | None]:
    """Read a number of a column kept in `unit` and give it times `factor`. A cell that names another unit is refused."""

    def read(raw: Raw) -> Decimal | None:
        if isinstance(raw, bool | date | time | timedelta):
            raise BadCell("import.cell.not_a_number")
        if isinstance(raw, float | int):
            digits_of = f"{raw:.{EXCEL_DIGITS}g}"
            if "e" in digits_of or "n" in digits_of or factor < 1:
                return scaled(float_exactly(raw), factor)
            return money.WIDE.multiply(
                Decimal(digits_of), factor
            )  # at most 15 digits: neither too many decimals nor too large
        found = text(raw)
        if found is None:
            return None
        value = plain_number(half_width(found), unit)
        return None if value is None else scaled(value, factor)

    return read


def float_exactly(raw: float) -> Decimal:
    """Take a workbook's number as Excel means it: 15 significant digits."""
    if raw != raw or raw in (float("inf"), float("-inf")):
        raise BadCell("import.cell.not_a_number")
    return Decimal(f"{raw:.{EXCEL_DIGITS}g}")


def plain_number(found: str, unit: str | None) -> Decimal | None:
    """Read the digits of a text, allowing the column's own unit after them."""
    suffix = SUFFIX.fullmatch(found)
    if suffix and suffix["unit"] not in "%％":
        named = SHORT_UNITS.get(suffix["unit"], suffix["unit"])
        if named != unit:
            raise BadCell("import.cell.other_unit", named=named, unit=unit or "—")
        found = suffix["number"]
    if EXPONENT.fullmatch(found):
        raise BadCell("import.cell.exponent")
    try:
        return typed.read_number(found)
    except typed.NotANumber as fault:
        raise BadCell(f"import.cell.number_{fault.why}") from None


def scaled(value: Decimal, factor: Decimal) -> Decimal:
    """Multiply exactly; what needs more decimals than an amount may have is refused."""
    result = money.WIDE.multiply(value, factor)
    exponent = int(result.as_tuple().exponent)
    if exponent < -money.SCALE:
        result = result.normalize(money.WIDE)
        if int(result.as_tuple().exponent) < -money.SCALE:
            raise BadCell("import.cell.too_many_decimals", most=money.SCALE)
    if result.adjusted() > 23:
        raise BadCell("import.cell.too_large")
    return result


def whole(raw: Raw) -> int | None:
    """Read a whole number, such as a year or a month."""
    if isinstance(raw, str):
        raw = re.sub(r"(?<=\d)[年月度]+$", "", half_width(raw.strip(BLANKS)))
    found = number(raw)
    if found is None:
        return None
    if found != found.to_integral_value():
        raise BadCell("import.cell.not_whole")
    return int(found)


def yes_no(raw: Raw) -> bool | None:
    """Read 是 or 否 (or a workbook's own truth value)."""
    if isinstance(raw, bool):
        return raw
    found = text(raw)
    if found is None:
        return None
    if found.lower() in ("是", "true"):
        return True
    if found.lower() in ("否", "false"):
        return False
    raise BadCell("import.cell.not_yes_no")


def choice(labels: Mapping[str, str]) -> Callable[[Raw], str | None]:
    """Read one of a closed list of labels; gives what the label stands for. Codes may be written too."""
    known = {**{value: value for value in labels.values()}, **labels}

    def read(raw: Raw) -> str | None:
        found = text(raw)
        if found is None:
            return None
        try:
            return known[found]
        except KeyError:
            raise BadCell("import.cell.not_listed", allowed="、".join(dict.fromkeys(labels))) from None

    return read


def day(raw: Raw) -> date | None:
    """Read a day: a workbook's date, ISO (year, month, day in that order), or a month alone, counted on its last day."""
    found = day_or_month(raw)
    return None if found is None else found[0]


def day_or_month(raw: Raw) -> tuple[date, bool] | None:
    """Read a day and whether it was given as a month alone (then it is the month's last day)."""
    if isinstance(raw, datetime):
        return in_range(raw.date()), False
    if isinstance(raw, date):
        return in_range(raw), False
    if isinstance(raw, bool | time | timedelta):
        raise BadCell("import.cell.not_a_day")
    if isinstance(raw, float | int):
        return month_number(raw), True
    found = text(raw)
    if found is None:
        return None
    found = half_width(found)
    if match := MONTH.fullmatch(found):
        return month_end(int(match[1]), int(match[2] or match[3])), True
    if SHORT_MONTH.fullmatch(found):
        raise BadCell("import.cell.month_or_tenth")
    if match := DAY.fullmatch(CLOCK.sub("", found)):
        year, month_of, day_of = (int(part) for part in match.groups() if part)
        return in_range(make_day(year, month_of, day_of)), False
    raise BadCell("import.cell.not_a_day")


def month_number(raw: float) -> date:
    """Read a number like 2024.05 as a month; 2024.1 may be January or October and is refused."""
    found = f"{raw:.{EXCEL_DIGITS}g}"
    if match := re.fullmatch(r"(\d{4})\.(\d{2})", found):
        return month_end(int(match[1]), int(match[2]))
    if re.fullmatch(r"\d{4}\.\d", found):
        raise BadCell("import.cell.month_or_tenth")
    raise BadCell("import.cell.number_for_day")


def month_end(year: int, number: int) -> date:
    """Give a month's last day."""
    if not 1 <= number <= 12:
        raise BadCell("import.cell.not_a_day")
    return month(year, number).last


def make_day(year: int, month_of: int, day_of: int) -> date:
    """Build a day, or say that the calendar has none such."""
    try:
        return date(year, month_of, day_of)
    except ValueError:
        raise BadCell("import.cell.no_such_day") from None


def in_range(found: date) -> date:
    """Refuse years that only a slip of the hand writes."""
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadCell("import.cell.no_such_day")
    return found


def moment(raw: Raw) -> int | None:
    """Read when something was known: a day (its 00:00), or an ISO instant; without a zone it is the city's."""
    if isinstance(raw, datetime):
        return instant.from_datetime(raw if raw.tzinfo else raw.replace(tzinfo=instant.CITY_ZONE))
    if isinstance(raw, str) and CLOCK.search(raw.strip(BLANKS)):
        try:
            found = datetime.fromisoformat(raw.strip(BLANKS))
        except ValueError:
            raise BadCell("import.cell.not_a_moment") from None
        return instant.from_datetime(found if found.tzinfo else found.replace(tzinfo=instant.CITY_ZONE))
    found_day = day(raw)
    return None if found_day is None else instant.start_of(found_day)


CHINESE_PARTS = (
    (re.compile(r"(\d{4})年(?:第?([1-4一二三四])季度)"), lambda m: f"{m[1]}-Q{'一二三四'.find(m[2]) + 1 or m[2]}"),
    (re.compile(r"(\d{4})年([上下])半年"), lambda m: f"{m[1]}-H{'上下'.index(m[2]) + 1}"),
    (re.compile(r"(\d{4})年(\d{1,2})月([上中下])旬"), lambda m: f"{m[1]}-{int(m[2]):02d}-{m[3]}旬"),
    (re.compile(r"(\d{4})年0?1[-—~至]0?2月"), lambda m: f"{m[1]}-01..02"),
    (re.compile(r"(\d{4})年(\d{1,2})月"), lambda m: f"{m[1]}-{int(m[2]):02d}"),
    (re.compile(r"(\d{4})[./](\d{2})"), lambda m: f"{m[1]}-{m[2]}"),
    (re.compile(r"(\d{4})年"), lambda m: m[1]),
)


def period(year: AccountingYear) -> Callable[[Raw], Period | None]:
    """Read a period by its label (`2024-05`, `2024-Q2` ...) or in plain Chinese; a workbook's date only if it is a month's first day."""

    def read(raw: Raw) -> Period | None:
        if isinstance(raw, date):
            return first_of_month(raw)
        found = text(raw)
        if found is None:
            return None
        found = half_width(found)
        if SHORT_MONTH.fullmatch(found):
            raise BadCell("import.cell.month_or_tenth")
        for shape, write in CHINESE_PARTS:
            if match := shape.fullmatch(found):
                found = write(match)
                break
        try:
            return year.parse(found)
        except BadPeriod:
            raise BadCell("import.cell.not_a_period") from None

    return read


def first_of_month(raw: date) -> Period:
    """Take a date for its month where Excel made one of a typed `2024-05`: only the first of a month can be that."""
    if raw.day != 1 or (isinstance(raw, datetime) and raw.time() != time()):
        raise BadCell("import.cell.not_a_period")
    return month(raw.year, raw.month)


MOST_SHARE_PLACES = 6
MOST_DENOMINATOR = 10**9


def share(raw: Raw) -> tuple[int, int] | None:
    """Read a share as a fraction (`1/3`) or a decimal of at most 6 places, more than 0 and at most 1, as (numerator, denominator)."""
    if isinstance(raw, date):
        raise BadCell("import.cell.share_became_day")
    found = text(raw)
    if found is None:
        return None
    found = half_width(found).replace(" ", "")
    try:
        value = Fraction(found) if re.fullmatch(r"\d{1,10}/\d{1,10}", found) else Fraction(Decimal(found))
    except (InvalidOperation, ValueError, ZeroDivisionError, OverflowError):
        raise BadCell("import.cell.not_a_share") from None
    if "/" not in found and value * 10**MOST_SHARE_PLACES % 1:
        raise BadCell("import.cell.share_places", most=MOST_SHARE_PLACES)
    if not 0 < value <= 1 or value.denominator > MOST_DENOMINATOR:
        raise BadCell("import.cell.not_a_share")
    return value.numerator, value.denominator


def uscc(raw: Raw) -> str | None:
    """Read a unified social credit code: 18 signs with a check sign (GB 32100)."""
    found = text(raw)
    if found is None:
        return None
    found = half_width(found).upper().replace(" ", "")
    if not USCC.fullmatch(found):
        raise BadCell("import.cell.not_uscc")
    if next(codes.uscc_problems(found, where=""), None) is not None:
        raise BadCell("import.cell.uscc_check_sign")
    return found


def national_code(raw: Raw) -> str | None:
    """Read the code of the national online approval platform: 24 characters, `2024-530100-41-01-123456`."""
    if isinstance(raw, str) and raw.isascii() and codes.NATIONAL.fullmatch(raw):
        return raw
    found = text(raw)
    if found is None:
        return None
    found = half_width(found).replace(" ", "")
    if not codes.NATIONAL.fullmatch(found):
        raise BadCell("import.cell.not_national_code")
    return found
