"""Closed three-valued conditions: how they are read, and what they answer when something was not reported."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.kernel import predicates
from luodi.kernel.predicates import All, Any, BadPredicate, Not, compare, judge, number, plain, same
from luodi.kernel.problem import LANGUAGES
from luodi.kernel.yamltext import Place, loads

One = predicates.Test
BOTH = frozenset({"attribute", "field"})
LISTS = {"top": ["甲", "乙"], "none": []}


def read(text: str, **more: object) -> predicates.Predicate:
    return predicates.read(loads(text), Place("x.yaml"), subjects=BOTH, lists=LISTS, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "values", "truth"),
    [
        ("{attribute: kind, in: [industry]}", {"kind": "industry"}, True),
        ("{attribute: kind, in: [industry]}", {"kind": "trade"}, False),
        ("{attribute: kind, in: [industry]}", {}, None),
        ("{field: started, equals: 是}", {"started": " 是 "}, True),
        ("{field: started, equals: 是}", {"started": ""}, None),
        ("{field: started, not_equals: 是}", {"started": "否"}, True),
        ("{field: started, not_equals: 是}", {"started": None}, None),
        ("{attribute: n, equals: 10}", {"n": Decimal("10.0")}, True),
        ("{attribute: n, equals: 10}", {"n": "１０"}, True),
        ("{attribute: n, not_in: [1, 2]}", {"n": 3}, True),
        ("{attribute: n, not_in: [1, 2]}", {"n": 2}, False),
        ("{attribute: n, at_least: 10}", {"n": Fraction(10)}, True),
        ("{attribute: n, above: 10}", {"n": 10}, False),
        ("{attribute: n, at_most: 10}", {"n": 10}, True),
        ("{attribute: n, below: 10}", {"n": 9}, True),
        ("{attribute: n, at_least: 5, below: 10}", {"n": 12}, False),
        ("{attribute: n, between: [5, 10]}", {"n": 5}, True),
        ("{attribute: n, between: [5, 10]}", {"n": 11}, False),
        ("{attribute: n, at_least: 10}", {"n": "many"}, None),
        ("{attribute: day, at_least: 2026-03-01}", {"day": date(2026, 3, 1)}, True),
        ("{attribute: day, below: 2026-03-01}", {"day": "2026-02-28"}, True),
        ("{attribute: day, below: 2026-03-01}", {"day": "2026-02-30"}, None),
        ("{attribute: day, below: 2026-03-01}", {"day": datetime(2026, 2, 1, tzinfo=UTC)}, True),
        ("{attribute: kinds, in: [b, c]}", {"kinds": ["a", "b"]}, True),
        ("{attribute: kinds, not_in: [b, c]}", {"kinds": ("a", "b")}, False),
        ("{attribute: kinds, equals: a}", {"kinds": []}, None),
        ("{attribute: sizes, above: 5}", {"sizes": [1, 9]}, True),
        ("{attribute: sizes, above: 5}", {"sizes": [1, "?"]}, None),
        ("{attribute: sizes, above: 5}", {"sizes": [1, 2]}, False),
        ("{attribute: flag, equals: true}", {"flag": True}, True),
        ("{attribute: n, known: true}", {"n": 0}, True),
        ("{attribute: n, known: true}", {}, False),
        ("{attribute: n, known: false}", {}, True),
        ("{attribute: n, known: false}", {"n": "x"}, False),
        ("{attribute: who, in_list: top}", {"who": "甲"}, True),
        ("{attribute: who, in_list: none}", {"who": "甲"}, False),
        ("{attribute: who, not_in_list: top}", {"who": "丙"}, True),
        ("{attribute: a, at_least: {attribute: b}}", {"a": 3, "b": 2}, True),
        ("{attribute: a, at_least: {attribute: b}}", {"a": 3}, None),
        ("{all: [{attribute: a, equals: 1}, {attribute: b, equals: 1}]}", {"a": 1}, None),
        ("{all: [{attribute: a, equals: 1}, {attribute: b, equals: 1}]}", {"a": 2}, False),
        ("{all: [{attribute: a, equals: 1}, {attribute: b, equals: 1}]}", {"a": 1, "b": 1}, True),
        ("{any: [{attribute: a, equals: 1}, {attribute: b, equals: 1}]}", {"a": 1}, True),
        ("{any: [{attribute: a, equals: 1}, {attribute: b, equals: 1}]}", {"a": 2}, None),
        ("{any: [{attribute: a, equals: 1}, {attribute: b, equals: 1}]}", {"a": 2, "b": 2}, False),
        ("{not: {attribute: a, equals: 1}}", {"a": 1}, False),
        ("{not: {attribute: a, equals: 1}}", {}, None),
    ],
)
def test_a_condition_is_true_false_or_unknown(condition: str, values: dict[str, object], truth: bool | None) -> None:
    assert judge(read(condition), values) is truth


@pytest.mark.parametrize(
    ("condition", "code", "path"),
    [
        ("yes", "predicate.not_a_mapping", ""),
        ("[]", "predicate.not_a_mapping", ""),
        ("{}", "predicate.not_a_mapping", ""),
        ("{equals: 1}", "predicate.one_of", ""),
        ("{attribute: a, field: b, equals: 1}", "predicate.one_of", ""),
        ("{attribute: a}", "predicate.no_relation", ""),
        ("{attribute: a, inn: [1]}", "predicate.unknown_key", "inn"),
        ("{attribute: [a], equals: 1}", "predicate.not_a_name", "attribute"),
        ("{attribute: a, in: industry}", "predicate.not_a_list", "in"),
        ("{attribute: a, in: []}", "predicate.not_a_list", "in"),
        ("{attribute: a, between: [1]}", "predicate.not_a_list", "between"),
        ("{attribute: a, known: yes}", "predicate.not_true_false", "known"),
        ("{attribute: a, known: [x]}", "predicate.not_true_false", "known"),
        ("{attribute: a, in_list: nobody}", "predicate.unknown_list", "in_list"),
        ("{attribute: a, equals: }", "predicate.not_a_value", "equals"),
        ("{attribute: a, equals: {x: y}}", "predicate.not_a_value", "equals"),
        ("{all: {attribute: a}}", "predicate.not_a_list", "all"),
        ("{all: [1]}", "predicate.not_a_mapping", "all.0"),
        ("{not: 1}", "predicate.not_a_mapping", "not"),
        ("{not: {attribute: a, equals: 1}, when: 1}", "predicate.unknown_key", "when"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(condition: str, code: str, path: str) -> None:
    with pytest.raises(BadPredicate) as refusal:
        read("\n\n" + condition)
    problem = refusal.value.problems[0]
    assert (problem.code, problem.path, problem.file, problem.line) == (code, path, "x.yaml", 3)
    for language in LANGUAGES:
        assert problem.message(language) != code


def test_nothing_at_all_is_no_condition() -> None:
    with pytest.raises(BadPredicate):
        predicates.read(None, Place("x.yaml"))


def test_unknown_names_are_refused_where_names_are_known() -> None:
    with pytest.raises(BadPredicate) as refusal:
        read("{attribute: b, equals: {attribute: c}}", names={"a"})
    assert [problem.code for problem in refusal.value.problems] == ["predicate.unknown_name"] * 2
    with pytest.raises(BadPredicate):
        read("{attribute: b, equals: 1}", names=frozenset())
    assert read("{attribute: a, equals: 1}", names={"a"}) == One("a", "equals", ("1",))


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(BadPredicate) as refusal:
        read("{all: [{attribute: a}, {attribute: b, inn: 1}, {attribute: c, in: x}]}")
    assert len(refusal.value.problems) == 3


def test_names_and_tests_are_collected() -> None:
    found = read("{all: [{attribute: a, above: {field: d}}, {any: [{not: {field: b, equals: 1}}]}]}")
    assert predicates.names(found) == {"a", "b", "d"}
    assert [test.name for test in predicates.tests(found)] == ["a", "b"]


def test_numbers_are_exact_and_truth_is_no_number() -> None:
    assert number("0.1") == Fraction(1, 10)
    assert (
        number(True) is None
        and number(None) is None
        and number("1e3") is None
        and number(3) == 3
        and number("1/3") is None
    )
    assert plain(date(2026, 1, 2)) == "2026-01-02"
    assert plain(True) == "true" and plain(False) == "false"
    assert same("Ａ", "A") and not same("a", "A")
    assert compare("a", "b") is None and compare(1, "2026-01-01") is None and compare(date(2026, 1, 1), "x") is None


leaf = st.builds(One, st.sampled_from("abc"), st.just("equals"), st.tuples(st.just("1")))
trees = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@given(trees, st.dictionaries(st.sampled_from("abc"), st.sampled_from([None, "1", "2"])))
def test_what_is_told_stays_told_however_the_gaps_are_filled(
    tree: predicates.Predicate, values: dict[str, object]
) -> None:
    truth = judge(tree, values)
    gaps = [name for name in "abc" if values.get(name) is None]
    if truth is not None:
        for filling in range(2 ** len(gaps)):
            filled = {name: "12"[filling >> i & 1] for i, name in enumerate(gaps)}
            assert judge(tree, {**values, **filled}) is truth


@given(trees, st.dictionaries(st.sampled_from("abc"), st.sampled_from([None, "1", "2"])))
def test_not_turns_all_into_any(tree: predicates.Predicate, values: dict[str, object]) -> None:
    parts = (tree, One("a", "equals", ("1",)))
    assert judge(Not(All(parts)), values) is judge(Any(tuple(Not(part) for part in parts)), values)
