"""Key nodes 节点: baseline, plan and actual. A moved date needs a typed reason; the baseline stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Problem
from luodi.projects.values.drafts import NodeDraft
from luodi.projects.values.rows import Dossier, NodeState


def node_problems(
    dossier: Dossier, drafts: Sequence[NodeDraft], *, units: Collection[str], profile: Profile
) -> Iterator[Problem]:
    """Yield what is wrong with nodes to add; a day outside the building season is only a hint."""
    names = {node.name for node in dossier.nodes if not node.dropped}
    for draft in drafts:
        where = f"project={dossier.code} node={draft.name}"
        yield from _draft_problems(draft, where, names, units, profile)
        yield from season_hint(draft.kind, draft.baseline_on, where=where, profile=profile)
        names.add(draft.name)


def _draft_problems(
    draft: NodeDraft, where: str, names: Collection[str], units: Collection[str], profile: Profile
) -> Iterator[Problem]:
    kinds = [kind.id for kind in profile.nodes]
    if not draft.name.strip():
        yield Problem("project.node.blank", where)
    if draft.name in names:
        yield Problem("project.node.twice", where, {"found": draft.name})
    if draft.kind and draft.kind not in kinds:
        yield Problem("project.node.kind_unknown", where, {"found": draft.kind, "allowed": " ".join(kinds)})
    if draft.owner and draft.owner not in units:
        yield Problem("project.unit_unknown", where, {"field": "owner", "found": draft.owner, "day": draft.baseline_on})


def season_hint(kind: str, day: date, *, where: str, profile: Profile) -> Iterator[Problem]:
    """Yield a hint when an outdoor node is planned for a month in which nobody builds."""
    outdoor = next((item.outdoor for item in profile.nodes if item.id == kind), False)
    if outdoor and not profile.calendar.building.builds_in(day.month):
        yield Problem("project.node.out_of_season", where, {"day": day}, blocking=False)


def move_problems(node: NodeState, *, to: date, reason_kind: str, reason: str, profile: Profile) -> Iterator[Problem]:
    """Yield why a node's planned day may not be moved."""
    where = _where(node)
    yield from _open_problems(node, where)
    if to == node.planned_on:
        yield Problem("project.node.same_day", where, {"found": to})
    yield from reason_problems(reason_kind, reason, where=where, profile=profile)
    yield from season_hint(node.kind, to, where=where, profile=profile)


def reach_problems(node: NodeState, *, on: date, today: date) -> Iterator[Problem]:
    """Yield why a node may not be reported as reached on a day."""
    where = _where(node)
    yield from _open_problems(node, where)
    if on > today:
        yield Problem("project.node.in_future", where, {"found": on, "today": today})


def drop_problems(node: NodeState, *, reason_kind: str, reason: str, profile: Profile) -> Iterator[Problem]:
    """Yield why a node may not be given up."""
    where = _where(node)
    yield from _open_problems(node, where)
    yield from reason_problems(reason_kind, reason, where=where, profile=profile)


def reason_problems(kind: str, words: str, *, where: str, profile: Profile) -> Iterator[Problem]:
    """Yield a problem unless a reason is one of the profile's kinds and said in words."""
    kinds = [reason.id for reason in profile.reasons]
    if kind not in kinds:
        yield Problem("project.reason.kind_unknown", where, {"found": kind, "allowed": " ".join(kinds)})
    if not words.strip():
        yield Problem("project.reason.blank", where)


def _open_problems(node: NodeState, where: str) -> Iterator[Problem]:
    if node.dropped:
        yield Problem("project.node.dropped", where)
    elif node.actual_on:
        yield Problem("project.node.reached", where, {"day": node.actual_on})


def _where(node: NodeState) -> str:
    return f"project={node.project} node={node.name}"


def open_nodes(nodes: Iterable[NodeState]) -> list[NodeState]:
    """List the nodes neither reached nor dropped, the next one first."""
    still = [node for node in nodes if node.actual_on is None and not node.dropped]
    return sorted(still, key=lambda node: (node.planned_on, node.position, node.row))


def days_late(node: NodeState, on: date) -> int:
    """Tell by how many days a node lies (or was reached) past its plan of today; 0 when in time."""
    return max(0, ((node.actual_on or on) - node.planned_on).days)
