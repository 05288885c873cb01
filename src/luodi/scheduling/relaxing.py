"""
A bound of weighted lateness that prices the agencies' room (Lagrangian relaxation of the capacities; Möhring, Schulz,
Stork and Uetz 2003). Every step of every agency gets a price; with prices each project is planned for itself, exactly, as
a minimum cut through its jobs' possible starts; what all of them pay together, less what the room is worth, is a bound of
the whole, whatever the prices. The search raises prices where too many stand and lowers them where room is left.

Prices and costs are whole numbers, a thousandth of a unit of lateness each, so that the bound is exact.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from luodi.scheduling import passes
from luodi.scheduling.model import Due, Job, Model
from luodi.scheduling.solver import Limits

if TYPE_CHECKING:
    import numpy as np

SCALE = 1000  # price units in one unit of weighted lateness
NEVER_CUT = 1 << 40
VISIT = 6e-7  # work of one possible start in one round: seconds on the machine the default limits were measured on
PATIENCE, FADE, LEAST_STEP = 8, 0.7, 0.002  # rounds without gain, what the step then shrinks by, and where it ends
MOST_STARTS = 400_000  # possible starts beyond which a round takes too long to be worth it


@dataclass(frozen=True)
class Relaxed:
    """What came out: a bound of the objective, the work it took, and whether the wall stopped it."""

    bound: int
    work: float = 0.0
    walled: bool = False


@dataclass(frozen=True)
class Span:
    """The starts a job may have in a plan better than the one known, both included."""

    low: int
    high: int


def bound(model: Model, early: Sequence[int], value: int, limits: Limits) -> Relaxed:
    """
    Give a bound of the weighted lateness of any plan that is better than `value`, itself at most `value`. The same
    model, value and work give the same bound unless the wall cut it short.
    """
    simple = model.lateness(early)
    spans = better_spans(model, early, value)
    visits = sum(span.high - span.low + 1 for span in spans.values())
    if model.move_weight or not visits or visits > MOST_STARTS:
        return Relaxed(simple)
    prices = _Prices(model, spans)
    until, cost = time.monotonic() + limits.wall, VISIT * visits
    best, rounds, walled = simple, 0, False
    while best < value and rounds * cost < limits.work and prices.step > LEAST_STEP and not walled:
        best = max(best, min(value, prices.round(value)))
        rounds += 1
        walled = time.monotonic() > until
    return Relaxed(best, rounds * cost, walled)


def better_spans(model: Model, early: Sequence[int], value: int) -> dict[int, Span]:
    """
    Bound the starts of promised jobs and of all before them in any plan better than `value`: no project may be later
    than what the others leave, each of them as early as its links allow.
    """
    simple = model.lateness(early)
    last: list[int | None] = [None] * len(model.jobs)
    for due in model.dues:
        if due.settled is None and model.jobs[due.job].pinned is None:
            most = value - 1 - (simple - due.weight * due.late(early[due.job]))
            last[due.job] = _last_within(model, due, early[due.job], most)
    latest = passes.backward(model, last)
    found = {}
    for index, high in enumerate(latest):
        if high is not None and model.jobs[index].pinned is None and high >= early[index]:
            found[index] = Span(early[index], high)
    return found


def _last_within(model: Model, due: Due, start: int, most: int) -> int:
    """Find the last start whose lateness costs no more than `most` and that lies on the axis."""
    end = model.horizon - 1
    while start < end and due.weight * due.late(start + 1) <= most and model.jobs[due.job].end(start + 1) <= end:
        start += 1
    return start


class _Prices:
    """The prices of now, the best so far, and each project's cut."""

    def __init__(self, model: Model, spans: dict[int, Span]) -> None:
        import numpy

        self.np: Any = numpy
        self.model = model
        dues = {due.job: due for due in model.dues}
        ends = max(model.jobs[index].end(span.high) for index, span in spans.items())
        self.length = min(ends, model.horizon) + 1
        self.capacity = numpy.array(model.capacity, dtype=numpy.int64)
        room = numpy.tile(self.capacity[:, None], (1, self.length))
        for job in model.jobs:
            if job.pinned is not None:  # what has begun takes its room; it may take more than there is
                for resource, amount in job.needs:
                    room[resource, job.pinned[0] : job.pinned[1]] -= amount
        self.room = numpy.maximum(room, 0)
        self.prices = self.best_prices = numpy.zeros_like(self.room)
        self.push: Any = 0.0
        self.best, self.step, self.stalled = -NEVER_CUT, 1.0, 0
        groups = [[index for index in group if index in spans] for group in model.groups]
        self.cuts = [_Cut(self, group, spans, dues) for group in groups if group]
        settled = sum(due.weight * due.late(0) for due in model.dues if due.settled is not None)
        self.settled = SCALE * settled

    def round(self, value: int) -> int:
        """Plan every project at the prices of now, give the bound, and change the prices for the next round."""
        np = self.np
        totals = np.zeros((len(self.room), self.length + 1), dtype=np.int64)
        totals[:, 1:] = np.cumsum(self.prices, axis=1)
        used = np.zeros((len(self.room), self.length), dtype=np.int64)
        reached = self.settled - int((self.prices * self.room).sum())
        for cut in self.cuts:
            reached += cut.plan(totals, used)
        if reached > self.best:
            self.best, self.best_prices, self.stalled = reached, self.prices, 0
        else:
            self.stalled += 1
            if self.stalled >= PATIENCE:
                self.step, self.stalled, self.prices = self.step * FADE, 0, self.best_prices
        self._move(used, value, reached)
        return -(-self.best // SCALE)

    def _move(self, used: np.ndarray, value: int, reached: int) -> None:
        """Raise prices where too many stand and lower them where room is left, partly on as in the round before."""
        np = self.np
        over = (used - self.room).astype(np.float64)
        over[(self.prices <= 0) & (over < 0)] = 0.0
        if not over.any():
            self.step = 0.0  # nobody stands where there is no room: these prices are the best there are
            return
        self.push = 0.7 * over + 0.3 * self.push
        square = max(1.0, float((self.push * self.push).sum()))
        change = self.step * (value * SCALE - reached) / square * self.push
        # No step's room is worth more than all lateness there is.
        self.prices = np.clip(np.rint(self.prices + change), 0, value * SCALE).astype(np.int64)


class _Cut:
    """
    One project as a flow network: a node for each job and step says 'starts at or after this step'; the arc between two
    steps costs what starting on the first of them costs; arcs that can't be cut keep the order of steps and the links.
    """

    def __init__(self, prices: _Prices, jobs: Sequence[int], spans: dict[int, Span], dues: dict[int, Due]) -> None:
        from ortools.graph.python import max_flow

        np = self.np = prices.np
        model = prices.model
        self.jobs = [(model.jobs[index], spans[index]) for index in jobs]
        self.first: dict[int, int] = {}
        nodes = 2
        for index in jobs:
            self.first[index] = nodes
            nodes += spans[index].high - spans[index].low
        self.nodes, self.spans = nodes, spans
        chains = [(a, b) for index in jobs for a, b in self._chain(index)]
        back = [(b, a) for a, b in chains if a > 1 and b > 1]
        links = [arc for index in jobs for link in model.out_of[index] for arc in self._link(index, link)]
        tails, heads = np.array([*chains, *back, *links], dtype=np.int32).T
        self.costs = np.full(len(tails), NEVER_CUT, dtype=np.int64)
        self.flow = max_flow.SimpleMaxFlow()
        self.arcs = np.array(self.flow.add_arcs_with_capacity(tails, heads, self.costs))
        self.lateness = [self._own(index, dues.get(index)) for index in jobs]
        self.begins = [np.arange(span.low, span.high + 1) for _, span in self.jobs]
        self.ends = [self._ends(job, span) for job, span in self.jobs]
        self.lows = [self.first[index] for index in jobs]

    def node(self, index: int, step: int) -> int:
        """Give the node 'starts at or after'; 0, always true, up to the first start, 1, never true, after the last."""
        span = self.spans[index]
        return 0 if step <= span.low else 1 if step > span.high else self.first[index] + step - span.low - 1

    def _chain(self, index: int) -> list[tuple[int, int]]:
        span = self.spans[index]
        return [(self.node(index, step), self.node(index, step + 1)) for step in range(span.low, span.high + 1)]

    def _link(self, index: int, link: Any) -> list[tuple[int, int]]:
        """A start at or after a step puts the start of the later job at or after what the link says."""
        if link.after not in self.first:
            return []
        span, low = self.spans[index], self.spans[link.after].low
        pairs = [(step, link.least(step)) for step in range(span.low + 1, span.high + 1)]
        return [(self.node(index, step), self.node(link.after, least)) for step, least in pairs if least > low]

    def _own(self, index: int, due: Due | None) -> Any:
        """Give what each start costs without prices: its lateness; what may not be started on can't be cut."""
        span = self.spans[index]
        steps = range(span.low, span.high + 1)
        late = [due.weight * due.late(step) * SCALE if due else 0 for step in steps]
        mask = self.jobs[list(self.first).index(index)][0].mask
        allowed = [cost if mask is None or mask[step] else NEVER_CUT for step, cost in zip(steps, late, strict=True)]
        return self.np.array(allowed, dtype=self.np.int64)

    def _ends(self, job: Job, span: Span) -> Any:
        return self.np.array([job.end(step) for step in range(span.low, span.high + 1)], dtype=self.np.int64)

    def plan(self, totals: np.ndarray, used: np.ndarray) -> int:
        """Plan the project at these prices (running totals for each resource): add what it uses, give what it pays."""
        np, at = self.np, 0
        last = totals.shape[1] - 1
        for (job, _), own, begins, ends in zip(self.jobs, self.lateness, self.begins, self.ends, strict=True):
            cost = own
            for resource, amount in job.needs:
                row = totals[resource]
                cost = cost + amount * (row[np.minimum(ends, last)] - row[np.minimum(begins, last)])
            self.costs[at : at + len(cost)] = cost
            at += len(cost)
        self.flow.set_arcs_capacity(self.arcs, self.costs)
        self.flow.solve(0, 1)
        side = np.zeros(self.nodes, dtype=bool)
        side[self.flow.get_source_side_min_cut()] = True
        for (job, span), first in zip(self.jobs, self.lows, strict=True):
            start = span.low + int(side[first : first + span.high - span.low].sum())
            for resource, amount in job.needs:
                used[resource, start : job.end(start)] += amount
        return int(self.flow.optimal_flow())
