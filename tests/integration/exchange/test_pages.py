"""Follows docs/howto/import.md and export.md word for word, in one store; looks at what the commands answer."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.integration.exchange.console import Console

pytestmark = pytest.mark.xdist_group("pages")  # one store, made once
FILE = re.compile(r"^`(?P<name>[\w./-]+)`:\n\n```(?:csv|yaml)\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
FIGURES = "subject,measure,period,value,form,accepted\nP1,invest_completed,2024-05,12345.6,YL-T1,是\n"


@pytest.fixture(scope="module")
def desk(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Console]]:
    """A folder with the files of both pages, a form, and what runs a command there."""
    folder = tmp_path_factory.mktemp("pages")
    for page in ("import", "export"):
        for match in FILE.finditer((root / f"docs/howto/{page}.md").read_text("utf-8")):
            (folder / match["name"]).write_text(match["body"], "utf-8")
    (folder / "more.csv").write_text(FIGURES, "utf-8")
    book = openpyxl.Workbook()
    book.active.title = "表一"
    for place, value in {"A2": "序号", "B3": "东川区", "B4": "西岭县", "C8": "=SUM(C3:C4)"}.items():
        book.active[place] = value
    book.save(folder / "form.xlsx")
    several = openpyxl.Workbook()
    several.active.title = "东川"
    head = ["对象编号", "指标项", "期间", "数值"]
    for sheet, rows in ((several.active, [head, ["P1", "tax_paid", "2024-05", 10]]),
                        (several.create_sheet("西岭"), [head, ["P2", "tax_paid", "2024-05", 20]]),
                        (several.create_sheet("说明"), [["由两县填报"]])):  # fmt: skip
        for row in rows:
            sheet.append(row)
    several.save(folder / "sheets.xlsx")
    console = Console(folder)
    yield folder, console
    console.close()


@pytest.fixture(scope="module")
def followed(desk, root):
    """Run the commands of both pages in order; give their answers."""
    _folder, console = desk
    answers: dict[str, list[dict]] = {}
    for page in ("import", "export"):
        for block in CONSOLE.findall((root / f"docs/howto/{page}.md").read_text("utf-8")):
            console.follow(block, answers)
        if page == "import":
            console.run("import", "figures", "more.csv", "--history")
    return answers


def test_the_import_page(followed, desk):
    folder, _console = desk
    dry, first, again = (
        followed["import projects projects.csv --history --dry-run"]
        + followed["import projects projects.csv --history"]
    )
    assert (dry["dry_run"], dry["loaded"], [change["change"] for change in dry["changes"]]) == (True, 2, ["new", "new"])
    assert (first["loaded"], first["skipped"], first["findings"]) == (2, 2, [])
    assert (again["loaded"], again["unchanged"]) == (0, 2)
    (refused,) = followed["import stages stages.csv --history --errors stages-marked.xlsx"]
    assert refused["problem_counts"] == {
        "import.cell.ditto": 1,
        "import.cell.month_or_tenth": 1,
        "import.cell.unknown_project": 1,
    }
    assert openpyxl.load_workbook(folder / refused["marked"]).sheetnames == ["stages", "导入问题"]
    (partial,) = followed["import stages stages.csv --history --partial"]
    assert (partial["loaded"], partial["refused"]) == (1, 3)
    assert followed["import projects no-code.csv --history"][0]["candidates"][0]["candidates"][0]["code"] == "P1"
    assert followed["import projects no-code.csv --history --confirm confirm.csv"][0]["loaded"] == 1
    (several,) = followed["import figures sheets.xlsx --history"]
    assert (several["sheets"], several["other_sheets"], several["loaded"]) == (["东川", "西岭"], ["说明"], 2)
    assert openpyxl.load_workbook(folder / "projects-blank.xlsx").worksheets[0]["A1"].value == "项目编号"


def test_the_export_page(followed, desk):
    folder, _console = desk
    with (folder / "figures.csv").open(encoding="utf-8-sig") as file:
        assert [row["数值"] for row in csv.DictReader(file)] == ["12345.6"]
    with (folder / "theirs.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.DictReader(file)) == {
            "Project ID": "P1",
            "Name": "晨光智能工厂（演示）",
            "Total (yuan)": "500000000",
            "From": "10/1/2024",
        }
    (back,) = followed["import stages stages-history.csv --history"]
    assert (back["loaded"], back["unchanged"]) == (0, back["rows"])
    sheet = openpyxl.load_workbook(folder / "filled.xlsx")["表一"]
    assert [sheet[place].value for place in ("B1", "A3", "A4", "C3", "C4", "C9", "C8")] == [
        "填报期间：2024-05",
        1,
        2,
        1.23,
        None,
        1.23,
        "=SUM(C3:C4)",
    ]
    assert sheet["D3"].value == 0 and sheet["D4"].value == "—"
    (filled,) = followed["fill form.xlsx --mapping form.yaml --period 2024-05 -o filled.xlsx"]
    assert (filled["period"], filled["unmatched"]) == ("2024-05", [])


@pytest.mark.usefixtures("followed")
def test_wrong_usage_exits_2_and_unreadable_files_exit_1(desk):
    folder, console = desk
    for arguments in (["import", "nothing", "units.csv"], ["import", "units", "absent.csv"], ["export", "units"]):
        console.run(*arguments, exit_code=2)
    (folder / "a.et").write_bytes(b"x")
    assert [problem["code"] for problem in console.run("import", "units", "a.et", exit_code=1)["problems"]] == [
        "import.file.wps"
    ]
