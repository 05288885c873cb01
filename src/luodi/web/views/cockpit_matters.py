"""What a leader asks after the figures: the funnel, lights, new starts, what is due, and what is stuck on whose desk. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from luodi.codebook.values import Profile
from luodi.projects.rules import problem_list, stages
from luodi.projects.values.rows import PlanClass
from luodi.projects.values.views import Card, Line

SOON = timedelta(days=30)
SHOWN = 8
WORSE_FIRST = ("red", "orange", "yellow", "excused", "green", "none")


@dataclass(frozen=True)
class Step:
    """A stage of the funnel: projects whose furthest stage it is, and those that have come at least as far."""

    stage: str
    count: int
    amount: Decimal | None
    reached: int
    width: int  # 0 to 100, of the widest


@dataclass(frozen=True)
class Matter:
    """Something that waits on a desk: a claim to be verified, or a problem past its due day."""

    kind: str  # claim, problem
    desk: str  # unit
    line: Line
    title: str
    since: date
    days: int


@dataclass(frozen=True)
class Desk:
    """What waits on one unit's desk."""

    unit: str
    claims: int
    problems: int
    longest: int


def funnel(lines: Sequence[Line], profile: Profile) -> list[Step]:
    """Count the projects seen by furthest stage, and how many have come at least as far."""
    cards = [line.card for line in lines if line.card is not None]
    counts = Counter(card.furthest for card in cards)
    amounts: defaultdict[str, list[Decimal]] = defaultdict(list)
    for card in cards:
        if card.version.total_investment is not None:
            amounts[card.furthest].append(card.version.total_investment)
    path = profile.path
    reached = [sum(counts[stage] for stage in path[place:]) for place in range(len(path))]
    widest = max(reached, default=0) or 1
    return [
        Step(stage, counts[stage], sum(amounts[stage], Decimal(0)) if amounts[stage] else None, so_far, 100 * so_far // widest)
        for stage, so_far in zip(path, reached, strict=True)
    ]  # fmt: skip


def lights(lines: Iterable[Line]) -> list[tuple[str, int]]:
    """Count projects by light, the worst first."""
    counts = Counter(str(line.lights.colour) for line in lines if line.lights is not None)
    return [(colour, counts[colour]) for colour in WORSE_FIRST if counts[colour]]


def new_starts(lines: Iterable[Line], profile: Profile, since: date) -> list[Line]:
    """List projects that started since a day, the largest first."""
    stage = profile.playing("started")
    found = [line for line in lines if line.card and stage and line.card.reached.get(stage, date.min) >= since]
    return sorted(found, key=lambda line: -(line.card.version.total_investment or 0) if line.card else Decimal(0))


def at_work(lines: Iterable[Line], profile: Profile) -> tuple[int, int]:
    """Count for 开复工率: (at work, to be at work). Due are the year's new, planned and continued ones; at work those started and not stalled."""
    stalled = profile.playing("stalled")
    cards = [line.card for line in lines if line.card is not None]
    begun = [card for card in cards if card.plan_class in (PlanClass.NEW_START, PlanClass.CONTINUED)]
    to_start = sum(card.plan_class is PlanClass.TO_START for card in cards)
    return sum(card.state != stalled for card in begun), len(begun) + to_start


def due_nodes(lines: Iterable[Line], on: date) -> tuple[list[Line], list[Line]]:
    """List projects whose next node is past its day, and those whose next node is due within 30 days; the oldest first."""
    dated = sorted(
        ((line.card.next_node.planned_on, line.card.code, line) for line in lines if line.card and line.card.next_node),
        key=lambda one: one[:2],
    )
    past = [line for day, _, line in dated if day < on]
    return past, [line for day, _, line in dated if on <= day <= on + SOON]


def stuck(lines: Iterable[Line], on: date) -> list[Matter]:
    """List what waits for somebody: claims by whose turn it is, problems past their due day by owner; the longest first."""
    found = [matter for line in lines if line.card for matter in _matters(line, line.card, on)]
    return sorted(found, key=lambda one: (-one.days, one.desk, one.title))


def _matters(line: Line, card: Card, on: date) -> Iterable[Matter]:
    for event in card.waiting:
        waited = max(0, (on - event.occurred_on).days)
        yield Matter("claim", stages.turn(event), line, event.stage, event.occurred_on, waited)
    for problem in card.dossier.problems:
        over = problem_list.days_over(problem, on)
        if over:
            yield Matter("problem", problem.owner, line, problem.title or "", problem.due_on, over)


def desks(matters: Iterable[Matter]) -> list[Desk]:
    """Gather what is stuck by desk, the fullest first."""
    found: defaultdict[str, list[Matter]] = defaultdict(list)
    for one in matters:
        found[one.desk].append(one)
    listed = [
        Desk(
            unit,
            claims=sum(one.kind == "claim" for one in waiting),
            problems=sum(one.kind == "problem" for one in waiting),
            longest=max(one.days for one in waiting),
        )
        for unit, waiting in found.items()
    ]
    return sorted(listed, key=lambda desk: (-desk.claims - desk.problems, desk.unit))
