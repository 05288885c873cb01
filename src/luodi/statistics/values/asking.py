"""
A table that somebody is asked to fill: rows, columns, what is known already. A form of the profile and a form of the moment
look alike from here on: on the page, in a workbook, split into parts and merged again. No Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from luodi.statistics.values.reporting import Cell

NUMBERS = frozenset({"money", "number", "whole"})
TYPES = ("money", "number", "whole", "text", "day", "month", "choice", "yes_no")
NOTE = "note."  # columns of words on a form of the profile: `note.progress`


@dataclass(frozen=True)
class AskedColumn:
    """A column to fill. `kind`: period 本月 or cumulative 累计, "" where that says nothing; `unit` for its head."""

    id: str
    zh: str
    en: str
    type: str = "text"
    unit: str = ""
    places: int = 2
    required: bool = False
    choices: tuple[str, ...] = ()
    kind: str = ""

    @property
    def numeric(self) -> bool:
        """Tell whether its cells are added up."""
        return self.type in NUMBERS


@dataclass(frozen=True)
class AskedRow:
    """
    A row to fill: a project, or the unit itself.

    `known`: what the ledger says of it, by the asking's known columns; `values`: as typed so far; `before` and `ago`: last period's
    and the same period's a year ago, as they were filed in the column's unit; `filed`: this period's, where it is filed already.
    """

    subject: str
    label: str
    known: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    ago: Mapping[str, str] = field(default_factory=dict)
    filed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownColumn:
    """A column that the ledger fills by itself: never asked (K3)."""

    id: str
    zh: str
    en: str
    unit: str = ""
    type: str = "text"


@dataclass(frozen=True)
class Asking:
    """One unit's table of one form and period, as it is asked today. `only`: cells that may be filled, None for all."""

    form: str
    period: str
    unit: str
    zh: str
    en: str
    columns: tuple[AskedColumn, ...]
    rows: tuple[AskedRow, ...]
    known: tuple[KnownColumn, ...] = ()
    edition: int = 0
    only: frozenset[Cell] | None = None
    of: str = "project"  # what a row is: project, or unit

    def open(self, subject: str, column: str) -> bool:
        """Tell whether a cell is to be filled now."""
        return self.only is None or (subject, column) in self.only

    @property
    def asked(self) -> int:
        """How many cells are asked (words beside them not counted)."""
        return sum(
            self.open(row.subject, column.id)
            for row in self.rows
            for column in self.columns
            if not column.id.startswith(NOTE)
        )

    @property
    def filled_by_system(self) -> int:
        """How many cells the system filled: the row's name and code, what the ledger knows, last period, a year ago."""
        return sum(
            2 + sum(bool(text) for part in (row.known, row.before, row.ago) for text in part.values())
            for row in self.rows
        )


@dataclass(frozen=True)
class Part:
    """
    One file that came back, kept beside the draft until the form is submitted.

    `part`: for whom it was split off ("" for the whole); `base`: what stood in the file when it was handed out; `cells`: what
    could be read, by `subject|column`; `settled`: cells already dealt with, and how (taken, kept, same); `faults`: what could not be taken.
    """

    id: int
    name: str
    digest: str
    by: str
    at: int
    part: str
    cells: Mapping[str, str]
    base: Mapping[str, str] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    faults: int = 0

    @property
    def taken(self) -> int:
        """How many of its cells went into the draft."""
        return sum(how == "taken" for how in self.settled.values())


@dataclass(frozen=True)
class Offer:
    """What one part says for a cell."""

    part: Part
    text: str


@dataclass(frozen=True)
class Conflict:
    """A cell for which there are several answers: what stands in the draft, from whom, and what else is offered."""

    key: str
    kept: str
    kept_from: str
    offers: tuple[Offer, ...]
