"""A new form of the moment: a head out of Excel or typed, who owes it, by when, looked at as the filler sees it, sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.exchange import moment_header
from luodi.identity import permissions
from luodi.kernel.money import YUAN_IN
from luodi.kernel.problem import Problem, Refused
from luodi.statistics.actions import moment as actions
from luodi.statistics.queries import moment as queries
from luodi.statistics.rules import moment as rules
from luodi.statistics.values.asking import TYPES
from luodi.web import grid, moment_editor, moment_seen
from luodi.web.access import needs
from luodi.web.moment_editor import Wanted
from luodi.web.views.projects import by_viewer


def senders(viewer: Any) -> list[str]:
    """List the units somebody may send forms of the moment from: those they sit in with the permission."""
    return [
        unit
        for unit in viewer.seats
        if permissions.acts_for(viewer.who, Permission.SEND_MOMENT_FORM, unit=unit, on=viewer.today)
    ]


@needs(Permission.SEND_MOMENT_FORM)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a form step by step; everything typed stands in the page, nothing is kept until it is sent."""
    viewer = request.viewer  # type: ignore[attr-defined]
    problems: Sequence[Problem] = ()
    shown: dict[str, Any] = {}
    if request.method == "GET":
        return page(request, begun(request), problems, shown)
    now = moment_editor.wanted(request.POST, today=viewer.today)
    act = request.POST.get("act", "preview")
    try:
        if act == "read":
            now = moment_editor.with_head(request, now, viewer.profile)
            if not now.columns:
                problems = [Problem("moment.nothing_read")]
        else:
            owed = moment_editor.owed_rows(now, profile=viewer.profile, today=viewer.today)
            draft = moment_editor.draft_of(now, owed, today=viewer.today)
            if act == "send":
                sent = actions.send(draft=draft, actor=viewer.actor(now.unit), today=viewer.today)
                return redirect("moment", sent.id)
            within = actions.reach(person=viewer.person, today=viewer.today)
            problems = rules.sending_problems(draft, today=viewer.today, within=within)
            shown = preview(request, now, draft) if not problems else {}
    except Refused as refusal:
        problems = refusal.problems
    return page(request, now, problems, shown)


def begun(request: HttpRequest) -> Wanted:
    """Begin with an empty form, or with one like a form the viewer sent before."""
    viewer = request.viewer  # type: ignore[attr-defined]
    like = request.GET.get("like", "")
    unit = next(iter(senders(viewer)), viewer.unit)
    if like.isdigit():
        found = queries.moment(int(like))
        if found is not None and found.unit in senders(viewer):
            return moment_editor.again(found, today=viewer.today)
    return moment_editor.begin(today=viewer.today, unit=unit)


def preview(request: HttpRequest, now: Wanted, draft: Any) -> dict[str, Any]:
    """Show the table of the first unit that owes rows, as its filler will see it; how many cells are asked of everybody."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form = moment_editor.preview_of(draft, viewer.today)
    first = next(unit for unit, rows in draft.owed.items() if rows)
    asking = queries.asking_of(form, first, profile=viewer.profile, today=viewer.today)
    seen = moment_seen.veiled(asking, by_viewer(request))
    return {
        "preview": {"asking": seen, "rows": grid.rows(seen), "unit": first},
        "rows_asked": sum(map(len, draft.owed.values())),
        "units_asked": len(draft.owed),
        "without_rows": [unit for unit in now.owers if unit not in draft.owed],
    }


def page(request: HttpRequest, now: Wanted, problems: Sequence[Problem], shown: dict[str, Any]) -> HttpResponse:
    """Show the page of a new form."""
    viewer = request.viewer  # type: ignore[attr-defined]
    profile, tree = viewer.profile, viewer.who.tree
    within = actions.reach(person=viewer.person, today=viewer.today)
    groups = moment_editor.unit_groups(tree, profile, root=viewer.who.root, within=within, seats=viewer.seats)
    context = {
        "now": now if now.unit else replace(now, unit=viewer.unit),
        "senders": senders(viewer),
        "lines": moment_editor.column_lines(now.columns),
        "types": TYPES,
        "money_units": list(YUAN_IN),
        "sources": moment_header.sources(profile, viewer.language),
        "groups": groups,
        "perimeters": profile.perimeters,
        "roles": moment_editor.ROLES,
        "stages": profile.path,
        "lists": [one.id for one in profile.lists],
        "kinds": profile.vocabulary("kind"),
        "problems": problems,
        "editable": False,
        **shown,
    }
    return render(request, "web/moment_new.html", context, status=422 if problems else 200)
