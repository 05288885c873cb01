"""Keeping projects on the ledger: versions, lists, year plans, notes, shares, and voiding a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from luodi.ledger.models import Fact
from luodi.projects import actions
from luodi.projects.queries import load
from luodi.projects.values.drafts import NoteDraft, PlanDraft, ShareDraft
from tests import city
from tests.integration.projects.conftest import (
    CENTRE,
    COMPLETE,
    OTHER,
    PROMOTION,
    REPORTER,
    TODAY,
    codes,
    create,
    dossier,
    signed,
)

pytestmark = pytest.mark.usefixtures("yunling")

REFORM = city.actor("local", "YLD03")


def test_a_project_is_registered_with_all_its_columns():
    create()
    version = dossier().version
    assert version is not None
    assert replace(version, row=0, known_at=0) == COMPLETE


def test_a_county_registers_only_what_is_its_own():
    with pytest.raises(actions.NotAllowed):
        actions.create_projects([COMPLETE], actor=OTHER, today=TODAY)
    with pytest.raises(actions.NotAllowed):
        actions.create_projects([replace(COMPLETE, host="")], actor=REPORTER, today=TODAY)


def test_nobody_acts_for_a_unit_without_a_seat_there():
    with pytest.raises(actions.NotAllowed):
        actions.create_projects([COMPLETE], actor=city.actor("rep1", "YL02"), today=TODAY)


def test_a_code_is_taken_once_even_within_one_call():
    create()
    for drafts in ([COMPLETE], [replace(COMPLETE, code="N1"), replace(COMPLETE, code="N1")]):
        with pytest.raises(actions.NotPossible) as refusal:
            actions.create_projects(drafts, actor=REPORTER, today=TODAY)
        assert "project.taken" in codes(refusal.value.problems)


def test_a_new_version_of_the_same_day_supersedes_and_the_old_one_stays_in_history():
    create()
    seen = dossier().version.row
    actions.revise_project(replace(COMPLETE, name="改名"), actor=REPORTER, today=TODAY, expected=seen)
    assert [version.name for version in dossier().versions] == ["改名"]
    with pytest.raises(actions.Changed) as refusal:
        actions.revise_project(replace(COMPLETE, name="又改"), actor=REPORTER, today=TODAY, expected=seen)
    assert refusal.value.problems[0].params["theirs"]["name"] == "改名"


def test_a_version_may_not_empty_what_a_stage_asked_for():
    signed()
    with pytest.raises(actions.NotPossible) as refusal:
        actions.revise_project(
            replace(COMPLETE, total_investment=None, fixed_investment=None), actor=REPORTER, today=TODAY
        )
    assert codes(refusal.value.problems) == {"project.stage.field_missing"}


def test_an_unknown_project_is_refused_to_the_city_and_closed_to_others():
    with pytest.raises(actions.NotPossible) as refusal:
        actions.revise_project(replace(COMPLETE, code="无"), actor=CENTRE, today=TODAY)
    assert codes(refusal.value.problems) == {"project.unknown"}
    with pytest.raises(actions.NotAllowed):
        actions.revise_project(replace(COMPLETE, code="无"), actor=REPORTER, today=TODAY)


def test_lists_are_kept_by_their_office_with_days():
    create("P1")
    create("P2")
    with pytest.raises(actions.NotAllowed):
        actions.put_on_list(["P1"], name="市重点", on=TODAY, actor=REPORTER, today=TODAY)
    facts = actions.put_on_list(["P1", "P2"], name="市重点", on=date(2025, 3, 1), actor=CENTRE, today=TODAY)
    assert len(facts) == 2
    with pytest.raises(actions.NotPossible) as refusal:
        actions.put_on_list(["P2"], name="市重点", on=TODAY, actor=CENTRE, today=TODAY)
    assert codes(refusal.value.problems) == {"project.list.already"}
    actions.take_off_list(["P1"], name="市重点", on=date(2025, 5, 1), actor=CENTRE, today=TODAY)
    (entry,) = dossier("P1").lists
    assert (entry.on(date(2025, 4, 30)), entry.on(date(2025, 5, 1))) == (True, False)
    actions.put_on_list(["P1"], name="市重点", on=date(2025, 6, 1), actor=CENTRE, today=TODAY)
    assert len(dossier("P1").lists) == 2
    with pytest.raises(actions.NotPossible):
        actions.take_off_list(["P2"], name="省重点", on=TODAY, actor=REFORM, today=TODAY)


def test_a_list_of_unknown_name_is_refused():
    create()
    with pytest.raises(actions.NotPossible) as refusal:
        actions.put_on_list(["P1"], name="不存在", on=TODAY, actor=CENTRE, today=TODAY)
    assert codes(refusal.value.problems) == {"project.list.unknown"}


def test_a_year_plan_supersedes_the_one_before_whole():
    create()
    plan = PlanDraft("P1", 2025, Decimal(300), months={1: Decimal(100), 2: Decimal(200)}, start_on=date(2025, 3, 1))
    actions.set_plans([plan], actor=REPORTER, today=TODAY)
    kept = dossier().plans[2025]
    assert (kept.invest, dict(kept.months), kept.start_on) == (Decimal(300), plan.months, date(2025, 3, 1))
    anew = PlanDraft("P1", 2025, Decimal(500), months={2: Decimal(500)}, expected=kept.last)
    actions.set_plans([anew], actor=REPORTER, today=TODAY)
    assert dict(dossier().plans[2025].months) == {2: Decimal(500)}
    with pytest.raises(actions.Changed):
        actions.set_plans([anew], actor=REPORTER, today=TODAY)
    with pytest.raises(actions.NotPossible) as refusal:
        actions.set_plans([replace(anew, invest=Decimal(499), expected=None)], actor=REPORTER, today=TODAY)
    assert codes(refusal.value.problems) == {"project.plan.does_not_add_up"}


def test_a_note_is_copied_forward_and_two_writers_lose_nothing():
    create()
    first = NoteDraft("P1", "2025-05", progress="基础完成", expected=0)
    actions.write_notes([first], actor=REPORTER, today=TODAY)
    with pytest.raises(actions.Changed) as refusal:
        actions.write_notes([replace(first, progress="别的")], actor=REPORTER, today=TODAY)
    assert refusal.value.problems[0].params["theirs"]["progress"] == "基础完成"
    seen = load.notes(["P1"])["P1", "2025-05"]
    actions.write_notes([replace(first, progress="主体施工", expected=seen.row)], actor=REPORTER, today=TODAY)
    assert load.notes(["P1"])["P1", "2025-05"].progress == "主体施工"


def test_a_note_of_someone_elses_project_is_closed():
    create()
    with pytest.raises(actions.NotAllowed):
        actions.write_notes([NoteDraft("P1", "2025-05", progress="偷看")], actor=OTHER, today=TODAY)


def test_shares_are_a_set_that_replaces_the_one_before():
    create()
    parts = [ShareDraft("YL01", "1/3"), ShareDraft("YL02", "2/3")]
    actions.share_project("P1", role="host", parts=parts, valid_from=TODAY, actor=PROMOTION, today=TODAY, expected=0)
    first = dossier().shares
    assert {(one.unit, one.numerator, one.denominator) for one in first} == {("YL01", 1, 3), ("YL02", 2, 3)}
    assert len({one.filing for one in first}) == 1
    again = [ShareDraft("YL02", "1")]
    with pytest.raises(actions.Changed):
        actions.share_project(
            "P1", role="host", parts=again, valid_from=TODAY, actor=PROMOTION, today=TODAY, expected=0
        )
    actions.share_project("P1", role="host", parts=again, valid_from=TODAY, actor=PROMOTION, today=TODAY)
    assert len({one.filing for one in dossier().shares}) == 2
    with pytest.raises(actions.NotAllowed):
        actions.share_project("P1", role="host", parts=again, valid_from=TODAY, actor=REPORTER, today=TODAY)
    with pytest.raises(actions.NotPossible) as refusal:
        actions.share_project("P1", role="host", parts=parts[:1], valid_from=TODAY, actor=PROMOTION, today=TODAY)
    assert codes(refusal.value.problems) == {"project.share.sum"}


def test_a_voided_row_gives_way_to_the_one_before():
    create()
    actions.write_notes([NoteDraft("P1", "2025-05", progress="对")], actor=REPORTER, today=TODAY)
    actions.write_notes([NoteDraft("P1", "2025-05", progress="错")], actor=REPORTER, today=TODAY)
    row = load.notes(["P1"])["P1", "2025-05"].row
    with pytest.raises(actions.NotAllowed):
        actions.void_row("projects.Note", row, reason="错了", actor=REPORTER, today=TODAY)
    with pytest.raises(actions.NotPossible):
        actions.void_row("projects.Note", row, reason=" ", actor=CENTRE, today=TODAY)
    actions.void_row("projects.Note", row, reason="错了", actor=CENTRE, today=TODAY)
    assert load.notes(["P1"])["P1", "2025-05"].progress == "对"
    for table in ("projects.Note", "auth.User"):
        with pytest.raises(actions.NotPossible):
            actions.void_row(table, row, reason="错了", actor=CENTRE, today=TODAY)


def test_names_and_words_stand_outside_the_facts():
    create()
    actions.write_notes([NoteDraft("P1", "2025-05", progress="秘密的进展")], actor=REPORTER, today=TODAY)
    bodies = b"".join(bytes(body) for body in Fact.objects.values_list("body", flat=True)).decode()
    assert "秘密的进展" not in bodies and COMPLETE.investor not in bodies
