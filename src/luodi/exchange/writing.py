"""
Writing an exported table as .xlsx or .csv, in our own columns or in those of a mapping file (used the other way round).

Numbers that a workbook can't hold exactly (more than 15 digits) are written as text. Text never becomes a formula.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from luodi.codebook.values import Profile
from luodi.exchange import dates, exporting, kinds
from luodi.exchange.cells import EXCEL_DIGITS
from luodi.exchange.exporting import Row, Table
from luodi.exchange.mapping import Layout, Source
from luodi.exchange.refusals import BadFile
from luodi.kernel import money

MOMENTS = frozenset({"known_at", "verified_at", "accepted_at"})
AMOUNTS = frozenset({"total_investment", "fixed_investment", "invest", "value"})
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
DEFAULT_WIDTH = 14


@dataclass(frozen=True)
class Out:
    """One column of the file: its header, how a row's cell is made, how wide."""

    header: str
    cell: Callable[[Row], Any]
    width: int = DEFAULT_WIDTH


def write(table: Table, *, out: Path, profile: Profile, layout: Layout | None = None, codes: bool = False) -> int:
    """
    Write a table; gives the number of rows.

    :param layout: a mapping whose sources name the headers, units, date formats and values that the file is to have
    :param codes: head the columns by code instead of Chinese
    :raises BadFile: if `out` is neither .xlsx nor .csv
    """
    outs = mapped(table, layout, profile) if layout is not None else own(table, profile, codes)
    suffix = out.suffix.lower()
    if suffix == ".xlsx":
        write_xlsx(out, table, outs)
    elif suffix == ".csv":
        write_csv(out, table, outs)
    else:
        raise BadFile("exchange.out.unknown", name=out.name)
    return len(table.rows)


def own(table: Table, profile: Profile, codes: bool) -> list[Out]:
    """Give our own columns."""
    found = []
    for code in table.columns:
        attribute = profile.attribute(code) if table.kind is kinds.PROJECTS else None
        column = None if attribute else table.kind.column(code)
        header = code if codes else attribute.zh if attribute else column.header if column else code
        unit = money_unit(table.kind, code, attribute)
        head = f"{header}（{unit}）" if unit else header
        found.append(
            Out(
                head,
                cell_of(table.kind, code, profile, attribute is not None, unit),
                column.width if column else DEFAULT_WIDTH,
            )
        )
    return found


def money_unit(kind: kinds.Kind, code: str, attribute: Any) -> str | None:
    """Say in which unit a money column is written; figures and targets have their own per row."""
    if attribute is not None:
        return (attribute.unit or "万元") if attribute.type == "money" else None
    return "万元" if code in AMOUNTS and kind not in (kinds.FIGURES, kinds.TARGETS) else None


def cell_of(kind: kinds.Kind, code: str, profile: Profile, attribute: bool, unit: str | None) -> Callable[[Row], Any]:
    """Say how a row's cell is made."""
    if attribute:
        return lambda row: attribute_cell(row.get(code), unit)
    if code in AMOUNTS:
        return lambda row: exporting.in_filing_unit(kind, code, row, profile)
    if code in MOMENTS:
        return lambda row: exporting.moment_text(row[code]) if row[code] is not None else None
    return lambda row: row[code]


def attribute_cell(value: Any, unit: str | None) -> Any:
    """Write an extra column's text: an amount in its unit, the rest as it is kept."""
    if value is None or unit is None:
        return value
    return money.WIDE.divide(Decimal(value), money.YUAN_IN[unit])


def mapped(table: Table, layout: Layout, profile: Profile) -> list[Out]:
    """Give the columns of a mapping file: each source's first header, its unit, its first date format, its values."""
    found = []
    for code, source in {**layout.columns, **layout.attributes}.items():
        attribute = profile.attribute(code) if code in layout.attributes else None
        unit = source.unit or money_unit(table.kind, code, attribute)
        words = {meant: said for said, meant in layout.values.get(code, {}).items()}
        header = source.headers[0] if source.headers else code
        make = converted(table.kind, code, profile, attribute is not None, unit) if source.headers else fixed(source)
        found.append(Out(header, said(make, words, source)))
    return found


def fixed(source: Source) -> Callable[[Row], Any]:
    return lambda row: source.value


def converted(kind: kinds.Kind, code: str, profile: Profile, attribute: bool, unit: str | None) -> Callable[[Row], Any]:
    """Write amounts in the mapping's unit."""
    if code in AMOUNTS and unit in money.YUAN_IN and not attribute:
        factor = money.YUAN_IN[unit]
        return lambda row: None if row[code] is None else money.WIDE.divide(row[code], factor)
    return cell_of(kind, code, profile, attribute, unit)


def said(make: Callable[[Row], Any], words: Mapping[str, str], source: Source) -> Callable[[Row], Any]:
    """Say values and days as the mapping states."""

    def cell(row: Row) -> Any:
        value = make(row)
        if isinstance(value, date) and source.formats:
            return dates.write(value, source.formats[0])
        if isinstance(value, bool):
            return words.get("是" if value else "否", value)
        return words.get(value, value) if isinstance(value, str) else value

    return cell


def plain(value: Any) -> Any:
    """Turn a value into what both kinds of file hold: text, number, day, nothing."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return value


def write_xlsx(out: Path, table: Table, outs: Sequence[Out]) -> None:
    """Write a workbook: one sheet, header frozen and filtered."""
    book = xlsxwriter.Workbook(str(out), {"constant_memory": True})
    sheet = book.add_worksheet(table.kind.header)
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    for at, column in enumerate(outs):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.header, head)
    for number, row in enumerate(table.rows, 1):
        for at, column in enumerate(outs):
            write_cell(sheet, number, at, plain(column.cell(row)), day, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), max(len(outs) - 1, 0))
    book.close()


def write_cell(sheet: Any, row: int, at: int, value: Any, day: Any, text: Any) -> None:
    """Write one cell by its type."""
    if value is None or value == "":
        return
    if isinstance(value, Decimal):
        if len(value.normalize().as_tuple().digits) <= EXCEL_DIGITS:
            sheet.write_number(row, at, float(value))
        else:
            sheet.write_string(row, at, f"{value:f}", text)
    elif isinstance(value, int):
        sheet.write_number(row, at, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, day)
    else:
        sheet.write_string(row, at, str(value), text)


def write_csv(out: Path, table: Table, outs: Sequence[Out]) -> None:
    """Write text that spreadsheets open as UTF-8 (with its mark)."""
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([column.header for column in outs])
        for row in table.rows:
            lines.writerow([csv_cell(plain(column.cell(row))) for column in outs])


def csv_cell(value: Any) -> str:
    """Write one value as text; words that a spreadsheet would run as a formula get an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_SIGNS) else text
