"""The inbox 通知: what I should know, one line a matter, and one click to it; and how I want to be told outside of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods

from luodi.identity import queries as identity
from luodi.kernel.problem import Problem, Refused, words
from luodi.ledger import clock
from luodi.notices import actions, channels, queries
from luodi.notices.rules import masked_phone
from luodi.notices.values import Kind, Note, Preference, Rhythm, Way
from luodi.notices.wording import Speaking
from luodi.projects.queries import cards
from luodi.statistics.queries.moment import titles as moment_titles
from luodi.web.access import signed_in
from luodi.web.views.projects import by_viewer

PER_PAGE = 30
SHOWN = ("waiting", "open", "settled", "all")
ICONS = {
    Kind.RETURN_DUE: "clock-history",
    Kind.RETURN_LATE: "exclamation-triangle",
    Kind.RETURN_REMINDED: "megaphone",
    Kind.RETURN_SENT_BACK: "arrow-counterclockwise",
    Kind.CELL_REOPENED: "pencil-square",
    Kind.MOMENT_SENT: "clipboard",
    Kind.MOMENT_REMINDED: "megaphone",
    Kind.MOMENT_SENT_BACK: "arrow-counterclockwise",
    Kind.STAGE_SENT_BACK: "arrow-counterclockwise",
    Kind.DUTY_TAKEN: "person-badge",
    Kind.DUTY_ENDED: "person",
    Kind.IMPORT_DONE: "check2-circle",
    Kind.IMPORT_REFUSED: "file-earmark-excel",
}
HOURS = range(24)


@signed_in
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """Show my notices, newest first; on POST mark some or all read."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST":
        ids = [int(id) for id in request.POST.getlist("id") if id.isdigit()] if "all" not in request.POST else None
        count = actions.mark_read(viewer.person, at=clock.now(), ids=ids)
        messages.success(request, words("notices.marked", viewer.language, count=count))
        back = request.POST.get("back", "")
        return redirect(back if is_own(back) else reverse("notices"))
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in SHOWN else "waiting"
    kind = request.GET.get("kind", "")
    found = queries.inbox(viewer.person, shown=shown, kind=kind if kind in {one.value for one in Kind} else "")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines(request, list(page)),
        "shown": shown,
        "choices": SHOWN,
        "kind": kind,
        "kinds": list(Kind),
        "unread": queries.unread(viewer.person),
        "back": request.get_full_path(),
    }
    return render(request, "web/notices.html", context)


def is_own(address: str) -> bool:
    """Tell whether an address is the inbox's own, with whatever filter."""
    return address.split("?")[0] == reverse("notices")


def lines(request: HttpRequest, notes: Sequence[Note]) -> list[dict[str, Any]]:
    """Say each notice in words, projects by the names that I may see; a fixed number of queries."""
    viewer = request.viewer  # type: ignore[attr-defined]
    speaking = Speaking(viewer.profile, viewer.who.tree, labels(request, notes))
    return [
        {
            "note": note,
            "icon": ICONS[note.kind],
            "text": speaking.line(note, viewer.language),
            "state": "settled" if note.settled_at else "read" if note.read_at else "waiting",
        }
        for note in notes
    ]


def labels(request: HttpRequest, notes: Sequence[Note]) -> dict[str, str]:
    """Give the names of the projects that notices speak of, as I may see them, and the titles of forms of the moment."""
    codes = {note.params["project"] for note in notes if "project" in note.params}
    asked = {int(note.params["moment"]) for note in notes if "moment" in note.params}
    titles = {f"moment:{id}": title for id, title in moment_titles(asked).items()} if asked else {}
    if not codes:
        return titles
    by = by_viewer(request)
    known = cards.cards(on=by.on, profile=by.profile)
    return titles | {code: by.face(known[code]).label for code in codes if code in known}


@signed_in
@require_GET
def follow(request: HttpRequest, row: int) -> HttpResponse:
    """Go to the matter of one of my notices, and mark it read."""
    viewer = request.viewer  # type: ignore[attr-defined]
    note = queries.note(viewer.person, row)
    if note is None:
        raise Http404
    actions.mark_read(viewer.person, at=clock.now(), ids=[note.id])
    return redirect(address(note))


def address(note: Note) -> str:
    """Give the page where a matter is dealt with."""
    params = note.params
    try:
        if "moment" in params:
            return reverse("moment_return", args=[params["moment"], params["unit"]])
        if "form" in params:
            return reverse("form", args=[params["form"], params["period"], params["unit"]])
        if "project" in params:
            return reverse("project", args=[params["project"]])
        return reverse("import", args=[params["job"]])
    except (KeyError, NoReverseMatch):
        return reverse("notices")


# Preferences ------------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show how I am told outside of the inbox; on POST keep it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    chosen, problems = queries.preference(viewer.person), ()  # type: tuple[Preference, Sequence[Problem]]
    if request.method == "POST":
        try:
            chosen = asked(request)
            actions.set_preference(chosen)
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, words("notices.saved", viewer.language))
            return redirect("notice_preferences")
    there = {channel.name for channel in channels.configured(os.environ)}
    person = identity.person(viewer.person)
    context = {
        "chosen": chosen,
        "problems": problems,
        "ways": [(way, way is Way.INBOX or bool(there if way is Way.BEST else {way.value} & there)) for way in Way],
        "rhythms": list(Rhythm),
        "hours": HOURS,
        "kinds": list(Kind),
        "phone": masked_phone(person.phone if person else None),
    }
    return render(request, "web/notices_preferences.html", context, status=422 if problems else 200)


def asked(request: HttpRequest) -> Preference:
    """
    Read what the form says.

    :raises actions.BadPreference: if an hour is no number
    """
    viewer, post = request.viewer, request.POST  # type: ignore[attr-defined]
    hours = {name: post.get(name, "") for name in ("digest_hour", "quiet_from", "quiet_to")}
    wrong = [Problem("notices.preference.hour", name) for name, hour in hours.items() if not hour.isdigit()]
    if wrong:
        raise actions.BadPreference(*wrong)
    way, rhythm = post.get("way", ""), post.get("rhythm", "")
    return Preference(
        person=viewer.person,
        way=Way(way) if way in {one.value for one in Way} else Way.BEST,
        rhythm=Rhythm(rhythm) if rhythm in {one.value for one in Rhythm} else Rhythm.AT_ONCE,
        **{name: int(hour) for name, hour in hours.items()},
        muted=actions.muted(post.getlist("muted")),
        wecom=post.get("wecom", "").strip()[:64],
        mail=post.get("mail", "").strip()[:120],
        language=viewer.language,
    )
