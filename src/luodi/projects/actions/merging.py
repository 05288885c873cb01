"""
Merging two records of one project. The merged record's standing rows are voided and, where they count, filed again under the
survivor, all by one fact (why so: `rules.merging`).

Figures belong to a higher module, but a fact may fill any projection: their table is named, not imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.apps import apps

from luodi.codebook.values.organisation import Permission
from luodi.kernel.problem import Problem
from luodi.ledger.models import Verdict
from luodi.ledger.values import WHOLE_FACT, Act, Actor, Row, Table, fact_of, row_id
from luodi.projects import facts_workflow as facts
from luodi.projects.actions.office import Desk, desk, refuse, write
from luodi.projects.queries import load
from luodi.projects.queries.standing import rulings
from luodi.projects.queries.standing import standing as rows_standing
from luodi.projects.rules import carrying, merging, stages, verdicts
from luodi.projects.rules.merging import Choices, MergeCase, Record, Refiling
from luodi.projects.rules.verdicts import Ruling
from luodi.projects.values.rows import Dossier, Status

# Tables that are settled row by row, with the column that names the project.
SETTLED = (
    (facts.VERSION, "code"),
    (facts.STAGE, "project"),
    (facts.LIST, "project"),
    (facts.PLAN, "project"),
    (facts.NOTE, "project"),
    (facts.SHARE, "project"),
    (facts.PROVEN_FIGURE, "subject"),
)
DECIDED = ("projects.StageEvent", "statistics.Figure")


def merge_projects(
    project: str, *, into: str, reason: str, actor: Actor, today: date, choices: Choices | None = None
) -> int:
    """
    Make one record of a project part of another. Give the fact's id.

    Published values don't change: as of any day before, the two are two. From now on what the merged record filed counts under
    the survivor, each figure once. Shares of credit aren't carried over: the survivor's hold.

    :raises NotAllowed: if the person may not merge both
    :raises NotPossible: if claims or figures wait for a decision, or both filed the same and `choices` don't say what stands
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        files = load.dossiers({project, into})
        for dossier in files.values():
            who.require(Permission.MERGE_PROJECTS, dossier)
        plan = _plan(project, into, choices or Choices(), who)
        refuse([*_merge_problems(files[project], files[into], reason), *plan.problems])
        return [_merge_act(files[project], files[into], plan, reason.strip(), today)]

    return write(ready, actor=actor)[0]


def preview_merge(project: str, *, into: str, actor: Actor, today: date, choices: Choices | None = None) -> Refiling:
    """Tell what a merge would void and file again, and what stands in its way, without doing it."""
    who = desk(actor=actor, today=today)
    for dossier in load.dossiers({project, into}, want={"shares", "duties"}).values():
        who.require(Permission.MERGE_PROJECTS, dossier)
    return _plan(project, into, choices or Choices(), who)


def _plan(project: str, into: str, choices: Choices, who: Desk) -> Refiling:
    case = MergeCase(project, into, choices, who.profile.calendar.accounting_year)
    return merging.plan_merge(records(project), records(into), case)


def _merge_problems(merged: Dossier, survivor: Dossier, reason: str) -> Iterator[Problem]:
    where = f"project={merged.code} into={survivor.code}"
    if merged.code == survivor.code:
        yield Problem("project.merge.itself", where, {"found": merged.code})
    yield from stages.project_problems(merged, where)
    yield from stages.project_problems(survivor, where)
    if not reason.strip():
        yield Problem("project.reason.blank", where)


def _merge_act(merged: Dossier, survivor: Dossier, plan: Refiling, reason: str, today: date) -> Act:
    kept = carrying.carried_nodes(merged, survivor)
    node_rows, event_rows = carrying.node_rows(kept, survivor.code)
    gone = [("projects.Node", node.row) for node in merged.nodes]
    gone += [("projects.ProjectProblem", problem.row) for problem in carrying.open_problems(merged)]
    rows: dict[str, Sequence[Row]] = {
        "projects.Node": node_rows,
        "projects.NodeEvent": event_rows,
        "projects.ProjectMerge": [(merged.code, survivor.code, reason)],
        "ledger.Void": [(table, row, f"→ {survivor.code}") for table, row in (*plan.voids, *gone)],
        "projects.ProjectProblem": carrying.problem_rows(merged, survivor.code),
        "projects.Duty": carrying.duty_rows(merged, survivor, into=survivor.code, on=today),
        **{
            table.model: _rows(table, plan.rows.get(table.model, ()))
            for table, _ in SETTLED
            if table.model in plan.rows
        },
    }
    return Act(facts.PROJECT_MERGED, f"project:{merged.code}", rows, details={"into": survivor.code})


def _rows(table: Table, cells: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [tuple(one[name] for name in table.columns) for one in cells]


def records(code: str) -> list[Record]:
    """Read every standing row of a project that a merge settles, with since when it counts."""
    return [record for table, column in SETTLED for record in _records(table, column, code)]


def _records(table: Table, column: str, code: str) -> Iterator[Record]:
    model: Any = apps.get_model(table.model)
    where: dict[str, Any] = {column: code}
    found = list(rows_standing(model, **where))
    decided = _decided(table, [row.id for row in found], column, code)
    for row in found:
        cells = {name: getattr(row, name) for name in table.columns}
        if table.model not in DECIDED:
            yield Record(table.model, row.id, cells, known_at=row.known_at)
            continue
        own = row.verified_at if table.model == "projects.StageEvent" else row.accepted_at
        now = verdicts.standing(row.id, row.known_at, own, decided.get(row.id, ()))
        counts = now.since if now.status is Status.VERIFIED else None
        pending = now.status is Status.CLAIMED
        yield Record(table.model, row.id, cells, counts, pending, row.known_at)


def _decided(table: Table, rows: Sequence[int], column: str, code: str) -> Mapping[int, Sequence[Ruling]]:
    """Give the verdicts on rows, on each or on the whole fact it came by (a submission is accepted as one)."""
    if table.model not in DECIDED:
        return {}
    where: dict[str, Any] = {column: code}
    single = rulings(apps.get_model(table.model), **where)
    whole: dict[int, list[Ruling]] = {}
    for one in rows_standing(Verdict, target__in={row_id(fact_of(row), WHOLE_FACT) for row in rows}):
        whole.setdefault(one.target, []).append(Ruling(one.verdict, one.known_at, one.id, one.step, one.reason))
    return {row: [*single.get(row, ()), *whole.get(row_id(fact_of(row), WHOLE_FACT), ())] for row in rows}
