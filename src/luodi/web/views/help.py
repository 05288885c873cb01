"""Help in plain words: what a page is for, how to go about it, what its terms mean."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from luodi.kernel.problem import words
from luodi.web.access import signed_in
from luodi.web.help_topics import TOPICS, topic_of


@signed_in
@require_GET
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Explain one page; a name that is no topic gets the general words. To a partial request only the words."""
    language = request.viewer.language  # type: ignore[attr-defined]
    found = topic_of(topic)
    context = {"topic": found, **explained(found, language), "topics": listed(language)}
    return render(request, "web/parts/help.html" if request.headers.get("HX-Request") else "web/help.html", context)


@signed_in
@require_GET
def contents(request: HttpRequest) -> HttpResponse:
    """Explain the whole, with all terms."""
    language = request.viewer.language  # type: ignore[attr-defined]
    every = sorted({term for terms in TOPICS.values() for term in terms})
    context = {"topic": "general", **explained("general", language), "terms": meanings(every, language)}
    return render(request, "web/help.html", {**context, "topics": listed(language)})


def explained(found: str, language: str) -> dict[str, Any]:
    """Give a topic's words: what it is for, its steps, its terms; and the page itself, where it has an address."""
    try:
        page = reverse(found)
    except NoReverseMatch:
        page = ""
    return {
        "title": title(found, language),
        "what": words(f"help.{found}.what", language),
        "steps": words(f"help.{found}.how", language).split("\n"),
        "terms": meanings(TOPICS[found], language),
        "page": page,
    }


def meanings(terms: Any, language: str) -> list[dict[str, str]]:
    """Give terms with what they mean."""
    return [
        {"id": one, "name": words(f"term.{one}.name", language), "means": words(f"term.{one}.means", language)}
        for one in terms
    ]


def title(found: str, language: str) -> str:
    """Give a topic's title: the page's name in the menu."""
    own = {"general": "help.general.title", "project": "help.project.title", "search": "help.search.title"}
    return words(own.get(found, f"menu.{found}"), language)


def listed(language: str) -> list[dict[str, str]]:
    """List all topics."""
    return [{"id": one, "title": title(one, language)} for one in TOPICS]
