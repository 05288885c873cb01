"""Checks before use, simulation, sensitivity, and what would move a unit up: each answer fed back."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from luodi.assessment.schemes import checking, climbing, scoring, sensing, simulating, telling
from luodi.assessment.schemes.data import BadData
from luodi.assessment.schemes.reading import read_scheme, read_scheme_text
from luodi.assessment.schemes.scoring import Case
from luodi.assessment.schemes.standing import standing_of
from luodi.cli.main import main
from tests.unit.assessment.conftest import scheme_text

TOWNS = Path(__file__).parents[2] / "spec" / "schemes" / "towns"
FILES = [str(TOWNS / "scheme.yaml"), str(TOWNS / "data.csv"), "--rows", f"projects={TOWNS / 'projects.csv'}"]
ADD = "op: sum, of: [a], cap: none"
Trial = Callable[..., Case]


@pytest.fixture
def towns() -> Case:
    return scoring.read_case(
        scheme=TOWNS / "scheme.yaml", data=TOWNS / "data.csv", rows={"projects": str(TOWNS / "projects.csv")}
    )


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["scheme", *arguments], catch_exceptions=False)


def found_by(*arguments: str) -> Any:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def ranks(case: Case, changes: dict[tuple[str | None, str, str], str]) -> dict[str, int | None]:
    run = scoring.run_of(case)
    run.changes = changes
    pool = run.pool(None)
    assert pool is not None
    scoring.settle(pool)
    return {unit: place.rank for unit, place in standing_of(pool).places.items()}


# What would move a unit up -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["T04", "T09", "T12", "T05", "T11", "T07", "T10", "T06", "T02", "T08", "T03"])
def test_the_least_change_moves_the_unit_and_one_step_less_does_not(towns: Case, unit: str) -> None:
    was = ranks(towns, {})
    answer = climbing.climb(towns, None, unit)
    assert answer["ways"], "every town but the first can climb"
    for way in answer["ways"]:
        start, step, change = (Fraction(way[key]) for key in ("from", "step", "change"))
        now = ranks(towns, {(None, unit, way["input"]): way["to"]})
        assert Fraction(way["to"]) == start + change
        assert now[unit] == way["rank"] < was[unit]
        assert sorted(one for one in was if one != unit and was[one] != now[one]) == way["others_moved"]
        sign = 1 if change > 0 else -1
        for steps in range(1, way["steps"]):
            less = start + sign * step * steps
            rank = ranks(towns, {(None, unit, way["input"]): f"{less.numerator}/{less.denominator}"})[unit]
            assert rank >= was[unit], f"{steps} steps of {way['input']} are enough already"


def test_who_leads_has_no_way_up(towns: Case) -> None:
    assert climbing.climb(towns, None, "T01")["ways"] == []


def test_only_one_input_may_be_asked(towns: Case) -> None:
    assert {way["input"] for way in climbing.climb(towns, None, "T05", only="late_starts")["ways"]} == {"late_starts"}


@pytest.mark.parametrize(
    ("unit", "only", "code"), [("T99", None, "scheme.no_such_unit"), ("T05", "money", "scheme.no_such_input")]
)
def test_asking_for_nobody_is_refused(towns: Case, unit: str, only: str | None, code: str) -> None:
    with pytest.raises(BadData) as refusal:
        climbing.climb(towns, None, unit, only=only)
    assert refusal.value.problems[0].code == code


def test_who_is_not_ranked_can_not_climb(trial: Trial) -> None:
    top = "not_ranked: [{id: new, when: {attribute: a, equals: 1}}]\nunranked_peers: included\n"
    case = trial(scheme_text({"x": ADD}, "a", top=top), "unit,group,a\nU,g,1\nV,g,2\n")
    with pytest.raises(BadData) as refusal:
        climbing.climb(case, None, "U")
    assert refusal.value.problems[0].code == "scheme.unit_unranked"


def test_a_range_ends_the_way_up(trial: Trial) -> None:
    text = scheme_text({"x": ADD}, "a").replace("missing: error", "missing: error, step: 3, range: {least: 0, most: 9}")
    case = trial(text, "unit,group,a\nU,g,1\nV,g,8\nW,g,9\n")
    assert climbing.climb(case, None, "U")["ways"] == []
    near = climbing.climb(trial(text, "unit,group,a\nU,g,1\nV,g,7\nW,g,9\n"), None, "U")["ways"]
    assert [(way["to"], way["steps"]) for way in near] == [("7", 2)]


def test_a_narrow_way_up_below_a_wide_one_is_found(trial: Trial) -> None:
    """Points rise at 5 and 6 only, and again from 60 on: doubling first meets the wide way."""
    levels = (
        "{when: {any: [{attribute: a, equals: 5}, {attribute: a, equals: 6}, {attribute: a, at_least: 60}]}, points: 9}"
    )
    items = {
        "x": f"op: ladder, levels: [{levels}], wins: first, otherwise: zero, unknown: fails",
        "y": "op: sum, of: [b], cap: none",
    }
    case = trial(scheme_text(items, "a b"), "unit,group,a,b\nU,g,0,1\nV,g,0,5\n")
    ways = climbing.climb(case, None, "U", only="a")["ways"]
    assert [(way["to"], way["steps"], way["rank"]) for way in ways] == [("5", 5, 1)]


def test_an_input_the_unit_lacks_is_no_way(trial: Trial) -> None:
    items = {"x": "op: sum, of: [a, b], cap: none"}
    case = trial(scheme_text(items, "a b c", missing="not_applicable"), "unit,group,a,b,c\nU,g,1,,1\nV,g,2,5,1\n")
    assert {way["input"] for way in climbing.climb(case, None, "U")["ways"]} == {"a"}


def test_a_change_that_is_refused_is_no_way(trial: Trial) -> None:
    rate = "op: ratio, value: a, to: b, cap: none, zero_target: error, negative: error"
    case = trial(scheme_text({"x": rate}, "a b"), "unit,group,a,b\nU,g,1,1\nV,g,1000,1\n")
    assert [way["input"] for way in climbing.climb(case, None, "U")["ways"]] == ["a"]


# Simulation ----------------------------------------------------------------------------------------------------------


def test_one_figure_moves_the_pool_and_says_why(towns: Case) -> None:
    answer = simulating.simulate(towns, None, changes=simulating.read_changes(towns, None, ["T03.funds=60"]))
    moved = {one["unit"]: one for one in answer["moved"]}
    assert "T01" not in moved and answer["unmoved"] == 1
    assert [why["because"] for why in moved["T03"]["why"]] == ["own_figures", "own_figures"]
    assert [why["because"] for why in moved["T06"]["why"]] == ["peers_or_rows"]
    assert (moved["T06"]["was"]["rank"], moved["T06"]["now"]["rank"], moved["T06"]["up"]) == (9, 10, -1)


def test_the_trial_equals_a_fresh_scoring_of_changed_data(towns: Case, tmp_path: Path) -> None:
    changed = tmp_path / "data.csv"
    changed.write_text((TOWNS / "data.csv").read_text("utf-8").replace("T03,town,50", "T03,town,60"), "utf-8")
    fresh = found_by("simulate", *FILES, "--data-with", str(changed))
    kept = found_by("simulate", *FILES, "--set", "T03.funds=60")
    assert fresh["moved"] == kept["moved"]


def test_another_scheme_moves_by_its_rule(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = (TOWNS / "scheme.yaml").read_text("utf-8")
    other.write_text(text.replace("per: 4", "per: 3").replace("money: 40, rate: 40", "money: 50, rate: 30"), "utf-8")
    moved = {one["unit"]: one for one in found_by("simulate", *FILES, "--with", str(other))["moved"]}
    assert [why["because"] for why in moved["T05"]["why"]] == ["weight", "weight", "scheme"]
    dropped = text.replace("items: [money, rate, late, big]", "items: [money, rate, late]").replace(
        "rate, late, big]", "rate, late]"
    )
    other.write_text(
        dropped.replace("total: {op: sum, of: [money, rate, late]", "total: {op: sum, of: [money, rate, late]"), "utf-8"
    )
    moved = {one["unit"]: one for one in found_by("simulate", *FILES, "--with", str(other))["moved"]}
    assert {why["because"] for one in moved.values() for why in one["why"]} == {"item_set"}


def test_a_unit_may_join_or_leave(tmp_path: Path) -> None:
    other = tmp_path / "data.csv"
    lines = (TOWNS / "data.csv").read_text("utf-8").splitlines()
    other.write_text("\n".join([*lines[:-1], "T13,town,70,70,0"]), "utf-8")
    moved = {one["unit"]: one for one in found_by("simulate", *FILES, "--data-with", str(other))["moved"]}
    assert (moved["T12"]["now"], moved["T13"]["was"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("T03", "scheme.bad_change"),
        ("T03.funds=x", "scheme.bad_change"),
        ("T99.funds=1", "scheme.no_such_unit"),
        ("T03.fund=1", "scheme.no_such_input"),
    ],
)
def test_a_change_that_can_not_be_is_refused(change: str, code: str) -> None:
    result = run("simulate", *FILES, "--set", change, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0]["code"] == code


def test_history_is_kept_while_the_present_is_tried(trial: Trial) -> None:
    items = {"x": ADD, "y": "op: sum, of: [total@previous], cap: none"}
    data = "unit,group,period,input,value\nU,g,2026-01,a,5\nU,g,2026-02,a,6\n"
    case = trial(scheme_text(items, "a", top="no_history: zero\n"), data)
    answer = simulating.simulate(case, "2026-02", changes={("2026-02", "U", "a"): "8"})
    assert answer["moved"][0]["by"] == "2"


def test_redistributed_weights_are_tried_afresh(trial: Trial) -> None:
    items = {name: f"op: ratio, value: {name}, to: 100, cap: none, zero_target: error, negative: zero" for name in "ab"}
    items = {"x": items["a"], "y": items["b"]}
    group = "items: [x, y], weights: {x: 60, y: 40}, not_applicable: redistribution"
    case = trial(scheme_text(items, "a b", group=group, missing="not_applicable"), "unit,group,a,b\nU,g,50,\n")
    answer = simulating.simulate(case, None, changes={(None, "U", "b"): "100"})
    assert answer["moved"][0]["now"]["score"] == "70"


# Sensitivity ---------------------------------------------------------------------------------------------------------


def test_rounding_can_decide_a_rank(trial: Trial) -> None:
    tail = "total: {op: sum, of: [x], cap: none, round: {places: 0, mode: half_up}}\nrank: {by: total, order: desc, ties: same_rank_skip}\ncorrections: rerank\n"
    case = trial(scheme_text({"x": ADD}, "a", tail=tail), "unit,group,a\nU,g,5.4\nV,g,5.2\nW,g,1\n")
    units = {one["unit"]: one for one in sensing.sense(case, None)["units"]}
    assert (units["V"]["rank"], units["V"]["unrounded_rank"], units["V"]["best"]) == (1, 2, 1)
    assert (units["U"]["to_next_above"], units["U"]["to_next_below"], units["W"]["to_next_above"]) == (None, "4", "4")


def test_disputed_figures_at_every_corner(towns: Case, tmp_path: Path) -> None:
    file = tmp_path / "disputed.csv"
    file.write_text("unit,input,low,high\nT06,funds,60,70\nT02,funds,78,82\n", "utf-8")
    answer = found_by("sensitivity", *FILES, "--disputed", str(file))
    units = {one["unit"]: one for one in answer["units"]}
    assert (answer["method"], answer["scorings"], answer["disputed"]) == ("every corner", 4, 2)
    corners = [
        ranks(towns, {(None, "T06", "funds"): a, (None, "T02", "funds"): b}) for a in ("60", "70") for b in ("78", "82")
    ]
    for unit, one in units.items():
        seen = [one["rank"], *(corner[unit] for corner in corners)]
        assert (one["best"], one["worst"]) == (min(seen), max(seen))
        assert one["holds"] == f"{sum(1 for rank in seen[1:] if rank == one['rank'])}/4"


def test_many_disputed_figures_are_tried_alone_and_against_each_other(towns: Case) -> None:
    answer = sensing.sense(towns, None, percent=Fraction(1))
    assert answer["method"].startswith("each alone")
    assert answer["failed"] == 0
    assert any(one["best"] != one["worst"] for one in answer["units"])


def test_a_figure_that_fails_is_counted(trial: Trial) -> None:
    rate = "op: ratio, value: a, to: b, cap: none, zero_target: error, negative: zero"
    case = trial(scheme_text({"x": rate}, "a b"), "unit,group,a,b\nU,g,1,1\nV,g,2,1\n")
    answer = sensing.sense(case, None, disputed=[sensing.Disputed("U", "b", Fraction(0), Fraction(1))])
    assert (answer["failed"], answer["scorings"]) == (1, 2)


def test_who_is_not_ranked_has_no_margin(trial: Trial) -> None:
    top = "not_ranked: [{id: new, when: {attribute: a, equals: 1}}]\nunranked_peers: included\n"
    case = trial(scheme_text({"x": ADD}, "a", top=top), "unit,group,a\nU,g,1\nV,g,2\n")
    units = {one["unit"]: one for one in sensing.sense(case, None)["units"]}
    assert (units["U"]["best"], units["U"]["to_next_above"], units["V"]["to_next_below"]) == (None, None, None)


@pytest.mark.parametrize("row", ["T99,funds,1,2", "T01,fund,1,2", "T01,funds,2,1", "T01,funds,x,1", "T01,funds,,1"])
def test_a_disputed_figure_that_can_not_be_is_refused(tmp_path: Path, row: str) -> None:
    file = tmp_path / "disputed.csv"
    file.write_text(f"unit,input,low,high\n{row}\n", "utf-8")
    result = run("sensitivity", *FILES, "--disputed", str(file), "--format", "json")
    assert result.exit_code == 1 and json.loads(result.stdout)["problems"][0]["line"] == 2


def test_disputed_figures_need_their_columns(tmp_path: Path) -> None:
    file = tmp_path / "disputed.csv"
    file.write_text("unit,input,low\nT01,funds,1\n", "utf-8")
    result = run("sensitivity", *FILES, "--disputed", str(file), "--format", "json")
    assert json.loads(result.stdout)["problems"][0]["code"] == "scheme.column_missing"
    assert run("sensitivity", *FILES, "--percent", "few").exit_code == 2


# Checks --------------------------------------------------------------------------------------------------------------


def codes(text: str) -> list[str]:
    return [problem.code for problem in checking.check(read_scheme_text(text))]


BASED = "op: sum, of: [a], cap: none, basis: art. 1"


def test_a_sound_scheme_has_nothing_to_say() -> None:
    assert codes(scheme_text({"x": BASED}, "a")) == []


@pytest.mark.parametrize(
    ("weights", "more", "expected"),
    [
        ("x: 100", "", []),
        ("x: 1", "", []),
        ("x: 90", "", ["scheme.weights_sum"]),
        ("x: 90", ", weights_total: 90", []),
        ("x: 100", ", weights_total: 90", ["scheme.weights_sum"]),
    ],
)
def test_weights_add_up(weights: str, more: str, expected: list[str]) -> None:
    group = f"items: [x], weights: {{{weights}}}, not_applicable: no_redistribution{more}"
    assert codes(scheme_text({"x": BASED + ", scale: {from: 1}"}, "a", group=group)) == expected


def test_names_nobody_uses_and_items_without_basis_are_told() -> None:
    text = scheme_text({"x": ADD}, "a b", values={"v": "op: sum, of: [a], cap: none"})
    assert codes(text) == ["scheme.no_basis", "scheme.unused", "scheme.unused"]


BANDS = "op: points_by_row, rows: p, value: n, bands: [{min: %s, points: %s}, {min: 10, points: 4}], per_row: %s, key: id, cap: none, basis: x, dated: as_listed"
LADDER = "op: ladder, levels: [{when: %s, points: 5}, {when: %s, points: %s}], wins: %s, otherwise: zero, unknown: error, basis: x"


@pytest.mark.parametrize(
    ("item", "dead"),
    [
        (BANDS % (50, 8, "highest_only"), False),
        (BANDS % (10, 8, "highest_only"), True),
        (BANDS % (50, 4, "highest_only"), True),
        (BANDS % (50, 4, "all_bands"), False),
        (LADDER % ("{attribute: a, at_least: 1}", "{attribute: a, at_least: 2}", 9, "first"), True),
        (LADDER % ("{attribute: a, at_least: 2}", "{attribute: a, at_least: 1}", 9, "first"), False),
        (LADDER % ("{attribute: a, at_most: 2}", "{attribute: a, below: 2}", 9, "first"), True),
        (LADDER % ("{attribute: a, below: 2}", "{attribute: a, at_most: 2}", 9, "first"), False),
        (LADDER % ("{attribute: a, at_least: 1}", "{attribute: a, at_least: 2}", 9, "best"), False),
        (LADDER % ("{attribute: a, at_least: 1}", "{attribute: a, at_least: 2}", 3, "best"), True),
        (LADDER % ("{attribute: a, at_least: 1}", "{attribute: a, at_least: 1}", 5, "best"), True),
        (LADDER % ("{attribute: a, at_least: 1}", "{attribute: a, at_least: 2}", "a", "best"), False),
        (LADDER % ("{attribute: a, in: [1, 2]}", "{attribute: a, at_least: 2}", 9, "first"), False),
        (LADDER % ("{attribute: a, equals: x}", "{attribute: a, at_least: 2}", 9, "first"), False),
        (
            LADDER
            % (
                "{all: [{attribute: a, above: 1}]}",
                "{all: [{attribute: a, above: 2}, {attribute: b, above: 1}]}",
                9,
                "first",
            ),
            True,
        ),
        (
            LADDER
            % ("{attribute: b, above: 1}", "{any: [{attribute: a, above: 2}, {attribute: b, above: 1}]}", 9, "first"),
            False,
        ),
        ("op: deduct, from: 10, per: 1, count: a, floor: 10, basis: x", True),
        ("op: sum, of: [a], cap: {on: sum, at: 1}, floor: 2, basis: x", True),
    ],
)
def test_a_branch_nobody_reaches_is_named(item: str, dead: bool) -> None:
    found = codes(scheme_text({"x": item}, "a b", values={"v": "op: sum, of: [a, b], cap: none"}))
    assert ("scheme.dead_branch" in found) is dead


def test_a_rate_without_a_weight_is_told() -> None:
    rate = "op: ratio, value: a, to: 100, cap: none, zero_target: error, negative: zero, basis: b"
    assert codes(scheme_text({"x": rate}, "a")) == ["scheme.share_unweighted"]
    assert codes(scheme_text({"x": rate}, "a", weights={"x": 100})) == []
    assert codes(scheme_text({"x": rate + ", scale: none"}, "a")) == []


def test_a_condition_that_no_row_meets_is_told(trial: Trial) -> None:
    row = "op: rows_total, rows: p, take: count, where: {field: s, equals: %s}, dated: as_listed, key: id, empty: zero"
    for word, expected in (("是", []), ("已开工", ["scheme.no_row_fits", "scheme.no_row_fits"])):
        text = scheme_text({"x": row % word}, "a", values={"v": row % word})
        case = trial(text, "unit,group,a\nU,g,1\n", p="id,unit,s\nA,U,是\n")
        assert [one.code for one in checking.check_on(case, None) if one.code != "scheme.column_unused"] == expected


def test_rows_must_say_which_day_counts() -> None:
    item = "op: rows_total, rows: p, take: count, key: id, empty: zero, basis: x"
    assert "scheme.dated_unsettled" in codes(scheme_text({"x": item}, "a"))


@pytest.mark.parametrize(
    ("body", "direction", "holds"),
    [
        ("a", "up", True),
        ("a", "down", False),
        ("{value: a, times: -1}", "down", True),
        ("{value: a, times: -1}", "up", False),
    ],
)
def test_a_declared_direction_is_tried_on_the_data(trial: Trial, body: str, direction: str, holds: bool) -> None:
    item = f"op: sum, of: [{body}], cap: none, monotonic: {{a: {direction}}}"
    case = trial(scheme_text({"x": item}, "a"), "unit,group,a\nU,g,1\nV,g,5\nW,g,9\n")
    assert [problem.code for problem in checking.check_on(case, None)] == ([] if holds else ["scheme.not_monotonic"])


def test_a_direction_of_no_input_is_refused() -> None:
    with pytest.raises(Exception, match="unknown_name"):
        read_scheme_text(scheme_text({"x": ADD + ", monotonic: {b: up}"}, "a"))


def test_the_command_checks(tmp_path: Path) -> None:
    assert run("check", *FILES).exit_code == 0
    hints = found_by("check", FILES[0])["problems"]
    assert [hint["code"] for hint in hints] == ["scheme.dated_unsettled"]
    heavy = tmp_path / "s.yaml"
    heavy.write_text((TOWNS / "scheme.yaml").read_text("utf-8").replace("late: 20}", "late: 30}"), "utf-8")
    result = run("check", str(heavy), "--format", "json")
    assert result.exit_code == 1 and json.loads(result.stdout)["problems"][0]["code"] == "scheme.weights_sum"
    assert CliRunner().invoke(main, ["score", str(heavy), *FILES[1:]]).exit_code == 0


# Telling -------------------------------------------------------------------------------------------------------------


def test_a_scheme_is_told_and_a_unit_explained() -> None:
    assert found_by("explain", FILES[0])["items"][0]["op"] == "minmax"
    table = run("explain", FILES[0])
    assert "minmax" in table.output and "[money, rate, late, big]" in table.output
    assert "((58-50)/(120-50)×40+60)×40/100≈25.83" in run("explain", *FILES, "--unit", "T10").output
    assert len(found_by("explain", *FILES, "--unit", "T10")["units"]) == 1
    assert run("explain", *FILES).output.count("名。") == 12
    assert run("explain", *FILES, "--unit", "T99").exit_code == 1


def test_a_unit_that_changed_group_is_told_part_by_part() -> None:
    item = {"sentence": {"en": "s"}, "text": {"en": "t"}, "basis": "b"}
    part = {"group": "g", "share": "1/4", "score": 3, "items": [item, {**item, "text": {"en": "s"}, "basis": ""}]}
    document = {"units": [{"unit": "U", "text": {"en": "U."}, "items": [], "parts": [part]}]}
    told = list(telling.unit_told(document, "U", "en"))
    assert told == ["U.", "In group g (a share of 1/4) it scores 3:", "- s  t  [b]", "- s"]


def test_two_schemes_are_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = (TOWNS / "scheme.yaml").read_text("utf-8")
    other.write_text(
        text.replace("per: 4", "per: 3").replace("source: 商务局", "column: 到位").replace("then: []", "then: [rate]"),
        "utf-8",
    )
    found = {one["path"]: one for one in found_by("diff", FILES[0], str(other))["differences"]}
    assert (found["items.late.per"]["old"], found["items.late.per"]["new"], found["items.late.per"]["old_line"]) == (
        "4",
        "3",
        14,
    )
    assert (found["inputs.funds.source"]["did"], found["inputs.funds.column"]["did"], found["rank.then"]["did"]) == (
        "removed",
        "added",
        "changed",
    )
    assert "items.late.per" in run("diff", FILES[0], str(other)).output
    assert found_by("diff", FILES[0], FILES[0])["differences"] == []


@pytest.mark.parametrize(
    "command",
    [
        ["simulate", *FILES, "--set", "T03.funds=60"],
        ["sensitivity", *FILES, "--percent", "1"],
        ["climb", *FILES, "--unit", "T04"],
        ["operators"],
    ],
)
def test_tables_are_printed_for_people(command: list[str]) -> None:
    result = run(*command)
    assert result.exit_code == 0 and len(result.output.splitlines()) > 3


def test_the_operators_are_listed() -> None:
    assert len(found_by("operators")["operators"]) <= 25
    assert read_scheme(FILES[0]).id == "towns-2026"


def test_a_direction_is_tried_only_where_the_item_stands_and_can_be_scored(trial: Trial) -> None:
    rate = "op: ratio, value: b, to: a, cap: none, zero_target: %s, negative: zero, monotonic: {a: down}"
    groups = "items: [x], not_applicable: no_redistribution}\n  h: {items: [y], not_applicable: no_redistribution"
    for zero in ("error", "not_applicable"):
        items = {"x": rate % zero, "y": ADD}
        text = scheme_text(
            items,
            "a b",
            group=groups,
            tail="total: {op: sum, of: [x, y], cap: none, round: none}\nrank: {by: total, order: desc, ties: same_rank_skip}\ncorrections: rerank\n",
        )
        data = (
            "unit,group,a,b\nU,g,4,1\nV,g,2,1\nW,h,0,1\n"
            if zero == "error"
            else "unit,group,a,b\nU,g,4,1\nV,g,0,1\nW,h,0,1\n"
        )
        assert list(checking.check_on(trial(text, data), None)) == []
