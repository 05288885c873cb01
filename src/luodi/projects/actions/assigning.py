"""Responsibility 包保: giving duties, ending them, handing them over, one or all that somebody holds. No project is left without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from luodi.codebook.values.organisation import Permission
from luodi.identity import queries as identity
from luodi.kernel.problem import Problem
from luodi.ledger.values import Act, Actor, Row
from luodi.projects import facts_workflow as facts
from luodi.projects.actions.office import Desk, desk, refuse, unchanged, write
from luodi.projects.queries import load
from luodi.projects.rules import people, stages
from luodi.projects.values.drafts import DutyDraft
from luodi.projects.values.rows import Dossier, DutyState

ASSIGN = Permission.ASSIGN_PEOPLE
WANT = frozenset({"events", "shares", "duties"})


def assign_duties(drafts: Sequence[DutyDraft], *, actor: Actor, today: date, expected: int | None = None) -> list[int]:
    """
    Give duties to people or teams, one fact each.

    :param expected: the last duty row of the (one) project that the person saw, 0 for none
    :raises NotAllowed: if the person may not assign for a project
    :raises NotPossible: if a duty or holder is unknown, or somebody else holds it already
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        files = load.dossiers({draft.project for draft in drafts}, want=WANT)
        known = holders_known(who, today)
        problems: list[Problem] = []
        for draft in drafts:
            dossier = files[draft.project]
            who.require(ASSIGN, dossier)
            problems += _common(dossier, draft.duty, expected)
            problems += people.assign_problems(dossier, draft, known=known, profile=who.profile)
        refuse(problems)
        return [
            _act(one.project, [(one.project, one.duty, one.holder, one.valid_from, one.until, None)]) for one in drafts
        ]

    return write(ready, actor=actor)


def end_duty(
    project: str,
    *,
    duty: str,
    holder: str,
    on: date,
    reason: str,
    actor: Actor,
    today: date,
    expected: int | None = None,
) -> int:
    """
    End somebody's duty: `on` is the first day without it. Give the fact's id.

    :raises NotPossible: if the project would be left without a duty that it must have; hand it over instead
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier = load.dossier(project, want=WANT)
        who.require(ASSIGN, dossier)
        found = people.end_problems(dossier, duty=duty, holder=holder, on=on, profile=who.profile)
        refuse([*_common(dossier, duty, expected), *found])
        return [_act(project, [_ended(dossier, duty, holder, on, reason)])]

    return write(ready, actor=actor)[0]


def hand_over(
    project: str,
    *,
    duty: str,
    holder: str,
    to: str,
    on: date,
    reason: str,
    actor: Actor,
    today: date,
    expected: int | None = None,
) -> int:
    """
    Hand a duty over: the old holder's ends and the new one's begins on the same day, by one fact. Give its id.

    The holder may hand over their own duty; otherwise it takes the right to assign.

    :raises NotPossible: if `holder` does not hold it, or `to` is unknown or holds it already
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier = load.dossier(project, want=WANT)
        known = holders_known(who, today)
        refuse([*_common(dossier, duty, expected), *_handover(who, dossier, duty, holder, to, on, known)])
        return [_handover_act(dossier, [(duty, to)], holder, on, reason)]

    return write(ready, actor=actor)[0]


def hand_over_all(
    holder: str,
    *,
    to: str,
    on: date,
    reason: str,
    actor: Actor,
    today: date,
    others: Mapping[tuple[str, str], str] | None = None,
) -> list[int]:
    """
    Hand over everything that somebody holds, on one day, one fact per project: nothing is left behind.

    :param others: (project, duty) to another successor than `to`
    :raises NotPossible: if there is nothing, or any one of them can't be handed over (then none is)
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        held = load.duties_of(holder, on=on)
        files = load.dossiers({one.project for one in held}, want=WANT)
        known = holders_known(who, today)
        problems = [] if held else [Problem("project.duty.nothing", f"holder={holder}", {"holder": holder})]
        successors: dict[str, list[tuple[str, str]]] = {}
        for one in held:
            successor = (others or {}).get((one.project, one.duty), to)
            successors.setdefault(one.project, []).append((one.duty, successor))
            problems += _handover(who, files[one.project], one.duty, holder, successor, on, known)
        refuse(problems)
        return [_handover_act(files[project], pairs, holder, on, reason) for project, pairs in successors.items()]

    return write(ready, actor=actor)


def holders_known(who: Desk, on: date) -> frozenset[str]:
    """List whom a duty may be given to: people who still act, and units (teams)."""
    return who.units | {code for code, person in identity.people().items() if person.acts_on(on)}


def _common(dossier: Dossier, duty: str, expected: int | None) -> list[Problem]:
    where = f"project={dossier.code} duty={duty}"
    theirs = {"holders": " ".join(one.holder for one in dossier.duties if one.duty == duty and one.valid_to is None)}
    return [
        *unchanged(expected, dossier.last_duty, where=where, theirs=theirs),
        *stages.project_problems(dossier, where),
    ]


def _handover(
    who: Desk, dossier: Dossier, duty: str, holder: str, to: str, on: date, known: frozenset[str]
) -> list[Problem]:
    if who.who.person == holder:
        who.require(ASSIGN, dossier, Permission.KEEP_PROJECTS, Permission.RAISE_PROBLEM)
    else:
        who.require(ASSIGN, dossier)
    draft = DutyDraft(dossier.code, duty, to, on)
    return [
        *people.end_problems(dossier, duty=duty, holder=holder, on=on, profile=who.profile, successor=True),
        *people.assign_problems(dossier, draft, known=known, profile=who.profile, leaving=holder),
    ]


def _handover_act(dossier: Dossier, pairs: Sequence[tuple[str, str]], holder: str, on: date, reason: str) -> Act:
    rows: list[Row] = []
    for duty, to in pairs:
        rows += [_ended(dossier, duty, holder, on, reason), (dossier.code, duty, to, on, None, reason.strip() or None)]
    return _act(dossier.code, rows)


def _ended(dossier: Dossier, duty: str, holder: str, on: date, reason: str) -> Row:
    held = next(one for one in dossier.duties if _held(one, duty, holder, on))
    return (dossier.code, duty, holder, held.valid_from, on, reason.strip() or None)


def _held(one: DutyState, duty: str, holder: str, on: date) -> bool:
    return (one.duty, one.holder) == (duty, holder) and (one.valid_to is None or on < one.valid_to)


def _act(project: str, rows: Sequence[Row]) -> Act:
    return Act(facts.DUTY_CHANGED, f"project:{project}", {"projects.Duty": rows})
