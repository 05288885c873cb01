"""What can't be read or scored is refused with file and line, never with a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.data import read_data, read_rows
from luodi.assessment.schemes.reading import read_scheme_text
from luodi.assessment.schemes.scoring import Case
from luodi.kernel.problem import LANGUAGES, Refused
from tests.unit.assessment.conftest import scheme_text

Trial = Callable[..., Case]
ADD = "op: sum, of: [a], cap: none"
SOUND = scheme_text({"x": ADD}, "a")
STEPS = "op: steps, value: a, from: 1, base: 1, measure: difference, steps: whole, up: none, down: none, floor: none"
RANK = "rank: {by: total, order: desc, ties: same_rank_skip, then: []}"


def codes(text: str) -> set[str]:
    with pytest.raises(Refused) as refusal:
        read_scheme_text(text)
    for problem in refusal.value.problems:
        assert problem.file and problem.line, problem
        assert all(problem.message(language) for language in LANGUAGES)
    return {problem.code for problem in refusal.value.problems}


def test_the_sound_scheme_is_read() -> None:
    assert read_scheme_text(SOUND).id == "trial"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: trial", "id: ''", "scheme.unfit"),
        ("id: trial", "id: [x]", "scheme.unfit"),
        ("2026-12-31", "31.12.2026", "scheme.unfit"),
        ("valid: {from: 2025-01-01, to: 2026-12-31}", "valid: always", "scheme.not_a_mapping"),
        ("missing: error", "missing: maybe", "scheme.unfit"),
        ("type: number", "type: number, range: {least: low}", "scheme.unfit"),
        ("inputs:\n  a: {from: column, missing: error, type: number}", "inputs: {}", "scheme.unfit"),
        ("inputs:\n  a:", "inputs:\n  a@b:", "scheme.bad_name"),
        ("inputs:\n  a:", "inputs:\n  total:", "scheme.name_twice"),
        ("items:\n  x: {", "values: [x]\nitems:\n  x: {", "scheme.unfit"),
        ("items:\n  x: {", "values: {x: {op: sum, of: [a], cap: none}}\nitems:\n  x: {", "scheme.name_twice"),
        ("items:\n  x: {", "items:\n  y: 5\n  x: {", "scheme.not_a_mapping"),
        ("items: [x], weights", "items: x, weights", "scheme.unfit"),
        ("items: [x], weights", "items: [x, x], weights", "scheme.item_twice"),
        ("weights: {}", "weights: 5", "scheme.unfit"),
        ("weights: {}", "weights: {x: -5}", "scheme.unfit"),
        ("weights: {}", "weights: {z: 5}", "scheme.unknown_item"),
        ("weights: {}", "weights: {x: 5}", "scheme.choice_missing"),
        ("of: [a], cap: none, round: none}\ntotal", "of: [], cap: none, round: none}\ntotal", "scheme.unfit"),
        ("of: [a]", "of: [{value: a, times: {percent: 10}}]", "scheme.key_missing"),
        ("of: [a]", "of: [{value: a, times: {percent: ten, of: full}}]", "scheme.unfit"),
        ("of: [a]", "of: [a@]", "scheme.unknown_name"),
        ("of: [a]", "of: [rank]", "scheme.needs_period"),
        ("of: [a]", "of: [[a]]", "scheme.unfit"),
        ("op: sum, of: [a]", "op: product, of: [1/0]", "scheme.unknown_name"),
        ("cap: none, round: none}\ntotal", "cap: {on: moon, at: 1}, round: none}\ntotal", "scheme.unfit"),
        ("cap: none, round: none}\ntotal", "cap: none, round: {places: 13, mode: down}}\ntotal", "scheme.unfit"),
        ("cap: none, round: none}\ntotal", "cap: none, round: {places: 1.5, mode: down}}\ntotal", "scheme.unfit"),
        ("cap: none, round: none}\ntotal", "cap: none, round: 2}\ntotal", "scheme.not_a_mapping"),
        ("cap: none, round: none}\ntotal", "cap: none, round: none, when: {attribute: z, equals: 1}}\ntotal", "scheme.unknown_name"),
        ("cap: none, round: none}\ntotal", "cap: none, round: none, when: {attribute: a}}\ntotal", "predicate.no_relation"),
        ("cap: none, round: none}\ntotal", "cap: none, round: none, else: never}\ntotal", "scheme.unfit"),
        ("cap: none, round: none}\ntotal", "cap: none, round: none, scale: {from: 0}}\ntotal", "scheme.unfit"),
        ("cap: none, round: none}\ntotal", "cap: none, round: none, monotonic: up}\ntotal", "scheme.unfit"),
        ("total: {op: sum, of: [x], cap: none, round: none}", "total: 5", "scheme.not_a_mapping"),
        ("total: {op: sum, of: [x], cap: none, round: none}", "total:", "scheme.not_a_mapping"),
        ("total: {op: sum, of: [x], cap: none, round: none}\n", "", "scheme.key_missing"),
        ("total: {op: sum, of: [x], cap: none", "total: {op: sum, of: [x], cap: {on: item, at: 9}", "scheme.unfit"),
        (RANK, RANK.replace("then: []", "then: x"), "scheme.unfit"),
        (RANK, RANK.replace("then: []", "then: [{by: x}]"), "scheme.choice_missing"),
        (RANK, RANK.replace("by: total", "by: nothing"), "scheme.unknown_name"),
        (RANK, "rank: first", "scheme.not_a_mapping"),
        ("corrections: rerank", "corrections: rerank\nyear_starts: 0", "scheme.unfit"),
        ("corrections: rerank", "corrections: rerank\nyear_starts: May", "scheme.unfit"),
        ("corrections: rerank", "corrections: rerank\nvetoes: [{id: v, when: {attribute: z, equals: 1}, effect: {score: 0}, force: hard}]", "scheme.unknown_name"),
        ("corrections: rerank", "corrections: rerank\nvetoes: [{id: v, when: {attribute: a}, effect: {score: 0}, force: hard}]", "predicate.no_relation"),
        ("corrections: rerank", "corrections: rerank\nvetoes: [{id: v, when: {attribute: a, equals: 1}, effect: {score: 0}}]", "scheme.choice_missing"),
        ("corrections: rerank", "corrections: rerank\npublished: {2026: someday}", "scheme.unfit"),
    ],
)  # fmt: skip
def test_a_slip_in_a_scheme_is_named(old: str, new: str, code: str) -> None:
    assert old in SOUND
    assert code in codes(SOUND.replace(old, new))


def test_what_is_no_scheme_at_all_is_refused() -> None:
    assert codes("- a\n") == {"scheme.not_a_mapping"}
    assert codes("a: 1\n") == {"scheme.format"}


def test_an_item_that_no_group_measures_can_not_be_added() -> None:
    text = SOUND.replace("items:\n  x: {", "items:\n  y: {op: sum, of: [a], cap: none, round: none}\n  x: {")
    assert codes(text.replace("of: [x]", "of: [x, y]")) == {"scheme.item_in_no_group"}


def test_a_weight_of_an_item_the_group_lacks_is_refused() -> None:
    text = SOUND.replace("items:\n  x: {", "items:\n  y: {op: sum, of: [a], cap: none, round: none}\n  x: {")
    assert codes(text.replace("weights: {}", "weights: {y: 0}")) == {"scheme.weight_of_nothing"}


def test_text_can_not_be_calculated_with() -> None:
    assert codes(SOUND.replace("type: number", "type: text")) == {"scheme.not_numeric"}


def test_an_unknown_group_to_compare_with_is_refused() -> None:
    item = "op: peer, of: a, take: mean, self: included, empty: error, over: %s"
    for over in ("nobody", "{g: 1}"):
        assert codes(scheme_text({"x": item % over}, "a")) <= {"scheme.unknown_group", "scheme.unfit"}


def test_other_forms_are_read() -> None:
    for old, new in (("up: none", "up: {per: 1, points: 1, most: none}"), ("from: 1", "from: {percent: 5, of: a}")):
        assert read_scheme_text(scheme_text({"x": STEPS.replace(old, new)}, "a")).items["x"].op == "steps"
    assert codes(scheme_text({"x": STEPS.replace("from: 1", "from: [1]")}, "a")) == {"scheme.unfit"}
    peers = "op: peer, of: a, take: mean, self: included, empty: error, over: [g]"
    assert read_scheme_text(scheme_text({"x": peers}, "a")).items["x"].reach == ("g",)


# Files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "scheme.empty_file"),
        (b"unit,group,a\n", "scheme.empty_file"),
        (b"unit,group,period,input,value\n", "scheme.empty_file"),
        (b"unit,group,period,input,value,colour\nU,g,2026,a,1,red\n", "scheme.column_unknown"),
        (b"\xff\xff\xff", "scheme.encoding"),
        (b'unit,"gr\x00oup', "scheme.column_missing"),
        (b"unit,group,a\nU,g," + b"9" * 200_000 + b"\n", "scheme.bad_csv"),
        (b"u" * 200_000, "scheme.bad_csv"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "d.csv").write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read_data(tmp_path / "d.csv")
    assert {problem.code for problem in refusal.value.problems} == {code}


@pytest.mark.parametrize(("row", "code"), [("A,U,1,someday", "scheme.bad_day"), ("A,,1,", "scheme.unit_missing")])
def test_a_row_that_can_not_be_read_is_refused(tmp_path: Path, row: str, code: str) -> None:
    (tmp_path / "r.csv").write_text(f"id,unit,n,known_at\n{row}\n", "utf-8")
    with pytest.raises(Refused) as refusal:
        read_rows("p", tmp_path / "r.csv")
    assert {problem.code for problem in refusal.value.problems} == {code}


def test_rows_known_too_late_are_left_out(trial: Trial, tmp_path: Path) -> None:
    item = "op: rows_total, rows: p, take: count, key: id, empty: zero"
    trial(
        scheme_text({"x": item}, "a"), "unit,group,a\nU,g,1\n", p="id,unit,known_at\nA,U,2026-01-01\nB,U,2026-03-01\n"
    )
    files = {"scheme": tmp_path / "scheme.yaml", "data": tmp_path / "data.csv", "rows": {"p": str(tmp_path / "p.csv")}}
    counts = []
    for day in ("2026-02-01", "2026-03-01"):
        case = scoring.read_case(**files, known_at=day)
        counts.append(str(scoring.answer(case, None)["units"][0]["exact"]))
    assert counts == ["1", "2"]


def test_a_division_by_a_figure_of_nothing_is_refused(trial: Trial) -> None:
    item = "op: brackets, value: a, from: 0, base: 0, above: {slice: 1, of: 1, first: 1, step: -1}, below: none, cap: none, floor: none"
    case = trial(scheme_text({"x": item}, "a"), "unit,group,a\nU,g,5\n")
    with pytest.raises(Refused) as refusal:
        scoring.scored(case, None)
    assert {problem.code for problem in refusal.value.problems} == {"scheme.zero_division"}


def test_ranking_that_decides_who_is_a_peer_by_peers_is_a_circle(trial: Trial) -> None:
    items = {"x": "op: minmax, value: a, floor: 0, span: 1, if_equal: error"}
    top = "not_ranked: [{id: low, when: {attribute: x, below: 1/2}}]\nunranked_peers: excluded\n"
    case = trial(scheme_text(items, "a", top=top), "unit,group,a\nU,g,5\nV,g,1\n")
    with pytest.raises(Refused) as refusal:
        scoring.scored(case, None)
    assert "scheme.cycle" in {problem.code for problem in refusal.value.problems}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["{", "}", "[", "]", ":", ",", "none", "op", "sum", "of", "a", "x", "\n", " ", "1", "round"]),
        max_size=12,
    ),
    st.integers(0, 600),
)
def test_no_scheme_however_broken_ends_in_a_traceback(pieces: list[str], at: int) -> None:
    try:
        read_scheme_text(SOUND[:at] + "".join(pieces) + SOUND[at:])
    except Refused as refusal:
        assert refusal.problems
