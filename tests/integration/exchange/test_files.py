"""Workbooks through the whole import: totals, formulas, marks, mappings, rows without a code."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
import xlwt

from luodi.directory.models import ProjectAlias
from luodi.exchange import actions, marked
from luodi.exchange.refusals import BadFile, BadRows
from luodi.ledger import queries
from luodi.projects.models import ProjectVersion, StageEvent
from luodi.statistics.models import Figure
from tests import city

pytestmark = pytest.mark.django_db


@pytest.fixture
def messy(full):
    """A workbook as offices send it: title, corner note, merged heads, sums, ditto, formula, notes below."""
    path = full.folder / "台账.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("封面").write(0, 0, "云岭市项目台账")
    sheet = book.add_worksheet("台账")
    sheet.merge_range(0, 0, 0, 6, "2024年项目台账")
    sheet.write(1, 6, "单位：亿元")
    for at, head in enumerate(("*项目编号", "项目名称", "属地", "项目类型")):
        sheet.merge_range(2, at, 3, at, head)
    sheet.merge_range(2, 4, 2, 5, "投资")
    sheet.write_row(3, 4, ("总投资", "固定资产投资（万元）"))
    sheet.merge_range(2, 6, 3, 6, "起始日期")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    rows = (
        ("P5", "甲厂", "YL01", "招商引资", 1.5, "3,000"),
        ("P6", "同上", "YL02", "招商引资", 2, "—"),
        ("P7", "丙厂", "YL1", "招商引资", 0.5, 100),
    )
    for number, row in enumerate(rows, 4):
        sheet.write_row(number, 0, row)
        sheet.write_datetime(number, 6, datetime(2024, 5, number), day)  # noqa: DTZ001
    sheet.write_formula(6, 4, "=1/2", None, 0.5)
    sheet.write_row(7, 0, ("合计", "", "", "", 4.1))
    sheet.write(8, 0, "注：本表由各县区填报")
    book.close()
    return path


def test_a_messy_workbook_is_refused_cell_by_cell_and_given_back_marked(full, messy, tmp_path):
    with pytest.raises(actions.Rejected) as rejected:
        full.take("projects", messy)
    answer = rejected.value.answer
    assert (answer.rows, answer.refused, answer.skipped, answer.loaded, answer.sheets) == (3, 2, 2, 0, ("台账",))
    assert {
        (problem.params["cell"], problem.code.removeprefix("import.")) for problem in answer.problems(blocking=True)
    } == {
        ("B6", "cell.ditto"),
        ("C7", "cell.unknown_unit"),
        ("E7", "cell.formula"),
    }
    assert [(problem.params["cell"], problem.params["sum"]) for problem in answer.problems(blocking=False)] == [
        ("E8", "4.0")
    ]
    out = tmp_path / "marked.xlsx"
    marked.write(source=messy, out=out, answer=answer)
    back = openpyxl.load_workbook(out)
    assert back.sheetnames == ["封面", "台账", "导入问题"]
    sheet = back["台账"]
    assert sheet["E7"].value == "=1/2" and "公式" in sheet["E7"].comment.text
    assert sheet["B6"].fill.fgColor.rgb == "FFF4B6B6" and sheet["E8"].fill.fgColor.rgb == "FFFFF2CC"
    assert sheet["A5"].comment is None
    assert [row[0].value for row in back["导入问题"].iter_rows(min_row=2)] == ["B6", "C7", "E7", "E8"]


def test_its_good_rows_are_taken_if_asked(full, messy):
    answer = full.take("projects", messy, partial=True)
    assert (answer.loaded, answer.refused) == (1, 2)
    row = ProjectVersion.objects.get(code="P5")
    assert (row.total_investment, row.fixed_investment, row.valid_from) == (
        Decimal(150_000_000),
        Decimal(30_000_000),
        date(2024, 5, 4),
    )


@pytest.mark.parametrize("suffix", ["csv", "xls"])
def test_other_files_come_back_as_a_new_workbook(full, tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    rows = [["project", "list", "valid_from"], ["P1", "=省重点", "2024-01-01"], ["P9", "省重点", "2024-01-01"]]
    if suffix == "csv":
        path.write_text("\n".join(map(",".join, rows)), "utf-8")
    else:
        book = xlwt.Workbook()
        sheet = book.add_sheet("a")
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                sheet.write(number, at, cell)
        book.save(str(path))
    with pytest.raises(actions.Rejected) as rejected:
        full.take("lists", path)
    marked.write(source=path, out=tmp_path / "m.xlsx", answer=rejected.value.answer)
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx")["a"]
    assert sheet["A3"].comment is not None and sheet["B2"].comment is not None
    assert sheet["B2"].data_type == "s"


def test_marks_never_go_over_the_source(full, messy, tmp_path):
    with pytest.raises(actions.Rejected) as rejected:
        full.take("projects", messy)
    for out in (messy, tmp_path / "a.csv"):
        with pytest.raises(BadFile):
            marked.write(source=messy, out=out, answer=rejected.value.answer)


def test_sums_that_are_right_are_not_noted(full):
    answer = full.take(
        "figures",
        """
        subject,measure,period,value,form,accepted
        合计,,2024-03,33.3,,
        P1,invest_completed,2024-03,10.04,YL-T1,是
        小计,,,10.0,,
        P2,invest_completed,2024-03,23.3,YL-T1,是
        小计,,,23.3,,
        """,
    )
    assert (answer.skipped, answer.faults) == (3, [])


def test_sums_that_are_wrong_are_noted(full):
    answer = full.take("plans", "项目编号,年度,计划投资\nP1,2024,10\nP2,2024,20\n总计,,31")
    assert [
        (problem.code, problem.params["found"], problem.params["sum"]) for problem in answer.problems(blocking=False)
    ] == [("import.total.differs", "31", "30")]


def test_a_header_that_lacks_or_doubles_a_column_names_it(full):
    for text, code in (
        ("项目编号,列入日期\nP1,2024-01-01", "import.header.missing"),
        ("项目编号,清单,清单,列入日期\nP1,省重点,省重点,2024-01-01", "import.header.twice"),
    ):
        with pytest.raises(BadRows, match=code):
            full.take("lists", text)
    with pytest.raises(BadFile, match=r"import.header.absent"):
        full.take("lists", "甲,乙\n1,2")


def test_a_mapping_takes_a_foreign_table(full):
    mapping = full.file(
        "columns: {code: [编号, ID], name: 名称, kind: 类别, valid_from: {value: 2024-01-01}, total_investment: {column: 总额, unit: 元}, host: {value: YL01}}\n"
        "values: {kind: {内资: 招商引资}}\nattributes: {land_mu: 亩}",
        "m.yaml",
    )
    answer = full.take("projects", "ID,名称,类别,总额,亩,其他\nX1,甲,内资,12345678.90,3.5,z", mapping=mapping)
    row = ProjectVersion.objects.get(code="X1")
    assert (row.total_investment, row.kind, row.attributes, row.host) == (
        Decimal("12345678.90"),
        "招商引资",
        {"land_mu": "3.5"},
        "YL01",
    )
    assert answer.unknown_columns == ("其他",)


def test_a_wide_table_becomes_rows(full):
    mapping = full.file(
        "stages:\n  columns: {project: 编号, verified: {value: 是}}\n  dates: [D/M/YYYY, M/YYYY]\n  rows:\n"
        "    - {stage: {value: 签约}, occurred_on: 签约日}\n    - {stage: {value: 开工}, occurred_on: 开工日}\n",
        "m.yaml",
    )
    answer = full.take("stages", "编号,签约日,开工日\nP1,5/2/2024,3/2024\nP2,—,7/8/2024", mapping=mapping)
    assert answer.rows == 3
    rows = {(row.project, row.stage): (row.occurred_on, row.month_only) for row in StageEvent.objects.all()}
    assert rows == {
        ("P1", "签约"): (date(2024, 2, 5), False),
        ("P1", "开工"): (date(2024, 3, 31), True),
        ("P2", "开工"): (date(2024, 8, 7), False),
    }
    assert full.refused("stages", "编号,签约日,开工日\nP1,2024-02-05,", mapping=mapping) == [
        ("B2", "cell.not_in_format")
    ]
    with pytest.raises(BadRows, match=r"import.header.not_in_file"):
        full.take("stages", "编号,签约日\nP1,5/2/2024", mapping=mapping)


def test_a_wide_table_of_measures_each_in_its_unit(full):
    mapping = full.file(
        "columns: {subject: 编号, period: 月份, accepted: {value: 是}}\nrows:\n"
        "  - {measure: {value: invest_completed}, value: {column: 投资, unit: 亿元}}\n"
        "  - {measure: {value: foreign_capital}, value: {column: 外资, unit: 万美元, rate: 7, rate_on: 2024-03-29}}\n"
        "  - {measure: {value: jobs_added}, value: 就业}\n",
        "m.yaml",
    )
    full.take("figures", "编号,月份,投资,外资,就业\nP1,2024-03,0.5,10,7", mapping=mapping)
    assert {row.measure: row.value for row in Figure.objects.all()} == {
        "invest_completed": Decimal(50_000_000), "foreign_capital": Decimal(700_000), "jobs_added": Decimal(7),
    }  # fmt: skip


# --- rows without a code -----------------------------------------------------------------------------------------

CODELESS = "name,host,investor,kind,total_investment,valid_from\n"


def test_a_row_without_a_code_is_offered_confirmed_and_remembered(full):
    table = full.file(CODELESS + "晨光智能 工厂,YL01,晨光集团（演示）,招商引资,60000,2024-06-01")
    with pytest.raises(actions.Rejected) as rejected:
        full.take("projects", table)
    (offer,) = rejected.value.answer.candidates
    assert offer["row"] == 2 and [one["code"] for one in offer["candidates"]] == ["P1"]
    assert offer["candidates"][0]["likeness"] == 100
    confirm = full.file("row,code\n2,P1")
    answer = full.take("projects", table, confirm=confirm)
    assert answer.loaded == 1 and ProjectVersion.objects.get(valid_from="2024-06-01").code == "P1"
    assert ProjectAlias.objects.get().project == "P1"
    later = full.take("projects", CODELESS + "晨光智能工厂,YL01,晨光集团(演示),招商引资,70000,2024-07-01")
    assert later.loaded == 1 and ProjectVersion.objects.get(valid_from="2024-07-01").code == "P1"


def test_a_row_like_nothing_needs_a_new_code(full):
    table = full.file(CODELESS + "全新的,YL01,,招商引资,1,2024-06-01")
    assert full.refused("projects", table) == [("A2", "row.no_code")]
    assert full.take("projects", table, confirm=full.file("行,项目编号\n2,N1")).loaded == 1
    with pytest.raises(BadFile, match=r"confirm.unreadable"):
        full.take("projects", table, confirm=full.file("row,code\nx,N1"))


def test_names_of_others_are_not_offered(full):
    table = full.file(CODELESS + "青石建材（演示）,YL01,,招商引资,1,2024-06-01")
    with pytest.raises(actions.Rejected) as rejected:
        full.take("projects", table, history=False, actor=city.actor("rep1", "YL01"))
    assert rejected.value.answer.candidates[0]["candidates"] == []
    assert queries.last_fact() > 0
