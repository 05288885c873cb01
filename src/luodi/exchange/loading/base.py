"""What loaders share: a loader's shape, references with near suggestions, columns made ready for the ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process

from luodi.codebook.values import Permission
from luodi.exchange.context import Context
from luodi.exchange.frame import Frame
from luodi.ledger.values import FactType

Columns = dict[str, Sequence[Any]]
MOST_SUGGESTED_FOR = 50  # distinct unknown codes for which near ones are looked up
NEAR = 60


@dataclass(frozen=True)
class Loader:
    """
    How a kind becomes rows: `check` refuses and remarks on the frame, `columns` gives the projection's columns for all its rows
    (in any order, without known_at and loaded), `group` a key of rows that must stay in one fact (None: any cut will do).
    """

    type: FactType
    voided: FactType
    check: Callable[[Frame, Context], None]
    columns: Callable[[Frame, Context, Sequence[int | None]], Columns]
    permission: Permission
    group: Callable[[Frame, Context, Sequence[int | None]], list[object]] | None = None


def refer(frame: Frame, column: str, known: frozenset[str], code: str) -> None:
    """Refuse rows whose code isn't known, each with the nearest known ones."""
    cells = frame.column(column)
    unknown = {str(cell) for cell in set(cells) if cell is not None and cell not in known}
    if not unknown:
        return
    near = {cell: "、".join(nearest(cell, known)) or "—" for cell in sorted(unknown)[:MOST_SUGGESTED_FOR]}
    for index, cell in enumerate(cells):
        if cell in unknown:
            frame.refuse(index, column, code, near=near.get(str(cell), "—"))


def nearest(cell: str, known: Iterable[str]) -> list[str]:
    """Give up to three known codes like this one."""
    return [found for found, _score, _at in process.extract(cell, list(known), limit=3, score_cutoff=NEAR)]


def need(frame: Frame, codes: Iterable[str]) -> None:
    """Refuse rows that leave a required cell empty (those already refused there are not named twice)."""
    faulty = {(fault.row, fault.column) for fault in frame.faults}
    for code in codes:
        cells = frame.column(code)
        if None in cells:
            for index, cell in enumerate(cells):
                if cell is None and (frame.numbers[index], code) not in faulty:
                    frame.refuse(index, code, "import.cell.required")


def drop_blank(frame: Frame) -> None:
    """Leave out rows that say nothing in any of our columns."""
    codes = [code for code in frame.kind.required if frame.has(code)] or list(frame.cells)
    lead = frame.column(codes[0])
    if None not in lead:
        return
    faulty = {fault.row for fault in frame.faults}
    from_file = {code: cells for code, cells in frame.cells.items() if any(at is not None for at in frame.places[code])}
    for index, cell in enumerate(lead):
        if (
            cell is None
            and frame.numbers[index] not in faulty
            and all(cells[index] is None for cells in from_file.values())
        ):
            frame.gone.add(index)


def remark_unlisted(frame: Frame, column: str, listed: Collection[str]) -> None:
    """Note names that the profile doesn't list: history may bring names of former days, taken as they stand."""
    for index, cell in enumerate(frame.column(column)):
        if cell is not None and cell not in listed:
            frame.remark(index, column, "import.row.unlisted", allowed="、".join(listed) or "—")


def text_or_blank(cells: Iterable[object]) -> list[str]:
    """Write None as an empty label, where the table has no null."""
    return ["" if cell is None else str(cell) for cell in cells]


def later(frame: Frame, first: str, last: str) -> None:
    """Refuse rows that end before they begin, or on the same day."""
    if not frame.has(last):
        return
    for index, (start, end) in enumerate(zip(frame.column(first), frame.column(last), strict=True)):
        if start is not None and end is not None and end <= start:  # type: ignore[operator]
            frame.refuse(index, last, "import.row.ends_before_it_begins")
