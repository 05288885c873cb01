"""
Money and counts, exactly: kept in yuan (or persons) as decimals, read and shown in the unit that a form says.

Rounding happens at the door only, half away from zero. Two printed numbers agree when the intervals that their
rounding allows overlap (indicators.md, Rounding).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

# How many yuan one unit is. 万美元 needs a rate and is not here.
YUAN_IN = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
FOREIGN_IN = {"美元": Decimal(1), "万美元": Decimal(10_000), "亿美元": Decimal(100_000_000)}

# Wide enough that no sum of a country's fen is ever rounded by accident.
WIDE = Context(prec=60)
# A kept amount has at most this many decimals in yuan; columns are DECIMAL(38, 14).
SCALE = 14

Exact = Decimal | Fraction | int


def to_yuan(amount: Decimal, unit: str, rate: Decimal | None = None) -> Decimal:
    """
    Turn an amount in a unit (元 千元 万元 百万元 亿元, or with `rate` in yuan per dollar 美元 万美元 亿美元) into yuan.

    :raises KeyError: for another unit, or a foreign one without a rate
    """
    if rate is not None:
        return WIDE.multiply(WIDE.multiply(amount, FOREIGN_IN[unit]), rate)
    return WIDE.multiply(amount, YUAN_IN[unit])


def round_away(value: Exact, places: int) -> Decimal:
    """Round half away from zero to `places` decimals, from a decimal, a fraction or a whole number."""
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**places
        whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
        return Decimal(whole if value >= 0 else -whole).scaleb(-places, WIDE)
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=WIDE)


def in_unit(yuan: Exact, unit: str, places: int = 2) -> Decimal:
    """Print an amount kept in yuan in a unit, rounded half away from zero."""
    return round_away(Fraction(yuan) / Fraction(YUAN_IN[unit]), places)


def fen(yuan: Exact) -> str:
    """Write an amount as contract.md says: yuan with two decimals."""
    return f"{round_away(yuan, 2):f}"


def interval(printed: Decimal) -> tuple[Fraction, Fraction]:
    """Give the closed interval of exact values that a printed number may stand for."""
    half = Fraction(1, 2 * 10 ** decimals(printed)) if decimals(printed) >= 0 else Fraction(10 ** -decimals(printed), 2)
    return Fraction(printed) - half, Fraction(printed) + half


def decimals(printed: Decimal) -> int:
    """Tell how many decimals a number was printed with."""
    exponent = printed.as_tuple().exponent
    return -int(exponent)


def agree(one: Decimal, other: Decimal) -> bool:
    """Tell whether two printed numbers may stand for the same exact value."""
    (low, high), (other_low, other_high) = interval(one), interval(other)
    return low <= other_high and other_low <= high


def printed_ratio_agrees(part: Decimal, whole: Decimal, printed_percent: Decimal) -> bool:
    """Tell whether a percentage printed beside its two printed numbers can be right (28/42 as 66.7 is, 16/26 as 58 not)."""
    if whole == 0:
        return False
    exact_numbers = decimals(part) <= 0 and decimals(whole) <= 0
    part_low, part_high = (Fraction(part), Fraction(part)) if exact_numbers else interval(part)
    whole_low, whole_high = (Fraction(whole), Fraction(whole)) if exact_numbers else interval(whole)
    if whole_low <= 0:
        return True
    low, high = interval(printed_percent)
    edges = [100 * p / w for p in (part_low, part_high) for w in (whole_low, whole_high)]
    return min(edges) <= high and low <= max(edges)
