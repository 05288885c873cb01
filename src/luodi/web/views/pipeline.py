"""Pipeline 项目看板: the list's filter as a board by stage, the slowest seen at once, or on a map by unit."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.projects.queries import lists
from luodi.projects.values.views import Column, Line
from luodi.web.access import needs
from luodi.web.figures import known_figures
from luodi.web.views import saved_views
from luodi.web.views.pipeline_map import map_context
from luodi.web.views.projects import asked, by_viewer, choices, export

SHOWN = 20  # cards of a column; the rest stands in the list


@dataclass(frozen=True)
class Shown:
    """A column as the board shows it: its longest standing projects first, and how many more there are."""

    stage: str
    count: int
    amount: Decimal | None
    cards: tuple[tuple[Line, int | None], ...]  # with the days since the stage was reached
    more: int


@needs(Permission.SEE_FIGURES)
@require_GET
def pipeline(request: HttpRequest) -> HttpResponse:
    """Show the board of a filter; the same rows are a list or a workbook one click away."""
    viewer = by_viewer(request)
    board = lists.board(viewer, asked(request), figures=known_figures(viewer.on, viewer.profile))
    if request.GET.get("as") == "xlsx":
        return export(request, [line for column in board.columns for line in column.lines])
    shape = "map" if request.GET.get("view") == "map" else "board"
    columns = [shown(column, viewer) for column in board.columns if column.stage or column.count]
    known = [column.amount for column in columns if column.amount is not None]
    context = {
        "columns": columns,
        "others": board.others,
        "total": sum(column.count for column in columns),
        "amount": sum(known) if known else None,
        "choices": (offered := choices(viewer)),
        "asked": request.GET,
        "view": shape,
        **saved_views.context(request, "pipeline"),
    }
    if shape == "map":
        lines = [line for column in board.columns for line in column.lines]
        context |= map_context(lines, offered["units"], viewer.who.tree)
    return render(request, "web/pipeline.html", context)


def shown(column: Column, viewer: lists.Viewer) -> Shown:
    """Put who has stood longest in a stage first."""
    aged = ((line, days(line, column.stage, viewer)) for line in column.lines)
    first = heapq.nsmallest(SHOWN, aged, key=lambda one: (-(one[1] or 0), one[0].face.label))
    return Shown(column.stage, column.count, column.amount, tuple(first), max(0, column.count - SHOWN))


def days(line: Line, stage: str, viewer: lists.Viewer) -> int | None:
    """Count the days since a project reached a stage."""
    since = line.card.reached.get(stage) if line.card else None
    return None if since is None else (viewer.on - since).days
