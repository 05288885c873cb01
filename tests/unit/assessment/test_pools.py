"""Whole pools: groups, weights, history, parents, what follows scoring, corrections. One thing changed at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.reading import BadScheme, read_scheme_text
from luodi.assessment.schemes.scoring import Case, answer, chosen_period
from luodi.assessment.schemes.simulating import simulate
from luodi.kernel.problem import Refused
from tests.unit.assessment.conftest import scheme_text

Trial = Callable[..., Case]
RATE = "op: ratio, value: %s, to: 100, cap: none, zero_target: error, negative: zero"
ADD = "op: sum, of: [%s], cap: none"
LONG = "unit,group,period,input,value,kind,known_at\n"


def units(case: Case, period: str | None = None) -> dict[str, dict[str, Any]]:
    return {unit["unit"]: unit for unit in answer(case, chosen_period(case, period))["units"]}


def scores(case: Case, period: str | None = None) -> dict[str, str]:
    return {unit: str(one["exact"]) for unit, one in units(case, period).items()}


def refused(make: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as refusal:
        make()
    return {problem.code for problem in refusal.value.problems}


# Weights and item sets ----------------------------------------------------------------------------------------------

TWO = {"x": RATE % "a", "y": RATE % "b"}


@pytest.mark.parametrize(
    ("rule", "expected"), [("no_redistribution", "30"), ("redistribution", "50"), ("redistribute", "50")]
)
def test_the_weight_of_an_item_that_does_not_apply(trial: Trial, rule: str, expected: str) -> None:
    group = f"items: [x, y], weights: {{x: 60, y: 40}}, not_applicable: {rule}"
    text = scheme_text(TWO, "a b", group=group, missing="not_applicable")
    case = trial(text, "unit,group,a,b\nU,g,50,\nV,g,50,50\nW,g,,\n")
    assert scores(case) == {"U": expected, "V": "50", "W": "0"}


def test_a_weight_of_zero_means_not_applicable(trial: Trial) -> None:
    case = trial(scheme_text(TWO, "a b", weights={"x": 0, "y": 40}), "unit,group,a,b\nU,g,50,50\n")
    items = units(case)["U"]["items"]
    assert [item.get("state") for item in items] == ["not_applicable", None]
    assert scores(case) == {"U": "20"}


def test_items_change_by_period(trial: Trial) -> None:
    group = (
        "items: [x, y], weights: {x: 60, y: 40}, not_applicable: no_redistribution, "
        "by_period: [{periods: ['*Q1'], items: [x]}, {periods: ['2026Q2'], items: [y], weights: {y: 100}}]"
    )
    text = scheme_text(TWO, "a b", group=group, missing="not_applicable")
    rows = "".join(f"U,g,2026Q{q},{name},50,,\n" for q in (1, 2, 3) for name in "ab")
    case = trial(text, LONG + rows)
    assert [scores(case, f"2026Q{q}")["U"] for q in (1, 2, 3)] == ["30", "50", "50"]


def test_a_group_may_add_up_in_its_own_way(trial: Trial) -> None:
    group = (
        "items: [x], not_applicable: no_redistribution, total: {op: sum, of: [x], cap: {on: total, at: 1}, round: none}"
    )
    case = trial(scheme_text({"x": RATE % "a"}, "a", group=group), "unit,group,a\nU,g,150\n")
    assert scores(case) == {"U": "1"}
    assert units(case)["U"]["total"]["capped"] is True


def test_rounding_stands_only_where_it_is_written(trial: Trial) -> None:
    third = "op: ratio, value: a, to: 3, cap: none, zero_target: error, negative: zero"
    exact = trial(scheme_text({"x": third, "y": third}, "a"), "unit,group,a\nU,g,1\n")
    assert scores(exact) == {"U": "2/3"}
    early = dict.fromkeys("xy", third + ", round: {places: 2, mode: half_up}")
    assert scores(trial(scheme_text(early, "a"), "unit,group,a\nU,g,1\n")) == {"U": "0.66"}


# Parents ------------------------------------------------------------------------------------------------------------

PARENT = """format: luodi-scheme/1
id: parents
valid: {from: 2026-01-01, to: null}
basis: drawn
inputs:
  a: {from: column, missing: error}
  city: {from: column, type: text, missing: zero}
  people: {from: column, missing: not_applicable}
groups:
  county: {items: [x], not_applicable: no_redistribution}
  city: {items: [mean], not_applicable: no_redistribution}
items:
  x: {op: sum, of: [a], cap: none, round: none}
  mean: {op: children, value: total, group: county, parent: city, weight: people, none: error, round: none}
total: {op: sum, of: [x, mean], cap: none, round: none}
rank: {by: total, order: desc, ties: same_rank_skip}
corrections: rerank
"""
COUNTIES = "unit,group,a,city,people\nC,city,,,\nA,county,80,C,1\nB,county,50,C,2\n"


def test_a_parent_is_the_weighted_mean_of_its_children(trial: Trial) -> None:
    assert scores(trial(PARENT, COUNTIES)) == {"A": "80", "B": "50", "C": "60"}
    assert scores(trial(PARENT.replace("weight: people", "weight: equal"), COUNTIES))["C"] == "65"


def test_a_parent_without_children(trial: Trial) -> None:
    lone = "unit,group,a,city,people\nC,city,,,\nA,county,80,D,1\n"
    assert refused(lambda: scores(trial(PARENT, lone))) == {"scheme.no_children"}
    assert scores(trial(PARENT.replace("none: error", "none: 5"), lone))["C"] == "5"


def test_a_child_that_weighs_nothing_known_is_refused(trial: Trial) -> None:
    assert refused(lambda: scores(trial(PARENT, COUNTIES.replace("80,C,1", "80,C,")))) == {"scheme.child_without"}


def test_parents_and_children_in_a_circle_are_named(trial: Trial) -> None:
    both = PARENT.replace(
        "x: {op: sum, of: [a], cap: none",
        "x: {op: children, value: total, group: city, parent: city, weight: equal, none: zero",
    )
    with pytest.raises(BadScheme) as refusal:
        read_scheme_text(both)
    problem = refusal.value.problems[0]
    assert problem.code == "scheme.cycle"
    path = problem.params["cycle"]
    assert isinstance(path, list) and path[0] == path[-1] and {"county.total", "city.total"} <= set(path)


# History ------------------------------------------------------------------------------------------------------------

HISTORY = LONG + "".join(
    f"{unit},g,2026-0{month},a,{value},,\n"
    for month, pair in ((1, (9, 8)), (2, (9, 8)), (3, (1, 8)))
    for unit, value in zip("UV", pair, strict=True)
)


def test_an_earlier_rank_and_total_may_be_used(trial: Trial) -> None:
    items = {"x": ADD % "a", "y": "op: sum, of: [rank@previous, total@previous], cap: none"}
    text = scheme_text(items, "a", top="no_history: zero\n")
    case = trial(text, HISTORY)
    assert scores(case, "2026-01") == {"U": "9", "V": "8"}
    assert scores(case, "2026-02") == {"U": "19", "V": "18"}


def test_history_without_a_word_on_its_absence_is_refused() -> None:
    items = {"x": "op: sum, of: [total@previous], cap: none"}
    assert "scheme.choice_missing" in refused(lambda: read_scheme_text(scheme_text(items, "a")))


@pytest.mark.parametrize(("rule", "code"), [("error", "scheme.figure_missing"), ("not_applicable", None)])
def test_no_history_is_an_error_or_not_applicable(trial: Trial, rule: str, code: str | None) -> None:
    items = {"x": "op: less, value: total@previous, less: 0, floor: none"}
    case = trial(scheme_text(items, "a", top=f"no_history: {rule}\n"), HISTORY)
    if code:
        assert refused(lambda: scores(case, "2026-01")) == {code}
    else:
        assert units(case, "2026-01")["U"]["items"][0]["state"] == "not_applicable"


def test_a_unit_new_this_month_has_no_history(trial: Trial) -> None:
    items = {"x": ADD % "a", "y": "op: streak, holds: {attribute: a, at_least: 1}, ending: current, unknown: breaks"}
    case = trial(scheme_text(items, "a"), HISTORY + "W,g,2026-03,a,5,,\n")
    assert units(case, "2026-03")["W"]["items"][1]["exact"] == "1"


def test_text_inputs_of_an_earlier_month_can_be_asked(trial: Trial) -> None:
    items = {
        "x": "op: ladder, levels: [{when: {attribute: k@previous, equals: 红}, points: 5}], wins: first, otherwise: zero, unknown: fails"
    }
    data = LONG + "U,g,2026-01,k,红,,\nU,g,2026-02,k,绿,,\n"
    assert scores(trial(scheme_text(items, "k:text", missing="not_applicable"), data)) == {"U": "5"}


def test_over_periods_looks_at_scores_too(trial: Trial) -> None:
    items = {"x": ADD % "a", "y": "op: over_periods, value: x, window: all, take: mean, absent: skip"}
    assert scores(trial(scheme_text(items, "a"), HISTORY), "2026-02") == {"U": "18", "V": "16"}


# Kinds, days known, perimeters --------------------------------------------------------------------------------------


def test_the_units_own_score_stands_beside_the_audited(trial: Trial) -> None:
    data = LONG + "U,g,2026,a,90,audited,\nU,g,2026,a,95,self,\nV,g,2026,a,80,audited,\nW,g,2026,a,70,self,\n"
    found = units(trial(scheme_text({"x": ADD % "a"}, "a"), data))
    assert [(unit, str(one["score"]), str(one.get("self_score"))) for unit, one in found.items()] == [
        ("U", "90", "95"), ("V", "80", "None"), ("W", "70", "70"),
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "expected"), [("audited", None), ("self", "70"), ("audited_else_self", "70")])
def test_which_kind_counts_is_said_by_the_input(trial: Trial, kind: str, expected: str | None) -> None:
    text = scheme_text({"x": ADD % "a"}, "a").replace("missing: error", f"missing: error, kind: {kind}")
    case = trial(text, LONG + "W,g,2026,a,70,self,\n")
    if expected is None:
        assert refused(lambda: scores(case)) == {"scheme.figure_missing"}
    else:
        assert scores(case) == {"W": expected}


def test_what_was_known_later_replaces_what_was_known_earlier_even_by_nothing(trial: Trial, tmp_path: Path) -> None:
    data = LONG + "U,g,2026,a,7,,2026-03-01\nU,g,2026,a,9,,2026-02-01\nU,g,2026,a,,,2026-04-01\n"
    text = scheme_text({"x": ADD % "a"}, "a", missing="zero")
    trial(text, data)
    files = {"scheme": tmp_path / "scheme.yaml", "data": tmp_path / "data.csv"}
    known = {
        day: scores(scoring.read_case(**files, known_at=day))["U"]
        for day in ("2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01")
    }
    assert known == {"2026-01-31": "0", "2026-02-01": "9", "2026-03-31": "7", "2026-04-01": "0"}


def test_two_figures_of_one_instant_are_refused(trial: Trial) -> None:
    data = LONG + "U,g,2026,a,7,,2026-03-01\nU,g,2026,a,9,,2026-03-01T00:00:00+08:00\n"
    assert refused(lambda: trial(scheme_text({"x": ADD % "a"}, "a"), data)) == {"scheme.figure_twice"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("U,g,2026,a,7,guess,", "scheme.bad_kind"),
        ("U,g,2026,a,7,,someday", "scheme.bad_day"),
        ("U,g,,a,7,,", "scheme.cell_missing"),
        ("U,g,2026,,7,,", "scheme.cell_missing"),
        (",g,2026,a,7,,", "scheme.unit_missing"),
        ("U,,2026,a,7,,", "scheme.group_missing"),
    ],
)
def test_a_bad_row_of_a_long_table_is_refused(trial: Trial, row: str, code: str) -> None:
    assert refused(lambda: trial(scheme_text({"x": ADD % "a"}, "a"), LONG + row + "\n")) == {code}


def test_two_perimeters_of_one_unit(trial: Trial) -> None:
    text = scheme_text({"x": ADD % "a", "y": ADD % "core"}, "a core")
    text = text.replace("core: {from: column", "core: {from: column, column: a, perimeter: 不含园区")
    wide = "unit,group,perimeter,a\nU,g,,10\nU,g,不含园区,7\n"
    assert scores(trial(text, wide)) == {"U": "17"}
    long = "unit,group,period,input,value,perimeter\nU,g,2026,a,10,\nU,g,2026,a,7,不含园区\n"
    assert scores(trial(text, long)) == {"U": "17"}


def test_a_wide_table_may_carry_periods(trial: Trial) -> None:
    case = trial(
        scheme_text({"x": ADD % "a@previous"}, "a", missing="zero"),
        "unit,group,period,a\nU,g,2026-01,5\nU,g,2026-02,6\n",
    )
    assert scores(case) == {"U": "5"}


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [("1,234.5", "", "1234.5"), ("96%", "%", "96"), ("−3", "", "-3"), ("1/4", "", "0.25"), ("１２．５", "", "12.5")],
)
def test_figures_as_offices_write_them(trial: Trial, cell: str, unit: str, expected: str) -> None:
    text = scheme_text({"x": ADD % "a"}, "a").replace("missing: error", f"missing: error, unit: '{unit}'")
    assert scores(trial(text, f'unit,group,a\nU,g,"{cell}"\n')) == {"U": expected}


@pytest.mark.parametrize("cell", ["96%", "12,34", "约5", "1e3", "1/0", "0x1"])
def test_what_is_no_figure_is_refused(trial: Trial, cell: str) -> None:
    assert refused(lambda: scores(trial(scheme_text({"x": ADD % "a"}, "a"), f'unit,group,a\nU,g,"{cell}"\n'))) == {
        "scheme.not_a_number"
    }


def test_a_figure_outside_its_range_is_refused(trial: Trial) -> None:
    text = scheme_text({"x": ADD % "a"}, "a").replace("missing: error", "missing: error, range: {least: 0, most: 10}")
    for cell in ("-1", "11"):
        assert refused(lambda cell=cell: scores(trial(text, f"unit,group,a\nU,g,{cell}\n"))) == {"scheme.outside_range"}


@pytest.mark.parametrize(("missing", "expected"), [("zero", "0"), ("not_applicable", None), ("error", "refused")])
def test_a_missing_figure(trial: Trial, missing: str, expected: str | None) -> None:
    case = trial(scheme_text({"x": RATE % "a"}, "a", missing=missing), "unit,group,a\nU,g,\n")
    if expected == "refused":
        assert refused(lambda: scores(case)) == {"scheme.figure_missing"}
    else:
        assert units(case)["U"]["items"][0]["exact"] == expected


def test_an_input_the_data_lack_is_named_even_where_it_may_be_missing(trial: Trial) -> None:
    case = trial(scheme_text({"x": ADD % "a"}, "a", missing="zero"), "unit,group,b\nU,g,1\n")
    found = answer(case, None)["problems"]
    assert {problem.code for problem in found} == {"scheme.column_unused", "scheme.input_absent"}


def test_a_period_outside_the_validity_is_named(trial: Trial) -> None:
    for label in ("2024", "2027-01"):
        case = trial(scheme_text({"x": ADD % "a"}, "a"), LONG + f"U,g,{label},a,1,,\n")
        assert [problem.code for problem in answer(case, label)["problems"]] == ["scheme.not_in_force"]


# A unit that changes group ------------------------------------------------------------------------------------------

CHANGE = """format: luodi-scheme/1
id: change
valid: {from: 2026-01-01, to: null}
basis: drawn
inputs: {a: {from: column, missing: error}}
groups:
  g: {items: [x], not_applicable: no_redistribution}
  h: {items: [y], not_applicable: no_redistribution}
items:
  x: {op: sum, of: [a], cap: none, round: none}
  y: {op: sum, of: [{value: a, times: 2}], cap: none, round: none}
total: {op: sum, of: [x, y], cap: none, round: none}
rank: {by: total, order: desc, ties: same_rank_skip}
corrections: rerank
"""
MOVED = "unit,group,a,share\nU,g,10,3/4\nU,h,20,1/4\nV,h,1,\n"


@pytest.mark.parametrize(
    ("rule", "group", "expected"),
    [("by_share", "g", "17.5"), ("last_group", "h", "40"), ("longest_group", "g", "10")],
)
def test_a_unit_that_changes_group(trial: Trial, rule: str, group: str, expected: str) -> None:
    found = units(trial(CHANGE + f"group_change: {rule}\n", MOVED))["U"]
    assert (found["group"], found["exact"]) == (group, expected)
    assert ("parts" in found) == (rule == "by_share")


def test_a_unit_that_changes_group_without_a_rule_is_refused(trial: Trial) -> None:
    for top in ("", "group_change: refuse\n"):
        assert refused(lambda top=top: scores(trial(CHANGE + top, MOVED))) == {"scheme.group_change"}


def test_a_bad_share_is_refused(trial: Trial) -> None:
    for share in ("0", "1.5", "half"):
        assert refused(lambda share=share: trial(CHANGE, MOVED.replace("3/4", share))) == {"scheme.bad_share"}


# Ranking ------------------------------------------------------------------------------------------------------------

TIED = "unit,group,a,b\nU,g,5,1\nV,g,5,2\nW,g,4,9\nX,g,9,0\n"
TAIL = "total: {op: sum, of: [x], cap: none, round: {places: 2, mode: half_up}}\nrank: {%s}\ncorrections: rerank\n"


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        ("by: total, order: desc, ties: same_rank_skip", {"X": 1, "U": 2, "V": 2, "W": 4}),
        ("by: total, order: desc, ties: same_rank_dense", {"X": 1, "U": 2, "V": 2, "W": 3}),
        ("by: total, order: asc, ties: same_rank_skip", {"W": 1, "U": 2, "V": 2, "X": 4}),
        ("by: total, order: desc, ties: refuse, then: [b]", {"X": 1, "V": 2, "U": 3, "W": 4}),
        ("by: total, order: desc, ties: refuse, then: [{by: b, order: asc}]", {"X": 1, "U": 2, "V": 3, "W": 4}),
        ("by: b, order: desc, ties: same_rank_skip, within: all", {"W": 1, "V": 2, "U": 3, "X": 4}),
        (
            "by: total, order: desc, ties: same_rank_skip, precision: {places: 0, mode: down}, then: []",
            {"X": 1, "U": 2, "V": 2, "W": 4},
        ),
    ],
)
def test_ties_are_settled_as_written(trial: Trial, rank: str, expected: dict[str, int]) -> None:
    case = trial(scheme_text({"x": ADD % "a"}, "a b", tail=TAIL % rank), TIED)
    assert {unit: one["rank"] for unit, one in units(case).items()} == expected


def test_a_tie_that_may_not_be_is_refused(trial: Trial) -> None:
    case = trial(scheme_text({"x": ADD % "a"}, "a b", tail=TAIL % "by: total, order: desc, ties: refuse"), TIED)
    assert refused(lambda: scores(case)) == {"scheme.tied"}


# What follows -------------------------------------------------------------------------------------------------------

FIVE = "unit,group,a,b\n" + "".join(f"{unit},g,{50 - 10 * i},{i}\n" for i, unit in enumerate("ABCDE"))


def after(trial: Trial, top: str, data: str = FIVE) -> dict[str, dict[str, Any]]:
    return units(trial(scheme_text({"x": ADD % "a"}, "a b", top=top), data))


def test_a_unit_may_be_left_out_of_the_ranking(trial: Trial) -> None:
    top = "not_ranked: [{id: new, when: {attribute: b, equals: 1}, basis: art. 9}]\nunranked_peers: included\n"
    found = after(trial, top)
    assert (found["B"]["state"], found["B"]["rank"], found["B"]["why"]) == ("not_ranked", None, ["new"])
    assert [found[unit]["rank"] for unit in "ACDE"] == [1, 2, 3, 4]


@pytest.mark.parametrize(("peers", "expected"), [("included", "25"), ("excluded", "100/3")])
def test_who_is_not_ranked_may_be_no_peer(trial: Trial, peers: str, expected: str) -> None:
    top = f"not_ranked: [{{id: new, when: {{attribute: b, equals: 0}}}}]\nunranked_peers: {peers}\n"
    items = {"x": "op: minmax, value: a, floor: 0, span: 100, if_equal: error"}
    found = units(trial(scheme_text(items, "a b", top=top), FIVE))
    assert found["D"]["exact"] == expected


def test_not_ranked_must_say_who_is_a_peer() -> None:
    top = "not_ranked: [{id: new, when: {attribute: b, equals: 0}}]\n"
    assert refused(lambda: read_scheme_text(scheme_text({"x": ADD % "a"}, "a b", top=top))) == {"scheme.choice_missing"}


@pytest.mark.parametrize(
    ("effect", "rank", "score"),
    [("score: 0", 5, "0"), ("points: -25", 3, "25"), ("rank: last", 5, "50"), ("not_ranked: true", None, "50")],
)
def test_a_hard_veto_is_applied(trial: Trial, effect: str, rank: int | None, score: str) -> None:
    found = after(
        trial, f"vetoes: [{{id: v, when: {{attribute: b, equals: 0}}, effect: {{{effect}}}, force: hard}}]\n"
    )["A"]
    assert (found["rank"], found["exact"], found["vetoes"][0]["id"]) == (rank, score, "v")


def test_a_soft_veto_is_only_proposed(trial: Trial) -> None:
    found = after(trial, "vetoes: [{id: v, when: {attribute: b, equals: 0}, effect: {score: 0}, force: soft}]\n")["A"]
    assert (found["rank"], found["exact"], found["proposed"][0]["id"]) == (1, "50", "v")


GRADES = "grades: {levels: [{grade: 优, when: {attribute: total, at_least: 30}, percent: 40}, {grade: 良, places: 2}], otherwise: 中}\n"


def test_grades_have_conditions_and_places(trial: Trial) -> None:
    assert {unit: one["grade"] for unit, one in after(trial, GRADES).items()} == dict(
        zip("ABCDE", "优优良良中", strict=True)
    )


def test_equals_enter_a_grade_together_or_not_at_all(trial: Trial) -> None:
    found = after(
        trial,
        "grades: {levels: [{grade: 优, places: 1}], otherwise: 良}\n",
        "unit,group,a,b\nA,g,5,0\nB,g,5,0\nC,g,1,0\n",
    )
    assert {one["grade"] for one in found.values()} == {"良"}


@pytest.mark.parametrize(
    ("rule", "unit", "grade"),
    [
        ("vetoes: [{id: v, when: {attribute: b, equals: 0}, effect: {grade_at_most: 中}, force: hard}]", "A", "中"),
        ("vetoes: [{id: v, when: {attribute: b, equals: 4}, effect: {grade_at_most: 良}, force: hard}]", "E", "中"),
        ("vetoes: [{id: v, when: {attribute: rank, equals: 1}, effect: {grade: 良}, force: hard}]", "A", "良"),
        ("vetoes: [{id: v, when: {attribute: rank, equals: 1}, effect: {grade: 良}, force: soft}]", "A", "优"),
        ("moves: [{id: m, when: {attribute: rank, equals: 3}, effect: {move: up}, force: hard}]", "C", "优"),
        (
            "moves: [{id: m, when: {attribute: rank, equals: 1}, effect: {move: down, levels: 2}, force: hard}]",
            "A",
            "中",
        ),
        (
            "moves: [{id: m, when: {attribute: rank_from_bottom, equals: 1}, effect: {move: down}, force: hard}]",
            "E",
            "中",
        ),
        ("moves: [{id: m, when: {attribute: grade, equals: 优}, effect: {move: down}, force: soft}]", "A", "优"),
    ],
)
def test_grades_move_after_scoring(trial: Trial, rule: str, unit: str, grade: str) -> None:
    assert after(trial, GRADES + rule + "\n")[unit]["grade"] == grade


def test_a_grade_nobody_gives_is_refused() -> None:
    for rule in (
        "vetoes: [{id: v, when: {attribute: b, equals: 0}, effect: {grade: 差}, force: hard}]\n",
        "moves: [{id: m, when: {attribute: b, equals: 0}, effect: {move: up}, force: hard}]\n",
    ):
        assert refused(lambda rule=rule: read_scheme_text(scheme_text({"x": ADD % "a"}, "a b", top=rule))) == {
            "scheme.unknown_grade"
        }


PRIZE = (
    "prizes: [{id: 先进, places: 2, by: total, order: desc, ties: %s, within: %s, when: {attribute: b, above: 0}}]\n"
)


def test_prizes_have_limited_places(trial: Trial) -> None:
    found = after(trial, PRIZE % ("all_in", "group"))
    assert [unit for unit, one in found.items() if one["prizes"]] == ["B", "C"]


@pytest.mark.parametrize(("ties", "winners"), [("all_in", "ABC"), ("none_in", "A"), ("refuse", None)])
def test_equals_at_the_last_place_of_a_prize(trial: Trial, ties: str, winners: str | None) -> None:
    data = "unit,group,a,b\nA,g,9,1\nB,g,5,1\nC,g,5,1\nD,g,1,1\n"
    if winners is None:
        assert refused(lambda: after(trial, PRIZE % (ties, "all"), data)) == {"scheme.prize_tied"}
    else:
        assert (
            "".join(unit for unit, one in after(trial, PRIZE % (ties, "all"), data).items() if one["prizes"]) == winners
        )


def test_a_veto_may_cost_the_prize(trial: Trial) -> None:
    top = (
        PRIZE % ("all_in", "all")
        + "vetoes: [{id: v, when: {attribute: b, equals: 1}, effect: {no_prize: true}, force: hard}]\n"
    )
    assert [unit for unit, one in after(trial, top).items() if one["prizes"]] == ["C", "D"]


def test_twice_running_at_the_bottom_is_proposed_to_people(trial: Trial) -> None:
    twice = "{all: [{attribute: rank_from_bottom, equals: 1}, {attribute: rank_from_bottom@previous, equals: 1}]}"
    top = f"vetoes: [{{id: talk, when: {twice}, effect: {{rank: last}}, force: soft}}]\n"
    case = trial(scheme_text({"x": ADD % "a"}, "a", top=top), HISTORY)
    assert [one["id"] for one in units(case, "2026-02")["V"]["proposed"]] == ["talk"]
    assert "proposed" not in units(case, "2026-03")["V"]


def test_a_rule_that_can_not_be_told_does_not_hold_and_says_so(trial: Trial) -> None:
    top = "moves: [{id: m, when: {attribute: rank@previous, equals: 1}, effect: {move: up}, force: hard}]\n" + GRADES
    found = units(trial(scheme_text({"x": ADD % "a"}, "a", top=top), HISTORY), "2026-01")
    assert found["U"]["unknown"] == ["m"]


def test_the_pool_is_frozen(trial: Trial) -> None:
    top = "pool: {units: [A, Z], frozen_on: 2026-01-31, approved_by: the assessment office}\n"
    assert refused(lambda: after(trial, top)) == {"scheme.not_in_pool", "scheme.pool_absent"}


def test_a_scheme_without_approval_is_marked(trial: Trial) -> None:
    case = trial(scheme_text({"x": ADD % "a"}, "a"), "unit,group,a\nU,g,1\n")
    assert answer(case, None)["mark"]["zh"] == "内部测算，不得通报"
    approved = scheme_text({"x": ADD % "a"}, "a", top="approval: {number: example 1}\n")
    found = answer(trial(approved, "unit,group,a\nU,g,1\n"), None)
    assert "mark" not in found and found["approval"] == "example 1"


def test_a_case_put_together_by_hand_is_held_to_its_files(trial: Trial) -> None:
    row = "op: points_by_row, rows: p, points: n, per_row: highest_only, key: id, cap: none"
    case = trial(scheme_text({"x": row}, "a"), "unit,group,a\nU,g,1\n", p="id,unit,n\nA,U,3\n")
    assert refused(lambda: answer(replace(case, rows={}), None)) == {"scheme.rows_missing"}


# Corrections --------------------------------------------------------------------------------------------------------

LATE = LONG + (
    "U,g,2026-01,a,10,,2026-02-01\nV,g,2026-01,a,9,,2026-02-01\nU,g,2026-01,a,4,,2026-02-20\n"
    "U,g,2026-02,a,8,,2026-03-01\nV,g,2026-02,a,7,,2026-03-01\n"
)
PUBLISHED = "published: {2026-01: 2026-02-05}\n"
YEAR = "op: over_periods, value: a, window: year_to_date, take: sum, absent: error"


def test_a_correction_after_publication_ranks_again(trial: Trial) -> None:
    found = answer(trial(scheme_text({"x": ADD % "a"}, "a", top=PUBLISHED), LATE), "2026-01")
    assert [unit["unit"] for unit in found["units"]] == ["V", "U"]
    assert found["corrected"] == [
        {"unit": "U", "was": {"score": "10", "rank": 1}, "now": {"score": "4", "rank": 2}},
        {"unit": "V", "was": {"score": "9", "rank": 2}, "now": {"score": "9", "rank": 1}},
    ]


def test_a_correction_after_publication_is_carried_forward(trial: Trial) -> None:
    text = scheme_text({"x": ADD % "a"}, "a", top=PUBLISHED).replace(
        "corrections: rerank", "corrections: carry_forward"
    )
    case = trial(text, LATE)
    assert scores(case, "2026-01") == {"U": "10", "V": "9"}
    found = units(case, "2026-02")
    assert (found["U"]["exact"], found["U"]["carried"], found["V"]["exact"]) == ("2", "-6", "7")
    assert (found["V"]["rank"], found["U"]["rank"]) == (1, 2)


CARRIED = scheme_text({"x": ADD % "year"}, "a", top=PUBLISHED, values={"year": YEAR}).replace(
    "corrections: rerank", "corrections: carry_forward"
)


def test_a_running_total_holds_the_corrections_of_published_periods(trial: Trial) -> None:
    data = LATE + "U,g,2026-03,a,1,,2026-04-01\nV,g,2026-03,a,1,,2026-04-01\n"
    published = CARRIED.replace(PUBLISHED, "published: {2026-01: 2026-02-05, 2026-02: 2026-03-05}\n")
    case = trial(published, data)
    assert scores(case, "2026-01") == {"U": "10", "V": "9"}
    march = units(case, "2026-03")
    assert march["U"]["exact"] == "13" and "carried" not in march["U"]  # 4 + 8 + 1: January as it was corrected


@pytest.mark.parametrize(("name", "expected"), [("a@previous", "4"), ("year@previous", "4"), ("total@previous", "10")])
def test_figures_are_read_as_known_now_and_scores_as_published(trial: Trial, name: str, expected: str) -> None:
    top = PUBLISHED + "no_history: zero\n"
    body = f"op: pick, of: [{name}], take: highest"
    tail = (
        "total: {op: sum, of: [x], cap: none, round: none}\n"
        "rank: {by: total, order: desc, ties: same_rank_skip}\ncorrections: carry_forward\n"
    )
    values = {"year": YEAR, "seen": body}
    text = scheme_text({"x": ADD % "year", "y": ADD % "seen"}, "a", top=top, values=values, tail=tail)
    assert units(trial(text, LATE), "2026-02")["U"]["items"][1]["exact"] == expected


def test_a_condition_reads_earlier_figures_as_known_now(trial: Trial) -> None:
    streak = {"x": "op: streak, holds: {attribute: a, at_most: 8}, ending: current, unknown: breaks"}
    text = scheme_text(streak, "a", top=PUBLISHED).replace("corrections: rerank", "corrections: carry_forward")
    assert units(trial(text, LATE), "2026-02")["U"]["items"][0]["exact"] == "2"


def test_a_trial_rereads_what_the_baseline_reread(trial: Trial) -> None:
    case = trial(CARRIED, LATE)
    found = simulate(case, "2026-02", changes={("2026-02", "U", "a"): "9"})
    assert [(one["unit"], one["by"]) for one in found["moved"]] == [("U", "1")]


def test_once_ever_without_a_day_is_told(trial: Trial) -> None:
    row = "op: points_by_row, rows: p, points: n, per_row: highest_only, key: id, cap: none"
    text = scheme_text({"x": row + ", once: {before: [], periods: once_ever}"}, "a")
    case = trial(text, LONG + "U,g,2026-01,a,1,,\n", p="id,unit,n\nA,U,3\n")
    assert [problem.code for problem in answer(case, "2026-01")["problems"]] == ["scheme.once_undated"]


def test_once_across_items_the_first_item_credits(trial: Trial) -> None:
    row = "op: points_by_row, rows: p, points: %s, per_row: highest_only, key: id, cap: none"
    items = {"x": row % "n", "y": row % "m" + ", once: {before: [x], periods: each}"}
    case = trial(scheme_text(items, "a"), "unit,group,a\nU,g,1\n", p="id,unit,n,m\nA,U,3,5\nB,U,0,5\n")
    found = units(case)["U"]["items"]
    assert [item["exact"] for item in found] == ["3", "5"]
    assert found[1]["rows"][0]["why"] == "counted in x"


def test_an_item_credited_before_itself_is_a_circle() -> None:
    row = "op: points_by_row, rows: p, points: n, per_row: highest_only, key: id, cap: none, once: {before: [x], periods: each}"
    assert refused(lambda: read_scheme_text(scheme_text({"x": row}, "a"))) == {"scheme.cycle"}


def test_exact_fractions_survive_to_the_end(trial: Trial) -> None:
    case = trial(scheme_text({"x": "op: product, of: [a, 1/3, 3], cap: none"}, "a"), "unit,group,a\nU,g,0.1\n")
    assert Fraction(scores(case)["U"]) == Fraction(1, 10)


def test_a_unit_counted_in_its_last_group_keeps_the_figures_of_the_other(trial: Trial) -> None:
    data = "unit,group,period,input,value\nU,g,2026,a,10\nU,h,2026,b,1\n"
    text = CHANGE.replace(
        "inputs: {a: {from: column, missing: error}}",
        "inputs: {a: {from: column, missing: error}, b: {from: column, missing: zero}}",
    )
    assert scores(trial(text + "group_change: last_group\n", data)) == {"U": "20"}


def test_bankers_rounding_and_half_down(trial: Trial) -> None:
    for mode, expected in (
        ("half_even", "0.12"),
        ("half_down", "0.12"),
        ("half_up", "0.13"),
        ("floor", "0.12"),
        ("ceiling", "0.13"),
    ):
        item = {"x": ADD % "a" + f", round: {{places: 2, mode: {mode}}}"}
        assert scores(trial(scheme_text(item, "a"), "unit,group,a\nU,g,0.125\n")) == {"U": expected}


def test_a_unit_nothing_applies_to_is_not_scored(trial: Trial) -> None:
    tail = "total: {op: pick, of: [x], take: highest, round: none}\nrank: {by: total, order: desc, ties: same_rank_skip}\ncorrections: rerank\n"
    found = units(
        trial(scheme_text({"x": RATE % "a"}, "a", tail=tail, missing="not_applicable"), "unit,group,a\nU,g,\nV,g,1\n")
    )
    assert (found["U"]["state"], found["U"]["rank"], found["U"]["score"], found["V"]["rank"]) == (
        "not_scored",
        None,
        None,
        1,
    )
