"""`luodi init --demo`: make the synthetic city by replaying its acts through the services, month by month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from django.db import connection

from luodi.codebook import queries as codebook
from luodi.demo import script
from luodi.demo.month import Month
from luodi.demo.office import Office
from luodi.demo.stage import Stage
from luodi.kernel.period import add_months, month
from luodi.ledger import clock, store

FIRST = date(2024, 1, 1)  # the profile's go-live month
LAST_MORNING = 2  # the demo ends in the morning of the second day after its last month: some have filed, some haven't


def build(*, seed: int, projects: int, months: int, progress: Callable[[str], None] | None = None) -> None:
    """
    Fill a new synthetic store with the demo city.

    :param projects: how many records, leads included
    :param months: how many months are replayed, from 2024-01 on; all but the last are sealed
    """
    _hurry()
    rng = Random(seed)  # noqa: S311  a demo, not a secret
    tell = progress or (lambda line: None)
    stage = Stage(rng=rng, profile=codebook.profile(), first=FIRST)
    office = Office(stage)
    lives = script.lives(rng, number=projects, first=FIRST, number_of_months=months)
    office.open(add_months(FIRST, months))
    office.load_history([life for life in lives if life.began < FIRST])
    for n in range(months):
        first = add_months(FIRST, n)
        period = month(first.year, first.month)
        tell(period.label)
        Month(stage, office, lives, period, last=n == months - 1).play()
    end = add_months(FIRST, months)
    morning = stage.instant(date(end.year, end.month, LAST_MORNING), 9)
    store.note("demo_ended_at", str(morning))
    clock.run(morning)
    store.note("demo_accounts", ";".join(office.accounts()))


def _hurry() -> None:
    """Don't wait for the disk after each act: an interrupted demo is made anew anyway (the store says that it is unfinished)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
