"""
What follows from a plan for one project: latest days, slack, what a day's delay costs, serial against parallel, the
critical list. All of it on the project's own network; none of it regards what other projects do to the agencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from luodi.scheduling import passes
from luodi.scheduling.compiling import Compiled
from luodi.scheduling.model import HorizonShort, Link, Model, Starts


@dataclass(frozen=True)
class Reckoned:
    """
    One project's figures, by place in its network, in the plan's unit. `slack` and `free` from the planned start; None
    where nothing bounds a matter. `delay`: weighted lateness that one step's delay adds; `missed`: that starting one
    step after the latest day adds. Both scaled as the model's weights.
    """

    starts: Starts
    early: Starts
    latest: Sequence[int | None]
    slack: Sequence[int | None]
    free: Sequence[int | None]
    delay: Sequence[int | None]
    missed: Sequence[int | None]
    critical: Sequence[int]
    serial_units: int
    parallel_units: int
    late: int | None


def sliced(model: Model, group: Sequence[int]) -> Model:
    """Give one project's part of a model without capacity; its jobs keep their order."""
    place = {index: number for number, index in enumerate(group)}
    jobs = tuple(replace(model.jobs[index], needs=(), hand_in=None) for index in group)
    links = tuple(
        Link(place[link.before], place[link.after], link.offset, link.table)
        for index in group
        for link in model.into[index]
    )
    dues = tuple(replace(due, job=place[due.job]) for due in model.dues if due.job in place)
    return Model(jobs, links, (), dues=dues, horizon=model.horizon, groups=(tuple(range(len(group))),))


def reckon(compiled: Compiled, project: int, starts: Sequence[int]) -> Reckoned:
    """Work out a project's figures from the starts of all jobs. Raises HorizonShort."""
    group = compiled.model.groups[project]
    model = sliced(compiled.model, group)
    own = [starts[index] for index in group]
    shown = [number for number, index in enumerate(group) if compiled.placed[index].node.matter is not None]
    early = passes.forward(model)
    last = _bounds(model, own)
    latest = passes.backward(model, last)
    free = passes.free(model, own, [latest[n] if bound is not None else None for n, bound in enumerate(last)])
    slack = [_units(compiled, begin, bound) for begin, bound in zip(own, latest, strict=True)]
    promised = model.dues[0].late(own[model.dues[0].job]) if model.dues else None
    return Reckoned(
        own,
        early,
        latest,
        slack,
        [_free(_units(compiled, begin, bound)) for begin, bound in zip(own, free, strict=True)],
        [_delay(model, own, number, latest[number], promised) for number in range(len(own))],
        [None if bound is None else _added(model, own, n, max(bound, own[n]) + 1) for n, bound in enumerate(latest)],
        _critical(model, shown, slack),
        _span(compiled, model, shown, _one_after_another(model, early)),
        _span(compiled, model, shown, early),
        promised,
    )


def _bounds(model: Model, starts: Sequence[int]) -> list[int | None]:
    """Bound the promised matter by its promise; without a promise, all by the project's planned end."""
    last: list[int | None] = [None] * len(model.jobs)
    if model.dues:
        for due in model.dues:
            last[due.job] = due.last if due.settled is None else None
        return _with_fixed(model, last)
    end = max((job.end(start) for job, start in zip(model.jobs, starts, strict=True)), default=0)
    return _with_fixed(model, [None if job.pinned is not None else job.latest_start(end) for job in model.jobs])


def _with_fixed(model: Model, last: list[int | None]) -> list[int | None]:
    """Bound what is fixed to a day by that day."""
    return [bound if job.fixed is None else job.fixed for job, bound in zip(model.jobs, last, strict=True)]


def _units(compiled: Compiled, begin: int, bound: int | None) -> int | None:
    """Count the plan's units between two steps; None for a bound that is none or lies before the axis."""
    if bound is None or bound < 0:
        return None
    days = compiled.axis.days
    return compiled.axis.units_between(days[begin], days[bound])


def _free(units: int | None) -> int | None:
    return None if units is None else max(0, units)


def _critical(model: Model, shown: Sequence[int], slack: Sequence[int | None]) -> list[int]:
    """List the matters with the least slack that have not begun."""
    known = {n: value for n in shown if (value := slack[n]) is not None and model.jobs[n].pinned is None}
    least = min(known.values(), default=0)
    return [number for number, value in known.items() if value == least]


def _delay(model: Model, starts: Sequence[int], number: int, bound: int | None, late: int | None) -> int | None:
    """Give the weighted lateness that one step's delay adds; none up to the latest start of a promise that is kept."""
    kept = bound is None or (not late and starts[number] < bound)
    if kept and all(job.fixed is None for job in model.jobs):
        return 0
    return _added(model, starts, number, starts[number] + 1)


def _added(model: Model, starts: Sequence[int], number: int, at_least: int) -> int | None:
    """
    Give the weighted lateness added when one job starts later and what follows it makes room; None when it can't, for
    a fixed day.
    """
    if model.jobs[number].pinned is not None or not model.dues:
        return 0
    moved = list(starts)
    moved[number] = at_least
    try:
        return model.lateness(passes.forward(model, moved)) - model.lateness(starts)
    except HorizonShort as short:
        if model.jobs[short.job].fixed is not None:
            return None
        raise


def _one_after_another(model: Model, early: Sequence[int]) -> Starts:
    """
    Schedule the matters singly, in the order they could begin, each when the one before is done. A fixed day is let go:
    one after another its matter may well come too late for it.
    """
    starts, free_from = list(early), 0
    order = sorted(range(len(early)), key=lambda number: (early[number], model.place_in_order[number]))
    for number in order:
        job = model.jobs[number]
        if job.fixed is not None:
            job = replace(job, fixed=None, mask=None)
        least = max([free_from, *(link.least(starts[link.before]) for link in model.into[number])])
        starts[number] = passes.first_start(job, number, least, model.horizon)
        free_from = max(free_from, job.end(starts[number]))
    return starts


def _span(compiled: Compiled, model: Model, shown: Sequence[int], starts: Sequence[int]) -> int:
    """Count the units from the first start to the last end of the matters that have not begun."""
    open_ = [number for number in shown if model.jobs[number].pinned is None]
    if not open_:
        return 0
    first = min(starts[number] for number in open_)
    end = max(model.jobs[number].end(starts[number]) for number in open_)
    axis = compiled.axis
    return axis.units_between(axis.days[first], axis.days[end] if end < len(axis) else axis.last + 1)
