"""Tables out of pages: one workbook, head in bold, numbers as numbers, days as days."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTE = "部门调度数据，不作为法定统计数据"


def workbook(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Answer with a workbook of one sheet; nothing in it is ever a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bg_color": "#E7F0F9", "border": 1})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, head, bold)
    widths = [len(title) * 2 for title in head]
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(last, column, cell, days)
            elif isinstance(cell, Decimal | int | float):
                sheet.write_number(last, column, float(cell))
            elif cell is not None:
                sheet.write_string(last, column, str(cell))
                widths[column] = max(widths[column], min(40, len(str(cell)) * 2))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(head) - 1)
    sheet.write_string(last + 2, 0, NOTE)
    book.close()
    response = HttpResponse(out.getvalue(), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response
