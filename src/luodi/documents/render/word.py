"""Writes a paper into a Word template: the profile's own, or the built-in layout."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, ClassVar
from zipfile import BadZipFile

import docx
import segno
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.table import Table
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from luodi.documents import layout
from luodi.documents.render.fields import Numbers, fields
from luodi.documents.values import Bulletin, Edition
from luodi.kernel.problem import Refused

# What opening a file raises that is no document, or a damaged one.
NOT_A_TEMPLATE = (OSError, KeyError, ValueError, SyntaxError, BadZipFile, OpcError)
WATERMARK = "未封账"
NARROW = (14, 34)  # mm of rank and unit in a ranking; the other columns share the rest of 156 mm
TEXT_WIDTH = 156


class TemplateBroken(Refused):
    """The office's template can't be filled. Parameters: `file`, `why`."""

    code: ClassVar[str] = "bulletin.template_broken"


def word(paper: Bulletin, numbers: Numbers, *, template: Path | None) -> bytes:
    """
    Lay a notice or brief out and give the file.

    :param template: the profile's own template; None: the built-in layout
    :raises TemplateBroken: if it is no Word file, or names a field that there is not
    """
    found = _opened(paper, template)
    known = fields(paper, numbers)
    known["qr"] = _qr(found, paper)
    jinja = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        found.render(known, jinja)
    except TemplateError as broken:
        raise TemplateBroken(file=template.name if template else paper.head.kind, why=str(broken)) from None
    return _finished(found, paper)


def _opened(paper: Bulletin, template: Path | None) -> Any:
    if template is None:
        content = io.BytesIO()
        layout.LAYOUTS[paper.head.kind]().save(content)
        content.seek(0)
        return DocxTemplate(content)
    try:
        found = DocxTemplate(str(template))
        found.init_docx()
    except NOT_A_TEMPLATE as broken:
        raise TemplateBroken(file=template.name, why=type(broken).__name__) from None
    return found


def _qr(found: Any, paper: Bulletin) -> Any:
    """The QR of a checking edition carries the whole seal hash."""
    seal = paper.head.seal
    if not paper.head.checking or seal is None:
        return ""
    return InlineImage(found, qr_image(seal_payload(paper)), width=Mm(24))


def seal_payload(paper: Bulletin) -> str:
    """Say in the QR which seal: the period, the algorithm, the whole hash."""
    seal = paper.head.seal
    return "" if seal is None else f"luodi-seal:{seal.period}:{seal.algorithm}:{seal.hash}"


def qr_image(payload: str) -> io.BytesIO:
    """Draw a QR code as PNG."""
    picture = io.BytesIO()
    segno.make(payload, error="m", micro=False).save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    return picture


def _finished(found: Any, paper: Bulletin) -> bytes:
    rendered = io.BytesIO()
    found.save(rendered)  # headers are written only now: what follows works on the file as it will be
    rendered.seek(0)
    document = docx.Document(rendered)
    for table in document.tables:
        if table.rows and table.cell(0, 0).text == "名次":
            _share_width(table)
    if paper.head.edition is Edition.FLASH:
        _watermark(document)
    document.core_properties.title = paper.head.title
    document.core_properties.author = paper.head.issuer
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _share_width(table: Table) -> None:
    """Give the columns of a ranking, as many as there came to be, their widths."""
    count = len(table.rows[0].cells)
    widths = [*NARROW, *[(TEXT_WIDTH - sum(NARROW)) / (count - len(NARROW))] * (count - len(NARROW))]
    grid = table._tbl.tblGrid
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(int(Mm(width).twips)))
        grid.append(column)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _watermark(document: Document) -> None:
    """Put 未封账 across every page: Word's own kind of watermark, which stands in the headers."""
    for section in document.sections:
        for n, header in enumerate((section.header, section.even_page_header)):
            header.paragraphs[0]._p.append(parse_xml(_shape(n)))


def _shape(n: int) -> str:
    style = (
        "position:absolute;margin-left:0;margin-top:0;width:380pt;height:127pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    vml = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    return (
        f"<w:r {nsdecls('w')} {vml}><w:pict>"
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
        '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
        '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
        '<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{n}" o:spid="_x0000_s{2049 + n}" type="#_x0000_t136" style="{style}" '
        'fillcolor="#c0c0c0" stroked="f"><v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{WATERMARK}"/></v:shape></w:pict></w:r>'
    )
