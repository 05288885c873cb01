"""System health and the log of who looked at what. Neither says how often anybody signs in."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.indicators.snapshot import files, folder
from luodi.kernel import instant
from luodi.ledger import queries as ledger
from luodi.ledger import store
from luodi.ledger.models import Evidence
from luodi.web.access import needs
from luodi.web.exporting import workbook
from luodi.web.views.indicators import name_of

PER_PAGE = 50
USUAL_DAYS = 30


@needs(Permission.KEEP_STORE, Permission.VERIFY_LEDGER)
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Show how the store is: its facts, seals, snapshot, and how to prove that nothing was changed."""
    last = ledger.last_fact()
    seals = ledger.seals()
    manifest = files.load(folder())
    context = {
        "facts": last,
        "last_at": (found := ledger.fact(last)) and found.at,
        "seals": seals[::-1][:12],
        "seals_count": len(seals),
        "since_seal": last - (seals[-1].through if seals else 0),
        "nature": store.nature(),
        "vendor": connection.vendor,
        "evidence": Evidence.objects.count(),
        "snapshot": manifest,
        "behind": last - manifest.through if manifest else None,
        "snapshot_rows": sum(manifest.rows.values()) if manifest else 0,
    }
    return render(request, "web/house_health.html", context)


@needs(Permission.READ_AUDIT)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Show who opened or tried to open what, newest first; only to the security auditor."""
    viewer = request.viewer  # type: ignore[attr-defined]
    permissions.require(viewer.who, Permission.READ_AUDIT, on=viewer.today)
    until = asked_day(request, "until", viewer.today)
    since = asked_day(request, "since", until - timedelta(days=USUAL_DAYS))
    subject = request.GET.get("subject", "").strip() or None
    found = identity.accesses(since=instant.start_of(since), until=instant.end_of(until) + 1, subject=subject)
    if request.GET.get("refused") == "1":
        found = [one for one in found if not one.allowed]
    people = identity.people()
    rows = [(one, name_of(people, one.person)) for one in reversed(found)]
    if request.GET.get("as") == "xlsx":
        head = ("时间", "人员", "行为", "对象", "是否放行", "途径", "地址")
        return workbook(
            "audit",
            head,
            [
                (instant.iso(one.at), who, one.act, one.subject, "是" if one.allowed else "否", one.via, one.address)
                for one, who in rows
            ],
        )
    context = {
        "lines": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "since": since,
        "until": until,
        "asked": request.GET,
    }
    return render(request, "web/house_audit.html", context)


def asked_day(request: HttpRequest, name: str, usual: date) -> date:
    """Read a day from the address; without one (or with a wrong one) the usual."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return usual
