"""The example of the formats' page, digit for digit, through the command as people call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from luodi.cli.main import main
from tests.spec.schemes.recompute import number, recompute

HERE = Path(__file__).parent / "towns"
TOTALS = {
    "T01": "112.00", "T04": "110.51", "T09": "96.69", "T12": "95.57", "T05": "93.71", "T11": "85.71",
    "T07": "85.03", "T10": "84.50", "T06": "79.20", "T02": "78.86", "T08": "75.43", "T03": "64.00",
}  # fmt: skip


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def score(folder: Path = HERE, *more: str) -> Any:
    files = [str(folder / "scheme.yaml"), str(folder / "data.csv"), "--rows", f"projects={folder / 'projects.csv'}"]
    return run("score", *files, "--format", "json", *more)


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    for name in ("scheme.yaml", "data.csv", "projects.csv"):
        (tmp_path / name).write_text((HERE / name).read_text("utf-8"), "utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def test_the_totals_come_out_digit_for_digit() -> None:
    result = score()
    assert result.exit_code == 0
    answer = json.loads(result.stdout, parse_float=str)
    assert {unit["unit"]: unit["score"] for unit in answer["units"]} == TOTALS
    assert [unit["unit"] for unit in answer["units"]] == list(TOTALS)
    assert [unit["rank"] for unit in answer["units"]] == list(range(1, 13))
    assert answer["problems"] == [] and answer["period"] is None and answer["scheme"] == "towns-2026"


def test_a_unit_opens_with_the_keys_of_the_page() -> None:
    unit = json.loads(score().stdout, parse_float=str)["units"][0]
    money, rate, late, big = unit["items"]
    assert (unit["unit"], unit["group"], unit["rank"], unit["score"], unit["state"]) == (
        "T01",
        "town",
        1,
        "112.00",
        "ranked",
    )
    expected = {
        "item": "money", "score": "40.00", "exact": "40", "op": "minmax", "inputs": {"funds": "120"},
        "parameters": {"floor": "60", "span": "40", "weight": "40"},
        "peers": {"min": {"unit": "T03", "value": "50"}, "max": {"unit": "T01", "value": "120"}}, "basis": "art. 3",
    }  # fmt: skip
    assert {key: money[key] for key in expected} == expected
    assert money["text"]["zh"] == "((120-50)/(120-50)×40+60)×40/100=40"
    assert (rate["score"], rate["exact"], rate["inputs"]) == ("48.00", "48", {"funds": "120", "target": "100"})
    assert rate["capped"] is False
    assert (late["score"], late["exact"], late["inputs"]) == ("20.00", "20", {"late_starts": "0"})
    assert (big["score"], big["exact"]) == ("4.00", "4")
    assert [{key: row.get(key) for key in ("project", "points", "why")} for row in big["rows"]] == [
        {"project": "P01", "points": "4", "why": None},
        {"project": "P02", "points": "0", "why": "below 10"},
    ]


def test_every_score_follows_from_its_trace_alone() -> None:
    answer = json.loads(score().stdout, parse_float=str)
    for unit in answer["units"]:
        for item in unit["items"]:
            exact, rounded = recompute(item)
            assert (exact, rounded) == (number(item["exact"]), number(item["score"]))
        assert sum(number(item["score"]) for item in unit["items"]) == number(unit["score"])


def test_the_remarks_of_the_page_hold() -> None:
    items = {
        (unit["unit"], item["item"]): item["score"]
        for unit in json.loads(score().stdout, parse_float=str)["units"]
        for item in unit["items"]
    }
    assert items["T08", "late"] == "0.00"
    assert items["T10", "rate"] == "38.67"


def test_one_corrected_figure_moves_everybody_but_the_top(towns: Path) -> None:
    before = json.loads(score(towns).stdout)["units"]
    change(towns, "data.csv", "T03,town,50", "T03,town,60")
    after = json.loads(score(towns).stdout)["units"]
    money = [{unit["unit"]: unit["items"][0]["score"] for unit in units} for units in (before, after)]
    assert [unit for unit in money[0] if money[0][unit] == money[1][unit]] == ["T01"]


CHOICES = [
    ("if_equal: 100, ", "if_equal", 12), ("zero_target: error, ", "zero_target", 13),
    ("cap: {on: ratio, at: 1.2}, ", "cap", 13), ("cap: {on: item, at: 10}, ", "cap", 15), (" cap: none,", "cap", 18),
    (" ties: same_rank_skip,", "ties", 19), ("corrections: rerank\n", "corrections", 1),
    (", round: {places: 2, mode: half_up}", "round", 12), (" negative: zero,", "negative", 13), (" order: desc,", "order", 19),
    (", not_applicable: no_redistribution", "not_applicable", 10), (", missing: error", "missing", 6),
    (" per_row: highest_only,", "per_row", 15), (" key: project,", "key", 15), (" floor: 0,", "floor", 14),
    ("scale: {from: 100}, ", "scale", 12), ("places: 2, ", "places", 12), (", mode: half_up", "mode", 12),
]  # fmt: skip


@pytest.mark.parametrize(("written", "choice", "line"), CHOICES)
def test_a_deleted_choice_is_named_with_its_line(towns: Path, written: str, choice: str, line: int) -> None:
    change(towns, "scheme.yaml", written, "")
    result = score(towns)
    assert result.exit_code == 1
    problems = json.loads(result.stdout)["problems"]
    found = problems[0]
    assert found["code"] == "scheme.choice_missing"
    assert found["choice"] == choice and choice in found["message"] and found["path"].endswith(choice)
    assert found["file"] == str(towns / "scheme.yaml")
    assert found["line"] == line


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('basis: "example"\n', 'basis: "example"\nfee: 1\n', "yaml.unknown_key", 5),
        ("span: 40", "span: 40, spann: 4", "yaml.unknown_key", 12),
        ("  target:      {", "  funds:      {", "yaml.duplicate_key", 7),
        ("span: 40", "span: forty", "scheme.unknown_name", 12),
        ("value: funds, floor", "value: fonds, floor", "scheme.unknown_name", 12),
        ("items: [money, rate", "items: [mony, rate", "scheme.unknown_item", 10),
        ("op: minmax", "op: maxmin", "scheme.unknown_op", 12),
        ("luodi-scheme/1", "luodi-scheme/2", "scheme.format", 1),
        ("ties: same_rank_skip", "ties: coin", "scheme.unfit", 19),
        ("{places: 2, mode: half_up}}\n  rate", "{places: two, mode: half_up}}\n  rate", "scheme.unfit", 12),
        ("of: [money, rate, late, big]", "of: [money, rate, late, total]", "scheme.cycle", 18),
        ("rows: projects", "rows: sites", "scheme.rows_missing", 15),
    ],
)
def test_a_slip_in_the_scheme_is_refused_with_its_line(towns: Path, old: str, new: str, code: str, line: int) -> None:
    change(towns, "scheme.yaml", old, new)
    result = score(towns)
    problems = json.loads(result.stdout)["problems"]
    assert result.exit_code == 1
    assert (problems[0]["code"], problems[0]["line"]) == (code, line)


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "line"),
    [
        ("data.csv", "T01,town,120", "T01,city,120", "scheme.unknown_group", 2),
        ("data.csv", "T01,town,120", "T01,,120", "scheme.group_missing", 2),
        ("data.csv", "T02,town", "T01,town", "scheme.unit_twice", 3),
        ("data.csv", "T01,town,120", "T01,town,", "scheme.figure_missing", 2),
        ("data.csv", "T01,town,120", "T01,town,many", "scheme.not_a_number", 2),
        ("data.csv", "T01,town,120,100", "T01,town,120,0", "scheme.zero_target", 13),
        ("data.csv", "T01,town,120,100,0", "T01,town,120,100,0,9", "scheme.too_many_cells", 2),
        ("data.csv", "unit,group,funds,target", "unit,group,funds,aim", "scheme.input_absent", 1),
        ("data.csv", "unit,group", "name,group", "scheme.column_missing", 1),
        ("data.csv", "funds,target", "funds,funds", "scheme.column_twice", 1),
        ("projects.csv", "P01,T01,12", "P01,T01,big", "scheme.row_not_a_number", 2),
        ("projects.csv", "project,unit", "project,town", "scheme.column_missing", 1),
        ("projects.csv", "P03,T04", "P01,T04", "scheme.over_shared", 4),
    ],
)
def test_a_slip_in_the_data_is_refused_with_its_line(
    towns: Path, name: str, old: str, new: str, code: str, line: int
) -> None:
    change(towns, name, old, new)
    result = score(towns)
    problems = json.loads(result.stdout)["problems"]
    assert result.exit_code == 1
    assert (problems[0]["code"], problems[0]["line"]) == (code, line)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("T01,town,120", "T01,town,１２０"),
        ("T01,town,120", "T01,town, 120.00 "),
        ("T01,town,120", "Ｔ01,town,120"),
        ("T05,town,110", "T05 , town,+110"),
    ],
)
def test_the_same_figure_written_another_way_counts_the_same(towns: Path, old: str, new: str) -> None:
    change(towns, "data.csv", old, new)
    answer = json.loads(score(towns).stdout, parse_float=str)
    assert {unit["unit"]: unit["score"] for unit in answer["units"]} == TOTALS


def test_old_sheets_in_gb18030_and_with_a_mark_are_read(towns: Path) -> None:
    text = (towns / "projects.csv").read_text("utf-8")
    (towns / "projects.csv").write_bytes(text.replace("\n", "\r\n").encode("gb18030"))
    (towns / "data.csv").write_bytes(b"\xef\xbb\xbf" + (towns / "data.csv").read_bytes())
    answer = json.loads(score(towns).stdout, parse_float=str)
    assert {unit["unit"]: unit["score"] for unit in answer["units"]} == TOTALS


def test_a_row_of_nobody_is_named_and_left_out(towns: Path) -> None:
    change(towns, "projects.csv", "P05,T12,9", "P05,T99,99")
    answer = json.loads(score(towns).stdout, parse_float=str)
    assert {unit["unit"]: unit["score"] for unit in answer["units"]} == TOTALS
    assert [problem["code"] for problem in answer["problems"]] == ["scheme.row_of_nobody"]


def test_wrong_usage_exits_2() -> None:
    assert run("score", "nowhere.yaml", "nowhere.csv").exit_code == 2
    assert score(HERE, "--rows", "projects").exit_code == 2
    assert score(HERE, "--rows", "projects=x", "--rows", "projects=y").exit_code == 2


def test_a_period_that_is_not_there_is_refused() -> None:
    result = score(HERE, "--period", "2026")
    assert result.exit_code == 1 and json.loads(result.stdout)["problems"][0]["code"] == "scheme.no_period"
    result = score(HERE, "--known-at", "yesterday")
    assert result.exit_code == 1 and json.loads(result.stdout)["problems"][0]["code"] == "scheme.bad_day"
    result = score(HERE, "--rows", f"other={HERE / 'projects.csv'}")
    assert result.exit_code == 1 and json.loads(result.stdout)["problems"][0]["code"] == "scheme.rows_unused"
