"""
Evidence files: kept under their digest in the store's folder, never inside the database, written once.

A file removed by law (撤除) leaves its digest, the reason and who: the removal is a fact.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from luodi.kernel.problem import Refused
from luodi.ledger import actions, clock
from luodi.ledger import store as stores
from luodi.ledger.facts import EVIDENCE_REMOVED
from luodi.ledger.models import Evidence
from luodi.ledger.values import Act, Actor


class NoSuchEvidence(Refused):
    """No file of that digest was ever stored. Parameters: `digest`."""

    code = "ledger.evidence.unknown"


class EvidenceRemoved(Refused):
    """The file was removed by law. Parameters: `digest`."""

    code = "ledger.evidence.removed"


class EvidenceLost(Refused):
    """The file should be there and is not, or holds something else. Parameters: `digest`."""

    code = "ledger.evidence.lost"


def folder() -> Path:
    """Tell where evidence files lie."""
    return Path(settings.HOME) / "evidence"


def path_of(digest: str) -> Path:
    """Tell where the file of a digest lies."""
    return folder() / digest[:2] / digest


def store(content: bytes, media_type: str) -> str:
    """
    Keep a file and give its digest (hex, of the store's hash); the same content twice is one file.

    :raises EvidenceRemoved: if that very content was removed by law
    :raises ReadOnly, DiskFull: if it can't be written
    """
    digest = stores.nature().hashing(content).hexdigest()
    known = Evidence.objects.filter(digest=digest).first()
    if known is not None and known.removed_at is not None:
        raise EvidenceRemoved(digest=digest)
    if not path_of(digest).exists():
        write_whole(path_of(digest), content)
    if known is None:
        row = Evidence(digest=digest, size=len(content), media_type=media_type, stored_at=clock.now())
        with stores.refusing():
            Evidence.objects.bulk_create([row], ignore_conflicts=True)
    return digest


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens meanwhile."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            if not stores.is_provisional():
                os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise stores.refusal_of(error) from error


def read(digest: str) -> bytes:
    """
    Read a file by its digest. Who may see it is the caller's to judge.

    :raises NoSuchEvidence, EvidenceRemoved, EvidenceLost:
    """
    known = Evidence.objects.filter(digest=digest).first()
    if known is None:
        raise NoSuchEvidence(digest=digest)
    if known.removed_at is not None:
        raise EvidenceRemoved(digest=digest)
    try:
        content = path_of(digest).read_bytes()
    except OSError:
        raise EvidenceLost(digest=digest) from None
    if stores.nature().hashing(content).hexdigest() != digest:
        raise EvidenceLost(digest=digest)
    return content


def remove(digest: str, *, reason: str, actor: Actor) -> int:
    """
    Remove a file by law (撤除) and give the fact that says so: its digest, the reason and who remain.

    :raises NoSuchEvidence, EvidenceRemoved:
    """
    known = Evidence.objects.filter(digest=digest).first()
    if known is None:
        raise NoSuchEvidence(digest=digest)
    with stores.writing():
        known.refresh_from_db()
        if known.removed_at is not None:
            raise EvidenceRemoved(digest=digest)
        act = Act(EVIDENCE_REMOVED, f"evidence:{digest[:16]}", details={"digest": digest}, texts={"reason": reason})
        (fact,) = actions.record([act], actor=actor)
        Evidence.objects.filter(digest=digest).update(removed_at=clock.now())
    # After the commit: a crash in between leaves a file that verify names and that the next removal takes away.
    path_of(digest).unlink(missing_ok=True)
    return fact
