"""How pages say a refusal that no form was there to say."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luodi.kernel.problem import Refused
from luodi.kernel.tone import status_of


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say it as a page, or as a fragment to a partial request."""
    template = "web/parts/problems.html" if request.headers.get("HX-Request") else "web/refused.html"
    return render(request, template, {"problems": refusal.problems}, status=status_of(refusal))
