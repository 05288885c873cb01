"""Rules of notices. Pure: what a matter changes of a notice, when somebody may be told, what a message says, when to try again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from luodi.kernel import instant
from luodi.kernel.problem import words
from luodi.notices.values import STRENGTH, URGENT, Kind, Matter, Note, Preference, Rhythm

LINES = 3  # a text message names so many matters and counts the rest
WAITS = (60, 300, 1800, 7200, 21600)  # seconds before the next try; after the last one it is given up
SECOND = 1_000_000


def changes(standing: Note | None, matter: Matter) -> bool:
    """
    Tell whether a matter has something new to say to a person: nothing stands yet, or it says something else than what stands.

    What a look at the calendar found is news once; it never takes the place of something stronger that is still open.
    """
    if standing is None:
        return True
    if matter.gentle:
        stronger = STRENGTH[matter.kind] > STRENGTH[standing.kind]
        return stronger if standing.settled_at is None else standing.kind is not matter.kind
    return True


def tell_at(kind: Kind, raised_at: int, preference: Preference) -> int | None:
    """
    Give from when a notice may leave the house, or None if the person wants none of its kind.

    What somebody waits for goes without waiting for the day's digest; quiet hours hold for everything.
    """
    if kind in preference.muted:
        return None
    at = raised_at
    if preference.rhythm is Rhythm.DAILY and kind not in URGENT:
        at = next_hour(at, preference.digest_hour)
    return after_quiet(at, preference)


def next_hour(at: int, hour: int) -> int:
    """Give the next time the clock of the city shows a full hour."""
    there = instant.to_datetime(at)
    found = there.replace(hour=hour, minute=0, second=0, microsecond=0)
    return instant.from_datetime(found if found >= there else found + timedelta(days=1))


def after_quiet(at: int, preference: Preference) -> int:
    """Give the end of the quiet hours that an instant lies in, or the instant itself."""
    there = instant.to_datetime(at)
    return next_hour(at, preference.quiet_to) if is_quiet(there, preference) else at


def is_quiet(there: datetime, preference: Preference) -> bool:
    """Tell whether a time lies in the quiet hours, which may go over midnight."""
    begins, ends = preference.quiet_from, preference.quiet_to
    if begins == ends:
        return False
    return begins <= there.hour < ends if begins < ends else there.hour >= begins or there.hour < ends


def message(lines: Sequence[str], *, link: str, language: str) -> str:
    """Write one message of all that a person is to be told now: the first few matters, the number of the others, where to look."""
    named = "".join(f"\n· {line}" for line in lines[:LINES]) if len(lines) > 1 else lines[0]
    code = "notices.message.one" if len(lines) == 1 else "notices.message.several"
    more = words("notices.message.more", language, count=len(lines) - LINES) if len(lines) > LINES else ""
    return words(code, language, count=len(lines), lines=named, more=more, link=link)


def retry_at(tries: int, now: int) -> int | None:
    """Give when to try again after so many tries, or None to give up."""
    return None if tries > len(WAITS) else now + WAITS[tries - 1] * SECOND


def preference_problems(digest_hour: int, quiet_from: int, quiet_to: int) -> list[str]:
    """List which hours are none."""
    hours = {"digest_hour": digest_hour, "quiet_from": quiet_from, "quiet_to": quiet_to}
    return [name for name, hour in hours.items() if not 0 <= hour <= 23]


def masked_phone(phone: str | None) -> str:
    """Write a telephone number with its middle hidden: enough to know it again."""
    if not phone:
        return ""
    return phone[:3] + "*" * max(0, len(phone) - 7) + phone[-4:] if len(phone) > 7 else "*" * len(phone)


def nearing(due_on: date, today: date, *, days: int) -> Kind | None:
    """Tell whether a due day is near or over."""
    if today > due_on:
        return Kind.RETURN_LATE
    return Kind.RETURN_DUE if (due_on - today).days <= days else None
