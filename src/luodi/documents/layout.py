"""
The built-in Word layouts, after GB/T 9704 (layout of official documents): also the templates that a profile starts from.

A4; margins 37 mm above, 28 mm left, so that the text area is 156 x 225 mm: 22 lines of 28 characters of 3号 (16 pt). Title 2号 小标宋,
headings 黑体 and 楷体 3号, page numbers 4号 between dashes, outer side. No red head: number and seal are the office's own.
Fonts are named for East Asian text on every style, since Word and WPS otherwise take their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from luodi.documents import layout_parts as parts

TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
LINE = Pt(28.95)  # 225 mm / 22 lines, in Word's twentieths of a point
PITCH = 579  # the grid's line pitch in twentieths of a point
# 28 characters of 16 pt need 448 pt and the line has 442: each stands a quarter of a point closer. (A grid of characters says the
# same to Word, but other programs spread the line.)
CLOSER = -5  # twentieths of a point
CLOSE = Pt(26)  # a brief keeps to one sheet
FOOTER = Mm(23)  # the dashes of the page number 7 mm below the text area
XIAOBIAOSONG, FANGSONG, HEI, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
# What a machine without a font may take instead.
INSTEAD = {XIAOBIAOSONG: "华文中宋", FANGSONG: "仿宋", KAI: "楷体", HEI: "SimHei", SONG: "SimSun"}

# name, East Asian font, size, alignment, first-line indent in characters, exact line
STYLES: tuple[tuple[str, str, float, str, int, float], ...] = (
    ("公文标题", XIAOBIAOSONG, 22, "center", 0, 34),
    ("公文期号", FANGSONG, 16, "center", 0, 28.95),
    ("公文主送", FANGSONG, 16, "left", 0, 28.95),
    ("公文正文", FANGSONG, 16, "both", 2, 28.95),
    ("公文一级标题", HEI, 16, "both", 2, 28.95),
    ("公文二级标题", KAI, 16, "both", 2, 28.95),
    ("公文落款", FANGSONG, 16, "right", 0, 28.95),
    ("公文表题", HEI, 12, "center", 0, 20),
    ("公文表头", HEI, 10.5, "center", 0, 14),
    ("公文表内", FANGSONG, 10.5, "center", 0, 14),
    ("公文表内文字", FANGSONG, 10.5, "left", 0, 14),
    ("公文表注", FANGSONG, 10.5, "left", 0, 14),
    ("公文版记", FANGSONG, 14, "left", 0, 22),
    ("公文核对", FANGSONG, 9, "left", 0, 12),
    ("公文页眉", FANGSONG, 10.5, "center", 0, 14),
    ("公文页码", SONG, 14, "left", 0, 14),
)
ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
REFERENCE = "核对号"  # character style of trace numbers


def notice() -> Document:
    """Lay out a 通报."""
    page = blank()
    _when(page, "flash", [("公文表注", "{{ completeness }}")])
    page.add_paragraph("", "公文正文")
    page.add_paragraph("{{ title }}", "公文标题")
    page.add_paragraph("", "公文表注")
    page.add_paragraph("{{ to }}：", "公文主送")
    _body(page)
    page.add_paragraph("{{ note }}", "公文表注")
    page.add_paragraph("", "公文表注")
    for text in ("{{ issuer }}", "{{ date }}"):
        signature = page.add_paragraph(text, "公文落款")
        signature.paragraph_format.right_indent = Pt(16 * (4 if "date" in text else 3))
    _checking(page)
    _imprint(page, ("抄送：{{ copies }}。", "{{ issuer }}　　　　　　　　　　{{ date }}印发"))
    return page


def brief() -> Document:
    """Lay out a 简报: issue number, compiler and day at the head, distribution at the foot."""
    page = blank()
    for name in ("公文正文", "公文一级标题"):
        page.styles[name].paragraph_format.line_spacing = CLOSE
    page.add_paragraph("{{ title }}", "公文标题")
    page.add_paragraph("{{ year }}年第{{ issue }}期", "公文期号")
    line = page.add_paragraph("{{ compiler }}\t{{ date }}", "公文版记")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    parts.rule(line, "bottom")
    _when(page, "flash", [("公文表注", "{{ completeness }}")])
    _body(page)
    page.add_paragraph("{{ note }}", "公文表注")
    _checking(page)
    _imprint(page, ("报送：{{ to }}。", "分送：{{ copies }}。"))
    return page


LAYOUTS = {"notice": notice, "brief": brief}


# --- the page ---------------------------------------------------------------------------------------


def blank() -> Document:
    """Give an empty document with the page, the styles and the page numbers of GB/T 9704."""
    page = docx.Document()
    for kept in list(page.element.body):
        if kept.tag != qn("w:sectPr"):
            page.element.body.remove(kept)
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance, section.footer_distance = Mm(20), FOOTER
    _grid(section._sectPr)
    _styles(page)
    _fonts(page)
    page.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _page_number(footer.paragraphs[0], side)
    for header in (section.header, section.even_page_header):
        header.paragraphs[0].style = "公文页眉"
        header.paragraphs[0].text = "{{ marks }}"
    page.core_properties.author = ""
    page.core_properties.comments = ""
    return page


def _grid(properties: Any) -> None:
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(PITCH))
    properties.append(grid)


def _styles(page: Document) -> None:
    normal = page.styles["Normal"]
    _font(normal, FANGSONG, 16)
    _exactly(normal.paragraph_format, LINE)
    _off_the_grid(normal)
    for name, font, size, align, indent, line in STYLES:
        style = page.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        _font(style, font, size)
        _exactly(style.paragraph_format, Pt(line))
        if size == 16:
            _closer(style)
        style.paragraph_format.alignment = ALIGN[align]
        style.paragraph_format.keep_with_next = "标题" in name or name == "公文表题"
        if indent:
            _indent(style, indent)
    mark = page.styles.add_style(REFERENCE, WD_STYLE_TYPE.CHARACTER)
    _font(mark, SONG, 7)  # on the line: programs shrink what is raised
    mark.font.color.rgb = RGBColor(0x80, 0x80, 0x80)
    _name_every_font(page)


def _font(style: Any, east: str, size: float) -> None:
    style.font.size = Pt(size)
    style.font.name = LATIN
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), east if kind == "eastAsia" else LATIN)


def _name_every_font(page: Document) -> None:
    """Name an East Asian font on the styles that come with Word as well, so that none falls back on a font of its own."""
    for style in page.styles:
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER):
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            if fonts.get(qn("w:eastAsia")) is None:
                fonts.set(qn("w:eastAsia"), FANGSONG)


def _exactly(paragraph: Any, line: Any) -> None:
    paragraph.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.line_spacing = line
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.widow_control = False


def _closer(style: Any) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(CLOSER))
    style.element.get_or_add_rPr().insert_element_before(
        spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:vertAlign", "w:lang"
    )


def _off_the_grid(style: Any) -> None:
    """Lines are exact already: the grid must not stretch them, least of all in tables."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    style.element.get_or_add_pPr().insert_element_before(
        snap, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"
    )


def _indent(style: Any, characters: int) -> None:
    """Indent by characters, as Chinese typing does, not by a length."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(characters * 320))


def _fonts(page: Document) -> None:
    """Name fonts that may stand in where the office's own are not installed."""
    table = next(part for part in page.part.package.iter_parts() if part.partname.endswith("/fontTable.xml"))
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in INSTEAD.items()
    )
    body = table.blob.decode("utf-8")
    table._blob = body.replace("</w:fonts>", f"{entries}</w:fonts>").encode("utf-8")


def _page_number(paragraph: Paragraph, side: str) -> None:
    """Write `— 1 —`, one character in from the outer side."""
    paragraph.style = "公文页码"
    paragraph.alignment = ALIGN[side]
    indent = paragraph.paragraph_format
    indent.right_indent, indent.left_indent = (Pt(14), None) if side == "right" else (None, Pt(14))
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
    paragraph.add_run(" —")


# --- parts of a paper -------------------------------------------------------------------------------


def _body(page: Document) -> None:
    """Put in what notices and briefs share, each part only where there is something to say."""
    _heading(page, "comments")
    _sentences(page, "comments")
    page.add_paragraph("{%p if rankings %}")
    _heading(page, "rankings")
    page.add_paragraph("{%p for t in rankings %}")
    page.add_paragraph("{{ t.title }}", "公文表题")
    _ranking(page)
    _when(page, "t.note", [("公文表注", "{{ t.note }}")])
    page.add_paragraph("{%p endfor %}")
    page.add_paragraph("{%p endif %}")
    _heading(page, "filing")
    page.add_paragraph("{{ filing }}", "公文正文")
    page.add_paragraph("{%p if lagging %}")
    _heading(page, "lagging")
    page.add_paragraph("{{ lagging_words }}", "公文正文")
    _lagging(page)
    page.add_paragraph("{%p endif %}")
    page.add_paragraph("{%p if matters %}")
    _heading(page, "matters")
    page.add_paragraph("{%p for m in matters %}")
    page.add_paragraph("{{ loop.index }}．{{ m }}", "公文正文")
    page.add_paragraph("{%p endfor %}")
    page.add_paragraph("{%p endif %}")
    page.add_paragraph("{%p if corrections %}")
    _heading(page, "corrections")
    _sentences(page, "corrections")
    page.add_paragraph("{%p endif %}")
    page.add_paragraph("{%p if transfers %}")
    _heading(page, "transfers")
    page.add_paragraph("{{ transfers }}", "公文正文")
    page.add_paragraph("{%p endif %}")


def _heading(page: Document, section: str) -> None:
    page.add_paragraph(f"{{{{ headings.{section} }}}}", "公文一级标题")


def _sentences(page: Document, name: str) -> None:
    """Repeat a paragraph for each sentence: words and figures in turn, a trace number after each figure."""
    page.add_paragraph(f"{{%p for line in {name} %}}")
    line = page.add_paragraph("", "公文正文")
    line.add_run("{%r for p in line %}")
    line.add_run("{{ p.text }}")
    line.add_run("{{ p.ref }}", REFERENCE)
    line.add_run("{%r endfor %}")
    page.add_paragraph("{%p endfor %}")


def _when(page: Document, condition: str, paragraphs: Sequence[tuple[str, str]]) -> None:
    page.add_paragraph(f"{{%p if {condition} %}}")
    for style, text in paragraphs:
        page.add_paragraph(text, style)
    page.add_paragraph("{%p endif %}")


def _ranking(page: Document) -> None:
    """A table with as many columns as the ranking has: the cells that open and close the loop are taken away."""
    table = parts.table(page, 5, (14, 34, 20, 68, 20))
    parts.cells(table, 0, ("名次", "单位", "{%tc for c in t.columns %}", "{{ c }}", "{%tc endfor %}"), "公文表头")
    parts.loop_row(table, 1, "for row in t.rows")
    texts = ("{{ row.rank }}", "{{ row.name }}", "{%tc for c in row.cells %}", "{{ c.text }}", "{%tc endfor %}")
    parts.cells(table, 2, texts, "公文表内")
    table.cell(2, 3).paragraphs[0].add_run("{{ c.ref }}", REFERENCE)
    parts.loop_row(table, 3, "endfor")
    parts.repeat_head(table)


def _lagging(page: Document) -> None:
    table = parts.table(page, 6, (8, 43, 19, 22, 23, 41))
    heads = ("序号", "项目", "属地", "{{ lagging_heads.invested }}", "{{ lagging_heads.rate }}", "亮灯及原因")
    parts.cells(table, 0, heads, "公文表头")
    parts.loop_row(table, 1, "for row in lagging")
    parts.cells(table, 2, ("{{ loop.index }}", "", "{{ row.host }}", "", "", ""), "公文表内")
    for place, text, style in ((1, "{{ row.label }}", "公文表内文字"), (5, "{{ row.words }}", "公文表内文字")):
        table.cell(2, place).paragraphs[0].style = style
        table.cell(2, place).paragraphs[0].text = text
    for place, name in ((3, "invested"), (4, "rate")):
        paragraph = table.cell(2, place).paragraphs[0]
        paragraph.add_run(f"{{{{ row.{name}.text }}}}")
        paragraph.add_run(f"{{{{ row.{name}.ref }}}}", REFERENCE)
    parts.loop_row(table, 3, "endfor")
    parts.repeat_head(table)


def _checking(page: Document) -> None:
    """The block of a checking edition: seal, QR, how to open a number."""
    page.add_paragraph("{%p if checking %}")
    page.add_paragraph("{{ seal_words }}", "公文核对")
    page.add_paragraph("{{ qr }}", "公文核对").paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    page.add_paragraph("{%p endif %}")


def _imprint(page: Document, lines: Sequence[str]) -> None:
    """The imprint 版记 between rules, at the end."""
    page.add_paragraph("", "公文表注")
    for n, text in enumerate(lines):
        paragraph = page.add_paragraph(text, "公文版记")
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = n < len(lines) - 1
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        parts.rule(paragraph, "top")
        if n == len(lines) - 1:
            parts.rule(paragraph, "bottom")
