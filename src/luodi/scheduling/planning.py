"""Making a plan: from a file that was read to what is found, its axis stretched as far as it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from luodi.kernel.problem import Problem
from luodi.scheduling import compiling, latest, passes, reckoning, search
from luodi.scheduling.baseline import Baseline
from luodi.scheduling.compiling import Compiled, Placed
from luodi.scheduling.document import BadPlan
from luodi.scheduling.fixing import NoPlan
from luodi.scheduling.latest import Latest
from luodi.scheduling.model import HorizonShort, Job, Model
from luodi.scheduling.reckoning import Reckoned
from luodi.scheduling.search import Found
from luodi.scheduling.solver import Limits
from luodi.scheduling.values import PlainFile, PlanFile

VERIFY_UP_TO = 60  # matters: beyond it latest days say that they don't regard capacity
# For all of them together: what is left over isn't verified, and says so. The wall may also take what the search left.
VERIFY_WORK, VERIFY_WALL = 12.0, 6.0
LITTLE = Decimal("0.001")  # stability unless said otherwise: lateness first, moves settle what is left


@dataclass(frozen=True)
class Planned:
    """A plan of projects with everything that is told about it."""

    compiled: Compiled
    found: Found
    reckoned: tuple[Reckoned, ...]
    latest: Mapping[int, Latest]
    seed: int
    baseline: Baseline | None = None


@dataclass(frozen=True)
class PlannedTasks:
    """A plan in the plain form."""

    file: PlainFile
    found: Found
    seed: int


def plan_tasks(file: PlainFile, limits: Limits) -> PlannedTasks:
    """Plan the plain form."""
    return PlannedTasks(file, search.search(compiling.compile_plain(file), limits), limits.seed)


def plan_projects(
    plan: PlanFile, limits: Limits, *, baseline: Baseline | None = None, stability: Decimal = Decimal(0)
) -> Planned:
    """
    Plan projects. With a baseline what it planned moves as little as may be: `stability` is what one step of moving
    one matter weighs against a day's lateness of weight 1. Raises BadPlan for what can't be planned.
    """
    began, stretch = time.monotonic(), 1
    while True:  # ends: an axis of centuries is refused
        compiled = compiling.compile_plan(plan, stretch)
        if baseline is not None:
            compiled = _stable(compiled, baseline, stability)
        try:
            found = search.search(compiled.model, limits)
            reckoned = tuple(reckoning.reckon(compiled, n, found.starts) for n in range(len(plan.projects)))
        except HorizonShort:
            if too_early := list(_fixed_too_early(compiled)):
                raise BadPlan(*too_early) from None
            stretch *= 2 if stretch < 4 else 4
            continue
        except NoPlan as none:
            raise BadPlan(_no_plan(compiled, none)) from None
        until = max(time.monotonic() + VERIFY_WALL, began + limits.wall)
        known = _latest(compiled, found, reckoned, limits.seed, until)
        return Planned(compiled, found, reckoned, known, limits.seed, baseline)


def _fixed_too_early(compiled: Compiled) -> Iterator[Problem]:
    """Yield what is fixed to a day before all that it comes after can be over, with the earliest it could be."""
    model, placed = compiled.model, compiled.placed
    eased = tuple(
        job if job.fixed is None else _eased(job, job.fixed, one) for job, one in zip(model.jobs, placed, strict=True)
    )
    try:
        early = passes.forward(replace(model, jobs=eased))
    except HorizonShort:  # not known on this axis
        return
    for job, one, first in zip(model.jobs, placed, early, strict=True):
        fact = one.node.fact
        if job.fixed is not None and fact is not None and first > job.fixed:
            words = {"matter": one.node.id, "found": fact.fixed, "earliest": compiled.axis.day(first)}
            words["project"] = compiled.networks[one.project].project.id
            yield Problem("plan.fixed_too_early", job.name, words, file=compiled.plan.file, line=fact.line)


def _eased(job: Job, fixed: int, placed: Placed) -> Job:
    """Give a job that may come after the day it is fixed to."""
    mask = placed.counting.season_mask(placed.node.days)
    return replace(job, earliest=max(job.earliest, fixed), fixed=None, mask=mask)


def _no_plan(compiled: Compiled, none: NoPlan) -> Problem:
    """Say which fixed days can't stand together, or that none was found."""
    code = "plan.fixed_impossible" if none.proven else "plan.fixed_not_found"
    names = ", ".join(compiled.model.jobs[job].name for job in none.jobs)
    fact = compiled.placed[none.jobs[0]].node.fact
    return Problem(code, names, {"matters": names}, file=compiled.plan.file, line=fact.line if fact else None)


def _stable(compiled: Compiled, baseline: Baseline, stability: Decimal) -> Compiled:
    """Give the model with the plan of before in it, all weights made whole together."""
    model = compiled.model
    more = 10 ** max(0, -int(stability.normalize().as_tuple().exponent)) if stability else 1
    dues = tuple(replace(due, weight=due.weight * more) for due in model.dues)
    axis = compiled.axis
    base: list[int | None] = []
    for index, placed in enumerate(compiled.placed):
        day = baseline.get(model.jobs[index].name)
        movable = day is not None and placed.begun is None and placed.node.matter is not None
        place = axis.index(day.toordinal()) if day is not None and movable else None
        base.append(place if place is not None and place < len(axis) else None)
    weight = int(stability * compiled.weight_scale * more)
    stable: Model = replace(model, dues=dues, base=tuple(base), move_weight=weight)
    return replace(compiled, model=stable, weight_scale=compiled.weight_scale * more)


def _latest(
    compiled: Compiled, found: Found, reckoned: tuple[Reckoned, ...], seed: int, until: float
) -> dict[int, Latest]:
    """Verify latest days under capacity where the plan is small enough and the promise holds."""
    model = compiled.model
    limited = bool(model.capacity or model.per_day)
    if not limited or len(model.jobs) > VERIFY_UP_TO:
        return {}
    known: dict[int, Latest] = {}
    for group, own in zip(model.groups, reckoned, strict=True):
        for number, job in enumerate(group):
            bound = own.latest[number]
            left = Limits(VERIFY_WORK - sum(one.work for one in known.values()), until - time.monotonic(), seed)
            asked = bound is not None and own.late == 0 and model.jobs[job].pinned is None
            if asked and bound is not None and left.work > 0 and left.wall > 0:
                known[job] = latest.with_capacity(model, found.starts, job, bound, left)
    return known
