"""
Keeping fixed days when no priority rule does: CP-SAT places what is fixed to a day and all that comes before it; the
rest follows. Only these jobs can make a plan impossible, as everything else can always be later. So 'no plan' is proven,
and the fixed days that can't stand together are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from luodi.scheduling import generation, passes, rules, solver
from luodi.scheduling.model import HorizonShort, Link, Model, Starts
from luodi.scheduling.solver import Limits, Question

WORK, WALL = 10.0, 15.0  # for one question; those answered no are mostly answered at once


class NoPlan(Exception):
    """These fixed jobs can't all keep their days; `proven`, or nothing was found within the work."""

    def __init__(self, jobs: Sequence[int], *, proven: bool) -> None:
        super().__init__(f"jobs {jobs}")
        self.jobs, self.proven = tuple(jobs), proven


@dataclass(frozen=True)
class Placed:
    """The starts of fixed jobs and all before them; none where nothing was found, and then whether nothing can be."""

    starts: Mapping[int, int]
    impossible: bool


def fixed_jobs(model: Model) -> list[int]:
    """List the jobs that are fixed to a day."""
    return [index for index, job in enumerate(model.jobs) if job.fixed is not None]


def schedule(model: Model, seed: int) -> Starts:
    """Find a schedule that keeps all fixed days. Raises NoPlan, and HorizonShort if the rest doesn't fit the axis."""
    fixed = fixed_jobs(model)
    if not solver.installed():
        raise NoPlan(fixed, proven=False)
    placed = _placed(model, fixed, seed)
    if not placed.starts:
        raise NoPlan(_clash(model, fixed, seed) if placed.impossible else fixed, proven=placed.impossible)
    jobs = list(model.jobs)
    for index, start in placed.starts.items():
        only = bytearray(model.horizon)
        only[start] = 1
        jobs[index] = replace(jobs[index], earliest=start, mask=bytes(only), fixed=start)
    there = replace(model, jobs=tuple(jobs))
    return generation.serial(there, rules.latest_start(rules.case_of(there)))


def _clash(model: Model, fixed: Sequence[int], seed: int) -> list[int]:
    """Leave out one fixed job after another as long as the others are known not to stand together either."""
    left = list(fixed)
    for index in fixed:
        others = [one for one in left if one != index]
        if others and _placed(model, others, seed).impossible:
            left = others
    return left


def _placed(model: Model, fixed: Iterable[int], seed: int) -> Placed:
    """Place fixed jobs and all before them."""
    chosen = set(fixed)
    for index in reversed(model.order):
        if any(link.after in chosen for link in model.out_of[index]):
            chosen.add(index)
    chosen |= {index for index, job in enumerate(model.jobs) if job.pinned is not None}
    part = _part(model, sorted(chosen))
    try:
        early = passes.forward(part)
    except HorizonShort:
        return Placed({}, impossible=True)
    solved = solver.solve(Question(part, early, early, part.horizon), Limits(WORK, WALL, seed))
    found = zip(sorted(chosen), solved.starts or (), strict=False)
    starts = {index: start for index, start in found if model.jobs[index].pinned is None}
    return Placed(starts, solved.infeasible)


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
