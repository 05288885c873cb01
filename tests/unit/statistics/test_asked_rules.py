"""Reading, merging and splitting tables that were asked: pure rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.statistics.rules import asking as reading
from luodi.statistics.rules import merging, splitting
from luodi.statistics.rules.splitting import RowFacts
from luodi.statistics.values.asking import AskedColumn, AskedRow, Asking, KnownColumn, Part

MONEY = AskedColumn("m", "完成投资", "invested", "money", "万元", 2)


def column(type: str, **changes: object) -> AskedColumn:
    return replace(AskedColumn("c", "栏", "column", type), **changes)


@pytest.mark.parametrize(
    ("asked", "typed", "kept"),
    [
        (MONEY, "1,250.50", "1250.5"), (MONEY, "０", "0"), (MONEY, "—", ""), (column("whole"), "12.0", "12"),
        (column("number", places=4), "0.1234", "0.1234"), (column("text"), " 甲 ", "甲"), (column("day"), "2025年6月3日", "2025-06-03"),
        (column("day"), "2025.6.3", "2025-06-03"), (column("month"), "2025.06", "2025-06"), (column("month"), "2025年6月", "2025-06"),
        (column("choice", choices=("甲", "乙")), "甲 ", "甲"), (column("yes_no"), "√", "是"), (column("yes_no"), "No", "否"),
    ],
)  # fmt: skip
def test_what_is_typed_is_kept_one_way(asked, typed, kept):
    assert reading.canonical(asked, typed) == kept


@pytest.mark.parametrize(
    ("asked", "typed", "code"),
    [
        (MONEY, "很多", "typed.text"), (MONEY, "同上", "typed.same_as_above"), (MONEY, "1.234", "filing.too_many_decimals"),
        (MONEY, "12%", "typed.percent"), (column("whole"), "1.5", "filing.not_whole"), (column("text"), "字" * 2001, "filing.too_long"),
        (column("day"), "2025-02-30", "filing.not_a_day"), (column("day"), "昨天", "filing.not_a_day"),
        (column("month"), "2025.13", "filing.not_a_month"), (column("month"), "六月", "filing.not_a_month"),
        (column("choice", choices=("甲", "乙")), "丙", "filing.not_listed"), (column("yes_no"), "也许", "filing.not_listed"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(asked, typed, code):
    problem = reading.cell_problem(asked, typed, "P1|c")
    assert problem is not None
    assert (problem.code, problem.where, problem.params["found"]) == (code, "P1|c", typed)
    assert problem.message("zh")
    assert problem.message("en")


def test_a_sound_cell_has_no_problem():
    assert reading.cell_problem(MONEY, "5", "P1|m") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1,250.50", "1250.5", True),
        ("", "—", True),
        ("", "0", False),
        ("甲", "甲", True),
        ("甲", "乙", False),
        ("12%", "１２%", True),
    ],
)
def test_two_texts_say_the_same_or_not(one, other, same):
    assert reading.same(one, other) is same


# --- merging ----------------------------------------------------------------------------------------------------


def part(id: int = 1, **changes: object) -> Part:
    return replace(Part(id, f"{id}.xlsx", f"d{id}", "rep1", 0, "", {}), **changes)


def test_only_what_a_file_changed_is_a_claim():
    one = part(cells={"a": "1", "b": "2", "c": ""}, base={"a": "1.0", "c": "9"})
    assert merging.claims(one) == {"b": "2", "c": ""}


def test_a_claim_goes_in_where_nobody_has_spoken_since():
    one = part(cells={"a": "1", "b": "2", "c": "3"}, base={"a": "0"})
    assert merging.take({"a": "0", "b": "7", "c": "3"}, one, []) == ({"a": "1"}, {"a": "taken", "c": "same"})


def test_a_town_mends_its_own_file_without_being_asked():
    first = part(1, part="T1", cells={"a": "1"}, settled={"a": "taken"})
    again = part(2, part="T1", cells={"a": "2"})
    other = part(3, part="T2", cells={"a": "3"})
    assert merging.take({"a": "1"}, again, [first]) == ({"a": "2"}, {"a": "taken"})
    assert merging.take({"a": "1"}, other, [first]) == ({}, {})
    assert merging.take({"a": "5"}, again, [first]) == ({}, {})
    assert merging.superseded(first, [first, again])
    assert not merging.superseded(again, [first, again])
    assert not merging.superseded(part(1), [part(1), part(2)])


def test_a_conflict_names_both_answers_and_where_the_first_came_from():
    first = part(1, cells={"a": "1"}, settled={"a": "taken"})
    second = part(2, cells={"a": "2", "b": "3"})
    (at_a, at_b) = merging.conflicts({"a": "1", "b": "9"}, [first, second], {"b": "rep2"})
    assert (at_a.key, at_a.kept, at_a.kept_from, [offer.text for offer in at_a.offers]) == ("a", "1", "1.xlsx", ["2"])
    assert (at_b.kept, at_b.kept_from) == ("9", "rep2")


def test_what_was_not_chosen_stays_to_be_chosen():
    one = part(1, cells={"a": "1", "b": "2"}, settled={"a": "kept", "b": "kept"})
    (left,) = merging.left_out({"a": "5", "b": "2"}, [one])
    assert (left.key, left.kept, left.offers[0].text) == ("a", "5", "1")


values = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]), max_size=3)


@given(kept=values, base=values, cells=values)
def test_every_claim_is_taken_the_same_or_waits(kept, base, cells):
    one = part(cells=cells, base=base)
    taken, settled = merging.take(kept, one, [])
    after = {**kept, **taken}
    waiting = {conflict.key for conflict in merging.conflicts(after, [replace(one, settled=settled)], {})}
    claims = merging.claims(one)
    assert set(taken) | waiting | {key for key, how in settled.items() if how == "same"} == set(claims)
    for key in claims:
        assert reading.same(after.get(key, ""), cells[key]) or key in waiting
        assert key in waiting or key in settled
    for key in set(kept) - set(taken):
        assert after[key] == kept[key], "a cell that no file claims is never touched"


# --- splitting ---------------------------------------------------------------------------------------------------

ROWS = tuple(AskedRow(code, f"{code}项目") for code in ("P1", "P2", "P3", "P4", "P5"))
BELOW = {"T1": "河口镇", "T2": "东川镇"}
FACTS = {
    "P1": RowFacts({"host": "T1"}, (), ""),
    "P2": RowFacts({"host": "D1", "lead_department": "B1"}, ("T2",), ""),
    "P3": RowFacts({"host": "D1"}, (), "东川镇工业园"),
    "P4": RowFacts({"host": "D1"}, (), "河口镇至东川镇公路"),
}


def test_rows_go_to_who_answers_for_them_and_every_row_to_exactly_one():
    found = splitting.parts_of(ROWS, FACTS, way="below", below=BELOW, chosen={"P4": "T1"})
    assert found == {"P1": "T1", "P2": "T2", "P3": "T2", "P4": "T1", "P5": ""}
    parts = splitting.split(asking(), found)
    assert list(parts.items()) == [("T1", ("P1", "P4")), ("T2", ("P2", "P3")), ("", ("P5",))]


def test_a_row_that_two_towns_could_answer_for_is_left_to_a_person():
    assert splitting.responsible(FACTS["P4"], BELOW) == ""


def test_by_department_the_ledger_says_who():
    found = splitting.parts_of(ROWS, FACTS, way="lead_department", below=BELOW, chosen={})
    assert found == {"P1": "", "P2": "B1", "P3": "", "P4": "", "P5": ""}


def asking(**changes: object) -> Asking:
    return replace(
        Asking("F", "2025-05", "U", "表", "form", (MONEY, column("text", id="note.progress")), ROWS), **changes
    )


def test_cells_asked_and_cells_the_system_filled_are_counted():
    row = AskedRow("P1", "甲", known={"t": "5", "s": ""}, before={"m": "1"}, ago={"m": "2"})
    table = asking(rows=(row, ROWS[1]), known=(KnownColumn("t", "总投资", "total"),))
    assert (table.asked, table.filled_by_system) == (2, 7)
    assert replace(table, only=frozenset({("P1", "m")})).asked == 1


def test_a_part_counts_what_it_brought():
    assert part(settled={"a": "taken", "b": "kept"}).taken == 1
