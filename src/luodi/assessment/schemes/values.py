"""The values a scheme is made of: frozen, exact, with the line each came from. Nothing here reads or computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from luodi.assessment.schemes.exact import Rounding
from luodi.kernel.predicates import Predicate

Args = Mapping[str, Any]  # the parsed keys of an operator; each operator's table of keys says what they hold


@dataclass(frozen=True)
class Ref:
    """A name of an input, value or item; `when` is what stands after @: previous, last_year, -N or a period."""

    name: str
    when: str | None = None
    line: int = field(default=0, compare=False)

    @cached_property
    def text(self) -> str:
        """Give the name as written."""
        return f"{self.name}@{self.when}" if self.when else self.name


@dataclass(frozen=True)
class Full:
    """The full marks of the item: its weight in the unit's group."""


@dataclass(frozen=True)
class Percent:
    """A percentage of another quantity."""

    percent: Fraction
    of: Ref | Full


# Where a number can stand, a name may stand too.
Quantity = Fraction | Ref | Full | Percent


@dataclass(frozen=True)
class Cap:
    """A ceiling: on the ratio, sum, row, category, window, item ... (which ones, the operator says)."""

    on: str
    at: Quantity
    by: str | None = None  # window: month, quarter, year
    date: str | None = None  # window: the rows' field that holds the day


@dataclass(frozen=True)
class Input:
    """One figure per unit and period, as the data bring it."""

    name: str
    column: str
    type: str  # number | text | day
    unit: str
    missing: str  # error | zero | not_applicable
    source: str
    kind: str  # audited | self | audited_else_self
    perimeter: str
    least: Fraction | None
    most: Fraction | None
    step: Fraction | None
    line: int


@dataclass(frozen=True)
class Node:
    """A value, an item or a total: one operator with its settled choices."""

    name: str
    op: str
    args: Args
    refs: tuple[Ref, ...]
    reach: tuple[str, ...]  # groups whose figures it reads besides its own; ("*",) means every one
    round: Rounding | None
    scale: Fraction | None  # what counts as full before weighting; None: the result is points already
    when: Predicate | None
    otherwise: Fraction | None  # what a false `when` gives; None: not applicable
    basis: str
    title: str
    parameters: Mapping[str, object]  # as written, for the trace
    choices: Mapping[str, object]
    uses: Mapping[str, object]  # which name plays which part
    monotonic: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class Variant:
    """The item set of a group in the periods that fit one of the patterns (* and ? as in file names)."""

    periods: tuple[str, ...]
    items: tuple[str, ...]
    weights: Mapping[str, Fraction]


@dataclass(frozen=True)
class Group:
    """Units measured by the same items and weights and ranked among themselves."""

    name: str
    items: tuple[str, ...]
    weights: Mapping[str, Fraction]
    redistribute: bool
    weights_total: Fraction | None
    variants: tuple[Variant, ...]
    total: Node | None
    line: int


@dataclass(frozen=True)
class Order:
    """One key of a ranking."""

    by: str
    descending: bool


@dataclass(frozen=True)
class Rank:
    """How units are put in order."""

    by: str
    descending: bool
    ties: str
    then: tuple[Order, ...]
    precision: Rounding | None
    within: str  # group | all
    line: int


@dataclass(frozen=True)
class Rule:
    """A condition judged after scoring, with what it does."""

    id: str
    when: Predicate
    effect: Mapping[str, Any]
    hard: bool
    basis: str
    line: int


@dataclass(frozen=True)
class Grades:
    """Grades from best to worst; each a name, a condition or a share of places."""

    levels: tuple[Mapping[str, Any], ...]
    otherwise: str
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Prize:
    """A distinction with limited places."""

    id: str
    places: int
    by: str
    descending: bool
    within: str
    ties: str  # all_in | none_in | refuse
    when: Predicate | None
    basis: str
    line: int


@dataclass(frozen=True)
class Listing:
    """An external list, with its version and source."""

    name: str
    version: str
    source: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Pool:
    """Who takes part, frozen on a day with somebody's approval."""

    units: tuple[str, ...]
    frozen_on: date
    approved_by: str


@dataclass(frozen=True)
class Scheme:
    """A whole scheme."""

    id: str
    title: str
    file: str
    valid_from: date | None
    valid_to: date | None
    basis: str
    approval: str | None
    inputs: Mapping[str, Input]
    values: Mapping[str, Node]
    items: Mapping[str, Node]
    groups: Mapping[str, Group]
    lists: Mapping[str, Listing]
    total: Node
    rank: Rank
    corrections: str
    published: Mapping[str, date]
    no_history: str
    year_starts: int
    group_change: str
    unranked_peers: bool
    not_ranked: tuple[Rule, ...]
    vetoes: tuple[Rule, ...]
    grades: Grades | None
    moves: tuple[Rule, ...]
    prizes: tuple[Prize, ...]
    pool: Pool | None
    lines: Mapping[str, int]
