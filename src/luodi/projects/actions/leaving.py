"""
Ending a post, and leaving altogether, without leaving a project behind: whoever still holds a duty hands it over first.

Identity knows no projects, so the check stands here, above it; pages and the API end posts through this module.
"""

from __future__ import annotations

from datetime import date

from luodi.identity import actions as identity
from luodi.identity import queries as people
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import store
from luodi.ledger.values import Actor
from luodi.projects.queries import load
from luodi.projects.values.rows import DutyState


class StillNeeded(Refused):
    """Somebody holds duties that would have nobody. `problems` name each project and duty."""

    code = "project.duty.still_held"


def end_post(*, person: str, unit: str, role: str, valid_to: date, actor: Actor, on: date) -> int:
    """
    End a post; the last one only when nothing is left to hand over. Give the fact's id.

    :param valid_to: the first day it is no longer held
    :raises StillNeeded: naming every duty that has to be handed over first
    :raises identity.NoSuchPost: if the person doesn't hold it before that day
    """
    with store.writing():
        others = [post for post in people.posts(person=person, on=valid_to) if (post.unit, post.role) != (unit, role)]
        if not others:
            nothing_left_behind(person, on=valid_to)
        return identity.end_post(person=person, unit=unit, role=role, valid_to=valid_to, actor=actor, on=on)


def leave(*, person: str, left_on: date, actor: Actor, on: date) -> int:
    """
    Let a person act no more from a day on; name and telephone stay as they are. Give the fact's id.

    :raises identity.NoSuchPerson: if nobody has this id
    :raises StillNeeded: naming every duty that has to be handed over first
    """
    with store.writing():
        found = people.person(person)
        if found is None:
            raise identity.NoSuchPerson(person=person)
        nothing_left_behind(person, on=left_on)
        return identity.register_person(
            person=person, name=found.name or "", phone=found.phone, left_on=left_on, actor=actor, on=on
        )


def nothing_left_behind(person: str, *, on: date) -> None:
    """Refuse if a person holds a duty on a day or later."""
    held = load.duties_of(person, on=on)
    if held:
        raise StillNeeded(*(_problem(one) for one in held))


def _problem(duty: DutyState) -> Problem:
    where = f"project={duty.project} duty={duty.duty}"
    return Problem(StillNeeded.code, where, {"project": duty.project, "duty": duty.duty, "holder": duty.holder})
