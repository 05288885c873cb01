"""Which projects lag, and what needs a leader. Pure: cards, lights and notes in, lines of a paper out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from luodi.codebook.values.profile import Profile
from luodi.documents.rules.numbers import written
from luodi.documents.values import Matter
from luodi.projects.rules.lights import Colour, Lamp, Lights
from luodi.projects.rules.problem_list import days_over
from luodi.projects.values.rows import ProblemState, Progress, Settling
from luodi.projects.values.views import Card

BURNING = (Colour.RED, Colour.ORANGE, Colour.YELLOW)  # worst first
COLOURS = {Colour.RED: "红", Colour.ORANGE: "橙", Colour.YELLOW: "黄"}
UNITS = {"months": "个月", "days": "天", "points": "个百分点"}
PLACES = {"points": 1}


def burning(lights: Lights) -> list[Lamp]:
    """List the lamps that burn, worst first."""
    return sorted((lamp for lamp in lights.lamps if lamp.colour in BURNING), key=lambda one: BURNING.index(one.colour))


def reasons(lights: Lights, profile: Profile) -> tuple[str, ...]:
    """Say why a project's lights burn: 进度滞后23.4个百分点, 开工滞后3个月."""
    rules = {rule.id: rule for rule in profile.lights}
    found = []
    for lamp in burning(lights):
        rule = rules[lamp.rule]
        number = written(lamp.value, UNITS[rule.unit], PLACES.get(rule.unit, 0))
        found.append(f"{rule.zh}{number}{UNITS[rule.unit]}")
    return tuple(found)


def order(lights: Mapping[str, Lights], size: Mapping[str, Fraction]) -> list[str]:
    """Order the projects that lag: red before orange before yellow, the larger total investment first, then the code."""
    found = [code for code, one in lights.items() if one.colour in BURNING]
    return sorted(found, key=lambda code: (BURNING.index(lights[code].colour), -size.get(code, Fraction(0)), code))


def matters(
    cards: Iterable[Card],
    notes: Mapping[str, Progress],
    *,
    on: date,
    labels: Mapping[str, str],
    name: Mapping[str, str],
) -> list[Matter]:
    """
    List what needs a leader: problems overdue (longest first), then what the period's notes ask to be coordinated.

    Only of projects whose names are no secret: words about a veiled project could name its investor.
    """
    open_ones = [card for card in cards if card.code in labels]
    found = [one for card in open_ones for one in _overdue(card, on, labels, name)]
    found.sort(key=lambda one: (-one.days_over, one.label))
    asked = [card for card in open_ones if _wish(notes.get(card.code))]
    asked.sort(key=lambda card: (-(card.version.total_investment or 0), card.code))
    wishes = [
        Matter(labels[card.code], name.get(card.version.host, card.version.host), _wish(notes[card.code]))
        for card in asked
    ]
    return found + wishes


def _overdue(card: Card, on: date, labels: Mapping[str, str], name: Mapping[str, str]) -> Iterator[Matter]:
    for problem in card.dossier.problems:
        over = days_over(problem, on)
        if problem.state is Settling.OPEN and problem.raised_on <= on and over > 0:
            yield _matter(card, problem, over, labels, name)


def _matter(card: Card, problem: ProblemState, over: int, labels: Mapping[str, str], name: Mapping[str, str]) -> Matter:
    return Matter(
        label=labels[card.code],
        host=name.get(card.version.host, card.version.host),
        words=problem.title or "",
        owner=name.get(problem.owner, problem.owner),
        due_on=problem.due_on,
        days_over=over,
    )


def _wish(note: Progress | None) -> str:
    return (note.coordinate or "").strip() if note is not None else ""
