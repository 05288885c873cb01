"""One's own account 我的账号: password, tokens for programs, what second factor there is; and choosing a password by a one-time link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luodi.identity import actions as identity
from luodi.identity import queries
from luodi.kernel.problem import Problem, Refused, words
from luodi.ledger import clock
from luodi.web import people_accounts as accounts
from luodi.web.access import public, signed_in

USUAL_DAYS = 180  # how long a new token opens unless said otherwise
LONGEST_DAYS = 366


@signed_in
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show my account; on POST change my password, or make or revoke a token of mine."""
    viewer = request.viewer  # type: ignore[attr-defined]
    shown: dict[str, Any] = {}
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            act = ACTS.get(request.POST.get("act", ""))
            shown = act(request) if act else {}
        except Refused as refusal:
            problems = refusal.problems
        else:
            if not shown:
                return redirect("account")
    context = {
        "login": request.user.get_username(),
        "tokens": [(one, one.opens_on(viewer.today)) for one in queries.tokens(person=viewer.person)],
        "usual": viewer.today + timedelta(days=USUAL_DAYS),
        "longest": viewer.today + timedelta(days=LONGEST_DAYS),
        "problems": problems,
        **shown,
    }
    return render(request, "web/account.html", context, status=422 if problems else 200)


def change_password(request: HttpRequest) -> dict[str, Any]:
    """Change my password, knowing the old one; I stay signed in here and nowhere else."""
    viewer, post = request.viewer, request.POST  # type: ignore[attr-defined]
    mine: Any = request.user
    if not mine.check_password(post.get("old", "")):
        raise accounts.BadPassword(Problem("people.password.old", "old"))
    accounts.choose_password(
        account=mine, password=post.get("password", ""), again=post.get("again", ""), at=clock.now(),
        address=request.META.get("REMOTE_ADDR", ""),
    )  # fmt: skip
    update_session_auth_hash(request, mine)
    messages.success(request, words("people.password.changed", viewer.language))
    return {}


def issue(request: HttpRequest) -> dict[str, Any]:
    """Make a token of mine; its secret is shown this once."""
    viewer, post = request.viewer, request.POST  # type: ignore[attr-defined]
    label = post.get("label", "").strip()[:80]
    if not label:
        raise Refused(Problem("people.token_label", "label"))
    until = until_of(post.get("valid_to", ""), viewer.today)
    token, secret = identity.issue_token(
        person=viewer.person, label=label, valid_to=until, actor=viewer.actor(), on=viewer.today
    )
    return {"issued": {"token": token, "secret": secret, "label": label, "until": until}}


def until_of(text: str, today: date) -> date:
    """
    Read the first day on which a token opens nothing: later than today, within a year.

    :raises Refused: if it is none of these
    """
    try:
        until = date.fromisoformat(text) if text else today + timedelta(days=USUAL_DAYS)
    except ValueError:
        raise Refused(Problem("people.day", "valid_to", {"found": text})) from None
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise Refused(Problem("people.token_until", "valid_to", {"most": LONGEST_DAYS}))
    return until


def revoke(request: HttpRequest) -> dict[str, Any]:
    """Revoke a token of mine."""
    viewer = request.viewer  # type: ignore[attr-defined]
    token = request.POST.get("token", "")
    identity.revoke_token(person=viewer.person, token=token, actor=viewer.actor(), on=viewer.today)
    messages.success(request, words("people.token_revoked", viewer.language, token=token))
    return {}


ACTS: dict[str, Callable[[HttpRequest], dict[str, Any]]] = {
    "password": change_password,
    "issue": issue,
    "revoke": revoke,
}


@public
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Let whoever holds a one-time link choose the account's password."""
    problems: Sequence[Problem] = ()
    try:
        found = accounts.account_of_link(uid, token)
    except accounts.LinkIsOver as refusal:
        return render(request, "web/welcome.html", {"problems": refusal.problems, "over": True}, status=410)
    if request.method == "POST":
        try:
            accounts.choose_password(
                account=found, password=request.POST.get("password", ""), again=request.POST.get("again", ""),
                at=clock.now(), address=request.META.get("REMOTE_ADDR", ""),
            )  # fmt: skip
        except Refused as refusal:
            problems = refusal.problems
        else:
            return render(request, "web/welcome.html", {"done": True})
    answer = render(
        request, "web/welcome.html", {"login": found.login, "problems": problems}, status=422 if problems else 200
    )
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer
