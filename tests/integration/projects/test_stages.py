"""A project's stages on the ledger: claimed with evidence, verified by whom the profile names, and every way back."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.identity import actions as identity
from luodi.ledger import queries as ledger
from luodi.ledger.models import Fact
from luodi.projects import actions
from luodi.projects.queries import load
from luodi.projects.rules import stages
from luodi.projects.values.drafts import Decision, StageClaim
from luodi.projects.values.rows import Status
from tests import city
from tests.integration.projects.conftest import (
    CENTRE,
    OPERATOR,
    OTHER,
    PROMOTION,
    REPORTER,
    TODAY,
    claim,
    codes,
    create,
    dossier,
    file,
    signed,
    verify,
)

pytestmark = pytest.mark.usefixtures("yunling")


def state(code="P1", on=TODAY):
    return stages.state(stages.in_force(dossier(code).events), on)


def test_a_claim_counts_once_the_named_verifier_agrees():
    create()
    row = claim("签约", date(2025, 2, 1))
    assert state() == ""
    (event,) = dossier().events
    assert (event.verifiers, event.claimed_by, event.other_unit) == (("YLD01",), "YL01", True)
    verify(row, PROMOTION)
    assert state() == "签约"
    assert dossier().events[0].status is Status.VERIFIED


def test_a_stage_without_a_verifier_counts_at_once():
    create()
    actions.claim_stages([StageClaim("P1", "在谈", date(2025, 1, 20))], actor=REPORTER, today=TODAY)
    assert state() == "在谈"


def test_two_verifiers_agree_in_order():
    signed()
    row = claim("开工", date(2025, 4, 1))
    checker = city.actor("chk1", "YL01")
    event = next(one for one in dossier().events if one.row == row)
    # The host's own step falls away: it claimed, and the profile asks for another unit.
    assert event.verifiers == ("YLD02",)
    verify(row, CENTRE)
    assert state() == "开工"
    with pytest.raises(actions.NotAllowed):
        verify(row, checker)


def test_a_claim_by_another_unit_needs_centre_and_host():
    create(introducer="YL02")
    verify(claim("签约", date(2025, 2, 1)), PROMOTION)
    row = claim("开工", date(2025, 4, 1), actor=OTHER)
    checker = city.actor("chk1", "YL01")
    with pytest.raises(actions.NotAllowed):
        verify(row, checker)
    verify(row, CENTRE)
    assert state() == "签约"
    verify(row, checker)
    assert state() == "开工"


def test_nobody_outside_the_named_unit_verifies():
    create()
    row = claim("签约", date(2025, 2, 1))
    for actor in (CENTRE, REPORTER, city.actor("chk1", "YL01")):
        with pytest.raises(actions.NotAllowed):
            verify(row, actor)
    assert state() == ""


def test_a_unit_that_is_its_own_only_verifier_is_told_to_let_another_claim():
    create(introducer="YLD01")
    with pytest.raises(actions.NotPossible) as refusal:
        claim("签约", date(2025, 2, 1), actor=city.actor("local", "YLD01"))
    assert codes(refusal.value.problems) == {"project.stage.no_other_verifier"}


def test_nobody_verifies_their_own_claim_from_another_seat():
    for unit, role in (("YL01", "reporter"), ("YLD01", "promotion_bureau")):
        identity.give_post(person="sec1", unit=unit, role=role, valid_from=city.BEGAN, actor=OPERATOR, on=TODAY)
    create()
    row = claim("签约", date(2025, 2, 1), actor=city.actor("sec1", "YL01"))
    with pytest.raises(actions.NotPossible) as refusal:
        verify(row, city.actor("sec1", "YLD01"))
    assert codes(refusal.value.problems) == {"project.verdict.own_claim"}
    verify(row, PROMOTION)


def test_a_stage_can_not_be_verified_before_the_one_before():
    create()
    first = claim("签约", date(2025, 2, 1))
    second = claim("落地", date(2025, 3, 1))
    with pytest.raises(actions.NotPossible) as refusal:
        verify(second, PROMOTION)
    assert codes(refusal.value.problems) == {"project.stage.verify_the_one_before"}
    verify(first, PROMOTION)
    verify(second, PROMOTION)
    assert state() == "落地"


def test_a_refusal_writes_nothing_and_names_everything():
    create(investor="", total_investment=None, fixed_investment=None)
    before = Fact.objects.count()
    with pytest.raises(actions.NotPossible) as refusal:
        actions.claim_stages([StageClaim("P1", "竣工", date(2025, 7, 1))], actor=REPORTER, today=TODAY)
    found = codes(refusal.value.problems)
    assert {"project.stage.in_future", "project.stage.not_from_here", "project.evidence.missing"} <= found
    assert Fact.objects.count() == before


def test_evidence_must_be_kept_files():
    create()
    with pytest.raises(actions.NotPossible) as refusal:
        claim("签约", date(2025, 2, 1), evidence={"contract": ("f" * 64,)})
    assert codes(refusal.value.problems) == {"project.evidence.unknown"}


def test_the_fact_carries_the_evidence_digests():
    create()
    digest = file("P1 签约 contract")
    row = claim("签约", date(2025, 2, 1))
    fact = ledger.fact(row >> 16)
    assert fact is not None and tuple(fact.evidence) == (digest,)
    assert dossier().events[0].evidence_kinds == ("contract",)


def test_a_claim_sent_back_may_be_made_anew():
    create()
    row = claim("签约", date(2025, 2, 1))
    with pytest.raises(actions.NotPossible):
        actions.send_back_stages([Decision(row)], actor=PROMOTION, today=TODAY)
    actions.send_back_stages([Decision(row, "合同缺盖章")], actor=PROMOTION, today=TODAY)
    assert dossier().events[0].sent_back_for == "合同缺盖章"
    with pytest.raises(actions.NotPossible):
        verify(row, PROMOTION)
    verify(claim("签约", date(2025, 2, 1), note="补盖章"), PROMOTION)
    assert state() == "签约"


def test_a_verification_withdrawn_waits_again():
    signed()
    row = dossier().events[0].row
    actions.withdraw_verifications([Decision(row, "样本核查不实")], actor=PROMOTION, today=TODAY)
    assert state() == "" and dossier().events[0].status is Status.CLAIMED
    with pytest.raises(actions.NotPossible):
        actions.withdraw_verifications([Decision(row, "再撤")], actor=PROMOTION, today=TODAY)
    verify(row, PROMOTION)
    assert state() == "签约"


def test_who_may_void_may_also_withdraw_another_offices_verification():
    signed()
    row = dossier().events[0].row
    with pytest.raises(actions.NotAllowed):
        actions.withdraw_verifications([Decision(row, "不实")], actor=REPORTER, today=TODAY)
    actions.withdraw_verifications([Decision(row, "不实")], actor=CENTRE, today=TODAY)
    assert state() == ""


def test_rows_that_do_not_stand_are_refused():
    for act in (
        lambda: verify(5, PROMOTION),
        lambda: actions.void_stage(5, reason="无", actor=CENTRE, today=TODAY),
    ):
        with pytest.raises(actions.NotPossible) as refusal:
            act()
        assert codes(refusal.value.problems) == {"project.row.unknown"}


def test_the_claimant_withdraws_a_waiting_claim_but_not_a_verified_one():
    create()
    row = claim("签约", date(2025, 2, 1))
    with pytest.raises(actions.NotAllowed):
        actions.void_stage(row, reason="别人的", actor=OTHER, today=TODAY)
    actions.void_stage(row, reason="报错了", actor=REPORTER, today=TODAY)
    assert dossier().events == ()
    row = claim("签约", date(2025, 2, 1))
    verify(row, PROMOTION)
    with pytest.raises(actions.NotAllowed):
        actions.void_stage(row, reason="想撤", actor=REPORTER, today=TODAY)
    actions.void_stage(row, reason="核查不实", actor=CENTRE, today=TODAY)
    assert state() == ""


def test_a_corrected_day_is_a_void_and_a_new_row_and_waits():
    signed()
    row = dossier().events[0].row
    fact = actions.correct_stage(
        row, occurred_on=date(2025, 2, 20), reason_kind="typing", reason="日期写错", actor=CENTRE, today=TODAY
    )
    (event,) = dossier().events
    assert event.row >> 16 == fact and event.occurred_on == date(2025, 2, 20)
    assert event.status is Status.CLAIMED and event.evidence_kinds == ("contract",)
    before = load.dossier("P1", cut=_cut_before(fact))
    assert [one.occurred_on for one in before.events] == [date(2025, 2, 1)]


def _cut_before(fact):
    from luodi.ledger.values import Cut

    return Cut(2**61, fact - 1)


def test_stalling_and_resuming_repeat():
    signed()
    verify(claim("开工", date(2025, 3, 1)), CENTRE)
    for month in (3, 4):
        verify(claim("停滞", date(2025, month, 10)), CENTRE)
        verify(claim("复工", date(2025, month, 20)), CENTRE)
    assert state() == "复工"
    assert stages.first_days(stages.in_force(dossier().events))["停滞"] == date(2025, 3, 10)


def test_whoever_saw_an_older_state_is_told_what_stands():
    create()
    row = claim("签约", date(2025, 2, 1))
    seen = dossier().events[0].last
    verify(row, PROMOTION)
    with pytest.raises(actions.Changed) as refusal:
        actions.send_back_stages([Decision(row, "不妥", expected=seen)], actor=PROMOTION, today=TODAY)
    (problem,) = refusal.value.problems
    assert problem.params["theirs"] == {"status": "verified"}


def test_a_claim_without_named_verifiers_gets_those_of_the_profile():
    city.project("Q1", life=())
    row_of = city.event("Q1", "签约", date(2025, 2, 1), verified=False)
    from luodi.ledger import actions as writer
    from luodi.ledger.values import Act
    from luodi.projects import facts

    writer.record(
        [Act(facts.STAGE_RECORDED, "project:Q1", {"projects.StageEvent": [(*row_of[:-2], None, False)]})],
        actor=OPERATOR,
    )
    (event,) = dossier("Q1").events
    with pytest.raises(actions.NotAllowed):
        verify(event.row, CENTRE)
    verify(event.row, PROMOTION)
    assert state("Q1") == "签约"


def test_many_are_verified_by_one_call_or_none():
    rows = []
    for code in ("P1", "P2", "P3"):
        create(code)
        rows.append(claim("签约", date(2025, 2, 1), code))
    verify(rows[1], PROMOTION)
    with pytest.raises(actions.NotPossible):
        actions.verify_stages([Decision(row) for row in rows], actor=PROMOTION, today=TODAY)
    assert state("P1") == "" and state("P3") == ""
    facts = actions.verify_stages([Decision(row) for row in (rows[0], rows[2])], actor=PROMOTION, today=TODAY)
    assert len(facts) == 2 and state("P1") == state("P3") == "签约"
