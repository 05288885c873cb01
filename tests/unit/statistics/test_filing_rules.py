"""Rules of filing: cells read, windows, hands, names, judging, reopening. Each test changes one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from luodi.kernel.period import CALENDAR_YEAR, AccountingYear, jan_feb, month
from luodi.statistics.rules import filing, owing
from luodi.statistics.values.reporting import (
    Filing,
    Finding,
    Judgement,
    Owed,
    OwingProject,
    Signatories,
    Standing,
    TypedCell,
)
from tests.unit.statistics.test_checks import PROFILE

T1, T2, T3 = (PROFILE.form(code) for code in ("YL-T1", "YL-T2", "YL-T3"))
MAY = month(2025, 5)
OWED = Owed(
    "YL-T1", "2025-05", "YL01", ("P1", "P2"), ("invest_completed", "equipment_invest"), frozenset({"invest_completed"})
)
WINDOW = owing.window(T1, MAY)
SIGNED = Signatories("甲", "乙", "丙", "0000-0000000", date(2025, 6, 2))
ON_TIME = date(2025, 6, 2)


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def dossier(**changes) -> filing.FilingDossier:
    clean = filing.FilingDossier(
        form=T1, owed=OWED, window=WINDOW, cells=(), signatories=SIGNED, scan="digest", state="sign",
        standing=Standing.SIGNED, period_sealed=False,
    )  # fmt: skip
    return replace(clean, **changes)


def test_a_complete_return_has_no_problem():
    assert filing.submit_problems(dossier(), today=ON_TIME) == []


FINDING = Finding("jump", "soft", "P1", "2025-05", "invest_completed")


@pytest.mark.parametrize(
    ("changes", "today", "code"),
    [
        ({"period_sealed": True}, ON_TIME, "filing.period_sealed"),
        ({}, date(2025, 5, 31), "filing.not_open_yet"),
        ({}, date(2025, 6, 11), "filing.closed"),
        ({"standing": Standing.SUBMITTED}, ON_TIME, "filing.already_submitted"),
        ({"state": "check"}, ON_TIME, "filing.hand_missing"),
        ({"signatories": replace(SIGNED, head="")}, ON_TIME, "filing.name_missing"),
        ({"signatories": replace(SIGNED, filled_on=date(2025, 6, 3))}, ON_TIME, "filing.day_ahead"),
        ({"scan": ""}, ON_TIME, "filing.scan_missing"),
        ({"findings": [replace(FINDING, severity="hard")]}, ON_TIME, "check.jump"),
        ({"findings": [FINDING]}, ON_TIME, "filing.explanation_missing"),
    ],
)
def test_one_thing_wrong_is_one_problem(changes, today, code):
    assert [
        c
        for c in codes(filing.submit_problems(dossier(**changes), today=today))
        if c != "filing.day_ahead" or code == c
    ] == [code]


@pytest.mark.parametrize(
    "changes", [{"findings": [replace(FINDING, explained="到货")]}, {"findings": [replace(FINDING, severity="hint")]}]
)
def test_explained_findings_and_hints_do_not_stop_it(changes):
    assert filing.submit_problems(dossier(**changes), today=ON_TIME) == []


def test_a_reopened_cell_may_be_filed_after_the_window_and_a_form_without_closing_waits_for_the_seal():
    late = date(2025, 8, 1)
    assert (
        filing.submit_problems(
            dossier(open_cells=frozenset({("P1", "invest_completed")}), standing=Standing.REOPENED), today=late
        )
        == []
    )
    assert filing.submit_problems(dossier(window=replace(WINDOW, closes_on=None)), today=late) == []


def test_a_form_without_inside_steps_needs_no_hand():
    bare = T1.model_copy(update={"inside": ("submit",), "signatories": (), "scan": False})
    assert (
        filing.submit_problems(dossier(form=bare, state="fill", signatories=Signatories(), scan=""), today=ON_TIME)
        == []
    )


def test_hands_follow_each_other():
    assert [filing.next_hand(T1, state) for state in ("", "fill", "check", "sign", "submit")] == [
        "fill",
        "check",
        "sign",
        "submit",
        None,
    ]
    assert filing.next_hand(T3, "check") == "submit"


# Cells -------------------------------------------------------------------------------------------------------------

INVEST, JOBS, FUNDS = (PROFILE.measure(name) for name in ("invest_completed", "jobs_added", "funds_in_place"))


def read(text: str, measure=INVEST, **given):
    return filing.read_cell(("P1", measure.id), TypedCell(text, **given), measure)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("1,234.56", "12345600"), ("１２．５", "125000"), ("", None), ("无", None), ("—", None), ("-3", "-30000")],
)
def test_a_typed_amount_is_kept_in_yuan(text, yuan):
    cell, problems = read(text)
    assert problems == []
    assert cell.value == (None if yuan is None else Decimal(yuan))


@pytest.mark.parametrize(
    ("text", "measure", "code"),
    [
        ("同上", INVEST, "typed.same_as_above"),
        ("1,23", INVEST, "typed.grouping"),
        ("5%", INVEST, "typed.percent"),
        ("3亿", INVEST, "typed.unit"),
        ("很多", INVEST, "typed.text"),
        ("1.234", INVEST, "filing.too_many_decimals"),
        ("1.5", JOBS, "filing.too_many_decimals"),
    ],
)
def test_what_is_not_a_number_is_said(text, measure, code):
    assert code in codes(read(text, measure)[1])


def test_persons_are_whole():
    assert "filing.not_whole" in codes(read("1.5", JOBS)[1])


def test_dollars_are_kept_with_their_rate_and_day():
    cell, problems = read("100", FUNDS, currency="USD", rate=Decimal("7.1"), rate_on=ON_TIME)
    assert problems == []
    assert (cell.value, cell.foreign_amount, cell.foreign_currency) == (Decimal("7100000"), Decimal(1_000_000), "USD")


@pytest.mark.parametrize(
    ("measure", "given", "code"),
    [
        (INVEST, {"currency": "USD", "rate": Decimal(7), "rate_on": ON_TIME}, "filing.currency_not_taken"),
        (FUNDS, {"currency": "EUR", "rate": Decimal(7), "rate_on": ON_TIME}, "filing.currency_not_taken"),
        (FUNDS, {"currency": "USD"}, "filing.rate_missing"),
        (FUNDS, {"currency": "USD", "rate": Decimal(0), "rate_on": ON_TIME}, "filing.rate_missing"),
        (FUNDS, {"currency": "USD", "rate": Decimal(7)}, "filing.rate_missing"),
    ],
)
def test_a_foreign_amount_without_what_it_needs_is_refused(measure, given, code):
    cell, problems = read("100", measure, **given)
    assert cell is None
    assert codes(problems) == [code]


def test_blanks_of_owed_cells_come_out_missing_and_strangers_are_refused():
    filed, problems = filing.read_cells(
        {("P1", "invest_completed"): TypedCell("5"), ("P9", "invest_completed"): TypedCell("5")}, OWED, PROFILE
    )
    assert {(cell.subject, cell.measure): cell.value for cell in filed}[("P2", "equipment_invest")] is None
    assert codes(problems) == ["filing.cell_not_asked"]


def test_only_reopened_cells_are_read():
    open_cells = frozenset({("P1", "invest_completed")})
    filed, problems = filing.read_cells(
        {("P1", "invest_completed"): TypedCell("x"), ("P2", "invest_completed"): TypedCell("1")},
        OWED,
        PROFILE,
        open_cells=open_cells,
    )
    assert filed == []
    assert sorted(codes(problems)) == ["filing.cell_not_asked", "typed.text"]


def test_a_measure_that_left_the_profile_is_a_problem():
    owed = replace(OWED, subjects=("P1",), measures=("gone",))
    assert codes(filing.read_cells({}, owed, PROFILE)[1]) == ["filing.cell_not_asked"]


def test_a_cells_name_reads_back():
    assert filing.split_key(filing.cell_key(("a|b", "m"))) == ("a|b", "m")


# Judging -----------------------------------------------------------------------------------------------------------

SENT = Filing(5 << 16, "YL-T1", "2025-05", "YL01", 100, True, ("YLD02", "YLD03"))
CHECKED = replace(SENT, judgements=(Judgement("checked", 0, "YLD02", 110),))
ACCEPTED = replace(SENT, judgements=(*CHECKED.judgements, Judgement("accepted", 1, "YLD03", 120)))


def judge(one, verdict="accepted", unit="YLD02", reason="", sealed=False, expected=None):
    return codes(
        filing.judge_problems(one, verdict=verdict, unit=unit, reason=reason, sealed=sealed, expected_steps=expected)
    )


def test_the_chain_agrees_in_order():
    assert (SENT.standing, SENT.next_step, SENT.fact) == (Standing.SUBMITTED, 0, 5)
    assert (CHECKED.standing, CHECKED.next_step) == (Standing.IN_CHAIN, 1)
    assert (ACCEPTED.standing, ACCEPTED.next_step) == (Standing.ACCEPTED, None)
    assert replace(ACCEPTED, reopened=(("P1", "m"),)).standing is Standing.REOPENED
    back = replace(SENT, judgements=(Judgement("sent_back", 0, "YLD02", 110, "错"),))
    assert (back.standing, back.next_step) == (Standing.SENT_BACK, None)
    taken = replace(ACCEPTED, judgements=(*ACCEPTED.judgements, Judgement("withdrawn", 0, "YLD03", 130)))
    assert (taken.standing, taken.next_step) == (Standing.SUBMITTED, 0)
    assert judge(SENT) == []
    assert judge(CHECKED, unit="YLD03") == []


@pytest.mark.parametrize(
    ("problems", "code"),
    [
        (judge(None), "filing.not_there"),
        (judge(SENT, expected=1), "filing.judged_meanwhile"),
        (judge(CHECKED, unit="YLD03", expected=0), "filing.judged_meanwhile"),
        (judge(SENT, "sent_back"), "filing.reason_missing"),
        (judge(SENT, "sent_back", reason="错", sealed=True), "filing.period_sealed"),
        (judge(SENT, "withdrawn", reason="错"), "filing.not_accepted"),
        (judge(ACCEPTED), "filing.nobodys_turn"),
        (judge(SENT, unit="YLD03"), "filing.not_your_turn"),
        (judge(replace(SENT, unit="YLD02")), "filing.own_return"),
    ],
)
def test_who_may_not_judge_is_told_why(problems, code):
    assert problems == [code]


def test_an_accepted_return_can_be_taken_back_with_a_reason_and_an_office_alone_may_accept_its_own():
    assert judge(ACCEPTED, "withdrawn", unit="YLD03", reason="漏附件") == []
    assert judge(replace(SENT, unit="YLD02", steps=("YLD02",))) == []


def test_reopening_needs_an_accepted_return_a_reason_and_cells_that_were_asked():
    def problems(one, reason="错", cells=(("P1", "invest_completed"),)):
        return codes(filing.reopen_problems(one, cells, OWED, reason=reason, sealed=False))

    assert problems(ACCEPTED) == []
    assert problems(SENT) == ["filing.not_accepted"]
    assert problems(None) == ["filing.not_accepted"]
    assert problems(ACCEPTED, reason=" ") == ["filing.reason_missing"]
    assert problems(ACCEPTED, cells=(("P9", "invest_completed"), ("P1", "tax_paid"))) == ["filing.cell_not_asked"] * 2


# Owing -------------------------------------------------------------------------------------------------------------

KINDS = {"YL01": "district", "YL02": "district", "YLP1": "park", "YLD01": "department"}


def owing_project(code="P1", **changes) -> OwingProject:
    clean = OwingProject(code, {"host": "YL01"}, "招商引资", frozenset({"签约", "开工"}), frozenset())
    return replace(clean, **changes)


def rows(form, *projects) -> dict[str, tuple[str, ...]]:
    return {
        one.unit: one.subjects
        for one in owing.owed(profile=PROFILE, form=form, period=MAY, kinds=KINDS, projects=projects)
    }


def test_districts_and_parks_owe_a_row_for_each_started_project():
    owed = rows(
        T1,
        owing_project(),
        owing_project("P2", reached=frozenset({"签约"})),
        owing_project("P3", reached=frozenset({"开工", "投产"})),
        owing_project("P4", units={}),
    )
    assert owed == {"YL01": ("P1",), "YL02": (), "YLP1": ()}
    assert OWED.cells == 4


def test_kind_and_lists_of_a_form_narrow_it():
    assert rows(T2, owing_project(kind="政府投资"))["YL01"] == ()
    listed = T1.model_copy(
        update={"owes": T1.owes.model_copy(update={"lists": ("市重点",), "except_units": ("YL02",)})}
    )
    assert rows(listed, owing_project(), owing_project("P2", lists=frozenset({"市重点"}))) == {
        "YL01": ("P2",),
        "YLP1": (),
    }


def test_a_form_on_units_has_the_unit_as_its_row():
    assert rows(T1.model_copy(update={"subject": "unit"}))["YLP1"] == ("YLP1",)


def test_nothing_is_owed_before_go_live_or_for_another_length_or_outside_the_forms_days():
    assert owing.forms_of(PROFILE, month(2023, 12)) == ()
    assert {form.id for form in owing.forms_of(PROFILE, MAY)} >= {"YL-T1", "YL-T2", "YL-T3"}
    assert not owing.asked_for(T1, CALENDAR_YEAR.parse("2025-Q2"), CALENDAR_YEAR)
    assert not owing.asked_for(T1.model_copy(update={"valid_to": date(2025, 1, 1)}), MAY, CALENDAR_YEAR)


def test_january_and_february_are_one_where_the_city_says_so():
    merged = AccountingYear(1, True)
    assert owing.asked_for(T1, jan_feb(2025), merged)
    assert not owing.asked_for(T1, month(2025, 1), merged)
    assert not owing.asked_for(T1, jan_feb(2025), CALENDAR_YEAR)
    assert owing.asked_for(T1.model_copy(update={"every": "quarter"}), CALENDAR_YEAR.parse("2025-Q2"), CALENDAR_YEAR)


def state(filings=(), draft=None, today=ON_TIME, filed_on=None):
    return owing.form_state(
        owed=OWED, form=T1, period=MAY, filings=filings, draft_state=draft, today=today, filed_on=filed_on
    )


def test_where_a_form_stands():
    assert state(today=date(2025, 5, 20)).standing is Standing.AHEAD
    assert state().standing is Standing.TO_DO
    assert [state(draft=hand).standing for hand in ("fill", "check", "sign")] == [
        Standing.DRAFT,
        Standing.CHECKED,
        Standing.SIGNED,
    ]
    back = replace(SENT, judgements=(Judgement("sent_back", 0, "YLD02", 110, "错"),))
    assert state([back], draft="fill").standing is Standing.SENT_BACK
    assert state([SENT], filed_on=ON_TIME).standing is Standing.SUBMITTED
    partial = replace(SENT, id=9 << 16, whole=False, known_at=999)
    assert state([SENT, partial], filed_on=ON_TIME).filing == SENT


BACK = (Judgement("sent_back", 0, "YLD02", 1_200, "错"),)
DONE = (Judgement("accepted", 1, "YLD03", 120),)


def correction(at: int, **changes) -> Filing:
    return replace(SENT, id=(8 + at) << 16, whole=False, known_at=at, judgements=(), **changes)


def test_a_correction_waits_for_the_offices_beside_the_return():
    accepted, before = replace(SENT, judgements=DONE), correction(SENT.known_at - 1)
    found = state([before, accepted, correction(1_001), correction(1_000)], filed_on=ON_TIME)
    assert [one.known_at for one in found.corrections] == [1_000, 1_001]
    assert found.waiting == found.corrections
    assert (found.filing, found.standing) == (accepted, Standing.ACCEPTED)
    assert state([SENT]).waiting == (SENT,)
    assert state().waiting == ()
    assert state([before]).corrections == ()


def test_what_was_sent_back_is_mended_the_return_or_the_last_correction():
    back = replace(SENT, judgements=BACK)
    reopened = replace(SENT, judgements=DONE, reopened=(("P1", "invest_completed"),))
    mended = replace(correction(1_000), judgements=BACK)
    assert owing.came_back([]) is None
    assert owing.came_back([SENT]) is None
    assert owing.came_back([back]) == back
    assert owing.came_back([reopened, mended]) == mended
    assert owing.came_back([reopened, mended, correction(1_500)]) is None
    assert owing.came_back([replace(reopened, reopened=()), mended]) is None


def test_late_is_by_the_day_it_was_filed_or_by_today():
    assert not state(today=date(2025, 6, 3)).late
    assert (state(today=date(2025, 6, 5)).late, state(today=date(2025, 6, 5)).days_late) == (True, 2)
    assert not state([SENT], today=date(2025, 6, 30), filed_on=date(2025, 6, 3)).late
    assert state([SENT], today=date(2025, 6, 30), filed_on=date(2025, 6, 4)).days_late == 1
