"""A file that came back, given back with what could not be taken: bad cells coloured, each with a note, and a sheet that lists them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from luodi.exchange import marked
from luodi.exchange.answer import Answer
from luodi.exchange.frame import ROWS_A_SHEET, Fault


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
    sheets = tuple(dict.fromkeys(sheet for sheet, _fault in faults)) or ("",)
    found = [replace(fault, row=sheets.index(sheet) * ROWS_A_SHEET + fault.row) for sheet, fault in faults]
    answer = Answer("", name, sheets, faults=found)
    marked.mark_all(book, answer, language)
    marked.add_list(book, answer, language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
