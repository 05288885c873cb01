"""Opening a file of evidence: only for who filed it, who checks it, and the auditor; every try is logged, refused ones too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.identity import actions as identity
from luodi.identity.values import EvidenceAccess
from luodi.ledger import clock, evidence
from luodi.ledger import queries as ledger
from luodi.projects.queries import evidence as of_projects
from luodi.projects.queries.evidence import EvidenceFile
from luodi.statistics.queries import filings
from luodi.statistics.queries.evidence import FigureFile, files_of_figure
from luodi.web.access import signed_in
from luodi.web.uploads import SIGNATURES


@signed_in
@require_GET
def opened(request: HttpRequest, digest: str) -> HttpResponse:
    """Open a file that proves something of the project named by `?project=`, or the figure named by `?figure=`."""
    figure = request.GET.get("figure", "")
    files: Sequence[EvidenceFile | FigureFile] = (
        files_of_figure(int(figure))
        if figure.isdigit() and len(figure) < 19
        else of_projects.evidence_files([request.GET.get("project", "")])
    )
    found = next((one for one in files if one.digest == digest), None)
    if found is None:
        raise Http404
    return hand_out(request, found.access)


@signed_in
@require_GET
def scan(request: HttpRequest, row: int) -> HttpResponse:
    """Open the stamped sheet of a submission."""
    filing = filings.filing(row)
    recorded = ledger.fact(filing.fact) if filing else None
    digest = recorded.rows["statistics.Submission"][0]["scan"] if recorded else ""
    if filing is None or recorded is None or not digest:
        raise Http404
    return hand_out(request, EvidenceAccess(digest, recorded.actor.person, filing.unit, frozenset(filing.steps)))


def hand_out(request: HttpRequest, access: EvidenceAccess) -> HttpResponse:
    """Give the file to somebody who may open it; others get a page that says who may, and the try stays in the log."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    try:
        identity.open_evidence(
            access, actor=viewer.actor(), at=clock.now(), address=request.META.get("REMOTE_ADDR", "")
        )
    except identity.EvidenceClosed as refusal:
        return render(request, "web/refused.html", {"problems": refusal.problems}, status=403)
    content = evidence.read(access.digest)
    media_type = next((kind for start, kind in SIGNATURES if content.startswith(start)), "application/octet-stream")
    end = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}.get(media_type, "bin")
    how = "inline" if end != "bin" else "attachment"
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'{how}; filename="{access.digest[:12]}.{end}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
