"""
Who may open a page: said beside each view, decided by identity.permissions.

Every view carries exactly one of these marks; a test walks all addresses and fails on one without.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from luodi.codebook.values import Permission

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Let anybody open a page: signing in, preferences, health."""
    view.rule = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Let everybody who is signed in open a page; what they see on it is decided row by row."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if viewer_of(request) else to_sign_in(request)

    guarded.rule = "signed_in"  # type: ignore[attr-defined]
    return guarded


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Let those open a page who hold any of these permissions somewhere; for which rows is asked again inside."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = viewer_of(request)
            if viewer is None:
                return to_sign_in(request)
            if not any(viewer.may_somewhere(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.rule = permissions  # type: ignore[attr-defined]
        return guarded

    return mark


def viewer_of(request: HttpRequest) -> Any:
    """Give who is looking, or None."""
    return getattr(request, "viewer", None)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to sign in and back; a fragment is told to load the whole page."""
    address = f"{reverse('sign_in')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)
