"""Writes the monthly tables 月报表: every table, who has filed, projects that lag, revisions and definitions, each on a sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import xlsxwriter

from luodi.documents.render import fields
from luodi.documents.render.fields import Numbers
from luodi.documents.rules.wording import day_words
from luodi.documents.values import NOTHING, Bulletin, Correction, Edition, Figure, UnitTable
from luodi.kernel.problem import Refused

FANGSONG, HEI, XIAOBIAOSONG = "仿宋_GB2312", "黑体", "方正小标宋简体"
WIDE, NARROW = 18, 12  # columns in characters
TALL = 24  # points of a row of a unit: a table of a dozen rows fills its page
SUMMED = {"bold": True, "bg_color": "#f2f2f2"}  # the row of the whole city
HEAD_ROWS = 4  # title, marks and basis, source, heads of columns


class TemplateNotHere(Refused):
    """Workbooks are not made from templates. Parameters: `file`."""

    code: ClassVar[str] = "bulletin.template_not_here"


def sheet(paper: Bulletin, numbers: Numbers, *, template: Path | None) -> bytes:
    """
    Write the workbook. On a checking edition each table has beside it a sheet with the trace number of every cell, in the same place.

    :raises TemplateNotHere: a workbook takes no template
    """
    if template is not None:
        raise TemplateNotHere(file=template.name)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": paper.head.title,
            "author": paper.head.issuer,
            "comments": paper.head.statement,
            "created": datetime(paper.head.made_on.year, paper.head.made_on.month, paper.head.made_on.day),  # noqa: DTZ001
        }
    )
    writer = Writer(book, paper, numbers)
    writer.write()
    book.close()
    return content.getvalue()


def figures(paper: Bulletin) -> list[Figure]:
    """List the figures that the workbook prints, in reading order."""
    found = [figure for table in _tables(paper) for row in table.rows for figure in row.figures]
    found += [figure for row in paper.lagging for figure in (row.invested, row.rate)]
    return found + [figure for one in paper.corrections for figure in (one.published, one.revised)]


def _tables(paper: Bulletin) -> Iterable[UnitTable]:
    return (*paper.tables, *paper.rankings)


class Writer:
    """
    Writes sheet after sheet. A class because the workbook, its formats and the paper outlive each sheet.
    """

    def __init__(self, book: Any, paper: Bulletin, numbers: Numbers) -> None:
        self.book, self.paper, self.numbers = book, paper, numbers
        base = {"font_name": FANGSONG, "font_size": 11, "valign": "vcenter"}
        grid = base | {"border": 1}
        self.title = book.add_format(base | {"font_name": XIAOBIAOSONG, "font_size": 18, "align": "center"})
        self.note = book.add_format(base | {"font_size": 10})
        self.red = book.add_format(base | {"font_size": 10, "font_color": "#c00000", "bold": True})
        self.head = book.add_format(grid | {"font_name": HEI, "align": "center", "text_wrap": True})
        self.text = book.add_format(grid | {"text_wrap": True})
        self.middle = book.add_format(grid | {"align": "center"})
        self.whole = book.add_format(grid | SUMMED)
        self.grid = grid
        self.formats: dict[tuple[int, bool], Any] = {}

    def number(self, places: int, *, whole: bool = False) -> Any:
        """Give the format of numbers with some decimals; the whole's stand out."""
        key = (places, whole)
        if key not in self.formats:
            shape = {"num_format": "#,##0" + (f".{'0' * places}" if places else ""), "align": "right"}
            self.formats[key] = self.book.add_format(self.grid | shape | (SUMMED if whole else {}))
        return self.formats[key]

    def write(self) -> None:
        """Write every sheet."""
        for table in _tables(self.paper):
            self.table(table)
            if self.paper.head.checking:
                self.numbers_of(table)
        self.filing()
        self.lagging()
        self.revisions()
        self.definitions()

    def page(self, name: str, columns: Sequence[str], widths: Sequence[float], title: str = "") -> Any:
        """Begin a sheet: title, what the paper is and is not, heads of columns; A4 across, one page wide."""
        page, head, last = self.book.add_worksheet(name[:31]), self.paper.head, max(len(columns) - 1, 1)
        page.merge_range(0, 0, 0, last, title or head.title, self.title)
        page.set_default_row(18)
        page.set_row(0, 30)
        marks = fields.marks(self.paper)
        page.write(1, 0, f"{head.statement}。{head.basis}。{head.completeness}", self.note)
        page.write(
            2,
            0,
            f"{marks}　　编制：{head.issuer}　　{day_words(head.made_on)}".strip(),
            self.red if marks else self.note,
        )
        for n, (label, width) in enumerate(zip(columns, widths, strict=True)):
            page.write(3, n, label, self.head)
            page.set_column(n, n, width)
        page.set_row(3, 48)
        page.set_paper(9)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(3)
        page.freeze_panes(HEAD_ROWS, 2 if len(columns) > 6 else 1)
        watermark = "  未封账" if head.edition is Edition.FLASH else ""
        page.set_header(f"&C{'演示数据' if head.synthetic else ''}{watermark}")
        page.set_footer(f"&L{head.statement}&R— &P —")
        return page

    def table(self, table: UnitTable) -> None:
        """Write a table of units: printed numbers as numbers, a dash where there is none."""
        ranked = ("名次",) if table.ranked else ()
        columns = [*ranked, "单位", *(column.head_lines for column in table.columns)]
        widths = [*((6,) if ranked else ()), WIDE, *(NARROW for _ in table.columns)]
        page = self.page(table.title, columns, widths, title=f"{self.paper.head.title}　{table.title}")
        for at, row in enumerate(table.rows, start=HEAD_ROWS):
            if ranked:
                page.write(at, 0, NOTHING if row.rank is None else row.rank, self.middle)
            name = f"{row.name}*" if row.transferred else row.name
            whole = not ranked and at == HEAD_ROWS
            page.set_row(at, TALL)
            page.write(at, len(ranked), name, self.whole if whole else self.text)
            for n, figure in enumerate(row.figures, start=len(ranked) + 1):
                self.figure(page, at, n, figure, whole=whole)
        note = fields.ranking_note(table)
        late = [row.name for row in table.rows if not row.filed] if not table.ranked else []
        note += f"　{'、'.join(late)}有报表未报。" if late else ""
        if note:
            page.write(HEAD_ROWS + len(table.rows), 0, note.strip(), self.note)

    def numbers_of(self, table: UnitTable) -> None:
        """Write the trace numbers of a table, each in the cell of its figure."""
        ranked = ("名次",) if table.ranked else ()
        columns = [*ranked, "单位", *(column.head_lines for column in table.columns)]
        widths = [*((6,) if ranked else ()), WIDE, *(NARROW for _ in table.columns)]
        page = self.page(f"{table.title}·核对号", columns, widths, title=f"{table.title}　核对号（luodi trace --ref）")
        for at, row in enumerate(table.rows, start=HEAD_ROWS):
            if ranked:
                page.write(at, 0, "", self.middle)
            page.write(at, len(ranked), row.name, self.text)
            for n, figure in enumerate(row.figures, start=len(ranked) + 1):
                page.write_string(at, n, self.mark(figure), self.middle)
        seal = fields.seal_words(self.paper)
        page.write(HEAD_ROWS + len(table.rows) + 1, 0, seal, self.note)
        if self.paper.head.seal is not None:
            from luodi.documents.render.word import qr_image, seal_payload

            picture = qr_image(seal_payload(self.paper))
            options = {"image_data": picture, "x_scale": 0.35, "y_scale": 0.35, "description": "seal"}
            page.insert_image(HEAD_ROWS + len(table.rows) + 2, 0, "seal.png", options)

    def mark(self, figure: Figure) -> str:
        """Give a figure's trace number."""
        return self.numbers.get(figure.reference, "") if figure.reference and figure.known else ""

    def figure(self, page: Any, row: int, column: int, figure: Figure, *, whole: bool = False) -> None:
        """Write a figure as the number that is printed, rounded at the door."""
        if figure.known:
            page.write_number(row, column, float(figure.text), self.number(figure.places, whole=whole))
        else:
            page.write(row, column, figure.text, self.middle)

    def filing(self) -> None:
        """Write who has filed and who has not, and the forms' legal heads."""
        page = self.page("报送情况", ("单位", "未报报表"), (WIDE, 80), title=f"{self.paper.head.title}　报送情况")
        at = HEAD_ROWS
        for unit, forms in self.paper.filing.missing:
            page.write(at, 0, unit, self.text)
            page.write(at, 1, "、".join(forms), self.text)
            at += 1
        page.write(at, 0, fields.filing_words(self.paper), self.note)
        for n, source in enumerate(self.paper.sources, start=at + 2):
            page.write(n, 0, f"资料来源：{source.id} {source.name}（{source.head}）", self.note)

    def lagging(self) -> None:
        """Write the projects that lag, with what burns."""
        heads = fields.lagging_heads(self.paper)
        columns = ["项目", "属地", heads["invested"], heads["rate"], "亮灯", "原因"]
        marked = self.paper.head.checking
        columns += ["核对号（完成投资）", "核对号（完成率）"] if marked else []
        page = self.page(
            "滞后项目",
            columns,
            [40, WIDE, NARROW, NARROW, 8, 50, *([NARROW, NARROW] if marked else [])],
            title=f"{self.paper.head.title}　滞后项目",
        )
        for at, row in enumerate(self.paper.lagging, start=HEAD_ROWS):
            page.write(at, 0, row.label, self.text)
            page.write(at, 1, row.host, self.text)
            self.figure(page, at, 2, row.invested)
            self.figure(page, at, 3, row.rate)
            page.write(at, 4, row.colour, self.middle)
            page.write(at, 5, "；".join(row.reasons), self.text)
            for n, figure in enumerate((row.invested, row.rate) if marked else (), start=6):
                page.write_string(at, n, self.mark(figure), self.middle)

    def revisions(self) -> None:
        """Write published and revised values with the bridge between, and moves of projects inside the year."""
        columns = ["期间", "单位", "指标", "发布值", "修订值", "相差", "计量单位", "时间", "经办单位", "事由", "影响"]
        marked = self.paper.head.checking
        columns += ["核对号（发布值）", "核对号（修订值）"] if marked else []
        widths = [12, WIDE, WIDE, *[NARROW] * 4, WIDE, WIDE, 50, NARROW, *([NARROW, NARROW] if marked else [])]
        page, at = self.page("修订", columns, widths, title=f"{self.paper.head.title}　修订"), HEAD_ROWS
        for one in self.paper.corrections:
            at = self.correction(page, at, one, marked=marked)
        if not self.paper.corrections:
            page.write(at, 0, "已封账数据没有修订。", self.note)
        moves = fields.transfer_words(self.paper)
        if moves:
            page.write(at + 2, 0, f"年内划转：{moves}", self.note)

    def correction(self, page: Any, at: int, one: Correction, *, marked: bool) -> int:
        """Write a correction, its steps below one another; give the next free row."""
        for n, text in enumerate((one.period, one.unit, one.label)):
            page.write(at, n, text, self.text)
        for n, figure in enumerate((one.published, one.revised, one.change), start=3):
            self.figure(page, at, n, figure)
        page.write(at, 6, one.published.unit, self.middle)
        for n, figure in enumerate((one.published, one.revised) if marked else (), start=11):
            page.write_string(at, n, self.mark(figure), self.middle)
        for row, step in enumerate(one.steps, start=at):
            page.set_row(row, 18 * (1 + len(step.what) // 26))
            page.write(row, 7, day_words(step.on), self.middle)
            page.write(row, 8, step.who, self.text)
            page.write(row, 9, step.what, self.text)
            self.figure(page, row, 10, step.figure)
        return at + max(1, len(one.steps))

    def definitions(self) -> None:
        """Write what every indicator means."""
        based = any(one.basis for one in self.paper.definitions)
        heads = ("指标", "计量单位", "怎么算", *(("依据",) if based else ()), "代码")
        widths = (WIDE + 8, NARROW, 80, *((WIDE,) if based else ()), WIDE + 8)
        page = self.page("指标解释", heads, widths, title=f"{self.paper.head.title}　指标解释")
        for at, one in enumerate(self.paper.definitions, start=HEAD_ROWS):
            page.set_row(at, 18 * (1 + len(one.words) // 40))
            for n, text in enumerate((one.label, one.unit, one.words, *((one.basis,) if based else ()), one.id)):
                page.write(at, n, text, self.text)
