"""
A blank workbook for a kind: headers with notes, drop-downs for what is listed, formats that keep codes and shares from being turned
into numbers or days. What `luodi import` reads back without a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from luodi.codebook.values import Profile
from luodi.exchange import kinds
from luodi.exchange.kinds import Column, Kind
from luodi.exchange.refusals import BadFile
from luodi.kernel.problem import words

ROWS = 2000  # rows that carry formats and drop-downs
DIRECT_LIST = 200  # characters a drop-down may hold in itself; Excel takes 255
DAY_READS = ("day", "day_or_month")
NUMBER_READS = ("money", "raw", "number")


def write(
    *, kind: str, profile: Profile, out: Path, language: str = "zh", units: Sequence[tuple[str, str]] = ()
) -> None:
    """
    Write the blank template of a kind as .xlsx.

    :param units: codes and names of the city's units, for a sheet to look them up in
    :raises BadFile: if `out` is no .xlsx
    """
    if out.suffix.lower() != ".xlsx":
        raise BadFile("exchange.out.not_xlsx", name=out.name)
    chosen = kinds.KINDS[kind]
    book = xlsxwriter.Workbook(str(out))
    look = formats(book)
    sheet, lists = book.add_worksheet(chosen.header), book.add_worksheet(words("exchange.template.lists", language))
    listed = 0
    columns = columns_of(chosen, profile)
    for at, (column, choices) in enumerate(columns):
        sheet.write_string(0, at, header_of(column, profile), look["required" if column.required else "header"])
        sheet.write_comment(0, at, note_of(column, choices, language), {"x_scale": 2, "y_scale": 1.6})
        sheet.set_column(at, at, column.width, look[look_of(column)])
        if choices:
            sheet.data_validation(1, at, ROWS, at, validation(choices, lists, listed, column, look, language))
            listed += 1
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, 0, len(columns) - 1)
    explain(book.add_worksheet(words("exchange.template.help", language)), chosen, columns, profile, look, language)
    if units:
        list_units(book.add_worksheet(words("exchange.template.units", language)), units, look, language)
    lists.hide()
    book.close()


def formats(book: Any) -> dict[str, Any]:
    """Make the formats."""
    head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
    return {
        "header": book.add_format({**head, "bg_color": "#DDEBF7"}),
        "required": book.add_format({**head, "bg_color": "#FCE4D6", "font_color": "#C00000"}),
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "0.00####"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def columns_of(kind: Kind, profile: Profile) -> list[tuple[Column, tuple[str, ...]]]:
    """List the columns of a template with what may be chosen in each; a project's own attributes follow the fixed ones."""
    chosen = [
        (column, choices_of(column, profile))
        for column in kind.columns
        if column.code not in ("verified_at", "accepted_at", "rate", "rate_on")
    ]
    if kind is kinds.PROJECTS:
        for item in profile.attributes:
            read = "money" if item.type == "money" else "day" if item.type == "day" else "text"
            own = Column(item.id, item.zh, read)
            chosen.append((own, item.choices or (("是", "否") if item.type == "yes_no" else ())))
    return chosen


def choices_of(column: Column, profile: Profile) -> tuple[str, ...]:
    """Give what may be chosen in a column; nothing if it is free."""
    name, _, of = column.read.partition(":")
    if name == "vocabulary":
        return profile.vocabulary(of)
    tables: Mapping[str, Sequence[str]] = {
        "yes_no": ("是", "否"),
        "stage": [stage.id for stage in profile.stages],
        "list": [item.id for item in profile.lists],
        "measure": [item.zh for item in profile.measures],
        "indicator": [item.zh for item in profile.indicators],
        "unit_kind": [item.id for item in profile.unit_kinds],
        "group": [item.id for item in profile.groups],
        "role": list(kinds.ROLES),
        "mode": list(kinds.MODES),
        "target_kind": list(kinds.TARGET_KINDS),
        "target_source": list(kinds.TARGET_SOURCES),
        "edition": list(kinds.EDITIONS),
    }
    return tuple(tables.get(name, ()))


def header_of(column: Column, profile: Profile) -> str:
    """Write a header, with the unit of an amount."""
    if column.read != "money":
        return column.header
    attribute = profile.attribute(column.code)
    return f"{column.header}（{(attribute.unit if attribute else '') or '万元'}）"


def look_of(column: Column) -> str:
    """Say how a column's cells are formatted."""
    return "day" if column.read in DAY_READS else "number" if column.read in NUMBER_READS else "text"


def note_of(column: Column, choices: Sequence[str], language: str) -> str:
    """Explain a column: whether it is needed, what it takes."""
    need = words(f"exchange.note.{'required' if column.required else 'optional'}", language)
    name = column.read.partition(":")[0]
    what = words("exchange.note.choice" if choices else f"exchange.note.{plain(name)}", language)
    return f"{column.header} ({column.code})\n{need}\n{what}"


def plain(read: str) -> str:
    """Fold the ways of reading into those that a note explains."""
    known = (
        "day",
        "day_or_month",
        "money",
        "raw",
        "period",
        "share",
        "unit",
        "uscc",
        "national_code",
        "year",
        "month",
        "moment",
    )
    return read if read in known else "label" if read.startswith("label") else "text"


def validation(
    choices: Sequence[str], lists: Any, at: int, column: Column, look: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """Make a drop-down: in the cell itself if short, else from the sheet of lists. Groups and chains may be typed freely."""
    lists.write_column(0, at, choices)
    letter = xlsxwriter.utility.xl_col_to_name(at)
    sheet = lists.get_name()
    short = sum(map(len, choices)) + len(choices) < DIRECT_LIST and not any("," in choice for choice in choices)
    return {
        "validate": "list",
        "source": list(choices) if short else f"='{sheet}'!${letter}$1:${letter}${len(choices)}",
        "error_title": words("exchange.template.wrong", language),
        "error_message": words("exchange.template.choose", language),
        "error_type": "stop",
    }


def explain(
    sheet: Any,
    kind: Kind,
    columns: Sequence[tuple[Column, tuple[str, ...]]],
    profile: Profile,
    look: Mapping[str, Any],
    language: str,
) -> None:
    """Write the sheet that explains every column, and what may not be entered."""
    secret = profile.city.not_secret_zh if language == "zh" else profile.city.not_secret_en
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 2, 90, look["wrap"])
    sheet.write_string(0, 0, kind.header, look["header"])
    sheet.write_string(0, 2, secret)
    for at, (column, choices) in enumerate(columns):
        sheet.write_string(at + 2, 0, column.header)
        sheet.write_string(at + 2, 1, column.code)
        text = note_of(column, choices, language).split("\n", 1)[1]
        sheet.write_string(at + 2, 2, text + (": " + "、".join(choices) if choices else ""))


def list_units(sheet: Any, units: Sequence[tuple[str, str]], look: Mapping[str, Any], language: str) -> None:
    """Write the city's units, to look codes up."""
    sheet.write_row(
        0, 0, [words("exchange.template.code", language), words("exchange.template.name", language)], look["header"]
    )
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 30)
    for at, (code, name) in enumerate(units):
        sheet.write_string(at + 1, 0, code)
        sheet.write_string(at + 1, 1, name)
