"""`luodi rebuild`: empty every projection and fill it again from the facts, in one transaction under the lock."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from django.apps import apps
from django.db import connection

from luodi.ledger import projections, reading, registry, store
from luodi.ledger.projections import DbRow
from luodi.ledger.reading import Opened

FACTS_AT_ONCE = 100  # of up to 1,000 rows each


def rebuild() -> dict[str, int]:
    """
    Make all projections anew; give the number of rows by table. All or nothing.

    :raises Busy, ReadOnly, DiskFull: as any writer
    """
    with store.writing():
        counts = dict.fromkeys(registry.models(), 0)
        with connection.cursor() as cursor:
            for model in counts:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(apps.get_model(model)._meta.db_table)}")
        for batch in _batches():
            for model, rows in _by_model(batch).items():
                counts[model] += len(rows)
                projections.insert(model, rows)
        return counts


def _batches() -> Iterator[list[Opened]]:
    last = 0
    while batch := [reading.opened(row) for row in islice(reading.facts(last), FACTS_AT_ONCE)]:
        yield batch
        last = batch[-1].id


def _by_model(batch: list[Opened]) -> dict[str, list[DbRow]]:
    found: dict[str, list[DbRow]] = {}
    for model, rows in chain.from_iterable(opened.projected() for opened in batch):
        found.setdefault(model, []).extend(rows)
    return found
