"""
Values of the indicators: the rows that rules read, the contributions they yield, a question and its answer.

Days are dates and both ends are inside unless said otherwise; instants are whole microseconds (kernel.instant) and
intervals of them are half-open: `since` is the first instant at which something counts, `until` the first at which it no longer does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from luodi.kernel.period import Period

Exact = Fraction | None

# Levels of trust as bits, so that a row which counts at both is kept once.
VERIFIED = 1
FILED = 2
BOTH = VERIFIED | FILED
BASES = {"verified": VERIFIED, "filed": FILED}
ROLES = ("host", "introducer", "lead_department")
SPANS = ("period", "ytd", "since")


class Mark(NamedTuple):
    """Something later said about a row: `accepted`, `verified`, `withdrawn`, `sent_back` or `void`, known at `at`."""

    at: int
    id: int
    what: str


class FigureRow(NamedTuple):
    """A figure as filed. `rank` orders kinds of period from fine to coarse; `year_first` begins its accounting year."""

    id: int
    known_at: int
    accepted_at: int | None
    first: date
    last: date
    rank: int
    year_first: date
    cumulative: bool
    value: Decimal | None


class EventRow(NamedTuple):
    """A stage event as claimed."""

    id: int
    known_at: int
    verified_at: int | None
    stage: str
    day: date


class DatedRow(NamedTuple):
    """A row that holds from `valid_from` until a later one of its key replaces it; `group` are rows filed together."""

    id: int
    known_at: int
    void_at: int | None
    valid_from: date
    group: str = ""


class Contribution(NamedTuple):
    """
    What a figure adds to every span that contains [first, last], as of every cut from `verified` or `filed` (as the basis
    asked for; END_OF_TIME: never) to before `until`.

    Signed: a month that a quarter replaces adds its value over the month and takes it away over the quarter, so that
    one test of containment answers every span. `n` counts figures the same way: a sum without any is missing, not zero.
    """

    first: date
    last: date
    value: Decimal
    n: int
    verified: int
    filed: int
    until: int


class Rectangle(NamedTuple):
    """Rows that hold on the days from `valid_from` to before `valid_to` as of the cuts in [since, until)."""

    valid_from: date
    valid_to: date
    since: int
    until: int
    rows: tuple[int, ...]


class Firsts(NamedTuple):
    """The earliest day in force of each stage of one project, as of the cuts in [since, until)."""

    days: tuple[tuple[str, date], ...]
    since: int
    until: int
    basis: int


class State(NamedTuple):
    """The stage a project was last in on the days from `valid_from` to before `valid_to`, as of the cuts in [since, until)."""

    stage: str
    valid_from: date
    valid_to: date
    since: int
    until: int
    basis: int


@dataclass(frozen=True)
class Question:
    """
    What is asked, resolved: the span [first, last] with D = `last`, the cut, and how to look.

    `year_first` begins the accounting year of D, `year` is its name; `span` says what [first, last] is (period, ytd, since);
    `list_` keeps only projects on that list at D.
    """

    first: date
    last: date
    year_first: date
    year: int
    cut: int
    basis: int = VERIFIED
    role: str = "host"
    list_: str | None = None
    span: str = "ytd"


@dataclass(frozen=True)
class Line:
    """One unit's answers: exact values by indicator (None: undefined or missing), and how many cells are missing."""

    unit: str | None  # None: what no unit holds
    values: Mapping[str, Exact]
    missing: Mapping[str, int]


@dataclass(frozen=True)
class Answer:
    """A whole answer. `kinds` says per indicator what its values are: money, count, persons, ratio, days, points."""

    period: Period
    span: str
    role: str
    basis: str
    cut: int
    as_of: str
    lines: tuple[Line, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)

    def line(self, unit: str | None) -> Line | None:
        """Find the line of a unit."""
        return next((line for line in self.lines if line.unit == unit), None)

    def value(self, indicator: str, unit: str | None) -> Exact:
        """Give one value. Raises KeyError if the indicator was not asked for or the unit has no line."""
        line = self.line(unit)
        if line is None:
            raise KeyError(unit)
        return line.values[indicator]
