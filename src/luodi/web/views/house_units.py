"""Reorganising units 机构变动: a new unit, another name, merging, splitting, closing: from a day on, its consequences shown first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.identity import actions, permissions
from luodi.identity import queries as identity
from luodi.identity.rules import places, reorganising
from luodi.identity.rules.reorganising import Change, NewUnit, Reorganisation
from luodi.identity.rules.units import UnitDossier, unit_problems, version
from luodi.identity.tree import Tree, tree_on
from luodi.identity.values import UnitRow
from luodi.kernel.problem import Problem, Refused, refuse_if_any, words
from luodi.projects.queries import cards
from luodi.web.access import needs

PARTS = 4  # new units that the form has room for


class ChangedSince(Refused):
    """What the change would do is not what the page showed."""

    code = "house.unit.changed"


@needs(Permission.KEEP_UNITS)
@require_http_methods(["GET", "POST"])
def units_change(request: HttpRequest) -> HttpResponse:
    """Ask what is to change; on POST show its consequences, and on a second one do it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    permissions.require(viewer.who, Permission.KEEP_UNITS, on=viewer.today)
    change = asked_change(request)
    problems: Sequence[Problem] = ()
    preview: dict[str, Any] = {}
    if request.method == "POST":
        try:
            plan = asked(request, change)
            preview = consequences(viewer, plan)
            if request.POST.get("step") == "do":
                return do(request, plan, preview)
        except Refused as refusal:
            problems = refusal.problems
    context = {
        "change": change,
        "changes": list(Change),
        "units": sorted((unit for unit in viewer.who.tree.units.values() if unit.open), key=lambda unit: unit.code),
        "kinds": viewer.profile.unit_kinds,
        "groups": viewer.profile.groups,
        "parts": parts(request, change),
        "typed": request.POST,
        "chosen": request.POST.getlist("unit") or request.GET.getlist("unit"),
        "day": request.POST.get("day") or viewer.today.isoformat(),
        "preview": preview,
        "problems": problems,
    }
    return render(request, "web/house_units_change.html", context, status=422 if problems else 200)


def asked_change(request: HttpRequest) -> Change:
    """Read what kind of change is asked; a new unit if it isn't said."""
    text = request.POST.get("change") or request.GET.get("change", "")
    return Change(text) if text in {one.value for one in Change} else Change.NEW


def parts(request: HttpRequest, change: Change) -> list[dict[str, str]]:
    """Give the lines of the form for units that begin, with what was typed in them."""
    number = {Change.SPLIT: PARTS, Change.CLOSE: 0}.get(change, 1)
    names = ("code", "name", "kind", "parent", "group")
    return [{"n": str(n), **{name: request.POST.get(f"{name}-{n}", "") for name in names}} for n in range(number)]


def asked(request: HttpRequest, change: Change) -> Reorganisation:
    """
    Read what the form says.

    :raises Refused: if the day is none
    """
    post = request.POST
    try:
        day = date.fromisoformat(post.get("day", ""))
    except ValueError:
        raise Refused(Problem("people.day", "day", {"found": post.get("day", "")})) from None
    typed = [{name: text.strip() for name, text in one.items()} for one in parts(request, change)]
    into = tuple(
        NewUnit(one["code"], one["name"], one["kind"], one["parent"], one["group"])
        for one in typed
        if one["code"] or one["name"] or (change is Change.RENAME and (one["parent"] or one["group"]))
    )
    units = tuple(dict.fromkeys(code for code in post.getlist("unit") if code))
    return Reorganisation(change, day, units, into, post.get("successor", ""))


def consequences(viewer: Any, plan: Reorganisation) -> dict[str, Any]:
    """
    Work out what a change would do: the rows it adds, units that move, people, projects, and the city's rules that name its units.

    :raises Refused: with everything that stands against it
    """
    known = identity.versions()
    before = tree_on(known, on=plan.day)
    refuse_if_any(reorganising.problems(plan, before), actions.BadUnits)
    rows = reorganising.rows(plan, before)
    found = unit_problems(UnitDossier(rows=rows, known=known, profile=viewer.profile))
    refuse_if_any(found, actions.BadUnits)
    after = tree_on([*known, *(version(row) for row in rows)], on=plan.day)
    ending = reorganising.ended(rows)
    return {
        "plan": plan,
        "rows": [line(viewer, row, before, after) for row in rows],
        "findings": [*found, *fresh_places(viewer, before, after)],
        "people": sitting(viewer, ending, after),
        "projects": hosted(viewer, ending, after),
        "before": before,
        "after": after,
        "mark": mark_of(rows),
        "entries": rows,
    }


def line(viewer: Any, row: UnitRow, before: Tree, after: Tree) -> dict[str, Any]:
    """Say what becomes of one unit."""
    old = before.units.get(row.code)
    what = "new" if old is None else "ends" if row.valid_to else "changes"
    kind = next((one for one in viewer.profile.unit_kinds if one.id == row.kind), None)
    return {
        "row": row,
        "old": old,
        "what": what,
        "kind": row.kind if kind is None else kind.zh if viewer.language == "zh" else kind.en,
        "parent": after.name(row.parent) if row.parent else "—",
        "old_parent": before.name(old.parent) if old and old.parent and old.parent != row.parent else "",
        "successor": after.name(row.successor) if row.successor else "",
    }


def fresh_places(viewer: Any, before: Tree, after: Tree) -> list[Problem]:
    """List the places of the city's rules that would name a unit which is no longer there, and did not before."""
    stood = {(one.where, str(one.params["unit"])) for one in places.place_problems(viewer.profile, before)}
    return [
        Problem(one.code, one.where, one.params, blocking=False)
        for one in places.place_problems(viewer.profile, after)
        if (one.where, str(one.params["unit"])) not in stood
    ]


def sitting(viewer: Any, ending: Sequence[str], after: Tree) -> list[tuple[str, int, str]]:
    """Count the posts at units that end, with the unit in which they count from then on ("": none)."""
    posts = identity.posts(on=viewer.today)
    found = []
    for code in ending:
        count = sum(post.unit == code for post in posts)
        heir = after.successor(code)
        found.append((after.name(code), count, after.name(heir) if heir != code else ""))
    return found


def hosted(viewer: Any, ending: Sequence[str], after: Tree) -> list[tuple[str, int, str]]:
    """Count the projects that units which end host, with the unit that they count for from then on."""
    hosts = [card.version.host for card in cards.cards(on=viewer.today, profile=viewer.profile).values()]
    found = []
    for code in ending:
        heir = after.parent(code)
        found.append((after.name(code), hosts.count(code), after.name(heir) if heir else ""))
    return found


def mark_of(rows: Sequence[UnitRow]) -> str:
    """Mark what would be recorded, so that another plan is told from the one that was shown."""
    return hashlib.sha256("\n".join(map(repr, rows)).encode()).hexdigest()[:16]


def do(request: HttpRequest, plan: Reorganisation, preview: dict[str, Any]) -> HttpResponse:
    """
    Record the change.

    :raises ChangedSince: if it is no longer what the page showed
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.POST.get("mark") != preview["mark"]:
        raise ChangedSince(Problem(ChangedSince.code))
    actions.record_units(preview["entries"], actor=viewer.actor(), on=viewer.today)
    messages.success(request, words("house.unit.done", viewer.language, count=len(preview["entries"])))
    return redirect(f"{reverse('units')}?on={plan.day.isoformat()}")
