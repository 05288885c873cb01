"""
Numbers as people type them into tables: full-width digits, thousands separators, marks for 'nothing'.

Nothing is guessed: what could mean two things is refused.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

# What stands in a cell when there is nothing to report. Missing is not zero.
MISSING = frozenset({"", "-", "—", "——", "–", "/", "\\", "无", "暂无", "n/a", "N/A", "null"})
SAME_AS_ABOVE = frozenset({"同上", "〃", '"', "″"})
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
INDIAN_OR_WRONG = re.compile(r"[\d,]+(\.\d+)?")


class NotANumber(ValueError):
    """The text is not a number. `why`: same_as_above, grouping, percent, unit, text."""

    def __init__(self, why: str, found: str) -> None:
        super().__init__(f"{why}: {found}")
        self.why, self.found = why, found


def half_width(text: str) -> str:
    """Turn full-width digits, signs and spaces into plain ones and trim."""
    return unicodedata.normalize("NFKC", text).replace("\u3000", " ").replace("−", "-").strip()


def is_missing(text: str) -> bool:
    """Tell whether a cell's text means that there is nothing."""
    return half_width(text) in MISSING


def read_number(text: str) -> Decimal | None:
    """
    Read a typed number exactly; None when the cell says there is nothing.

    :raises NotANumber: for 同上, wrongly grouped digits, a percent sign, a unit or other words in the cell
    """
    plain = half_width(text)
    if plain in MISSING:
        return None
    if plain in SAME_AS_ABOVE:
        raise NotANumber("same_as_above", text)
    if PLAIN.fullmatch(plain):
        return Decimal(plain)
    if GROUPED.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if INDIAN_OR_WRONG.fullmatch(plain):
        raise NotANumber("grouping", text)
    if plain.endswith("%"):
        raise NotANumber("percent", text)
    if re.match(r"[+-]?[\d.,]+\s*[^\d\s.,]", plain):
        raise NotANumber("unit", text)
    raise NotANumber("text", text)


def decimals(value: Decimal) -> int:
    """Tell how many decimals a number has, trailing zeros left out."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -int(exponent))
