"""The chart, the workbook and the tables on the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as tree
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from luodi.cli.plan import plan

TEXT = """\
format: luodi-plan/1
calendar: [cn]
from: 2026-09-21
agencies: {hall: {at_once: 1}}
catalogue:
  a: {agency: hall, days: {promised: 30}}
  b: {days: {statutory: 0}, after: [{of: a}], window: {months: [1, 2]}}
projects:
  - {id: "P&1", matters: [a, b], promise: {matter: b, by: 2026-10-10}, facts: [{matter: a, started: 2026-09-18}]}
  - {id: Q, matters: [a, b], facts: [{matter: a, finished: 2026-09-18}]}
"""
PLAIN = "format: luodi-plan/1\nunit: step\nresources: {R: 1}\ntasks:\n  - {id: a, duration: 3}\n"


def run(folder: Path, text: str, *options: str, **environment: str):
    file = folder / "plan.yaml"
    file.write_text(text, "utf-8")
    return CliRunner().invoke(plan, [str(file), *options], env=environment, catch_exceptions=False)


def test_the_chart_is_one_row_a_matter(tmp_path):
    run(tmp_path, TEXT, "--svg", str(tmp_path / "plan.svg"))
    root = tree.fromstring((tmp_path / "plan.svg").read_text("utf-8"))
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [text for text in texts if text in ("P&1", "Q", "a", "b")] == ["P&1", "a", "b", "Q", "a", "b"]
    assert "2026-10" in texts
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 2  # the two nodes


def test_the_chart_of_tasks_counts_steps(tmp_path):
    run(tmp_path, PLAIN, "--svg", str(tmp_path / "plan.svg"), "--xlsx", str(tmp_path / "plan.xlsx"))
    root = tree.fromstring((tmp_path / "plan.svg").read_text("utf-8"))
    assert {"0", "3", "a"} <= {node.text for node in root.iter("{http://www.w3.org/2000/svg}text")}
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)] == [["a", 0, 3]]


def test_the_workbook_holds_days_as_days(tmp_path):
    run(tmp_path, TEXT, "--xlsx", str(tmp_path / "plan.xlsx"), LUODI_LANG="zh")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == ["计划", "项目汇总", "横道图"]
    rows = list(book["计划"].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [("P&1", "a"), ("P&1", "b"), ("Q", "a"), ("Q", "b")]
    assert f"{rows[0][4]:%Y-%m-%d}" == "2026-09-18"
    assert book["横道图"].max_row == 5


def test_an_empty_plan_is_drawn_too(tmp_path):
    text = TEXT[: TEXT.index("projects:")] + "projects: []\n"
    result = run(tmp_path, text, "--svg", str(tmp_path / "a.svg"), "--xlsx", str(tmp_path / "a.xlsx"))
    assert result.exit_code == 0
    tree.fromstring((tmp_path / "a.svg").read_text("utf-8"))
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[2].max_row == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["running", "without the window of b", "statutory"]), ("zh", ["在办", "放开 b 的季节限制"])],
)
def test_tables_in_both_languages(tmp_path, language, words):
    result = run(tmp_path, TEXT, LUODI_LANG=language)
    for word in words:
        assert word in result.output


def test_the_table_of_tasks_and_a_refusal(tmp_path):
    assert "makespan 3" in run(tmp_path, PLAIN, LUODI_LANG="en").stdout
    result = run(tmp_path, PLAIN.replace("3}", "-3}"), LUODI_LANG="en")
    assert result.exit_code == 1
    assert "plan.yaml:5 tasks.0.duration" in result.stderr


def test_a_small_plan_loads_neither_django_nor_the_solver(tmp_path):
    (tmp_path / "plan.yaml").write_text(TEXT, "utf-8")
    code = (
        "import sys; from luodi.cli.main import main\n"
        "try: main(['plan', sys.argv[1], '--format', 'json'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('django', 'ortools.sat.python') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "plan.yaml")],
        capture_output=True,
        text=True,
        env=os.environ,
        check=True,
    )
    assert json.loads(done.stdout)["status"] == "optimal"
    assert done.stderr.strip().endswith("[]")
