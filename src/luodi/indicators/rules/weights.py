"""
Who counts how much of a project: attributions at D, and in which lines what a holder holds shows.

A unit's weight for a project is what it and its descendants hold, at most 1; the root has weight 1 for every project; what no
unit holds is a line of its own. (ledger.md, Attribution; indicators.md, Weights.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
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

    def lines(self, shape: Shape) -> tuple[str | None, ...]:
        """Tell in which lines it counts."""
        return (self.holder,) if self.direct else shape.reach(self.holder)

    def places(self, shape: Shape) -> tuple[int, ...]:
        """Tell in which lines it counts, by their numbers."""
        return (shape.lines[self.holder],) if self.direct else shape.places(self.holder)


@dataclass(frozen=True)
class Shape:
    """A tree with its root and the perimeters beside it: everywhere a line can stand."""

    tree: Tree
    root: str
    perimeters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def lines(self) -> Mapping[str | None, int]:
        """Number every line: units, the root, perimeters, and None for what no unit holds."""
        found = dict.fromkeys([*self.tree.units, self.root, *self.perimeters, None])
        return {line: place for place, line in enumerate(found)}

    @cached_property
    def _reached(self) -> dict[str, tuple[str | None, ...]]:
        return {}

    def reach(self, holder: str) -> tuple[str | None, ...]:
        """Tell in which lines a holder shows: itself, all above, the root, each perimeter around; None where no such unit is."""
        found = self._reached.get(holder)
        if found is None:
            found = self._reached[holder] = self._lines_of(holder)
        return found

    @cached_property
    def _placed(self) -> dict[str, tuple[int, ...]]:
        return {}

    def places(self, holder: str) -> tuple[int, ...]:
        """Tell in which lines a holder shows, by their numbers."""
        found = self._placed.get(holder)
        if found is None:
            found = self._placed[holder] = tuple(self.lines[line] for line in self.reach(holder))
        return found

    def _lines_of(self, holder: str) -> tuple[str | None, ...]:
        if holder not in self.tree.units:
            return (None, self.root)
        above = {holder: None, **dict.fromkeys(self.tree.ancestors(holder))}
        around = [name for name, members in self.perimeters.items() if not above.keys().isdisjoint(members)]
        return tuple(dict.fromkeys([*above, *around, self.root]))

    def lines_of(self, units: Iterable[str]) -> dict[str, set[str]]:
        """Tell in which named lines these holders show, and by which of them."""
        found: dict[str, set[str]] = defaultdict(set)
        for unit in units:
            for line in self.named_lines(unit):
                found[line].add(unit)
        return found

    def named_lines(self, holder: str) -> Iterator[str]:
        """Yield the lines in which a holder shows, but for what no unit holds."""
        return (line for line in self.reach(holder) if line is not None)


def weights(parts: Iterable[Part], shape: Shape) -> Iterator[Weight]:
    """
    Turn sets into weights. A split set adds up along the tree; in mode `full` every unit named counts all, once in each line.
    """
    sets: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        sets[part.project, part.measure].append(part)
    for (project, measure), own in sets.items():
        num, den = _total(own)
        if num > den or any(part.full for part in own):
            yield from _overlapping(project, measure, own, shape)
        else:
            for part in own:
                yield Weight(project, measure, part.unit, part.num, part.den, False)
            if num < den:
                rest = Fraction(den - num, den)
                yield Weight(project, measure, NOBODY, rest.numerator, rest.denominator, False)


def _total(own: Sequence[Part]) -> tuple[int, int]:
    """Add shares up, over one denominator: most sets have but one, and whole numbers are quicker than fractions."""
    den = own[0].den
    if all(part.den == den for part in own):
        return sum(part.num for part in own), den
    return sum((Fraction(part.num, part.den) for part in own), Fraction(0)).as_integer_ratio()


def _overlapping(project: str, measure: str, own: Sequence[Part], shape: Shape) -> Iterator[Weight]:
    """Shares that add up to more than the whole: each line counts what is held under it, at most 1."""
    known = [part for part in own if part.unit in shape.tree.units and part.num]
    if not known:
        yield Weight(project, measure, NOBODY, 1, 1, False)
        return
    if all(part.full for part in known):
        lines = dict.fromkeys(line for part in known for line in shape.named_lines(part.unit))
        yield from (Weight(project, measure, line, 1, 1, True) for line in lines)
        return
    for line, units in shape.lines_of(part.unit for part in known).items():
        inside = [part for part in known if part.unit in units]
        num, den = _total(inside)
        if line == shape.root or num > den or any(part.full for part in inside):
            num = den = 1
        yield Weight(project, measure, line, num, den, True)
