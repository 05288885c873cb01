"""Every operator and choice by a drawn table; every score recomputed from its trace by a second evaluator."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.operators import OPERATORS
from luodi.assessment.schemes.standing import standing_of
from luodi.assessment.schemes.trace import document
from luodi.kernel.problem import LANGUAGES, Refused
from tests.spec.schemes.formulas import formula_value
from tests.spec.schemes.recompute import number, recompute

TABLE = yaml.load(Path(__file__).with_name("operators.yaml").read_text("utf-8"), yaml.BaseLoader)
LONG = "unit,group,period,input,value\n"


def text_of(case: dict[str, Any]) -> str:
    """Write the scheme of one case."""
    lines = ["format: luodi-scheme/1", "id: table", "valid: {from: 2020-01-01, to: null}", "basis: drawn"]
    inputs = case.get("inputs", "spare").split()
    missing = case.get("missing", "error" if "inputs" in case else "zero")
    lines.append("inputs:")
    for one in inputs:
        name, _, kind = one.partition(":")
        lines.append(f"  {name}: {{from: column, missing: {missing}, type: {kind or 'number'}}}")
    items = "x, y" if "second" in case else "x"
    weights = f", weights: {{x: {case['weight']}}}" if "weight" in case else ""
    lines.append(f"groups: {{g: {{items: [{items}]{weights}, not_applicable: no_redistribution}}}}")
    rounding = "" if "round:" in case["op"] else ", round: {places: 2, mode: half_up}"
    lines += ["items:", f"  x: {{{case['op']}{rounding}}}"]
    if "second" in case:
        lines.append(f"  y: {{{case['second']}, round: none}}")
    tail = "total: {op: sum, of: [x], cap: none, round: none}\nrank: {by: total, order: desc, ties: same_rank_skip}\n"
    return "\n".join(lines) + "\n" + case.get("top", "") + case.get("tail", tail + "corrections: rerank\n")


def read(case: dict[str, Any], folder: Path) -> scoring.Case:
    """Write the files of one case and read them."""
    (folder / "s.yaml").write_text(text_of(case), "utf-8")
    names = [one.partition(":")[0] for one in case.get("inputs", "").split()]
    head = LONG if "long" in case else ",".join(["unit", "group", *names]) + "\n"
    (folder / "d.csv").write_text(head + case["data"] + "\n", "utf-8")
    rows = {}
    if "rows" in case:
        (folder / "p.csv").write_text(case["rows"] + "\n", "utf-8")
        rows["p"] = str(folder / "p.csv")
    return scoring.read_case(scheme=folder / "s.yaml", data=folder / "d.csv", rows=rows)


def opened(case: dict[str, Any], folder: Path) -> dict[str, dict[str, Any]]:
    """Score one case and give each unit's trace of item x."""
    found = read(case, folder)
    pool = scoring.scored(found, scoring.chosen_period(found, case.get("period")), traced=True)
    assert standing_of(pool).places
    return {unit["unit"]: unit["items"][0] for unit in document(pool)["units"]}


SCORED = [case for case in TABLE if "expect" in case]
REFUSED = [case for case in TABLE if "error" in case]


@pytest.mark.parametrize("case", SCORED, ids=[case["rule"] for case in SCORED])
def test_a_formula_works_out_to_the_score(case: dict[str, Any], tmp_path: Path) -> None:
    for trace in opened(case, tmp_path).values():
        formula = trace["text"]["zh"]
        if trace["exact"] is not None and "..." not in formula:
            assert formula_value(formula) == number(trace["exact"]), formula


@pytest.mark.parametrize("case", SCORED, ids=[case["rule"] for case in SCORED])
def test_a_rule_gives_what_was_worked_out_by_hand(case: dict[str, Any], tmp_path: Path) -> None:
    traces = opened(case, tmp_path)
    for unit, expected in case["expect"].items():
        trace = traces[unit]
        if expected == "na":
            assert (trace["exact"], trace["score"], trace["state"]) == (None, None, "not_applicable")
            continue
        assert number(trace["exact"]) == number(expected)
        exact, rounded = recompute(trace)
        assert exact == number(trace["exact"]), "the trace alone does not give the score"
        assert rounded == Fraction(str(trace["score"]))
        for key, value in case.get("trace", {}).items():
            assert str(trace[key]).lower() == value
    for trace in traces.values():
        for language in LANGUAGES:
            assert trace["text"][language] and trace["sentence"][language].endswith(("。", "."))
            assert "{" not in trace["sentence"][language]


@pytest.mark.parametrize("case", REFUSED, ids=[case["rule"] for case in REFUSED])
def test_a_rule_refuses_what_it_can_not_settle(case: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        opened(case, tmp_path)
    codes = {problem.code for problem in refusal.value.problems}
    assert case["error"] in codes
    for problem in refusal.value.problems:
        assert problem.file and problem.line, problem
        for language in LANGUAGES:
            assert "{" not in problem.message(language).replace("{[", ""), problem.message(language)


def test_the_table_leaves_out_no_operator() -> None:
    drawn = {part.split(":")[1].strip() for case in TABLE for part in [case["op"].split(",")[0]]}
    assert drawn | {"children"} == set(OPERATORS)
    assert len(OPERATORS) <= 25
