"""
Projects as one line each, derived from dossiers, and kept in memory between requests.

The ledger only ever grows, so what is kept stays right once the projects touched since are read anew: rows of the project
tables, and verdicts and voids on them, above the last fact seen. Inside a transaction nothing is kept (it may be rolled back).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Any

from django.db.models import Q

from luodi.codebook import queries as codebook
from luodi.codebook.values.profile import Profile
from luodi.kernel.pausing import settle
from luodi.ledger import following
from luodi.ledger.following import Position
from luodi.ledger.models import Fact
from luodi.ledger.values import Cut
from luodi.projects import models
from luodi.projects.queries import load
from luodi.projects.queries.standing import NOW
from luodi.projects.rules import nodes, people, plans, problem_list, secrecy, stages
from luodi.projects.values.rows import Dossier, Settling, Status, Version
from luodi.projects.values.views import Card

# Every table of rows about a project, with the column that names it.
TABLES = {
    models.ProjectVersion: "code",
    models.StageEvent: "project",
    models.ListEntry: "project",
    models.YearPlan: "project",
    models.Note: "project",
    models.Attribution: "project",
    models.Node: "project",
    models.NodeEvent: "project",
    models.Excuse: "project",
    models.ProjectProblem: "project",
    models.ProblemEvent: "project",
    models.Duty: "project",
    models.ProjectMerge: "project",
}
# Acts of other modules write nothing that a card shows, but for the notes that come with a return: a hundred returns filed
# must not cost a hundred looks.
SILENT = Q(name__startswith="statistics.") | Q(name__startswith="identity.")


def card(dossier: Dossier, version: Version, *, on: date, profile: Profile) -> Card:
    """Derive a project's line on a day."""
    events = stages.in_force(dossier.events)
    reached = stages.first_days(events, on)
    open_nodes = nodes.open_nodes(dossier.nodes)
    problems = [problem for problem in dossier.problems if problem.state is not Settling.CLOSED]
    return Card(
        dossier=dossier,
        version=version,
        on=on,
        state=stages.state(events, on),
        furthest=stages.furthest(reached, profile.path),
        plan_class=stages.plan_class(dossier, year=profile.calendar.accounting_year.of(on), on=on, profile=profile),
        reached=reached,
        lists=frozenset(entry.list for entry in dossier.lists if entry.on(on)),
        waiting=tuple(
            stages.with_verifiers(event, dossier, profile) for event in dossier.events if event.status is Status.CLAIMED
        ),
        next_node=open_nodes[0] if open_nodes else None,
        open_problems=len(problems),
        overdue_problems=sum(problem_list.days_over(problem, on) > 0 for problem in problems),
        missing_duties=tuple(people.missing_duties(dossier, on=on, profile=profile)),
        signed=secrecy.is_signed(dossier, profile),
        units=secrecy.units_of(dossier),
        holders=frozenset(duty.holder for duty in dossier.duties if duty.on(on)),
    )


def cards_of(dossiers: Iterable[Dossier], *, on: date, profile: Profile) -> dict[str, Card]:
    """Derive the lines of all projects that exist on a day; merged ones have no version any more and fall away."""
    found = {}
    for one in dossiers:
        version = one.version_on(on)
        if version is not None:
            found[one.code] = card(one, version, on=on, profile=profile)
    return found


@dataclass
class Memory:
    """What this process remembers: all dossiers up to one fact, and their cards on the days asked for last, under one profile."""

    lock: Lock = field(default_factory=Lock)
    position: Position = field(default_factory=Position)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    profile: Profile | None = None
    days: dict[date, dict[str, Card]] = field(default_factory=dict)  # the day asked for last comes last


MEMORY = Memory()
DAYS = 4  # a desk asks for today and for the end of the month being reported; a close for some months before
MANY = 2_000  # so many touched projects are read as quickly all together


def cards(*, on: date, profile: Profile, cut: Cut = NOW) -> dict[str, Card]:
    """Give the line of every project on a day, as known at a cut, by code."""
    if cut != NOW or not following.may_keep():
        return cards_of(load.dossiers(None, cut).values(), on=on, profile=profile)
    with MEMORY.lock:
        touched = _catch_up(MEMORY)
        if touched is None or MEMORY.profile is not profile:
            MEMORY.days, MEMORY.profile = {}, profile
        elif touched:
            MEMORY.days = {
                day: _renewed(found, touched, day=day, profile=profile) for day, found in MEMORY.days.items()
            }
        found = MEMORY.days.pop(on, None)
        if found is None:
            found = cards_of(MEMORY.dossiers.values(), on=on, profile=profile)
            if len(found) >= MANY:
                settle()
        MEMORY.days[on] = found
        if len(MEMORY.days) > DAYS:
            del MEMORY.days[next(iter(MEMORY.days))]
        return MEMORY.days[on]


def _renewed(found: dict[str, Card], touched: set[str], *, day: date, profile: Profile) -> dict[str, Card]:
    """Derive the touched projects' cards of a day anew beside the others."""
    kept = {code: one for code, one in found.items() if code not in touched}
    return {**kept, **cards_of((MEMORY.dossiers[code] for code in touched), on=day, profile=profile)}


def _catch_up(memory: Memory) -> set[str] | None:
    """Read what was appended since; give the projects it touched, or None when everything was read anew."""
    before, now = memory.position, following.position()
    if now == before:
        return set()
    touched = _touched(before, memory) if following.goes_on(before, now) else None
    if touched is None or len(touched) > MANY:
        touched, memory.dossiers = None, load.dossiers(None)
    memory.position = now
    return touched


def _touched(since: Position, memory: Memory) -> set[str] | None:
    """Read the projects anew that rows, verdicts or voids above a fact speak of; None if those are too many to be told apart."""
    if not Fact.objects.filter(id__gt=since.fact).exclude(SILENT).exists():
        return _noted(since, memory)
    first, decided = since.first_row, following.targets_since(since)
    if len(decided) > MANY:
        return None
    codes: set[str] = set()
    for model, column in TABLES.items():
        rows: Any = model._default_manager
        codes |= set(rows.filter(id__gt=first).values_list(column, flat=True))
        if decided:
            codes |= set(rows.filter(id__in=decided).values_list(column, flat=True))
    if 0 < len(codes) <= MANY:
        memory.dossiers |= load.dossiers(codes)
    return codes


def _noted(since: Position, memory: Memory) -> set[str]:
    """Take over which months the notes above a fact speak of; give the projects for which that is news."""
    year = codebook.profile().calendar.accounting_year
    touched = set()
    for code, period in models.Note.objects.filter(id__gt=since.first_row).values_list("project", "period"):
        known = memory.dossiers.get(code)
        spoken = plans.months_of(period, year)
        if known is not None and not spoken <= known.spoken:
            memory.dossiers[code] = replace(known, spoken=known.spoken | spoken)
            touched.add(code)
    return touched
