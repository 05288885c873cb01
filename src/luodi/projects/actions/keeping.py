"""Keeping projects: registering, re-versioning, lists, year plans, progress notes, attributions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from luodi.codebook.values.organisation import Permission
from luodi.identity import queries as identity
from luodi.identity.tree import tree_on
from luodi.kernel.problem import Problem
from luodi.ledger.models import ProjectionRow
from luodi.ledger.values import Act, Actor
from luodi.projects import facts_workflow as facts
from luodi.projects import models
from luodi.projects.actions.office import Desk, desk, refuse, unchanged, write
from luodi.projects.queries import load
from luodi.projects.queries.standing import standing as rows_standing
from luodi.projects.rules import plans, shares, stages, versions
from luodi.projects.values.drafts import NoteDraft, PlanDraft, ShareDraft, VersionDraft
from luodi.projects.values.rows import VERSION_FIELDS, Dossier, Progress

KEEP = Permission.KEEP_PROJECTS


def create_projects(drafts: Sequence[VersionDraft], *, actor: Actor, today: date) -> list[int]:
    """
    Register projects, one fact each; give the facts' ids.

    :raises NotAllowed: if the person may not keep projects of the host, introducer or lead department
    :raises NotPossible: if a code is taken, or a version does not stand
    """
    return _file_versions(drafts, [0] * len(drafts), actor=actor, today=today, new=True)


def revise_project(draft: VersionDraft, *, actor: Actor, today: date, expected: int | None = None) -> int:
    """
    File a new version of a project, from its `valid_from` on; the same day again supersedes. Give the fact's id.

    :param expected: row id of the last version that the person saw
    :raises Changed: if another version was filed meanwhile
    :raises NotPossible: if the version does not stand
    """
    return _file_versions([draft], [expected], actor=actor, today=today, new=False)[0]


def _file_versions(
    drafts: Sequence[VersionDraft], expected: Sequence[int | None], *, actor: Actor, today: date, new: bool
) -> list[int]:
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        files = load.dossiers({draft.code for draft in drafts}, want={"events", "shares", "duties"})
        units = _units_on({draft.valid_from for draft in drafts})
        problems: list[Problem] = []
        seen: set[str] = set()
        for draft, row in zip(drafts, expected, strict=True):
            problems += _version_problems(draft, files[draft.code], row, who, units=units[draft.valid_from], new=new)
            problems += [_taken(draft.code)] if draft.code in seen else []
            seen.add(draft.code)
        refuse(problems)
        return [version_act(draft) for draft in drafts]

    return write(ready, actor=actor)


def _version_problems(
    draft: VersionDraft, dossier: Dossier, expected: int | None, who: Desk, *, units: frozenset[str], new: bool
) -> list[Problem]:
    own = frozenset(filter(None, (draft.host, draft.introducer, draft.lead_department)))
    if new:
        who.require_units(KEEP, own)
        taken = [_taken(draft.code)] if dossier.versions or dossier.merged_into else []
    else:
        who.require(KEEP, dossier)
        taken = list(stages.project_problems(dossier, f"project={draft.code}"))
    theirs = {name: getattr(dossier.version, name) for name in VERSION_FIELDS} if dossier.version else {}
    moved = [] if new else unchanged(expected, dossier.last_version, where=f"project={draft.code}", theirs=theirs)
    case = versions.VersionCase(draft, dossier, units, who.profile, who.today)
    return [*taken, *moved, *versions.version_problems(case)]


def _units_on(days: Collection[date]) -> dict[date, frozenset[str]]:
    """List the units that exist on each day, from one reading of their history."""
    rows = identity.versions()
    trees = {day: tree_on(rows, on=day) for day in days}
    return {day: frozenset(unit.code for unit in tree.units.values() if unit.open) for day, tree in trees.items()}


def _taken(code: str) -> Problem:
    return Problem("project.taken", f"project={code}", {"found": code})


def version_act(draft: VersionDraft) -> Act:
    """Make the act that files a version."""
    cells = [getattr(draft, name) for name in facts.VERSION.columns[:-1]]
    row = (*cells, {name: text for name, text in draft.attributes.items() if text})
    return Act(facts.VERSION_RECORDED, f"project:{draft.code}", {"projects.ProjectVersion": [row]})


# --- lists ----------------------------------------------------------------------------------------


def put_on_list(projects: Sequence[str], *, name: str, on: date, actor: Actor, today: date) -> list[int]:
    """
    Put projects on a list from a day on, one fact each.

    :raises NotAllowed: if another office keeps the list
    :raises NotPossible: if one stands there already, or the list or project is unknown
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        files = load.dossiers(projects, want={"lists", "shares", "duties"})
        _may_keep_list(who, name, files)
        problems = [
            problem
            for code in projects
            for problem in (
                *stages.project_problems(files[code], f"project={code} list={name}"),
                *plans.entry_problems(files[code], name=name, on=on, profile=who.profile),
            )
        ]
        refuse(problems)
        return [_list_act(code, name, on, None) for code in dict.fromkeys(projects)]

    return write(ready, actor=actor)


def take_off_list(projects: Sequence[str], *, name: str, on: date, actor: Actor, today: date) -> list[int]:
    """
    Take projects off a list: `on` is the first day they no longer stand there.

    :raises NotAllowed: if another office keeps the list
    :raises NotPossible: if one does not stand there
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        files = load.dossiers(projects, want={"lists", "shares", "duties"})
        _may_keep_list(who, name, files)
        refuse([problem for code in projects for problem in plans.removal_problems(files[code], name=name, on=on)])
        entries = {code: plans.open_entry(files[code].lists, name) for code in projects}
        return [_list_act(code, name, entry.valid_from, on) for code, entry in entries.items() if entry]

    return write(ready, actor=actor)


def _may_keep_list(who: Desk, name: str, files: dict[str, Dossier]) -> None:
    kept_by = next((item.kept_by for item in who.profile.lists if item.id == name), None)
    if kept_by:
        who.require_seat(KEEP, who.profile.office_unit(kept_by) or "")
    for dossier in files.values():
        who.require(KEEP, dossier)


def _list_act(code: str, name: str, since: date, until: date | None) -> Act:
    return Act(facts.LIST_CHANGED, f"project:{code}", {"projects.ListEntry": [(code, name, since, until)]})


# --- year plans -----------------------------------------------------------------------------------


def set_plans(drafts: Sequence[PlanDraft], *, actor: Actor, today: date) -> list[int]:
    """
    File year plans, one fact each; what the year's plan said before is superseded whole.

    :raises Changed: if a plan was changed since `expected`
    :raises NotPossible: if months don't add up to the year, or a day or amount is impossible
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        files = load.dossiers({draft.project for draft in drafts}, want={"plans", "shares", "duties"})
        problems: list[Problem] = []
        for draft in drafts:
            dossier = files[draft.project]
            who.require(KEEP, dossier)
            where = f"project={draft.project} year={draft.year}"
            standing = dossier.plans.get(draft.year)
            theirs = {"invest": standing.invest, "months": dict(standing.months)} if standing else {}
            problems += unchanged(draft.expected, standing.last if standing else 0, where=where, theirs=theirs)
            problems += stages.project_problems(dossier, where)
            problems += plans.plan_problems(draft, today=today)
        refuse(problems)
        return [_plan_act(draft, files[draft.project]) for draft in drafts]

    return write(ready, actor=actor)


def _plan_act(draft: PlanDraft, dossier: Dossier) -> Act:
    """The year's own row and its months; a month that is no longer planned gets a row without an amount."""
    standing = dossier.plans.get(draft.year)
    months = sorted({*draft.months, *(standing.months if standing else ())})
    rows = [(draft.project, draft.year, 0, draft.invest, draft.start_on, draft.finish_on)]
    rows += [(draft.project, draft.year, month, draft.months.get(month), None, None) for month in months]
    return Act(facts.PLAN_SET, f"project:{draft.project}", {"projects.YearPlan": rows})


# --- progress notes -------------------------------------------------------------------------------


def write_notes(drafts: Sequence[NoteDraft], *, actor: Actor, today: date) -> list[int]:
    """
    Write progress notes, one fact each; a note of the same period again replaces the one before.

    :raises Changed: if somebody wrote the period's note since `expected` (0: there was none)
    :raises NotPossible: if a note is empty, too long, or of a period that has not begun
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        codes = {draft.project for draft in drafts}
        files = load.dossiers(codes, want={"shares", "duties"})
        standing = load.notes(codes, period__in={draft.period for draft in drafts})
        problems: list[Problem] = []
        for draft in drafts:
            who.require(KEEP, files[draft.project], Permission.FILL_FORM)
            problems += _note_problems(draft, files[draft.project], standing.get((draft.project, draft.period)), who)
        refuse(problems)
        return [_note_act(draft) for draft in drafts]

    return write(ready, actor=actor)


def _note_problems(draft: NoteDraft, dossier: Dossier, standing: Progress | None, who: Desk) -> list[Problem]:
    where = f"project={draft.project} period={draft.period}"
    theirs = {name: getattr(standing, name) for name in plans.NOTE_WORDS} if standing else {}
    return [
        *unchanged(draft.expected, standing.row if standing else 0, where=where, theirs=theirs),
        *stages.project_problems(dossier, where),
        *plans.note_problems(draft, year=who.profile.calendar.accounting_year, today=who.today),
    ]


def _note_act(draft: NoteDraft) -> Act:
    words = (getattr(draft, name).strip() or None for name in plans.NOTE_WORDS)
    row: tuple[Any, ...] = (draft.project, draft.period, *words)
    return Act(facts.NOTE_WRITTEN, f"project:{draft.project}", {"projects.Note": [row]})


# --- attributions ---------------------------------------------------------------------------------


def share_project(
    project: str,
    *,
    role: str,
    parts: Sequence[ShareDraft],
    valid_from: date,
    actor: Actor,
    today: date,
    measure: str = "",
    mode: str = "split",
    expected: int | None = None,
) -> int:
    """
    Share a project's credit in a role among units from a day on; the set replaces earlier ones. Give the fact's id.

    :param role: host, introducer or lead_department
    :param measure: for one measure only; "" for all that have no set of their own
    :param expected: the last attribution row of the project that the person saw, 0 for none
    :raises NotPossible: if shares don't add up to 1 (split), or a unit is unknown
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier = load.dossier(project, want={"shares", "duties"})
        who.require(Permission.SHARE_CREDIT, dossier)
        where = f"project={project} role={role}"
        last = dossier.last_share
        units = _units_on([valid_from])[valid_from]
        found = shares.share_problems(
            parts, project=project, role=role, measure=measure, mode=mode, units=units, profile=who.profile
        )
        refuse([*unchanged(expected, last, where=where), *stages.project_problems(dossier, where), *found])
        return [_share_act(project, role, parts, valid_from, measure, mode, last)]

    return write(ready, actor=actor)[0]


def _share_act(
    project: str, role: str, parts: Sequence[ShareDraft], since: date, measure: str, mode: str, last: int
) -> Act:
    filing = hashlib.sha256(f"{project}\n{role}\n{measure}\n{since}\n{last}".encode()).hexdigest()[:32]
    rows = []
    for part in parts:
        share = shares.read_share(part.share)
        if share is not None:  # the rules have refused anything else
            numerator, denominator = share.numerator, share.denominator
            rows.append((project, role, part.unit, numerator, denominator, measure, mode, since, filing))
    return Act(facts.SHARES_SET, f"project:{project}", {"projects.Attribution": rows})


# --- voiding --------------------------------------------------------------------------------------

VOIDABLE: dict[str, type[ProjectionRow]] = {
    "projects.ProjectVersion": models.ProjectVersion,
    "projects.ListEntry": models.ListEntry,
    "projects.YearPlan": models.YearPlan,
    "projects.Note": models.Note,
    "projects.Attribution": models.Attribution,
    "projects.Node": models.Node,
    "projects.NodeEvent": models.NodeEvent,
    "projects.Excuse": models.Excuse,
    "projects.ProjectProblem": models.ProjectProblem,
    "projects.ProblemEvent": models.ProblemEvent,
    "projects.Duty": models.Duty,
}


def void_row(table: str, row: int, *, reason: str, actor: Actor, today: date) -> int:
    """
    Void a row that should never have been filed, with a reason; what stood before it is in force again. Stages have
    `void_stage`. Give the fact's id.

    :param table: the projection, such as `projects.Note`
    :raises NotAllowed: if the person may not void rows of the project
    :raises NotPossible: if there is no such row (any more), or the reason is missing
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        model = VOIDABLE.get(table)
        found = rows_standing(model, id=row).first() if model else None
        if found is None:
            refuse([Problem("project.row.unknown", f"row={row}", {"found": f"{table} {row}"})])
        code = str(getattr(found, "project", "") or getattr(found, "code", ""))
        who.require(Permission.VOID_ROWS, load.dossier(code, want={"shares", "duties"}))
        refuse([] if reason.strip() else [Problem("project.reason.blank", f"project={code} row={row}")])
        return [Act(facts.ROW_VOIDED, f"project:{code}", {"ledger.Void": [(table, row, reason.strip())]})]

    return write(ready, actor=actor)[0]
