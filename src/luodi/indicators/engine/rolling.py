"""
From sums by holder to sums by line, in columns and exactly: 64-bit whole numbers where they surely fit, else Python's own.

Nothing is rounded here: a column is whole numbers over one scale, and shares are put on a common denominator.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from luodi.indicators.rules.weights import Shape
from luodi.indicators.values import Exact

Ints = npt.NDArray[Any]  # int64, or objects that are Python's whole numbers
Indices = npt.NDArray[np.int64]
FEN = 2  # decimals of an amount in whole fen
ROOM = float(2**62)  # sums whose parts' sizes add up to less fit into 64 bits


class Column(NamedTuple):
    """Numbers as they came back from the columns: each is `numbers[row] / scale`."""

    numbers: Ints
    scale: int


@dataclass(frozen=True)
class Block:
    """Sums by holder: row r counts `numbers / den[r]` in the lines of `holders[r]`, or in that line alone where `direct[r]`."""

    holders: Sequence[str]
    direct: Sequence[bool]
    den: Sequence[int]
    columns: Mapping[int, Column]  # by place: v0, n0, v1, n1 ...


@dataclass(frozen=True)
class Rolled:
    """Sums of every line: values (at even places) are to be divided by `scale`, what they rest on (at odd ones) is as it is."""

    scale: int
    numbers: Mapping[str | None, Sequence[int]]


def column(found: pa.ChunkedArray) -> Column:
    """Take whole numbers or decimals over as a column; in fen where every one of them is."""
    if not pa.types.is_decimal(found.type):
        return Column(found.to_numpy().astype(np.int64, copy=False), 1)
    with contextlib.suppress(pa.ArrowInvalid):  # some have more decimals: foreign money at a rate
        found = found.cast(pa.decimal128(38, FEN))
    return Column(_unscaled(found), 10**found.type.scale)


def _unscaled(found: pa.ChunkedArray) -> Ints:
    """Read the 128-bit whole numbers that decimals are kept as."""
    parts = [_halves(chunk) for chunk in found.chunks if len(chunk)]
    if not parts:
        return np.zeros(0, np.int64)
    halves = np.concatenate(parts)
    low, high = halves[:, 0], halves[:, 1]
    if bool(np.all(high == low >> 63)):
        return low.copy()
    return np.asarray((high.astype(object) << 64) + low.view(np.uint64).astype(object), object)


def _halves(chunk: pa.Array) -> Indices:
    data = np.frombuffer(chunk.buffers()[1], np.int64).reshape(-1, 2)
    return data[chunk.offset : chunk.offset + len(chunk)]


def roll_up(blocks: Sequence[Block], shape: Shape, width: int) -> Rolled:
    """Add every row up into the lines its holder shows in. Lines where nothing is held are all zeros."""
    common = math.lcm(1, *(den for block in blocks for den in set(block.den)))
    fine = max((one.scale for block in blocks for one in block.columns.values()), default=1)
    found: list[Ints] = [np.zeros(len(shape.lines), np.int64) for _ in range(width)]
    for block in blocks:
        rows, lines = _pairs(block, shape)
        factors = _fitted([common // den for den in block.den])
        for place, one in block.columns.items():
            numbers = _counts(one) if place % 2 else _times(_times(one.numbers, factors), fine // one.scale)
            found[place] = _added(found[place], numbers, rows, lines)
    rows_of_lines = zip(*(numbers.tolist() for numbers in found), strict=True) if found else [()] * len(shape.lines)
    return Rolled(common * fine, dict(zip(shape.lines, rows_of_lines, strict=True)))


def _counts(found: Column) -> Ints:
    """Read how many there are: counts may come back as decimals too."""
    return found.numbers if found.scale == 1 else found.numbers // found.scale


def _pairs(block: Block, shape: Shape) -> tuple[Indices, Indices]:
    """List (row, line) for every line that a row counts in."""
    rows = zip(block.holders, block.direct, strict=True)
    return _flat([(shape.lines[holder],) if direct else shape.places(holder) for holder, direct in rows])


def _flat(lists: Sequence[Collection[int]]) -> tuple[Indices, Indices]:
    """Lay lists end to end: the number of the list each member is of, and the members."""
    sizes = np.fromiter(map(len, lists), np.int64, len(lists))
    members = np.fromiter(chain.from_iterable(lists), np.int64, int(sizes.sum()))
    return np.repeat(np.arange(len(lists), dtype=np.int64), sizes), members


def _fitted(numbers: Sequence[int]) -> Ints:
    """Put whole numbers into 64 bits where they fit."""
    return np.array(numbers, np.int64 if all(-(2**62) < n < 2**62 for n in numbers) else object)


def _times(numbers: Ints, factors: Ints | int) -> Ints:
    """Multiply, in 64 bits where every product surely fits."""
    if isinstance(factors, int) and factors == 1:
        return numbers
    largest = _largest(numbers) * (float(factors) if isinstance(factors, int) else _largest(factors))
    return numbers * factors if largest < ROOM else numbers.astype(object) * factors


def _largest(numbers: Ints) -> float:
    return float(max(abs(int(numbers.max())), abs(int(numbers.min())))) if len(numbers) else 0.0


def _added(into: Ints, numbers: Ints, rows: Indices, lines: Indices) -> Ints:
    """Add numbers into lines; no line's sum is larger than all sizes together."""
    room = (_largest(into) + _largest(numbers) * max(1, len(numbers))) < ROOM
    if not room and into.dtype != object:
        into = into.astype(object)
    np.add.at(into, lines, numbers.astype(np.int64 if room else object, copy=False)[rows])
    return into


class Counted(NamedTuple):
    """Whole days that came up `times` times in each of some lines, by their numbers in the shape."""

    days: int
    times: int
    places: Collection[int]


def medians(found: Sequence[Counted], shape: Shape) -> dict[str | None, Exact]:
    """Give the middle of each line's days; of an even number of them the mean of the middle two. Lines without any are left out."""
    which, lines = _flat([one.places for one in found])
    days, times = (np.array([one[i] for one in found], np.int64)[which] for i in (0, 1))
    order = np.lexsort((days, lines))
    lines, days, through = lines[order], days[order], np.cumsum(times[order])
    ends = np.flatnonzero(np.diff(lines, append=-1))
    totals = np.diff(through[ends], prepend=0)
    begins = through[ends] - totals
    low = days[np.searchsorted(through, begins + (totals - 1) // 2, side="right")]
    high = days[np.searchsorted(through, begins + totals // 2, side="right")]
    names = list(shape.lines)
    middles = zip(lines[ends].tolist(), (low + high).tolist(), strict=True)
    return {names[line]: Fraction(twice, 2) for line, twice in middles}
