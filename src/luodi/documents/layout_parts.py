"""Parts of a Word layout: tables with loops for docxtpl, and rules above and below paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph


def table(page: Document, columns: int, widths: Sequence[float]) -> Table:
    table: Table = page.add_table(rows=4, cols=columns)
    table.style = "Table Grid"
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    return table


def cells(table: Table, row: int, texts: Sequence[str], style: str) -> None:
    for cell, text in zip(table.rows[row].cells, texts, strict=True):
        middle(cell)
        cell.paragraphs[0].style = style
        if text:
            cell.paragraphs[0].add_run(text)


def middle(cell: _Cell) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def loop_row(table: Table, row: int, tag: str) -> None:
    """Fill a row that only opens or closes a loop over rows; docxtpl takes it away."""
    table.rows[row].cells[0].paragraphs[0].add_run(f"{{%tr {tag} %}}")


def repeat_head(table: Table) -> None:
    """Repeat the head on every page, and keep rows whole."""
    for n, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if n == 0:
            properties.append(OxmlElement("w:tblHeader"))


def rule(paragraph: Paragraph, side: str) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "4"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
