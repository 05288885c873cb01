"""Every kind of act on projects: the whole ledger verifies, and a rebuild gives every row that stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps

from luodi.identity import actions as identity
from luodi.ledger import rebuilding, registry, verification
from luodi.ledger.models import Fact
from luodi.projects import actions, facts_workflow
from luodi.projects.queries import evidence, load
from luodi.projects.values.drafts import Decision, DutyDraft, NodeDraft, NoteDraft, PlanDraft, ShareDraft
from tests import city
from tests.integration.projects.conftest import (
    CENTRE,
    OTHER,
    PROMOTION,
    REPORTER,
    TODAY,
    claim,
    create,
    dossier,
    file,
    last_event,
    signed,
    verify,
)

pytestmark = pytest.mark.django_db(transaction=True)


def live_a_life() -> None:
    """Do one of everything."""
    signed("P1")
    signed("P2")
    create("P3")
    actions.revise_project(replace(dossier("P1").version, name="改名"), actor=REPORTER, today=TODAY)
    row = claim("开工", date(2025, 4, 1))
    verify(row, CENTRE)
    actions.correct_stage(
        row, occurred_on=date(2025, 4, 3), reason_kind="typing", reason="写错", actor=CENTRE, today=TODAY
    )
    verify(last_event("P1", "开工"), city.actor("chk1", "YL01"))  # the centre corrected, so the host is left to verify
    actions.withdraw_verifications([Decision(last_event("P1", "签约"), "核查")], actor=PROMOTION, today=TODAY)
    actions.send_back_stages([Decision(claim("签约", date(2025, 3, 1), "P3"), "缺章")], actor=PROMOTION, today=TODAY)
    actions.void_stage(last_event("P3", "签约"), reason="重报", actor=REPORTER, today=TODAY)
    actions.put_on_list(["P1"], name="市重点", on=date(2025, 1, 1), actor=CENTRE, today=TODAY)
    actions.set_plans([PlanDraft("P1", 2025, Decimal(3), months={1: Decimal(3)})], actor=REPORTER, today=TODAY)
    actions.write_notes([NoteDraft("P1", "2025-05", progress="封顶")], actor=REPORTER, today=TODAY)
    actions.void_row("projects.Note", load.notes(["P1"])["P1", "2025-05"].row, reason="错", actor=CENTRE, today=TODAY)
    actions.share_project(
        "P1", role="host", parts=[ShareDraft("YL01", "1")], valid_from=TODAY, actor=PROMOTION, today=TODAY
    )
    actions.add_nodes(
        "P2", [NodeDraft("打桩", date(2025, 5, 1)), NodeDraft("封顶", date(2025, 9, 1))], actor=REPORTER, today=TODAY
    )
    first, second = (node.row for node in dossier("P2").nodes)
    actions.reach_node(first, on=TODAY, actor=REPORTER, today=TODAY, evidence=[file("照片")])
    actions.move_node(second, to=date(2025, 10, 1), reason_kind="land", reason="征拆", actor=REPORTER, today=TODAY)
    asked = {
        "light": "silent",
        "valid_from": TODAY,
        "valid_to": TODAY + timedelta(9),
        "reason_kind": "policy",
        "reason": "调整",
    }
    actions.ask_excuse("P1", actor=REPORTER, today=TODAY, **asked)
    actions.approve_excuse(Decision(dossier("P1").excuses[0].row), actor=CENTRE, today=TODAY)
    actions.raise_problem("P2", title="缺电", kind="utilities", owner="YL02", actor=REPORTER, today=TODAY)
    actions.settle_problem(dossier("P2").problems[0].row, words="已通电", actor=OTHER, today=TODAY)
    actions.reopen_problem(Decision(dossier("P2").problems[0].row, "还差一路"), actor=CENTRE, today=TODAY)
    actions.assign_duties([DutyDraft("P2", "secretary", "rep1", TODAY)], actor=PROMOTION, today=TODAY)
    actions.hand_over_all("rep1", to="rep2", on=TODAY, reason="轮岗", actor=PROMOTION, today=TODAY)
    actions.merge_projects("P2", into="P1", reason="重复", actor=CENTRE, today=TODAY)


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every projection that facts fill."""
    return {model: list(apps.get_model(model).objects.order_by("id").values_list()) for model in registry.models()}


@pytest.fixture
def lived():
    city.make(on=TODAY)
    live_a_life()


def test_a_rebuild_gives_what_stood_and_everything_verifies(lived):
    declared = {name for name in vars(facts_workflow) if name.isupper()}
    done = set(Fact.objects.values_list("name", flat=True))
    kinds = {kind.name for name in declared if hasattr(kind := getattr(facts_workflow, name), "tables")}
    assert kinds <= done, "an act of this module that the life above leaves out"
    before = rows()
    assert verification.verify().problems == []
    rebuilding.rebuild()
    assert rows() == before


def test_files_say_who_filed_and_who_checked_and_open_for_those_alone(lived):
    files = evidence.evidence_files(["P1", "P2"])
    permit = next(one for one in files if one.kind == "permit")
    assert (permit.project, permit.subject, permit.access.filed_unit) == ("P1", "开工", "YLD02")
    signed_paper = next(one for one in files if one.kind == "contract" and one.project == "P1")
    assert signed_paper.checked_by == (("promo", "YLD01"), ("promo", "YLD01"))
    at = city.at(TODAY)
    for person in ("rep1", "promo", "audit"):
        identity.open_evidence(signed_paper.access, actor=city.actor(person), at=at)
    for person in ("rep2", "leader"):
        with pytest.raises(identity.EvidenceClosed):
            identity.open_evidence(signed_paper.access, actor=city.actor(person), at=at)
