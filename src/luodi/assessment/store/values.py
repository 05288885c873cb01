"""What a mapping says: who is compared, which figure of the store each input is, which projects each file of rows holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Members:
    """The units of a group: of some kinds, of some assessment groups, or named; without some."""

    kinds: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    under: str = ""  # only units below this one


@dataclass(frozen=True)
class Look:
    """How an indicator is asked for. `role` "": the indicator's own."""

    indicator: str
    span: str = "ytd"
    role: str = ""
    list_: str | None = None
    basis: str = "verified"


@dataclass(frozen=True)
class TargetOf:
    """A target in force of the period's accounting year (or of the period itself), as filed for an indicator."""

    indicator: str
    of: str = "year"  # year | period
    striving: bool = False


@dataclass(frozen=True)
class UnitWord:
    """Something the tree says of the unit: its name, parent, kind or group."""

    word: str


Source = Look | TargetOf | UnitWord


@dataclass(frozen=True)
class FieldOf:
    """One field of a row: a column or attribute of the project, in `unit` if it is money; or whether or when it reached a stage."""

    column: str = ""
    unit: str = ""
    reached: str = ""
    day_of: str = ""


@dataclass(frozen=True)
class RowsOf:
    """A file of rows: the projects behind an indicator, each for the unit it counts for, with its share in it."""

    look: Look
    fields: Mapping[str, FieldOf]
    key: str = "project"


@dataclass(frozen=True)
class StoreMap:
    """The whole mapping. `history`: how many periods before; `last_year`: also the same period of the year before."""

    inputs: Mapping[str, Source] = field(default_factory=dict)
    groups: Mapping[str, Members] = field(default_factory=dict)
    rows: Mapping[str, RowsOf] = field(default_factory=dict)
    history: int = 0
    last_year: bool = False
