"""
A city as plain rows, the way import files hold them. Imports nothing of luodi: the slow counter knows only this.

`known_at` and other instants are whole numbers that grow with time; rows of one known time count in the order they stand in.
`void_at`: from then on the row is void. `said`: what was later said of a row, as (instant, word), the word one of accepted, verified,
withdrawn, sent_back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Unit:
    code: str
    parent: str
    kind: str
    valid_from: date
    known_at: int
    valid_to: date | None = None
    successor: str = ""
    void_at: int | None = None


@dataclass(frozen=True)
class Version:
    code: str
    valid_from: date
    known_at: int
    host: str = ""
    introducer: str = ""
    lead_department: str = ""
    origin: str = ""
    kind: str = "招商引资"
    contract_kind: str = ""
    total_investment: Decimal | None = None
    strategic: bool | None = None
    excluded: str = ""
    void_at: int | None = None


@dataclass(frozen=True)
class Stage:
    project: str
    stage: str
    occurred_on: date
    known_at: int
    verified_at: int | None = None
    void_at: int | None = None
    said: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Figure:
    subject: str
    measure: str
    period: str
    value: Decimal | None
    known_at: int
    accepted_at: int | None = None
    cumulative: bool = False
    is_unit: bool = False
    void_at: int | None = None
    said: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Share:
    """One row of a set; rows of one project, role, measure, valid_from and `filing` were filed together."""

    project: str
    role: str
    unit: str
    num: int
    den: int
    valid_from: date
    known_at: int
    filing: str
    measure: str = ""
    full: bool = False
    void_at: int | None = None


@dataclass(frozen=True)
class Listed:
    project: str
    list: str
    valid_from: date
    known_at: int
    valid_to: date | None = None
    void_at: int | None = None


@dataclass(frozen=True)
class Plan:
    project: str
    year: int
    invest: Decimal | None
    known_at: int
    void_at: int | None = None


@dataclass(frozen=True)
class Target:
    unit: str
    indicator: str
    period: str
    value: Decimal
    known_at: int
    kind: str = "guaranteed"
    source: str = "above"
    void_at: int | None = None


@dataclass(frozen=True)
class City:
    root: str = "YL"
    year_begins_in: int = 1
    merge_jan_feb: bool = False
    on_units: frozenset[str] = frozenset()  # measures that are filed on units
    perimeters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: tuple[Unit, ...] = ()
    versions: tuple[Version, ...] = ()
    stages: tuple[Stage, ...] = ()
    figures: tuple[Figure, ...] = ()
    shares: tuple[Share, ...] = ()
    lists: tuple[Listed, ...] = ()
    plans: tuple[Plan, ...] = ()
    targets: tuple[Target, ...] = ()
