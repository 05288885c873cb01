"""
Latest hand-in days that regard the agencies' capacity: the last day on which a matter can be handed in while its
project keeps its promise and no other project comes later than planned. The day is fixed and the plan made again; one
day later it can't be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from luodi.scheduling import generation, passes, rules, solver
from luodi.scheduling.model import HorizonShort, Model, Starts
from luodi.scheduling.solver import Limits, Question

WORK = 3.0  # for one matter


@dataclass(frozen=True)
class Latest:
    """The latest start of a job and whether it was verified under capacity."""

    start: int
    verified: bool
    work: float = 0.0


def with_capacity(model: Model, starts: Sequence[int], job: int, at_most: int, limits: Limits) -> Latest:
    """
    Find the latest start of a job under capacity; `at_most` is that without, which no plan can pass. Where the promise
    holds with the job at `at_most` that is the day; else CP-SAT looks for it. Not verified when the work was not enough.
    """
    most = [due.late(starts[due.job]) for due in model.dues]
    if _holds(model, starts, job, at_most, most):
        return Latest(at_most, True)
    if not solver.installed():
        return Latest(at_most, False)
    question = Question(model, starts, passes.forward(model), model.horizon, target=job, most_late=tuple(most))
    solved = solver.solve(question, Limits(min(WORK, limits.work), limits.wall, limits.seed))
    if solved.starts is None or not solved.proven:
        return Latest(at_most, False, solved.work)
    return Latest(solved.starts[job], True, solved.work)


def fixed(model: Model, job: int, start: int) -> Model:
    """Give the model with one job fixed to a start."""
    only = bytearray(model.horizon)
    only[start] = 1
    jobs = list(model.jobs)
    jobs[job] = replace(jobs[job], mask=bytes(only), earliest=start, fixed=start)
    return replace(model, jobs=tuple(jobs))


def _holds(model: Model, starts: Sequence[int], job: int, start: int, most: Sequence[int]) -> bool:
    """Tell whether some rule's plan with the job fixed keeps every lateness within bounds."""
    there = fixed(model, job, start)
    try:
        wishes: list[rules.Preference] = [[float(begin) for begin in starts], rules.latest_start(rules.case_of(there))]
        for wish in wishes:
            found: Starts = generation.serial(there, wish)
            if all(due.late(found[due.job]) <= limit for due, limit in zip(model.dues, most, strict=True)):
                return True
    except HorizonShort:
        return False
    return False
