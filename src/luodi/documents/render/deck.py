"""Writes the wall charts 挂图: units in order, then one page for each key project, with charts that PowerPoint and WPS can edit."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart import data as chart_data
from pptx.dml import color
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.exc import PythonPptxError
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt

from luodi.documents.render import fields
from luodi.documents.render.fields import Numbers
from luodi.documents.render.word import NOT_A_TEMPLATE, TemplateBroken, qr_image, seal_payload
from luodi.documents.values import Bulletin, Edition, Figure, NodeLine, ProjectPage, UnitTable
from luodi.documents.wall import node_words

RGBColor: Any = color.RGBColor  # python-pptx carries no types
CategoryChartData: Any = chart_data.CategoryChartData

WIDTH, HEIGHT = Cm(33.87), Cm(19.05)
HEI, FANGSONG = "黑体", "仿宋_GB2312"
INK, BLUE, GREY = RGBColor(0x20, 0x20, 0x20), RGBColor(0x1F, 0x4E, 0x79), RGBColor(0x9A, 0x9A, 0x9A)
LIGHTS = {"红": RGBColor(0xC0, 0x00, 0x00), "橙": RGBColor(0xC6, 0x5B, 0x11), "黄": RGBColor(0xA8, 0x76, 0x00)}
GREEN = RGBColor(0x3A, 0x8D, 0x3A)
LONG_TITLE = 20  # characters
LONG = 90  # characters of a note that fit


def deck(paper: Bulletin, numbers: Numbers, *, template: Path | None) -> bytes:
    """
    Write the slides.

    :param template: a presentation whose master the office has drawn; its own slides are left in front
    :raises TemplateBroken: if it is no presentation
    """
    slides = Slides(paper, numbers, template)
    slides.cover()
    for table in paper.rankings[:1]:
        slides.ranking(table)
    for page in paper.pages:
        slides.project(page)
    content = io.BytesIO()
    slides.deck.core_properties.title = paper.head.title
    slides.deck.core_properties.author = paper.head.issuer
    slides.deck.save(content)
    return content.getvalue()


def figures(paper: Bulletin) -> list[Figure]:
    """List the figures that the slides print, in reading order."""
    found = [part for line in paper.comments for part in line if isinstance(part, Figure)]
    found += [figure for table in paper.rankings[:1] for row in table.rows for figure in row.figures]
    for page in paper.pages:
        found += [figure for _, figure in page.figures] + [month.done for month in page.months]
    return found


def _opened(template: Path | None) -> Any:
    if template is None:
        found = Presentation()
        found.slide_width, found.slide_height = WIDTH, HEIGHT
        return found
    try:
        return Presentation(str(template))
    except (*NOT_A_TEMPLATE, PythonPptxError) as broken:
        raise TemplateBroken(file=template.name, why=type(broken).__name__) from None


class Slides:
    """
    Writes slide after slide. A class because the presentation and the paper outlive each slide.
    """

    def __init__(self, paper: Bulletin, numbers: Numbers, template: Path | None) -> None:
        self.paper, self.numbers, self.deck = paper, numbers, _opened(template)
        layouts = self.deck.slide_layouts
        self.layout = min(layouts, key=lambda layout: len(layout.placeholders))

    def slide(self, title: str, colour: Any = BLUE) -> Any:
        """Begin a slide: title, what the paper is and is not, and a watermark on a flash."""
        page = self.deck.slides.add_slide(self.layout)
        for shape in list(page.placeholders):
            shape._element.getparent().remove(shape._element)
        head = self.paper.head
        if head.edition is Edition.FLASH:
            mark = self.write(page, "未封账", (6, 6, 22, 6), 96, RGBColor(0xE4, 0xE4, 0xE4), align=PP_ALIGN.CENTER)
            mark.rotation = -30
        size = 26 if len(title) <= LONG_TITLE else 20
        self.write(page, title, (1.2, 0.6, 21, 1.6), size, colour, bold=True, font=HEI)
        self.write(page, fields.marks(self.paper), (22, 0.7, 10.7, 1.2), 14, LIGHTS["红"], align=PP_ALIGN.RIGHT)
        foot = f"{head.issuer}　{head.basis}　{head.statement}"
        self.write(page, foot, (1.2, 17.9, 31, 0.8), 11, GREY)
        return page

    def write(
        self,
        page: Any,
        text: str,
        box: tuple[float, float, float, float],
        size: float,
        colour: Any = INK,
        *,
        bold: bool = False,
        font: str = FANGSONG,
        align: Any = PP_ALIGN.LEFT,
    ) -> Any:
        """Write text into a box given in centimetres: left, top, width, height."""
        shape = page.shapes.add_textbox(*(Cm(side) for side in box))
        frame = shape.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.TOP
        for n, line in enumerate(text.split("\n")):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            paragraph.alignment = align
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour
            _font(run, font)
        return shape

    def mark(self, figure: Figure) -> str:
        """Give a figure's trace number in its brackets."""
        found = self.numbers.get(figure.reference) if figure.reference and figure.known else None
        return f"〔{found}〕" if found else ""

    def cover(self) -> None:
        """Write the first slide: title, lines of comment, seal."""
        head = self.paper.head
        page = self.slide(head.title)
        lines = "\n".join(
            "".join(part if isinstance(part, str) else part.text + self.mark(part) for part in line)
            for line in self.paper.comments
        )
        self.write(page, lines, (1.2, 3.4, 31, 9), 20)
        self.write(page, head.completeness, (1.2, 14.6, 31, 1), 14)
        if head.checking:
            self.write(page, fields.seal_words(self.paper), (1.2, 15.6, 25, 2), 10, GREY)
            if head.seal is not None:
                page.shapes.add_picture(qr_image(seal_payload(self.paper)), Cm(29), Cm(14.2), Cm(3.4), Cm(3.4))

    def ranking(self, table: UnitTable) -> None:
        """Write the order of units as a chart, best on top, with its numbers beside."""
        page = self.slide(table.title)
        rows = [row for row in table.rows if row.rank is not None]
        if not rows:
            self.write(page, "各单位均未上报，暂不排名。", (1.2, 4, 31, 2), 20)
            return
        data = CategoryChartData(number_format="0.0")
        data.categories = [f"{row.rank} {row.name}" for row in reversed(rows)]
        data.add_series(table.columns[0].head, [float(row.figures[0].text) for row in reversed(rows)])
        box = (Cm(1.2), Cm(2.4), Cm(16), Cm(15.2))
        chart = page.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data).chart
        _dress(chart, (BLUE,), legend=False)
        chart.plots[0].has_data_labels = True
        chart.plots[0].data_labels.font.size = Pt(12)
        self.grid(
            page,
            [["名次", "单位", *(column.head for column in table.columns)]]
            + [
                [
                    "—" if row.rank is None else str(row.rank),
                    row.name,
                    *(figure.text + self.mark(figure) for figure in row.figures),
                ]
                for row in table.rows
            ],
            (17.6, 2.6, 15.2),
            11,
        )

    def project(self, one: ProjectPage) -> None:
        """Write a key project's page."""
        page = self.slide(one.label, LIGHTS.get(one.colour, GREEN))
        facts = [[label, text] for label, text in one.facts]
        facts += [[label, _grouped(figure) + self.mark(figure)] for label, figure in one.figures]
        self.grid(page, facts, (1.2, 2.6, 12.4), 11, shares=(0.42, 0.58), head=False)
        self.months(page, one)
        notes = [
            ("形象进度", one.progress),
            ("存在问题", one.problems),
            ("下步计划", one.next),
            ("节点", "；".join(_node(node) for node in one.nodes)),
        ]
        text = "\n".join(f"{label}：{_short(words)}" for label, words in notes if words)
        self.write(page, text or "本期没有填报形象进度。", (14.2, 12.8, 18.6, 4.8), 13)

    def months(self, page: Any, one: ProjectPage) -> None:
        """Draw plan and completion to date, month by month; say so where there is neither."""
        if not any(month.done.known or month.planned.known for month in one.months):
            self.write(page, "本年没有投资计划，也没有填报完成投资。", (14.2, 6, 18.6, 2), 14, GREY)
            return
        data = CategoryChartData(number_format="#,##0")
        data.categories = [month.label for month in one.months]
        data.add_series("计划（累计，万元）", [_number(month.planned) for month in one.months])
        data.add_series("完成（累计，万元）", [_number(month.done) for month in one.months])
        box = (Cm(14.2), Cm(2.4), Cm(18.6), Cm(10))
        chart = page.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *box, data).chart
        _dress(chart, (GREY, BLUE), legend=True)
        if self.paper.head.checking:
            marks = "　".join(f"{month.label}{self.mark(month.done)}" for month in one.months if self.mark(month.done))
            self.write(page, f"核对号 {marks}", (14.2, 12.2, 18.6, 0.6), 8, GREY)

    def grid(
        self,
        page: Any,
        rows: Sequence[Sequence[str]],
        box: tuple[float, float, float],
        size: float,
        *,
        shares: Sequence[float] = (),
        head: bool = True,
    ) -> None:
        """Write a table; box: left, top, width in centimetres."""
        left, top, width = box
        count = len(rows[0])
        shape = page.shapes.add_table(len(rows), count, Cm(left), Cm(top), Cm(width), Cm(0.8 * len(rows)))
        table = shape.table
        table.first_row = head
        for n, share in enumerate(shares or [1 / count] * count):
            table.columns[n].width = Cm(width * share)
        for row, texts in zip(table.rows, rows, strict=True):
            row.height = Cm(0.8)
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
                cell.margin_top = cell.margin_bottom = Cm(0.05)
                cell.margin_left = cell.margin_right = Cm(0.15)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                for run in (run for paragraph in cell.text_frame.paragraphs for run in paragraph.runs):
                    run.font.size = Pt(size)
                    _font(run, FANGSONG)


def _font(run: Any, name: str) -> None:
    """Name the font for East Asian text too, or PowerPoint takes its own."""
    run.font.name = name
    properties = run._r.get_or_add_rPr()
    for tag in ("a:ea", "a:cs"):
        element = properties.find(qn(tag))
        if element is None:
            element = properties.makeelement(qn(tag), {})
            properties.append(element)
        element.set("typeface", name)


def _dress(chart: Any, colours: Sequence[Any], *, legend: bool) -> None:
    chart.has_legend = legend
    if legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
    chart.font.size = Pt(12)
    chart.font.name = FANGSONG
    chart.has_title = False
    chart.plots[0].gap_width = 60
    for series, colour in zip(chart.plots[0].series, colours, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour


def _number(figure: Figure) -> float | None:
    return float(figure.text) if figure.known else None


def _grouped(figure: Figure) -> str:
    return f"{Decimal(figure.text):,f}" if figure.known else figure.text


def _node(node: NodeLine) -> str:
    return f"{node.name}（{node_words(node)}）"


def _short(text: str) -> str:
    return text if len(text) <= LONG else text[: LONG - 1] + "…"
