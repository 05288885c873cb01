"""
Values of the ledger: who acts, what an act holds, where its rows go.

An act's rows go to the projection tables as they are, so one rule rebuilds every projection: read facts, write rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

# A row's id is fact << PLACE_BITS | place, so that a rebuild gives every row the id it had.
PLACE_BITS = 16
WHOLE_FACT = (1 << PLACE_BITS) - 1  # the place that names all rows of a fact (a verdict on a submission)

Scalar = str | int | bool | Decimal | date | None | list[str] | dict[str, str]
Row = Sequence[Scalar]


@dataclass(frozen=True)
class Actor:
    """Who acts: a person's id (or a named operator), on which way, for which unit. No names, which can be erased."""

    person: str
    via: str  # web, api, cli, demo
    unit: str = ""
    os_user: str = ""


@dataclass(frozen=True)
class Table:
    """
    The columns of a projection table that a fact type fills, in the order its rows hold them.

    `known_at` may be among the columns (an instant or None) and then overrides the recorded time when given.
    `texts` are the columns whose words are kept outside the fact, by salted commitment, so that they can be erased.
    `refers` are the columns that hold row ids, where `own_row(place)` may stand.
    """

    model: str  # "projects.StageEvent"
    columns: tuple[str, ...]
    texts: frozenset[str] = frozenset()
    refers: frozenset[str] = frozenset({"target"})


@dataclass(frozen=True)
class FactType:
    """A kind of act: its name in the past tense, its version, the tables its rows go to, its own words."""

    name: str
    version: int
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Act:
    """
    Something a person did, ready to be appended.

    `rows` by table (`{"projects.StageEvent": [...]}`); places count through the type's tables in their order.
    `details` are plain values that no table holds (what was resolved from the profile, a command's parameters).
    `texts` are words that no table holds (a reason), erasable. `evidence` are digests of stored files.
    """

    type: FactType
    subject: str
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    details: Mapping[str, Scalar] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cut:
    """A point of the ledger: everything known by `at`, among facts up to `through` (None: all)."""

    at: int
    through: int | None = None


def row_id(fact: int, place: int) -> int:
    """Give the id of the row at a place of a fact (or, with WHOLE_FACT, of all its rows)."""
    return fact << PLACE_BITS | place


def fact_of(row: int) -> int:
    """Tell which fact a row came from."""
    return row >> PLACE_BITS


def place_of(row: int) -> int:
    """Tell at which place of its fact a row stands."""
    return row & WHOLE_FACT


def own_row(place: int) -> int:
    """Name a row of the very act being appended (whose id is not yet drawn): resolved when the act is appended."""
    return -1 - place


@dataclass(frozen=True)
class Seal:
    """A sealed period. `hash` covers everything else; `previous` is the hash of the seal before (first: "")."""

    id: int
    known_at: int
    period: str
    period_last: date
    cut_at: int
    first: int
    through: int
    count: int
    root: str
    previous: str
    profile: str
    algorithm: str
    sealed_at: int
    sealed_by: str
    hash: str

    @property
    def fact(self) -> int:
        """The fact by which the period was sealed."""
        return fact_of(self.id)

    @property
    def cut(self) -> Cut:
        """What was known when it was sealed."""
        return Cut(self.cut_at, self.through)


@dataclass(frozen=True)
class Recorded:
    """A fact read back. `rows` by table: mappings of column to value, with the row's `id`; removed texts are None."""

    id: int
    name: str
    version: int
    at: int
    actor: Actor
    subject: str
    import_id: str
    details: Mapping[str, Any]
    texts: Mapping[str, str | None]
    evidence: tuple[str, ...]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
