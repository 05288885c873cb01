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
        groups.append({"label": "search.projects", "hits": hits[:MOST], "more": max(0, len(hits) - MOST)})
    units = [
        unit
        for unit in viewer.who.tree.units.values()
        if unit.open and (chinese.matches_query(query, unit.name) or unit.code == query)
    ]
    hits = [{"title": unit.name, "more": unit.code, "url": f"{reverse('projects')}?unit={unit.code}"} for unit in units]
    groups.append({"label": "search.units", "hits": hits[:MOST], "more": max(0, len(hits) - MOST)})
    groups.append({"label": "search.people", "hits": people(viewer, query)[:MOST], "more": 0})
    return [group for group in groups if group["hits"]]


def people(viewer: Any, query: str) -> list[dict[str, Any]]:
    """Find people who hold a post today; what they answer for is one click away."""
    posts = {post.person: post for post in identity.posts(on=viewer.today)}
    return [
        {
            "title": person.name,
            "more": viewer.who.tree.name(posts[code].unit),
            "url": f"{reverse('projects')}?holder={code}",
        }
        for code, person in identity.people().items()
        if code in posts and person.name and chinese.matches_query(query, person.name)
    ]
