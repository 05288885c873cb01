"""The shipped example schemes: each sound, each with golden cases, every score recomputed from its trace."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import luodi.assessment.schemes as package
from luodi.cli.main import main
from tests.spec.schemes.recompute import number, recompute

SHIPPED = Path(package.__file__).parent / "shipped"
ROWS = {"towns": "projects", "promotion": "projects", "counties": None, "departments": "ballots"}


def command(name: str) -> list[str]:
    folder, rows = SHIPPED / name, ROWS[name]
    more = ["--rows", f"{rows}={folder / (rows + '.csv')}"] if rows else []
    return [str(folder / "scheme.yaml"), str(folder / "data.csv"), *more]


def answers(name: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["score", *command(name), "--period", "all", "--format", "json"])
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout, parse_float=str)["periods"]
    return found


def test_four_families_are_shipped() -> None:
    assert {path.name for path in SHIPPED.iterdir() if path.is_dir()} == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_shipped_scheme_gives_its_golden_cases(name: str) -> None:
    golden = defaultdict(dict)
    with (SHIPPED / name / "golden.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            golden[row["period"]][row["unit"]] = (row["score"], row["rank"], row["grade"])
    found = {
        one["period"] or "": {
            unit["unit"]: (unit["score"], str(unit["rank"] or ""), unit.get("grade") or "") for unit in one["units"]
        }
        for one in answers(name)
        if (one["period"] or "") in golden
    }
    assert found == dict(golden)


@pytest.mark.parametrize("name", ROWS)
def test_every_score_of_a_shipped_scheme_follows_from_its_trace(name: str) -> None:
    for one in answers(name):
        for unit in one["units"]:
            for item in unit["items"]:
                if item["exact"] is not None:
                    assert recompute(item) == (number(item["exact"]), number(item["score"])), item["item"]


@pytest.mark.parametrize("name", ROWS)
def test_a_shipped_scheme_is_sound_and_says_example(name: str) -> None:
    result = CliRunner().invoke(main, ["scheme", "check", *command(name), "--format", "json"])
    assert result.exit_code == 0 and json.loads(result.stdout)["problems"] == []
    assert "示例" in (SHIPPED / name / "scheme.yaml").read_text("utf-8")
