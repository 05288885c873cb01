"""The wall chart as a workbook: one sheet to print on A3 landscape, the same groups, rows, months and signs as on the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from luodi.kernel.money import in_unit
from luodi.projects.rules.lights import Colour
from luodi.web.exporting import MEDIA_TYPE, NOTE
from luodi.web.views.wall_rows import Group, Mark, Row, Sheet, months_of

A3 = 8  # Excel's number of the paper
SIGNS = {"planned": "◇", "reached": "●", "late": "▲"}
WORDS = {
    Colour.RED: "严重滞后",
    Colour.ORANGE: "较重滞后",
    Colour.YELLOW: "滞后",
    Colour.EXCUSED: "有正当理由",
    Colour.GREEN: "正常",
}
HEAD = ("项目编号", "项目名称", "属地", "阶段", "亮灯", "包保领导", "项目秘书")
FIRST_MONTH = len(HEAD) + 4


def wall_book(groups: Sequence[Group], sheet: Sheet, money_unit: str) -> HttpResponse:
    """Answer with the chart as a workbook; nothing in it is ever a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("挂图作战")
    looks = styles(book)
    lay_out(page, sheet, money_unit, looks)
    at = 2
    for group in groups:
        page.merge_range(at, 0, at, FIRST_MONTH + 11, f"{group.label or '—'}（{len(group.rows)}个）", looks["group"])
        at += 1
        for row in group.rows:
            write_row(page, at, row, sheet, money_unit, looks)
            at += 1
    page.write_string(at + 1, 0, f"◇ 计划　● 完成　▲ 逾期未完成　底色：计划建设期　截至 {sheet.on.isoformat()}　{NOTE}")
    page.print_area(0, 0, at + 1, FIRST_MONTH + 11)
    book.close()
    answer = HttpResponse(out.getvalue(), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''wall-{sheet.year.label}.xlsx"
    return answer


def styles(book: Any) -> dict[str, Any]:
    """Make the few looks the sheet has."""
    cell = {"border": 1, "border_color": "#C8D2DC", "valign": "vcenter", "text_wrap": True, "font_size": 9}
    return {
        "title": book.add_format({"bold": True, "font_size": 18, "align": "center"}),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#E7F0F9", "align": "center"}),
        "group": book.add_format({**cell, "bold": True, "bg_color": "#F3F5F8"}),
        "cell": book.add_format(cell),
        "plan": book.add_format({**cell, "bg_color": "#EAF3EC"}),
        "amount": book.add_format({**cell, "num_format": "#,##0.##"}),
        "share": book.add_format({**cell, "num_format": "0.0%"}),
    }


def lay_out(page: Any, sheet: Sheet, money_unit: str, looks: dict[str, Any]) -> None:
    """Set the paper, the title, the head and the widths."""
    page.set_paper(A3)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.freeze_panes(2, 2)
    page.merge_range(0, 0, 0, FIRST_MONTH + 11, f"{sheet.year.label}年重点项目挂图作战表", looks["title"])
    money = tuple(f"{name}（{money_unit}）" for name in ("总投资", "年度计划", "完成投资"))
    months = tuple(f"{first.month}月" for first in months_of(sheet.year))
    for column, name in enumerate((*HEAD, *money, "完成率", *months)):
        page.write_string(1, column, name, looks["head"])
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 32)
    page.set_column(2, FIRST_MONTH - 1, 11)
    page.set_column(FIRST_MONTH, FIRST_MONTH + 11, 14)


def write_row(page: Any, at: int, row: Row, sheet: Sheet, money_unit: str, looks: dict[str, Any]) -> None:
    """Write one project."""
    version = row.card.version
    light = WORDS.get(row.line.lights.colour, "") if row.line.lights else ""
    host = sheet.tree.name(version.host)
    words = (row.card.code, row.line.face.label, host, row.card.state, light, row.sponsor, row.secretary)
    for column, text in enumerate(words):
        page.write_string(at, column, text, looks["cell"])
    for column, yuan in enumerate((version.total_investment, row.planned, row.done), len(HEAD)):
        write_amount(page, at, column, yuan, money_unit, looks)
    if row.share is None:
        page.write_string(at, FIRST_MONTH - 1, "—", looks["cell"])
    else:
        page.write_number(at, FIRST_MONTH - 1, float(row.share), looks["share"])
    for n, month in enumerate(row.months):
        text = "\n".join(sign(mark) for mark in month.marks)
        page.write_string(at, FIRST_MONTH + n, text, looks["plan" if month.in_plan else "cell"])


def write_amount(page: Any, at: int, column: int, yuan: Decimal | None, money_unit: str, looks: dict[str, Any]) -> None:
    """Write an amount as a number in the reader's unit; missing is a dash, not zero."""
    if yuan is None:
        page.write_string(at, column, "—", looks["cell"])
    else:
        page.write_number(at, column, float(in_unit(yuan, money_unit, 2)), looks["amount"])


def sign(mark: Mark) -> str:
    """Write a mark: its sign, name and day."""
    late = f" 晚{mark.days_late}天" if mark.days_late else ""
    return f"{SIGNS[mark.state]}{mark.name} {mark.on.month}.{mark.on.day}{late}"
