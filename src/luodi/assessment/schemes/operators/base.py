"""
What an operator is: a name, a table of keys, and a pure function of one cell (one unit, one item).

An operator sees figures only through its cell: values of the unit, of its peers, of earlier periods, and rows. It
answers with the result before weighting, the formula with the figures put in, and what else the trace must carry so
that somebody can recompute the score from the trace alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NoReturn, Protocol

from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.keys import Key, Names
from luodi.assessment.schemes.values import Args, Cap, Percent, Quantity, Ref
from luodi.kernel.predicates import Predicate
from luodi.kernel.problem import Problem
from luodi.kernel.yamltext import Place

ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)


class NotApplicable(Exception):
    """The item does not apply to this unit. `why` names the figure that made it so."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class Stopped(Exception):
    """This cell can't be computed; scoring goes on to gather the other problems, then is refused."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True)
class Row:
    """One row of a rows file: a thing (a project, a ballot) of one unit, or a share of it."""

    key: str
    unit: str
    share: Fraction
    fields: Mapping[str, str]
    line: int


class Cell(Protocol):
    """One unit under one item, as operators see it."""

    unit: str
    period: str | None
    weight: Fraction | None
    traced: bool
    memo: dict[str, Any]  # what an operator remembers from one unit to the next of the same column

    def get(self, ref: Ref) -> Fraction: ...
    def maybe(self, ref: Ref) -> Fraction | None: ...
    def word(self, ref: Ref) -> str | None: ...
    def peers(self, ref: Ref, reach: Sequence[str]) -> Sequence[tuple[str, Fraction]]: ...
    def extremes(self, ref: Ref, reach: Sequence[str]) -> tuple[tuple[str, Fraction], tuple[str, Fraction]]: ...
    def ordered(self, ref: Ref, reach: Sequence[str]) -> Sequence[Fraction]: ...
    def history(self, ref: Ref, window: object) -> Sequence[tuple[str, Fraction | None]]: ...
    def running(self, when: Predicate, ending: str, unknown: str) -> Sequence[tuple[str, bool | None]]: ...
    def children(self, ref: Ref, group: Sequence[str], parent: Ref) -> Sequence[tuple[str, str, Fraction | None]]: ...
    def child(self, ref: Ref, group: str, unit: str) -> Fraction: ...
    def judge(self, when: Predicate) -> bool | None: ...
    def credited(self, item: str, key: str) -> bool: ...
    def rows(self, args: Args, *, whole: bool = True) -> Sequence[Row]: ...
    def earlier_rows(self, args: Args, key: str) -> Sequence[tuple[str, Row]]: ...
    def stop(self, code: str, **params: object) -> NoReturn: ...


@dataclass(slots=True)
class Outcome:
    """What an operator found. `formula` has the figures put in; `sum` tells whether it needs brackets."""

    raw: Fraction
    formula: str = ""
    sum: bool = False
    capped: bool | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Scored:
    """One item of one unit: exact and as rounded, and what the trace tells."""

    exact: Fraction | None
    score: Fraction | None
    weight: Fraction | None
    outcome: Outcome | None
    used: dict[str, Fraction | str | None]
    why: str = ""


Compute = Callable[[Cell, Args], Outcome]
Check = Callable[[dict[str, Any], Place, Names, int], None]


@dataclass(frozen=True)
class Operator:
    """
    One operator. `result` says what a plain result is: a `share` of the full marks, `points` as they stand, or
    `ask`: a scheme that gives the item a weight must say by `scale` what counts as full.
    """

    name: str
    keys: tuple[Key, ...]
    compute: Compute
    result: str
    zh: str
    en: str
    check: Check | None = None
    reach: str | None = None  # the key that names other groups
    primitives: str = ""


# Helpers of the operators -----------------------------------------------------------------------------------------


def amount(cell: Cell, of: Quantity) -> Fraction:
    """Give the number a quantity stands for in this cell."""
    if isinstance(of, Fraction):
        return of
    if isinstance(of, Ref):
        return cell.get(of)
    if isinstance(of, Percent):
        return amount(cell, of.of) * of.percent / 100
    if cell.weight is None:
        cell.stop("scheme.no_weight")
    return cell.weight


def show(value: Fraction) -> str:
    """Write a number in a formula; negative ones in brackets."""
    return f"({text_of(value)})" if value.numerator < 0 else text_of(value)


def under(value: Fraction) -> str:
    """Write a number below a stroke: `0.5/(11/18)`, not `0.5/11/18`."""
    written = show(value)
    return f"({written})" if "/" in written and value > 0 else written


def held(cell: Cell, caps: Sequence[Cap], on: str, outcome: Outcome) -> Outcome:
    """Hold a result under the ceiling that lies on `on`; standing exactly at it is not capped."""
    for cap in caps:
        if cap.on == on:
            ceiling = amount(cell, cap.at)
            over = outcome.raw > ceiling
            outcome.capped = bool(outcome.capped) or over
            if over:
                outcome.formula = f"min({outcome.formula}, {show(ceiling)})" if cell.traced else ""
                outcome.raw, outcome.sum = ceiling, False
    return outcome


def settled(cell: Cell, choice: object, code: str, **params: object) -> Fraction:
    """Apply a choice such as zero_target: error | zero | full | not_applicable | a number."""
    if isinstance(choice, Fraction):
        return choice
    if choice == "not_applicable":
        raise NotApplicable(code.rpartition(".")[2])
    if choice == "error":
        cell.stop(code, **params)
    return {"zero": ZERO, "full": ONE}[str(choice)]


def positive(cell: Cell, of: Quantity, what: str) -> Fraction:
    """Give a number that must be above zero, such as the width of a step."""
    found = amount(cell, of)
    if found <= 0:
        cell.stop("scheme.not_positive", what=what, value=text_of(found))
    return found
