"""`luodi init --demo`: make the synthetic city by replaying its acts through the services, month by month."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import DatabaseError, connection

from luodi.codebook import queries as codebook
from luodi.demo import script
from luodi.demo.month import Month
from luodi.demo.office import Office
from luodi.demo.script import Life
from luodi.demo.stage import Stage
from luodi.kernel.period import add_months, month
from luodi.ledger import clock, making, queries, store
from luodi.ledger.making import BUILDING, BUILT, DEMO

FIRST = date(2024, 1, 1)  # the profile's go-live month
LAST_MORNING = 2  # the demo ends in the morning of the second day after its last month: some have filed, some haven't
DATABASE = "luodi.sqlite3"
# Of an embedded store, in the order in which they go: while the database is there it says that it is unfinished, and a
# log left over from a database that is gone is thrown away by SQLite itself.
PARTS = ("snapshot", "evidence", "imports", DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")


@dataclass(frozen=True)
class Progress:
    """How far the making has come: months done of all, seconds gone, seconds still to go as far as can be told."""

    label: str
    done: int
    months: int
    gone: int
    to_go: int


def build(*, seed: int, projects: int, months: int, progress: Callable[[Progress], None] | None = None) -> None:
    """
    Fill a new synthetic store with the demo city. Until it is finished, the store refuses every other use.

    :param projects: how many records, leads included
    :param months: how many months are replayed, from 2024-01 on; all but the last are sealed
    :raises NotEmpty: if the store holds facts
    :raises SecondServer: if the very store is being made already
    """
    with _alone():
        facts = queries.last_fact()
        if facts:
            raise making.NotEmpty(where=making.place(), facts=facts)
        store.note(DEMO, BUILDING)
        with store.provisional():
            _play(seed=seed, projects=projects, months=months, tell=progress or (lambda news: None))
        store.note(DEMO, BUILT)


def _alone() -> AbstractContextManager[object]:
    return nullcontext() if connection.vendor == "postgresql" else store.hold_server_lock()


def _play(*, seed: int, projects: int, months: int, tell: Callable[[Progress], None]) -> None:
    begun = time.monotonic()
    rng = Random(seed)  # noqa: S311  a demo, not a secret
    stage = Stage(rng=rng, profile=codebook.profile(), first=FIRST)
    office = Office(stage)
    lives = script.lives(rng, number=projects, first=FIRST, number_of_months=months)
    office.open(add_months(FIRST, months))
    office.load_history([life for life in lives if life.began < FIRST])
    for n in range(months):
        first = add_months(FIRST, n)
        period = month(first.year, first.month)
        Month(stage, office, lives, period, last=n == months - 1).play()
        tell(_news(period.label, n + 1, months, lives, time.monotonic() - begun))
    end = add_months(FIRST, months)
    morning = stage.instant(date(end.year, end.month, LAST_MORNING), 9)
    store.note("demo_ended_at", str(morning))
    clock.run(morning)
    store.note("demo_accounts", ";".join(office.accounts()))


def _news(label: str, done: int, months: int, lives: Sequence[Life], gone: float) -> Progress:
    """Estimate what is left: a month takes as long as there are projects in it."""
    alive = [sum(life.began < add_months(FIRST, n + 1) for life in lives) for n in range(months)]
    to_go = gone * sum(alive[done:]) / max(1, sum(alive[:done]))
    return Progress(label, done, months, round(gone), round(to_go))


def discard_unfinished() -> None:
    """
    Throw away an embedded demo store whose making was broken off; leave any other store as it is.

    :raises SecondServer: if it is being made right now
    """
    home = Path(settings.HOME)
    if connection.vendor == "postgresql" or not (home / DATABASE).exists() or not _is_unfinished():
        return
    with store.hold_server_lock():
        connection.close()
        for name in PARTS:
            part = home / name
            if part.is_dir():
                shutil.rmtree(part)
            else:
                part.unlink(missing_ok=True)


def _is_unfinished() -> bool:
    try:
        known = store.notes()
    except DatabaseError:  # no tables yet, or none of ours: `making.make` says what it is
        return False
    return known.get("synthetic") == "yes" and known.get(DEMO) == BUILDING
