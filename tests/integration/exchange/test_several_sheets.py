"""A workbook with several sheets of one kind: all are read, all or none are taken, every message names its sheet."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from luodi.exchange import actions, marked
from luodi.ledger import queries as ledger
from luodi.projects.models import ProjectVersion
from luodi.statistics.models import Figure

pytestmark = pytest.mark.django_db
HEAD = ["对象编号", "指标项", "期间", "数值", "已审核"]
LISTS = ["项目编号", "清单", "列入日期"]


def book(folder: Path, sheets: dict[str, list[list]], name: str = "sheets.xlsx") -> Path:
    """Write sheets of rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(folder / name)
    return folder / name


def figure(project: str, value: object, period: str = "2024-05") -> list:
    return [project, "invest_completed", period, value, "是"]


def test_every_sheet_of_the_kind_is_taken(full, tmp_path):
    path = book(tmp_path, {"东川": [HEAD, figure("P1", 100)], "西岭": [["单位：亿元"], [*HEAD, "备注"], figure("P2", 2)],
                           "说明": [["本表由各县填报"]], "清单": [LISTS, ["P1", "省重点", "2024-01-01"]]})  # fmt: skip
    answer = full.take("figures", path)
    assert (answer.sheets, answer.other_sheets) == (("东川", "西岭"), ("说明", "清单"))
    assert (answer.rows, answer.loaded) == (2, 2)
    assert set(Figure.objects.values_list("subject", "value")) == {("P1", 1_000_000), ("P2", 200_000_000)}
    again = full.take("figures", path)
    assert (again.loaded, again.unchanged) == (0, 2)


def test_without_a_known_time_rows_of_each_sheet_are_told_apart(full, tmp_path):
    path = book(
        tmp_path, {"一": [LISTS, ["P1", "省重点", "2024-01-01"]], "二": [LISTS, ["P2", "省重点", "2024-01-01"]]}
    )
    assert full.take("lists", path, history=False).loaded == 2
    again = full.take("lists", path, history=False)
    assert (again.loaded, again.unchanged) == (0, 2)


def test_one_bad_sheet_keeps_all_out_and_is_named(full, tmp_path):
    before = ledger.last_fact()
    path = book(
        tmp_path, {"东川": [HEAD, figure("P1", 100)], "西岭": [[], HEAD, figure("P2", 2), figure("P9", "同上")]}
    )
    with pytest.raises(actions.Rejected) as rejected:
        full.take("figures", path)
    answer = rejected.value.answer
    assert ledger.last_fact() == before
    assert {(one.where, one.code) for one in answer.problems(blocking=True)} == {
        ("西岭!A4", "import.cell.unknown_project"), ("西岭!D4", "import.cell.ditto"),
    }  # fmt: skip
    marked.write(source=path, out=tmp_path / "marked.xlsx", answer=answer)
    back = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert back["西岭"]["D4"].comment is not None
    assert back["东川"]["D2"].comment is None
    assert {back["导入问题"].cell(row, 1).value for row in (2, 3)} == {"西岭!A4", "西岭!D4"}
    assert {"东川!2", "西岭!3"} <= {cell.value for cell in back["导入问题"]["A"]}
    document = answer.as_json("zh")
    assert (document["sheet"], document["sheets"]) == ("东川", ["东川", "西岭"])
    json.dumps(document)


def test_totals_are_compared_within_their_sheet(full, tmp_path):
    rows = [HEAD, figure("P1", 100), ["合计", None, None, 100]]
    path = book(tmp_path, {"东川": rows, "西岭": [HEAD, figure("P2", 7), ["合计", None, None, 9]]})
    answer = full.take("figures", path)
    assert (answer.loaded, answer.skipped) == (2, 2)
    sums = [one.where for one in answer.problems(blocking=False) if one.code == "import.total.differs"]
    assert sums == ["西岭!D3"]


def test_what_a_row_says_of_another_names_its_sheet(full, tmp_path):
    head = ["项目编号", "项目名称", "属地", "项目类型", "起始日期"]
    row = ["P7", "新项目（演示）", "YL01", "招商引资", "2024-03-01"]
    path = book(tmp_path, {"一": [head, row], "二": [head, ["P7", "新项目改名（演示）", *row[2:]]]})
    answer = full.take("projects", path)
    (remark,) = [one for one in answer.problems(blocking=False) if one.code == "import.row.same_key"]
    assert (remark.where, remark.params["other_row"]) == ("二!A2", "一!2")
    assert "一!2" in remark.message("zh")


def test_rows_without_a_code_are_settled_by_sheet_and_row(full, tmp_path):
    head = ["项目编号", "项目名称", "属地", "项目类型", "起始日期"]
    path = book(tmp_path, {"一": [head, ["P1", "晨光智能工厂", "YL01", "招商引资", "2024-06-01"]],
                           "二": [head, [None, "晨光智能化工厂", "YL01", "招商引资", "2024-06-01"]]})  # fmt: skip
    with pytest.raises(actions.Rejected) as rejected:
        full.take("projects", path)
    (offer,) = rejected.value.answer.candidates
    assert (offer["sheet"], offer["row"]) == ("二", 2)
    confirm = tmp_path / "confirm.csv"
    confirm.write_text("工作表,行,项目编号\n二,2,P2\n", "utf-8")
    preview = full.take("projects", path, confirm=confirm, dry_run=True)
    assert [(one["sheet"], one["row"]) for one in preview.changes] == [("一", 2), ("二", 2)]
    full.take("projects", path, confirm=confirm)
    assert ProjectVersion.objects.filter(code="P2", name="晨光智能化工厂").exists()
    confirm.write_text("sheet,row,code\n三,2,P2\n", "utf-8")
    with pytest.raises(actions.BadFile) as refused:
        full.take("projects", path, confirm=confirm)
    assert refused.value.problems[0].code == "import.sheet.absent"


def test_a_void_in_a_further_sheet_says_where_it_stood(full, tmp_path):
    head = [*LISTS, "作废", "获知时间"]
    path = book(tmp_path, {"一": [head, ["P1", "省重点", "2024-01-01", None, None]],
                           "二": [head, ["P1", "省重点", "2024-01-01", "是", "2024-06-01"]]})  # fmt: skip
    answer = full.take("lists", path)
    assert (answer.loaded, answer.voided) == (1, 1)
    fact = ledger.fact(ledger.last_fact())
    assert fact.rows["ledger.Void"][0]["reason"] == "导入文件第二!2行作废"


def test_a_mapping_reads_every_sheet_of_the_layout_or_the_one_it_names(full, tmp_path):
    theirs = ["Project", "On list", "Since"]
    path = book(tmp_path, {"A": [theirs, ["P1", "省重点", "2024-01-01"]], "B": [theirs, ["P2", "省重点", "2024-01-01"]],
                           "C": [["Project", "Other"], ["P2", "x"]]})  # fmt: skip
    columns = "columns:\n  project: Project\n  list: On list\n  valid_from: Since\n"
    for text, sheets in ((columns, ("A", "B")), (f"sheet: B\n{columns}", ("B",))):
        mapping = tmp_path / "m.yaml"
        mapping.write_text(text, "utf-8")
        assert full.take("lists", path, mapping=mapping, dry_run=True).sheets == sheets


def test_a_sheet_that_lacks_a_column_is_named_as_not_read(full, tmp_path):
    path = book(tmp_path, {"东川": [HEAD, figure("P1", 100)], "西岭": [HEAD[:2], ["P2", "invest_completed"]]})
    answer = full.take("figures", path)
    assert (answer.loaded, answer.other_sheets) == (1, ("西岭",))
