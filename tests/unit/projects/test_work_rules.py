"""Nodes, the problem list, excuses and duties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from luodi.projects.rules import excuses, nodes, people, problem_list
from luodi.projects.values.drafts import DutyDraft, NodeDraft
from luodi.projects.values.rows import (
    Dossier,
    DutyState,
    ExcuseState,
    NodeState,
    ProblemState,
    Settling,
    Status,
)
from tests.unit.projects.conftest import TODAY, codes, event, profile, started

UNITS = frozenset({"YL01", "YL02"})
NODE = NodeState(1, "P1", "打桩", date(2025, 5, 1), date(2025, 5, 1), kind="N07")


def added(*drafts, dossier=None):
    found = nodes.node_problems(dossier or Dossier("P1", nodes=(NODE,)), drafts, units=UNITS, profile=profile())
    return codes(found)


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (NodeDraft("封顶", TODAY, "N08", "YL01"), []),
        (NodeDraft(" ", TODAY), ["project.node.blank"]),
        (NodeDraft("打桩", TODAY), ["project.node.twice"]),
        (NodeDraft("封顶", TODAY, "N99"), ["project.node.kind_unknown"]),
        (NodeDraft("封顶", TODAY, owner="YL99"), ["project.unit_unknown"]),
    ],
)
def test_a_node_stands_or_says_why_not(draft, expected):
    assert added(draft) == expected


def test_a_name_is_free_again_once_its_node_is_dropped_but_not_twice_in_one_act():
    dropped = Dossier("P1", nodes=(replace(NODE, dropped=True),))
    assert added(NodeDraft("打桩", TODAY), dossier=dropped) == []
    assert added(NodeDraft("封顶", TODAY), NodeDraft("封顶", TODAY)) == ["project.node.twice"]


def test_an_outdoor_node_in_winter_is_only_a_hint():
    from luodi.codebook.values.organisation import Season

    calendar = profile().calendar.model_copy(update={"building": Season(first_month=4, last_month=10)})
    northern = profile().model_copy(update={"calendar": calendar})
    (hint,) = nodes.season_hint("N07", date(2025, 12, 1), where="P1", profile=northern)
    assert not hint.blocking
    assert list(nodes.season_hint("N07", date(2025, 6, 1), where="P1", profile=northern)) == []
    assert list(nodes.season_hint("N01", date(2025, 12, 1), where="P1", profile=northern)) == []


def test_moving_reaching_and_dropping():
    def moved(node=NODE, to=date(2025, 7, 1), kind="land", reason="征拆"):
        return codes(nodes.move_problems(node, to=to, reason_kind=kind, reason=reason, profile=profile()))

    reached = replace(NODE, actual_on=date(2025, 5, 9))
    assert moved() == []
    assert moved(to=NODE.planned_on) == ["project.node.same_day"]
    assert moved(kind="无", reason=" ") == ["project.reason.kind_unknown", "project.reason.blank"]
    assert moved(reached) == ["project.node.reached"]
    assert moved(replace(NODE, dropped=True)) == ["project.node.dropped"]
    assert codes(nodes.reach_problems(NODE, on=TODAY, today=TODAY)) == []
    assert codes(nodes.reach_problems(NODE, on=TODAY + timedelta(1), today=TODAY)) == ["project.node.in_future"]
    drop = nodes.drop_problems(NODE, reason_kind="", reason="取消", profile=profile())
    assert codes(drop) == ["project.reason.kind_unknown"]


def test_the_next_node_is_the_earliest_open_one_and_lateness_is_counted_in_days():
    later = replace(NODE, row=2, planned_on=date(2025, 9, 1))
    done = replace(NODE, row=3, actual_on=date(2025, 5, 9))
    assert nodes.open_nodes([later, done, NODE, replace(NODE, row=4, dropped=True)]) == [NODE, later]
    assert (nodes.days_late(NODE, TODAY), nodes.days_late(later, TODAY), nodes.days_late(done, TODAY)) == (32, 0, 8)


# --- problems -------------------------------------------------------------------------------------

PROBLEM = ProblemState(7, "P1", "缺电", "YL02", TODAY, TODAY + timedelta(15), Settling.OPEN)


def raised(**changes):
    said = {"title": "缺电", "kind": "utilities", "owner": "YL02", "due_on": None} | changes
    return codes(problem_list.raise_problems(project="P1", today=TODAY, units=UNITS, profile=profile(), **said))


def test_a_problem_has_words_a_kind_an_owner_and_a_day_to_come():
    assert raised() == raised(due_on=TODAY) == []
    assert raised(title=" ", kind="鬼", owner="YL99", due_on=date(2025, 6, 1)) == [
        "project.problem.blank",
        "project.problem.kind_unknown",
        "project.unit_unknown",
        "project.problem.due_past",
    ]
    assert problem_list.due_day("utilities", TODAY, profile=profile()) == TODAY + timedelta(15)
    assert problem_list.due_day("鬼", TODAY, profile=profile()) is None


def test_settling_and_closing():
    settled = replace(PROBLEM, state=Settling.SETTLED, settled_by="YL02")
    assert codes(problem_list.settle_problems(PROBLEM, unit="YL02", words="已通电")) == []
    assert codes(problem_list.settle_problems(settled, unit="YL01", words=" ")) == [
        "project.problem.not_open",
        "project.problem.not_yours",
        "project.problem.how",
    ]
    assert codes(problem_list.close_problems(settled, unit="YLD02")) == []
    assert codes(problem_list.close_problems(settled, unit="YL02")) == ["project.problem.own_closure"]
    assert codes(problem_list.close_problems(PROBLEM, unit="YLD02")) == ["project.problem.not_settled"]


def moved_problem(state=PROBLEM, **changes):
    said = {"due_on": date(2025, 7, 1), "owner": "YL02", "reason_kind": "policy", "reason": "调整"} | changes
    return codes(problem_list.move_problems(state, today=TODAY, units=UNITS, profile=profile(), **said))


def test_a_due_day_moves_with_a_reason():
    assert moved_problem() == moved_problem(due_on=PROBLEM.due_on, owner="YL01") == []
    assert moved_problem(due_on=PROBLEM.due_on) == ["project.problem.nothing_moved"]
    assert moved_problem(replace(PROBLEM, state=Settling.CLOSED), due_on=date(2025, 1, 1), owner="YL99", reason="") == [
        "project.problem.not_open",
        "project.problem.due_past",
        "project.unit_unknown",
        "project.reason.blank",
    ]


def test_days_over_the_due_day():
    late = PROBLEM.due_on + timedelta(3)
    assert (problem_list.days_over(PROBLEM, TODAY), problem_list.days_over(PROBLEM, late)) == (0, 3)
    assert problem_list.days_over(replace(PROBLEM, state=Settling.CLOSED), late) == 0


# --- excuses --------------------------------------------------------------------------------------


def asked(**changes):
    said = {
        "light": "silent", "valid_from": TODAY, "valid_to": TODAY + timedelta(30), "reason_kind": "weather", "reason": "暴雨",
    } | changes  # fmt: skip
    return codes(excuses.ask_problems(Dossier("P1"), profile=profile(), **said))


def test_an_excuse_needs_a_light_a_span_and_a_proper_reason():
    assert asked() == []
    assert asked(light="月亮") == ["project.excuse.light_unknown"]
    assert asked(valid_to=TODAY) == asked(valid_to=TODAY + timedelta(367)) == ["project.excuse.span"]
    assert asked(reason_kind="money") == ["project.excuse.not_proper"]
    assert asked(reason_kind="鬼") == ["project.reason.kind_unknown"]


def test_an_excuse_is_decided_once_by_another_unit():
    excuse = ExcuseState(1, "P1", "silent", TODAY, TODAY + timedelta(9), Status.CLAIMED, asked_by="YL01")
    assert codes(excuses.decide_problems(excuse, unit="YLD02")) == []
    assert codes(excuses.decide_problems(excuse, unit="YL01")) == ["project.verdict.own_claim"]
    done = replace(excuse, status=Status.VERIFIED)
    assert codes(excuses.decide_problems(done, unit="YLD02")) == ["project.verdict.not_waiting"]


# --- duties ---------------------------------------------------------------------------------------

SINCE = date(2024, 6, 1)
SECRETARY = DutyState(1, "P1", "secretary", "a", SINCE)
KNOWN = frozenset({"a", "b"})


def assigned(draft, *duties, leaving=""):
    dossier = started(duties=duties)
    return codes(people.assign_problems(dossier, draft, known=KNOWN, profile=profile(), leaving=leaving))


def draft(duty="secretary", holder="b", **changes):
    return replace(DutyDraft("P1", duty, holder, TODAY), **changes)


def test_a_duty_is_given_to_somebody_known_who_does_not_hold_it():
    assert assigned(draft()) == []
    assert assigned(draft(duty="cook")) == ["project.duty.unknown"]
    assert assigned(draft(holder="x")) == ["project.duty.holder_unknown"]
    assert assigned(draft(until=TODAY)) == ["project.duty.span"]
    assert assigned(draft(), SECRETARY) == ["project.duty.taken"]
    assert assigned(draft(holder="a"), SECRETARY) == ["project.duty.already"]
    assert assigned(draft(), SECRETARY, leaving="a") == []


def test_spans_of_one_duty_do_not_overlap():
    ended = replace(SECRETARY, valid_to=TODAY)
    later = replace(SECRETARY, valid_from=date(2025, 9, 1))
    assert assigned(draft(), ended) == assigned(draft(until=date(2025, 9, 1)), later) == []
    assert assigned(draft(), later) == ["project.duty.taken"]
    assert assigned(draft(duty="team"), replace(SECRETARY, duty="team")) == []


def ended(*duties, holder="a", on=TODAY, duty="secretary", successor=False, events=None):
    dossier = started(duties=duties) if events is None else started(duties=duties, events=events)
    found = people.end_problems(dossier, duty=duty, holder=holder, on=on, profile=profile(), successor=successor)
    return codes(found)


def test_a_duty_does_not_end_into_nothing_where_it_is_required():
    other = replace(SECRETARY, row=2, holder="b")
    assert ended(SECRETARY) == ["project.duty.orphan"]
    assert ended(SECRETARY, successor=True) == ended(SECRETARY, other) == ended(SECRETARY, events=()) == []
    assert ended(SECRETARY, holder="c") == ended(replace(SECRETARY, valid_to=TODAY)) == ["project.duty.not_held"]
    assert ended(SECRETARY, on=date(2024, 5, 1), events=()) == ["project.duty.span"]


def test_what_is_missing_is_known_from_the_stage_reached():
    assert people.missing_duties(started(duties=(SECRETARY,)), on=TODAY, profile=profile()) == [
        "sponsor",
        "team",
        "helper",
    ]
    assert people.missing_duties(started(events=()), on=TODAY, profile=profile()) == []
    assert not people.is_required(started(), "cook", TODAY, profile())


def test_a_duty_may_be_required_from_a_stage_off_the_path_or_never():
    rules = [
        one.model_copy(update={"required_from": need})
        for one, need in zip(profile().responsibilities, ("停滞", None), strict=False)
    ]
    changed = profile().model_copy(update={"responsibilities": tuple(rules)})
    stalled = started(events=(*started().events, event("停滞", date(2025, 1, 1))))
    assert people.is_required(stalled, "sponsor", TODAY, changed) and not people.is_required(
        started(), "sponsor", TODAY, changed
    )
    assert not people.is_required(stalled, "secretary", TODAY, changed)
