"""Year plans, lists, notes and shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.projects.rules import plans, shares
from luodi.projects.values.drafts import NoteDraft, PlanDraft, ShareDraft
from luodi.projects.values.rows import Dossier, Listed, Plan
from tests.unit.projects.conftest import TODAY, codes, profile

PLAN = PlanDraft("P1", 2025, Decimal(300), date(2025, 3, 1), date(2025, 12, 1), {1: Decimal(100), 2: Decimal(200)})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"months": {}}, []),
        ({"months": {}, "invest": None}, []),
        ({"year": 1989}, ["project.plan.year"]),
        ({"year": 2036}, ["project.plan.year"]),
        ({"months": {13: Decimal(300)}}, ["project.plan.month"]),
        ({"months": {1: Decimal(-1), 2: Decimal(301)}}, ["project.plan.amount"]),
        ({"invest": Decimal("Infinity"), "months": {}}, ["project.plan.amount"]),
        ({"invest": Decimal("300.01")}, ["project.plan.does_not_add_up"]),
        ({"invest": None}, ["project.plan.months_without_year"]),
        ({"finish_on": date(2025, 2, 1)}, ["project.plan.finish_before_start"]),
        ({"finish_on": None}, []),
    ],
)
def test_a_plan_stands_or_says_why_not(changes, expected):
    assert codes(plans.plan_problems(replace(PLAN, **changes), today=TODAY)) == expected


@given(st.dictionaries(st.integers(1, 12), st.decimals(0, 10**9, places=2), min_size=1))
def test_months_add_up_exactly_or_are_refused(months):
    total = sum(months.values(), Decimal(0))
    assert plans.plan_problems(PlanDraft("P1", 2025, total, months=months), today=TODAY) == []
    off = PlanDraft("P1", 2025, total + Decimal("0.01"), months=months)
    assert codes(plans.plan_problems(off, today=TODAY)) == ["project.plan.does_not_add_up"]


def test_the_latest_plan_names_the_start():
    kept = {
        2023: Plan("P1", 2023, start_on=date(2023, 5, 1)),
        2024: Plan("P1", 2024, start_on=date(2024, 5, 1)),
        2025: Plan("P1", 2025),
        2026: Plan("P1", 2026, start_on=date(2026, 5, 1)),
    }
    assert plans.planned_start(Dossier("P1", plans=kept), by=2025) == date(2024, 5, 1)
    assert plans.planned_start(Dossier("P1"), by=2025) is None


OPEN = Listed("P1", "市重点", date(2025, 1, 1))
ENDED = Listed("P1", "市重点", date(2024, 1, 1), date(2024, 6, 1))


def enter(*entries, name="市重点", on=TODAY):
    return codes(plans.entry_problems(Dossier("P1", lists=entries), name=name, on=on, profile=profile()))


def leave(*entries, name="市重点", on=TODAY):
    return codes(plans.removal_problems(Dossier("P1", lists=entries), name=name, on=on))


def test_lists_are_entered_once_and_left_after_entry():
    assert enter() == enter(ENDED) == enter(Listed("P1", "省重点", TODAY)) == []
    assert enter(OPEN) == ["project.list.already"]
    assert enter(ENDED, on=date(2024, 3, 1)) == ["project.list.already"]
    assert enter(name="无") == ["project.list.unknown"]
    assert leave(OPEN) == leave(ENDED, OPEN) == []
    assert leave(ENDED) == leave() == ["project.list.not_there"]
    assert leave(OPEN, on=date(2024, 12, 31)) == ["project.list.before_entry"]


def test_an_entry_holds_from_its_first_day_until_its_end():
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 5, 31), date(2024, 6, 1))
    assert [ENDED.on(day) for day in days] == [False, True, True, False]
    assert OPEN.on(date(2099, 1, 1))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"period": "2025-06-上旬"}, []),
        ({"period": "2025-Q1"}, ["project.note.period"]),
        ({"period": "五月"}, ["project.note.period"]),
        ({"period": "2025-07"}, ["project.note.ahead"]),
        ({"progress": " "}, ["project.note.empty"]),
        ({"next": "长" * 4001}, ["project.note.too_long"]),
    ],
)
def test_a_note_stands_or_says_why_not(changes, expected):
    draft = replace(NoteDraft("P1", "2025-05", progress="封顶"), **changes)
    year = profile().calendar.accounting_year
    assert codes(plans.note_problems(draft, year=year, today=TODAY)) == expected


@pytest.mark.parametrize(
    ("label", "months"),
    [("2025-05", [5]), ("2025-05-上旬", [5]), ("2025-01..02", [1, 2]), ("2025-Q2", [4, 5, 6]), ("五月", [])],
)
def test_a_note_speaks_of_its_months(label, months):
    year = profile().calendar.accounting_year
    assert plans.months_of(label, year) == {date(2025, month, 1) for month in months}


UNITS = frozenset({"YL01", "YL02"})


def share(*parts, role="host", measure="", mode="split"):
    drafts = [ShareDraft(unit, text) for unit, text in parts]
    found = shares.share_problems(
        drafts, project="P1", role=role, measure=measure, mode=mode, units=UNITS, profile=profile()
    )
    return codes(found)


@pytest.mark.parametrize(
    ("parts", "changes", "expected"),
    [
        ([("YL01", "1/3"), ("YL02", "2/3")], {}, []),
        ([("YL01", "0.4"), ("YL02", "0.6")], {"measure": "tax_paid", "role": "introducer"}, []),
        ([("YL01", "1"), ("YL02", "1")], {"mode": "full"}, []),
        ([("YL01", "0.5")], {}, ["project.share.sum"]),
        ([("YL01", "0.333333"), ("YL02", "0.666666")], {}, ["project.share.sum"]),
        ([("YL01", "0.5"), ("YL02", "0.5000000")], {}, ["project.share.unreadable"]),
        ([("YL01", "1/0")], {}, ["project.share.unreadable"]),
        ([("YL01", "3/2")], {}, ["project.share.unreadable", "project.share.sum"]),
        ([("YL01", "0"), ("YL02", "1")], {}, ["project.share.unreadable"]),
        ([("YL01", "1/2")], {"mode": "full"}, ["project.share.full_is_one"]),
        ([("YL01", "1/2"), ("YL01", "1/2")], {}, ["project.share.twice"]),
        ([("YL09", "1")], {}, ["project.unit_unknown"]),
        ([], {}, ["project.share.nobody"]),
        ([("YL01", "1")], {"role": "owner"}, ["project.share.not_listed"]),
        ([("YL01", "1")], {"mode": "half"}, ["project.share.not_listed"]),
        ([("YL01", "1")], {"measure": "smiles"}, ["project.share.measure_unknown"]),
    ],
)
def test_shares_add_up_to_one_or_say_why_not(parts, changes, expected):
    assert share(*parts, **changes) == expected


@given(st.lists(st.integers(1, 99), min_size=1, max_size=5))
def test_any_fractions_of_one_are_read_exactly(parts):
    total = sum(parts)
    read = [shares.read_share(f"{part}/{total}") for part in parts]
    assert sum(fraction for fraction in read if fraction) == Fraction(1)
