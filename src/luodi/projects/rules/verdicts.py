"""What became of a claimed row: the verdicts on it, read in order (ledger.md, levels of trust)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from luodi.kernel.instant import END_OF_TIME
from luodi.projects.values.rows import Status


@dataclass(frozen=True)
class Ruling:
    """One verdict: verified, checked (an inner step passed), withdrawn, sent_back."""

    verdict: str
    known_at: int
    row: int
    step: int = 0
    reason: str | None = None


@dataclass(frozen=True)
class Standing:
    """Where a claim stands after its verdicts. `since`: verified from this instant; `step`: verifiers who have agreed."""

    status: Status
    since: int | None = None
    step: int = 0
    reason: str | None = None
    last: int = 0


def standing(
    row: int, known_at: int, verified_at: int | None, rulings: Iterable[Ruling], at: int = END_OF_TIME
) -> Standing:
    """Fold the verdicts known by `at` over a claim. A row verified by its own fact counts from when it was known at the earliest."""
    own = verified_at is not None and verified_at <= at
    now = (
        Standing(Status.VERIFIED, max(verified_at or 0, known_at), last=row)
        if own
        else Standing(Status.CLAIMED, last=row)
    )
    for ruling in sorted(rulings, key=lambda one: (one.known_at, one.row)):
        now = _after(now, ruling)
    return now


def _after(before: Standing, ruling: Ruling) -> Standing:
    """Tell how a claim stands after one more verdict. An agreement to what was sent back changes nothing."""
    last = max(before.last, ruling.row)
    if ruling.verdict == "sent_back":
        return Standing(Status.SENT_BACK, reason=ruling.reason, last=last)
    if before.status is Status.SENT_BACK:
        return Standing(before.status, before.since, before.step, before.reason, last)
    if ruling.verdict == "withdrawn":
        return Standing(Status.CLAIMED, reason=ruling.reason, last=last)
    if ruling.verdict == "checked":
        return Standing(before.status, before.since, ruling.step + 1, before.reason, last)
    return Standing(Status.VERIFIED, before.since or ruling.known_at, ruling.step + 1, last=last)
