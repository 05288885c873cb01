"""One page for one project, to hang beside the chart; and a unit's deck of slides, made by the office's own papers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from luodi.codebook.values import Permission
from luodi.documents import actions
from luodi.documents.values import Edition, Kind
from luodi.identity import queries as identity
from luodi.identity.rules.secrecy import may_open
from luodi.ledger import evidence
from luodi.ledger import queries as ledger
from luodi.projects.queries import lists, page
from luodi.projects.queries.evidence import EvidenceFile, evidence_files
from luodi.projects.values.rows import Settling
from luodi.web.access import needs
from luodi.web.figures import known_figures
from luodi.web.periods import asked_period, current_month
from luodi.web.uploads import SIGNATURES
from luodi.web.views.papers import MARK, MEDIA, file_name
from luodi.web.views.project_money import money
from luodi.web.views.projects import by_viewer, duties

PHOTO = "照片"  # how profiles name a kind of evidence that is a photo


@needs(Permission.SEE_FIGURES)
@require_GET
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Show one project's page: picture, investment, year plan, progress, problems, who answers, time limits."""
    viewer = by_viewer(request)
    month = current_month(viewer.on, viewer.profile)
    story = page.project_page(code, viewer, period=month.label, figures=known_figures(viewer.on, viewer.profile))
    context: dict[str, Any] = {"page": story, "month": month, "tree": viewer.who.tree}
    if story.card is not None:
        year = viewer.profile.calendar.accounting_year.of(month.last)
        context |= {
            "money": money(story.code, story.card.dossier.plans, viewer.profile, year=year, on=viewer.on),
            "plan": story.card.dossier.plans.get(int(year.label)),
            "picture": picture(story.code, viewer),
            "people": duties(story, viewer, identity.people(), viewer.language),
            "open_problems": [one for one in story.card.dossier.problems if one.state is not Settling.CLOSED],
            "note": story.note or story.note_before,
        }
    return render(request, "web/wall_sheet.html", context)


def picture(code: str, viewer: lists.Viewer) -> EvidenceFile | None:
    """Find the latest picture among a project's evidence that this person may open: a photo before a scanned paper."""
    photos = {kind.id for kind in viewer.profile.evidence_kinds if PHOTO in kind.zh}
    files = [one for one in evidence_files([code]) if may_open(viewer.who, one.access)]
    files.sort(key=lambda one: one.kind not in photos)
    return next((one for one in files if is_picture(one)), None)


def is_picture(file: EvidenceFile) -> bool:
    """Tell whether a file is a picture, by how it begins; one that was removed by law is none."""
    try:
        with evidence.path_of(file.digest).open("rb") as opened:
            begins = opened.read(16)
    except OSError:
        return False
    return any(begins.startswith(start) and kind.startswith("image/") for start, kind in SIGNATURES)


@needs(Permission.EXPORT, Permission.PUBLISH_PAPERS)
@require_POST
def deck(request: HttpRequest) -> HttpResponse:
    """Hand over a unit's slides of a month: as sealed where it is sealed, else the flash edition, marked so."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    period = asked_period(request.POST.get("period"), today=viewer.today, profile=viewer.profile)
    edition = Edition.FINAL if ledger.live_seal(period.label) else Edition.FLASH
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"deck{actions.suffix_of(Kind.WALL)}"
        made = actions.make_paper(
            kind=Kind.WALL, period=period.label, edition=edition, unit=request.POST.get("unit", ""),
            actor=viewer.actor(), today=viewer.today, out=out,
        )  # fmt: skip
        content = out.read_bytes()
    answer = HttpResponse(content, content_type=MEDIA[out.suffix])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name(made, out.suffix))}"
    mark = request.POST.get("mark", "")
    if mark.isdigit() and len(mark) <= 20:
        answer.set_cookie(MARK, mark, max_age=60, samesite="Lax")
    return answer
