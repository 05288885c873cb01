"""A file that came back, given back with what could not be taken: bad cells coloured, each with a note, and a sheet that lists them."""

from __future__ import annotations

import io
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from luodi.exchange import marked
from luodi.exchange.answer import Answer
from luodi.exchange.frame import Fault


def rows_of(faults: Iterable[tuple[str, Fault]]) -> list[list[Any]]:
    """Write faults as plain values to be kept: sheet, row, column, head, code, parameters, blocking."""
    return [
        [
            sheet,
            one.row,
            one.at,
            one.header,
            one.code,
            {key: str(value) for key, value in one.params.items()},
            one.blocking,
        ]
        for sheet, one in faults
    ]


def faults_of(rows: Iterable[Sequence[Any]]) -> list[tuple[str, Fault]]:
    """Read kept faults back."""
    return [(row[0], Fault(row[1], row[2], "", row[3], row[4], row[5], row[6])) for row in rows]


def write(*, name: str, content: bytes, faults: Sequence[tuple[str, Fault]], language: str = "zh") -> bytes:
    """Mark a file: an .xlsx keeps everything else as it was, an .xls or .csv comes back as .xlsx."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"source{Path(name).suffix.lower()}"
        source.write_bytes(content)
        book = load_workbook(source) if source.suffix == ".xlsx" else marked.copied(source)
    by_cell: defaultdict[tuple[str, int, int], list[Fault]] = defaultdict(list)
    for sheet, fault in faults:
        by_cell[sheet, fault.row, fault.at or 0].append(fault)
    for (sheet, row, column), found in by_cell.items():
        if sheet in book.sheetnames:
            marked.mark(book[sheet], row, column, found, Answer("", name, sheet), language)
    first = faults[0][0] if faults else ""
    marked.add_list(book, Answer("", name, first, faults=[fault for _sheet, fault in faults]), language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
