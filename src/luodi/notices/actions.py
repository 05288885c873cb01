"""
Writes of notices. Raising is a row of the database, so it stands or falls with the transaction it is done in; what leaves the house
goes through the outbox and is sent by the worker, after the commit, never by whoever acts.

`tick` is that worker's turn: look through the new facts and the new day, put what is due into messages, send them, forget the old.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import F

from luodi.kernel import instant
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.notices import models, queries, rules
from luodi.notices.values import Kind, Matter, News, Note, Preference, Settled, Way


class BadPreference(Refused):
    """A preference can't be kept. `problems` says which."""

    code = "notices.preference.refused"


# Raising and settling ---------------------------------------------------------------------------------------------


@transaction.atomic
def raise_news(news: Iterable[News], *, at: int) -> int:
    """
    Put matters into inboxes and settle those that are over, in their order; tell how many notices changed.

    The same matter again changes the notice there is: it waits anew, and is told anew, when it has something new to say.
    """
    listed = list(news)
    standing = queries.standing({one.key for one in listed})
    changed = 0
    for one in listed:
        if isinstance(one, Settled):
            changed += _settle(one.key, standing, at)
            continue
        for person in one.people:
            changed += _raise(one, person, standing, at)
    return changed


def _raise(matter: Matter, person: str, standing: dict[tuple[str, str], Note], at: int) -> bool:
    before = standing.get((person, matter.key))
    if not rules.changes(before, matter):
        return False
    cells = {
        "kind": matter.kind.value, "params": dict(matter.params), "due_on": matter.due_on, "raised_at": at,
        "read_at": None, "settled_at": None, "told_at": None,
    }  # fmt: skip
    # Somebody may raise the same matter at this very moment: the database keeps one row, and the later word counts.
    row, made = models.Notice.objects.get_or_create(person=person, key=matter.key, defaults=cells)
    if not made:
        models.Notice.objects.filter(id=row.id).update(**cells, times=F("times") + 1)
        row.refresh_from_db()
    standing[person, matter.key] = queries.note_of(row)
    return True


def _settle(key: str, standing: dict[tuple[str, str], Note], at: int) -> int:
    done = models.Notice.objects.filter(key=key, settled_at=None).update(settled_at=at)
    for row in models.Notice.objects.filter(key=key) if done else ():
        standing[row.person, key] = queries.note_of(row)
    return done


@transaction.atomic
def remind(matters: Sequence[Matter], *, by: str, at: int) -> int:
    """Ask for things that are due, and keep who asked when; give how many people were told. Ask for permission before."""
    for matter in matters:
        models.Reminder.objects.create(key=matter.key, by=by, at=at, people=len(matter.people))
    raise_news(matters, at=at)
    return len({person for matter in matters for person in matter.people})


# What a person does with an inbox ---------------------------------------------------------------------------------


def mark_read(person: str, *, at: int, ids: Collection[int] | None = None) -> int:
    """Note that a person has looked at some of their notices, or (None) at all; tell how many."""
    rows = models.Notice.objects.filter(person=person, read_at=None)
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    return rows.update(read_at=at)


def set_preference(preference: Preference) -> None:
    """
    Keep what a person prefers.

    :raises BadPreference: if an hour is none, or a way is chosen without its address
    """
    wrong = rules.preference_problems(preference.digest_hour, preference.quiet_from, preference.quiet_to)
    problems = [Problem("notices.preference.hour", name) for name in wrong]
    if preference.way is Way.WECOM and not preference.wecom:
        problems.append(Problem("notices.preference.no_wecom", "wecom"))
    if preference.way is Way.MAIL and "@" not in preference.mail:
        problems.append(Problem("notices.preference.no_mail", "mail"))
    refuse_if_any(problems, BadPreference)
    models.Preference.objects.update_or_create(
        person=preference.person,
        defaults={
            "way": preference.way.value, "rhythm": preference.rhythm.value, "digest_hour": preference.digest_hour,
            "quiet_from": preference.quiet_from, "quiet_to": preference.quiet_to, "wecom": preference.wecom,
            "muted": sorted(kind.value for kind in preference.muted), "mail": preference.mail,
            "language": preference.language,
        },
    )  # fmt: skip


def forget_person(person: str) -> int:
    """Erase everything kept here of a person, by law; tell how many rows."""
    tables = (models.Notice, models.Message, models.Preference)
    return sum(table.objects.filter(person=person).delete()[0] for table in tables)


# The calendar of keeping ------------------------------------------------------------------------------------------

KEPT_DAYS = 184  # as long as the log of who looked at what


def forget_old(*, before: date) -> int:
    """Delete what nobody needs any more: notices, messages and reminders of days before `before`."""
    at = instant.start_of(before)
    rows = (
        models.Notice.objects.filter(raised_at__lt=at),
        models.Message.objects.filter(made_at__lt=at),
        models.Reminder.objects.filter(at__lt=at),
    )
    return sum(one.delete()[0] for one in rows)


def muted(kinds: Iterable[str]) -> frozenset[Kind]:
    """Read kinds from what a form sends, leaving out what is none."""
    known = {kind.value for kind in Kind}
    return frozenset(Kind(kind) for kind in kinds if kind in known)
