"""Nodes and lights: adding nodes, moving, reaching and dropping them; asking for an excuse, approving or refusing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from luodi.codebook.values.organisation import Permission
from luodi.kernel.problem import Problem
from luodi.ledger.values import Act, Actor
from luodi.projects import facts_workflow as facts
from luodi.projects import models
from luodi.projects.actions import deciding
from luodi.projects.actions.office import Desk, desk, refuse, unchanged, write
from luodi.projects.actions.staging import lost_files
from luodi.projects.queries import load
from luodi.projects.rules import excuses, nodes, stages
from luodi.projects.values.drafts import Decision, NodeDraft
from luodi.projects.values.rows import NodeState

KEEP = Permission.KEEP_PROJECTS
WANT = frozenset({"nodes", "excuses", "shares", "duties"})


def add_nodes(project: str, drafts: Sequence[NodeDraft], *, actor: Actor, today: date) -> int:
    """
    Add nodes to a project, with the baseline that stays. Give the fact's id; the nodes' ids are its rows, in order.

    :raises NotPossible: if a name is blank or there already, or kind or owner is unknown
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier = load.dossier(project, want=WANT)
        who.require(KEEP, dossier)
        found = nodes.node_problems(dossier, drafts, units=who.units, profile=who.profile)
        refuse([*stages.project_problems(dossier, f"project={project}"), *found])
        rows = [(project, one.kind, one.name.strip(), one.baseline_on, one.owner, one.position) for one in drafts]
        return [Act(facts.NODES_ADDED, f"project:{project}", {"projects.Node": rows})]

    return write(ready, actor=actor)[0]


def move_node(
    node: int, *, to: date, reason_kind: str, reason: str, actor: Actor, today: date, expected: int | None = None
) -> int:
    """
    Move a node's planned day, with a typed reason; the baseline stays. Give the fact's id.

    :raises Changed: if the node was changed since `expected` (its `last`)
    :raises NotPossible: if it is reached or dropped, the day is the same, or the reason is not one of the profile's
    """
    return _change(
        node,
        lambda state, who: nodes.move_problems(
            state, to=to, reason_kind=reason_kind, reason=reason, profile=who.profile
        ),
        ("planned", to, reason_kind, reason),
        actor=actor,
        today=today,
        expected=expected,
    )


def reach_node(
    node: int, *, on: date, actor: Actor, today: date, evidence: Sequence[str] = (), expected: int | None = None
) -> int:
    """
    Report that a node was reached on a day. Give the fact's id.

    :raises NotPossible: if it was reached before or dropped, or the day lies ahead
    """
    return _change(
        node,
        lambda state, who: nodes.reach_problems(state, on=on, today=today),
        ("actual", on, "", ""),
        actor=actor,
        today=today,
        expected=expected,
        evidence=evidence,
    )


def drop_node(
    node: int, *, reason_kind: str, reason: str, actor: Actor, today: date, expected: int | None = None
) -> int:
    """Give a node up, with a typed reason. Give the fact's id."""
    return _change(
        node,
        lambda state, who: nodes.drop_problems(state, reason_kind=reason_kind, reason=reason, profile=who.profile),
        ("dropped", None, reason_kind, reason),
        actor=actor,
        today=today,
        expected=expected,
    )


def _change(
    node: int,
    check: Callable[[NodeState, Desk], Iterable[Problem]],
    said: tuple[str, date | None, str, str],
    *,
    actor: Actor,
    today: date,
    expected: int | None,
    evidence: Sequence[str] = (),
) -> int:
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier, state = deciding.find(models.Node, node, want=WANT, among=lambda one: one.nodes)
        who.require(KEEP, dossier)
        where = f"project={state.project} node={state.name}"
        theirs = {"planned_on": state.planned_on, "actual_on": state.actual_on, "dropped": state.dropped}
        lost = lost_files(evidence, where)
        refuse([*unchanged(expected, state.last, where=where, theirs=theirs), *check(state, who), *lost])
        kind, day, reason_kind, reason = said
        row = (state.project, node, kind, day, reason_kind, reason.strip() or None, list(evidence))
        rows = {"projects.NodeEvent": [row]}
        return [Act(facts.NODE_CHANGED, f"project:{state.project}", rows, evidence=tuple(evidence))]

    return write(ready, actor=actor)[0]


# --- excuses --------------------------------------------------------------------------------------


def ask_excuse(
    project: str,
    *,
    light: str,
    valid_from: date,
    valid_to: date,
    reason_kind: str,
    reason: str,
    actor: Actor,
    today: date,
    evidence: Sequence[str] = (),
) -> int:
    """
    Ask that a light be excused for a span (`valid_to`: first day no longer). It holds once approved. Give the fact's id.

    :raises NotPossible: if the light can't be excused, the span or reason doesn't stand, or a file is not kept
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier = load.dossier(project, want=WANT)
        who.require(KEEP, dossier, Permission.RAISE_PROBLEM)
        where = f"project={project} light={light}"
        found = excuses.ask_problems(
            dossier,
            light=light,
            valid_from=valid_from,
            valid_to=valid_to,
            reason_kind=reason_kind,
            reason=reason,
            profile=who.profile,
        )
        lost = lost_files(evidence, where)
        refuse([*stages.project_problems(dossier, where), *found, *lost])
        row = (project, light, valid_from, valid_to, reason_kind, reason.strip(), list(evidence), who.unit)
        return [Act(facts.EXCUSE_ASKED, f"project:{project}", {"projects.Excuse": [row]}, evidence=tuple(evidence))]

    return write(ready, actor=actor)[0]


def approve_excuse(decision: Decision, *, actor: Actor, today: date) -> int:
    """
    Approve an excuse: from then on the light is shown as excused. Give the fact's id.

    :raises NotAllowed: if the person may not approve for the project
    :raises NotPossible: if it doesn't wait, or was asked by the approver's own unit
    """
    return _decide_excuse(decision, "verified", actor=actor, today=today)


def refuse_excuse(decision: Decision, *, actor: Actor, today: date) -> int:
    """Refuse an excuse, with a reason. Give the fact's id. Raises as `approve_excuse`."""
    return _decide_excuse(decision, "sent_back", actor=actor, today=today)


def _decide_excuse(decision: Decision, verdict: str, *, actor: Actor, today: date) -> int:
    return deciding.decide(
        decision, verdict, claimed=_claimed, permission=Permission.APPROVE_EXCUSE, actor=actor, today=today
    )


def _claimed(row: int, who: Desk) -> deciding.Claimed:
    dossier, excuse = deciding.find(models.Excuse, row, want=WANT, among=lambda one: one.excuses)
    return deciding.Claimed(
        row=excuse.row,
        dossier=dossier,
        where=f"project={excuse.project} light={excuse.light}",
        last=excuse.last,
        theirs={"status": excuse.status.value},
        problems=tuple(excuses.decide_problems(excuse, unit=who.unit)),
    )
