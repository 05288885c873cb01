"""
Improving a plan of many projects by its order: every job is served by its project's promise less a share of the work
still ahead of it, shifted by a number of the project's own; the search looks for the shifts. One more schedule costs
some milliseconds for 4,000 matters, and everybody behind a project that moves up moves back a little, which no exchange
of places does.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from luodi.scheduling import dispatching, generation, rules
from luodi.scheduling.dispatching import Dispatcher
from luodi.scheduling.model import HorizonShort, Model, Starts

# Work of placing one job: seconds on the machine that the default limits were measured on.
PLACING, PLACING_SERIALLY = 3e-6, 9e-6
SHARES = (0.0, 0.3, 0.6, 1.0)  # of the work ahead: from 'by promise' to 'by latest start'
FIRST_SHIFTS = (20, 40, 80, 160, 320, 640)  # units by which a project of average weight goes before one of none
SPREADS = (10.0, 30.0, 90.0)
ORDERS = 1000  # tried for each project at most


@dataclass(frozen=True)
class Shifted:
    """What came out: starts, the work it took, and whether the wall stopped it."""

    starts: Starts
    work: float
    walled: bool = False


def improve(model: Model, starts: Sequence[int], seed: int, work: float, until: float, bound: int) -> Shifted:
    """
    Improve a plan for so much work, until a moment of time.monotonic at most, or down to the bound; of few projects only
    so many orders are worth trying. Never worse than `starts`; the same seed and work give the same plan.
    """
    search = _Search(model, seed)
    best, value, walled = list(starts), model.value(starts), False
    openings = iter(search.openings())
    for _ in range(ORDERS * len(model.groups)):
        if search.spent >= work or value <= bound or walled:
            break
        shifts = next(openings, None) or search.changed()
        if shifts is None:
            break
        found = search.open(shifts)
        if found is not None and search.value < value:
            best, value = list(found), search.value
        walled = time.monotonic() > until
    return Shifted(best, search.spent, walled)


@dataclass(frozen=True)
class Shifts:
    """An order: the share of the work ahead that is regarded, and each project's shift."""

    share: float
    of: tuple[float, ...]


class _Search:
    """The shifts of now and the schedule they gave."""

    def __init__(self, model: Model, seed: int) -> None:
        self.model, self.draw = model, random.Random(seed)  # noqa: S311  a search, no secret
        self.dispatcher = Dispatcher(model) if dispatching.dispatchable(model) else None
        case = rules.case_of(model)
        self.wishes = {
            share: [due - share * rest for due, rest in zip(case.due, case.rest, strict=True)] for share in SHARES
        }
        self.project = [0] * len(model.jobs)
        for number, group in enumerate(model.groups):
            for index in group:
                self.project[index] = number
        self.due_of = {self.project[due.job]: due for due in model.dues}
        self.spent, self.value = 0.0, 0
        self.now: Shifts | None = None
        self.costs: list[float] = []

    def openings(self) -> list[Shifts]:
        """Give the orders to begin with: by weight or its logarithm, from not at all to above everything else."""
        weights = [self.due_of[n].weight if n in self.due_of else 0 for n in range(len(self.model.groups))]
        mean = sum(weights) / max(1, len(weights)) or 1.0
        plain = [weight / mean for weight in weights]
        logs = [math.log(max(weight / mean, 0.001)) for weight in weights]
        scales = [(0, plain), *itertools.product(FIRST_SHIFTS, (plain, logs))]
        return [Shifts(share, tuple(-units * one for one in by)) for share in SHARES for units, by in scales]

    def open(self, shifts: Shifts) -> Starts | None:
        """Try an order; keep it, and give its schedule, if it is no worse than the one of now."""
        wish, of = self.wishes[shifts.share], shifts.of
        starts = self.scheduled([own + of[project] for own, project in zip(wish, self.project, strict=True)])
        if starts is None:
            return None
        value = self.model.value(starts)
        if self.now is not None and value > self.value:
            return None
        self.now, self.value = shifts, value
        late = [0.5] * len(self.model.groups)
        for number, due in self.due_of.items():
            late[number] += due.weight * due.late(starts[due.job])
        self.costs = list(itertools.accumulate(late))
        return starts

    def scheduled(self, preference: Sequence[float]) -> Starts | None:
        """Schedule in an order; None where it doesn't fit or is worse than what there is."""
        try:
            if self.dispatcher is None:
                self.spent += PLACING_SERIALLY * len(self.model.jobs)
                return generation.serial(self.model, preference)
            starts = self.dispatcher.schedule(preference, *([] if self.now is None else [self.value]))
            self.spent += PLACING * (self.dispatcher.placed + len(self.model.jobs) // 10)
            return starts
        except HorizonShort:
            self.spent += PLACING * len(self.model.jobs)
            return None

    def changed(self) -> Shifts | None:
        """
        Move a few projects: half of the time one forward that is late, drawn by what that costs, else any either way.
        None when no order fitted at all.
        """
        if self.now is None:
            return None
        shifts, draw = list(self.now.of), self.draw
        places = range(len(shifts))
        spread = draw.choice(SPREADS)
        for _ in range(draw.choice((1, 1, 2, 3))):
            if draw.random() < 0.5:
                shifts[draw.choices(places, cum_weights=self.costs)[0]] -= abs(draw.gauss(0, spread))
            else:
                shifts[draw.randrange(len(shifts))] += draw.gauss(0, spread)
        return Shifts(self.now.share, tuple(shifts))
