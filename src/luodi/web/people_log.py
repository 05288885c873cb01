"""Signing in, out, and in vain: into the log that only the security auditor reads. Kept because the law asks for it, counted nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from luodi.identity import actions as identity
from luodi.ledger import clock
from luodi.web.models import Account


def listen() -> None:
    """Begin to listen; once, when the web app starts."""
    user_logged_in.connect(_in, dispatch_uid="luodi.signed_in")
    user_logged_out.connect(_out, dispatch_uid="luodi.signed_out")
    user_login_failed.connect(_in_vain, dispatch_uid="luodi.sign_in_failed")


def _in(request: HttpRequest | None, user: Account, **_: Any) -> None:
    _log("signed_in", user.person, request)


def _out(request: HttpRequest | None, user: Account | None, **_: Any) -> None:
    if user is not None:
        _log("signed_out", user.person, request)


def _in_vain(credentials: Mapping[str, str], request: HttpRequest | None = None, **_: Any) -> None:
    """An unknown login is somebody's typing, perhaps a password: it is not kept."""
    account = Account.objects.filter(login=credentials.get("username", "")).first()
    _log("sign_in_failed", account.person if account else "", request, allowed=False)


def _log(act: str, person: str, request: HttpRequest | None, *, allowed: bool = True) -> None:
    address = request.META.get("REMOTE_ADDR", "") if request is not None else ""
    identity.log_access(person=person, act=act, at=clock.now(), allowed=allowed, via="web", address=address or "")
