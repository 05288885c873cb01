"""What every page knows: the city, who looks, language, unit, menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from luodi.codebook import queries as codebook
from luodi.kernel.problem import words
from luodi.ledger import clock, store
from luodi.web.labels import day_words
from luodi.web.menu import menu, tabs

NAMES = {"zh": "中文", "en": "English"}
UNITS = {"万元": "web.unit_wan", "亿元": "web.unit_yi"}


def page(request: HttpRequest) -> dict[str, Any]:
    """Give the context of every page."""
    language = getattr(request, "language", "zh")
    unit = getattr(request, "money_unit", "万元")
    viewer = getattr(request, "viewer", None)
    return {
        "language": language,
        "money_in": unit,
        "money_unit": words(UNITS[unit], language),
        "viewer": viewer,
        "site": site(language, unit),
        "page_route": route_of(request),
        "tour_offered": viewer is not None and request.path == "/" and not request.user.toured,  # type: ignore[union-attr]
        "menu": menu(viewer, request.path, language) if viewer else [],
        "tabs": tabs(viewer, request.path, language) if viewer else [],
    }


def route_of(request: HttpRequest) -> str:
    """Give the name of the page's route: what its help is found by."""
    return (request.resolver_match and request.resolver_match.url_name) or "general"


def site(language: str, unit: str) -> dict[str, Any]:
    """Give what is the same for everybody: the city's name, whether it is synthetic, the switches."""
    profile = codebook.profile()
    other = "en" if language == "zh" else "zh"
    today = clock.today()
    return {
        "city": profile.city.zh if language == "zh" else profile.city.en,
        "synthetic": store.nature().synthetic,
        "today_text": day_words(today, language),
        "unit_label": words(UNITS[unit], language),
        "other_unit": "亿元" if unit == "万元" else "万元",
        "other_language": other,
        "other_language_name": NAMES[other],
    }
