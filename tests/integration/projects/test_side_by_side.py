"""Two people at once, and what a process remembers between requests: with real commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from luodi.codebook import queries as codebook
from luodi.ledger import texts
from luodi.ledger.models import Verdict
from luodi.projects import actions
from luodi.projects.actions import office
from luodi.projects.queries import cards, load
from luodi.projects.values.drafts import Decision, NoteDraft
from tests import city
from tests.integration.projects.conftest import (
    CENTRE,
    COMPLETE,
    PROMOTION,
    REPORTER,
    TODAY,
    claim,
    create,
    last_event,
    signed,
    verify,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def a_city():
    city.make(on=TODAY)


@pytest.fixture
def meanwhile(monkeypatch):
    """Let somebody else be quicker: their act is done after ours was prepared and before ours takes the lock."""

    def let(other):
        real = office.ledger.record
        waiting = [other]

        def record(*args, **kwargs):
            if waiting:
                waiting.pop()()
            return real(*args, **kwargs)

        monkeypatch.setattr(office.ledger, "record", record)

    return let


def test_two_verify_the_same_claim_at_once_and_one_is_told(meanwhile):
    create()
    row = claim("签约", date(2025, 2, 1))
    meanwhile(lambda: verify(row, PROMOTION))
    with pytest.raises(actions.NotPossible) as refusal:
        verify(row, PROMOTION)
    assert refusal.value.problems[0].code == "project.verdict.not_waiting"
    assert Verdict.objects.filter(target=row).count() == 1


def test_two_notes_at_once_and_the_slower_one_sees_the_other(meanwhile):
    create()
    quick, slow = (NoteDraft("P1", "2025-05", progress=words, expected=0) for words in ("甲", "乙"))
    meanwhile(lambda: actions.write_notes([quick], actor=REPORTER, today=TODAY))
    with pytest.raises(actions.Changed) as refusal:
        actions.write_notes([slow], actor=REPORTER, today=TODAY)
    assert refusal.value.problems[0].params["theirs"]["progress"] == "甲"
    assert load.notes(["P1"])["P1", "2025-05"].progress == "甲"


def test_what_was_filed_meanwhile_is_not_left_behind_by_a_merge(meanwhile):
    create("P1")
    create("P2")
    note = NoteDraft("P2", "2025-05", progress="刚写的")
    meanwhile(lambda: actions.write_notes([note], actor=REPORTER, today=TODAY))
    with pytest.raises(actions.Changed):
        actions.merge_projects("P2", into="P1", reason="重复", actor=CENTRE, today=TODAY)
    assert load.dossier("P2").merged_into == ""
    actions.merge_projects("P2", into="P1", reason="重复", actor=CENTRE, today=TODAY)
    assert load.notes(["P1"])["P1", "2025-05"].progress == "刚写的"


def remembered():
    return cards.cards(on=TODAY, profile=codebook.profile())


def afresh():
    profile = codebook.profile()
    return cards.cards_of(load.dossiers(None).values(), on=TODAY, profile=profile)


def test_memory_catches_up_with_every_kind_of_act():
    assert remembered() == {}
    signed("P1")
    create("P2")
    assert remembered() == afresh()
    row = claim("签约", date(2025, 2, 1), "P2")
    assert remembered()["P2"].waiting
    actions.void_stage(row, reason="报错", actor=REPORTER, today=TODAY)
    assert remembered() == afresh() and not remembered()["P2"].waiting
    actions.withdraw_verifications([Decision(last_event("P1", "签约"), "不实")], actor=PROMOTION, today=TODAY)
    assert remembered() == afresh() and remembered()["P1"].state == ""
    verify(last_event("P1", "签约"), PROMOTION)
    actions.put_on_list(["P1"], name="市重点", on=date(2025, 3, 1), actor=CENTRE, today=TODAY)
    assert remembered() == afresh() and remembered()["P1"].lists == {"市重点"}
    actions.merge_projects("P2", into="P1", reason="重复", actor=CENTRE, today=TODAY)
    assert remembered() == afresh() and set(remembered()) == {"P1"}


def test_memory_forgets_what_was_removed_by_law():
    create()
    assert remembered()["P1"].version.investor == COMPLETE.investor
    row = load.dossier("P1").version.row
    texts.remove(row=row, columns=("investor",), reason="依法撤除", actor=city.OPERATOR)
    assert remembered()["P1"].version.investor is None


def test_memory_of_another_day_is_derived_anew_and_many_touched_projects_are_read_together(monkeypatch):
    create()
    assert remembered()["P1"].on == TODAY
    other = cards.cards(on=date(2025, 1, 10), profile=codebook.profile())
    assert other["P1"].on == date(2025, 1, 10)
    assert cards.cards(on=date(2025, 1, 9), profile=codebook.profile()) == {}
    monkeypatch.setattr(cards, "MANY", 1)
    drafts = [replace(COMPLETE, code=f"N{n}") for n in range(3)]
    actions.create_projects(drafts, actor=REPORTER, today=TODAY)
    assert set(remembered()) == {"P1", "N0", "N1", "N2"}
