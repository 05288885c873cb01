"""Papers 通报材料: make a notice, brief, monthly table or wall chart and take it away; what was made before, with its digest."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.documents import actions, queries
from luodi.documents.values import Edition, Kind, Made
from luodi.identity import queries as identity
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import queries as ledger
from luodi.web.access import needs
from luodi.web.periods import asked_period, current_month, months_back

MEDIA = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
MARK = "luodi-paper"  # tells the page's script that the file has arrived
SHOWN = 50


class BadChoice(Refused):
    """There is no such paper."""

    code = "papers.choose"


@needs(Permission.SEE_FIGURES, Permission.PUBLISH_PAPERS)
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """Offer the papers of a month and list those made; on POST make one and hand it over."""
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            return made_now(request)
        except Refused as refusal:
            problems = refusal.problems
    return show(request, problems)


def made_now(request: HttpRequest) -> HttpResponse:
    """Make the paper that was asked for and hand it over as a file."""
    viewer, asked = request.viewer, request.POST  # type: ignore[attr-defined]
    kind = asked.get("kind", "")
    if kind not in set(Kind):
        raise BadChoice(Problem("papers.choose"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"paper{actions.suffix_of(kind)}"
        made = actions.make_paper(
            kind=kind,
            period=asked.get("period", ""),
            edition=asked["edition"] if asked.get("edition") in set(Edition) else Edition.FINAL.value,
            checking=asked.get("checking") == "1",
            unit=asked.get("unit", ""),
            actor=viewer.actor(),
            today=viewer.today,
            out=out,
        )
        content = out.read_bytes()
    answer = HttpResponse(content, content_type=MEDIA[out.suffix])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name(made, out.suffix))}"
    mark = asked.get("mark", "")
    if re.fullmatch(r"\d{1,20}", mark):
        answer.set_cookie(MARK, mark, max_age=60, samesite="Lax")
    return answer


def file_name(made: Made, suffix: str) -> str:
    """Name the file by its title, without what a file's name can't hold."""
    return re.sub(r'[\\/:*?"<>|\s]+', "", made.title or f"{made.kind}-{made.period}") + suffix


def show(request: HttpRequest, problems: Sequence[Problem]) -> HttpResponse:
    """Show what can be made and what was."""
    viewer = request.viewer  # type: ignore[attr-defined]
    month = current_month(viewer.today, viewer.profile)
    asked = request.POST if request.method == "POST" else request.GET
    period = asked_period(asked.get("period"), today=viewer.today, profile=viewer.profile)
    city = viewer.may_somewhere(Permission.PUBLISH_PAPERS)
    context = {
        "period": period,
        "months": [one.label for one in months_back(month, 18, viewer.profile)],
        "sealed": ledger.live_seal(period.label) is not None,
        "city": city,
        "cards": offered(city),
        "units": units(viewer),
        "made": made_before(viewer),
        "problems": problems,
        "asked": asked,
    }
    return render(request, "web/papers.html", context, status=422 if problems else 200)


ICONS = {
    Kind.NOTICE: "file-earmark-word",
    Kind.BRIEF: "file-earmark-word",
    Kind.TABLE: "file-earmark-excel",
    Kind.WALL: "file-earmark-slides",
}


def offered(city: bool) -> list[dict[str, Any]]:
    """List the papers somebody may make: all for the city, or those a single unit may have."""
    return [
        {"kind": kind.value, "icon": ICONS[kind], "suffix": actions.suffix_of(kind.value), "of_unit": kind in actions.OF_A_UNIT}
        for kind in Kind
        if city or kind in actions.OF_A_UNIT
    ]  # fmt: skip


def units(viewer: Any) -> list[Any]:
    """List the units whose own table or wall chart somebody may take."""
    tree, kinds = viewer.who.tree, {kind.id for kind in viewer.profile.unit_kinds if kind.files}
    scope = viewer.scope(Permission.EXPORT)
    return [one for one in tree.children(viewer.who.root) if one.kind in kinds and scope.covers(one.code)]


def made_before(viewer: Any) -> list[dict[str, Any]]:
    """List the papers made, last first: the city's, and those of units within reach."""
    scope, people = viewer.scope(Permission.SEE_FIGURES), identity.people()
    seen = [one for one in queries.papers() if not one.unit or scope.covers(one.unit)][:SHOWN]
    return [
        {
            "made": one,
            "by": (people[one.made_by].name if one.made_by in people else None) or one.made_by,
            "unit": viewer.who.tree.name(one.unit) if one.unit else "",
        }
        for one in seen
    ]
