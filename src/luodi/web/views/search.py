"""Search everywhere: projects, units, people, by name, pinyin, initials, code, within what one may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.identity import queries as identity
from luodi.kernel import chinese
from luodi.projects.queries import lists
from luodi.web.access import signed_in
from luodi.web.views.people import KEEPERS
from luodi.web.views.projects import by_viewer

MOST = 20


@signed_in
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find what fits; a fragment while typing, a page otherwise."""
    query = request.GET.get("q", "").strip()
    groups = found(request, query) if query else []
    template = "web/parts/found.html" if request.headers.get("HX-Request") else "web/search.html"
    return render(request, template, {"query": query, "groups": groups})


def found(request: HttpRequest, query: str) -> list[dict[str, Any]]:
    """Give what fits, by kind, each within the viewer's reach."""
    viewer = request.viewer  # type: ignore[attr-defined]
    groups = []
    if viewer.may_somewhere(Permission.SEE_FIGURES):
        lines = lists.project_list(by_viewer(request), lists.Filter(text=query))
        hits = [
            {
                "title": line.face.label,
                "more": f"{line.card.code} {line.face.investor or ''}",
                "url": reverse("project", args=[line.card.code]),
            }
            for line in lines
            if line.card
        ]
        hits.sort(
            key=lambda hit: -chinese.matches_query(query, hit["title"])
        )  # a name that begins so before an investor's
        groups.append({"label": "search.projects", "hits": hits[:MOST], "more": max(0, len(hits) - MOST)})
    units = [
        unit
        for unit in viewer.who.tree.units.values()
        if unit.open and (chinese.matches_query(query, unit.name) or unit.code == query)
    ]
    sees = viewer.may_somewhere(Permission.SEE_FIGURES)
    hits = [
        {
            "title": unit.name,
            "more": unit.code,
            "url": f"{reverse('projects')}?unit={unit.code}" if sees else reverse("units"),
        }
        for unit in units
        if sees or viewer.may_somewhere(Permission.KEEP_UNITS)
    ]
    groups.append({"label": "search.units", "hits": hits[:MOST], "more": max(0, len(hits) - MOST)})
    hits = people(viewer, query)
    groups.append({"label": "search.people", "hits": hits[:MOST], "more": max(0, len(hits) - MOST)})
    return [group for group in groups if group["hits"]]


def people(viewer: Any, query: str) -> list[dict[str, Any]]:
    """
    Find people who hold a post today at units within the viewer's reach; what they answer for is one click away.

    Who keeps people finds everybody, by id too, and comes to their page.
    """
    keeps = any(viewer.may_somewhere(one) for one in KEEPERS)
    reach = None if keeps else units_within(viewer)
    posts = {
        post.person: post
        for post in identity.posts(on=viewer.today)
        if reach is None or viewer.who.tree.successor(post.unit) in reach
    }
    return [
        {
            "title": person.name or code,
            "more": viewer.who.tree.name(posts[code].unit) if code in posts else code,
            "url": reverse("person", args=[code]) if keeps else f"{reverse('projects')}?holder={code}",
        }
        for code, person in identity.people().items()
        if (keeps or code in posts) and (code == query or chinese.matches_query(query, person.name or ""))
    ]


def units_within(viewer: Any) -> frozenset[str]:
    """Collect the units whose people somebody may find: those whose figures they see, and the one they sit in."""
    scope, tree = viewer.scope(Permission.SEE_FIGURES), viewer.who.tree
    if scope.everything:
        return frozenset(tree.units)
    if scope.empty:
        return frozenset()
    own = (unit for seat in viewer.seats for unit in tree.under(seat))
    return frozenset([*scope.units, *own])
