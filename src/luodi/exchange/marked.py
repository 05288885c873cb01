"""
The user's own workbook given back: bad cells coloured, each with a note that says what is wrong, and a sheet that lists them all.

An .xlsx keeps everything else as it was (openpyxl); an .xls or .csv comes back as a new .xlsx with the same cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from luodi.exchange import tables
from luodi.exchange.answer import Answer
from luodi.exchange.frame import Fault, in_sheet
from luodi.exchange.inspection import cell_name
from luodi.exchange.refusals import BadFile
from luodi.kernel.problem import words

RED = PatternFill("solid", fgColor="FFF4B6B6")
YELLOW = PatternFill("solid", fgColor="FFFFF2CC")
MOST_MARKED = 20_000
AUTHOR = "luodi"
NOTE_WIDTH, NOTE_HEIGHT = 320, 120


def write(*, source: Path, out: Path, answer: Answer, language: str = "zh") -> None:
    """
    Write the source's table to `out` (.xlsx), what was found in it marked. The source is left as it is.

    :raises BadFile: if `out` is no .xlsx, or is the source itself
    """
    if out.suffix.lower() != ".xlsx":
        raise BadFile("import.errors.not_xlsx", name=out.name)
    if out.resolve() == source.resolve():
        raise BadFile("import.errors.same_file", name=out.name)
    book = load_workbook(source) if source.suffix.lower() == ".xlsx" else copied(source)
    mark_all(book, answer, language)
    add_list(book, answer, language)
    book.save(out)


def mark_all(book: Workbook, answer: Answer, language: str) -> None:
    """Mark every cell that something was found in; what is about a whole row stands in its first cell."""
    by_cell: defaultdict[tuple[str, int, int], list[Fault]] = defaultdict(list)
    for fault in answer.faults[:MOST_MARKED]:
        by_cell[answer.sheet_of(fault), in_sheet(fault.row)[1], fault.at or 0].append(fault)
    for (name, row, column), faults in by_cell.items():
        sheet = book[name] if name in book.sheetnames else book.worksheets[0]
        mark(sheet, row, column, faults, answer, language)


def mark(sheet: Worksheet, row: int, column: int, faults: Sequence[Fault], answer: Answer, language: str) -> None:
    """Colour one cell and say what is wrong. A cell inside a merged block is marked at the block's corner."""
    row, column = corner(sheet, row, column)
    cell = sheet.cell(row + 1, column + 1)
    cell.fill = RED if any(fault.blocking for fault in faults) else YELLOW
    said = [answer.problem(fault).message(language) for fault in faults]
    note = Comment("\n".join(dict.fromkeys(said)), AUTHOR)
    note.width, note.height = NOTE_WIDTH, NOTE_HEIGHT
    cell.comment = note


def corner(sheet: Worksheet, row: int, column: int) -> tuple[int, int]:
    """Give the first cell of the merged block that a cell lies in, or the cell itself."""
    for block in sheet.merged_cells.ranges:
        if block.min_row <= row + 1 <= block.max_row and block.min_col <= column + 1 <= block.max_col:
            return block.min_row - 1, block.min_col - 1
    return row, column


def add_list(book: Workbook, answer: Answer, language: str) -> None:
    """Add a sheet that lists everything found."""
    title = words("import.marked.sheet", language)
    if title in book.sheetnames:
        del book[title]
    sheet = book.create_sheet(title)
    sheet.append([words(f"import.marked.{name}", language) for name in ("cell", "column", "weight", "what")])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for fault in sorted(answer.faults, key=lambda fault: (not fault.blocking, fault.row, fault.at or 0)):
        problem, row = answer.problem(fault), in_sheet(fault.row)[1]
        weight = words("import.marked.refused" if fault.blocking else "import.marked.finding", language)
        place = cell_name(row, fault.at) if fault.at is not None else str(row + 1)
        place = place if len(answer.sheets) == 1 else f"{answer.sheet_of(fault)}!{place}"
        sheet.append([place, safe(fault.header or fault.column), weight, safe(problem.message(language))])
    for column, width in zip("ABCD", (10, 20, 10, 100), strict=True):
        sheet.column_dimensions[column].width = width


def safe(text: str) -> str:
    """Keep text that begins like a formula from becoming one."""
    return f"'{text}" if text[:1] in "=+-@" else text


def copied(source: Path) -> Workbook:
    """Make a new workbook with the cells of an .xls or .csv."""
    book = Workbook()
    del book[book.sheetnames[0]]
    for sheet in tables.read(source).sheets:
        copy = book.create_sheet(sheet.name[:31] or "1")
        for row in sheet.rows:
            copy.append([cell if not isinstance(cell, str) or cell[:1] != "=" else f"'{cell}" for cell in row])
        for number in range(1, sheet.width + 1):
            copy.column_dimensions[get_column_letter(number)].width = 14
        for cells in copy.iter_rows():
            for cell in cells:
                if isinstance(cell.value, date):
                    cell.number_format = "yyyy-mm-dd"
    return book
