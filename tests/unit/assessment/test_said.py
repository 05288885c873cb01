"""What a score says to people: sentences, notes, and what a trial blames. No answer leaves its reader guessing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from luodi.assessment.schemes import scoring, sensing, simulating, telling
from luodi.assessment.schemes.reading import BadScheme, read_scheme_text
from luodi.assessment.schemes.scoring import Case, answer
from luodi.cli.main import main
from tests.unit.assessment.conftest import scheme_text

Trial = Callable[..., Case]
ADD = "op: sum, of: [a], cap: none"
RATE = "op: ratio, value: a, to: b, cap: none, zero_target: not_applicable, negative: zero"
LONG = "unit,group,period,input,value,kind,known_at\n"
PAIR = "unit,group,a\nU,g,2\nV,g,1\n"


def unit_of(case: Case, unit: str = "U", period: str | None = None) -> dict[str, Any]:
    return next(one for one in answer(case, period)["units"] if one["unit"] == unit)


def said(case: Case, language: str = "zh", item: int = 0, period: str | None = None) -> str:
    return str(unit_of(case, period=period)["items"][item]["sentence"][language])


# Sentences ----------------------------------------------------------------------------------------------------------


def test_an_item_that_does_not_apply_says_why(trial: Trial) -> None:
    case = trial(scheme_text({"x": RATE}, "a b"), "unit,group,a,b\nU,g,1,0\n")
    assert (said(case), said(case, "en")) == ("x：不适用（目标为零）。", "x: not applicable (the target is zero).")
    lacking = trial(scheme_text({"x": RATE}, "a b", missing="not_applicable"), "unit,group,a,b\nU,g,,5\n")
    assert (said(lacking), said(lacking, "en")) == ("x：不适用（没有a）。", "x: not applicable (no a).")
    unmeasured = trial(scheme_text({"x": ADD + ", scale: none"}, "a", weights={"x": 0}), "unit,group,a\nU,g,1\n")
    assert said(unmeasured) == "x：不适用（本组不考这一项）。"


LADDER = (
    "op: ladder, levels: [{when: {attribute: a, at_least: 9}, points: 5, name: gold}, "
    "{when: {attribute: a, at_least: 5}, points: 2}], wins: best, otherwise: zero, unknown: fails"
)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("9", "x：a 9，达到“gold”，得 5 分。"),
        ("5", "x：a 5，达到第 2 级，得 2 分。"),
        ("1", "x：a 1，各级都未达到，得 0 分。"),
        ("", "x：a 未报，各级都未达到，得 0 分。"),
    ],
)
def test_a_ladder_says_which_level_was_reached(trial: Trial, figure: str, expected: str) -> None:
    case = trial(scheme_text({"x": LADDER}, "a b", missing="not_applicable"), f"unit,group,a,b\nU,g,{figure},1\n")
    assert said(case) == expected


def test_a_condition_that_does_not_hold_leaves_the_operator_out(trial: Trial) -> None:
    body = "op: minmax, value: a, floor: 60, span: 40, if_equal: 100, when: {attribute: b, at_least: 1}, else: 3"
    case = trial(scheme_text({"x": body}, "a b"), "unit,group,a,b\nU,g,2,0\nV,g,1,1\n")
    assert said(case) == "x：b 0，按方案对 when 的规定计，得 3 分。"


@pytest.mark.parametrize(
    ("figure", "zh", "en"),
    [
        ("rank@previous", "上期名次 1", "rank of the period before 1"),
        ("total@previous", "上期总分 10", "total of the period before 10"),
        ("a@previous", "上期a 10", "a of the period before 10"),
        ("a@2026-01", "a（2026-01） 10", "a (2026-01) 10"),
    ],
)
def test_earlier_figures_are_named_for_readers(trial: Trial, figure: str, zh: str, en: str) -> None:
    data = LONG + "U,g,2026-01,a,10,,\nU,g,2026-02,a,5,,\n"
    items = {"x": ADD, "y": f"op: pick, of: [{figure}], take: highest"}
    tail = (
        "total: {op: sum, of: [x], cap: none, round: none}\n"
        "rank: {by: total, order: desc, ties: same_rank_skip}\ncorrections: rerank\nno_history: zero\n"
    )
    case = trial(scheme_text(items, "a", tail=tail), data)
    assert said(case, "zh", 1, "2026-02").startswith(f"y：{zh}，")
    assert said(case, "en", 1, "2026-02").startswith(f"y: {en}, ")


def test_a_single_deduction_needs_no_brackets(trial: Trial) -> None:
    case = trial(scheme_text({"x": ADD + ", floor: none"}, "a"), "unit,group,a\nU,g,-1\n")
    assert unit_of(case)["items"][0]["text"]["zh"] == "-1"


# Places and notes ---------------------------------------------------------------------------------------------------


def test_a_rank_over_all_counts_all(trial: Trial) -> None:
    tail = (
        "total: {op: sum, of: [x], cap: none, round: none}\n"
        "rank: {by: total, order: desc, ties: same_rank_skip, within: all}\ncorrections: rerank\n"
    )
    group = "items: [x], not_applicable: no_redistribution"
    text = scheme_text({"x": ADD}, "a", group=group, tail=tail).replace("  g: {", f"  h: {{{group}}}\n  g: {{")
    case = trial(text, "unit,group,a\nU,g,1\nV,h,2\n")
    assert unit_of(case)["text"]["zh"] == "U 得 1 分，列全部 2 家中第 2 名。"


RULES = (
    "vetoes: [{id: fraud, when: {attribute: f, at_least: 1}, effect: {rank: last}, force: hard},"
    " {id: talk, when: {attribute: f, at_least: 1}, effect: {rank: last}, force: soft},"
    " {id: dim, when: {attribute: n, at_least: 1}, effect: {rank: last}, force: hard}]\n"
    "grades: {levels: [{grade: A, when: {attribute: total, at_least: 1}}], otherwise: B}\n"
    "moves: [{id: down, when: {attribute: f, at_least: 1}, effect: {move: down}, force: hard}]\n"
    "prizes: [{id: first, places: 1, by: total, order: desc, ties: all_in, within: group}]\n"
)


def ruled(trial: Trial) -> Case:
    text = scheme_text({"x": ADD}, "a f n", top=RULES, missing="not_applicable")
    return trial(text, "unit,group,a,f,n\nU,g,9,1,\nV,g,8,0,0\n")


def test_what_settled_a_place_besides_its_figures_is_noted(trial: Trial) -> None:
    notes = unit_of(ruled(trial))["notes"]
    assert notes["zh"] == "适用否决：fraud。适用升降等：down。待人决定：talk。缺数、说不清：dim。等次：B。奖项：first。"
    assert notes["en"].startswith("Vetoes applied: fraud. Moved between grades by: down. Proposed")
    assert "notes" not in unit_of(trial(scheme_text({"x": ADD}, "a"), PAIR))


def test_notes_are_told_after_the_sentence(trial: Trial) -> None:
    told = next(telling.unit_told(answer(ruled(trial), None), "V", "en"))
    assert told == "V scores 8 and ranks 1 of 2 in group g. Grade: A."


def test_notes_stand_in_the_table(trial: Trial, tmp_path: Path) -> None:
    ruled(trial)
    files = [str(tmp_path / "scheme.yaml"), str(tmp_path / "data.csv")]
    assert "适用否决：fraud。" in CliRunner().invoke(main, ["score", *files]).output


def test_titles_head_the_table(trial: Trial, tmp_path: Path) -> None:
    case = trial(scheme_text({"x": ADD + ", title: 到位资金"}, "a"), PAIR)
    assert unit_of(case)["items"][0]["title"] == "到位资金"
    files = [str(tmp_path / "scheme.yaml"), str(tmp_path / "data.csv")]
    assert "到位资金" in CliRunner().invoke(main, ["score", *files]).output


# Trials -------------------------------------------------------------------------------------------------------------


def test_a_trial_names_the_rule_that_moves_and_who_moves_only_with_others(trial: Trial) -> None:
    found = simulating.simulate(ruled(trial), None, changes={(None, "U", "f"): "0"})
    moved = {one["unit"]: one for one in found["moved"]}
    assert [(one["rule"], one["did"]) for one in moved["U"]["rules"]] == [
        ("fraud", "applies_no_more"),
        ("down", "applies_no_more"),
    ]
    assert (moved["U"]["only_others"], moved["V"]["only_others"]) == (False, True)
    back = simulating.simulate(ruled(trial), None, changes={(None, "V", "f"): "1"})
    assert {rule["did"] for one in back["moved"] for rule in one["rules"]} == {"applies"}


def test_a_trial_that_moves_nobody_says_so(trial: Trial, tmp_path: Path) -> None:
    trial(scheme_text({"x": ADD}, "a"), PAIR)
    files = [str(tmp_path / "scheme.yaml"), str(tmp_path / "data.csv")]
    assert CliRunner().invoke(main, ["scheme", "simulate", *files, "--set", "U.a=2"]).output == "没有单位变动。\n"


def test_a_unit_that_leaves_has_no_rules_to_tell(trial: Trial) -> None:
    case = ruled(trial)
    base = scoring.scored(case, None, traced=True)
    (Path(case.data.file)).write_text("unit,group,a,f,n\nV,g,8,0,0\n", "utf-8")
    other = scoring.read_case(scheme=case.scheme.file, data=case.data.file)
    found = simulating.compared(base, scoring.scored(other, None, traced=True))
    gone = next(one for one in found["moved"] if one["unit"] == "U")
    assert [rule["did"] for rule in gone["rules"]] == ["applies_no_more", "applies_no_more"]


def test_a_margin_that_the_score_did_not_settle_is_none(trial: Trial) -> None:
    margins = {one["unit"]: one["to_next_above"] for one in sensing.sense(ruled(trial), None)["units"]}
    assert margins == {"V": None, "U": None}


def test_a_margin_where_the_least_is_first(trial: Trial) -> None:
    text = scheme_text({"x": ADD}, "a").replace("order: desc", "order: asc")
    margins = {one["unit"]: one["to_next_above"] for one in sensing.sense(trial(text, PAIR), None)["units"]}
    assert margins == {"V": None, "U": "1"}


@pytest.mark.parametrize(("unit", "expected"), [("U", "U 已是第一名。"), ("V", "没有哪一个数单独变动就能让 V 上升。")])
def test_no_way_up_is_said(trial: Trial, tmp_path: Path, unit: str, expected: str) -> None:
    text = scheme_text({"x": ADD}, "a").replace("from: column", "from: column, range: {least: 0, most: 2}, step: 5")
    trial(text, PAIR)
    files = [str(tmp_path / "scheme.yaml"), str(tmp_path / "data.csv")]
    assert expected in CliRunner().invoke(main, ["scheme", "climb", *files, "--unit", unit]).output


# Files --------------------------------------------------------------------------------------------------------------


def test_an_item_without_an_operator_says_so() -> None:
    with pytest.raises(BadScheme) as refusal:
        read_scheme_text(scheme_text({"x": "value: a"}, "a"))
    assert "scheme.op_missing" in {problem.code for problem in refusal.value.problems}
