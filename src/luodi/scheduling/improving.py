"""
Improving a plan too large to solve whole, after the order of its projects was searched (`shifting`): again and again a
few projects are freed, the others stand, and CP-SAT finds them better places (large neighbourhood search). Each part
gets a fixed amount of deterministic work, so that the same seed and work give the same plan.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from luodi.scheduling import generation, solver
from luodi.scheduling.model import HorizonShort, Job, Model, Starts
from luodi.scheduling.solver import USUAL, Limits, Manner, Question

PART_WORK = 0.4  # work for one part
BUILDING = 3e-5  # work of taking one job of the model into account when a part is built and pushed to the left
ORDER = 0.8  # part of the work that goes into the order first; measured: bench/plan.py
JOBS_FREED = 80


@dataclass(frozen=True)
class Improved:
    """What came out: starts, the work it took, and whether the wall stopped it."""

    starts: Starts
    work: float
    walled: bool


def by_parts(
    model: Model,
    starts: Starts,
    early: Sequence[int],
    limits: Limits,
    bound: int,
    freed: int = JOBS_FREED,
    manner: Manner = USUAL,
) -> Improved:
    """Improve a plan part by part with CP-SAT, about `freed` jobs at a time. Never worse than `starts`."""
    draw = random.Random(limits.seed)  # noqa: S311  a search, no secret
    walled = False
    began, spent, number = time.monotonic(), 0.0, 0
    best, value = list(starts), model.value(starts)
    while spent < limits.work and value > bound:
        left = limits.wall - (time.monotonic() - began)
        walled = left <= 0
        if walled:
            break
        free = _neighbourhood(draw, model, best, freed)
        number += 1
        part = Limits(min(PART_WORK, limits.work - spent), left, limits.seed + number)
        reach = min(model.horizon, max(job.end(start) for job, start in zip(model.jobs, best, strict=True)) + 20)
        solved = solver.solve(Question(model, best, early, reach, free=free), part, manner)
        spent += solved.work + BUILDING * len(model.jobs)
        found = solved.starts or best
        best = min(found if model.move_weight else pushed(model, found), best, key=model.value)
        value = model.value(best)
    return Improved(best, spent, walled)


def pushed(model: Model, starts: Starts) -> Starts:
    """Move every job as early as it fits; where a negative lag and a fixed day forbid that order, leave all in place."""
    try:
        return generation.left_justified(model, starts)
    except HorizonShort:
        return starts


def _neighbourhood(draw: random.Random, model: Model, starts: Starts, most: int) -> frozenset[int]:
    """
    Free the jobs of some projects: one that is late, drawn by what its lateness weighs, and those that take the room
    it waits for.
    """
    project = {index: number for number, group in enumerate(model.groups) for index in group}
    cost = [0.0] * len(model.groups)
    for due in model.dues:
        cost[project[due.job]] += due.weight * due.late(starts[due.job])
    late = draw.choices(range(len(cost)), [one + 0.001 * (1 + max(cost)) for one in cost])[0]
    waits = _waits(model, starts, model.groups[late])
    rivals: dict[int, float] = {}
    for index, job in enumerate(model.jobs):
        other = project[index]
        if other == late or job.pinned is not None:
            continue
        end = job.end(starts[index])
        for key, first, last in waits:
            if key in _keys(job) and end > first and starts[index] < last:
                rivals[other] = rivals.get(other, 0.0) + min(end, last) - max(starts[index], first)
    chosen = [late]
    freed = len(model.groups[late])
    names = list(rivals)
    while names and freed < most:
        weights = [rivals[name] for name in names]
        name = draw.choices(names, weights)[0]
        names.remove(name)
        chosen.append(name)
        freed += len(model.groups[name])
    return frozenset(index for number in chosen for index in model.groups[number] if model.jobs[index].pinned is None)


def _keys(job: Job) -> list[int]:
    """Name the desks a job stands at: resources by number, hand-ins below zero."""
    return [resource for resource, _ in job.needs] + ([] if job.hand_in is None else [-1 - job.hand_in])


def _waits(model: Model, starts: Starts, group: Sequence[int]) -> list[tuple[int, int, int]]:
    """Give the stretches in which jobs of a project stood before a full desk: between when each could begin and did."""
    found = []
    for index in group:
        job = model.jobs[index]
        could = max([job.earliest, *(link.least(starts[link.before]) for link in model.into[index])])
        if job.pinned is None and starts[index] > could:
            found += [(key, could, starts[index] + 1) for key in _keys(job)]
    return found
