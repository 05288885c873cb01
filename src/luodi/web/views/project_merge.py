"""Merging two records of one project: find the other, compare both side by side, settle what both filed, see what it does, confirm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.kernel import chinese
from luodi.kernel.problem import Problem, Refused, words
from luodi.projects import actions
from luodi.projects.queries import lists
from luodi.projects.rules.merging import FIGURE_CHOICES, STAGE_CHOICES, Choices
from luodi.projects.values.views import Card
from luodi.web.access import needs
from luodi.web.views.projects import by_viewer

SHOWN = 20
MERGE = Permission.MERGE_PROJECTS
COMPARED = (
    "name", "kind", "host", "introducer", "lead_department", "investor", "uscc", "national_code", "origin", "nature", "industry",
    "chain", "contract_kind", "total_investment", "fixed_investment", "content", "valid_from",
)  # fmt: skip
LABELS = {"total_investment": "projects.total", "fixed_investment": "project.fixed"}  # shown in the reader's unit
LIKE = 6  # characters of a name that two records of one site usually share


@needs(MERGE)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Find the other record, then compare; on POST merge and go to the record that stays."""
    viewer = by_viewer(request)
    one = mergeable(request, viewer, code)
    if one is None:
        raise Http404
    other_code = request.POST.get("with") or request.GET.get("with", "")
    other = mergeable(request, viewer, other_code) if other_code and other_code != code else None
    context: dict[str, Any] = {"one": one, "face": viewer.face(one), "other": other, "asked": request.GET}
    if other is None:
        text = request.GET.get("q", "").strip()
        context |= {"q": text, "found": candidates(request, viewer, one, text)}
        return render(request, "web/project_merge.html", context)
    return compared(request, viewer, context)


def mergeable(request: HttpRequest, viewer: lists.Viewer, code: str) -> Card | None:
    """Give a project that the viewer sees whole and may merge; None for one out of sight. Raises PermissionDenied."""
    lines = lists.project_list(viewer, lists.Filter(codes=frozenset({code})))
    card = next((line.card for line in lines if line.card is not None), None)
    if card is not None and not reaches(request, card):
        raise PermissionDenied
    return card


def reaches(request: HttpRequest, card: Card) -> bool:
    """Tell whether the viewer may merge a project."""
    scope = request.viewer.scope(MERGE)  # type: ignore[attr-defined]
    return bool(scope.covers(*card.units, answers_for=request.viewer.person in card.holders))  # type: ignore[attr-defined]


def candidates(request: HttpRequest, viewer: lists.Viewer, one: Card, text: str) -> list[tuple[Card, str]]:
    """List what the other record may be, with why: what was typed, else the same codes, investor or nearly the same name."""
    lines = lists.project_list(viewer, lists.Filter(text=text))
    cards = [line.card for line in lines if line.card is not None and line.card.code != one.code]
    found = [(card, "" if text else likeness(one, card)) for card in cards if reaches(request, card)]
    return [pair for pair in found if text or pair[1]][:SHOWN]


def likeness(one: Card, other: Card) -> str:
    """Tell what two records share that one project would: the word for it, or ""."""
    mine, theirs = one.version, other.version
    for name in ("national_code", "uscc", "investor"):
        if getattr(mine, name) and getattr(mine, name) == getattr(theirs, name):
            return f"field.{name}"
    if mine.name and theirs.name and chinese.matches_query(mine.name[:LIKE], theirs.name):
        return "field.name"
    return ""


def compared(request: HttpRequest, viewer: lists.Viewer, context: dict[str, Any]) -> HttpResponse:
    """Show both side by side with what a merge would do; on POST do it."""
    person: Any = request.viewer  # type: ignore[attr-defined]
    one, other = context["one"], context["other"]
    stays, goes = (other, one) if asked(request, "stays") == other.code else (one, other)
    choices = Choices(
        figures=picked(request, "figures", FIGURE_CHOICES), stages=picked(request, "stages", STAGE_CHOICES)
    )
    by = {"actor": acting(person, stays), "today": person.today}
    problems: Sequence[Problem] = ()
    if request.method == "POST" and not request.POST.get("preview"):
        try:
            actions.merge_projects(
                goes.code, into=stays.code, reason=request.POST.get("reason", ""), choices=choices, **by
            )
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, words("merge.done", person.language, gone=goes.code))
            return redirect("project", stays.code)
    plan = actions.preview_merge(goes.code, into=stays.code, choices=choices, **by)
    context |= {
        "stays": stays,
        "goes": goes,
        "rows": side_by_side(one, other, viewer, person.language),
        "plan": plan,
        "refiled": sum(len(rows) for rows in plan.rows.values()),
        "choices": choices,
        "figure_choices": [choice for choice in FIGURE_CHOICES if choice],
        "stage_choices": STAGE_CHOICES,
        "reason": request.POST.get("reason", ""),
        "problems": problems or plan.problems,
    }
    return render(request, "web/project_merge.html", context, status=422 if problems else 200)


def asked(request: HttpRequest, name: str) -> str:
    """Give what the form or the address says."""
    return request.POST.get(name) or request.GET.get(name, "")


def picked(request: HttpRequest, name: str, allowed: Sequence[str]) -> str:
    """Give one of the choices, the first where nothing fitting is said."""
    found = asked(request, name)
    return found if found in allowed else allowed[0]


def acting(person: Any, card: Card) -> Any:
    """Act for a unit of the project that the person sits in, else for the first seat."""
    return person.actor(next((unit for unit in sorted(card.units) if unit in person.seats), ""))


def side_by_side(one: Card, other: Card, viewer: lists.Viewer, language: str) -> list[dict[str, Any]]:
    """Put the two records beside each other, field by field, then how much each holds."""
    rows = [
        {
            "label": words(LABELS.get(name, f"field.{name}"), language),
            "money": name.endswith("_investment"),
            "one": shown(one, name, viewer),
            "other": shown(other, name, viewer),
        }
        for name in COMPARED
    ]
    held = [
        {"label": words(f"merge.{name}", language), "money": False, "one": count(one), "other": count(other)}
        for name, count in HELD.items()
    ]
    return [{**row, "same": row["one"] == row["other"]} for row in (*rows, *held)]


def shown(card: Card, name: str, viewer: lists.Viewer) -> Any:
    """Give a field as it is compared: units by name, everything else as it stands."""
    value = getattr(card.version, name)
    return viewer.who.tree.name(value) if value and name in ("host", "introducer", "lead_department") else value


HELD: Mapping[str, Callable[[Card], object]] = {
    "stages": lambda card: "、".join(f"{stage} {day.isoformat()}" for stage, day in sorted(card.reached.items(), key=lambda one: one[1])),
    "nodes": lambda card: len(card.dossier.nodes),
    "problems": lambda card: card.open_problems,
    "lists": lambda card: "、".join(sorted(card.lists)),
    "plans": lambda card: "、".join(str(year) for year in sorted(card.dossier.plans)),
}  # fmt: skip
