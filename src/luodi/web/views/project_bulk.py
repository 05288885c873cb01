"""Acting on many projects at once: what was chosen, a preview that says row by row what would be done and what can't, then the act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from luodi.codebook.values import Permission
from luodi.identity import queries as identity
from luodi.kernel.problem import Problem, Refused, words
from luodi.projects.queries import lists
from luodi.projects.values.views import Card, Line
from luodi.web.access import needs
from luodi.web.views.project_bulk_acts import BULK, Asked, Bulk, bulk_acts, known_holders
from luodi.web.views.projects import by_viewer, name_of

MOST = 200


@dataclass(frozen=True)
class Row:
    """A chosen project: who is secretary now, why it can't take the act (empty: it can), whether it has been done."""

    line: Line
    card: Card
    now: str
    problems: tuple[Problem, ...]
    done: bool = False


@needs(Permission.KEEP_PROJECTS, Permission.ASSIGN_PEOPLE)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Preview an act on the chosen projects; with `do` do it to those that can take it, and say what became of each."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    act, chosen = BULK.get(request.POST.get("act", "")), request.POST.getlist("code")[:MOST]
    if act is None or act.id not in bulk_acts(viewer) or not chosen:
        messages.error(request, words("bulk.choose", viewer.language))
        return redirect("projects")
    asked, missing = read(request, act)
    rows = (
        previewed(by_viewer(request), act, asked, frozenset(chosen)) if asked else unasked(by_viewer(request), chosen)
    )
    doing = asked is not None and request.POST.get("do") == "1"
    if asked is not None and doing:
        rows = [done(act, asked, row) for row in rows]
        messages.success(request, words("bulk.done", viewer.language, count=sum(row.done for row in rows)))
    context = {
        "act": act,
        "rows": rows,
        "can": sum(not row.problems for row in rows),
        "asked": asked,
        "missing": missing if request.POST.get("preview") or doing else (),
        "finished": doing,
        "typed": request.POST,
        "today": viewer.today.isoformat(),
        "lists": viewer.profile.lists,
        "people": people(viewer) if act.asks_person else (),
    }
    return render(request, "web/project_bulk.html", context, status=422 if context["missing"] else 200)


def read(request: HttpRequest, act: Bulk) -> tuple[Asked | None, tuple[Problem, ...]]:
    """Read what was typed; None with the reasons where something the act asks for is missing."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    given = {name: request.POST.get(name, "").strip() for name in ("list", "to", "on", "reason")}
    wrong: list[Problem] = []
    if act.asks_list and given["list"] not in {one.id for one in viewer.profile.lists}:
        wrong.append(Problem("bulk.no_list", "list"))
    known = known_holders(viewer) if act.asks_person else frozenset()
    to = holder(given["to"], known, viewer) if act.asks_person else ""
    if act.asks_person and not to:
        wrong.append(Problem("bulk.nobody", "to", {"found": given["to"] or "—"}))
    try:
        on = date.fromisoformat(given["on"])
    except ValueError:
        on = viewer.today
        if given["on"]:
            wrong.append(Problem("project.act_day", "on", {"found": given["on"]}))
    if wrong:
        return None, tuple(wrong)
    return Asked(act.id, given["list"], to, on, given["reason"], viewer, known), ()


def holder(text: str, known: frozenset[str], viewer: Any) -> str:
    """Find a person or unit by id, code, or a name that only one has."""
    if text in known:
        return text
    named = [code for code, one in identity.people().items() if one.name == text and code in known]
    units = [code for code, unit in viewer.who.tree.units.items() if unit.name == text and code in known]
    return [*named, *units][0] if len(named) + len(units) == 1 else ""


def people(viewer: Any) -> list[tuple[str, str]]:
    """List who may be named a secretary: those who still act."""
    return sorted((code, one.name or code) for code, one in identity.people().items() if one.acts_on(viewer.today))


def unasked(viewer: lists.Viewer, chosen: list[str]) -> list[Row]:
    """List the chosen before anything was asked."""
    return [Row(line, card, "", ()) for line, card in seen(viewer, frozenset(chosen))]


def seen(viewer: lists.Viewer, chosen: frozenset[str]) -> list[tuple[Line, Card]]:
    """List the chosen projects that the viewer sees whole."""
    lines = lists.project_list(viewer, lists.Filter(codes=chosen))
    return [(line, line.card) for line in lines if line.card is not None]


def previewed(viewer: lists.Viewer, act: Bulk, asked: Asked, chosen: frozenset[str]) -> list[Row]:
    """Ask the rules about each chosen project."""
    names = identity.people()
    return [
        Row(line, card, now(card, viewer, names), tuple(act.problems(card, asked)))
        for line, card in seen(viewer, chosen)
    ]


def now(card: Card, viewer: lists.Viewer, names: Any) -> str:
    """Name the project's secretary of today."""
    held = [duty.holder for duty in card.dossier.duties if duty.duty == "secretary" and duty.on(viewer.on)]
    return "、".join(name_of(one, viewer, names) for one in held)


def done(act: Bulk, asked: Asked, row: Row) -> Row:
    """Do it to one project; what is refused (somebody may have been quicker) is said beside it."""
    if row.problems:
        return row
    try:
        act.do(row.card, asked)
    except Refused as refusal:
        return Row(row.line, row.card, row.now, tuple(refusal.problems))
    return Row(row.line, row.card, row.now, (), done=True)
