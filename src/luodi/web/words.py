"""How pages say no: one mapping from a refusal's code to HTTP status and tone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luodi.kernel.problem import Refused

# By the code's end or whole; anything else that was refused is a matter of content.
STATUS = {
    "permission.refused": 403,
    "ledger.store.busy": 503,
    "ledger.store.disk_full": 507,
    "ledger.store.read_only": 503,
    "ledger.store.unreachable": 503,
}
CLASHES = ("changed", "changed_meanwhile", "judged_meanwhile", "already_submitted", "exists")


def status_of(refusal: Refused) -> int:
    """Give the HTTP status of a refusal: 403 not allowed, 404 unknown, 409 somebody was quicker, 503 store, else 422."""
    code = refusal.problems[0].code if refusal.problems else refusal.code
    if code in STATUS:
        return STATUS[code]
    end = code.rsplit(".", 1)[-1]
    if end in CLASHES:
        return 409
    return 404 if end in ("unknown", "not_there", "no_form", "not_found") else 422


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say a refusal that no form was there to say."""
    template = "web/parts/problems.html" if request.headers.get("HX-Request") else "web/refused.html"
    return render(request, template, {"problems": refusal.problems}, status=status_of(refusal))
