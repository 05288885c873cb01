"""Evidence on the cells of a form being filled, one cell at a time: attached, taken off, opened by who attached it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from luodi.identity.values import EvidenceAccess
from luodi.kernel.problem import Problem, Refused
from luodi.statistics.actions import drafts, filing
from luodi.statistics.rules.filing import split_key
from luodi.web.access import needs
from luodi.web.cell_evidence import attach_uploaded, detach_asked, evidence_of_cells
from luodi.web.views.evidence import hand_out
from luodi.web.views.filing import INSIDE, place


@needs(*INSIDE)
@require_http_methods(["GET", "POST"])
def attached(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """On POST attach or take off files of one cell and answer with what it has now; on GET open one (`?file=DIGEST`)."""
    viewer, where = request.viewer, place(request, form, period, unit)  # type: ignore[attr-defined]
    if request.method == "GET":
        return opened(request, form, where["period"].label, unit)
    problems: Sequence[Problem] = ()
    try:
        attach_uploaded(request, where)
        detach_asked(request, where)
    except Refused as refusal:
        problems = refusal.problems
    key = request.POST.get("cell", "")
    shown = filing.preview(**where, today=viewer.today)
    context = {
        **where, "evidence": evidence_of_cells(viewer, shown).get(key), "key": key, "subject": split_key(key)[0],
        "may_attach": True, "evidence_problems": problems,
    }  # fmt: skip
    return render(request, "web/parts/cell_evidence.html", context, status=422 if problems else 200)


def opened(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """Open a file that is attached to the draft and not filed yet."""
    wanted = request.GET.get("file", "")
    kept = drafts.draft(form=form, period=period, unit=unit)
    by = next((by for files in kept.evidence.values() for _, digest, by in files if digest == wanted), None)
    if by is None:
        raise Http404
    return hand_out(request, EvidenceAccess(wanted, by, unit, frozenset()))
