"""
Follows docs/howto/foreign-table.md word for word on the real set it speaks of, and compares with what must come out.

Skipped, and said so, where the folder of real cases (LUODI_CASES) is absent.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.integration.exchange.console import Console

PAGE = "docs/howto/foreign-table.md"
FILE = re.compile(r"^`(?P<name>[\w/.]+)`:\n\n```yaml\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
STAGES = {
    None: "not started",
    "构思": "concept",
    "送审": "business case submitted",
    "批准": "approved / in delivery",
    "一期完工": "stage 1 complete",
    "二期完工": "stage 2",
    "缺陷期满": "defects period over",
}
SHORT = {
    "bni": "构思",
    "pbc": "送审",
    "bca": "批准",
    "tender": "招标",
    "s1": "一期完工",
    "s2": "二期完工",
    "s3": "缺陷期满",
}


@pytest.fixture(scope="module")
def desk(
    cases: Path, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Console, dict[str, list[dict]]]]:
    """Write the page's files and run its commands; give the command line and what they answered."""
    folder = tmp_path_factory.mktemp("water")
    text = (root / PAGE).read_text("utf-8")
    for match in FILE.finditer(text):
        path = folder / match["name"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(match["body"], "utf-8")
    for file in (cases / "melbourne_water").glob("*.csv"):
        shutil.copy(file, folder)
    console = Console(folder, LUODI_HOME=str(folder / "water"), LUODI_PROFILE=str(folder / "profile"))
    answers: dict[str, list[dict]] = {}
    for block in CONSOLE.findall(text):
        console.follow(block, answers)
    yield console, answers
    console.close()


@pytest.fixture(scope="module")
def expected(cases: Path) -> dict:
    return json.loads((cases / "melbourne_water" / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def ask(desk):
    """Ask the command line."""
    console, _answers = desk
    return console.run


def days(expected: dict) -> list[str]:
    return [key.removeprefix("portfolio_as_at_") for key in expected if key.startswith("portfolio_as_at_")]


def printed(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_every_row_came_in_and_again_changes_nothing(ask, expected):
    file, options = "Capital_Delivery_Project_deidentified.csv", ("--mapping", "mapping.yaml", "--history")
    projects, stages = ask("import", "projects", file, *options), ask("import", "stages", file, *options)
    assert (projects["rows"], projects["unchanged"], projects["loaded"]) == (expected["rows"], expected["rows"], 0)
    missing = sum(expected["missing"].values())
    assert stages["rows"] == stages["unchanged"] == 7 * expected["rows"] - missing == 2845
    assert set(stages["unknown_columns"]) >= {"Owner Group", "Owner Team"}


def test_portfolio_by_stage_on_the_four_days(ask, expected):
    assert len(days(expected)) == 4
    for day in days(expected):
        rows = ask("portfolio", "--on", day)["rows"]
        found = {STAGES[row["stage"]]: (row["count"], Decimal(row["amount"])) for row in rows if row["count"]}
        wanted = expected[f"portfolio_as_at_{day}"]
        assert found == {stage: (count, printed(amount)) for stage, (count, amount) in wanted.items()}


def test_days_between_gates(ask, expected):
    for key, wanted in expected["gaps"].items():
        (row,) = ask("gaps", *map(SHORT.get, key.split("->")))["rows"]
        assert all(row[name] == wanted[name] for name in ("n", "min", "max", "negative"))
        assert (row["median"], printed(row["mean"])) == (wanted["median"], printed(wanted["mean"]))


def test_by_approval_body_and_by_gates(ask, expected):
    by_body = {
        row["group"]: (row["n"], row["median"], printed(row["mean"]))
        for row in ask("gaps", "构思", "批准", "--by", "approval_body")["rows"]
    }
    by_gates = {row["group"]: (row["n"], row["median"]) for row in ask("gaps", "构思", "批准", "--by", "gates")["rows"]}
    bodies, gates = expected["bni_to_bca_by_approval_body"], expected["bni_to_bca_by_gates"]
    assert by_body == {
        body: (wanted["n"], wanted["median"], printed(wanted["mean"])) for body, wanted in bodies.items()
    }
    assert by_gates == {gate: (wanted["n"], wanted["median"]) for gate, wanted in gates.items()}


def test_worth_by_approval_body(ask, expected):
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in ask("portfolio", "--on", "2024-06-30", "--by", "approval_body")["rows"]:
        sums[row["group"]] += Decimal(row["amount"])
    for body, amount in expected["ffc_by_approval_body"].items():  # of parts rounded to the cent
        assert abs(sums[body] - printed(amount)) <= Decimal("0.05")


def test_the_commands_of_the_page_answer(desk):
    _console, answers = desk
    dry, first = (
        answers["import projects Capital_Delivery_Project_deidentified.csv --mapping mapping.yaml --history --dry-run"]
        + answers["import projects Capital_Delivery_Project_deidentified.csv --mapping mapping.yaml --history"]
    )
    assert (dry["loaded"], first["loaded"], dry["changes"][0]["change"]) == (445, 445, "new")
    assert all(answers[command][0]["rows"] for command in answers if command.startswith(("portfolio", "gaps")))
