"""
A table that was asked, as a workbook to fill: known rows and values, last period beside each cell, units in the head, drop-downs,
notes; everything that is not asked is locked. Opens alike in Excel and WPS. What `asked_in` reads back.

A sheet nobody sees carries what stood in the file when it was handed out, so that a file that comes back says exactly what it changes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from luodi.exchange.cells import EXCEL_DIGITS
from luodi.kernel import typed
from luodi.kernel.problem import words
from luodi.statistics.values.asking import AskedColumn, AskedRow, Asking

MARK = "luodi"  # the hidden sheet's name
HEAD_ROWS = 5  # title, who and when, hint, two rows of heads
DIRECT_LIST = 200
WIDTHS = {"text": 22, "day": 14, "month": 11, "choice": 14, "yes_no": 8}
UNLOCKED = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True, "format_cells": True}


@dataclass(frozen=True)
class Face:
    """What stands above the table: whose it is, for which part of it ("" for all), who asks by when."""

    unit: str
    part: str = ""
    part_name: str = ""
    due: str = ""
    legal: str = ""


@dataclass(frozen=True)
class Place:
    """Where something of the table stands in the sheet: `what` is value, before, ago, known, code, label or number."""

    what: str
    column: AskedColumn | None = None
    known: str = ""


def write(asking: Asking, face: Face, language: str = "zh") -> bytes:
    """Write one workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(sheet_name(asking, language))
    look = formats(book)
    places = layout(asking)
    write_head(sheet, asking, face, places, look, language)
    for at, row in enumerate(asking.rows):
        write_row(sheet, HEAD_ROWS + at, row, asking, places, look, at + 1)
    last = HEAD_ROWS + len(asking.rows) - 1
    if asking.rows:
        write_total(sheet, last + 1, asking, places, look, language)
        add_validation(book, sheet, last, places, look, language)
    sheet.write_string(last + 3, 0, words("filing.book_foot", language), look["hint"])
    finish(sheet, places, last)
    write_mark(book, asking, face)
    book.close()
    return out.getvalue()


def write_parts(
    asking: Asking, parts: Mapping[str, Sequence[str]], names: Mapping[str, str], face: Face, language: str = "zh"
) -> bytes:
    """Write one workbook for each part, in one zip: rows of a part alone, and which part it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (part, subjects) in enumerate(parts.items(), 1):
            mine = frozenset(subjects)
            rows = tuple(row for row in asking.rows if row.subject in mine)
            name = names.get(part) or (part if part else words("filing.unassigned", language))
            of = replace(face, part=part or "-", part_name=name)
            archive.writestr(
                f"{number:02}-{file_name(asking, name, language)}.xlsx", write(replace(asking, rows=rows), of, language)
            )
    return out.getvalue()


def file_name(asking: Asking, name: str, language: str = "zh") -> str:
    """Name a file after the form, its period and whose it is."""
    title = asking.zh if language == "zh" else asking.en
    return "".join(sign if sign not in '\\/:*?"<>|' else "_" for sign in f"{title}_{asking.period}_{name}")


def sheet_name(asking: Asking, language: str) -> str:
    """Name the sheet: no signs that a workbook refuses, at most 31."""
    title = asking.zh if language == "zh" else asking.en
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or MARK


def layout(asking: Asking) -> list[Place]:
    """Say what stands in which column of the sheet: number, code, name, what is known, then each asked column with its past."""
    past = any(row.before for row in asking.rows), any(row.ago for row in asking.rows)
    places = [Place("number"), Place("code"), Place("label"), *(Place("known", known=one.id) for one in asking.known)]
    for column in asking.columns:
        places.append(Place("value", column))
        if column.numeric:
            places += [Place(what, column) for what, has in zip(("before", "ago"), past, strict=True) if has]
    return places


def formats(book: Any) -> dict[str, Any]:
    """Make the formats: grey is locked, white is to be filled."""
    head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center", "font_size": 10}
    cell = {"border": 1, "valign": "vcenter", "font_size": 10}
    locked = {**cell, "bg_color": "#F0F2F5", "font_color": "#4A5766"}
    free = {**cell, "locked": False}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "hint": book.add_format({"font_size": 9, "font_color": "#5A6A7A"}),
        "head": book.add_format({**head, "bg_color": "#DDE3EA"}),
        "ask": book.add_format({**head, "bg_color": "#DDEBF7"}),
        "required": book.add_format({**head, "bg_color": "#FCE4D6", "font_color": "#9C2A10"}),
        "locked": book.add_format({**locked, "text_wrap": True}),
        "past": book.add_format({**locked, "num_format": "#,##0.######", "align": "right"}),
        "total": book.add_format({**locked, "bold": True, "num_format": "#,##0.######", "align": "right"}),
        "number": book.add_format({**free, "num_format": "#,##0.######", "align": "right"}),
        "whole": book.add_format({**free, "num_format": "#,##0", "align": "right"}),
        "text": book.add_format({**free, "num_format": "@", "text_wrap": True}),
    }


def write_head(
    sheet: Any, asking: Asking, face: Face, places: Sequence[Place], look: Mapping[str, Any], language: str
) -> None:
    """Write the title, whose table it is, and the two rows of heads; a note at each asked column says what it takes."""
    last = max(len(places) - 1, 3)
    sheet.merge_range(0, 0, 0, last, asking.zh if language == "zh" else asking.en, look["title"])
    whose = words("filing.book_whose", language, unit=face.unit, period=asking.period)
    part = words("filing.book_part", language, part=face.part_name) if face.part_name else ""
    due = words("filing.book_due", language, due=face.due) if face.due else ""
    sheet.write_string(1, 0, "　".join(filter(None, (whose, part, due, face.legal))), look["hint"])
    sheet.write_string(2, 0, words("filing.book_hint", language), look["hint"])
    for at, place in enumerate(places):
        write_heading(sheet, at, place, asking, look, language)
    group_heads(sheet, places, look, language)


def write_heading(sheet: Any, at: int, place: Place, asking: Asking, look: Mapping[str, Any], language: str) -> None:
    """Write the lower head of one column, unit in brackets; single columns stand over both rows."""
    if place.column is None:
        sheet.merge_range(3, at, 4, at, plain_heading(place, asking, language), look["head"])
        return
    column = place.column
    if place.what != "value":
        sheet.write_string(
            4, at, words(f"filing.{place.what if place.what == 'before' else 'year_ago'}", language), look["head"]
        )
        return
    kind = look["required"] if column.required else look["ask"]
    if column.numeric:
        sheet.write_string(4, at, heading(column, language), kind)
    else:
        sheet.merge_range(3, at, 4, at, heading(column, language), kind)
    sheet.write_comment(4 if column.numeric else 3, at, note(column, language), {"x_scale": 1.6, "y_scale": 1.2})


def heading(column: AskedColumn, language: str) -> str:
    """Write an asked column's head, with its unit."""
    label = column.zh if language == "zh" else column.en
    return with_unit(label, column.unit, language)


def with_unit(label: str, unit: str, language: str) -> str:
    """Write a unit behind a head."""
    if not unit:
        return label
    return f"{label}（{unit}）" if language == "zh" else f"{label} ({unit})"


def plain_heading(place: Place, asking: Asking, language: str) -> str:
    """Write the head of a column that is not asked."""
    if place.what != "known":
        of = "_unit" if asking.of == "unit" and place.what != "number" else ""
        return words(f"filing.book_{place.what}{of}", language)
    known = next(one for one in asking.known if one.id == place.known)
    label = known.zh if language == "zh" else known.en
    return with_unit(label, known.unit, language)


def group_heads(sheet: Any, places: Sequence[Place], look: Mapping[str, Any], language: str) -> None:
    """Write over each number and its past which kind of column it is: 本月 or 累计."""
    at = 0
    while at < len(places):
        column = places[at].column
        if column is None or not column.numeric:
            at += 1
            continue
        until = at
        while until + 1 < len(places) and places[until + 1].column is column:
            until += 1
        said = words(f"column.{column.kind}", language) if column.kind else words("filing.book_fill", language)
        if until > at:
            sheet.merge_range(3, at, 3, until, said, look["head"])
        else:
            sheet.write_string(3, at, said, look["head"])
        at = until + 1


def note(column: AskedColumn, language: str) -> str:
    """Say what a column takes."""
    lines = [heading(column, language), words(f"filing.takes_{column.type}", language, places=column.places)]
    if column.kind:
        lines.append(words(f"column.{column.kind}", language))
    if column.required:
        lines.append(words("filing.required", language))
    return "\n".join([*lines, words("filing.book_missing", language)])


def write_row(
    sheet: Any, at: int, row: AskedRow, asking: Asking, places: Sequence[Place], look: Mapping[str, Any], number: int
) -> None:
    """Write one row: what is known locked, what is asked free."""
    texts = {"code": row.subject, "label": row.label}
    for across, place in enumerate(places):
        column = place.column
        if place.what == "number":
            sheet.write_number(at, across, number, look["past"])
        elif column is None:
            if place.what == "known":
                write_known(sheet, at, across, row.known.get(place.known, ""), look)
            else:
                sheet.write_string(at, across, texts[place.what], look["locked"])
        elif place.what == "value":
            free = asking.open(row.subject, column.id)
            put(
                sheet,
                at,
                across,
                row.values.get(column.id, ""),
                column,
                look[free_look(column)] if free else look["past"],
            )
        else:
            put(
                sheet,
                at,
                across,
                (row.before if place.what == "before" else row.ago).get(column.id, ""),
                column,
                look["past"],
            )


def write_known(sheet: Any, at: int, across: int, text: str, look: Mapping[str, Any]) -> None:
    """Write what the ledger knows, locked: a number as a number."""
    value = as_number(text)
    if value is not None:
        sheet.write_number(at, across, float(value), look["past"])
    else:
        sheet.write_string(at, across, text, look["locked"])


def free_look(column: AskedColumn) -> str:
    """Say how an asked cell is formatted."""
    return "whole" if column.type == "whole" else "number" if column.numeric else "text"


def put(sheet: Any, at: int, across: int, text: str, column: AskedColumn, look: Any) -> None:
    """Write a cell: a number as a number where a workbook holds it exactly, anything else as text."""
    value = as_number(text) if column.numeric else None
    if value is not None:
        sheet.write_number(at, across, float(value), look)
    elif text:
        sheet.write_string(at, across, text, look)
    else:
        sheet.write_blank(at, across, None, look)


def as_number(text: str) -> Decimal | None:
    """Read a cell that a workbook can hold as a number without losing a digit."""
    try:
        found = typed.read_number(text)
    except typed.NotANumber:
        return None
    return found if found is not None and len(found.normalize().as_tuple().digits) <= EXCEL_DIGITS else None


def write_total(
    sheet: Any, at: int, asking: Asking, places: Sequence[Place], look: Mapping[str, Any], language: str
) -> None:
    """Write the row of sums as formulas with their value; it is skipped and checked when the file comes back."""
    for across, place in enumerate(places):
        column = place.column
        if column is not None and column.numeric and place.what == "value":
            known = [value for row in asking.rows if (value := as_number(row.values.get(column.id, ""))) is not None]
            span = xl_range(HEAD_ROWS, across, at - 1, across)
            sheet.write_formula(at, across, f"=SUM({span})", look["total"], float(sum(known, Decimal(0))))
        else:
            sheet.write_string(
                at, across, words("filing.total", language) if place.what == "label" else "", look["total"]
            )


def add_validation(
    book: Any, sheet: Any, last: int, places: Sequence[Place], look: Mapping[str, Any], language: str
) -> None:
    """Offer what may be chosen; warn, but let pass, what is no number: a dash is a proper answer."""
    lists: Any = None
    for across, place in enumerate(places):
        column = place.column
        if column is None or place.what != "value":
            continue
        choices = column.choices or (("是", "否") if column.type == "yes_no" else ())
        if choices:
            short = sum(map(len, choices)) + len(choices) < DIRECT_LIST and not any("," in one for one in choices)
            if not short and lists is None:
                lists = book.add_worksheet("lists")
                lists.hide()
            rule: dict[str, Any] = {"validate": "list", "source": list(choices)}
            if not short:
                lists.write_column(0, across, choices)
                ends = xl_rowcol_to_cell(len(choices) - 1, across, row_abs=True, col_abs=True)
                rule["source"] = f"=lists!{xl_rowcol_to_cell(0, across, row_abs=True, col_abs=True)}:{ends}"
        elif column.numeric:
            rule = {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15}
        else:
            continue
        said = words("filing.book_wrong", language)
        rule |= {"error_type": "warning", "error_title": heading(column, language)[:32], "error_message": said}
        sheet.data_validation(HEAD_ROWS, across, last, across, rule)


def finish(sheet: Any, places: Sequence[Place], last: int) -> None:
    """Set widths, freeze the heads, lock what isn't asked, and make it print on A4 across."""
    for across, place in enumerate(places):
        sheet.set_column(across, across, width(place))
    sheet.set_default_row(26)
    for at, height in ((0, 30), (1, 16), (2, 16), (3, 18)):
        sheet.set_row(at, height)
    sheet.set_row(4, 32)
    sheet.freeze_panes(HEAD_ROWS, 3)
    sheet.protect("", UNLOCKED)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3, 4)
    sheet.print_area(0, 0, last + 3, len(places) - 1)


def width(place: Place) -> int:
    """Say how wide a column is."""
    if place.what in ("number", "code", "label", "known"):
        return {"number": 5, "code": 14, "label": 28, "known": 11}[place.what]
    if place.column is not None and place.what == "value":
        return WIDTHS.get(place.column.type, 16)
    return 12


def write_mark(book: Any, asking: Asking, face: Face) -> None:
    """Write what the file is and what stood in it, where nobody sees it."""
    sheet = book.add_worksheet(MARK)
    sheet.very_hidden()
    head = (("form", asking.form), ("period", asking.period), ("unit", asking.unit), ("part", face.part))
    for at, (name, value) in enumerate(head):
        sheet.write_row(at, 0, [name, value])
    at = len(head)
    for row in asking.rows:
        for column in asking.columns:
            text = row.values.get(column.id, "")
            if text:
                sheet.write_string(at, 0, f"{row.subject}|{column.id}")
                sheet.write_string(at, 1, text)
                at += 1
