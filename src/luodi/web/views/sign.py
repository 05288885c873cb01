"""Signing in and out, and what a person prefers: language and the unit of amounts."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from luodi.ledger import store
from luodi.web.access import public
from luodi.web.models import Account

UNITS = ("万元", "亿元")
LANGUAGES = ("zh", "en")


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for login and password; on a synthetic store offer the demo's accounts."""
    wrong = False
    if request.method == "POST":
        account = authenticate(
            request, username=request.POST.get("login", "").strip(), password=request.POST.get("password", "")
        )
        if account is not None:
            login(request, account)
            return redirect(_next(request))
        wrong = True
    demo = _demo_accounts() if store.nature().synthetic else []
    context = {"wrong": wrong, "demo": demo, "next": _next(request, default="")}
    return render(request, "web/sign_in.html", context, status=403 if wrong else 200)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who it was."""
    logout(request)
    return redirect("sign_in")


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep language, unit, and that the tour was seen: with the account of who is signed in, else for this browser."""
    chosen = {"language": (request.POST.get("language"), LANGUAGES), "money_unit": (request.POST.get("unit"), UNITS)}
    for name, (value, allowed) in chosen.items():
        if value in allowed:
            request.session[name] = value
            if request.user.is_authenticated:
                Account.objects.filter(pk=request.user.pk).update(**{name: value})
    if request.POST.get("toured") == "1" and request.user.is_authenticated:
        Account.objects.filter(pk=request.user.pk).update(toured=True)
    return redirect(_next(request))


def _next(request: HttpRequest, default: str = "/") -> str:
    """Give the address to go on to, only ever one of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if own and wanted.startswith("/") else default


def _demo_accounts() -> list[dict[str, str]]:
    """List the demo city's accounts, one for each kind of user."""
    wanted = (store.notes().get("demo_accounts") or "").split(";")
    known = set(Account.objects.filter(login__in=wanted, is_active=True).values_list("login", flat=True))
    return [{"login": name, "label": f"demo.account.{name}"} for name in wanted if name in known]
