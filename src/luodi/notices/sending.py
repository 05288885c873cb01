"""
The second half of the worker's turn: put what is due into messages, one a person, and send what waits.

A message is written down before it is sent, with the time of its next try, so a process that dies in between sends it again later
rather than never. What a gateway refuses is tried again at growing intervals and then given up; the inbox has it all the while.
"""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection, transaction

from luodi.identity import queries as identity
from luodi.identity.values import PersonAt
from luodi.kernel.problem import words
from luodi.notices import channels, models, queries, rules, wording
from luodi.notices.channels import Channel, NotSent
from luodi.notices.gathering import gather
from luodi.notices.values import Note, Preference, Way

AT_A_TIME = 200  # messages of one turn
FRESH = 3 * 24 * 3600 * 1_000_000  # older ones are told by nobody any more: the inbox has them
LEASE = 300 * 1_000_000  # a message taken by a worker that dies is free again after this

log = logging.getLogger(__name__)


def tick(*, now: int, today: date, reachable: Sequence[Channel] | None = None) -> dict[str, int]:
    """
    Do the worker's turn; tell how many notices changed, messages were made and sent.

    :param reachable: the channels there are; None: as the environment says
    """
    chosen = {one.name: one for one in (channels.configured(os.environ) if reachable is None else reachable)}
    raised = gather(now=now, today=today)
    made = compose(chosen, now=now, today=today) if chosen else 0
    return {"raised": raised, "made": made, "sent": deliver(chosen, now=now)}


def compose(reachable: Mapping[str, Channel], *, now: int, today: date) -> int:
    """Put what is due into messages, one a person and turn; give how many. Nothing to tell costs one read and no lock."""
    untold = models.Notice.objects.filter(told_at=None, read_at=None, settled_at=None, raised_at__gt=now - FRESH)
    if not untold.exists():
        return 0
    with transaction.atomic():
        by_person: defaultdict[str, list[Note]] = defaultdict(list)
        for row in untold.select_for_update().order_by("raised_at", "id"):
            by_person[row.person].append(queries.note_of(row))
        return _compose(by_person, reachable, now=now, today=today)


def _compose(
    by_person: Mapping[str, Sequence[Note]], reachable: Mapping[str, Channel], *, now: int, today: date
) -> int:
    people, preferences = identity.people(), queries.preferences(by_person)
    speaking = wording.Speaking.of(today)
    told: list[int] = []
    messages = []
    for person, notes in by_person.items():
        due, silent = _due(notes, preferences[person], now)
        channel = channel_of(people.get(person), preferences[person], reachable)
        told += silent if channel else [note.id for note in notes]
        if channel and due:
            messages.append(_message(person, due, preferences[person], channel, speaking, now))
            told += [note.id for note in due]
    models.Notice.objects.filter(id__in=told).update(told_at=now)
    models.Message.objects.bulk_create(messages)
    return len(messages)


def _due(notes: Sequence[Note], preference: Preference, now: int) -> tuple[list[Note], list[int]]:
    """Part what may be told now from what will never be; the rest waits for its hour."""
    times = {note.id: rules.tell_at(note.kind, note.raised_at, preference) for note in notes}
    silent = [id for id, at in times.items() if at is None]
    due = [
        note
        for note in notes
        if (at := times[note.id]) is not None and rules.after_quiet(max(at, now), preference) <= now
    ]
    return due, silent


def channel_of(person: PersonAt | None, preference: Preference, reachable: Mapping[str, Channel]) -> str:
    """Choose the channel that reaches a person as they prefer; "" if none does."""
    if person is None:
        return ""
    order = {Way.INBOX: (), Way.BEST: (Way.WECOM, Way.TEXT)}.get(preference.way, (preference.way,))
    for way in order:
        channel = reachable.get(way.value)
        if channel is not None and channel.address(person, preference):
            return channel.name
    return ""


def _message(
    person: str, due: Sequence[Note], preference: Preference, channel: str, speaking: wording.Speaking, now: int
) -> models.Message:
    lines = [speaking.line(note, preference.language) for note in due]
    text = rules.message(lines, link=channels.link(os.environ), language=preference.language)
    return models.Message(person=person, channel=channel, text=text, made_at=now, next_at=now)


def deliver(reachable: Mapping[str, Channel], *, now: int) -> int:
    """Send what waits and whose time has come; give how many went."""
    sent = 0
    waiting = models.Message.objects.filter(state="waiting", next_at__lte=now)
    for message in _taken(now) if reachable and waiting.exists() else ():
        person, preference = identity.person(message.person), queries.preference(message.person)
        channel = reachable.get(message.channel)
        try:
            _send(channel, person, preference, message.text)
        except NotSent as error:
            _put_off(message, error, now)
        else:
            models.Message.objects.filter(id=message.id).update(state="sent", sent_at=now, error="")
            sent += 1
    return sent


def _send(channel: Channel | None, person: PersonAt | None, preference: Preference, text: str) -> None:
    if channel is None:
        raise NotSent(words("notices.sending.no_channel"))
    address = channel.address(person, preference) if person is not None else ""
    if not address:
        raise NotSent(words("notices.sending.no_address"), final=True)
    channel.send(address, text)


@transaction.atomic
def _taken(now: int) -> list[models.Message]:
    """Take the messages whose time has come; another worker finds them taken for a while."""
    skipping = connection.features.has_select_for_update_skip_locked
    rows = models.Message.objects.select_for_update(skip_locked=skipping).filter(state="waiting", next_at__lte=now)
    taken = list(rows.order_by("next_at", "id")[:AT_A_TIME])
    models.Message.objects.filter(id__in=[row.id for row in taken]).update(next_at=now + LEASE)
    return taken


def _put_off(message: models.Message, error: NotSent, now: int) -> None:
    tries = message.tries + 1
    again = None if error.final else rules.retry_at(tries, now)
    models.Message.objects.filter(id=message.id).update(
        state="failed" if again is None else "waiting", tries=tries, next_at=again or now, error=str(error)[:200]
    )
    log.warning("message %s on %s not sent (try %s): %s", message.id, message.channel, tries, error)
