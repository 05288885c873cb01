"""System health: facts, seals, snapshot, disk, backups, outbox, imports. Nothing of it says how often anybody signs in."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission
from luodi.exchange import jobs
from luodi.exchange.models import ImportJob
from luodi.identity import permissions
from luodi.indicators.snapshot import files, folder
from luodi.kernel.problem import Problem, words
from luodi.ledger import clock, guards, store, upkeep
from luodi.ledger import queries as ledger
from luodi.ledger.models import Evidence
from luodi.notices import channels
from luodi.notices import queries as notices
from luodi.web.access import needs

LOW = 5  # percent of the disk free: below it is said
STALE = 36 * 3600 * 1_000_000  # a backup older than this is said
SLOW = 24 * 3600 * 1_000_000  # a message that waits longer is said


@needs(Permission.KEEP_STORE, Permission.VERIFY_LEDGER)
@require_http_methods(["GET", "POST"])
def health(request: HttpRequest) -> HttpResponse:
    """Show how the store is and what needs somebody; on POST verify the ledger or back it up, in the background."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST":
        return asked(request)
    now, last, seals = clock.now(), ledger.last_fact(), ledger.seals()
    manifest = files.load(folder())
    disk = disk_of(Path(settings.HOME))
    outbox, verified, backed_up = notices.outbox(now=now), upkeep.last(upkeep.VERIFIED), upkeep.last(upkeep.BACKED_UP)
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
        "disk": disk,
        "size": store_size(),
        "outbox": outbox,
        "channels": [channel.name for channel in channels.configured(os.environ)],
        "imports_waiting": ImportJob.objects.filter(state__in=[*jobs.RUNNING, *jobs.RUNNING.values()]).count(),
        "verified": verified,
        "backed_up": backed_up,
        "running": upkeep.waiting(),
        "may_verify": viewer.may_somewhere(Permission.VERIFY_LEDGER),
        "may_back_up": viewer.may_somewhere(Permission.KEEP_STORE),
        "mistakes": codebook.mistakes(),
        "warnings": warnings(now, disk, outbox, verified, backed_up),
    }
    return render(request, "web/house_health.html", context)


def asked(request: HttpRequest) -> HttpResponse:
    """Put a verification or a backup in line for the worker."""
    viewer, work = request.viewer, request.POST.get("act", "")  # type: ignore[attr-defined]
    needed = {upkeep.VERIFIED: Permission.VERIFY_LEDGER, upkeep.BACKED_UP: Permission.KEEP_STORE}.get(work)
    if needed is not None:
        permissions.require(viewer.who, needed, on=viewer.today)
        upkeep.ask_for(work, by=viewer.person)
        messages.success(request, words(f"house.health.asked.{work}", viewer.language))
    return redirect("health")


def disk_of(home: Path) -> dict[str, int]:
    """Tell how much room there is where the store lies: bytes, and percent free."""
    usage = shutil.disk_usage(home if home.exists() else home.parent)
    return {"free": usage.free, "total": usage.total, "percent": usage.free * 100 // usage.total}


def store_size() -> int:
    """Tell how many bytes the database takes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(str(settings.DATABASES["default"]["NAME"]))
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*") if part.is_file())


def warnings(now: int, disk: dict[str, int], outbox: Any, verified: Any, backed_up: Any) -> list[Problem]:
    """Say what needs somebody: no room, no backup of late, differences found, guards gone, messages that don't go."""
    found = [
        Problem("house.health.guards", params={"guards": ", ".join(missing)})
        for missing in [guards.missing()]
        if missing
    ]
    if disk["percent"] < LOW:
        found.append(Problem("house.health.disk_low", params={"percent": disk["percent"]}))
    if verified is not None and verified["problems"]:
        found.append(Problem("house.health.differs", params={"count": verified["problems"]}))
    if backed_up is None or now - backed_up["at"] > STALE:
        found.append(Problem("house.health.no_backup", blocking=False))
    if verified is None:
        found.append(Problem("house.health.never_verified", blocking=False))
    if outbox.failed:
        found.append(
            Problem(
                "house.health.messages_failed",
                params={"count": outbox.failed, "error": outbox.last_error},
                blocking=False,
            )
        )
    if outbox.oldest_waiting is not None and now - outbox.oldest_waiting > SLOW:
        found.append(Problem("house.health.messages_wait", params={"count": outbox.waiting}, blocking=False))
    return found
