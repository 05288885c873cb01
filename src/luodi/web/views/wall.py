"""Wall chart 挂图作战: key projects as rows against the year's months; filter and grouping stand in the address; prints on A3."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.identity import queries as identity
from luodi.kernel.period import Period
from luodi.projects.queries import lists
from luodi.projects.values.views import Card, Line
from luodi.web.access import needs
from luodi.web.figures import known_figures
from luodi.web.views import saved_views, wall_rows
from luodi.web.views.indicators import filing_kinds
from luodi.web.views.projects import asked, by_viewer, choices, name_of
from luodi.web.views.wall_book import wall_book

PER_PAGE = 80  # rows at once; the workbook and `all=1`, for print, have every one
YEARS = 3


@needs(Permission.SEE_FIGURES)
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """Show the chart; the same rows go into a workbook."""
    viewer = by_viewer(request)
    year = asked_year(request, viewer)
    sheet, found = chosen(request, viewer, year)
    headings = order(request, viewer)
    if request.GET.get("as") == "xlsx":
        return wall_book(wall_rows.grouped(drawn(found, sheet), headings), sheet, request.money_unit)  # type: ignore[attr-defined]
    size = len(found) or 1 if request.GET.get("all") else PER_PAGE
    page = Paginator(found, size).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "groups": wall_rows.grouped(drawn(page.object_list, sheet), headings),
        "total": len(found),
        "months": wall_rows.months_of(year),
        "year": year,
        "years": years(viewer),
        "on": sheet.on,
        "baseline": sheet.profile.calendar.baseline(unit=viewer.who.root, day=sheet.on),
        "group": asked_group(request),
        "groupings": wall_rows.GROUPS,
        "choices": choices(viewer),
        "asked": request.GET,
        "decks": decks(request),
        **saved_views.context(request, "wall"),
    }
    return render(request, "web/wall.html", context)


def years(viewer: lists.Viewer) -> list[Period]:
    """List the accounting years that may be looked at: this one and those before, back to when figures began."""
    calendar = viewer.profile.calendar.accounting_year
    found = [calendar.of(viewer.on)]
    while len(found) < YEARS and found[-1].label > viewer.profile.city.go_live[:4]:
        found.append(calendar.of(date.fromordinal(found[-1].first.toordinal() - 1)))
    return found


def asked_year(request: HttpRequest, viewer: lists.Viewer) -> Period:
    """Read the year from the address; without one (or with a wrong one) the year that the month being reported lies in."""
    offered = years(viewer)
    return next((one for one in offered if one.label == request.GET.get("year")), reported(viewer, offered))


def reported(viewer: lists.Viewer, offered: list[Period]) -> Period:
    """Give the year to begin with: in its first month, before anything of it is reported, still the year before."""
    begun = (viewer.on - offered[0].first).days
    return offered[1] if begun < 31 and len(offered) > 1 else offered[0]


Chosen = tuple[Line, Card, str]  # with the heading it stands under


def chosen(request: HttpRequest, viewer: lists.Viewer, year: Period) -> tuple[wall_rows.Sheet, list[Chosen]]:
    """List what the filter leaves, as of today or of the year's last day: by heading, the largest investment first."""
    on = min(viewer.on, year.last)
    then = replace(viewer, on=on)
    figures = known_figures(on, viewer.profile)
    lines: Iterable[Line] = lists.project_list(then, asked(request), figures=figures)
    if request.GET.get("scope") != "all" and not request.GET.get("list"):
        lines = wall_rows.key_projects(lines, viewer.profile)
    people = identity.people()
    sheet = wall_rows.Sheet(
        viewer.profile, viewer.who.tree, year, on, figures.invested, lambda holder: name_of(holder, viewer, people)
    )
    by = asked_group(request)
    found = [(line, line.card, heading(line.card, by, viewer)) for line in lines if line.card is not None]
    place = {label: n for n, label in enumerate(order(request, viewer))}

    def rank(one: Chosen) -> tuple[int, str, Decimal, str]:
        return place.get(one[2], len(place)), one[2], -(one[1].version.total_investment or Decimal(0)), one[1].code

    return sheet, sorted(found, key=rank)


def drawn(found: Iterable[Chosen], sheet: wall_rows.Sheet) -> list[wall_rows.Row]:
    """Draw rows."""
    return [wall_rows.row(line, card, sheet, label) for line, card, label in found]


def asked_group(request: HttpRequest) -> str:
    """Read the grouping from the address; usually by county."""
    asked_for = request.GET.get("group", "")
    return asked_for if asked_for in wall_rows.GROUPS else wall_rows.GROUPS[0]


def heading(card: Card, by: str, viewer: lists.Viewer) -> str:
    """Tell which heading a project stands under."""
    if by == "stage":
        return card.furthest
    if by == "chain":
        return card.version.chain
    return viewer.who.tree.name(county(card.version.host, viewer))


def county(host: str, viewer: lists.Viewer) -> str:
    """Find the unit below the whole that a host belongs to."""
    tree, root = viewer.who.tree, viewer.who.root
    line = (host, *tree.ancestors(host))
    return next((one for one, above in itertools.pairwise(line) if above == root), host)


def order(request: HttpRequest, viewer: lists.Viewer) -> list[str]:
    """Give the order of the headings: units by code, stages along the way."""
    if asked_group(request) == "stage":
        return list(viewer.profile.path)
    if asked_group(request) == "chain":
        return []
    return [unit.name for unit in viewer.who.tree.children(viewer.who.root)]


def decks(request: HttpRequest) -> list[Any]:
    """List the units whose deck the viewer may take: one click each."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    tree, scope = viewer.who.tree, viewer.scope(Permission.EXPORT)
    kinds = filing_kinds(viewer.profile)
    return [one for one in tree.children(viewer.who.root) if one.kind in kinds and scope.covers(one.code)]
