"""Bounds that need no solver: no plan can be better. Each is named, so that an answer can say which one it gives."""

from __future__ import annotations

from collections.abc import Sequence

from luodi.scheduling import passes
from luodi.scheduling.model import Due, Model


def of(model: Model, early: Sequence[int]) -> tuple[int, str]:
    """
    Give the best simple bound of the objective and its name: `critical_path` (every job as early as its links allow)
    or `energy` (all work on a resource over its capacity).
    """
    chain = _chain(model, early)
    energy = _energy(model, early) if model.makespan else 0
    return (energy, "energy") if energy > chain else (chain, "critical_path")


def _chain(model: Model, early: Sequence[int]) -> int:
    if model.makespan:
        return model.value(early)
    forced = sum(max(0, first - base) for first, base in zip(early, model.base, strict=False) if base is not None)
    return model.lateness(early) + model.move_weight * forced


def _energy(model: Model, early: Sequence[int]) -> int:
    """
    Give the largest, over resources and steps, of: the step, and from it on the work of all jobs that can't start
    before it, spread over the whole capacity.
    """
    best = 0
    for resource, capacity in enumerate(model.capacity):
        demands = []
        for job, first in zip(model.jobs, early, strict=True):
            amount = sum(amount for own, amount in job.needs if own == resource)
            if amount:
                demands.append((first, amount * (job.end(first) - first)))
        work = 0
        for first, own in sorted(demands, reverse=True):
            work += own
            best = max(best, first - (-work // capacity))
    return best


def last_starts(model: Model, early: Sequence[int], value: int) -> dict[int, int]:
    """
    Bound the starts of promised jobs and of all before them in any plan no worse than `value`: no project may be later
    than what the others leave, each of them as early as its links allow.
    """
    simple = model.lateness(early)
    last: list[int | None] = [None] * len(model.jobs)
    for due in model.dues:
        if due.settled is None and model.jobs[due.job].pinned is None:
            most = value - (simple - due.weight * due.late(early[due.job]))
            last[due.job] = _last_within(model, due, early[due.job], most)
    latest = passes.backward(model, last)
    return {
        index: high
        for index, high in enumerate(latest)
        if high is not None and model.jobs[index].pinned is None and high >= early[index]
    }


def _last_within(model: Model, due: Due, start: int, most: int) -> int:
    """Find the last start whose lateness costs no more than `most` and that lies on the axis."""
    end = model.horizon - 1
    while start < end and due.weight * due.late(start + 1) <= most and model.jobs[due.job].end(start + 1) <= end:
        start += 1
    return start
