"""One month's road of a county's form: fill, check, sign, submit, accept by the chain, reopen a cell, seal, correct."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from luodi.codebook import queries as codebook
from luodi.identity import actions as identity
from luodi.identity.permissions import NotAllowed
from luodi.kernel.period import month
from luodi.kernel.problem import Refused
from luodi.ledger import queries as ledger
from luodi.ledger.models import Fact
from luodi.statistics.actions import closing, drafts, filing, judging, targets
from luodi.statistics.models import Draft, Figure, Submission
from luodi.statistics.queries import closing as closing_queries
from luodi.statistics.queries import filings, owing
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.rules.force import FILED, VERIFIED
from luodi.statistics.values.reporting import Standing, TargetPart
from tests import city

pytestmark = pytest.mark.django_db

MAY, TODAY = month(2025, 5), date(2025, 6, 2)
CELLS = {"P1|invest_completed": "1,250.5", "P2|invest_completed": "800", "P1|equipment_invest": "200"}
NOTES = {code: {"progress": "主体封顶", "problems": "", "next": "", "coordinate": ""} for code in ("P1", "P2")}
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000-0000000", "filled_on": "2025-06-02"}


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    city.project("P1")
    city.project("P2")
    city.project("Q1", host="YL02")


def profile():
    return codebook.profile()


def save(cells=CELLS, person="rep1", seen=None, **changes):
    typed = drafts.Typed(cells, NOTES, NAMES, "d" * 64)
    return drafts.save_draft(
        profile=profile(),
        form="YL-T1",
        period=MAY,
        unit="YL01",
        typed=replace(typed, **changes),
        seen=seen,
        person=person,
        at=city.at(TODAY),
        today=TODAY,
    )


def hand(step, person):
    return drafts.take_hand(
        profile=profile(),
        form="YL-T1",
        period=MAY,
        unit="YL01",
        step=step,
        person=person,
        at=city.at(TODAY),
        today=TODAY,
    )


def submit(person="sig1"):
    return filing.submit(
        profile=profile(), form="YL-T1", period=MAY, unit="YL01", actor=city.actor(person, "YL01"), today=TODAY
    )


def filed():
    save()
    hand("check", "chk1")
    hand("sign", "sig1")
    return submit()


def judge(one, person, unit, verdict="accepted", **given):
    return judging.judge(
        submission=one.id, verdict=verdict, unit=unit, actor=city.actor(person, unit), today=TODAY, **given
    )


def accepted():
    one = filed()
    judge(one, "centre", "YLD02")
    return judge(one, "reform", "YLD03")


def in_force(basis=VERIFIED):
    return {key[:2]: row.value for key, row in figures_in_force(subjects=["P1", "P2"], basis=basis).items()}


def standing(form="YL-T1", unit="YL01"):
    (state,) = owing.form_states(period=MAY, profile=profile(), today=TODAY, unit=unit, form=form)
    return state.standing


def codes(refusal) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def test_a_form_goes_from_the_reporters_desk_to_accepted():
    assert standing() is Standing.TO_DO
    save()
    assert standing() is Standing.DRAFT
    hand("check", "chk1")
    hand("sign", "sig1")
    assert standing() is Standing.SIGNED
    one = submit()
    assert one.steps == ("YLD02", "YLD03")
    assert not Draft.objects.exists()
    assert (in_force(), in_force(FILED)[("P1", "invest_completed")]) == ({}, Decimal("12505000"))
    judge(one, "centre", "YLD02")
    assert (standing(), in_force()) == (Standing.IN_CHAIN, {})
    judge(one, "reform", "YLD03")
    assert standing() is Standing.ACCEPTED
    assert in_force()[("P1", "invest_completed")] == Decimal("12505000")
    assert in_force()[("P2", "equipment_invest")] is None


def test_names_of_people_stand_in_the_ledger_as_commitments_only():
    filed()
    bodies = b"".join(bytes(one.body) for one in Fact.objects.all())
    assert "丙".encode() not in bodies
    assert Submission.objects.get().filler == "丙"


def test_a_refusal_writes_nothing():
    save({"P1|invest_completed": "很多"})
    before = ledger.last_fact()
    with pytest.raises(filing.CannotSubmit) as refusal:
        submit()
    assert "typed.text" in codes(refusal)
    assert "filing.hand_missing" in codes(refusal)
    assert (ledger.last_fact(), Draft.objects.count()) == (before, 1)


def test_what_somebody_else_typed_meanwhile_is_shown_and_not_lost():
    first = save()
    typed = drafts.Typed({"P1|invest_completed": "1300"})
    identity.register_person(person="rep1b", name="演示", actor=city.OPERATOR, on=TODAY)
    identity.give_post(
        person="rep1b", unit="YL01", role="reporter", valid_from=city.BEGAN, actor=city.OPERATOR, on=TODAY
    )
    place = {"profile": profile(), "form": "YL-T1", "period": MAY, "unit": "YL01", "at": city.at(TODAY), "today": TODAY}
    drafts.save_draft(typed=typed, seen=first.edition, person="rep1b", **place)
    with pytest.raises(drafts.ChangedMeanwhile) as refusal:
        save({"P1|invest_completed": "1400"}, seen=first.edition)
    assert refusal.value.problems[0].params["theirs"] == "1300"
    assert Draft.objects.get().cells["P1|invest_completed"] == "1300"
    assert save({"P2|invest_completed": "1"}, seen=first.edition).cells["P1|invest_completed"] == "1300"


def test_writing_again_takes_the_form_back_to_its_first_hand_and_hands_keep_their_order():
    save()
    with pytest.raises(drafts.NotNextHand):
        hand("sign", "sig1")
    hand("check", "chk1")
    assert save({"P2|invest_completed": "801"}).state == "fill"


@pytest.mark.parametrize(
    "act", [lambda: save(person="rep2"), lambda: (save(), hand("check", "chk2")), lambda: submit("rep2")]
)
def test_nobody_files_for_another_district(act):
    with pytest.raises(NotAllowed):
        act()


def test_only_who_sits_in_the_office_whose_turn_it_is_may_accept():
    one = filed()
    with pytest.raises(NotAllowed):
        judge(one, "promo", "YLD02")
    with pytest.raises(judging.CannotJudge) as refusal:
        judge(one, "reform", "YLD03")
    assert codes(refusal) == ["filing.not_your_turn"]


def test_a_return_comes_back_with_a_reason_and_is_filed_again():
    one = filed()
    with pytest.raises(judging.CannotJudge):
        judge(one, "centre", "YLD02", "sent_back")
    judge(one, "centre", "YLD02", "sent_back", reason="P2 与现场不符")
    assert standing() is Standing.SENT_BACK
    assert in_force(FILED) == {}
    filed()
    assert standing() is Standing.SUBMITTED


def test_the_second_of_two_who_accept_at_once_is_told():
    one = filed()
    judge(one, "centre", "YLD02", expected=0)
    with pytest.raises(judging.CannotJudge) as refusal:
        judge(one, "centre", "YLD02", expected=0)
    assert "filing.judged_meanwhile" in codes(refusal)


def test_several_clean_returns_are_accepted_at_once_all_or_none():
    one = filed()
    with pytest.raises(judging.CannotJudge):
        judging.accept_several(submissions=[one.id, 99 << 16], unit="YLD02", actor=city.actor("centre"), today=TODAY)
    (after,) = judging.accept_several(submissions=[one.id], unit="YLD02", actor=city.actor("centre"), today=TODAY)
    assert after.standing is Standing.IN_CHAIN


def test_a_reopened_cell_keeps_its_value_until_a_new_one_is_accepted():
    accepted()
    judging.reopen_cells(
        profile=profile(),
        form="YL-T1",
        period=MAY,
        unit="YL01",
        cells=[("P1", "invest_completed")],
        acting_for="YLD03",
        reason="发票重复",
        actor=city.actor("reform"),
        today=TODAY,
    )
    assert standing() is Standing.REOPENED
    assert in_force()[("P1", "invest_completed")] == Decimal("12505000")
    save({"P1|invest_completed": "1150"})
    hand("check", "chk1")
    hand("sign", "sig1")
    again = submit()
    assert (again.whole, in_force()[("P1", "invest_completed")]) == (False, Decimal("12505000"))
    judge(again, "centre", "YLD02")
    judge(again, "reform", "YLD03")
    assert in_force()[("P1", "invest_completed")] == Decimal("11500000")
    assert in_force()[("P2", "invest_completed")] == Decimal("8000000")
    assert standing() is Standing.ACCEPTED


def test_a_soft_finding_waits_for_words_and_stays_quiet_while_its_values_stay():
    save({**CELLS, "P1|invest_completed": "60001", "P1|equipment_invest": "1"})
    hand("check", "chk1")
    hand("sign", "sig1")
    with pytest.raises(filing.CannotSubmit) as refusal:
        submit()
    assert codes(refusal) == ["filing.explanation_missing"]
    shown = filing.preview(profile=profile(), form="YL-T1", period=MAY, unit="YL01", today=TODAY)
    (finding,) = [one for one in shown.findings if one.severity == "soft"]
    judging.explain(findings=[finding], words="含二期", actor=city.actor("rep1"), today=TODAY)
    assert submit().standing is Standing.SUBMITTED


def test_a_month_is_sealed_once_in_order_and_by_who_may():
    accepted()
    with pytest.raises(NotAllowed):
        closing.seal_period(period=MAY, profile=profile(), actor=city.actor("rep1"), today=TODAY)
    seal = closing.seal_period(period=MAY, profile=profile(), actor=city.actor("centre"), today=TODAY)
    assert ledger.live_seal("2025-05") == seal
    named = ledger.fact(ledger.last_fact()).details["named"]
    assert any("YL02" in str(line) for line in named)
    for wrong in (MAY, month(2025, 7)):
        with pytest.raises(Refused):
            closing.seal_period(period=wrong, profile=profile(), actor=city.actor("centre"), today=TODAY)
    with pytest.raises(Refused) as refusal:
        save()
        hand("check", "chk1")
        hand("sign", "sig1")
        submit()
    assert "filing.period_sealed" in codes(refusal)


def test_next_to_seal_follows_the_last_seal():
    assert closing_queries.next_to_seal(profile()) is None
    closing.seal_period(period=MAY, profile=profile(), actor=city.actor("centre"), today=TODAY)
    assert closing_queries.next_to_seal(profile()) == month(2025, 6)


def test_parts_of_a_target_add_up_or_say_why_not():
    def split(whole="100", reason="", indicator="invest_completed"):
        parts = [TargetPart("YL01", "2025", Decimal(60)), TargetPart("YL02", "2025", Decimal(40))]
        return targets.break_down(
            profile=profile(),
            unit="YL",
            indicator=indicator,
            period=profile().calendar.accounting_year.parse("2025"),
            whole=Decimal(whole),
            parts=parts,
            kind="guaranteed",
            source="above",
            reason=reason,
            actor=city.actor("centre"),
            today=TODAY,
        )

    assert split()
    with pytest.raises(targets.CannotBreakDown):
        split("90")
    assert split("90", "加码")
    with pytest.raises(targets.CannotBreakDown):
        split(indicator="none")


def test_queries_do_not_grow_with_rows(django_assert_max_num_queries):
    accepted()
    with django_assert_max_num_queries(25) as few:
        owing.form_states(period=MAY, profile=profile(), today=TODAY)
    for n in range(30):
        city.project(f"R{n:02}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        owing.form_states(period=MAY, profile=profile(), today=TODAY)
    assert filings.cells_of(Submission.objects.get().id) == list(Figure.objects.order_by("id"))
