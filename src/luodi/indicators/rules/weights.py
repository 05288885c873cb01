"""
Who counts how much of a project: attributions at D, and how sums over holders become sums over units.

A unit's weight for a project is what it and its descendants hold, at most 1; the root has weight 1 for every project; what no
unit holds is a line of its own. (ledger.md, Attribution; indicators.md, Weights.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from luodi.identity.tree import Tree

NOBODY = ""  # the holder of what no unit holds


class Part(NamedTuple):
    """A row of a set of attributions at D: this unit's share of the project (for one measure, or for all: empty)."""

    project: str
    measure: str
    unit: str
    num: int
    den: int
    full: bool


class Weight(NamedTuple):
    """
    How much of a project is added where. `direct`: to this unit alone; else to the holder and all it rolls up to.
    """

    project: str
    measure: str
    holder: str
    num: int
    den: int
    direct: bool


@dataclass(frozen=True)
class Shape:
    """A tree with its root and the perimeters beside it: everywhere a line can stand."""

    tree: Tree
    root: str
    perimeters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def lines_of(self, units: Iterable[str]) -> dict[str, set[str]]:
        """Tell in which lines these holders show, and by which of them: each unit above, the root, each perimeter around."""
        found: dict[str, set[str]] = defaultdict(set)
        for unit in units:
            above = {unit, *self.tree.ancestors(unit)} if unit in self.tree.units else set()
            around = {name for name, members in self.perimeters.items() if above.intersection(members)}
            for line in above | around | {self.root}:
                found[line].add(unit)
        return found


def weights(parts: Iterable[Part], shape: Shape) -> Iterator[Weight]:
    """
    Turn sets into weights. A split set adds up along the tree; in mode `full` every unit named counts all, once in each line.
    """
    sets: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        sets[part.project, part.measure].append(part)
    for (project, measure), own in sets.items():
        total = sum((Fraction(part.num, part.den) for part in own), Fraction(0))
        if total > 1 or any(part.full for part in own):
            yield from _overlapping(project, measure, own, shape)
        else:
            for part in own:
                yield Weight(project, measure, part.unit, part.num, part.den, False)
            if total < 1:
                rest = 1 - total
                yield Weight(project, measure, NOBODY, rest.numerator, rest.denominator, False)


def _overlapping(project: str, measure: str, own: Sequence[Part], shape: Shape) -> Iterator[Weight]:
    """Shares that add up to more than the whole: each line counts what is held under it, at most 1."""
    known = [part for part in own if part.unit in shape.tree.units and part.num]
    if not known:
        yield Weight(project, measure, NOBODY, 1, 1, False)
        return
    for line, units in shape.lines_of(part.unit for part in known).items():
        held = sum(
            (Fraction(1) if part.full else Fraction(part.num, part.den) for part in known if part.unit in units),
            Fraction(0),
        )
        weight = Fraction(1) if line == shape.root else min(held, Fraction(1))
        yield Weight(project, measure, line, weight.numerator, weight.denominator, True)


@dataclass
class Totals:
    """
    Sums by holder, exactly: each a list of whole numbers that stand for `number / scale`.

    `rolled` add to the holder and everything above it, `direct` to one line alone.
    """

    width: int
    scale: int = 1
    rolled: dict[str, list[int]] = field(default_factory=dict)
    direct: dict[str, list[int]] = field(default_factory=dict)

    def put(self, holder: str, numbers: Sequence[int], *, direct: bool) -> None:
        """Add a row of numbers to a holder, or to one line alone."""
        _add(self.direct if direct else self.rolled, holder, numbers)


def _add(into: dict[str, list[int]], holder: str, numbers: Sequence[int]) -> None:
    standing = into.get(holder)
    into[holder] = list(numbers) if standing is None else [a + b for a, b in zip(standing, numbers, strict=True)]


def roll_up(totals: Totals, shape: Shape) -> dict[str | None, list[int]]:
    """
    Give the sums of every line: units, the root, perimeters, and None for what no unit holds.

    Lines where nothing is held are left out.
    """
    tree = shape.tree
    found: dict[str, list[int]] = {}
    unheld = [0] * totals.width
    whole = [0] * totals.width
    for holder, numbers in totals.rolled.items():
        whole = [a + b for a, b in zip(whole, numbers, strict=True)]
        if holder in tree.units:
            for line in (holder, *tree.ancestors(holder)):
                _add(found, line, numbers)
        else:
            unheld = [a + b for a, b in zip(unheld, numbers, strict=True)]
    found[shape.root] = whole
    for name, members in shape.perimeters.items():
        for holder in sorted(set().union(*(tree.under(member) for member in members))):
            if holder in totals.rolled:
                _add(found, name, totals.rolled[holder])
    for line, numbers in totals.direct.items():
        _add(found, line, numbers)
    lines: dict[str | None, list[int]] = dict(found.items())
    lines[None] = unheld
    return lines
