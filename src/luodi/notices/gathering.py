"""
The first half of the worker's turn: what new facts, and a new day, call for.

The ledger is followed by a bookmark, so every committed act is looked at once, whoever did it on whichever way, and an act that
was rolled back never was. Bookmark and notices move in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction

from luodi.kernel import instant
from luodi.ledger import queries as ledger
from luodi.ledger.models import Fact
from luodi.ledger.values import Recorded
from luodi.notices import models, registry
from luodi.notices.actions import KEPT_DAYS, forget_old, raise_news
from luodi.notices.seats import seats
from luodi.notices.values import News

FACTS, DAY = "facts", "day"
LOOK_BACK = 7  # days: what a store that never sent notices is told of
BATCH = 5_000  # facts looked at in one turn


def gather(*, now: int, today: date) -> int:
    """Look through the facts and days since the last turn; give how many notices changed. Nothing new costs two reads."""
    known = {row.name: row.value for row in models.Bookmark.objects.all()}
    return _facts(known.get(FACTS), now=now, today=today) + _day(known.get(DAY), now=now, today=today)


def _facts(mark: int | None, *, now: int, today: date) -> int:
    begin = _first_fact(today) if mark is None else mark
    last = min(ledger.last_fact(), begin + BATCH)
    if last <= begin:
        return 0
    found = list(ledger.facts(after=begin, through=last, names=registry.fact_names()))
    return _keep(FACTS, mark, last, of_facts(found, today) if found else [], now)


def of_facts(found: Sequence[Recorded], today: date) -> list[News]:
    """Ask every source what facts call for, in the order of the ledger: a settled matter may come up again later."""
    sitting = seats(today)
    news: list[News] = []
    for name, some in groupby(found, key=lambda fact: _source_of(fact.name)):
        source = registry.SOURCES[name]
        if source.of_facts is not None:
            news += source.of_facts(list(some), sitting)
    return news


def _source_of(fact: str) -> str:
    return next(source.name for source in registry.SOURCES.values() if fact in source.facts)


def _first_fact(today: date) -> int:
    """Give the last fact before the days that a store is told of when it first sends notices."""
    since = instant.start_of(today - timedelta(days=LOOK_BACK))
    return Fact.objects.filter(recorded_at__lt=since).order_by("-id").values_list("id", flat=True).first() or 0


def _day(mark: int | None, *, now: int, today: date) -> int:
    if mark is not None and mark >= today.toordinal():
        return 0
    sitting = seats(today)
    news = [one for source in registry.SOURCES.values() if source.of_day for one in source.of_day(today, sitting)]
    forget_old(before=today - timedelta(days=KEPT_DAYS))
    return _keep(DAY, mark, today.toordinal(), news, now)


def _keep(name: str, seen: int | None, value: int, news: Sequence[News], now: int) -> int:
    """Move a bookmark and raise what was found, together; nothing if another worker moved it meanwhile."""
    with transaction.atomic():
        mark, made = models.Bookmark.objects.select_for_update().get_or_create(name=name, defaults={"value": value})
        if not made and mark.value != seen:
            return 0
        mark.value = value
        mark.save()
        return raise_news(news, at=now)
