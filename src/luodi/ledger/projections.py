"""
From facts to rows of the projection tables: the one projector, used when an act is written and when all is rebuilt.

Rows are plain tuples written with executemany (COPY on PostgreSQL), never model instances: an import has 100,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection

from luodi.ledger import columns
from luodi.ledger.columns import Cells
from luodi.ledger.values import PLACE_BITS, Table

DbRow = tuple[Any, ...]
COPY_FROM = 100  # so many rows at a time are worth a COPY


def project(
    table: Table, *, fact: int, at: int, place: int, cells: Sequence[Cells], texts: Mapping[str, str | None]
) -> Iterable[DbRow]:
    """
    Make the database rows of one table of a fact, in the order of the model's columns.

    :param at: when the fact was recorded
    :param place: of the table's first row in the fact
    :param cells: column by column in the table's order, as they stand in the bytes
    :param texts: commitment to words; None where removed by law
    """
    count = len(cells[0]) if cells else 0
    first = (fact << PLACE_BITS) + place
    given = dict(zip(table.columns, cells, strict=True))
    known = given.get("known_at", ())
    made: list[Iterable[Any]] = []
    for name, column in columns.columns(table.model).items():
        if name == "id":
            made.append(range(first, first + count))
        elif name == "known_at":
            made.append([at if cell is None else columns.instant_of(cell) for cell in known] or [at] * count)
        elif name in given:
            made.append(columns.decode(column, given[name], texts if name in table.texts else None))
        elif name == "loaded":
            made.append([cell is not None for cell in known] or [False] * count)
        else:
            made.append([columns.default_cell(column)] * count)
    return zip(*made, strict=True)


def insert(model: str, rows: Iterable[DbRow]) -> None:
    """Write rows that have all columns of a model, in its order."""
    meta = apps.get_model(model)._meta
    quote = connection.ops.quote_name
    names = [one.column for one in meta.concrete_fields]
    into = f"{quote(meta.db_table)} ({', '.join(map(quote, names))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = iter(rows)
            few = list(islice(rows, COPY_FROM))
            if len(few) == COPY_FROM:
                _copy(cursor, into, few, rows)
                return
            rows = few
        cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(names))})", rows)  # type: ignore[arg-type]


def _copy(cursor: Any, into: str, *batches: Iterable[DbRow]) -> None:
    with cursor.cursor.copy(f"COPY {into} FROM STDIN") as copying:
        for batch in batches:
            for row in batch:
                copying.write_row(row)
