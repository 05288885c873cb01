"""The answer as a document (the JSON of `luodi plan`): only shapes, everything is worked out already."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from luodi.kernel.problem import LANGUAGES, words
from luodi.scheduling import giving
from luodi.scheduling.compiling import Compiled
from luodi.scheduling.network import Network
from luodi.scheduling.planning import Planned, PlannedTasks
from luodi.scheduling.reckoning import Reckoned
from luodi.scheduling.search import Found

Document = dict[str, object]
MOST_GIVINGS = 25  # late projects for which it is worked out what would have to give


def of_tasks(planned: PlannedTasks) -> Document:
    """Tell a plan of the plain form, tasks in the order they start."""
    found, tasks = planned.found, planned.file.tasks
    rows = [
        {"id": task.id, "start": start, "end": start + task.duration}
        for task, start in zip(tasks, found.starts, strict=True)
    ]
    rows.sort(key=lambda row: (row["start"], row["end"]))
    return {**_head(found, "makespan", 1, planned.seed), "tasks": rows}


def of_projects(planned: Planned) -> Document:
    """Tell a plan of projects."""
    compiled, found = planned.compiled, planned.found
    name = "weighted_lateness_and_moves" if planned.baseline is not None else "weighted_lateness"
    head = _head(found, name, compiled.weight_scale, planned.seed)
    late = [number for number, own in enumerate(planned.reckoned) if own.late]
    asked = set(late[:MOST_GIVINGS])
    projects = [_project(planned, number, number in asked) for number in range(len(compiled.networks))]
    if planned.baseline is not None:
        head["moves"] = _moves(planned)
    head["notices"] = [*_notices(planned), *_list(head["notices"])]
    return {
        **head,
        "from": compiled.plan.start,
        "unit": compiled.plan.unit,
        "use": compiled.plan.use,
        "projects": projects,
    }


def _head(found: Found, name: str, scale: int, seed: int) -> Document:
    """Tell what was reached and what was proven."""
    status = "optimal" if found.proven and found.solver_there else "feasible"
    rules = {f"{one.rule}/{one.scheme}": _scaled(one.value, scale) for one in found.rules}
    return {
        "status": status,
        "objective": {
            "name": name,
            "value": _scaled(found.value, scale),
            "bound": _scaled(found.bound, scale),
            "bound_kind": found.bound_kind,
            "gap": gap(found.value, found.bound),
        },
        "stopped_by": found.stopped_by,
        "seed": seed,
        "work": round(found.work, 3),
        "rules": rules,
        "notices": [] if found.solver_there else [said("plan.no_solver")],
    }


def said(code: str, **params: object) -> Document:
    """Give a notice in both languages."""
    return {"code": code, "message": {language: words(code, language, **params) for language in LANGUAGES}}


def gap(value: int, bound: int) -> Decimal:
    """Give (value - bound) / value to four places, half away from zero; 0 when both are 0."""
    if value == bound:
        return Decimal(0)
    return Decimal(int(Fraction((value - bound) * 10_000, value) + Fraction(1, 2))) / 10_000


def _scaled(value: int, scale: int) -> Decimal:
    return Decimal(value) / scale


def _project(planned: Planned, number: int, ask: bool) -> Document:
    compiled, own = planned.compiled, planned.reckoned[number]
    network = compiled.networks[number]
    project, base = network.project, compiled.model.groups[number]
    first = base[0] if base else 0
    matters = [_matter(planned, own, first, n) for n, node in enumerate(network.nodes) if node.matter is not None]
    told: Document = {
        "id": project.id,
        "promise": project.promise.by if project.promise else None,
        "earliest": None if network.promised is None else _finish(compiled, own, first, network.promised),
        "late": own.late,
        "critical": [network.nodes[n].id for n in own.critical],
        "serial_days": own.serial_units,
        "parallel_days": own.parallel_units,
        "matters": matters,
        "days_saved": own.serial_units - own.parallel_units,
        "earliest_alone": None if network.promised is None else _alone(compiled, own, first, network.promised),
        "unknown": {name: list(asked) for name, asked in network.unknown},
    }
    if ask:
        told["would_have_to_give"] = _givings(compiled, network, told)
    return told


def _finish(compiled: Compiled, own: Reckoned, first: int, number: int) -> date:
    return compiled.finish_day(first + number, own.starts[number])


def _alone(compiled: Compiled, own: Reckoned, first: int, number: int) -> date:
    return compiled.finish_day(first + number, own.early[number])


def _givings(compiled: Compiled, network: Network, told: Document) -> list[Document]:
    planned, alone = told["earliest"], told["earliest_alone"]
    assert isinstance(planned, date) and isinstance(alone, date)  # noqa: S101  a late project has a promise
    return [
        {"give": one.kind, "what": one.what, "earliest": one.earliest, "holds": one.holds}
        for one in giving.givings(compiled.plan, network.project, planned, alone)
    ]


def _matter(planned: Planned, own: Reckoned, first: int, number: int) -> Document:
    compiled, job = planned.compiled, first + number
    placed, start = compiled.placed[job], own.starts[number]
    node, latest = placed.node, own.latest[number]
    verified = planned.latest.get(job)
    slack = own.slack[number]
    if verified is not None and verified.verified and verified.start != latest:
        latest = verified.start
        slack = compiled.axis.units_between(compiled.axis.days[start], compiled.axis.days[latest])
    bounded = latest is not None and latest >= 0 and placed.begun is None
    scale = compiled.weight_scale
    delay, missed = own.delay[number], own.missed[number]
    state = "over" if placed.over else "overdue" if placed.overdue else "running" if placed.begun else "planned"
    return {
        "id": node.id,
        "start": compiled.start_day(job, start),
        "finish": compiled.finish_day(job, start),
        "latest_start": compiled.start_day(job, latest) if bounded and latest is not None else None,
        "latest_finish": compiled.finish_day(job, latest) if bounded and latest is not None else None,
        "slack": slack if bounded else None,
        "free": own.free[number] if bounded else None,
        "state": state,
        "agency": node.matter.agency if node.matter else None,
        "days": node.days,
        "days_from": node.days_from,
        "latest_assumes": "capacity" if verified is not None and verified.verified else "no_capacity",
        "delay_costs": None if delay is None else _scaled(delay, scale),
        "missed_costs": None if missed is None or not bounded else _scaled(missed, scale),
    }


def _moves(planned: Planned) -> Document:
    """Tell how far the plan moved from the one before, in steps of its axis."""
    model, starts = planned.compiled.model, planned.found.starts
    moved = [abs(s - b) for s, b in zip(starts, model.base, strict=True) if b is not None]
    return {
        "lateness": _scaled(model.lateness(starts), planned.compiled.weight_scale),
        "matters": sum(map(bool, moved)),
        "steps": sum(moved),
    }


def _list(value: object) -> list[Document]:
    return value if isinstance(value, list) else []


def _notices(planned: Planned) -> list[Document]:
    """Tell what the plan rests on that nobody stated."""
    compiled, found = planned.compiled, []
    plan = compiled.plan
    stand_in = {one.node.id for one in compiled.placed if one.node.days_from not in (None, plan.use)}
    if stand_in:
        found.append(said("plan.assumed_days", count=len(stand_in), use=plan.use))
    for network in compiled.networks:
        for name, asked in network.unknown:
            who = {"project": network.project.id, "matter": name}
            found.append(said("plan.unknown_condition", asked=", ".join(asked), **who))
        found += [said("plan.fact_unused", project=network.project.id, matter=name) for name in network.unused]
        for fact in network.project.facts:
            if any(last is None for _, last in fact.paused):
                found.append(said("plan.open_pause", project=network.project.id, matter=fact.matter))
    days = [compiled.finish_day(job, start) for job, start in enumerate(planned.found.starts)]
    if days and plan.calendar.status(max(days)) == "estimated":
        found.append(said("plan.estimated"))
    return found
