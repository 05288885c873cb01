"""One project's whole story: what it is, and every act on it with who, when and what changed. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Refused
from luodi.ledger.models import ProjectionRow, Verdict, Void
from luodi.ledger.values import WHOLE_FACT, Cut, fact_of, row_id
from luodi.projects.queries import load
from luodi.projects.queries.acts import authors
from luodi.projects.queries.cards import TABLES, card
from luodi.projects.queries.lists import NO_FIGURES, Viewer, lights_of
from luodi.projects.queries.standing import NOW, known
from luodi.projects.rules import plans, stages
from luodi.projects.rules.timeline import changes
from luodi.projects.values.rows import Dossier, Progress
from luodi.projects.values.views import Card, Entry, Figures, Page


class NoSuchProject(Refused):
    """There is no such project, or none that this person may know of. Parameters: `found`."""

    code = "project.unknown"


# What a row speaks of in each table: rows that agree in these columns follow one another, and the later one is compared.
KEYS: dict[str, tuple[str, ...]] = {
    "projects.ProjectVersion": ("code",),
    "projects.StageEvent": (),
    "projects.ListEntry": ("list", "valid_from"),
    "projects.YearPlan": ("year", "month"),
    "projects.Note": ("period",),
    "projects.Attribution": (),
    "projects.Node": (),
    "projects.NodeEvent": ("node", "kind"),
    "projects.Excuse": (),
    "projects.ProjectProblem": (),
    "projects.ProblemEvent": (),
    "projects.Duty": ("duty", "holder", "valid_from"),
    "projects.ProjectMerge": (),
}
SUBJECTS = ("stage", "list", "period", "name", "title", "light", "duty", "year", "role", "kind", "valid_from")


def project_page(code: str, by: Viewer, *, period: str = "", figures: Figures = NO_FIGURES, cut: Cut = NOW) -> Page:
    """
    Give a project's page as a viewer may see it: before signing, other units get its face alone.

    :param period: whose progress note is asked for; `note_before` is the last one before it, to copy from
    :raises NoSuchProject: if there is none
    """
    dossier = load.dossier(code, cut)
    merged_from = load.merged_codes(code, cut)
    version = dossier.version_on(by.on) or dossier.version
    if version is None and not dossier.merged_into:
        raise NoSuchProject(found=code)
    if version is None:
        return _merged_page(dossier, by, merged_from, cut)
    line = card(dossier, version, on=by.on, profile=by.profile)
    face = by.face(line)
    if not by.sees(line):
        if face.veiled or by.figures.empty:  # a code in the address bar tells nobody that there is such a project
            raise NoSuchProject(found=code)
        return Page(code=code, face=face, card=None)
    notes = _notes(code, by.profile, cut)
    before = _begins(period, by.profile)
    return Page(
        code=code,
        face=face,
        card=line,
        lights=lights_of(line, by.profile, figures),
        note=next((one for one in notes if one.period == period), None),
        note_before=next((one for one in notes if _begins(one.period, by.profile) < before), None),
        notes=notes,
        timeline=timeline((code, *merged_from), cut),
        merged_from=merged_from,
        next_stages=_next_stages(line, by),
    )


def _merged_page(dossier: Dossier, by: Viewer, merged_from: tuple[str, ...], cut: Cut) -> Page:
    """Give the page of a record that became part of another: only that, and its history, to those who see the survivor."""
    survivor = project_page(load.survivor(dossier.code, cut), by, cut=cut)
    story = timeline((dossier.code, *merged_from), cut) if survivor.card else ()
    return Page(
        code=dossier.code,
        face=survivor.face,
        card=None,
        timeline=story,
        merged_from=merged_from,
        merged_into=dossier.merged_into,
    )


def _notes(code: str, profile: Profile, cut: Cut) -> tuple[Progress, ...]:
    """Give the project's notes, the latest period first."""
    notes = load.notes([code], cut).values()
    return tuple(sorted(notes, key=lambda note: (_begins(note.period, profile), note.period), reverse=True))


def _begins(label: str, profile: Profile) -> date:
    """Tell when a period begins; one that can't be read comes last of all."""
    period = plans.read_period(label, profile.calendar.accounting_year)
    return period.first if period else date.min


def _next_stages(line: Card, by: Viewer) -> tuple[str, ...]:
    """List the stages that may be claimed from where the project stands, claims that wait included."""
    before = stages.state(stages.standing(line.dossier.events), by.on)
    rules = [rule for rule in by.profile.stages if rule.holds_on(by.on) and stages.may_follow(rule, before)]
    have = {event.stage for event in stages.standing(line.dossier.events)}
    return tuple(rule.id for rule in rules if rule.repeatable or rule.id not in have)


# --- timeline -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """A row as the timeline reads it, before it is known who wrote it."""

    table: str
    row: ProjectionRow
    cells: Mapping[str, Any]


def timeline(codes: Iterable[str], cut: Cut = NOW) -> tuple[Entry, ...]:
    """Give every act on a project (and on records merged into it), latest first: who, when, and what it changed."""
    rows = list(_rows(tuple(codes), cut))
    targets = {act.row.id: act for act in rows}
    voided, said = _said_about(targets, cut)
    people = authors({fact_of(act.row.id) for act in (*rows, *said)})
    entries = [_entry(act, before, people, voided) for act, before in _with_before(rows)]
    entries += [_verdict_entry(act, targets, people) for act in said]
    return tuple(sorted(entries, key=lambda entry: (entry.known_at, entry.row), reverse=True))


def _rows(codes: tuple[str, ...], cut: Cut) -> Iterator[Act]:
    """Read all rows, void ones too: history is kept."""
    for model, column in TABLES.items():
        for row in known(model._default_manager.filter(**{f"{column}__in": codes}), cut):
            yield Act(model._meta.label, row, _cells(row))


def _cells(row: ProjectionRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields}


def _said_about(targets: Mapping[int, Act], cut: Cut) -> tuple[frozenset[int], list[Act]]:
    """Read the voids and verdicts on rows, on each or on the whole fact."""
    ids = {*targets, *(row_id(fact_of(row), WHOLE_FACT) for row in targets)}
    voids = list(known(Void.objects.filter(target__in=targets), cut))
    verdicts = list(known(Verdict.objects.filter(Q(target__in=ids)), cut))
    acts = [Act(row._meta.label, row, _cells(row)) for row in (*voids, *verdicts)]
    return frozenset(void.target for void in voids), acts


def _with_before(rows: Iterable[Act]) -> Iterator[tuple[Act, Act | None]]:
    """Pair each row with the one it follows, of the same table and key, in the order of the ledger."""
    last: dict[tuple[Any, ...], Act] = {}
    for act in rows:
        names = KEYS[act.table]
        key = (act.table, *(act.cells[name] for name in names)) if names else (act.table, act.row.id)
        yield act, last.get(key)
        last[key] = act


def _entry(
    act: Act, before: Act | None, people: Mapping[int, tuple[str, str, str, str]], voided: frozenset[int]
) -> Entry:
    name, person, unit, via = people[fact_of(act.row.id)]
    return Entry(
        fact=fact_of(act.row.id),
        act=name,
        table=act.table,
        row=act.row.id,
        known_at=act.row.known_at,
        person=person,
        unit=unit,
        via=via,
        loaded=act.row.loaded,
        changes=changes(before.cells if before else None, act.cells),
        voided=act.row.id in voided,
        subject=_subject(act.cells),
    )


def _verdict_entry(act: Act, targets: Mapping[int, Act], people: Mapping[int, tuple[str, str, str, str]]) -> Entry:
    name, person, unit, via = people[fact_of(act.row.id)]
    target = targets.get(act.cells["target"])
    return Entry(
        fact=fact_of(act.row.id),
        act=name,
        table=act.table,
        row=act.row.id,
        known_at=act.row.known_at,
        person=person,
        unit=act.cells.get("unit") or unit,
        via=via,
        loaded=act.row.loaded,
        changes=changes(None, {key: act.cells.get(key) for key in ("verdict", "reason")}),
        subject=_subject(target.cells) if target else "",
    )


def _subject(cells: Mapping[str, Any]) -> str:
    return str(next((cells[name] for name in SUBJECTS if cells.get(name)), ""))
