"""Reads of notices: an inbox, how much of it waits, what somebody prefers, who was reminded, how the outbox fares."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from luodi.notices import models
from luodi.notices.values import Kind, Note, Outbox, Preference, Reminded, Rhythm, Way

DAY = 24 * 3600 * 1_000_000


def unread(person: str) -> int:
    """Count what waits for a person: one query on an index."""
    return models.Notice.objects.filter(person=person, read_at=None, settled_at=None).count()


def inbox(person: str, *, shown: str = "waiting", kind: str = "", limit: int | None = None) -> list[Note]:
    """
    List a person's notices, newest first.

    :param shown: `waiting` (neither read nor settled), `open` (not settled), `settled`, or `all`
    """
    rows = models.Notice.objects.filter(person=person)
    asked: Mapping[str, dict[str, Any]] = {
        "waiting": {"read_at": None, "settled_at": None},
        "open": {"settled_at": None},
        "settled": {"settled_at__isnull": False},
    }
    rows = rows.filter(**asked.get(shown, {}))
    if kind:
        rows = rows.filter(kind=kind)
    found = rows.order_by("-raised_at", "-id")
    return [note_of(row) for row in (found if limit is None else found[:limit])]


def note(person: str, id: int) -> Note | None:
    """Find one of a person's notices."""
    row = models.Notice.objects.filter(person=person, id=id).first()
    return None if row is None else note_of(row)


def standing(keys: Collection[str]) -> dict[tuple[str, str], Note]:
    """Give the notices of some matters by person and key."""
    return {(row.person, row.key): note_of(row) for row in models.Notice.objects.filter(key__in=keys)}


def note_of(row: models.Notice) -> Note:
    """Turn a row into a value."""
    return Note(
        row.id, row.person, row.key, Kind(row.kind), row.params, row.due_on,
        row.raised_at, row.times, row.read_at, row.settled_at,
    )  # fmt: skip


def preference(person: str) -> Preference:
    """Give what a person prefers; without a word the usual."""
    return preferences([person])[person]


def preferences(people: Collection[str]) -> dict[str, Preference]:
    """Give what people prefer, by person; each asked one is there."""
    rows = {row.person: row for row in models.Preference.objects.filter(person__in=people)}
    return {person: _preference(person, rows.get(person)) for person in people}


def _preference(person: str, row: models.Preference | None) -> Preference:
    if row is None:
        return Preference(person)
    return Preference(
        person, Way(row.way), Rhythm(row.rhythm), row.digest_hour, row.quiet_from, row.quiet_to,
        frozenset(Kind(kind) for kind in row.muted), row.wecom, row.mail, row.language,
    )  # fmt: skip


def reminded(keys: Collection[str]) -> dict[str, Reminded]:
    """Tell of each matter when it was last asked for, by whom, and how often; those never asked for are left out."""
    found: dict[str, Reminded] = {}
    for row in models.Reminder.objects.filter(key__in=keys).order_by("at", "id"):
        times = found[row.key].times + 1 if row.key in found else 1
        found[row.key] = Reminded(row.key, row.by, row.at, row.people, times)
    return found


def outbox(*, now: int) -> Outbox:
    """Tell how the outbox fares."""
    waiting = models.Message.objects.filter(state="waiting")
    erring = models.Message.objects.exclude(error="").order_by("-made_at", "-id").first()
    oldest = waiting.order_by("made_at").values_list("made_at", flat=True).first()
    return Outbox(
        waiting=waiting.count(),
        sent=models.Message.objects.filter(state="sent", sent_at__gt=now - DAY).count(),
        failed=models.Message.objects.filter(state="failed", made_at__gt=now - 7 * DAY).count(),
        last_error="" if erring is None else erring.error,
        oldest_waiting=oldest,
    )
