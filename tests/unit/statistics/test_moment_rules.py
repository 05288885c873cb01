"""Forms of the moment: whether one may be sent, what a column is, where a unit stands, what becomes of it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from luodi.statistics.rules import moment as rules
from luodi.statistics.rules import moment_regular
from luodi.statistics.values.asking import AskedColumn, AskedRow, Asking
from luodi.statistics.values.moment import Moment, MomentColumn, MomentDraft, MomentReturned, MomentStanding

TODAY = date(2025, 6, 2)
COLUMNS = (
    MomentColumn("c1", "总投资", "money", "万元", known="total_investment"),
    MomentColumn("c2", "人数", "whole", "人", required=True),
    MomentColumn("c3", "说明"),
)


def draft(**changes: object) -> MomentDraft:
    """A form that may be sent; each test changes one thing."""
    whole = MomentDraft(
        "用工表", "D1", "project", date(2025, 6, 3), date(2025, 6, 10), COLUMNS, {"U1": ("P1",), "U2": ("P2",)}
    )
    return replace(whole, **changes)


def moment(**changes: object) -> Moment:
    whole = Moment(
        65536, "用工表", "D1", "project", TODAY, date(2025, 6, 3), date(2025, 6, 10), COLUMNS, {"U1": ("P1",)}
    )
    return replace(whole, **changes)


def codes(found: MomentDraft, within: frozenset[str] | None = None) -> list[str]:
    return [problem.code for problem in rules.sending_problems(found, today=TODAY, within=within)]


def test_a_sound_form_may_be_sent():
    assert codes(draft()) == []
    assert codes(draft(), frozenset({"U1", "U2"})) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": " "}, ["moment.title_missing"]),
        ({"title": "表" * 81}, ["moment.title_too_long"]),
        ({"due_on": date(2025, 6, 1)}, ["moment.due_over"]),
        ({"closes_on": date(2025, 6, 2)}, ["moment.closes_before_due"]),
        ({"columns": COLUMNS[:1]}, ["moment.nothing_asked"]),
        ({"columns": tuple(MomentColumn("", f"栏{n}") for n in range(41))}, ["moment.too_many_columns"]),
        ({"columns": (MomentColumn("", " "),)}, ["moment.column_without_name"]),
        ({"columns": (COLUMNS[2], COLUMNS[2])}, ["moment.column_twice"]),
        ({"columns": (MomentColumn("", "甲", "colour"),)}, ["moment.unknown_type"]),
        ({"columns": (MomentColumn("", "甲", "choice", choices=("一",)),)}, ["moment.no_choices"]),
        ({"columns": (MomentColumn("", "甲", "money", "块"),)}, ["moment.no_money_unit"]),
        ({"owed": {}}, ["moment.nobody_owes"]),
        ({"owed": {"U1": ()}}, ["moment.no_rows"]),
        ({"owed": {"U1": tuple(f"P{n}" for n in range(20_000))}}, ["moment.too_many_cells"]),
    ],
)
def test_each_fault_is_named(changes, expected):
    assert codes(draft(**changes)) == expected


def test_only_units_within_reach_are_asked():
    (problem,) = rules.sending_problems(draft(), today=TODAY, within=frozenset({"U1"}))
    assert (problem.code, problem.params["units"]) == ("moment.out_of_reach", "U2")


@pytest.mark.parametrize(
    ("label", "unit", "samples", "expected"),
    [
        ("总投资", "亿元", (), ("money", "亿元")), ("到位资金", "", (), ("money", "万元")), ("人数", "人", (), ("whole", "人")),
        ("面积", "亩", (), ("number", "亩")), ("完成率", "", (), ("number", "")), ("是否开工", "", (), ("yes_no", "")),
        ("开工日期", "", (), ("day", "")), ("年月", "", (), ("month", "")), ("企业数", "", (), ("whole", "")), ("指数", "", (), ("text", "")),
        ("备注", "", (), ("text", "")), ("得分", "", ("1", "2.5", "—"), ("number", "")), ("得分", "", ("1", "甲"), ("text", "")),
        ("类别", "", ("甲", "乙", "甲", "甲", "乙", "甲"), ("choice", "")),
    ],
)  # fmt: skip
def test_a_column_is_guessed(label, unit, samples, expected):
    found = rules.guess(label, unit, samples)
    assert (found.type, found.unit) == expected
    assert (found.choices == ("甲", "乙")) == (found.type == "choice")


def test_it_is_open_until_its_last_day():
    assert moment().open(date(2025, 6, 10))
    assert not moment().open(date(2025, 6, 11))
    assert not moment(ended=True).open(TODAY)
    assert (moment().form, moment().period) == ("moment:65536", "2025-06-02")


def asking(values: dict[str, str]) -> Asking:
    columns = (
        AskedColumn("c1", "总投资", "", "money", "万元"),
        AskedColumn("c2", "人数", "", "whole", "人", 0, True),
        AskedColumn("c3", "说明", ""),
    )
    row = AskedRow("P1", "甲", known={"c1": "5"}, values={"c1": "5", **values})
    return Asking(
        "moment:65536", "2025-06-02", "U1", "表", "", columns, (row,), only=frozenset({("P1", "c2"), ("P1", "c3")})
    )


@pytest.mark.parametrize(
    ("values", "expected"), [({"c2": "3"}, []), ({}, ["moment.cell_missing"]), ({"c2": "很多"}, ["typed.text"])]
)
def test_a_return_is_looked_at_cell_by_cell(values, expected):
    found = rules.filing_problems(moment(), asking(values), today=TODAY)
    assert [problem.code for problem in found] == expected


def test_nothing_is_filed_after_the_end():
    (problem,) = rules.filing_problems(moment(), asking({}), today=date(2025, 6, 11))
    assert problem.code == "moment.over"


def state(**changes: object):
    given = {"returned": None, "sent_back": None, "has_draft": False, "reminders": (), "filed_on": None, "today": TODAY}
    return rules.state_of(moment(), "U1", **{**given, **changes})


RETURNED = MomentReturned(1, "U1", 100)


@pytest.mark.parametrize(
    ("changes", "standing", "late"),
    [
        ({}, MomentStanding.TO_DO, 0),
        ({"has_draft": True}, MomentStanding.DRAFT, 0),
        ({"today": date(2025, 6, 5)}, MomentStanding.TO_DO, 2),
        ({"today": date(2025, 7, 5)}, MomentStanding.TO_DO, 7),
        ({"returned": RETURNED, "filed_on": date(2025, 6, 4)}, MomentStanding.SUBMITTED, 1),
        ({"returned": RETURNED, "filed_on": TODAY, "sent_back": (200, "缺口不对")}, MomentStanding.SENT_BACK, 0),
        ({"returned": RETURNED, "filed_on": TODAY, "sent_back": (50, "旧")}, MomentStanding.SUBMITTED, 0),
    ],
)
def test_where_a_unit_stands(changes, standing, late):
    found = state(**changes)
    assert (found.standing, found.late) == (standing, late)
    assert found.reason == ("缺口不对" if standing is MomentStanding.SENT_BACK else "")
    assert found.rows == 1


def test_who_was_reminded_today_is_not_reminded_again():
    states = [state(), state(reminders=(TODAY,)), state(returned=RETURNED, filed_on=TODAY)]
    assert rules.to_remind(states, TODAY) == ["U1"]
    assert (states[1].reminded, states[1].reminded_on) == (1, TODAY)


def test_columns_are_named_in_their_order_and_added_up():
    assert [one.name for one in rules.named(draft().columns)] == ["c1", "c2", "c3"]
    columns = asking({}).columns
    assert rules.sums(columns, [{"c1": "1.5", "c2": "3"}, {"c1": "2.5", "c3": "甲"}, {}]) == {"c1": "4", "c2": "3"}
    assert [rules.places_of(one) for one in COLUMNS] == [4, 0, 6]


def test_the_snippet_asks_numbers_and_notes_and_not_what_is_known():
    text = moment_regular.snippet(moment(), names=["workers"], unit_kinds=["district"], owner="labour_bureau")
    assert '{id: workers, zh: "人数", en: "人数", unit: persons, filed_in: 人, places: 0}' in text
    assert "总投资" not in text
    assert "notes: [progress]" in text
    assert "owner: labour_bureau" in text


def test_the_snippet_of_a_unit_form_declares_measures_filed_on_units():
    columns = (
        MomentColumn("c1", '停产"企业"数', "whole"),
        MomentColumn("c2", "面积", "number", "亩"),
        MomentColumn("c3", "贷款", "money", "亿元", required=True),
        COLUMNS[2],
    )
    text = moment_regular.snippet(
        moment(subject="unit", columns=columns),
        names=["a", "b", "loan"],
        unit_kinds=["district", "park"],
        owner="x",
        known=["loan"],
    )
    assert 'zh: "停产\\"企业\\"数"' in text
    assert "filed_on: unit" in text
    assert "id: loan" not in text
    assert "{measure: loan, column: period}" in text
    assert "{measure: a, column: period, required: false}" in text
    assert "reached" not in text


def test_a_snippet_without_words_asks_for_no_notes():
    text = moment_regular.snippet(moment(columns=COLUMNS[:2]), names=["a"], unit_kinds=["district"], owner="x")
    assert "notes" not in text
