"""The list of the moment 一次性清单: choose columns, filters, order, title and unit; take it as Excel, picture or text. The address is the list."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.kernel.problem import words
from luodi.projects.queries import lists
from luodi.web import listing
from luodi.web.access import needs
from luodi.web.exporting import workbook
from luodi.web.figures import known_figures
from luodi.web.views.projects import asked, by_viewer, choices

PER_PAGE = 100  # rows at once; the workbook and `all=1`, for print, picture and text, have every one


@needs(Permission.SEE_FIGURES)
@require_GET
def adhoc(request: HttpRequest) -> HttpResponse:
    """Show the list as its address says it, or hand it out as a workbook."""
    by = by_viewer(request)
    heads = listing.offered(by.profile, by.language)
    wanted = listing.chosen(request.GET, heads, unit=request.money_unit)  # type: ignore[attr-defined]
    lines = lists.project_list(by, asked(request), figures=known_figures(by.on, by.profile))
    found = listing.table(by, lines, wanted, heads)
    title = wanted.title or words("moment.list_title", by.language)
    if request.GET.get("as") == "xlsx":
        named = [f"{head.label}（{head.unit}）" if head.unit else head.label for head in found.heads]
        safe = "".join(sign if sign not in '\\/:*?"<>|[]' else "_" for sign in title)
        return workbook(safe, named, found.rows())
    size = len(found.lines) or 1 if request.GET.get("all") else PER_PAGE
    page = Paginator(found.lines, size).get_page(request.GET.get("page"))
    values = found.rows(page.object_list)
    rows = [
        [
            {"text": listing.written(value) if value not in (None, "") else "—", "numeric": head.numeric}
            for head, value in zip(found.heads, row, strict=True)
        ]
        for row in values
    ]
    context = {
        "table": found,
        "rows": rows,
        "page": page,
        "totals": [listing.written(value) if value is not None else "" for value in found.totals],
        "wanted": wanted,
        "title": title,
        "heads": ordered(heads, wanted.columns),
        "text": listing.as_text(found, values, title, by.language, first=page.start_index()),
        "choices": choices(by),
        "asked": request.GET,
        "units": ("万元", "亿元"),
    }
    return render(request, "web/moment_list.html", context)


def ordered(heads: list[listing.Head], first: tuple[str, ...]) -> list[dict[str, object]]:
    """Give the columns to choose from: those chosen first, in their order."""
    place = {one: at for at, one in enumerate(first)}
    found = sorted(heads, key=lambda head: place.get(head.id, len(place)))
    return [{"head": head, "on": head.id in place} for head in found]
