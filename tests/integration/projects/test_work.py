"""Nodes, excuses, the problem list, and who answers for a project."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from luodi.codebook import queries as codebook
from luodi.projects import actions
from luodi.projects.queries import load
from luodi.projects.rules import lights, people
from luodi.projects.rules.lights import Colour, LightCase
from luodi.projects.values.drafts import Decision, DutyDraft, NodeDraft
from luodi.projects.values.rows import Settling, Status
from tests import city
from tests.integration.projects.conftest import (
    CENTRE,
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

SUPERVISION = city.actor("local", "YLD08")


def add(*days: date) -> list[int]:
    drafts = [NodeDraft(f"节点{n}", day, owner="YLD02", position=n) for n, day in enumerate(days)]
    actions.add_nodes("P1", drafts, actor=REPORTER, today=TODAY)
    return [node.row for node in dossier().nodes]


def test_a_moved_node_keeps_its_baseline_and_says_why():
    create()
    (node,) = add(date(2025, 5, 1))
    with pytest.raises(actions.NotPossible) as refusal:
        actions.move_node(node, to=date(2025, 7, 1), reason_kind="", reason="", actor=REPORTER, today=TODAY)
    assert codes(refusal.value.problems) == {"project.reason.kind_unknown", "project.reason.blank"}
    actions.move_node(node, to=date(2025, 7, 1), reason_kind="land", reason="征拆未完", actor=REPORTER, today=TODAY)
    (state,) = dossier().nodes
    assert (state.baseline_on, state.planned_on, state.moves) == (date(2025, 5, 1), date(2025, 7, 1), 1)
    with pytest.raises(actions.Changed):
        actions.reach_node(node, on=TODAY, actor=REPORTER, today=TODAY, expected=node)
    actions.reach_node(node, on=TODAY, actor=REPORTER, today=TODAY, evidence=[file("桩基照片")])
    assert dossier().nodes[0].actual_on == TODAY
    for act in (
        lambda: actions.drop_node(node, reason_kind="land", reason="不要", actor=REPORTER, today=TODAY),
        lambda: actions.move_node(node, to=TODAY, reason_kind="land", reason="再移", actor=REPORTER, today=TODAY),
    ):
        with pytest.raises(actions.NotPossible):
            act()


def test_a_day_reached_by_mistake_is_voided_and_the_node_is_open_again():
    create()
    (node,) = add(date(2025, 5, 1))
    fact = actions.reach_node(node, on=TODAY, actor=REPORTER, today=TODAY)
    actions.void_row("projects.NodeEvent", fact << 16, reason="报错", actor=CENTRE, today=TODAY)
    assert dossier().nodes[0].actual_on is None
    actions.drop_node(node, reason_kind="design", reason="设计取消", actor=REPORTER, today=TODAY)
    assert dossier().nodes[0].dropped


def test_nodes_of_others_and_unknown_ones_are_refused():
    create()
    (node,) = add(date(2025, 5, 1))
    with pytest.raises(actions.NotAllowed):
        actions.reach_node(node, on=TODAY, actor=OTHER, today=TODAY)
    for act in (
        lambda: actions.reach_node(node + 5, on=TODAY, actor=CENTRE, today=TODAY),
        lambda: actions.reach_node(node, on=TODAY, actor=CENTRE, today=TODAY, evidence=["a" * 64]),
        lambda: actions.add_nodes("P1", [NodeDraft("节点0", TODAY)], actor=CENTRE, today=TODAY),
    ):
        with pytest.raises(actions.NotPossible):
            act()


def lamp(rule: str) -> lights.Lamp:
    found = lights.lights(LightCase(dossier(), TODAY, codebook.profile()))
    return next(one for one in found.lamps if one.rule == rule)


def test_an_approved_excuse_is_a_state_of_its_own():
    create()
    add(date(2025, 3, 1))
    assert lamp("late_node").colour is Colour.RED
    asked = {
        "light": "late_node",
        "valid_from": TODAY,
        "valid_to": TODAY + timedelta(30),
        "actor": REPORTER,
        "today": TODAY,
    }
    with pytest.raises(actions.NotPossible) as refusal:
        actions.ask_excuse("P1", reason_kind="money", reason="没钱", **asked)
    assert codes(refusal.value.problems) == {"project.excuse.not_proper"}
    actions.ask_excuse("P1", reason_kind="weather", reason="连续暴雨", evidence=[file("气象证明")], **asked)
    (excuse,) = dossier().excuses
    assert excuse.status is Status.CLAIMED and lamp("late_node").colour is Colour.RED
    with pytest.raises(actions.NotAllowed):
        actions.approve_excuse(Decision(excuse.row), actor=REPORTER, today=TODAY)
    with pytest.raises(actions.NotPossible):
        actions.refuse_excuse(Decision(excuse.row), actor=CENTRE, today=TODAY)
    actions.approve_excuse(Decision(excuse.row, expected=excuse.last), actor=CENTRE, today=TODAY)
    assert (lamp("late_node").colour, lamp("late_node").without_excuse) == (Colour.EXCUSED, Colour.RED)
    with pytest.raises(actions.NotPossible):
        actions.approve_excuse(Decision(excuse.row), actor=CENTRE, today=TODAY)
    with pytest.raises(actions.NotPossible):
        actions.approve_excuse(Decision(excuse.row + 9), actor=CENTRE, today=TODAY)


def test_an_excuse_of_ones_own_unit_is_not_ones_to_approve():
    create()
    asked = {
        "light": "silent",
        "valid_from": TODAY,
        "valid_to": TODAY + timedelta(9),
        "reason_kind": "policy",
        "reason": "规划调整",
    }
    actions.ask_excuse("P1", actor=CENTRE, today=TODAY, **asked)
    with pytest.raises(actions.NotPossible) as refusal:
        actions.approve_excuse(Decision(dossier().excuses[0].row), actor=CENTRE, today=TODAY)
    assert codes(refusal.value.problems) == {"project.verdict.own_claim"}
    actions.refuse_excuse(Decision(dossier().excuses[0].row, "不属实"), actor=SUPERVISION, today=TODAY)
    assert dossier().excuses[0].status is Status.SENT_BACK


def raised(**changes) -> int:
    said = {"title": "红线内两户未腾空", "kind": "land", "owner": "YL02", "actor": REPORTER, "today": TODAY} | changes
    return actions.raise_problem("P1", **said) << 16


def test_a_problem_takes_its_days_from_the_profile_and_closes_only_when_another_unit_has_verified():
    create()
    problem = raised()
    (state,) = dossier().problems
    assert (state.row, state.due_on, state.state) == (problem, TODAY + timedelta(30), Settling.OPEN)
    with pytest.raises(actions.NotPossible):
        actions.close_problem(Decision(problem), actor=CENTRE, today=TODAY)
    with pytest.raises(actions.NotAllowed):
        actions.settle_problem(problem, words="已腾空", actor=REPORTER, today=TODAY)
    actions.settle_problem(problem, words="已腾空", actor=OTHER, today=TODAY, evidence=[file("腾空照片")])
    assert dossier().problems[0].state is Settling.SETTLED
    with pytest.raises(actions.NotPossible):
        actions.settle_problem(problem, words="再报", actor=OTHER, today=TODAY)
    with pytest.raises(actions.NotPossible):
        actions.reopen_problem(Decision(problem), actor=CENTRE, today=TODAY)
    actions.reopen_problem(Decision(problem, "还有一户"), actor=CENTRE, today=TODAY)
    assert dossier().problems[0].state is Settling.OPEN
    actions.settle_problem(problem, words="都腾空了", actor=OTHER, today=TODAY)
    actions.close_problem(Decision(problem), actor=CENTRE, today=TODAY)
    assert dossier().problems[0].state is Settling.CLOSED


def test_the_owner_may_not_verify_its_own_closure():
    create()
    problem = raised(owner="YLD02")
    actions.settle_problem(problem, words="办好了", actor=CENTRE, today=TODAY)
    with pytest.raises(actions.NotPossible) as refusal:
        actions.close_problem(Decision(problem), actor=CENTRE, today=TODAY)
    assert codes(refusal.value.problems) == {"project.problem.own_closure"}


def test_a_problem_is_reported_on_and_moved_with_a_typed_reason():
    create()
    problem = raised(due_on=date(2025, 6, 10))
    actions.report_on_problem(problem, words="已谈一轮", actor=OTHER, today=TODAY)
    with pytest.raises(actions.NotPossible):
        actions.report_on_problem(problem, words=" ", actor=OTHER, today=TODAY)
    actions.move_problem(
        problem,
        due_on=date(2025, 7, 1),
        owner="YLD03",
        reason_kind="policy",
        reason="转自规",
        actor=REPORTER,
        today=TODAY,
    )
    (state,) = dossier().problems
    assert (state.owner, state.due_on, state.moves) == ("YLD03", date(2025, 7, 1), 1)
    with pytest.raises(actions.NotPossible):
        actions.move_problem(
            problem, due_on=date(2025, 7, 1), reason_kind="policy", reason="没变", actor=REPORTER, today=TODAY
        )
    for act in (
        lambda: raised(title="", kind="无", owner="无", due_on=date(2025, 1, 1)),
        lambda: actions.report_on_problem(problem + 7, words="无", actor=CENTRE, today=TODAY),
    ):
        with pytest.raises(actions.NotPossible):
            act()


def assign(duty: str, holder: str, code: str = "P1", actor=PROMOTION, **changes) -> None:
    actions.assign_duties([DutyDraft(code, duty, holder, date(2025, 2, 1), **changes)], actor=actor, today=TODAY)


def held(duty: str, on: date = TODAY, code: str = "P1") -> list[str]:
    return [one.holder for one in people.holders(dossier(code).duties, duty, on)]


def test_a_duty_is_handed_over_without_a_gap():
    signed()
    assign("secretary", "sec1")
    day = date(2025, 6, 2)
    actions.hand_over(
        "P1", duty="secretary", holder="sec1", to="sec2", on=day, reason="轮岗", actor=PROMOTION, today=TODAY
    )
    assert (held("secretary", day - timedelta(1)), held("secretary", day)) == (["sec1"], ["sec2"])


def test_no_project_is_left_without_one_that_it_must_have():
    signed()
    assign("secretary", "sec1")
    with pytest.raises(actions.NotPossible) as refusal:
        actions.end_duty("P1", duty="secretary", holder="sec1", on=TODAY, reason="退休", actor=PROMOTION, today=TODAY)
    assert codes(refusal.value.problems) == {"project.duty.orphan"}
    assign("helper", "YL0101")
    actions.end_duty("P1", duty="helper", holder="YL0101", on=TODAY, reason="撤", actor=PROMOTION, today=TODAY)
    assert held("helper") == []


def test_the_holder_hands_over_their_own_duty_and_nobody_elses():
    signed()
    assign("secretary", "sec1")
    own = city.actor("sec1", "YL01")
    others = city.actor("sec2", "YL01")
    said = {"duty": "secretary", "holder": "sec1", "to": "sec2", "on": TODAY, "reason": "请假", "today": TODAY}
    with pytest.raises(actions.NotAllowed):
        actions.hand_over("P1", actor=others, **said)
    actions.hand_over("P1", actor=own, **said)
    assert held("secretary") == ["sec2"]


def test_all_of_a_persons_duties_go_at_once_or_none_does():
    for code in ("P1", "P2"):
        signed(code)
        assign("secretary", "sec1", code)
    assign("team", "sec1", "P2")
    assign("team", "sec2", "P2")
    said = {"on": TODAY, "reason": "调离", "actor": PROMOTION, "today": TODAY}
    with pytest.raises(actions.NotPossible):  # sec2 is in P2's team already
        actions.hand_over_all("sec1", to="sec2", **said)
    assert held("secretary") == ["sec1"]
    facts = actions.hand_over_all("sec1", to="sec2", others={("P2", "team"): "leader"}, **said)
    assert len(facts) == 2
    assert load.duties_of("sec1", on=TODAY) == []
    assert (held("secretary", code="P2"), sorted(held("team", code="P2"))) == (["sec2"], ["leader", "sec2"])
    with pytest.raises(actions.NotPossible):
        actions.hand_over_all("sec1", to="sec2", **said)


def test_one_duty_has_one_holder_unless_the_profile_says_several():
    signed()
    assign("sponsor", "leader")
    with pytest.raises(actions.NotPossible) as refusal:
        assign("sponsor", "sec1")
    assert codes(refusal.value.problems) == {"project.duty.taken"}
    with pytest.raises(actions.NotPossible) as refusal:
        assign("sponsor", "nobody")
    assert "project.duty.holder_unknown" in codes(refusal.value.problems)
    assign("team", "sec1")
    assign("team", "YLD02")


def test_a_secretary_acts_on_projects_they_answer_for():
    create()
    secretary = city.actor("sec1", "YL01")
    with pytest.raises(actions.NotAllowed):
        claim("签约", date(2025, 3, 1), actor=secretary)
    assign("secretary", "sec1")
    verify(claim("签约", date(2025, 3, 1), actor=secretary), PROMOTION)
    assert dossier().events[0].status is Status.VERIFIED
