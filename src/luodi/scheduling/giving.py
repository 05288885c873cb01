"""
When a promise can't hold: the earliest honest day, and what would have to give for an earlier one. Every answer is
worked out by taking one thing away and planning the project again, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from luodi.scheduling import compiling, passes, values
from luodi.scheduling.document import BadPlan
from luodi.scheduling.model import HorizonShort
from luodi.scheduling.values import Fact, PlanFile, Project


@dataclass(frozen=True)
class Giving:
    """One thing that could give: its kind, which one, and the earliest day of the promised matter without it."""

    kind: str
    what: str | None
    earliest: date
    holds: bool


def earliest_alone(plan: PlanFile, project: Project, stretch: int = 1) -> date | None:
    """
    Give the earliest day of the promised matter of a project that promised something, if every agency had room for it at
    once; None where it can't be planned, as when with other days a matter is longer than its season.
    """
    try:
        compiled = compiling.compile_plan(replace(plan, projects=(project,)), stretch)
        starts = passes.forward(compiled.model)
    except HorizonShort:
        return earliest_alone(plan, project, 4 * stretch)  # ends: an axis of centuries is refused
    except BadPlan:
        return None
    number = compiled.networks[0].promised
    assert number is not None  # noqa: S101  as the docstring asks
    return compiled.finish_day(number, starts[number])


def givings(plan: PlanFile, project: Project, planned: date, alone: date) -> Iterator[Giving]:
    """Yield what could give, for a project whose promised matter is planned after its promise."""
    promise = project.promise
    assert promise is not None  # noqa: S101  what is planned after its promise has one
    yield Giving("promise", promise.matter, planned, True)
    if alone < planned:
        yield Giving("capacity", None, alone, alone <= promise.by)
    for kind, what, changed, own in _changes(plan, project):
        day = earliest_alone(changed, own)
        if day is not None and day < alone:
            yield Giving(kind, what, day, day <= promise.by)


def _changes(plan: PlanFile, project: Project) -> Iterator[tuple[str, str | None, PlanFile, Project]]:
    """Yield each change worth trying: the plan and the project with one thing taken away."""
    picked = {pick.matter for pick in project.picks}
    for name, matter in plan.catalogue.items():
        if matter.window is not None and name in picked:
            yield "window", name, _with_matter(plan, name, replace(matter, window=None)), project
    for use in values.USES:
        if use != plan.use and any(use in matter.days for matter in plan.catalogue.values()):
            yield "days", use, replace(plan, use=use), project
    for agency in plan.agencies.values():
        if agency.closed:
            agencies: Mapping[str, values.Agency] = {**plan.agencies, agency.id: replace(agency, closed=frozenset())}
            yield "closed", agency.id, replace(plan, agencies=agencies), project
    for fact in project.facts:
        for kind, eased in _eased(fact):
            facts = tuple(eased if one is fact else one for one in project.facts)
            yield kind, fact.matter, plan, replace(project, facts=facts)


def _with_matter(plan: PlanFile, name: str, matter: values.Matter) -> PlanFile:
    return replace(plan, catalogue={**plan.catalogue, name: matter})


def _eased(fact: Fact) -> Iterator[tuple[str, Fact]]:
    if fact.fixed is not None:
        yield "fixed", replace(fact, fixed=None)
    if fact.not_before is not None:
        yield "not_before", replace(fact, not_before=None)
    if fact.paused:
        yield "paused", replace(fact, paused=())
