"""
Improving a plan of many projects by its order: every job is served by its latest start, shifted by a number of its
project's own; the search looks for the shifts. One more schedule costs some hundredths of a second for 4,000 matters,
and everybody behind a project that moves up moves back a little, which no exchange of places does.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from luodi.scheduling import generation, rules
from luodi.scheduling.model import HorizonShort, Model, Starts

PLACING = 9e-6  # work of placing one job: seconds on the machine that the default limits were measured on
FIRST_SHIFTS = (0, 20, 40, 80, 160, 320, 640)  # units by which a project of average weight is served before one of none
SPREADS = (10.0, 30.0, 90.0)


@dataclass(frozen=True)
class Shifted:
    """What came out: starts, the work it took, and whether the wall stopped it."""

    starts: Starts
    work: float
    walled: bool = False


def improve(model: Model, starts: Sequence[int], seed: int, work: float, until: float, bound: int) -> Shifted:
    """
    Improve a plan for so much work, until a moment of time.monotonic at most, or down to the bound. Never worse than
    `starts`; the same seed and work give the same plan.
    """
    search = _Search(model, random.Random(seed))  # noqa: S311  a search, no secret
    best, value, spent = list(starts), model.value(starts), 0.0
    cost = PLACING * len(model.jobs)
    openings = search.openings()
    walled = False
    while spent + cost <= work and value > bound:
        walled = time.monotonic() > until
        if walled:
            break
        spent += cost
        found = search.next(openings)
        if found is not None and model.value(found) < value:
            best, value = list(found), model.value(found)
    return Shifted(best, spent, walled)


class _Search:
    """The shifts of now, and the schedule they gave."""

    def __init__(self, model: Model, draw: random.Random) -> None:
        self.model, self.draw = model, draw
        self.wish = rules.latest_start(rules.case_of(model))
        self.dues = {due.job: due for due in model.dues}
        self.due_of = [next((self.dues[i] for i in group if i in self.dues), None) for group in model.groups]
        self.shifts = [0.0] * len(model.groups)
        self.starts: Starts | None = None
        self.value = 0

    def openings(self) -> list[list[float]]:
        """Give the shifts to begin with: by weight or its logarithm, from not at all to above everything else."""
        weights = [due.weight if due else 0 for due in self.due_of]
        mean = sum(weights) / max(1, len(weights)) or 1.0
        plain = [[-units * weight / mean for weight in weights] for units in FIRST_SHIFTS]
        logs = [[-units * math.log(max(weight / mean, 0.001)) for weight in weights] for units in FIRST_SHIFTS[1:]]
        return [*plain, *logs]

    def next(self, openings: list[list[float]]) -> Starts | None:
        """Try the next opening, or the best shifts changed a little; keep what is no worse."""
        shifts = openings.pop(0) if openings else self.changed()
        preference = list(self.wish)
        for group, shift in zip(self.model.groups, shifts, strict=True):
            for index in group:
                preference[index] += shift
        try:
            starts = generation.serial(self.model, preference)
        except HorizonShort:
            return None
        value = self.model.value(starts)
        if self.starts is None or value <= self.value:
            self.starts, self.value, self.shifts = starts, value, shifts
        return starts

    def changed(self) -> list[float]:
        """Move a few projects: half of the time one forward that is late, drawn by what that costs, else any either way."""
        shifts, draw = list(self.shifts), self.draw
        starts = self.starts or []
        costs = [0.5 + (due.weight * due.late(starts[due.job]) if due else 0) for due in self.due_of]
        spread = draw.choice(SPREADS)
        for _ in range(draw.choice((1, 1, 2, 3))):
            if draw.random() < 0.5:
                shifts[draw.choices(range(len(costs)), costs)[0]] -= abs(draw.gauss(0, spread))
            else:
                shifts[draw.randrange(len(costs))] += draw.gauss(0, spread)
        return shifts
