"""The forward and the backward pass over a network, without regard to capacity: earliest and latest starts, slack."""

from __future__ import annotations

from collections.abc import Sequence

from luodi.scheduling.model import NEVER, HorizonShort, Job, Model, Starts


def first_start(job: Job, index: int, at_least: int, horizon: int) -> int:
    """Find the first start of a job from `at_least` on. Raises HorizonShort if it would end beyond the horizon."""
    if job.pinned is not None:
        return job.pinned[0]
    start = job.on_or_after(max(at_least, job.earliest))
    if start >= NEVER or job.end(start) > horizon:
        raise HorizonShort(index)
    return start


def forward(model: Model, at_least: Sequence[int] | None = None) -> Starts:
    """
    Find the earliest start of every job when capacity is no matter; `at_least` gives further lower bounds. Raises
    HorizonShort.
    """
    starts = list(at_least) if at_least is not None else [0] * len(model.jobs)
    for index in model.order:
        job = model.jobs[index]
        least = max([starts[index], *(link.least(starts[link.before]) for link in model.into[index])])
        starts[index] = first_start(job, index, least, model.horizon)
    return starts


def backward(model: Model, last: Sequence[int | None]) -> list[int | None]:
    """
    Find the latest start of every job that keeps the bounds in `last` (the latest starts of promised jobs). None where
    nothing bounds it; negative where it would lie before the axis.
    """
    latest = list(last)
    for index in reversed(model.order):
        job = model.jobs[index]
        bounds = [own for own in [latest[index]] if own is not None]
        for link in model.out_of[index]:
            bound = latest[link.after]
            if bound is not None:
                bounds.append(link.latest(bound))
        latest[index] = job.on_or_before(min(bounds)) if bounds else None
    return latest


def free(model: Model, starts: Sequence[int], last: Sequence[int | None]) -> list[int | None]:
    """Find the latest start of every job that moves no other job and breaks no bound in `last`. None: nothing bounds it."""
    found: list[int | None] = []
    for index, job in enumerate(model.jobs):
        bounds = [link.latest(starts[link.after]) for link in model.out_of[index]]
        own = last[index]
        if own is not None:
            bounds.append(own)
        found.append(max(starts[index], job.on_or_before(min(bounds))) if bounds else None)
    return found
