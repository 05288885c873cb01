"""Corners of schemes that other tests pass by: each case is small and stands alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luodi.assessment.schemes import checking, climbing, simulating
from luodi.assessment.schemes.scoring import Case
from tests.unit.assessment.conftest import scheme_text
from tests.unit.assessment.test_pools import ADD, CHANGE, COUNTIES, LONG, PARENT, RATE, scores, units

Trial = Callable[..., Case]
ROW = "op: points_by_row, rows: p, points: n, per_row: highest_only, key: id, cap: none"


def test_an_item_of_another_group_credits_nothing(trial: Trial) -> None:
    text = CHANGE.replace("{op: sum, of: [a], cap: none, round: none}", f"{{{ROW}, round: none}}").replace(
        "{op: sum, of: [{value: a, times: 2}], cap: none, round: none}",
        f"{{{ROW}, once: {{before: [x], periods: each}}, round: none}}",
    )
    case = trial(text, "unit,group,a\nU,g,1\nV,h,1\n", p="id,unit,n\nA,U,3\nB,V,4\n")
    assert scores(case) == {"U": "3", "V": "4"}


def test_a_direction_is_not_tried_outside_the_range(trial: Trial) -> None:
    item = "op: sum, of: [a], cap: none, monotonic: {a: up}"
    text = scheme_text({"x": item}, "a").replace("missing: error", "missing: error, range: {least: 0, most: 9}")
    assert list(checking.check_on(trial(text, "unit,group,a\nU,g,3\nV,g,8\n"), None)) == []


def test_empty_lines_of_a_table_are_passed_over(trial: Trial) -> None:
    case = trial(scheme_text({"x": ADD % "a"}, "a"), "unit,group,a\nU,g,1\n,,\n\nV,g,2\n")
    assert scores(case) == {"V": "2", "U": "1"}


def test_a_figure_nobody_asked_for_before_a_change_is_asked_for_after_it(trial: Trial) -> None:
    item = "op: sum, of: [b], cap: none, when: {attribute: a, at_least: 5}, else: 0"
    case = trial(scheme_text({"x": item}, "a b"), "unit,group,a,b\nU,g,1,3\nV,g,1,4\n")
    found = simulating.simulate(case, None, changes={(None, "U", "a"): "6"})
    assert {one["unit"]: one["now"]["score"] for one in found["moved"]} == {"U": "3", "V": "0"}


def test_a_row_of_nobody_is_said_once(trial: Trial) -> None:
    items = {"x": ROW, "y": ROW.replace("key: id", "key: n")}
    case = trial(scheme_text(items, "a"), "unit,group,a\nU,g,1\n", p="id,unit,n\nA,U,3\nB,W,4\n")
    from luodi.assessment.schemes.scoring import answer

    assert [problem.code for problem in answer(case, None)["problems"]].count("scheme.row_of_nobody") == 1


def test_a_unit_in_two_groups_may_lack_a_figure_in_both(trial: Trial) -> None:
    text = CHANGE.replace("missing: error", "missing: zero") + "group_change: last_group\n"
    assert scores(trial(text, "unit,group,period,input,value\nU,g,2026,a,\nU,h,2026,a,\n")) == {"U": "0"}


def test_a_child_without_a_figure_is_left_out_of_the_mean(trial: Trial) -> None:
    text = (
        PARENT.replace("a: {from: column, missing: error}", "a: {from: column, missing: not_applicable}")
        .replace("children, value: total", "children, value: x")
        .replace(
            "x: {op: sum, of: [a], cap: none, round: none}", f"x: {{{RATE % 'a'}, scale: {{from: 1}}, round: none}}"
        )
    )
    assert scores(trial(text, COUNTIES.replace("80,C,1", ",C,1")))["C"] == "0.5"


def test_labels_of_no_calendar_are_in_force(trial: Trial) -> None:
    from luodi.assessment.schemes import scoring

    case = trial(scheme_text({"x": ADD % "a"}, "a"), LONG + "U,g,第一轮,a,5,,\nU,g,第二轮,a,6,,\n")
    assert [*scoring.periods(case)] == ["第一轮", "第二轮"]
    assert [problem.code for problem in scoring.answer(case, "第二轮")["problems"]] == []


def test_a_rule_may_ask_for_a_figure_of_the_month_before(trial: Trial) -> None:
    top = "vetoes: [{id: v, when: {attribute: a@previous, equals: 5}, effect: {no_prize: true}, force: hard}]\n"
    case = trial(scheme_text({"x": ADD % "a"}, "a", top=top), LONG + "U,g,2026-01,a,5,,\nU,g,2026-02,a,6,,\n")
    assert [rule["id"] for rule in units(case, "2026-02")["U"]["vetoes"]] == ["v"]


def test_more_prizes_than_winners(trial: Trial) -> None:
    top = "prizes: [{id: p, places: 9, by: total, order: desc, ties: all_in, within: all}]\n"
    found = units(trial(scheme_text({"x": ADD % "a"}, "a", top=top), "unit,group,a\nU,g,1\nV,g,2\n"))
    assert all(one["prizes"] == ["p"] for one in found.values())


def test_points_may_be_said_to_have_no_scale(trial: Trial) -> None:
    plain = trial(scheme_text({"x": (RATE % "a") + ", scale: none"}, "a", weights={"x": 40}), "unit,group,a\nU,g,50\n")
    assert scores(plain) == {"U": "0.5"}


def test_the_own_group_may_be_named_as_peers(trial: Trial) -> None:
    peer = "op: peer, of: a, take: highest, self: included, empty: error, over: group"
    assert scores(trial(scheme_text({"x": peer}, "a"), "unit,group,a\nU,g,1\nV,g,2\n")) == {"U": "2", "V": "2"}


def test_a_total_may_be_another_thing_than_a_sum_of_items(trial: Trial) -> None:
    tail = (
        "total: {op: ratio, value: x, to: 2, cap: none, zero_target: error, negative: zero, round: none}\n"
        "rank: {by: total, order: desc, ties: same_rank_skip, then: []}\ncorrections: rerank\n"
    )
    assert scores(trial(scheme_text({"x": ADD % "a"}, "a", tail=tail), "unit,group,a\nU,g,5\n")) == {"U": "2.5"}


def test_climbing_steps_by_the_last_decimal_of_figures_that_are_there(trial: Trial) -> None:
    case = trial(scheme_text({"x": ADD % "a"}, "a", missing="not_applicable"), "unit,group,a\nU,g,1\nV,g,2.5\nW,g,\n")
    assert [way["to"] for way in climbing.climb(case, None, "U")["ways"]] == ["2.5"]


def test_a_range_cut_short_is_tried_at_its_end(trial: Trial) -> None:
    text = scheme_text({"x": ADD % "a"}, "a").replace("missing: error", "missing: error, range: {least: 0, most: 7}")
    case = trial(text, "unit,group,a\nU,g,1\nV,g,7\n")
    assert [(way["to"], way["steps"]) for way in climbing.climb(case, None, "U")["ways"]] == [("7", 6)]


@pytest.mark.parametrize("unit", ["U", "V"])
def test_climbing_past_the_unranked_passes_nobody_of_them(trial: Trial, unit: str) -> None:
    top = "not_ranked: [{id: new, when: {attribute: b, equals: 1}}]\nunranked_peers: included\n"
    case = trial(scheme_text({"x": ADD % "a"}, "a b", top=top), "unit,group,a,b\nT,g,9,0\nU,g,1,0\nV,g,2,0\nN,g,5,1\n")
    for way in climbing.climb(case, None, unit)["ways"]:
        assert "N" not in way["passes"]
