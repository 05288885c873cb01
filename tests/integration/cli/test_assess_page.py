"""Follows docs/howto/assess.md word for word, and refuses mappings that leave something open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FILE = re.compile(r"^`(?P<name>[\w./-]+)`[^\n]*:\n\n```(?:csv|yaml)\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def followed(shared, root: Path):
    """Lay out the page's files and run its commands in order; give their answers."""
    page = (root / "docs/howto/assess.md").read_text("utf-8")
    for match in FILE.finditer(page):
        (shared.folder / match["name"]).write_text(match["body"], "utf-8")
    answers: dict[str, list[dict]] = {}
    for block in CONSOLE.findall(page):
        shared.console.follow(block, answers)
    return answers


def test_the_pages_scores_are_those_it_says(followed):
    (found,) = followed["assess county.yaml --period 2024-03"]
    assert {unit["unit"]: unit["score"] for unit in found["units"]} == {"YL01": 92.00, "YL02": 62.86, "YL03": 52.00}
    assert [unit["rank"] for unit in found["units"]] == [1, 2, 3]
    assert found["inputs"]["invest_completed"]["indicator"] == "invest_completed"
    rows = {item["item"]: item for item in found["units"][2]["items"]}["big"]["rows"]
    assert [(row["project"], row["points"]) for row in rows] == [("P3", "8")]


def test_what_was_kept_scores_the_same_without_the_store(followed):
    (kept,) = followed["assess county.yaml --period 2024-03 --as-of 2024-12-31 --keep kept"]
    (again,) = followed["score county.yaml kept/data.csv --rows projects=kept/projects.csv --period 2024-03"]
    assert again["units"] == kept["units"]
    assert kept["as_of"].startswith("2024-12-31T15:59:59")


def test_as_of_a_day_before_the_figures_they_are_missing(shared, followed):
    found = shared.run(
        "assess", str(shared.folder / "county.yaml"), "--period", "2024-03", "--as-of", "2024-03-31", exit_code=0
    )
    money = {unit["unit"]: unit["items"][0]["inputs"]["invest_completed"] for unit in found["units"]}
    assert set(money.values()) == {"0"}  # missing: zero


def test_what_stays_open_is_named_all_at_once(shared, followed):
    mapping = shared.folder / "wrong.yaml"
    mapping.write_text(
        "format: luodi-scheme-store/1\n"
        "inputs:\n  target: {indicator: nothing}\n  other: {target: invest_completed}\n"
        "groups:\n  district: {kinds: [village]}\n"
        "history: many\n",
        "utf-8",
    )
    scheme = str(shared.folder / "county.yaml")
    refused = shared.run("assess", scheme, "--period", "2024-03", "--inputs", str(mapping), exit_code=1)["problems"]
    assert [(one["code"], one["line"], one["path"]) for one in refused] == [
        ("assess.not_allowed", 3, "inputs.target.indicator"),
        ("assess.not_in_scheme", 4, "inputs.other"),
        ("assess.not_allowed", 6, "groups.district.kinds"),
        ("assess.one_of", 6, "groups.district"),
        ("assess.not_allowed", 7, "history"),
        ("assess.rows_open", None, "rows.projects"),
    ]


def test_an_amount_needs_a_unit_of_money(shared, followed):
    scheme = shared.folder / "persons.yaml"
    text = (
        (shared.folder / "county.yaml")
        .read_text("utf-8")
        .replace("unit: 万元, missing: zero", "unit: 人, missing: zero")
    )
    scheme.write_text(text, "utf-8")
    mapping = str(shared.folder / "county.store.yaml")
    refused = shared.run("assess", str(scheme), "--period", "2024-03", "--inputs", mapping, exit_code=1)["problems"]
    assert [(one["code"], one["line"]) for one in refused] == [("assess.wrong_unit", 6)]


def test_an_unknown_person_may_not_score(shared, followed):
    refused = shared.run(
        "assess", str(shared.folder / "county.yaml"), "--period", "2024-03", "--as", "nobody", exit_code=1
    )
    assert [one["code"] for one in refused["problems"]] == ["permission.refused"]
