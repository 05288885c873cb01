"""
Exact numbers of assessment: rationals inside, rounding only where a scheme writes it, text at the door.

Nothing here is ever a float. A number in a scheme is `12`, `0.4` or `1/3`; a number in data may besides have
full-width digits, a minus of print, thousands separators in their right places, and a percent sign where the
input's unit is a percentage.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from luodi.kernel.typed import MISSING

PLAIN = re.compile(r"[+-]?\d+(\.\d+)?(/\d+(\.\d+)?)?")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
MINUSES = str.maketrans({"−": "-", "–": "-", "﹣": "-"})
MODES = ("half_up", "half_even", "half_down", "down", "up", "floor", "ceiling")
SHOWN_PLACES = 12  # of a number that has no end, where only a decimal will do


@dataclass(frozen=True)
class Rounding:
    """To how many decimal places, and which way. half_up goes away from zero, as the offices do."""

    places: int
    mode: str


class NotANumber(ValueError):
    """The text is no exact number."""


def number(text: str) -> Fraction:
    """Read a number of a scheme: `12`, `0.4`, `1/3`. Raises NotANumber."""
    if not PLAIN.fullmatch(text):
        raise NotANumber(text)
    top, _, bottom = text.partition("/")
    if not bottom:
        return Fraction(top)
    if Fraction(bottom) == 0:
        raise NotANumber(text)
    return Fraction(top) / Fraction(bottom)


def figure(text: str, *, percent: bool = False) -> Fraction | None:
    """Read a number of a data cell; None when it is empty or says there is nothing (—, 无). Raises NotANumber."""
    if text.isascii():  # most cells: digits, with or without a decimal point
        whole, point, part = text.partition(".")
        if whole.isdigit() and (part.isdigit() if point else True):
            return Fraction(int(whole + part), 10 ** len(part))
    plain = unicodedata.normalize("NFKC", text).translate(MINUSES).strip()
    if plain in MISSING:
        return None
    if percent and plain.endswith("%"):
        plain = plain[:-1].rstrip()
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    return number(plain)


def rounded(value: Fraction, rounding: Rounding | None) -> Fraction:
    """Round where the scheme writes it; None leaves the number exact."""
    if rounding is None:
        return value
    scale: int = 10**rounding.places
    top, bottom = value.numerator * scale, value.denominator
    return Fraction(_whole(top, bottom, rounding.mode), scale)


def _whole(top: int, bottom: int, mode: str) -> int:
    """Round top/bottom (bottom > 0) to a whole number."""
    below, rest = divmod(top, bottom)
    if rest == 0 or mode == "floor":
        return below
    if mode == "ceiling":
        return below + 1
    away = below + 1 if top > 0 else below
    towards = below if top > 0 else below + 1
    if mode in ("up", "down"):
        return away if mode == "up" else towards
    if 2 * rest != bottom:
        return below + (2 * rest > bottom)
    if mode == "half_even":
        return below + (below & 1)
    return away if mode == "half_up" else towards


@lru_cache(maxsize=4096)
def _ending(denominator: int) -> int | None:
    """Count the decimal places a fraction with this denominator needs; None if it never ends."""
    places = 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        places = max(places, count)
    return places if denominator == 1 else None


def text_of(value: Fraction) -> str:
    """Write a number exactly: `40`, `38.67`, or `116/3` when no decimal ends."""
    return _text(value.numerator, value.denominator)


# A trace says each figure several times over: in inputs, formula, sentence.
@lru_cache(maxsize=1 << 16)
def _text(top: int, bottom: int) -> str:
    if bottom == 1:
        return str(top)
    places = _ending(bottom)
    return f"{top}/{bottom}" if places is None else _fixed(top, bottom, places)


def fixed(value: Fraction, places: int) -> str:
    """Write a number that has at most `places` decimals with exactly that many."""
    return _fixed(value.numerator, value.denominator, places)


def _fixed(top: int, bottom: int, places: int) -> str:
    scale = 10**places
    digits = abs(top) * scale // bottom
    sign = "-" if top < 0 else ""
    if places == 0:
        return f"{sign}{digits}"
    return f"{sign}{digits // scale}.{digits % scale:0{places}d}"


def short(value: Fraction) -> str:
    """Write a number for people: exact if it ends within four places, else rounded to four."""
    return _short(value.numerator, value.denominator)


@lru_cache(maxsize=1 << 16)
def _short(top: int, bottom: int) -> str:
    places = _ending(bottom)
    if places is not None and places <= 4:
        return _text(top, bottom)
    return text_of(rounded(Fraction(top, bottom), Rounding(4, "half_up")))


def decimal_of(value: Fraction, rounding: Rounding | None) -> Decimal:
    """Give a score as a decimal with the places its rounding keeps; twelve at most where nothing rounds."""
    if rounding is not None:
        return Decimal(fixed(value, max(rounding.places, 0)))
    return Decimal(text_of(rounded(value, Rounding(SHOWN_PLACES, "half_up"))))
