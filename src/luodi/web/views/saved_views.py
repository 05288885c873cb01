"""Views kept under a name: what a page was asked, to be opened again or handed on. Whoever follows the link sees it with their own rights."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from luodi.codebook.values import Permission
from luodi.kernel.problem import words
from luodi.web.access import needs
from luodi.web.models import SavedView

PAGES = ("projects", "pipeline", "wall", "explorer")
MOST = 30  # of one person and page
PASSING = ("page", "as")  # what a view does not keep


def context(request: HttpRequest, page: str) -> dict[str, Any]:
    """Give the viewer's kept views of a page, and what keeping this one would keep."""
    kept = SavedView.objects.filter(person=request.viewer.person, page=page).order_by("name", "id")  # type: ignore[attr-defined]
    return {"views": list(kept), "view_page": page, "view_query": kept_query(request.GET.urlencode())}


def kept_query(text: str) -> str:
    """Leave what a view keeps of a query."""
    query = QueryDict(text, mutable=True)
    for name in PASSING:
        query.pop(name, None)
    return query.urlencode()


@needs(Permission.SEE_FIGURES)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a page's filter under a name; the same name again replaces it. `drop` takes one away."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    page, query = request.POST.get("page", ""), kept_query(request.POST.get("query", ""))
    if page not in PAGES:
        raise Http404
    mine = SavedView.objects.filter(person=viewer.person, page=page)
    name = request.POST.get("name", "").strip()[:40]
    if request.POST.get("drop"):
        mine.filter(key=request.POST["drop"]).delete()
        messages.success(request, words("views.dropped", viewer.language))
    elif not name or len(query) > 1000:
        messages.error(request, words("views.no_name", viewer.language))
    elif mine.count() >= MOST and not mine.filter(name=name).exists():
        messages.error(request, words("views.too_many", viewer.language, most=MOST))
    else:
        mine.update_or_create(
            name=name,
            defaults={"query": query},
            create_defaults={"person": viewer.person, "page": page, "query": query, "key": secrets.token_urlsafe(12)},
        )
        messages.success(request, words("views.kept", viewer.language, name=name))
    return redirect(f"{reverse(PAGE_ROUTES[page])}?{query}")


PAGE_ROUTES = {"projects": "projects", "pipeline": "pipeline", "wall": "wall", "explorer": "explorer"}


@needs(Permission.SEE_FIGURES)
@require_GET
def follow(request: HttpRequest, view: str) -> HttpResponse:
    """Open a kept view, one's own or one that was handed on."""
    found = get_object_or_404(SavedView, key=view)
    return redirect(f"{reverse(PAGE_ROUTES[found.page])}?{found.query}")
