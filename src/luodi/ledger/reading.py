"""
Facts streamed in their order, and what stands in their bytes. One consistent view of the store for those that compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from luodi.kernel import digest
from luodi.ledger import projections, registry
from luodi.ledger.columns import Cells
from luodi.ledger.projections import DbRow
from luodi.ledger.values import FactType, Table

BATCH = 200  # facts fetched at a time: an import's fact may be half a megabyte
FACT_COLUMNS = "f.id, f.name, f.version, f.recorded_at, f.actor, f.subject, f.import_id, {body}, f.leaf"


@contextmanager
def one_view() -> Iterator[None]:
    """Read everything inside as of one moment, hindering no writer; in an open transaction, as that one reads."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN DEFERRED"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


@contextmanager
def any_text() -> Iterator[None]:
    """Read text that is none (SQLite keeps whatever bytes somebody put there) with marks in it, instead of breaking off."""
    connection.ensure_connection()
    raw = connection.connection
    if connection.vendor != "sqlite" or raw is None:
        yield
        return
    before, raw.text_factory = raw.text_factory, lambda found: found.decode("utf-8", "replace")
    try:
        yield
    finally:
        raw.text_factory = before


def as_bytes(column: str) -> str:
    """Write a column of bytes for a SELECT: SQLite gives text where somebody's SQL made it text."""
    return f"CAST({column} AS BLOB)" if connection.vendor == "sqlite" else column


def batches(query: str, parameters: Sequence[Any] = ()) -> Iterator[list[DbRow]]:
    """Stream the rows of a query in lists of up to BATCH."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(BATCH):
            yield rows


def stream(query: str, parameters: Sequence[Any] = ()) -> Iterator[DbRow]:
    """Stream the rows of a query in little memory."""
    for rows in batches(query, parameters):
        yield from rows


def facts(after: int = 0, through: int | None = None) -> Iterator[DbRow]:
    """Stream facts by id with FACT_COLUMNS, and their texts as JSON or None, in a last column."""
    yield from stream(
        f"SELECT {FACT_COLUMNS.format(body=as_bytes('f.body'))}, t.texts FROM ledger_fact f LEFT JOIN ledger_facttext t ON t.fact = f.id "
        "WHERE f.id > %s AND f.id <= %s ORDER BY f.id",
        [after, through if through is not None else 2**62],
    )


def bodies(after: int, through: int | None = None) -> Iterator[list[tuple[int, bytes, bytes]]]:
    """Stream id, canonical bytes and stored leaf hash of facts by id, in lists of up to BATCH."""
    yield from batches(
        f"SELECT id, {as_bytes('body')}, {as_bytes('leaf')} FROM ledger_fact WHERE id > %s AND id <= %s ORDER BY id",
        [after, through if through is not None else 2**62],
    )


def leaves_of(rows: Sequence[tuple[int, bytes, bytes]], hashing: digest.Hasher) -> tuple[list[bytes], list[int]]:
    """Hash the bytes of facts anew; give their leaves, and the ids of those that were stored with another."""
    lead = digest.LEAF
    found = [hashing(lead + body).digest() for _id, body, _leaf in rows]
    # One comparison for all, since as good as always they agree.
    if found == [leaf for _id, _body, leaf in rows]:
        return found, []
    return found, [row[0] for row, leaf in zip(rows, found, strict=True) if row[2] != leaf]


@dataclass(frozen=True)
class Opened:
    """A fact's bytes opened: its type (None: no module declares it), its tables' cells, its texts by commitment."""

    id: int
    at: int
    type: FactType | None
    body: Mapping[str, Any]
    words: Mapping[str, tuple[str, str] | None]

    @property
    def texts(self) -> Mapping[str, str | None]:
        """Commitment to text; None where removed."""
        return {commitment: kept and kept[1] for commitment, kept in self.words.items()}

    def tables(self) -> Iterator[tuple[Table, int, Sequence[Cells]]]:
        """Give each table that has rows: its first place, and its cells column by column."""
        place = 0
        for table in self.type.tables if self.type else ():
            rows = self.body["payload"]["rows"].get(table.model, ())
            if rows:
                yield table, place, list(zip(*rows, strict=True))
                place += len(rows)

    def projected(self) -> Iterator[tuple[str, Iterator[DbRow]]]:
        """Give the projection rows of this fact, by table."""
        texts = self.texts
        for table, place, cells in self.tables():
            rows = projections.project(table, fact=self.id, at=self.at, place=place, cells=cells, texts=texts)
            yield table.model, iter(rows)

    def commitments(self) -> Iterator[str]:
        """Give every commitment that stands in the bytes."""
        yield from self.body["payload"]["texts"].values()
        for table, _place, cells in self.tables():
            for name, column in zip(table.columns, cells, strict=True):
                if name in table.texts:
                    yield from (cell for cell in column if cell is not None)


def opened(row: DbRow) -> Opened:
    """Open a row that `facts` gave. Raises ValueError or KeyError if its bytes are not a fact's."""
    fact, _name, _version, at, _actor, _subject, _import, body, _leaf, texts = row
    content = orjson.loads(bytes(body))
    words = {} if texts is None else orjson.loads(texts)
    if not isinstance(words, dict):
        raise ValueError("texts")
    return Opened(fact, at, registry.find(content["name"], content["version"]), content, words)
