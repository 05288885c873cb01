"""
Which figures count for which span, as of which cut: the rules of one subject and measure.

A figure counts if its whole period lies in the span; a finer one is dropped only if a coarser that counts covers it.
Of a cumulative column the year to date is the last one in force inside the accounting year, and a period of its own is the
difference from the one before, if that is in force. (indicators.md, Periods; ledger.md, In-period and cumulative.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, groupby
from typing import NamedTuple

from luodi.indicators.rules.trust import Spell, last_standing, trust
from luodi.indicators.values import Contribution, FigureRow, Mark
from luodi.kernel.instant import END_OF_TIME
from luodi.kernel.money import WIDE

Extent = tuple[date, date]
Ranked = tuple[date, date, int]
Standing = list[tuple[int, int, FigureRow]]
ONE_DAY = timedelta(days=1)
Amounts = dict[Extent, tuple[Decimal, int]]
Found = tuple[date, date, Decimal, int, int, int]  # first, last, value, n, since, until


class Item(NamedTuple):
    """A number that may count for a span: its extent, and the extents that replace it where they fit into the span too."""

    first: date
    last: date
    value: Decimal
    covers: tuple[Extent, ...]
    rows: tuple[int, ...]

    def counts(self, first: date, last: date) -> bool:
        """Tell whether it counts for the span from `first` to `last`."""
        return inside(self.first, self.last, first, last) and not any(inside(*c, first, last) for c in self.covers)


def inside(first: date, last: date, span_first: date, span_last: date) -> bool:
    """Tell whether an extent lies whole in a span."""
    return span_first <= first and last <= span_last


def items(rows: Iterable[FigureRow]) -> list[Item]:
    """
    Turn the rows in force of one subject and measure (one a period) into what may count.

    A row filed as blank neither counts nor covers anything.
    """
    filled = [row for row in rows if row.value is not None]
    plain = [row for row in filled if not row.cumulative]
    cumulative = [row for row in filled if row.cumulative]
    through = {
        row.last: row for row in sorted(cumulative, key=lambda row: row.rank)
    }  # of equal ends the coarser stands
    differences = list(_differences(cumulative, through))
    own = [(row.first, row.last, row.rank) for row in [*plain, *(row for row, _ in differences)]]
    return [
        *_whole(plain, own, through.values()),
        *_to_date(through, plain),
        *(_difference(row, before, own) for row, before in differences),
    ]


def _whole(plain: Iterable[FigureRow], own: Sequence[Ranked], to_date: Iterable[FigureRow]) -> Iterator[Item]:
    """In-period figures: each may be replaced by any coarser one, or by a year to date, that covers it."""
    for row in plain:
        wider = [(first, last) for first, last, rank in own if rank > row.rank]
        years = [
            (year.year_first, year.last)
            for year in to_date
            if year.rank > row.rank or (year.year_first, year.last) != (row.first, row.last)
        ]
        yield _item(row.first, row.last, _value(row), [*wider, *years], (row.id,))


def _to_date(through: Mapping[date, FigureRow], plain: Sequence[FigureRow]) -> Iterator[Item]:
    """Years to date: each is replaced by the next one in force, or by a coarser in-period figure that covers it."""
    for last, row in through.items():
        later = [
            (row.year_first, end) for end, other in through.items() if end > last and other.year_first == row.year_first
        ]
        wider = [(other.first, other.last) for other in plain if other.rank > row.rank]
        yield _item(row.year_first, last, _value(row), [*later, *wider], (row.id,))


def _differences(
    cumulative: Iterable[FigureRow], through: Mapping[date, FigureRow]
) -> Iterator[tuple[FigureRow, FigureRow]]:
    """Pair each cumulative figure with the one before it in its accounting year; the year's first is its own year to date."""
    for row in cumulative:
        before = through.get(row.first - ONE_DAY)
        if before is not None and row.first != row.year_first and before.year_first == row.year_first:
            yield row, before


def _difference(row: FigureRow, before: FigureRow, own: Iterable[Ranked]) -> Item:
    """The period's own number out of a cumulative column; the year to date replaces it where that fits."""
    wider = [(first, last) for first, last, rank in own if rank > row.rank]
    value = WIDE.subtract(_value(row), _value(before))
    return _item(row.first, row.last, value, [*wider, (row.year_first, row.last)], (row.id, before.id))


def _value(row: FigureRow) -> Decimal:
    return row.value or Decimal(0)


def _item(first: date, last: date, value: Decimal, candidates: Iterable[Extent], rows: tuple[int, ...]) -> Item:
    """Keep of the candidate covers those that do cover, and of nested ones the smallest (the wider drops it no more)."""
    covering = {extent for extent in candidates if inside(first, last, *extent)}
    smallest = [one for one in covering if not any(other != one and inside(*other, *one) for other in covering)]
    return Item(first, last, value, tuple(sorted(smallest)), rows)


def amounts(found: Iterable[Item]) -> Amounts:
    """
    Turn items into signed amounts by extent, so that the sum over the extents inside a span is what counts for it.

    An item counts where it fits and none of its covers does: by inclusion and exclusion that is its value over its own
    extent, less its value over each cover, plus over each two covers' hull, and so on.
    """
    total: dict[Extent, tuple[Decimal, int]] = {}
    for item in found:
        for size in range(len(item.covers) + 1):
            sign = -1 if size % 2 else 1
            for chosen in combinations(item.covers, size):
                extent = (min([item.first, *(c[0] for c in chosen)]), max([item.last, *(c[1] for c in chosen)]))
                value, n = total.get(extent, (Decimal(0), 0))
                total[extent] = (WIDE.add(value, sign * item.value), n + sign)
    return {extent: found for extent, found in total.items() if found[0] or found[1]}


def contributions(rows: Sequence[FigureRow], marks: Mapping[int, Sequence[Mark]]) -> list[Contribution]:
    """
    Resolve all rows of one subject and measure, with what was later said of them (`marks` by row id), once for every cut.

    The sum of `value` (and of `n`) over the contributions with [first, last] inside a span, `verified` (or `filed`,
    as the basis asked for) <= cut < `until` is the measure's sum (and number of figures) for that span as of that cut.
    """
    verified: dict[Extent, list[tuple[FigureRow, Sequence[Spell]]]] = defaultdict(list)
    filed: dict[Extent, list[tuple[FigureRow, Sequence[Spell]]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.known_at, row.id)):
        trusted = trust(known_at=row.known_at, trusted_at=row.accepted_at, marks=marks.get(row.id, ()))
        verified[row.first, row.last].append((row, trusted.verified))
        filed[row.first, row.last].append((row, trusted.filed))
    return merged(resolve(_standing(verified)), resolve(_standing(filed)))


def _standing(by_period: Mapping[Extent, Sequence[tuple[FigureRow, Sequence[Spell]]]]) -> Standing:
    return [spell for rows in by_period.values() for spell in last_standing(rows)]


def resolve(standing: Standing) -> list[Found]:
    """Turn who stood when into (first, last, value, n, since, until), one accounting year at a time."""
    if _independent(standing):
        return [(r.first, r.last, r.value, 1, since, until) for since, until, r in standing if r.value is not None]
    found: list[Found] = []
    ordered = sorted(standing, key=lambda spell: spell[2].year_first)
    for _, year in groupby(ordered, key=lambda spell: spell[2].year_first):
        found.extend(_resolve_year(list(year)))
    return found


def _independent(standing: Standing) -> bool:
    """Tell whether no row can cover another: all in-period and of one length, as most are."""
    return len({row.rank for _, _, row in standing}) <= 1 and not any(row.cumulative for _, _, row in standing)


def _resolve_year(standing: Standing) -> Iterator[Found]:
    """Look at each stretch of transaction time in turn; what goes on unchanged is one interval."""
    turns = sorted({at for since, until, _ in standing for at in (since, until)})
    going: dict[tuple[Extent, Decimal, int], int] = {}
    for turn in turns:
        now = amounts(items(row for since, until, row in standing if since <= turn < until))
        present = {(extent, value, n) for extent, (value, n) in now.items()}
        for (extent, value, n), since in list(going.items()):
            if (extent, value, n) not in present:
                yield *extent, value, n, since, turn
                del going[extent, value, n]
        for key in present - going.keys():
            going[key] = turn


def merged(verified: Iterable[Found], filed: Iterable[Found]) -> list[Contribution]:
    """Put both levels of trust together: what ends at one instant at both is one contribution."""
    waiting: dict[tuple[date, date, Decimal, int, int], int] = {}
    found: list[Contribution] = []
    for first, last, value, n, since, until in verified:
        waiting[first, last, value, n, until] = since
    for first, last, value, n, since, until in filed:
        found.append(
            Contribution(first, last, value, n, waiting.pop((first, last, value, n, until), END_OF_TIME), since, until)
        )
    return [*found, *(Contribution(*key[:4], since, END_OF_TIME, key[4]) for key, since in waiting.items())]
