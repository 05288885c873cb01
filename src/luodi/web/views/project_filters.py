"""What a list may be narrowed to beyond its filter: what the cockpit's numbers count, so that each of them opens its very rows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from luodi.codebook.values import Profile
from luodi.projects.values.rows import PlanClass
from luodi.projects.values.views import Card, Line
from luodi.web.views.cockpit_matters import SOON

Test = Callable[[Card], bool]
# The keys of the address, each with the words that say on the page what it leaves.
ONLY = ("due_soon", "overdue", "started_since", "at_work", "to_work", "waiting", "mine")


def narrowed(lines: Iterable[Line], query: Mapping[str, Any], *, profile: Profile, on: date, person: str) -> list[Line]:
    """Leave the lines that the address asks for by `narrow=`; anything else leaves all. Veiled lines fit nothing."""
    test = only(query, profile=profile, on=on, person=person)
    if test is None:
        return list(lines)
    return [line for line in lines if line.card is not None and test(line.card)]


def only(query: Mapping[str, Any], *, profile: Profile, on: date, person: str) -> Test | None:
    """Give the test that `narrow=` names, or None."""
    tests: dict[str, Test] = {
        "due_soon": lambda card: card.next_node is not None and on <= card.next_node.planned_on <= on + SOON,
        "overdue": lambda card: card.next_node is not None and card.next_node.planned_on < on,
        "started_since": started_since(query, profile),
        "at_work": lambda card: at_work(card, profile),
        "to_work": lambda card: at_work(card, profile) or to_work(card),
        "waiting": lambda card: bool(card.waiting),
        "mine": lambda card: person in card.holders,
    }
    return tests.get(str(query.get("narrow", "")))


def started_since(query: Mapping[str, Any], profile: Profile) -> Test:
    """Leave what started on or after the day in the address."""
    stage = profile.playing("started") or ""
    try:
        since = date.fromisoformat(str(query.get("since", "")))
    except ValueError:
        since = date.min
    return lambda card: card.reached.get(stage, date.min) >= since and stage in card.reached


def at_work(card: Card, profile: Profile) -> bool:
    """Tell whether a project of the year is at work: begun and not stalled."""
    begun = card.plan_class in (PlanClass.NEW_START, PlanClass.CONTINUED)
    return begun and card.state != profile.playing("stalled")


def to_work(card: Card) -> bool:
    """Tell whether a project is to be at work this year: begun, or planned to start."""
    return card.plan_class in (PlanClass.NEW_START, PlanClass.CONTINUED, PlanClass.TO_START)
