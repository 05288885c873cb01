"""Two records of one project become one: what is published stays, what is revised counts once, and history is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from luodi.ledger import actions as ledger
from luodi.ledger.models import Fact, Verdict, Void
from luodi.ledger.values import WHOLE_FACT, Act, Cut, row_id
from luodi.projects import actions, facts_workflow
from luodi.projects import facts as row_facts
from luodi.projects.actions.merging import records
from luodi.projects.queries import load, page
from luodi.projects.rules.merging import Choices
from luodi.projects.values.drafts import DutyDraft, NodeDraft, NoteDraft, PlanDraft
from luodi.statistics import facts as figure_facts
from luodi.statistics.models import Figure
from tests import city
from tests.integration.projects.conftest import (
    CENTRE,
    OPERATOR,
    PROMOTION,
    REPORTER,
    TODAY,
    claim,
    codes,
    create,
    dossier,
    look,
    signed,
    verify,
)

pytestmark = pytest.mark.usefixtures("yunling")

DAYS = {"2025-01": (date(2025, 1, 1), date(2025, 1, 31)), "2025-02": (date(2025, 2, 1), date(2025, 2, 28))}


def figure(code: str, period: str, value: int | None, *, column: str = "period", accepted: bool = True) -> int:
    """File a figure; give its row id."""
    first, last = DAYS[period]
    cells = {
        "subject": code, "subject_kind": "project", "measure": "invest_completed", "period": period, "period_first": first,
        "period_last": last, "value": None if value is None else Decimal(value), "column": column, "form": "YL-T1", "unit": "YL01",
        "accepted_at": None, "foreign_amount": None, "foreign_currency": "", "rate": None, "rate_on": None,
        "known_at": None, "loaded": False,
    }  # fmt: skip
    row = tuple(cells[name] for name in figure_facts.FIGURE_COLUMNS)
    (fact,) = ledger.record(
        [Act(figure_facts.FIGURE_RECORDED, f"project:{code}", {"statistics.Figure": [row]})], actor=OPERATOR
    )
    if accepted:
        verdict = (row_id(fact, WHOLE_FACT), "accepted", 0, "YLD02", None)
        ledger.record(
            [Act(facts_workflow.CLAIM_DECIDED, f"project:{code}", {"ledger.Verdict": [verdict]})], actor=OPERATOR
        )
    return row_id(fact, 0)


def in_force(code: str) -> dict[str, Decimal | None]:
    """Give the accepted figures of a project by period: the last filed."""
    rows = [one for one in records(code) if one.table == "statistics.Figure" and one.counts_from is not None]
    return {str(one.cells["period"]): one.cells["value"] for one in sorted(rows, key=lambda one: one.row)}


def merge(code: str = "P2", into: str = "P1", **choices: str) -> int:
    return actions.merge_projects(
        code, into=into, reason="同一项目重复建档", actor=CENTRE, today=TODAY, choices=Choices(**choices)
    )


def test_what_the_merged_record_filed_counts_under_the_survivor():
    signed("P1")
    create("P2")
    figure("P1", "2025-01", 100)
    figure("P2", "2025-02", 50)
    before = Fact.objects.order_by("-id").first().id
    merge()
    assert in_force("P1") == {"2025-01": 100, "2025-02": 50} and in_force("P2") == {}
    moved = Figure.objects.get(subject="P1", period="2025-02")
    assert moved.accepted_at is not None and moved.accepted_at < moved.known_at and not moved.loaded
    # As of any earlier cut the two are two.
    cut = Cut(2**61, before)
    assert load.dossier("P2", cut).versions and not load.dossier("P2", cut).merged_into
    assert not Void.objects.filter(id__lt=row_id(before, WHOLE_FACT), target__in=Figure.objects.values("id")).exists()


def test_the_merged_record_is_gone_but_its_story_stays():
    signed("P1")
    create("P2")
    merge()
    assert dossier("P2").merged_into == "P1" and dossier("P2").versions == ()
    assert load.survivor("P2") == "P1" and load.merged_codes("P1") == ("P2",)
    with pytest.raises(actions.NotPossible) as refusal:
        actions.write_notes([NoteDraft("P2", "2025-05", progress="晚了")], actor=CENTRE, today=TODAY)
    assert codes(refusal.value.problems) == {"project.merged"}
    with pytest.raises(actions.NotPossible):
        actions.create_projects([replace(dossier("P1").version, code="P2")], actor=CENTRE, today=TODAY)
    old = page.project_page("P2", look("centre"))
    assert old.merged_into == "P1" and old.card is None and old.timeline
    story = page.project_page("P1", look("centre"))
    assert story.merged_from == ("P2",)
    assert {entry.act for entry in story.timeline} >= {"projects.project.merged", "projects.version.filed"}


def test_what_both_filed_is_settled_by_a_person():
    signed("P1")
    create("P2")
    figure("P1", "2025-01", 100)
    figure("P2", "2025-01", 30)
    with pytest.raises(actions.NotPossible) as refusal:
        merge()
    assert codes(refusal.value.problems) == {"project.merge.figures_clash"}
    preview = actions.preview_merge("P2", into="P1", actor=CENTRE, today=TODAY, choices=Choices(figures="sum"))
    assert [row["value"] for row in preview.rows["statistics.Figure"]] == [130]
    merge(figures="sum")
    assert in_force("P1") == {"2025-01": 130}


@pytest.mark.parametrize(("choice", "expected"), [("survivor", 100), ("merged", 30)])
def test_one_of_the_two_stands(choice, expected):
    signed("P1")
    create("P2")
    figure("P1", "2025-01", 90)
    figure("P1", "2025-01", 100)
    figure("P2", "2025-01", 30)
    merge(figures=choice)
    assert in_force("P1") == {"2025-01": expected}


def test_what_waits_for_a_decision_stops_the_merge():
    signed("P1")
    create("P2")
    row = claim("签约", date(2025, 2, 1), "P2")
    figure("P2", "2025-01", 30, accepted=False)
    with pytest.raises(actions.NotPossible) as refusal:
        merge()
    (problem,) = refusal.value.problems
    assert problem.code == "project.merge.pending" and problem.params["count"] == 2
    actions.void_stage(row, reason="重复", actor=REPORTER, today=TODAY)
    figure("P2", "2025-01", 30)
    merge()
    assert in_force("P1") == {"2025-01": 30}


def test_stages_plans_notes_lists_and_earlier_versions_move_where_the_survivor_has_none():
    signed("P1")
    signed("P2", day=date(2025, 1, 20), valid_from=date(2024, 5, 1))
    verify(claim("落地", date(2025, 3, 1), "P2"), PROMOTION)
    for code in ("P1", "P2"):
        actions.write_notes([NoteDraft(code, "2025-04", progress=code)], actor=REPORTER, today=TODAY)
    actions.write_notes([NoteDraft("P2", "2025-05", progress="只此一份")], actor=REPORTER, today=TODAY)
    actions.set_plans([PlanDraft("P2", 2025, Decimal(9), months={1: Decimal(9)})], actor=REPORTER, today=TODAY)
    actions.put_on_list(["P1", "P2"], name="市重点", on=date(2025, 1, 1), actor=CENTRE, today=TODAY)
    actions.put_on_list(["P2"], name="百日攻坚", on=date(2025, 1, 1), actor=CENTRE, today=TODAY)
    merge()
    kept = dossier("P1")
    assert [version.valid_from for version in kept.versions] == [date(2024, 5, 1), date(2025, 1, 10)]
    assert [(event.stage, event.occurred_on) for event in kept.events] == [
        ("签约", date(2025, 2, 1)),
        ("落地", date(2025, 3, 1)),
    ]
    assert kept.plans[2025].invest == 9 and sorted(entry.list for entry in kept.lists) == ["市重点", "百日攻坚"]
    notes = load.notes(["P1"])
    assert (notes["P1", "2025-04"].progress, notes["P1", "2025-05"].progress) == ("P1", "只此一份")


def test_both_days_of_a_stage_may_stand():
    signed("P1")
    signed("P2", day=date(2025, 1, 20))
    merge(stages="both")
    assert {event.occurred_on for event in dossier("P1").events} == {date(2025, 1, 20), date(2025, 2, 1)}


def test_open_work_goes_on_under_the_survivor():
    signed("P1")
    signed("P2")
    actions.add_nodes(
        "P2", [NodeDraft("打桩", date(2025, 5, 1)), NodeDraft("封顶", date(2025, 9, 1))], actor=REPORTER, today=TODAY
    )
    first, second = (node.row for node in dossier("P2").nodes)
    actions.reach_node(first, on=date(2025, 5, 9), actor=REPORTER, today=TODAY)
    actions.move_node(second, to=date(2025, 10, 1), reason_kind="land", reason="征拆", actor=REPORTER, today=TODAY)
    actions.raise_problem("P2", title="缺电", kind="utilities", owner="YL02", actor=REPORTER, today=TODAY)
    duties = [DutyDraft("P2", "secretary", "sec1", date(2025, 2, 1)), DutyDraft("P2", "team", "sec2", date(2025, 2, 1))]
    for duty in (*duties, DutyDraft("P1", "secretary", "sec2", date(2025, 2, 1))):
        actions.assign_duties([duty], actor=PROMOTION, today=TODAY)
    merge()
    kept, gone = dossier("P1"), dossier("P2")
    assert [(node.name, node.baseline_on, node.planned_on, node.actual_on) for node in kept.nodes] == [
        ("打桩", date(2025, 5, 1), date(2025, 5, 1), date(2025, 5, 9)),
        ("封顶", date(2025, 9, 1), date(2025, 10, 1), None),
    ]
    assert [problem.title for problem in kept.problems] == ["缺电"] and gone.problems == gone.nodes == ()
    assert {(duty.duty, duty.holder) for duty in kept.duties} == {("secretary", "sec2"), ("team", "sec2")}
    assert load.duties_of("sec1", on=TODAY) == []


def test_only_who_may_merge_does_and_not_into_itself_or_nothing():
    create("P1")
    create("P2")
    with pytest.raises(actions.NotAllowed):
        actions.merge_projects("P2", into="P1", reason="重复", actor=REPORTER, today=TODAY)
    with pytest.raises(actions.NotAllowed):
        actions.preview_merge("P2", into="P1", actor=REPORTER, today=TODAY)
    with pytest.raises(actions.NotPossible) as refusal:
        actions.merge_projects("P1", into="P1", reason=" ", actor=CENTRE, today=TODAY)
    assert codes(refusal.value.problems) >= {"project.merge.itself", "project.reason.blank"}
    with pytest.raises(actions.NotPossible) as refusal:
        merge("P1", "无")
    assert "project.unknown" in codes(refusal.value.problems)


def test_a_chain_of_merges_is_followed():
    for code in ("P1", "P2", "P3"):
        create(code)
    merge("P3", "P2")
    merge("P2", "P1")
    assert load.survivor("P3") == "P1" and load.merged_codes("P1") == ("P2", "P3")
    assert Verdict.objects.count() == 0


def test_the_columns_of_a_refiled_row_are_all_of_its_model():
    from django.apps import apps

    own = {"id", "known_at", "loaded"}
    for table in facts_workflow.PROJECT_MERGED.tables:
        model = apps.get_model(table.model)
        columns = {field.name for field in model._meta.concrete_fields} - own
        assert columns == set(table.columns), table.model
    assert row_facts.VERSION_COLUMNS[:-2] == facts_workflow.VERSION.columns
    assert city.WAN == 10_000
