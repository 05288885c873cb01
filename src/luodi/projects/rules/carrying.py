"""What goes on under the survivor of a merge beside what is counted: open problems, nodes where it has none, duties nobody has there."""

from __future__ import annotations

from datetime import date

from luodi.ledger.values import Row, own_row
from luodi.projects.rules import people
from luodi.projects.values.rows import Dossier, NodeState, ProblemState, Settling


def open_problems(merged: Dossier) -> tuple[ProblemState, ...]:
    """List the problems that go on."""
    return tuple(problem for problem in merged.problems if problem.state is not Settling.CLOSED)


def problem_rows(merged: Dossier, into: str) -> list[Row]:
    """File the open problems again, with the owner and due day of today."""
    return [
        (into, one.kind, one.title, one.raised_by, one.owner, one.raised_on, one.due_on)
        for one in open_problems(merged)
    ]


def carried_nodes(merged: Dossier, survivor: Dossier) -> tuple[NodeState, ...]:
    """List the nodes that go on: those not dropped, and only where the survivor has no plan of its own."""
    if any(not node.dropped for node in survivor.nodes):
        return ()
    return tuple(node for node in merged.nodes if not node.dropped)


def node_rows(nodes: tuple[NodeState, ...], into: str) -> tuple[list[Row], list[Row]]:
    """File nodes again with their baselines, and events for a moved plan and a day reached. Nodes stand first in the act."""
    rows: list[Row] = [(into, one.kind, one.name, one.baseline_on, one.owner, one.position) for one in nodes]
    events: list[Row] = []
    for place, node in enumerate(nodes):
        if node.planned_on != node.baseline_on:
            events.append((into, own_row(place), "planned", node.planned_on, node.last_reason, None, []))
        if node.actual_on is not None:
            events.append((into, own_row(place), "actual", node.actual_on, "", None, []))
    return rows, events


def duty_rows(merged: Dossier, survivor: Dossier, *, into: str, on: date) -> list[Row]:
    """End the merged record's duties on a day, and give those that nobody holds for the survivor to the same people."""
    held = [one for one in merged.duties if one.valid_to is None or on < one.valid_to]
    ends: list[Row] = [
        (one.project, one.duty, one.holder, one.valid_from, max(on, one.valid_from), None) for one in held
    ]
    free = [one for one in held if one.on(on) and not people.holders(survivor.duties, one.duty, on)]
    return [*ends, *((into, one.duty, one.holder, on, one.valid_to, None) for one in free)]
