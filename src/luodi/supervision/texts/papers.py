"""
任务分解表 as a workbook and as a Word document: 序号 任务 责任领导 牵头单位 配合单位 时限 原文.

A draft for review, and it says so. Words of the text are written as words, never as formulas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from luodi.supervision.texts.values import Task

TITLE = "任务分解表"
NOTE = "本表由程序从原文摘出，供人工审核；标“待核”的请对照原文确定。"
COLUMNS = ("序号", "任务", "责任领导", "牵头单位", "配合单位", "时限", "原文")
_WIDTHS = (8, 37, 13, 20, 20, 24, 46)
LINE_HEIGHT = 16  # points of one line of 11 point type
MAX_HEIGHT = 409  # a row of a workbook is no higher
# What XML cannot hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DOUBTS = {
    "no_lead": "牵头单位待核",
    "ambiguous_unit": "单位待核",
    "may_be_none": "是否任务待核",
    "carried": "牵头单位承前，待核",
}


def row(at: int, task: Task) -> tuple[str, ...]:
    """Give one line of the table as text."""
    return tuple(
        _CONTROL.sub("", cell)
        for cell in (
            str(at),
            task.what or task.text,
            task.leader or "",
            "、".join(task.units) or ("" if task.leader else "待核"),
            "、".join(task.co_units),
            time_of(task),
            task.text,
        )
    )


def time_of(task: Task) -> str:
    """Say by when and how often, as written, with the day where it is known."""
    parts = (
        [f"{task.deadline}（{task.due.isoformat()}）" if task.due else f"{task.deadline}（待核）"]
        if task.deadline
        else []
    )
    return "；".join([*parts, *(every.text for every in task.recurrence)])


def doubts(task: Task) -> str:
    """Say what is to be looked at."""
    return "；".join(_DOUBTS[code] for code in task.unsure if code in _DOUBTS)


def write_xlsx(file: Path, tasks: Sequence[Task]) -> None:
    """Write the table as a workbook. Raises OSError when it can't be written."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(TITLE)
        title = book.add_format({"bold": True, "font_size": 16, "align": "center", "font_name": "宋体"})
        head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "font_name": "宋体"})
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "font_name": "宋体"})
        count = book.add_format({"border": 1, "align": "center", "valign": "top", "font_name": "宋体"})
        sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, TITLE, title)
        sheet.write_string(1, 0, NOTE)
        for at, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(2, at, name, head)
        for line, task in enumerate(tasks, 1):
            texts = row(line, task)
            sheet.set_row(line + 2, _height(texts))
            sheet.write_number(line + 2, 0, line, count)
            for at, text in enumerate(texts[1:], 1):
                sheet.write_string(line + 2, at, text[:32767], cell)
            if said := doubts(task):
                sheet.write_comment(line + 2, 1, said)
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)


def _height(texts: Sequence[str]) -> int:
    """Give the height that a row's wrapped texts need; not every office program fits rows to their text by itself."""
    lines = max(_lines(text, width) for text, width in zip(texts, _WIDTHS, strict=True))
    return min(lines * LINE_HEIGHT + 3, MAX_HEIGHT)


def _lines(text: str, width: int) -> int:
    """Count the lines of a text in a column; Chinese characters are two wide, and a line holds no half of one."""
    wide = [sum(2 if ord(character) > 0x2E7F else 1 for character in line) for line in text.split("\n")]
    return sum(max(-(-one // (width - 2)), 1) for one in wide)


def write_docx(file: Path, tasks: Sequence[Task]) -> None:
    """Write the table as a Word document on A4, landscape. Raises OSError when it can't be written."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "宋体", Pt(10.5)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(TITLE)
    run.bold, run.font.size = True, Pt(18)
    document.add_paragraph(NOTE)
    table = document.add_table(rows=0, cols=len(COLUMNS))
    table.style = "Table Grid"
    for texts in (COLUMNS, *(row(at, task) for at, task in enumerate(tasks, 1))):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    total = sum(_WIDTHS)
    for at, width in enumerate(_WIDTHS):
        table.columns[at].width = Cm(25.7 * width / total)
    document.save(str(file))
