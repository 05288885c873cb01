"""
Acts on many projects at once: which there are, what each asks, and why a project can't take it.

A preview asks the same rules as the act; what the preview leaves is then done row by row, each its own act with its own refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from luodi.codebook.values import Permission as P
from luodi.codebook.values import Profile
from luodi.identity import queries as identity
from luodi.identity.rules import standing
from luodi.kernel.problem import Problem
from luodi.ledger.values import Actor
from luodi.projects import actions
from luodi.projects.rules import people, plans
from luodi.projects.values.drafts import DutyDraft
from luodi.projects.values.views import Card

SECRETARY = "secretary"


@dataclass(frozen=True)
class Asked:
    """What was typed: the list, the successor (person or unit), the day, the reason; and who acts today."""

    act: str
    list: str
    to: str
    on: date
    reason: str
    viewer: Any
    known: frozenset[str]  # whom a duty may be given to

    @property
    def profile(self) -> Profile:
        """The city's profile."""
        found: Profile = self.viewer.profile
        return found

    def actor(self, card: Card, *preferred: str) -> Actor:
        """Give who acts, for the first of these units the person sits in, else one of the project's, else the first seat."""
        wanted = [*preferred, *sorted(card.units)]
        unit = next((one for one in wanted if one in self.viewer.seats), str(self.viewer.unit))
        found: Actor = self.viewer.actor(unit)
        return found


@dataclass(frozen=True)
class Bulk:
    """An act on many: who may anywhere, whether it asks for a list, whether for a successor, its problems, what it does."""

    id: str
    needs: tuple[P, ...]
    asks_list: bool
    asks_person: bool
    problems: Callable[[Card, Asked], Iterable[Problem]]
    do: Callable[[Card, Asked], object]


def may(card: Card, asked: Asked, *permissions: P) -> bool:
    """Tell whether the person has one of these permissions for a project."""
    own = asked.viewer.person in card.holders
    return any(asked.viewer.scope(one).covers(*card.units, answers_for=own) for one in permissions)


def not_allowed(card: Card) -> Problem:
    """Say that the person may not do this to this project."""
    return Problem("bulk.not_yours", f"project={card.code}")


# Lists --------------------------------------------------------------------------------------------


def keeper(asked: Asked) -> str:
    """Give the unit of the office that alone keeps the list, or ""."""
    kept_by = next((one.kept_by for one in asked.profile.lists if one.id == asked.list), None)
    return (asked.profile.office_unit(kept_by) or "") if kept_by else ""


def list_problems(card: Card, asked: Asked) -> Iterable[Problem]:
    """Say why a project may not be put on the list."""
    yield from keeping_problems(card, asked)
    yield from plans.entry_problems(card.dossier, name=asked.list, on=asked.on, profile=asked.profile)


def off_problems(card: Card, asked: Asked) -> Iterable[Problem]:
    """Say why a project may not be taken off the list."""
    yield from keeping_problems(card, asked)
    yield from plans.removal_problems(card.dossier, name=asked.list, on=asked.on)


def keeping_problems(card: Card, asked: Asked) -> Iterable[Problem]:
    """Say that another office keeps the list, or that the project is out of reach."""
    office = keeper(asked)
    if office and not standing.acts_for(asked.viewer.who, P.KEEP_PROJECTS, unit=office):
        yield Problem("bulk.list_kept", f"project={card.code}", {"office": asked.viewer.who.tree.name(office)})
    elif not may(card, asked, P.KEEP_PROJECTS):
        yield not_allowed(card)


def put_on(card: Card, asked: Asked) -> object:
    """Put the project on the list."""
    return actions.put_on_list([card.code], name=asked.list, on=asked.on, actor=asked.actor(card, keeper(asked)), today=asked.viewer.today)  # fmt: skip


def take_off(card: Card, asked: Asked) -> object:
    """Take the project off the list."""
    return actions.take_off_list([card.code], name=asked.list, on=asked.on, actor=asked.actor(card, keeper(asked)), today=asked.viewer.today)  # fmt: skip


# The secretary ------------------------------------------------------------------------------------


def secretary_of(card: Card, asked: Asked) -> str:
    """Tell who is the project's secretary, or ""."""
    held = people.holders(card.dossier.duties, SECRETARY, asked.on)
    return held[0].holder if held else ""


def secretary_problems(card: Card, asked: Asked) -> Iterable[Problem]:
    """Say why the project's secretary can't be changed to the successor."""
    holder = secretary_of(card, asked)
    wanted = (
        (P.ASSIGN_PEOPLE, P.KEEP_PROJECTS, P.RAISE_PROBLEM) if holder == asked.viewer.person else (P.ASSIGN_PEOPLE,)
    )
    if not may(card, asked, *wanted):
        yield not_allowed(card)
    draft = DutyDraft(card.code, SECRETARY, asked.to, asked.on)
    yield from people.assign_problems(card.dossier, draft, known=asked.known, profile=asked.profile, leaving=holder)
    if holder:
        yield from people.end_problems(card.dossier, duty=SECRETARY, holder=holder, on=asked.on, profile=asked.profile, successor=True)  # fmt: skip


def hand_over(card: Card, asked: Asked) -> object:
    """Hand the secretary's duty over; give it, where nobody has it."""
    by: dict[str, Any] = {"actor": asked.actor(card), "today": asked.viewer.today}
    holder = secretary_of(card, asked)
    if not holder:
        return actions.assign_duties([DutyDraft(card.code, SECRETARY, asked.to, asked.on)], **by)
    return actions.hand_over(card.code, duty=SECRETARY, holder=holder, to=asked.to, on=asked.on, reason=asked.reason, **by)  # fmt: skip


BULK = {
    one.id: one
    for one in (
        Bulk("put_on_list", (P.KEEP_PROJECTS,), True, False, list_problems, put_on),
        Bulk("take_off_list", (P.KEEP_PROJECTS,), True, False, off_problems, take_off),
        Bulk("secretary", (P.ASSIGN_PEOPLE, P.KEEP_PROJECTS), False, True, secretary_problems, hand_over),
    )
}


def bulk_acts(viewer: Any) -> list[str]:
    """List the acts on many that somebody may do somewhere."""
    return [one.id for one in BULK.values() if any(viewer.may_somewhere(permission) for permission in one.needs)]


def known_holders(viewer: Any) -> frozenset[str]:
    """List whom a duty may be given to: people who still act, and units."""
    units = {code for code, unit in viewer.who.tree.units.items() if unit.open}
    return frozenset(units | {code for code, one in identity.people().items() if one.acts_on(viewer.today)})
