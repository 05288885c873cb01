"""Every small piece that pages are made of, once, with the tag or class it is written by. For who writes a page."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.ledger import clock
from luodi.web.access import signed_in
from luodi.web.templatetags.luodi import LIGHTS

TRUST = ("filed", "verified", "sealed")


@signed_in
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with values of its own: nothing here is of the ledger."""
    context: dict[str, Any] = {
        "lights": list(LIGHTS),
        "trust": TRUST,
        "yuan": Decimal("123456789.01"),
        "ratio": Fraction(917, 1000),
        "plain": Decimal("15.6"),
        "now": clock.now(),
        "today": request.viewer.today,  # type: ignore[attr-defined]
        "page": Paginator(range(30), 10).get_page(2),
        "stages": request.viewer.profile.path,  # type: ignore[attr-defined]
        "files": [{"kind": one, "opens": False} for one in request.viewer.profile.evidence_kinds[:1]],  # type: ignore[attr-defined]
    }
    return render(request, "web/gallery.html", context)
