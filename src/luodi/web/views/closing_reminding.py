"""Reminding 催报 from the period's close: who has not filed, whom to ask, and who asked when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from luodi.identity import queries as identity
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import clock
from luodi.notices import actions, queries
from luodi.notices.seats import seats
from luodi.statistics.notices import key_of, reminder
from luodi.statistics.values.reporting import FILED, FormState, Standing


class NobodyChosen(Refused):
    """Nobody was chosen to be reminded, or nobody is left who has not filed."""

    code = "closing.nobody_chosen"


def missing(states: Sequence[FormState]) -> list[FormState]:
    """List what could be filed by now and is not."""
    return [state for state in states if state.standing not in FILED and state.standing is not Standing.AHEAD]


def key(state: FormState) -> str:
    """Name the matter of a return."""
    return key_of(state.owed.form, state.owed.period, state.owed.unit)


def rows(viewer: Any, states: Sequence[FormState]) -> list[dict[str, Any]]:
    """Give a line for everything that is missing, with who was asked when, by whom, how often. Three queries."""
    late = missing(states)
    if not late:
        return []
    asked, people, sitting = queries.reminded([key(state) for state in late]), identity.people(), seats(viewer.today)
    found = []
    for state in late:
        before = asked.get(key(state))
        by = people.get(before.by) if before else None
        found.append(
            {
                "key": key(state),
                "form": viewer.profile.form(state.owed.form),
                "unit": viewer.who.tree.name(state.owed.unit),
                "state": state,
                "reaches": len(reminder(state, sitting).people),
                "reminded": before,
                "by": (by.name if by else None) or (before.by if before else ""),
            }
        )
    return sorted(found, key=lambda row: (-row["state"].days_late, row["state"].owed.unit, row["state"].owed.form))


def remind(request: HttpRequest, states: Sequence[FormState]) -> int:
    """
    Remind those chosen, or all; give how many people were told.

    :raises NobodyChosen: if none of the chosen is still missing
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    chosen = set(request.POST.getlist("who"))
    late = [state for state in missing(states) if request.POST.get("act") == "remind_all" or key(state) in chosen]
    sitting = seats(viewer.today)
    matters = [reminder(state, sitting) for state in late]
    if not matters:
        raise NobodyChosen(Problem(NobodyChosen.code))
    return actions.remind(matters, by=viewer.person, at=clock.now())
