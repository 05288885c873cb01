"""The problem list 难题: raising, reporting, moving, settling, and a closure that another unit verifies."""

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
from luodi.projects.rules import problem_list, secrecy, stages
from luodi.projects.values.drafts import Decision
from luodi.projects.values.rows import Dossier, ProblemState

WANT = frozenset({"problems", "shares", "duties"})
RAISE = Permission.RAISE_PROBLEM


def raise_problem(
    project: str, *, title: str, kind: str, owner: str, actor: Actor, today: date, due_on: date | None = None
) -> int:
    """
    Put a problem on a project's list, for a unit to settle. Give the fact's id; the problem's id is its first row.

    :param due_on: None takes the days that the profile gives for this kind
    :raises NotPossible: if title, kind, owner or day doesn't stand
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier = load.dossier(project, want=WANT)
        who.require(RAISE, dossier)
        found = problem_list.raise_problems(
            project=project,
            title=title,
            kind=kind,
            owner=owner,
            due_on=due_on,
            today=today,
            units=who.units,
            profile=who.profile,
        )
        refuse([*stages.project_problems(dossier, f"project={project}"), *found])
        due = due_on or problem_list.due_day(kind, today, profile=who.profile)
        row = (project, kind, title.strip(), who.unit, owner, today, due)
        return [Act(facts.PROBLEM_RAISED, f"project:{project}", {"projects.ProjectProblem": [row]})]

    return write(ready, actor=actor)[0]


def report_on_problem(problem: int, *, words: str, actor: Actor, today: date, expected: int | None = None) -> int:
    """Report a step on the way, by the owner's unit or whoever raises problems for the project. Give the fact's id."""

    def check(state: ProblemState, who: Desk) -> Iterable[Problem]:
        if not words.strip():
            yield Problem("project.problem.how", f"project={state.project} problem={state.row}")

    return _change(
        problem, check, lambda state: ("reported", "", None, words), actor=actor, today=today, expected=expected
    )


def settle_problem(
    problem: int,
    *,
    words: str,
    actor: Actor,
    today: date,
    evidence: Sequence[str] = (),
    expected: int | None = None,
) -> int:
    """
    Say that a problem is settled, and how. It stays on the list until another unit has verified that. Give the fact's id.

    :raises NotAllowed: if the person does not sit in the owner's unit
    :raises NotPossible: if it is not open
    """

    def check(state: ProblemState, who: Desk) -> Iterable[Problem]:
        who.require_seat(RAISE, state.owner)
        return problem_list.settle_problems(state, unit=state.owner, words=words)

    return _change(
        problem,
        check,
        lambda state: ("settled", state.owner, None, words),
        actor=actor,
        today=today,
        expected=expected,
        evidence=evidence,
    )


def move_problem(
    problem: int,
    *,
    due_on: date,
    reason_kind: str,
    reason: str,
    actor: Actor,
    today: date,
    owner: str = "",
    expected: int | None = None,
) -> int:
    """
    Give a problem another due day and, if said, another owner, with a typed reason. Give the fact's id.

    :raises NotPossible: if it is not open, nothing moves, or the reason is not one of the profile's
    """

    def check(state: ProblemState, who: Desk) -> Iterable[Problem]:
        return problem_list.move_problems(
            state,
            due_on=due_on,
            owner=owner or state.owner,
            reason_kind=reason_kind,
            reason=reason,
            today=today,
            units=who.units,
            profile=who.profile,
        )

    return _change(
        problem,
        check,
        lambda state: ("moved", owner or state.owner, due_on, reason),
        actor=actor,
        today=today,
        expected=expected,
        details={"reason_kind": reason_kind},
    )


def _change(
    problem: int,
    check: Callable[[ProblemState, Desk], Iterable[Problem]],
    said: Callable[[ProblemState], tuple[str, str, date | None, str]],
    *,
    actor: Actor,
    today: date,
    expected: int | None,
    evidence: Sequence[str] = (),
    details: dict[str, str] | None = None,
) -> int:
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier, state = _problem(problem)
        who.require_units(
            RAISE,
            frozenset({state.owner, *secrecy.units_of(dossier)}),
            Permission.KEEP_PROJECTS,
            answers_for=who.answers_for(dossier),
        )
        where = f"project={state.project} problem={state.row}"
        theirs = {"state": state.state.value, "due_on": state.due_on, "owner": state.owner}
        lost = lost_files(evidence, where)
        refuse([*unchanged(expected, state.last, where=where, theirs=theirs), *check(state, who), *lost])
        kind, owner, due_on, words = said(state)
        new_owner = owner if kind == "moved" else ""
        unit = state.owner if kind == "settled" else who.unit
        row = (state.project, problem, kind, unit, new_owner, due_on, words.strip() or None, list(evidence))
        return [
            Act(
                facts.PROBLEM_CHANGED,
                f"project:{state.project}",
                {"projects.ProblemEvent": [row]},
                details=details or {},
                evidence=tuple(evidence),
            )
        ]

    return write(ready, actor=actor)[0]


def close_problem(decision: Decision, *, actor: Actor, today: date) -> int:
    """
    Verify that a problem is settled: it is closed. `decision.row` is the problem's id. Give the fact's id.

    :raises NotAllowed: if the person may not close problems of the project
    :raises NotPossible: if it is not settled, or was settled by the person's own unit
    """
    return _decide(decision, "verified", actor=actor, today=today)


def reopen_problem(decision: Decision, *, actor: Actor, today: date) -> int:
    """Send a settled problem back to its owner, with a reason. Give the fact's id. Raises as `close_problem`."""
    return _decide(decision, "sent_back", actor=actor, today=today)


def _decide(decision: Decision, verdict: str, *, actor: Actor, today: date) -> int:
    return deciding.decide(
        decision, verdict, claimed=_claimed, permission=Permission.CLOSE_PROBLEM, actor=actor, today=today
    )


def _claimed(row: int, who: Desk) -> deciding.Claimed:
    dossier, state = _problem(row)
    return deciding.Claimed(
        row=state.settlement,
        dossier=dossier,
        where=f"project={state.project} problem={state.row}",
        last=state.last,
        theirs={"state": state.state.value},
        problems=tuple(problem_list.close_problems(state, unit=who.unit)),
    )


def _problem(row: int) -> tuple[Dossier, ProblemState]:
    return deciding.find(models.ProjectProblem, row, want=WANT, among=lambda one: one.problems)
