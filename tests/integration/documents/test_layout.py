"""The layout of official documents (GB/T 9704) in the file's own XML, and what an office may change in its templates."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from luodi.codebook.load import SHIPPED
from luodi.documents import layout
from luodi.documents.render import word as writer
from tests.unit.documents import papers

MM = Decimal(36_000)  # English Metric Units in a millimetre
BODY = "公文正文"


def templates() -> dict[str, docx.document.Document]:
    """Give every layout: built in, and as the shipped profile carries it."""
    found = {f"built-in {kind}": make() for kind, make in layout.LAYOUTS.items()}
    return found | {
        f"shipped {kind}": docx.Document(str(SHIPPED / "papers" / f"{kind}.docx")) for kind in layout.LAYOUTS
    }


@pytest.fixture(params=sorted(["built-in notice", "built-in brief", "shipped notice", "shipped brief"]))
def page(request):
    return templates()[request.param]


def mm(length) -> Decimal:
    return Decimal(int(length)) / MM


def test_the_page_is_a4_with_a_text_area_of_156_by_225_mm(page):
    section = page.sections[0]
    assert (round(mm(section.page_width)), round(mm(section.page_height))) == (210, 297)
    assert abs(mm(section.top_margin) - 37) <= 1
    assert abs(mm(section.left_margin) - 28) <= 1
    width = mm(section.page_width) - mm(section.left_margin) - mm(section.right_margin)
    height = mm(section.page_height) - mm(section.top_margin) - mm(section.bottom_margin)
    assert abs(width - 156) < Decimal("0.1")
    assert abs(height - 225) < Decimal("0.1")


def test_a_notice_has_22_lines_of_28_characters_a_page():
    for name, page in templates().items():
        if "notice" not in name:
            continue
        style = page.styles[BODY]
        line = Decimal(style.paragraph_format.line_spacing.pt)
        height, width = Decimal(225) / Decimal("25.4") * 72, Decimal(156) / Decimal("25.4") * 72
        closer = Decimal(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
        assert (int(height / line), int(width / (16 + closer))) == (22, 28)


def test_fonts_and_sizes_are_those_of_the_standard(page):
    expected = {
        "公文标题": ("方正小标宋简体", 22), BODY: ("仿宋_GB2312", 16), "公文一级标题": ("黑体", 16),
        "公文二级标题": ("楷体_GB2312", 16), "公文版记": ("仿宋_GB2312", 14), "公文页码": ("宋体", 14),
    }  # fmt: skip
    for name, (font, size) in expected.items():
        style = page.styles[name]
        assert (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt) == (font, size)
    assert page.styles[BODY].element.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_every_style_names_an_east_asian_font(page):
    for style in page.styles:
        if style.type in (1, 2):  # paragraphs and characters
            fonts = style.element.rPr.rFonts
            assert fonts.get(qn("w:eastAsia")), style.name
            assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_page_numbers_stand_between_dashes_on_the_outer_side(page):
    section = page.sections[0]
    assert page.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert (paragraph.text.replace(" ", ""), int(paragraph.alignment)) == ("——", side)
        assert "PAGE" in paragraph._p.xml
    # The dashes' lower edge 7 mm below the text area: 35 mm of margin less the footer's distance and its line.
    line = mm(page.styles["公文页码"].paragraph_format.line_spacing)
    assert abs(mm(section.bottom_margin) - mm(section.footer_distance) - line - 7) < 1


def test_no_red_head_and_no_number_is_printed(page):
    words = "\n".join(paragraph.text for paragraph in page.paragraphs)
    assert "号〕" not in words
    assert "C00000" not in page.element.xml.upper()


def test_an_office_changes_words_and_the_paper_follows(tmp_path):
    own = layout.notice()
    own.paragraphs[-1].text = "本单位自拟的一句话：{{ statement }}"
    own.save(str(tmp_path / "own.docx"))
    content = writer.word(papers.bulletin(), {}, template=tmp_path / "own.docx")
    words = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert "本单位自拟的一句话：部门调度数据，不作为法定统计数据" in words


@pytest.mark.parametrize(
    ("text", "why"),
    [("{{ titel }}", "titel"), ("{{ title ", ""), ("{% for x in %}", ""), ("{{ title.__class__.mro() }}", "")],
)
def test_a_template_that_cannot_be_filled_is_refused_by_name(tmp_path: Path, text: str, why: str):
    own = layout.notice()
    own.add_paragraph(text)
    own.save(str(tmp_path / "own.docx"))
    with pytest.raises(writer.TemplateBroken) as refusal:
        writer.word(papers.bulletin(), {}, template=tmp_path / "own.docx")
    assert refusal.value.problems[0].params["file"] == "own.docx"
    assert why in str(refusal.value.problems[0].params["why"])


def test_a_file_that_is_no_word_document_is_refused(tmp_path: Path):
    (tmp_path / "own.docx").write_text("not a document")
    with pytest.raises(writer.TemplateBroken):
        writer.word(papers.bulletin(), {}, template=tmp_path / "own.docx")


def test_marks_of_the_words_in_figures_are_escaped():
    content = writer.word(papers.bulletin(title="A&B <通报>"), {}, template=None)
    assert "A&B <通报>" in [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_the_shipped_profile_names_its_templates():
    from luodi.codebook.load import load_profile

    named = {paper.kind: paper.template for paper in load_profile(SHIPPED).papers}
    assert named == {"notice": "papers/notice.docx", "brief": "papers/brief.docx", "table": "", "wall": ""}
