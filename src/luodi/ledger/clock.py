"""
The store's clock. Read only at the edges (commands, pages, API, jobs) and by the writer under its lock.

A store made synthetic may have its clock set: running on from a given instant, or standing still at one, so that equal
seeds give equal bytes. In any other store the clock is the database's own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date

from django.db import connection

from luodi.kernel import instant
from luodi.kernel.problem import Refused
from luodi.ledger import store

OFFSET, STANDS = "clock_offset", "clock_stands_at"


class ClockIsReal(Refused):
    """Only a store that was made synthetic may have its clock set."""

    code = "ledger.clock.real"


def now() -> int:
    """Tell the store's time, as an instant."""
    return shown(real(), store.notes())


def today() -> date:
    """Tell the store's day in the city's time zone."""
    return instant.day_of(now())


def real() -> int:
    """Read the database's own clock; an embedded database's is this machine's."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
            (found,) = cursor.fetchone()
            return int(found)
    return time.time_ns() // 1000


def shown(real: int, notes: Mapping[str, str]) -> int:
    """Tell what the store's clock shows at a real instant, given its notes."""
    if notes.get("synthetic") != "yes":
        return real
    stands = notes.get(STANDS)
    return int(stands) if stands else real + int(notes.get(OFFSET, "0"))


def stand(at: int) -> None:
    """Make a synthetic store's clock stand at an instant (facts still get later times one after another)."""
    _only_synthetic()
    store.note(STANDS, str(at))


def run(at: int) -> None:
    """Make a synthetic store's clock run on from an instant."""
    _only_synthetic()
    store.note(OFFSET, str(at - real()))
    store.note(STANDS, "")


def _only_synthetic() -> None:
    if not store.nature().synthetic:
        raise ClockIsReal()
