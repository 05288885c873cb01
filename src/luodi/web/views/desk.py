"""My desk 工作台: what I must do today and this week, by what I am."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.notices import queries as notices
from luodi.projects.queries import lists
from luodi.statistics.queries import owing
from luodi.statistics.values.reporting import FormState, Standing
from luodi.web.access import signed_in
from luodi.web.labels import named, period_words
from luodi.web.periods import current_month
from luodi.web.views import moment
from luodi.web.views.desk_older import Older, older
from luodi.web.views.notices import lines
from luodi.web.views.projects import by_viewer

SHOWN = 8  # lines of a section; the rest is one click away
SOON = timedelta(days=14)
INSIDE = (Permission.FILL_FORM, Permission.CHECK_FORM, Permission.SIGN_FORM, Permission.SUBMIT_FORM)
OPEN = (Standing.TO_DO, Standing.DRAFT, Standing.CHECKED, Standing.SIGNED, Standing.SENT_BACK, Standing.REOPENED)


@signed_in
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, the most urgent first; nothing to do is said."""
    viewer = request.viewer  # type: ignore[attr-defined]
    month = current_month(viewer.today, viewer.profile)
    states = owing.form_states(period=month, profile=viewer.profile, today=viewer.today)
    before = older(viewer, month, INSIDE)
    sections = [
        told(request),
        forms_due(viewer, states, before),
        of_the_moment(viewer),
        to_accept(viewer, states, before),
        to_verify(request),
        near_nodes(request),
    ]
    return render(request, "web/desk.html", {"sections": [one for one in sections if one["count"]]})


def section(title: str, icon: str, route: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Give a section of the desk with its first lines."""
    return {"title": title, "icon": icon, "url": address(route), "count": len(items), "items": items[:SHOWN]}


def address(route: str, *args: str) -> str:
    """Give a page's address, or the desk's own where that page isn't there."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return reverse("desk")


def told(request: HttpRequest) -> dict[str, Any]:
    """List what I was told and have not looked at: one line a matter, one click to it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = notices.inbox(viewer.person, limit=SHOWN)
    items = [
        {"title": line["text"], "url": reverse("notice", args=[line["note"].id]), "due": line["note"].raised_at}
        for line in lines(request, found)
    ]
    count = notices.unread(viewer.person) if len(found) == SHOWN else len(found)
    return {**section("desk.notices", "bell", "notices", items), "count": count}


def forms_due(viewer: Any, states: list[FormState], before: Older) -> dict[str, Any]:
    """List the forms my units owe and I have a hand in; first what older months still ask for."""
    items = [
        {
            "title": f"{form_name(viewer, one.form)} {period_words(one.period, viewer.language)}",
            "more": viewer.who.tree.name(one.unit),
            "url": address("form", one.form, one.period, one.unit),
            "due": None,
            "standing": one.standing.value,
        }
        for one in before.to_mend
    ]
    items += [
        {
            "title": f"{form_name(viewer, state.owed.form)} {period_words(state.owed.period, viewer.language)}",
            "more": viewer.who.tree.name(state.owed.unit),
            "url": address("form", state.owed.form, state.owed.period, state.owed.unit),
            "due": state.window.due_on,
            "late": state.late,
            "standing": state.standing.value,
        }
        for state in states
        if state.standing in OPEN
        and state.owed.unit in viewer.seats
        and any(viewer.may(one, state.owed.unit) for one in INSIDE)
    ]
    return section("desk.forms", "table", "filing", items)


def of_the_moment(viewer: Any) -> dict[str, Any]:
    """List the forms of the moment my units still owe."""
    items = [
        {
            "title": state.moment.title,
            "more": f"{viewer.who.tree.name(state.unit)} · {viewer.who.tree.name(state.moment.unit)}",
            "url": address("moment_return", str(state.moment.id), state.unit),
            "due": state.moment.due_on,
            "late": state.late > 0,
            "standing": state.standing.value,
        }
        for state in moment.waiting_for(viewer)
        if state.unit in viewer.seats
    ]
    return section("desk.moment", "clipboard", "moment_forms", items)


def form_name(viewer: Any, code: str) -> str:
    """Give a form's name in the page's language."""
    form = viewer.profile.form(code)
    return code if form is None else str(form.zh if viewer.language == "zh" else form.en)


def to_accept(viewer: Any, states: list[FormState], before: Older) -> dict[str, Any]:
    """List the submissions whose turn it is in an office I sit in, of older months first."""
    now = [one for state in states for one in state.waiting if one.steps[one.next_step or 0] in viewer.seats]
    items = [
        {
            "title": f"{viewer.who.tree.name(one.unit)} {form_name(viewer, one.form)}",
            "more": period_words(one.period, viewer.language),
            "url": address("submission", str(one.id)),
            "standing": one.standing.value,
            "due": None,
        }
        for one in (*before.to_accept, *now)
    ]
    return section(
        "desk.accept", "check2-circle", "acceptance", items if viewer.may_somewhere(Permission.ACCEPT_FORM) else []
    )


def to_verify(request: HttpRequest) -> dict[str, Any]:
    """List the stages I may verify now."""
    viewer = request.viewer  # type: ignore[attr-defined]
    waiting = lists.waiting_claims(by_viewer(request)) if viewer.may_somewhere(Permission.VERIFY_STAGE) else []
    items = [
        {
            "title": f"{card.version.name or card.code} · {named(viewer.profile, event.stage, viewer.language)}",
            "more": viewer.who.tree.name(card.version.host),
            "url": address("project", card.code),
            "due": event.occurred_on,
        }
        for card, event in waiting
    ]
    return section("desk.verify", "patch-check", "verification", items)


def near_nodes(request: HttpRequest) -> dict[str, Any]:
    """List the projects I answer for whose next node is near or past."""
    viewer = by_viewer(request)
    mine = lists.project_list(viewer, lists.Filter(holder=viewer.who.person))
    items = [
        {
            "title": line.face.label,
            "more": line.card.next_node.name,
            "url": address("project", line.card.code),
            "due": line.card.next_node.planned_on,
            "late": line.card.next_node.planned_on < viewer.on,
        }
        for line in mine
        if line.card and line.card.next_node and line.card.next_node.planned_on <= viewer.on + SOON
    ]
    return section("desk.nodes", "flag", "projects", sorted(items, key=lambda item: item["due"]))
