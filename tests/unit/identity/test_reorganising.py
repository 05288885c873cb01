"""Units reorganised: the rows that each kind of change adds, and what stands against one."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.identity.rules import reorganising
from luodi.identity.rules.reorganising import Change, NewUnit, Reorganisation
from luodi.identity.rules.units import version
from luodi.identity.tree import Version, tree_on
from luodi.identity.values import UnitRow

BEGAN, DAY = date(2020, 1, 1), date(2025, 3, 1)
HISTORY = [
    Version(code, name, parent, kind, group, "", BEGAN, None)
    for code, name, parent, kind, group in (
        ("C", "市", "", "city", ""),
        ("D", "甲县", "C", "district", "G1"),
        ("T1", "一镇", "D", "town", ""),
        ("T2", "二镇", "D", "town", ""),
        ("V", "一村", "T1", "village", ""),
    )
]
TREE = tree_on(HISTORY, on=DAY)


def plan(change: Change, *units: str, into: tuple[NewUnit, ...] = (), successor: str = "") -> Reorganisation:
    return Reorganisation(change, DAY, units, into, successor)


def after(made: list[UnitRow]):
    return tree_on([*HISTORY, *(version(row) for row in made)], on=DAY)


def test_a_new_unit_begins_on_its_day():
    made = reorganising.rows(plan(Change.NEW, into=(NewUnit("T3", "三镇", "town", "D"),)), TREE)
    assert [(row.code, row.valid_from, row.parent) for row in made] == [("T3", DAY, "D")]
    assert after(made).exists("T3")


def test_another_name_leaves_the_rest_as_it_was():
    made = reorganising.rows(plan(Change.RENAME, "D", into=(NewUnit("", "甲区"),)), TREE)
    assert made == [UnitRow("D", "甲区", "district", DAY, parent="C", group="G1")]
    assert after(made).name("T1") == "一镇"


def test_a_unit_moves_under_another():
    made = reorganising.rows(plan(Change.RENAME, "V", into=(NewUnit("", "", parent="T2"),)), TREE)
    assert (made[0].name, made[0].parent) == ("一村", "T2")


def test_merged_units_end_and_name_the_new_one():
    made = reorganising.rows(plan(Change.MERGE, "T1", "T2", into=(NewUnit("T9", "新镇"),)), TREE)
    tree = after(made)
    assert (tree.successor("T1"), tree.successor("T2")) == ("T9", "T9")
    assert (tree.units["T9"].kind, tree.parent("T9"), tree.parent("V")) == ("town", "D", "T9")
    assert reorganising.ended(made) == ("T1", "T2")


def test_units_merge_into_one_that_is_there():
    made = reorganising.rows(plan(Change.MERGE, "T1", "T2", into=(NewUnit("T2", ""),)), TREE)
    assert [row.code for row in made] == ["T1", "V"]
    assert after(made).successor("T1") == "T2"


def test_a_unit_merged_together_with_one_below_it_ends_once():
    made = reorganising.rows(plan(Change.MERGE, "T1", "V", into=(NewUnit("T9", "新镇"),)), TREE)
    assert [row.code for row in made] == ["T9", "T1", "V"]


def test_a_split_unit_ends_without_a_successor():
    made = reorganising.rows(plan(Change.SPLIT, "T1", into=(NewUnit("A", "东镇"), NewUnit("B", "西镇"))), TREE)
    tree = after(made)
    assert (tree.exists("T1"), tree.parent("T1"), tree.exists("A"), tree.exists("B")) == (False, "D", True, True)
    assert tree.parent("V") == "A"


@pytest.mark.parametrize(("successor", "goes_to"), [("T2", "T2"), ("", "D")])
def test_what_stood_under_a_closed_unit_goes_on_elsewhere(successor, goes_to):
    tree = after(reorganising.rows(plan(Change.CLOSE, "T1", successor=successor), TREE))
    assert not tree.exists("T1")
    assert tree.parent("V") == goes_to


def test_nothing_stands_against_a_complete_plan():
    assert reorganising.problems(plan(Change.MERGE, "T1", "T2", into=(NewUnit("T9", "新镇"),)), TREE) == []
    assert reorganising.problems(plan(Change.MERGE, "T1", into=(NewUnit("T2", ""),)), TREE) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (plan(Change.CLOSE, "X"), "no_unit"),
        (plan(Change.CLOSE), "too_few"),
        (plan(Change.NEW), "no_target"),
        (plan(Change.SPLIT, "T1", into=(NewUnit("A", "东镇"),)), "no_target"),
        (plan(Change.NEW, into=(NewUnit("T1", "一镇", "town", "D"),)), "taken"),
        (plan(Change.MERGE, "T1", into=(NewUnit("T2", "别名"),)), "taken"),
    ],
)
def test_what_is_missing_is_named(wrong, code):
    assert [one.code for one in reorganising.problems(wrong, TREE)] == [f"identity.reorganise.{code}"]
