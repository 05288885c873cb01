"""The problem list 难题 of a project: an owner, a due day, and a closure that somebody else has verified."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Problem
from luodi.projects.rules import nodes
from luodi.projects.values.rows import ProblemState, Settling


def due_day(kind: str, raised_on: date, *, profile: Profile) -> date | None:
    """Give the due day that the profile sets for a kind of problem."""
    days = next((item.days for item in profile.problem_kinds if item.id == kind), None)
    return None if days is None else raised_on + timedelta(days=days)


def raise_problems(
    *, project: str, title: str, kind: str, owner: str, due_on: date | None, today: date,
    units: Collection[str], profile: Profile,
) -> Iterator[Problem]:  # fmt: skip
    """Yield why a problem may not be put on the list."""
    where = f"project={project}"
    kinds = [item.id for item in profile.problem_kinds]
    if not title.strip():
        yield Problem("project.problem.blank", where)
    if kind not in kinds:
        yield Problem("project.problem.kind_unknown", where, {"found": kind, "allowed": " ".join(kinds)})
    if owner not in units:
        yield Problem("project.unit_unknown", where, {"field": "owner", "found": owner, "day": today})
    if due_on is not None and due_on < today:
        yield Problem("project.problem.due_past", where, {"found": due_on, "today": today})


def settle_problems(state: ProblemState, *, unit: str, words: str) -> Iterator[Problem]:
    """Yield why `unit` may not say that a problem is settled: it must be open, its own, and said how."""
    where = _where(state)
    if state.state is not Settling.OPEN:
        yield Problem("project.problem.not_open", where, {"state": state.state.value})
    if unit != state.owner:
        yield Problem("project.problem.not_yours", where, {"unit": unit, "owner": state.owner})
    if not words.strip():
        yield Problem("project.problem.how", where)


def close_problems(state: ProblemState, *, unit: str) -> Iterator[Problem]:
    """Yield why `unit` may not close (or send back) a problem: it must be settled, and by another unit."""
    where = _where(state)
    if state.state is not Settling.SETTLED:
        yield Problem("project.problem.not_settled", where, {"state": state.state.value})
    elif unit == state.settled_by:
        yield Problem("project.problem.own_closure", where, {"unit": unit})


def move_problems(
    state: ProblemState, *, due_on: date, owner: str, reason_kind: str, reason: str, today: date,
    units: Collection[str], profile: Profile,
) -> Iterator[Problem]:  # fmt: skip
    """Yield why a problem's due day or owner may not be changed."""
    where = _where(state)
    if state.state is not Settling.OPEN:
        yield Problem("project.problem.not_open", where, {"state": state.state.value})
    if due_on < today:
        yield Problem("project.problem.due_past", where, {"found": due_on, "today": today})
    if owner not in units:
        yield Problem("project.unit_unknown", where, {"field": "owner", "found": owner, "day": today})
    if (due_on, owner) == (state.due_on, state.owner):
        yield Problem("project.problem.nothing_moved", where)
    yield from nodes.reason_problems(reason_kind, reason, where=where, profile=profile)


def days_over(state: ProblemState, on: date) -> int:
    """Tell by how many days an open problem is over its due day."""
    return 0 if state.state is Settling.CLOSED else max(0, (on - state.due_on).days)


def _where(state: ProblemState) -> str:
    return f"project={state.project} problem={state.row}"
