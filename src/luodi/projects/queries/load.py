"""Dossiers of projects: everything that the rules of a project's life may look at, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from luodi.codebook import queries as codebook
from luodi.ledger.values import Cut
from luodi.projects import models
from luodi.projects.queries.standing import NOW, of_projects, rows, rulings, standing
from luodi.projects.rules import plans as notes_rule
from luodi.projects.rules import verdicts
from luodi.projects.rules.verdicts import Ruling
from luodi.projects.values.rows import (
    Dossier,
    DutyState,
    Event,
    ExcuseState,
    Listed,
    NodeState,
    Plan,
    ProblemState,
    Progress,
    Settling,
    Share,
    Status,
    Version,
)

T = TypeVar("T")
VERSION_COLUMNS = tuple(field.name for field in fields(Version) if field.name != "row")


ALL = frozenset({"events", "lists", "plans", "shares", "nodes", "excuses", "problems", "duties", "spoken"})


def dossier(code: str, cut: Cut = NOW, want: Collection[str] = ALL) -> Dossier:
    """Load one project; of a code that was never filed an empty dossier."""
    return dossiers([code], cut, want)[code]


def dossiers(codes: Collection[str] | None, cut: Cut = NOW, want: Collection[str] = ALL) -> dict[str, Dossier]:
    """
    Load projects by code, or all of them (None). Every asked code has a dossier.

    `want`: the parts to load beside versions and merges; an act that looks at few asks for few.
    """
    versions = _grouped(_versions(codes, cut))
    merged = {row.project: row.into for row in rows(models.ProjectMerge, cut, **of_projects(codes))}
    parts: dict[str, Mapping[str, Any]] = {
        name: _grouped(loader(codes, cut)) for name, loader in LOADERS.items() if name in want
    }
    plans = _plans(codes, cut) if "plans" in want else {}
    spoken = _spoken(codes, cut) if "spoken" in want else {}
    return {
        code: Dossier(
            code=code,
            versions=_in_force(versions.get(code, ())),
            plans=plans.get(code, {}),
            spoken=frozenset(spoken.get(code, ())),
            merged_into=merged.get(code, ""),
            **{name: tuple(sorted(part.get(code, ()), key=ORDER.get(name, _as_filed))) for name, part in parts.items()},
        )
        for code in (versions.keys() | merged.keys() if codes is None else codes)
    }


def _as_filed(row: Any) -> int:
    return int(row.row)


def _grouped(rows: Iterable[T]) -> dict[str, tuple[T, ...]]:
    """Group rows by the project they speak of."""
    found: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row.code if isinstance(row, Version) else row.project].append(row)  # type: ignore[attr-defined]
    return {name: tuple(group) for name, group in found.items()}


def _in_force(versions: Sequence[Version]) -> tuple[Version, ...]:
    """Keep, of versions of one day, the last known; order by day. Rows come in the order of the ledger."""
    latest = {version.valid_from: version for version in versions}
    return tuple(latest[day] for day in sorted(latest))


def _versions(codes: Collection[str] | None, cut: Cut) -> Iterator[Version]:
    for row in rows(models.ProjectVersion, cut, **of_projects(codes, "code")):
        yield version_of(row)


def version_of(row: models.ProjectVersion) -> Version:
    """Read a row as a version."""
    return Version(**{name: getattr(row, name) for name in VERSION_COLUMNS}, row=row.id)


def _events(codes: Collection[str] | None, cut: Cut) -> Iterator[Event]:
    decided = rulings(models.StageEvent, cut, **of_projects(codes))
    for row in rows(models.StageEvent, cut, **of_projects(codes)):
        yield event_of(row, decided.get(row.id, ()), cut)


def event_of(row: models.StageEvent, decided: Sequence[Ruling], cut: Cut = NOW) -> Event:
    """Read a row as an event with what became of it."""
    now = verdicts.standing(row.id, row.known_at, row.verified_at, decided, cut.at)
    return Event(
        project=row.project,
        stage=row.stage,
        occurred_on=row.occurred_on,
        status=now.status,
        row=row.id,
        known_at=row.known_at,
        verified_at=now.since,
        month_only=row.month_only,
        evidence=tuple(row.evidence),
        evidence_kinds=tuple(row.evidence_kinds),
        evidence_note=row.evidence_note,
        step=now.step,
        claimed_by=row.claimed_by,
        verifiers=tuple(filter(None, row.verifier.split(";"))),
        other_unit=row.other_unit,
        last=now.last,
        sent_back_for=now.reason if now.status is Status.SENT_BACK else None,
    )


def _lists(codes: Collection[str] | None, cut: Cut) -> list[Listed]:
    latest = {(row.project, row.list, row.valid_from): row for row in rows(models.ListEntry, cut, **of_projects(codes))}
    return [Listed(row.project, row.list, row.valid_from, row.valid_to, row.id) for row in latest.values()]


def _plans(codes: Collection[str] | None, cut: Cut) -> dict[str, dict[int, Plan]]:
    """The last row of each (year, month) counts; a month without an amount is no longer planned."""
    found: defaultdict[str, dict[int, Plan]] = defaultdict(dict)
    for row in rows(models.YearPlan, cut, **of_projects(codes)):
        plan = found[row.project].setdefault(row.year, Plan(row.project, row.year))
        if row.month:
            months = {month: amount for month, amount in plan.months.items() if month != row.month}
            if row.invest is not None:
                months[row.month] = row.invest
            plan = replace(plan, months=months, last=row.id)
        else:
            plan = replace(plan, invest=row.invest, start_on=row.start_on, finish_on=row.finish_on, last=row.id)
        found[row.project][row.year] = plan
    return found


def _spoken(codes: Collection[str] | None, cut: Cut) -> dict[str, set[date]]:
    """Tell of which months progress notes speak, by project."""
    found: defaultdict[str, set[date]] = defaultdict(set)
    year = codebook.profile().calendar.accounting_year
    notes_there = standing(models.Note, cut, **of_projects(codes)).order_by()
    for project, period in notes_there.values_list("project", "period").distinct():
        found[project] |= notes_rule.months_of(period, year)
    return found


def _shares(codes: Collection[str] | None, cut: Cut) -> Iterator[Share]:
    for row in rows(models.Attribution, cut, **of_projects(codes)):
        yield Share(
            project=row.project,
            role=row.role,
            unit=row.unit,
            numerator=row.share_num,
            denominator=row.share_den,
            measure=row.measure,
            mode=row.mode,
            valid_from=row.valid_from,
            filing=row.filing,
            row=row.id,
        )


def _nodes(codes: Collection[str] | None, cut: Cut) -> list[NodeState]:
    found = {
        row.id: NodeState(
            row=row.id,
            project=row.project,
            name=row.name,
            baseline_on=row.baseline_on,
            planned_on=row.baseline_on,
            kind=row.kind,
            owner=row.owner,
            position=row.position,
            last=row.id,
        )
        for row in rows(models.Node, cut, **of_projects(codes))
    }
    for event in rows(models.NodeEvent, cut, **of_projects(codes)):
        if event.node in found:
            found[event.node] = _node_after(found[event.node], event)
    return list(found.values())


def _node_after(node: NodeState, event: models.NodeEvent) -> NodeState:
    node = replace(node, last=max(node.last, event.id))
    if event.kind == "actual":
        return replace(node, actual_on=event.day)
    if event.kind == "dropped":
        return replace(node, dropped=True, last_reason=event.reason_kind)
    moved = event.day or node.planned_on
    return replace(node, planned_on=moved, moves=node.moves + 1, last_reason=event.reason_kind)


def _excuses(codes: Collection[str] | None, cut: Cut) -> Iterator[ExcuseState]:
    decided = rulings(models.Excuse, cut, **of_projects(codes))
    for row in rows(models.Excuse, cut, **of_projects(codes)):
        now = verdicts.standing(row.id, row.known_at, None, decided.get(row.id, ()), cut.at)
        yield ExcuseState(
            row=row.id,
            project=row.project,
            light=row.light,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            status=now.status,
            reason_kind=row.reason_kind,
            reason=row.reason,
            asked_by=row.asked_by,
            evidence=tuple(row.evidence),
            last=now.last,
        )


def _problems(codes: Collection[str] | None, cut: Cut) -> list[ProblemState]:
    found = {
        row.id: ProblemState(
            row=row.id,
            project=row.project,
            title=row.title,
            owner=row.owner,
            raised_on=row.raised_on,
            due_on=row.due_on,
            state=Settling.OPEN,
            kind=row.kind,
            raised_by=row.raised_by,
            last=row.id,
        )
        for row in rows(models.ProjectProblem, cut, **of_projects(codes))
    }
    decided = rulings(models.ProblemEvent, cut, **of_projects(codes))
    for event in rows(models.ProblemEvent, cut, **of_projects(codes)):
        if event.problem in found:
            now = verdicts.standing(event.id, event.known_at, None, decided.get(event.id, ()), cut.at)
            found[event.problem] = _problem_after(found[event.problem], event, now)
    return list(found.values())


SETTLED = {Status.CLAIMED: Settling.SETTLED, Status.VERIFIED: Settling.CLOSED, Status.SENT_BACK: Settling.OPEN}


def _problem_after(problem: ProblemState, event: models.ProblemEvent, now: verdicts.Standing) -> ProblemState:
    problem = replace(problem, last=max(problem.last, now.last), words=event.words)
    if event.kind == "moved":
        due_on, owner = event.due_on or problem.due_on, event.owner or problem.owner
        return replace(problem, due_on=due_on, owner=owner, moves=problem.moves + 1)
    if event.kind == "settled":
        state = SETTLED[now.status]
        row = None if state is Settling.OPEN else event.id
        return replace(problem, state=state, settlement=row, settled_by=event.unit)
    return problem


def _duties(codes: Collection[str] | None, cut: Cut, **where: Any) -> list[DutyState]:
    latest = {
        (row.project, row.duty, row.holder, row.valid_from): row
        for row in rows(models.Duty, cut, **of_projects(codes), **where)
    }
    return [
        DutyState(row.id, row.project, row.duty, row.holder, row.valid_from, row.valid_to) for row in latest.values()
    ]


LOADERS: dict[str, Callable[[Collection[str] | None, Cut], Iterable[Any]]] = {
    "events": _events,
    "lists": _lists,
    "shares": _shares,
    "nodes": _nodes,
    "excuses": _excuses,
    "problems": _problems,
    "duties": _duties,
}
ORDER: dict[str, Callable[[Any], Any]] = {
    "events": lambda event: event.order,
    "nodes": lambda node: (node.position, node.planned_on, node.row),
}


def duties_of(holder: str, *, on: date, cut: Cut = NOW) -> list[DutyState]:
    """List the duties that somebody holds on a day or will hold later, by project."""
    held = [one for one in _duties(None, cut, holder=holder) if one.valid_to is None or on < one.valid_to]
    return sorted(held, key=lambda one: (one.project, one.duty, one.row))


def notes(codes: Collection[str] | None, cut: Cut = NOW, **where: Any) -> dict[tuple[str, str], Progress]:
    """Give the progress notes in force by (project, period): of several the last known."""
    return {
        (row.project, row.period): Progress(
            row.project, row.period, row.progress, row.problems, row.next, row.coordinate, row.id, row.known_at
        )
        for row in rows(models.Note, cut, **of_projects(codes), **where)
    }


def noted_since(row: int, voided: Collection[int] = ()) -> frozenset[str]:
    """Tell which projects have notes above a row, or among those that were voided."""
    there = models.Note._default_manager
    found = set(there.filter(id__gt=row).values_list("project", flat=True))
    if voided:
        found |= set(there.filter(id__in=voided).values_list("project", flat=True))
    return frozenset(found)


def merged_codes(into: str, cut: Cut = NOW) -> tuple[str, ...]:
    """List the records that were merged into a project, directly or by way of others."""
    direct: Mapping[str, list[str]] = defaultdict(list)
    for row in rows(models.ProjectMerge, cut):
        direct[row.into].append(row.project)
    found, queue = [], [into]
    while queue:
        for code in direct.get(queue.pop(), ()):
            if code not in found:
                found.append(code)
                queue.append(code)
    return tuple(found)


def survivor(code: str, cut: Cut = NOW) -> str:
    """Give the record that a code counts under today: itself, unless it was merged."""
    into = {row.project: row.into for row in rows(models.ProjectMerge, cut)}
    while code in into:
        code = into[code]
    return code
