"""Cockpit 驾驶舱: where my part of the tree stands against target and calendar, what is due, what is stuck and on whose desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.kernel.keeping import Kept
from luodi.ledger import clock
from luodi.projects.queries import lists
from luodi.projects.values.views import Line
from luodi.statistics.queries import owing
from luodi.web.access import needs
from luodi.web.figures import known_figures
from luodi.web.maps import CityMap, city_map
from luodi.web.periods import current_month
from luodi.web.views import cockpit_figures as figures
from luodi.web.views import cockpit_matters as matters
from luodi.web.views.indicators import filing_kinds
from luodi.web.views.projects import by_viewer


@needs(Permission.SEE_FIGURES)
@require_GET
def cockpit(request: HttpRequest) -> HttpResponse:
    """Show a unit's cockpit; who answers for single projects only is sent to those."""
    unit = asked_unit(request)
    if unit is None:
        return redirect("projects")
    return render(request, "web/cockpit.html", dossier(request, unit))


@needs(Permission.SEE_FIGURES)
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """Show the cockpit on a wall: one screen, refreshing itself."""
    unit = asked_unit(request)
    if unit is None:
        return redirect("projects")
    return render(request, "web/cockpit_wall.html", {**dossier(request, unit), "now": clock.now()})


@needs(Permission.SEE_FIGURES)
@require_GET
def stuck(request: HttpRequest) -> HttpResponse:
    """List what waits on one desk, or on all of them, the longest first."""
    unit = asked_unit(request)
    if unit is None:
        return redirect("projects")
    desk = request.GET.get("desk", "")
    found = matters.stuck(seen(request, unit), request.viewer.today)  # type: ignore[attr-defined]
    context = {
        "unit": unit,
        "desk": desk,
        "matters": [one for one in found if desk in ("", one.desk)],
        "desks": matters.desks(found),
    }
    return render(request, "web/cockpit_stuck.html", context)


def asked_unit(request: HttpRequest) -> str | None:
    """
    Give the unit to look at: the one in the address, else the widest the viewer sees; None where they see single projects only.

    :raises NotAllowed: for a unit out of reach
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET.get("unit", "")
    if asked:
        permissions.require(viewer.who, Permission.SEE_FIGURES, on=viewer.today, unit=asked)
        if viewer.who.tree.exists(asked):
            return asked
    scope = viewer.scope(Permission.SEE_FIGURES)
    if scope.everything:
        return str(viewer.who.root)
    return next((seat for seat in viewer.seats if scope.covers(seat)), None)


def seen(request: HttpRequest, unit: str) -> tuple[Line, ...]:
    """List a unit's projects as the viewer may see them, with their lights."""
    viewer = by_viewer(request)
    return lists.project_list(viewer, lists.Filter(unit=unit), figures=known_figures(viewer.on, viewer.profile))


def dossier(request: HttpRequest, unit: str) -> dict[str, Any]:
    """Gather what a cockpit shows."""
    viewer = request.viewer  # type: ignore[attr-defined]
    tree = viewer.who.tree
    below = [one.code for one in tree.children(unit) if one.kind in filing_kinds(viewer.profile)]
    shown = figures.editions(viewer, [unit, *below])
    found = {
        "unit": unit,
        "units": choices(viewer),
        "editions": [(one, figures.month_words(one.period, viewer.language)) for one in shown],
        "large": shown[0],
        "beside": shown[1] if len(shown) > 1 else None,
        "headlines": figures.headlines(viewer.profile, shown, unit),
        "tiles": (tiles := figures.tiles(viewer, shown[0], below)),
        "map": unit_map(tiles),
        "may_trace": viewer.may(Permission.TRACE, unit),
        "may_close": viewer.may_somewhere(Permission.SEAL_PERIOD) or viewer.may_somewhere(Permission.PUBLISH_PAPERS),
    }
    return {**found, **of_projects(viewer, seen(request, unit)), "filed": completeness(viewer, unit)}


def unit_map(tiles: list[dict[str, Any]]) -> CityMap | None:
    """Give the profile's reviewed map and put its shapes on the tiles; None where it lacks a unit: then tiles alone stand."""
    found = city_map()
    shapes = {shape.unit: shape for shape in found.shapes} if found else {}
    for tile in tiles:
        tile["shape"] = shapes.get(tile["unit"])
    return found if found and tiles and all(tile["shape"] for tile in tiles) else None


TOLD: Kept[dict[str, Any]] = Kept(most=12)  # several people look at the same cockpit


def of_projects(viewer: Any, lines: tuple[Line, ...]) -> dict[str, Any]:
    """Gather what a cockpit says of projects, once for the very same lines."""
    profile, on = viewer.profile, viewer.today
    since = current_month(on, profile).first
    return TOLD.get((id(lines), on), (lines, profile), lambda: told(lines, profile, on=on, since=since))


def told(lines: Sequence[Line], profile: Profile, *, on: date, since: date) -> dict[str, Any]:
    """Count and pick out what a leader asks of projects."""
    waiting = matters.stuck(lines, on)
    past, soon = matters.due_nodes(lines, on)
    starts = matters.new_starts(lines, profile, since)
    working, to_work = matters.at_work(lines, profile)
    return {
        "funnel": matters.funnel(lines, profile),
        "lights": matters.lights(lines),
        "starts": starts[: matters.SHOWN],
        "starts_count": len(starts),
        "started": profile.playing("started"),
        "since": since,
        "working": working,
        "to_work": to_work,
        "working_rate": Fraction(working, to_work) if to_work else None,
        "past_count": len(past),
        "past": past[: matters.SHOWN],
        "soon": soon[: matters.SHOWN],
        "soon_count": len(soon),
        "desks": matters.desks(waiting)[: matters.SHOWN],
        "stuck_count": len(waiting),
    }


def completeness(viewer: Any, unit: str) -> tuple[int, int]:
    """Count the returns of the month being reported that have left the units below: (filed, owed)."""
    month = current_month(viewer.today, viewer.profile)
    under = viewer.who.tree.under(unit)
    states = owing.form_states(period=month, profile=viewer.profile, today=viewer.today)
    return owing.completeness(state for state in states if state.owed.unit in under)


def choices(viewer: Any) -> list[Any]:
    """List the units whose cockpit the viewer may open: the whole, and those below it that file."""
    tree, kinds = viewer.who.tree, filing_kinds(viewer.profile)
    root = viewer.who.root
    listed = [tree.unit(root), *(one for one in tree.children(root) if one.kind in kinds)]
    return [one for one in listed if one is not None and viewer.may(Permission.SEE_FIGURES, one.code)]
