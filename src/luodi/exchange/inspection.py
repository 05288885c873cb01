"""
Looking at a file before anything reads it: what it really is, and whether it may be opened at all.

Runs on every upload and every imported file. A workbook is a zip archive whose declared sizes may lie, so its parts are
unpacked in pieces and counted; nothing is kept. What a reader would pass over in silence (formulas whose result was never
stored, error values) is found here, cell by cell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO

from luodi.exchange import biff
from luodi.exchange.refusals import BadFile

# No table of ours is wider than an old .xls sheet.
MOST_COLUMNS = 256
MOST_ROWS = 1_048_576
# Half a million rows of the widest kind unpack to some 0.7 GB.
MOST_UNPACKED = 2_000_000_000
# Repetitive sheets shrink to a fiftieth; a bomb to a thousandth. Small files may be as repetitive as they like.
MOST_RATIO = 300
SMALL_UNPACKED = 50_000_000
# A reader lays cells out as a full rectangle: two cells far apart must not claim all memory between them.
MOST_EMPTY = 40_000_000
PIECE = 1 << 20

ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
CELL = rb"<(?:\w+:)?c\b[^>]*?"
FORMULA = re.compile(CELL + rb"\br=\"([A-Z]+)(\d+)\"[^>]*>\s*<(?:\w+:)?f\b")
FORMULA_SIGNS = (b"<f", b":f")  # the second: tags with a prefix; looked at closely only where either stands
ERROR = re.compile(CELL + rb"(?:\br=\"([A-Z]+)(\d+)\"[^>]*\bt=\"e\"|\bt=\"e\"[^>]*\br=\"([A-Z]+)(\d+)\")")
# A cell beyond column Z or row 99,999; most sheets have few or none, so the exact place is read only then.
FAR = re.compile(rb"r=[\"'](?:[A-Z]{2}|[A-Z]\d{6})")
FAR_PLACE = re.compile(rb"r=[\"']([A-Z]{1,4})(\d{1,8})[\"']")


class FileType(StrEnum):
    """What a file is by its content."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


# What an office calls these files, and what to do with them instead.
NOT_OURS = {".et": "wps", ".ett": "wps", ".xlsm": "macros", ".xlsb": "binary", ".xltx": "template", ".ods": "other", ".numbers": "other", ".pdf": "other",
            ".doc": "other", ".docx": "other"}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What inspection found: the type, and per sheet part the (row, column) of formulas and errors, from 0."""

    type: FileType
    formulas: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    errors: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)


def inspect(path: Path, *, name: str | None = None) -> Found:
    """
    Tell what a file is and where its formulas and errors stand.

    `name` is what its owner calls it, if the file on disk has another name.

    :raises BadFile: for a file that isn't a table of ours, is encrypted, carries macros or links, or unpacks beyond reason
    """
    suffix = Path(name or path.name).suffix.lower()
    if suffix in NOT_OURS:
        raise BadFile(f"import.file.{NOT_OURS[suffix]}", name=name or path.name)
    if suffix not in (".xlsx", ".xls", ".csv"):
        raise BadFile("import.file.other", name=name or path.name)
    size = path.stat().st_size
    if size == 0:
        raise BadFile("import.file.empty", name=name or path.name)
    with path.open("rb") as file:
        head = file.read(8)
    true = FileType.XLSX if head[:4] == ZIP_MAGIC else FileType.XLS if head == OLE_MAGIC else FileType.CSV
    if true is FileType.XLS and biff.is_encrypted_package(path):
        raise BadFile("import.file.encrypted", name=name or path.name)
    if true.value != suffix[1:]:
        raise BadFile(renamed(path, true), name=name or path.name, found=true.value)
    if true is FileType.XLSX:
        return inspect_xlsx(path, name or path.name)
    if true is FileType.XLS:
        return inspect_xls(path, name or path.name)
    return Found(true)


def renamed(path: Path, true: FileType) -> str:
    """Name the code for a file whose content isn't what its name says; web pages saved as .xls are common enough for words of their own."""
    if true is not FileType.CSV:
        return "import.file.renamed"
    with path.open("rb") as file:
        head = file.read(2000).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return (
        "import.file.web_page"
        if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta"))
        else "import.file.not_a_workbook"
    )


def inspect_xls(path: Path, name: str) -> Found:
    """Walk the records of an old workbook."""
    seen = biff.walk(path, name)
    return Found(FileType.XLS, seen.formulas, seen.errors)


def inspect_xlsx(path: Path, name: str) -> Found:
    """Unpack a workbook part by part, counting; look for what must not be there and for cells that can't be trusted."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BadFile("import.file.broken", name=name) from None
    formulas: dict[str, frozenset[tuple[int, int]]] = {}
    errors: dict[str, frozenset[tuple[int, int]]] = {}
    with archive:
        parts = archive.infolist()
        refuse_parts([part.filename for part in parts], name)
        budget, packed = MOST_UNPACKED, path.stat().st_size
        for part in parts:
            if part.is_dir():
                continue
            sheet = SheetScan() if SHEET_PART.fullmatch(part.filename) else None
            budget -= unpack(archive, part, sheet, budget, packed, name)
            if sheet is not None:
                sheet.refuse_shape(name)
                formulas[part.filename], errors[part.filename] = frozenset(sheet.formulas), frozenset(sheet.errors)
    return Found(FileType.XLSX, formulas, errors)


def refuse_parts(names: list[str], name: str) -> None:
    """Refuse an archive that is no workbook, or that carries macros or links to other files."""
    lowered = [part.lower() for part in names]
    if "encryptedpackage" in lowered:
        raise BadFile("import.file.encrypted", name=name)
    if "xl/workbook.xml" not in lowered:
        raise BadFile("import.file.not_a_workbook", name=name, found="zip")
    if any(part.endswith(("vbaproject.bin", "vbadata.xml")) or part.startswith("xl/macrosheets/") for part in lowered):
        raise BadFile("import.file.macros", name=name)
    if any(part.startswith("xl/externallinks/") for part in lowered):
        raise BadFile("import.file.external_links", name=name)


def unpack(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, sheet: SheetScan | None, budget: int, packed: int, name: str
) -> int:
    """Unpack one part in pieces, hand sheets to their scan, and give its true size. Stops as soon as it is beyond reason."""
    total = 0
    if part.flag_bits & 1:
        raise BadFile("import.file.encrypted", name=name)
    try:
        with archive.open(part) as stream:
            for piece in pieces(stream):
                total += len(piece)
                spent = MOST_UNPACKED - budget + total
                if total > budget or (spent > SMALL_UNPACKED and spent > MOST_RATIO * packed):
                    raise BadFile("import.file.bomb", name=name, megabytes=spent // 1_000_000, packed=packed)
                if sheet is not None:
                    sheet.feed(piece)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
    ):  # the last: packed in a way that Python can't unpack
        raise BadFile("import.file.broken", name=name) from None
    if sheet is not None:
        sheet.finish()
    return total


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Read a stream in pieces."""
    while piece := stream.read(PIECE):
        yield piece


class SheetScan:
    """Looks through a sheet's XML as it streams by. A cell may be cut by a piece's end: the last unfinished tag is carried over."""

    def __init__(self) -> None:
        self.formulas: set[tuple[int, int]] = set()
        self.errors: set[tuple[int, int]] = set()
        self.cells = self.widest = self.lowest = 0
        self.rest = b""

    def feed(self, piece: bytes) -> None:
        data = self.rest + piece
        cut = data.rfind(b"</")  # never inside a cell's opening tag, nor between it and its formula
        if cut <= 0 or len(data) - cut > 100_000:
            cut = len(data)
        self.rest = data[cut:]
        self.look(data[:cut])

    def finish(self) -> None:
        self.look(self.rest)
        self.rest = b""

    def look(self, data: bytes) -> None:
        self.cells += data.count(b"<c ") + data.count(b":c ")
        if any(sign in data for sign in FORMULA_SIGNS):
            self.formulas.update(place_of(match[1], match[2]) for match in FORMULA.finditer(data))
        if b't="e"' in data:
            self.errors.update(place_of(match[1] or match[3], match[2] or match[4]) for match in ERROR.finditer(data))
        if FAR.search(data):
            places = FAR_PLACE.findall(data)
            self.widest = max(self.widest, max(map(column_number, {letters for letters, _row in places}), default=0))
            self.lowest = max(self.lowest, max(map(int, {row for _letters, row in places}), default=0))

    def refuse_shape(self, name: str) -> None:
        if self.widest >= MOST_COLUMNS:
            raise BadFile("import.file.too_wide", name=name, columns=self.widest + 1, most=MOST_COLUMNS)
        if self.lowest > MOST_ROWS or self.lowest * (self.widest + 1) > MOST_EMPTY + 20 * self.cells:
            raise BadFile(
                "import.file.mostly_empty", name=name, rows=self.lowest, columns=self.widest + 1, cells=self.cells
            )


def column_number(letters: bytes) -> int:
    """Turn a column's letters into its number from 0: A 0, Z 25, AA 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def place_of(letters: bytes, row: bytes) -> tuple[int, int]:
    """Turn `B`, `5` into (4, 1)."""
    return int(row) - 1, column_number(letters)


def cell_name(row: int, column: int) -> str:
    """Write a place from 0 as people read it: (4, 1) is B5."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
