"""
Reading what was typed into a table that was asked, by the type of its column. Pure.

Numbers stay in the unit of the column's head: they become yuan only where a form of the profile files them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from luodi.kernel import typed
from luodi.kernel.problem import Problem
from luodi.statistics.values.asking import AskedColumn

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
MONTH = re.compile(r"(\d{4})(?:[-/.](\d{2})|年(\d{1,2})月)")
YES = frozenset({"是", "有", "√", "yes", "y", "true"})
NO = frozenset({"否", "没有", "×", "no", "n", "false"})
LONGEST = 2000


class NotRead(ValueError):
    """The text is not of the column's type. `code` and `params` say why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def canonical(column: AskedColumn, text: str) -> str:
    """
    Write a typed cell the one way it is kept: plain digits, ISO days, 是 or 否; "" when it says that there is nothing.

    :raises NotRead: if it isn't of the column's type
    """
    if typed.is_missing(text):
        return ""
    if typed.half_width(text) in typed.SAME_AS_ABOVE:
        raise NotRead("typed.same_as_above", found=text)
    return READERS[column.type](column, text)


def cell_problem(column: AskedColumn, text: str, where: str) -> Problem | None:
    """Say what is wrong with a cell, or None."""
    try:
        canonical(column, text)
    except NotRead as why:
        return Problem(why.code, where=where, params={"found": text, **why.params})
    return None


def number(column: AskedColumn, text: str) -> str:
    """Read a number with no more decimals than the column takes."""
    try:
        found = typed.read_number(text)
    except typed.NotANumber as error:
        raise NotRead(f"typed.{error.why}") from None
    assert found is not None  # noqa: S101  missing marks were taken out before
    if typed.decimals(found) > (0 if column.type == "whole" else column.places):
        if column.type == "whole":
            raise NotRead("filing.not_whole")
        raise NotRead("filing.too_many_decimals", places=column.places)
    return plain(found)


def plain(value: Decimal) -> str:
    """Write a number without needless zeros."""
    return f"{value.normalize():f}" if value else "0"


def words(column: AskedColumn, text: str) -> str:
    """Take words as they are, of a decent length."""
    if len(text) > LONGEST:
        raise NotRead("filing.too_long", most=LONGEST)
    return text.strip()


def day(column: AskedColumn, text: str) -> str:
    """Read a day: year, month, day in that order."""
    match = DAY.fullmatch(typed.half_width(text))
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        pass
    raise NotRead("filing.not_a_day")


def month(column: AskedColumn, text: str) -> str:
    """Read a month: 2025-06, 2025.06, 2025年6月."""
    match = MONTH.fullmatch(typed.half_width(text))
    number_of = int(match[2] or match[3]) if match else 0
    if match is None or not 1 <= number_of <= 12:
        raise NotRead("filing.not_a_month")
    return f"{match[1]}-{number_of:02}"


def choice(column: AskedColumn, text: str) -> str:
    """Take one of those listed."""
    found = text.strip()
    if found not in column.choices:
        raise NotRead("filing.not_listed", allowed="、".join(column.choices))
    return found


def yes_no(column: AskedColumn, text: str) -> str:
    """Read 是 or 否."""
    found = typed.half_width(text).lower()
    if found in YES or found in NO:
        return "是" if found in YES else "否"
    raise NotRead("filing.not_listed", allowed="是、否")


READERS: dict[str, Callable[[AskedColumn, str], str]] = {
    "money": number,
    "number": number,
    "whole": number,
    "text": words,
    "day": day,
    "month": month,
    "choice": choice,
    "yes_no": yes_no,
}


def same(one: str, other: str) -> bool:
    """Tell whether two typed texts say the same: `1,250.50` and `1250.5`, a dash and a blank."""
    if one == other:
        return True
    if typed.is_missing(one) or typed.is_missing(other):
        return typed.is_missing(one) and typed.is_missing(other)
    try:
        return typed.read_number(one) == typed.read_number(other)
    except typed.NotANumber:
        return typed.half_width(one) == typed.half_width(other)
