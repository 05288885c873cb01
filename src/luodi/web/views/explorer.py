"""
Indicator explorer: one indicator of any unit, period, span, day and list; as a table, over units, over periods; with its definition.

All that is asked stands in the address, so that the address is the permanent link. What is not asked is not computed.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from luodi.codebook.labels import Held
from luodi.codebook.rules import meaning
from luodi.codebook.values import Permission, Profile
from luodi.codebook.values.indicators import Flow, Indicator, Sum
from luodi.identity import queries as identity
from luodi.indicators import queries
from luodi.kernel.period import Period
from luodi.ledger import queries as ledger
from luodi.web.access import needs
from luodi.web.periods import months_back
from luodi.web.views import saved_views
from luodi.web.views.cockpit_figures import GROWTH, month_words
from luodi.web.views.explorer_leaving import (
    Spot,
    UnitLine,
    as_text,
    chart,
    export,
    name_of,
    permanent,
    rows_query,
)
from luodi.web.views.indicators import asked, choices, filing_kinds
from luodi.web.views.ranking import usual_indicator

VIEWS = ("units", "periods", "table")
BASES = ("revised", "published")
MONTHS = 13  # a year back, and the same month of the year before
OF_FIGURES = 32  # kept lines over periods


@needs(Permission.SEE_FIGURES)
@require_GET
def explorer(request: HttpRequest) -> HttpResponse:
    """Show one indicator as asked; the same as a workbook."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    question = {**asked(request), **chosen(request)}
    one: Indicator = question["indicator"]
    lines = of_units(viewer, question)
    spots = of_periods(viewer.profile, question) if question["view"] == "periods" else ()
    if request.GET.get("as") == "xlsx":
        return export(request, question, lines, spots)
    context = {
        **question,
        "lines": lines,
        "spots": spots,
        "whole": lines[0],
        "kind": one.unit,
        "when": month_words(question["period"], viewer.language),
        "choices": choices(viewer),
        "all_units": every_unit(viewer),
        "indicators": viewer.profile.indicators,
        "views_of": VIEWS,
        "growth_bases": BASES,
        "grows": isinstance(one, Flow | Sum),
        "definition": meaning.definition(viewer.profile, one, viewer.language),
        "chart": chart(request, question, lines, spots),
        "text": as_text(request, question, lines, spots),
        "link": request.build_absolute_uri(f"{reverse('explorer')}?{permanent(question)}"),
        "rows_query": rows_query(question),
        "may_trace": viewer.may(Permission.TRACE, question["unit"]),
        "level": "sealed" if question["edition"] == "published" else question["basis"],
        **saved_views.context(request, "explorer"),
    }
    return render(request, "web/explorer.html", context)


def chosen(request: HttpRequest) -> dict[str, Any]:
    """Read what only this page asks: which indicator, in which shape, growth against which base."""
    query, profile = request.GET, request.viewer.profile  # type: ignore[attr-defined]
    found = profile.indicator(query.get("indicator", "")) or profile.indicator(usual_indicator(profile))
    return {
        "indicator": found,
        "view": query.get("view") if query.get("view") in VIEWS else VIEWS[0],
        "growth": query.get("growth") if query.get("growth") in BASES else BASES[0],
    }


def of_units(viewer: Any, question: dict[str, Any]) -> tuple[UnitLine, ...]:
    """Compute the unit and the units below it: one computation, and one more for the published values of a sealed period."""
    tree, one = viewer.who.tree, question["indicator"]
    units = [question["unit"], *below(viewer, question["unit"])]
    ids = [one.id, *([one.id + GROWTH] if isinstance(one, Flow | Sum) else [])]
    now = computed(viewer.profile, question, question["period"], units, ids, question["cut"])
    seal = question["seal"]
    compares = seal is not None and question["edition"] == "revised" and question["basis"] == "verified"
    then = computed(viewer.profile, question, question["period"], units, [one.id], seal.cut_at) if compares else None
    return tuple(
        UnitLine(
            unit=unit,
            name=name_of(viewer, unit) if unit not in tree.units else tree.name(unit),
            value=now.value(one.id, unit),
            growth=line.values.get(one.id + GROWTH) if (line := now.line(unit)) else None,
            published=then.value(one.id, unit) if then else None,
            missing=line.missing.get(one.id, 0) if line else 0,
            own=unit == question["unit"],
        )
        for unit in units
        if now.line(unit) is not None
    )


def below(viewer: Any, unit: str) -> list[str]:
    """List the units compared: those below that file; where none does, all below."""
    children = viewer.who.tree.children(unit)
    kinds = filing_kinds(viewer.profile)
    return [one.code for one in children if one.kind in kinds] or [one.code for one in children]


def computed(
    profile: Profile, question: dict[str, Any], period: Period, units: list[str], ids: list[str], cut: int | None
) -> Any:
    """Compute what is asked of units that there were at the period's end."""
    since = begun()
    there = [unit for unit in units if since.get(unit, date.min) <= period.last]
    return queries.compute(
        period=period, units=there, span=question["span"], role=question["role"], list_=question["list_"], cut=cut,
        basis=question["basis"], growth_base=question["growth"], indicators=ids, profile=profile,
    )  # fmt: skip


def begun() -> dict[str, date]:
    """Tell since when there has been each unit; what is not in it (a perimeter) always has been."""
    found: dict[str, date] = {}
    for row in identity.versions():
        found[row.code] = min(row.valid_from, found.get(row.code, date.max))
    return found


def of_periods(profile: Profile, question: dict[str, Any]) -> tuple[Spot, ...]:
    """Compute a unit month by month, the oldest first: kept until the ledger or the profile moves on."""
    last = profile.calendar.accounting_year.month_of(question["period"].last)
    since = begun().get(question["unit"], date.min)
    months = [one for one in reversed(months_back(last, MONTHS, profile)) if since <= one.last]
    return spots_of(
        Held(profile), question["indicator"].id, question["unit"], tuple(months), question["span"], question["role"],
        question["basis"], question["list_"], None if question["edition"] == "published" else question["cut"], ledger.last_fact(),
    )  # fmt: skip


@lru_cache(maxsize=OF_FIGURES)
def spots_of(
    held: Held, indicator: str, unit: str, months: tuple[Period, ...], span: str, role: str, basis: str,
    list_: str | None, cut: int | None, fact: int,
) -> tuple[Spot, ...]:  # fmt: skip
    """Compute one unit's months: as known, and as each month's own seal published it."""
    ask = partial(
        queries.compute, units=[unit], span=span, role=role, list_=list_, indicators=[indicator], profile=held.profile
    )
    found = []
    for month in months:
        value = ask(period=month, basis=basis, cut=cut).value(indicator, unit)
        seal = queries.published_cut(held.profile, month)
        published = None
        if seal is not None:
            published = ask(period=month, basis="verified", cut=seal).value(indicator, unit)
        found.append(Spot(month, value, published))
    return tuple(found)


def every_unit(viewer: Any) -> list[tuple[str, str]]:
    """List every unit with its depth shown, in the order of the tree, then the perimeters."""
    tree = viewer.who.tree
    found: list[tuple[str, str]] = []
    waiting = [(viewer.who.root, 0)]
    while waiting:
        code, depth = waiting.pop(0)
        found.append((code, "　" * depth + tree.name(code)))
        waiting = [(one.code, depth + 1) for one in tree.children(code)] + waiting
    return found + [(one.id, name_of(viewer, one.id)) for one in viewer.profile.perimeters]
