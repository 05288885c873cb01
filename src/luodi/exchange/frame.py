"""
A table on its way in: columns of converted cells, each row with its place in the file, and what was found wrong.

Columns rather than rows, since a file has 100,000 of them and few distinct values in most columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import compress

from luodi.exchange.cells import Raw
from luodi.exchange.inspection import cell_name
from luodi.exchange.kinds import Kind
from luodi.kernel.problem import Problem

ROWS_A_SHEET = 2**32  # each row of a file has a number of its own: those of a second sheet go on from here


def in_sheet(number: int) -> tuple[int, int]:
    """Give which of the sheets read a row stands in (from 0), and its row there (from 0)."""
    return divmod(number, ROWS_A_SHEET)


@dataclass(frozen=True)
class Fault:
    """Something about one cell (or, without `column`, one row) of the file. `row` its number in the file, `at` its column."""

    row: int
    at: int | None
    column: str
    header: str
    code: str
    params: Mapping[str, object]
    blocking: bool = True

    def problem(self, file: str, sheet: str) -> Problem:
        """Say it as a problem: file, sheet and cell, what was found there."""
        row = in_sheet(self.row)[1]
        cell = cell_name(row, self.at) if self.at is not None else f"{row + 1}"
        where = f"{sheet}!{cell}"
        params = {**self.params, "row": row + 1, "column": self.header or self.column, "sheet": sheet}
        if self.at is not None:
            params["cell"] = cell
        return Problem(self.code, where, params, self.blocking, file)


@dataclass(frozen=True)
class Stated:
    """What a file or mapping states of a column whose reading depends on others: unit, rate in yuan per dollar, its day."""

    unit: str | None = None
    rate: Decimal | None = None
    rate_on: date | None = None


@dataclass
class Frame:
    """
    Rows of one kind. `numbers` their rows in the file (`in_sheet`); `sheets` those they stand in; `cells` code to column; `raw` the same as found;
    `places` code to where it stands, per row; `headers` code to how the file heads it; `stated` units of what is not yet read.
    """

    kind: Kind
    numbers: list[int]
    cells: dict[str, list[object]]
    raw: dict[str, Sequence[Raw]]
    places: dict[str, list[int | None]]
    headers: dict[str, str]
    stated: dict[str, list[Stated]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)  # rows (by index) that can't be taken
    gone: set[int] = field(default_factory=set)  # rows that need not be: blank, unchanged
    sheets: tuple[str, ...] = ("",)

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, code: str) -> list[object]:
        """Give a column; one that the file hasn't is empty in every row."""
        return self.cells.get(code) or [None] * len(self)

    def has(self, code: str) -> bool:
        """Tell whether the file has the column."""
        return code in self.cells

    def row(self, index: int) -> int | str:
        """Say where a row stands: its row from 1, with its sheet where several were read."""
        sheet, row = in_sheet(self.numbers[index])
        return row + 1 if len(self.sheets) == 1 else f"{self.sheets[sheet]}!{row + 1}"

    def _note(self, index: int, column: str, code: str, blocking: bool, params: Mapping[str, object]) -> None:
        places = self.places.get(column)
        raw = self.raw.get(column)
        found = {"found": shown(raw[index])} if raw is not None and "found" not in params else {}
        at = places[index] if places is not None else None
        self.faults.append(
            Fault(self.numbers[index], at, column, self.headers.get(column, ""), code, {**found, **params}, blocking)
        )

    def refuse(self, index: int, column: str, code: str, **params: object) -> None:
        """Say that a row can't be taken, because of this column."""
        self._note(index, column, code, True, params)
        self.bad.add(index)

    def remark(self, index: int, column: str, code: str, **params: object) -> None:
        """Note something about a row that is taken all the same."""
        self._note(index, column, code, False, params)

    def drop(self, indexes: Iterable[int]) -> None:
        """Leave rows out without a word: they are not needed."""
        self.gone.update(indexes)

    def of(self, indexes: Sequence[int]) -> Frame:
        """Give some of the rows as a frame of their own, with what was found about them."""
        new = {index: at for at, index in enumerate(indexes)}
        rows = {self.numbers[index] for index in indexes}
        part = Frame(
            self.kind, [self.numbers[index] for index in indexes], {}, {}, {}, self.headers, sheets=self.sheets
        )
        part.cells = {code: [cells[index] for index in indexes] for code, cells in self.cells.items()}
        part.raw = {code: [cells[index] for index in indexes] for code, cells in self.raw.items()}
        part.places = {code: [places[index] for index in indexes] for code, places in self.places.items()}
        part.stated = {code: [stated[index] for index in indexes] for code, stated in self.stated.items()}
        part.faults = [fault for fault in self.faults if fault.row in rows]
        part.bad = {new[index] for index in self.bad if index in new}
        part.gone = {new[index] for index in self.gone if index in new}
        return part

    def standing(self) -> list[int]:
        """List the rows that are to be taken."""
        out = self.bad | self.gone
        return [index for index in range(len(self)) if index not in out] if out else list(range(len(self)))

    def selected(self) -> list[bool] | None:
        """Say per row whether it is to be taken; None: all."""
        out = self.bad | self.gone
        return [index not in out for index in range(len(self))] if out else None


def pick(column: Sequence[object], selected: Sequence[bool] | None) -> list[object]:
    """Take the chosen rows of a column."""
    return list(column) if selected is None else list(compress(column, selected))


def shown(raw: Raw) -> str:
    """Write what stood in a cell, short enough for a message."""
    text = "" if raw is None else f"{raw:.15g}" if isinstance(raw, float) else str(raw)
    return text if len(text) <= 60 else text[:57] + "..."
