"""Sums rolled up in columns agree with sums added one fraction at a time, whatever their size."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.identity.tree import Tree, Unit
from luodi.indicators.engine.rolling import Block, Counted, column, medians, roll_up
from luodi.indicators.rules import finish
from luodi.indicators.rules.weights import Shape

PARENTS = {"C": "", "A": "C", "A1": "A", "B": "C", "Z": ""}
UNITS = {code: Unit(code, code, parent, "district", "", "", True) for code, parent in PARENTS.items()}
SHAPE = Shape(Tree(date(2024, 1, 1), UNITS), "C", {"zone": ("A1", "B")})
HOLDERS = st.sampled_from(["A", "A1", "B", "Z", "gone", "C"])
AMOUNTS = st.decimals(-(10**20), 10**20, places=14) | st.decimals(-(10**12), 10**12, places=2)


def decimals(values: list[Decimal]) -> pa.ChunkedArray:
    return pa.chunked_array([values[:1], values[1:]], pa.decimal128(38, 14))


def exactly(value: Decimal) -> Fraction:
    return Fraction(value)


@settings(deadline=None)
@given(st.lists(AMOUNTS))
def test_a_column_is_the_decimals_it_came_from(values: list[Decimal]) -> None:
    found = column(decimals(values))
    assert [Fraction(int(n), found.scale) for n in found.numbers] == [exactly(value) for value in values]


def test_whole_fen_are_kept_short_and_a_slice_is_not_the_whole() -> None:
    values = decimals([Decimal("0.01"), Decimal("-12345678.90"), Decimal(7)])
    assert column(values).scale == 100
    assert column(values.slice(1)).numbers.tolist() == [-1234567890, 700]


Row = tuple[str, bool, int, Decimal, int]
ROWS = st.lists(st.tuples(HOLDERS, st.booleans(), st.sampled_from([1, 2, 3, 7, 10**6, 10**12 + 39]), AMOUNTS, st.integers(0, 2**40)), max_size=8)  # fmt: skip


def block(rows: list[Row]) -> Block:
    holders, direct, den, values, counts = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    known = [holder if holder in UNITS else "C" if one else holder for holder, one in zip(holders, direct, strict=True)]
    columns = {0: column(decimals(list(values))), 1: column(pa.chunked_array([counts], pa.int64()))}
    return Block(known, direct, den, columns)


@settings(deadline=None)
@given(ROWS, ROWS)
def test_lines_are_what_adding_fractions_gives(one: list[Row], other: list[Row]) -> None:
    expected: dict[str | None, tuple[Fraction, int]] = {}
    blocks = [block(one), block(other)]
    for rows, found in zip((one, other), blocks, strict=True):
        for holder, (_, direct, den, value, n) in zip(found.holders, rows, strict=True):
            for line in (holder,) if direct else SHAPE.reach(holder):
                amount, count = expected.get(line, (Fraction(0), 0))
                expected[line] = (amount + Fraction(value) / den, count + n)
    rolled = roll_up(blocks, SHAPE, 2)
    assert rolled.numbers.keys() == SHAPE.lines.keys()
    for line, (value, n) in rolled.numbers.items():
        assert (Fraction(value, rolled.scale), n) == expected.get(line, (0, 0))


def test_what_does_not_fit_into_64_bits_stays_exact() -> None:
    huge = Decimal(10) ** 17
    rows: list[Row] = [("A1", False, 1, huge, 2**61)] * 5 + [("B", False, 3, huge, 1)]
    rolled = roll_up([block(rows)], SHAPE, 2)
    value, n = rolled.numbers["C"]
    assert (Fraction(value, rolled.scale), n) == (5 * 10**17 + Fraction(10**17, 3), 5 * 2**61 + 1)


NAMES = list(SHAPE.lines)
PLACES = st.sets(st.sampled_from(range(len(NAMES))), min_size=1)


@settings(deadline=None)
@given(st.lists(st.builds(Counted, st.integers(-400, 4000), st.integers(1, 5), PLACES)))
def test_medians_are_those_of_the_rule(found: list[Counted]) -> None:
    by_line: dict[str | None, Counter[int]] = {}
    for one in found:
        for place in one.places:
            by_line.setdefault(NAMES[place], Counter())[one.days] += one.times
    assert medians(found, SHAPE) == {line: finish.median(counts) for line, counts in by_line.items()}


@pytest.mark.parametrize(("days", "middle"), [([5], 5), ([-3, 5, 9], 5), ([5, 8], Fraction(13, 2))])
def test_the_middle(days: list[int], middle: Fraction) -> None:
    assert medians([Counted(one, 1, [NAMES.index("A")]) for one in days], SHAPE) == {"A": middle}
