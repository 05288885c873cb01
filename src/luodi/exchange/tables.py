"""
Reading a table out of a file: .xlsx and .xls by calamine, .csv as UTF-8 or GB18030. Values as they stand, no conversion yet.

Cells that the reader would pass over in silence (formulas without a stored result, errors) are taken from the inspection.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine

from luodi.exchange import inspection
from luodi.exchange.cells import Raw
from luodi.exchange.inspection import FileType, Found
from luodi.exchange.refusals import BadFile

Place = tuple[int, int]
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
MOST_FIELD = 1_000_000


@dataclass(frozen=True)
class Sheet:
    """
    One sheet: rows from the very first, all of one width. `merged` blocks as (first, last) places, from 0.

    `formulas` and `errors` are places whose cells must not be taken for values.
    """

    name: str
    rows: Sequence[Sequence[Raw]]
    merged: tuple[tuple[Place, Place], ...] = ()
    formulas: frozenset[Place] = frozenset()
    errors: frozenset[Place] = frozenset()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True)
class Book:
    """A file's sheets that hold anything, visible ones only, in its order."""

    type: FileType
    sheets: tuple[Sheet, ...]
    encoding: str | None = field(default=None)


def read(path: Path, *, name: str | None = None) -> Book:
    """
    Inspect a file and read its sheets.

    :raises BadFile: if it can't or mustn't be read, or holds nothing
    """
    shown = name or path.name
    found = inspection.inspect(path, name=name)
    book = read_csv(path, shown) if found.type is FileType.CSV else read_workbook(path, found, shown)
    if not book.sheets:
        raise BadFile("import.file.empty", name=shown)
    return book


def read_workbook(path: Path, found: Found, name: str) -> Book:
    """Read the visible sheets of a workbook that passed inspection."""
    try:
        workbook = python_calamine.load_workbook(str(path))
        parts = sheet_parts(path) if found.type is FileType.XLSX else {}
        sheets = tuple(sheets_of(workbook, found, parts, name))
    except python_calamine.PasswordError:
        raise BadFile("import.file.encrypted", name=name) from None
    except (python_calamine.CalamineError, OSError, ValueError, KeyError):
        raise BadFile("import.file.broken", name=name) from None
    return Book(found.type, sheets)


def sheets_of(
    workbook: python_calamine.CalamineWorkbook, found: Found, parts: dict[str, str], name: str
) -> Iterator[Sheet]:
    """Yield the sheets of a workbook that are visible and hold anything."""
    for number, meta in enumerate(workbook.sheets_metadata):
        if (
            meta.visible != python_calamine.SheetVisibleEnum.Visible
            or meta.typ != python_calamine.SheetTypeEnum.WorkSheet
        ):
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        if sheet.end is None:
            continue
        if sheet.end[1] >= inspection.MOST_COLUMNS:
            raise BadFile("import.file.too_wide", name=name, columns=sheet.end[1] + 1, most=inspection.MOST_COLUMNS)
        part = parts.get(meta.name, str(number))
        yield Sheet(
            meta.name,
            sheet.to_python(skip_empty_area=False),
            tuple(sheet.merged_cell_ranges or ()),
            found.formulas.get(part, frozenset()),
            found.errors.get(part, frozenset()),
        )


def sheet_parts(path: Path) -> dict[str, str]:
    """Tell in which part of an .xlsx each sheet lies, by the workbook's own relations."""
    with zipfile.ZipFile(path) as archive:
        names = {entry.lower(): entry for entry in archive.namelist()}
        relations = archive.read(names["xl/_rels/workbook.xml.rels"]).decode("utf-8", "replace")
        workbook = archive.read(names["xl/workbook.xml"]).decode("utf-8", "replace")
    targets = {attribute(tag, "Id"): attribute(tag, "Target") for tag in RELATION.findall(relations)}
    found = {}
    for tag in SHEET.findall(workbook):
        target = targets.get(attribute(tag, r"\w+:id"), "").removeprefix("/")
        found[unescape(attribute(tag, "name"))] = names.get(f"xl/{target}".lower()) or names.get(target.lower(), target)
    return found


def attribute(tag: str, name: str) -> str:
    """Read one attribute off a tag."""
    match = re.search(rf"\s{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return (match[1] or match[2] or "") if match else ""


def unescape(text: str) -> str:
    """Undo XML's five named signs and its numbered ones."""
    import html

    return html.unescape(text)


def read_csv(path: Path, name: str) -> Book:
    """Read comma-separated text. The separator is a comma, or a tab or semicolon if the first line has more of those."""
    data = path.read_bytes()
    text, encoding = decode(data, name)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
    usual = csv.field_size_limit(MOST_FIELD)  # the limit is the whole process's: given back at once
    try:
        rows: list[list[Raw]] = list(lines)  # type: ignore[arg-type]
    except csv.Error:
        raise BadFile("import.file.bad_csv", name=name, line=lines.line_num) from None
    finally:
        csv.field_size_limit(usual)
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    if width > inspection.MOST_COLUMNS:
        raise BadFile("import.file.too_wide", name=name, columns=width, most=inspection.MOST_COLUMNS)
    for row in rows:
        if len(row) < width:
            row += [""] * (width - len(row))
    return Book(FileType.CSV, (Sheet(Path(name).stem, rows),) if width else (), encoding)


def separator(text: str) -> str:
    """Tell what divides the fields of the first line."""
    line = text.split("\n", 1)[0]
    return max((",", "\t", ";"), key=lambda sign: (line.count(sign), sign == ","))


def decode(data: bytes, name: str) -> tuple[str, str]:
    """
    Decode as UTF-8 (with or without a mark), else as GB18030. Other encodings are refused, with their name where a mark gives it away.

    GB18030 reads almost any bytes; text that comes out with control characters or private signs was something else.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadFile("import.file.utf16", name=name)
    if b"\x00" in data:
        raise BadFile("import.file.not_text", name=name)
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        at = error.start
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise BadFile("import.file.encoding", name=name, position=at) from None
    if re.search("[\x01-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ue000-\uf8ff]", text):
        raise BadFile("import.file.encoding", name=name, position=at)
    return text, "gb18030"
