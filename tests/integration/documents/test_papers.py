"""Papers on a store: what they say, what stands behind each figure, what was corrected, who may have them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from luodi.codebook import queries as codebook
from luodi.documents import actions, context, queries
from luodi.documents.rules.numbers import scale
from luodi.documents.values import Edition, Kind
from luodi.identity.permissions import NotAllowed
from luodi.indicators import queries as indicators
from luodi.indicators import references
from luodi.kernel.money import round_away
from luodi.kernel.problem import Refused
from luodi.ledger import queries as ledger
from tests import city
from tests.integration.documents import town

pytestmark = pytest.mark.django_db
CENTRE = city.actor("centre", "YLD02")


@pytest.fixture(autouse=True)
def a_town() -> None:
    town.make()


def make(out: Path, kind: str = "notice", **given: object):
    asked = {"period": "2025-05", "actor": CENTRE, "today": town.TODAY, **given}
    return actions.make_paper(kind=kind, out=out / f"paper{actions.suffix_of(kind)}", **asked)


def written(out: Path, kind: str = "notice") -> str:
    """Read a paper's words back from its file."""
    file = out / f"paper{actions.suffix_of(kind)}"
    if kind == "table":
        book = openpyxl.load_workbook(file)
        return "\n".join(
            str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value is not None
        )
    if kind == "wall":
        return "\n".join(_slide_words(file))
    page = docx.Document(str(file))
    cells = [cell.text for table in page.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in page.paragraphs), *cells])


def _slide_words(file: Path):
    for slide in pptx.Presentation(str(file)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)


def test_a_final_edition_needs_the_seal_and_says_what_to_do(tmp_path):
    before = ledger.last_fact()
    with pytest.raises(queries.FinalNeedsSeal) as refusal:
        make(tmp_path)
    assert "luodi seal 2025-05" in refusal.value.problems[0].message("en")
    assert "--edition flash" in refusal.value.problems[0].message("zh")
    assert (ledger.last_fact(), list(tmp_path.iterdir())) == (before, [])


def test_a_flash_counts_what_was_filed_and_says_so_on_every_page(tmp_path):
    made = make(tmp_path, edition="flash")
    words = written(tmp_path)
    assert (made.filed, made.owed) == (1, 9)
    assert "应报单位3家，已报齐0家；应报报表9张，已报1张" in words
    assert "未报的有：西岭县、高新区" in words
    page = docx.Document(str(tmp_path / "paper.docx"))
    for header in (page.sections[0].header, page.sections[0].even_page_header):
        assert "演示数据" in header.paragraphs[0].text
        assert "未封账" in header.paragraphs[0].text
        assert 'string="未封账"' in header.paragraphs[0]._p.xml


def test_the_clean_edition_tells_progress_order_and_who_is_missing(tmp_path):
    town.seal()
    make(tmp_path)
    words = written(tmp_path)
    # 1,250.5 + 800 of 9,000 ten thousand yuan; 5/12 of the year: 22.783 % - 41.667 % = -18.883 points
    assert "1—5月，全市完成投资0.21亿元，占年度目标22.8%，慢于序时进度18.9个百分点。" in words
    assert "部门调度数据，不作为法定统计数据" in words
    assert "〔" not in words
    table = docx.Document(str(tmp_path / "paper.docx")).tables[0]
    order = [[cell.text for cell in row.cells[:4]] for row in table.rows[1:]]
    assert order == [
        ["1", "东川区", "51.3", "0.21"],
        ["—", "西岭县", "—", "—"],
        ["—", "高新区", "—", "—"],
    ]


def test_every_figure_of_a_checking_edition_is_its_traced_value_rounded(tmp_path):
    seal = town.seal()
    for kind in ("notice", "table", "wall"):
        made = make(tmp_path, kind, checking=True)
        words = written(tmp_path, kind)
        fact = int(made.first_reference.partition(".")[0])
        numbers = [f"{fact}.{place}" for place in range(1, made.references + 1)]
        assert made.last_reference == numbers[-1]
        for number in numbers:
            assert number in words, number
            asked = references.find(number).reference
            exact = indicators.exact(asked)
            assert exact is not None
            printed = round_away(exact / scale(asked.printed_in), asked.places)
            assert abs(Decimal(asked.printed)) == abs(printed), asked
        assert seal.hash in words


def test_the_text_beside_a_trace_number_is_what_was_recorded(tmp_path):
    town.seal()
    make(tmp_path, checking=True)
    shown = re.findall(r"([-+]?[\d.]+)〔(\d+\.\d+)〕", written(tmp_path))
    assert len(shown) > 10
    for text, number in shown:
        asked = references.find(number).reference
        assert Decimal(text) == abs(Decimal(asked.printed)) or Decimal(text) == Decimal(asked.printed)
        traced = indicators.opened(number)
        if not asked.indicator.endswith("_yoy"):
            assert traced.value == indicators.exact(asked)


def test_a_correction_after_the_seal_shows_published_revised_and_the_bridge(tmp_path):
    town.seal()
    clean = make(tmp_path)
    assert (clean.corrections, "数据更正" in written(tmp_path)) == (0, False)
    town.correct()
    made = make(tmp_path)
    words = written(tmp_path)
    assert made.corrections == 1
    assert "1—5月，全市完成投资0.21亿元" in words  # published: for ever
    assert "云岭市2025年5月累计完成投资，发布值0.21亿元，现修订值0.20亿元，相差-0.01亿元" in words
    assert "填报数调整（东川<一>&二期项目）：审计核减" in words
    correction = bulletin("table").corrections[0]
    assert correction.revised.exact - correction.published.exact == sum(step.figure.exact for step in correction.steps)
    assert correction.change.exact == Fraction(-1_005_000)


def test_a_paper_after_the_correction_tells_the_bridge_of_the_month_before(tmp_path):
    town.seal()
    town.correct()
    make(tmp_path, edition="flash", period="2025-06")
    assert "2025年5月累计完成投资，发布值0.21亿元，现修订值0.20亿元" in written(tmp_path)


def bulletin(kind: str, **given: object):
    profile = codebook.profile()
    asked = {"edition": Edition.FINAL, "checking": False, "unit": "", **given}
    found = queries.sources(
        paper=queries.paper_of(profile, Kind(kind)), profile=profile, period=town.MAY, today=town.TODAY, **asked
    )
    return context.bulletin(found)


def test_a_transfer_inside_the_year_is_marked(tmp_path):
    town.move("P2", "YL02")
    town.seal()
    make(tmp_path)
    words = written(tmp_path)
    assert "2025年4月1日，P2生产线项目由东川区划转至西岭县" in words
    assert {"东川区*", "西岭县*"} <= {line.strip() for line in words.splitlines()}
    assert "*年内有项目划入或划出" in words


def test_no_paper_names_a_project_before_signing(tmp_path):
    for kind in ("notice", "brief", "table", "wall"):
        make(tmp_path, kind, edition="flash", checking=True)
        assert "不能说" not in written(tmp_path, kind)
    assert "N1" not in {page.code for page in bulletin("wall", edition=Edition.FLASH).pages}


def test_the_workbook_has_definitions_revisions_and_the_forms_legal_heads(tmp_path):
    town.seal()
    make(tmp_path, "table", checking=True)
    book = openpyxl.load_workbook(tmp_path / "paper.xlsx")
    assert {"修订", "指标解释", "报送情况", "滞后项目", "1—5月累计（1）", "1—5月累计（1）·核对号"} <= set(
        book.sheetnames
    )
    words = written(tmp_path, "table")
    assert "内部工作调度表" in words
    assert "表号：云岭调度投01表" in words
    defined = {row[-1].value for row in book["指标解释"].iter_rows(min_row=5)}
    assert {*queries.paper_of(codebook.profile(), Kind.TABLE).indicators, "<id>_yoy"} == defined
    for page in book:
        assert "部门调度数据" in str(page.cell(2, 1).value)
        assert "演示数据" in page.oddHeader.center.text


def test_the_wall_has_a_page_with_a_native_chart_for_each_key_project(tmp_path):
    town.seal()
    make(tmp_path, "wall")
    deck = pptx.Presentation(str(tmp_path / "paper.pptx"))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    titles = [slide.shapes[0].text_frame.text for slide in deck.slides]
    assert titles[2:] == ["东川<一>&二期项目", "Q1生产线项目"]
    planned, done = (one.values for one in charts[1].plots[0].series)
    assert planned[0] == 1667.0
    assert len(charts) == 2  # nothing is planned or filed for the second: words instead of an empty chart
    assert list(done)[:5] == [None, None, None, None, 1251.0]  # only May was filed: 1250.5 rounds away from zero
    make(tmp_path, "wall", unit="YL02")
    mine = pptx.Presentation(str(tmp_path / "paper.pptx"))
    assert [slide.shapes[0].text_frame.text for slide in mine.slides][1:] == ["Q1生产线项目"]


def test_who_may_have_which_paper(tmp_path):
    town.seal()
    for who in ("rep1", "leader", "sysadmin"):
        with pytest.raises(NotAllowed):
            make(tmp_path, actor=city.actor(who))
    assert make(tmp_path, "wall", unit="YL01", actor=city.actor("rep1")).unit == "YL01"
    with pytest.raises(NotAllowed):
        make(tmp_path, "wall", unit="YL02", actor=city.actor("rep1"))
    with pytest.raises(actions.UnitNotHere):
        make(tmp_path, unit="YL01")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"period": "2025-13"}, "period.unreadable"),
        ({"period": "2026-01", "edition": "flash"}, "bulletin.not_begun"),
        ({"kind": "wall", "unit": "YL77"}, "bulletin.unknown_unit"),
        ({"out": Path("no/such/folder")}, "bulletin.cannot_write"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(tmp_path, given, code):
    town.seal()
    before = ledger.last_fact()
    kind, out = str(given.pop("kind", "notice")), given.pop("out", tmp_path)
    with pytest.raises(Refused) as refusal:
        make(out, kind, **{"actor": city.OPERATOR, **given})
    problem = refusal.value.problems[0]
    assert problem.code == code
    assert problem.message("zh") != problem.message("en") != code
    assert (ledger.last_fact(), list(tmp_path.iterdir())) == (before, [])


def test_a_paper_made_is_a_fact_that_knows_its_file(tmp_path):
    town.seal()
    made = make(tmp_path, checking=True)
    import hashlib

    digest = hashlib.sha256((tmp_path / "paper.docx").read_bytes()).hexdigest()
    assert queries.papers(digest=digest) == [made]
    assert queries.papers(kind="brief") == []


def test_numbers_nobody_printed_are_refused(tmp_path):
    for number in ("1", "1.1", "0.0", "x.1", "999999.1"):
        with pytest.raises(references.UnknownReference):
            references.find(number)
