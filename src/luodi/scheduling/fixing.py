"""
Keeping fixed days when no priority rule does: CP-SAT places what is fixed to a day and all that comes before it; the
rest follows. Only these jobs can make a plan impossible, as everything else can always be later. So 'no plan' is proven,
and the fixed days that can't stand together are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from luodi.scheduling import generation, passes, rules, solver
from luodi.scheduling.model import HorizonShort, Link, Model, Starts
from luodi.scheduling.solver import Limits, Question

WORK, WALL = 10.0, 15.0  # for one question; those answered no are mostly answered at once


class NoPlan(Exception):
    """These fixed jobs can't all keep their days; `proven`, or nothing was found within the work."""

    def __init__(self, jobs: Sequence[int], *, proven: bool) -> None:
        super().__init__(f"jobs {jobs}")
        self.jobs, self.proven = tuple(jobs), proven


def fixed_jobs(model: Model) -> list[int]:
    """List the jobs that are fixed to a day."""
    return [index for index, job in enumerate(model.jobs) if job.fixed is not None]


def schedule(model: Model, seed: int) -> Starts:
    """Find a schedule that keeps all fixed days. Raises NoPlan, and HorizonShort if the rest doesn't fit the axis."""
    fixed = fixed_jobs(model)
    if not solver.installed():
        raise NoPlan(fixed, proven=False)
    placed = _placed(model, fixed, seed)
    if placed is None:
        raise NoPlan(_clash(model, fixed, seed), proven=True)
    jobs = list(model.jobs)
    for index, start in placed.items():
        only = bytearray(model.horizon)
        only[start] = 1
        jobs[index] = replace(jobs[index], earliest=start, mask=bytes(only), fixed=start)
    there = replace(model, jobs=tuple(jobs))
    return generation.serial(there, rules.latest_start(rules.case_of(there)))


def _clash(model: Model, fixed: Sequence[int], seed: int) -> list[int]:
    """Leave out one fixed job after another as long as the others can't stand together either."""
    left = list(fixed)
    for index in fixed:
        others = [one for one in left if one != index]
        try:
            if others and _placed(model, others, seed) is None:
                left = others
        except NoPlan:  # not known: it stays
            continue
    return left


def _placed(model: Model, fixed: Iterable[int], seed: int) -> dict[int, int] | None:
    """Place fixed jobs and all before them; None if that is proven impossible. Raises NoPlan if it isn't known."""
    chosen = set(fixed)
    for index in reversed(model.order):
        if any(link.after in chosen for link in model.out_of[index]):
            chosen.add(index)
    chosen |= {index for index, job in enumerate(model.jobs) if job.pinned is not None}
    part = _part(model, sorted(chosen))
    try:
        early = passes.forward(part)
    except HorizonShort:
        return None
    solved = solver.solve(Question(part, early, early, part.horizon), Limits(WORK, WALL, seed))
    if solved.infeasible:
        return None
    if solved.starts is None:
        raise NoPlan(list(fixed), proven=False)
    found = zip(sorted(chosen), solved.starts, strict=True)
    return {index: start for index, start in found if model.jobs[index].pinned is None}


def _part(model: Model, chosen: Sequence[int]) -> Model:
    """Give some jobs of a model, with its capacity and without promises."""
    place = {index: number for number, index in enumerate(chosen)}
    links = tuple(
        Link(place[link.before], place[link.after], link.offset, link.table)
        for link in model.links
        if link.before in place and link.after in place
    )
    jobs = tuple(model.jobs[index] for index in chosen)
    groups = (tuple(range(len(jobs))),)
    return Model(jobs, links, model.capacity, model.per_day, horizon=model.horizon, groups=groups)
