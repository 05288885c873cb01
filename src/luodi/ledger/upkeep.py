"""
Keeping house: when the ledger was last verified and backed up, and asking the worker to do either.

Notes of the store, not facts: they prove nothing, and a restored store begins with those of its backup.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from luodi.kernel import instant
from luodi.kernel.problem import Refused
from luodi.ledger import backup, clock, store, verification

VERIFIED, BACKED_UP = "verified", "backed_up"
KEPT = 7  # backups that the worker keeps in the store's own folder
ASKED = "asked_"


def last(work: str) -> dict[str, Any] | None:
    """Tell when work was last done and what came of it; None if never."""
    found = store.notes().get(f"last_{work}")
    return None if not found else dict(orjson.loads(found))


def done(work: str, **found: Any) -> None:
    """Note that work was done now, and what came of it."""
    store.note(f"last_{work}", orjson.dumps({"at": clock.now(), **found}).decode())


def waiting() -> list[str]:
    """List the work that was asked for and is not done."""
    notes = store.notes()
    return [work for work in (VERIFIED, BACKED_UP) if notes.get(f"{ASKED}{work}")]


def ask_for(work: str, *, by: str) -> None:
    """Put work in line. Ask for permission before."""
    store.note(f"{ASKED}{work}", by)


def work_off() -> int:
    """Do what was asked for; give how much. Nothing asked costs one read."""
    asked = waiting()
    for work in asked:
        by = store.notes()[f"{ASKED}{work}"]
        store.note(f"{ASKED}{work}", "")
        try:
            found = DO[work]()
        except Refused as refusal:
            found = {"problems": len(refusal.problems), "error": refusal.problems[0].code}
        done(work, by=by, **found)
    return len(asked)


def _verify() -> dict[str, Any]:
    report = verification.verify()
    return {"facts": report.facts, "seals": report.seals, "problems": len(report.problems)}


def _back_up() -> dict[str, Any]:
    folder = Path(settings.HOME) / "backups"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise store.refusal_of(error) from error
    name = f"luodi-{instant.to_datetime(clock.now()):%Y%m%d-%H%M%S}.tar"
    made = backup.backup(folder / name)
    for old in sorted(folder.glob("luodi-*.tar"))[:-KEPT]:
        old.unlink()
    return {"file": name, "facts": made.facts, "bytes": made.bytes, "problems": 0}


DO = {VERIFIED: _verify, BACKED_UP: _back_up}
