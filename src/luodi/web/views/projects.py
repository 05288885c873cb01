"""Projects: the list with its filters, one project's story, its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission, Profile
from luodi.identity import queries as identity
from luodi.identity.rules.secrecy import may_open
from luodi.identity.values import PersonAt
from luodi.kernel.money import in_unit
from luodi.kernel.period import Period
from luodi.kernel.problem import words
from luodi.projects.queries import lists, page
from luodi.projects.queries.evidence import EvidenceFile, evidence_files
from luodi.projects.rules.lights import Colour
from luodi.projects.values.rows import PlanClass
from luodi.projects.values.views import Line, Page
from luodi.statistics.queries.evidence import files_of_subjects
from luodi.web.access import needs
from luodi.web.cell_evidence import as_shown
from luodi.web.exporting import workbook
from luodi.web.figures import known_figures
from luodi.web.labels import field_label
from luodi.web.periods import current_month
from luodi.web.views import saved_views
from luodi.web.views.project_act_case import Case
from luodi.web.views.project_act_forms import VERBS, decidable, offered, settleable, voidable, withdrawable
from luodi.web.views.project_bulk_acts import bulk_acts
from luodi.web.views.project_filters import ONLY, narrowed
from luodi.web.views.project_money import Money, money

PER_PAGE = 50


def by_viewer(request: HttpRequest) -> lists.Viewer:
    """Look at projects as the signed-in person."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return lists.viewer(viewer.who, on=viewer.today, language=viewer.language)


def asked(request: HttpRequest) -> lists.Filter:
    """Read a list's filter from the address; what isn't one of the choices asks nothing."""
    query = request.GET
    profile = request.viewer.profile  # type: ignore[attr-defined]
    return lists.Filter(
        stages=asked_stages(query.get("stage", ""), query.get("reached", ""), profile),
        states=frozenset({query["state"]} if profile.stage(query.get("state", "")) else ()),
        unit=query.get("unit", ""),
        kind=query.get("kind", ""),
        list=query.get("list", ""),
        light=Colour(query["light"]) if query.get("light") in set(Colour) else None,
        plan_class=PlanClass(query["plan_class"]) if query.get("plan_class") in set(PlanClass) else None,
        text=query.get("q", "").strip(),
        with_problems=query.get("problems") == "1",
        orphaned=query.get("orphaned") == "1",
    )


def asked_stages(stage: str, reached: str, profile: Profile) -> frozenset[str]:
    """Give the furthest stages asked for: one, or all from one on along the way."""
    if profile.stage(stage):
        return frozenset({stage})
    path = profile.path
    return frozenset(path[path.index(reached) :]) if reached in path else frozenset()


def found_lines(request: HttpRequest, viewer: lists.Viewer) -> list[Line]:
    """List what the address asks for."""
    lines = lists.project_list(viewer, asked(request), figures=known_figures(viewer.on, viewer.profile))
    return narrowed(lines, request.GET, profile=viewer.profile, on=viewer.on, person=viewer.who.person)


@needs(Permission.SEE_FIGURES)
@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    """List projects; the filter stands in the address; the same rows go into a workbook."""
    viewer = by_viewer(request)
    lines = found_lines(request, viewer)
    if request.GET.get("as") == "xlsx":
        return export(request, lines)
    shown = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    amounts = [line.card.version.total_investment for line in lines if line.card]
    known = [amount for amount in amounts if amount is not None]
    return render(
        request,
        "web/projects.html",
        {
            "lines": shown,
            "total": len(lines),
            "amount": sum(known) if known else None,
            "veiled": sum(line.face.veiled for line in lines),
            "choices": choices(viewer),
            "asked": request.GET,
            "only": request.GET.get("narrow") if request.GET.get("narrow") in ONLY else "",
            "bulk": bulk_acts(request.viewer),  # type: ignore[attr-defined]
            **saved_views.context(request, "projects"),
        },
    )


def choices(viewer: lists.Viewer) -> dict[str, Any]:
    """Give what the filters offer."""
    profile = viewer.profile
    tree = viewer.who.tree
    return {
        "stages": [stage.id for stage in profile.stages],
        "units": [unit for unit in (*tree.children(viewer.who.root),) if unit.kind in ("district", "park")],
        "kinds": profile.vocabulary("kind"),
        "lists": [one.id for one in profile.lists],
        "lights": list(Colour),
        "classes": list(PlanClass),
    }


def export(request: HttpRequest, lines: list[Line]) -> HttpResponse:
    """Put the listed projects into a workbook, veiled ones as veiled."""
    unit = request.money_unit  # type: ignore[attr-defined]
    tree = request.viewer.who.tree  # type: ignore[attr-defined]
    head = ("项目编号", "项目名称", "属地", "投资方", "项目类型", "阶段", f"总投资（{unit}）", "下一节点", "计划日期")
    rows: list[tuple[object, ...]] = []
    for line in lines:
        if line.card is None:
            rows.append(("", line.face.label, "", "", "", line.state, line.face.size_band, "", None))
            continue
        version, node = line.card.version, line.card.next_node
        amount = in_unit(version.total_investment, unit, 2) if version.total_investment is not None else None
        rows.append(
            (
                line.card.code,
                version.name,
                tree.name(version.host),
                version.investor,
                version.kind,
                line.card.state,
                amount,
                node.name if node else "",
                node.planned_on if node else None,
            )
        )
    return workbook("projects", head, rows)


@needs(Permission.SEE_FIGURES)
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    """Tell one project's story."""
    viewer = by_viewer(request)
    month: Period = current_month(viewer.on, viewer.profile)
    story = page.project_page(code, viewer, period=month.label, figures=known_figures(viewer.on, viewer.profile))
    language = request.viewer.language  # type: ignore[attr-defined]
    people = identity.people()
    context = {
        "page": story,
        "month": month,
        "path": path(story, viewer),
        "tree": viewer.who.tree,
        "people": duties(story, viewer, people, language),
        "timeline": timeline(story, viewer, people, language),
        "money": of_money(story, viewer, month),
        "proven": proven_figures(story, viewer, people),
        **acts(request, story, viewer, people),
    }
    return render(request, "web/project.html", context)


def of_money(story: Page, viewer: lists.Viewer, month: Period) -> Money | None:
    """Give the money of the year that is being reported."""
    if story.card is None:
        return None
    year = viewer.profile.calendar.accounting_year.of(month.last)
    return money(story.code, story.card.dossier.plans, viewer.profile, year=year, on=viewer.on)


PROVEN = 6  # figures with evidence shown on a project's page, the latest first


def proven_figures(story: Page, viewer: lists.Viewer, people: Mapping[str, PersonAt]) -> list[dict[str, Any]]:
    """Give the last figures that carry evidence: that there is some, of which kind, and who checked it."""
    if story.card is None:
        return []
    kinds = {kind.id: kind for kind in viewer.profile.evidence_kinds}
    found: dict[int, dict[str, Any]] = {}
    for file in files_of_subjects([story.code]):
        line: dict[str, Any] = {
            "measure": viewer.profile.measure(file.measure),
            "period": file.period,
            "files": [],
        }
        found.setdefault(file.figure, line)["files"].append(as_shown(viewer, file, kinds, people))
    return list(found.values())[:PROVEN]


def acts(request: HttpRequest, story: Page, viewer: lists.Viewer, people: Mapping[str, PersonAt]) -> dict[str, Any]:
    """Give what may be done here, and the stages with their evidence: that there is some, and who checked it."""
    if story.card is None:
        return {}
    case = Case(request, story.code, story, story.card, viewer)
    files = evidence_files([story.code])
    may = offered(case)
    return {
        "may": may,
        "bar": bar(may, story),
        "may_merge": case.may(Permission.MERGE_PROJECTS),
        "withdrawable": withdrawable(case),
        "verbs": VERBS,
        "decidable": decidable(case),
        "settleable": settleable(case),
        "voidable": voidable(case),
        "events": [
            {"event": event, "files": [chip(one, viewer, people) for one in files if one.row == event.row]}
            for event in reversed(story.card.dossier.events)
        ],
    }


# Acts on the project as a whole, in the order of the bar; the others stand beside the row they are about.
FIRST, REST = ("note", "claim", "problem", "duty"), ("plan", "node", "list", "off", "excuse", "revise")


def bar(may: Mapping[str, bool], story: Page) -> dict[str, list[str]]:
    """List the acts on the project as a whole that the person may do: the usual ones, and the rest."""
    asks = {"claim": bool(story.next_stages), "off": bool(story.card and story.card.lists)}
    free = [one for one in (*FIRST, *REST) if may.get(one) and asks.get(one, True)]
    return {"first": [one for one in free if one in FIRST], "rest": [one for one in free if one in REST]}


def chip(file: EvidenceFile, viewer: lists.Viewer, people: Mapping[str, PersonAt]) -> dict[str, Any]:
    """Give a file of evidence as a chip: its kind, whether this person may open it, who checked what it proves."""
    kind = next((one for one in viewer.profile.evidence_kinds if one.id == file.kind), None)
    checked = [f"{viewer.who.tree.name(unit)} {name_of(person, viewer, people)}" for person, unit in file.checked_by]
    return {"digest": file.digest, "kind": kind, "opens": may_open(viewer.who, file.access), "checked": checked}


def duties(story: Page, viewer: lists.Viewer, people: Mapping[str, PersonAt], language: str) -> list[dict[str, str]]:
    """Give who answers for a project today, by duty."""
    if story.card is None:
        return []
    labels = {one.id: one.zh if language == "zh" else one.en for one in viewer.profile.responsibilities}
    return [
        {"label": labels.get(duty.duty, duty.duty), "name": name_of(duty.holder, viewer, people)}
        for duty in story.card.dossier.duties
        if duty.on(viewer.on)
    ]


def name_of(holder: str, viewer: lists.Viewer, people: Mapping[str, PersonAt]) -> str:
    """Give the name of a person or unit; the id where it was removed."""
    person = people.get(holder)
    return (person.name or holder) if person else viewer.who.tree.name(holder)


def timeline(story: Page, viewer: lists.Viewer, people: Mapping[str, PersonAt], language: str) -> list[dict[str, Any]]:
    """Give every act in words, newest first: who, when, what changed."""
    return [
        {
            "known_at": entry.known_at,
            "who": name_of(entry.person, viewer, people) if entry.person else "—",
            "unit": viewer.who.tree.name(entry.unit) if entry.unit else "",
            "words": words(f"act.{entry.act}", language),
            "subject": subject_words(entry.subject, viewer, language),
            "voided": entry.voided,
            "loaded": entry.loaded,
            "changes": [
                {
                    "label": field_label(viewer.profile, change.field, language),
                    "before": change.before,
                    "after": change.after,
                }
                for change in entry.changes
            ],
        }
        for entry in story.timeline
    ]


# What an entry speaks of where the row keeps an identifier.
SUBJECTS = {
    "planned": "project.planned",
    "actual": "project.actual",
    "dropped": "project.dropped",
    "settled": "settling.settled",
    "moved": "project.event_moved",
    "reported": "project.event_reported",
}


def subject_words(subject: str, viewer: lists.Viewer, language: str) -> str:
    """Say what an act speaks of: duties and lights by their names in the profile, kinds of event in words."""
    if subject in SUBJECTS:
        return words(SUBJECTS[subject], language)
    named = next((one for one in (*viewer.profile.responsibilities, *viewer.profile.lights) if one.id == subject), None)
    return subject if named is None else str(named.zh if language == "zh" else named.en)


def path(story: Page, viewer: lists.Viewer) -> list[dict[str, Any]]:
    """Give the steps on the way: done with its day, claimed, passed without a record here (it came in mid-life), or to come."""
    if story.card is None:
        return []
    waiting = {event.stage for event in story.card.waiting}
    way, reached = viewer.profile.path, story.card.reached
    furthest = max((place for place, stage in enumerate(way) if stage in reached), default=-1)
    return [
        {"stage": stage, "day": reached.get(stage), "claimed": stage in waiting, "passed": place < furthest}
        for place, stage in enumerate(way)
    ]
