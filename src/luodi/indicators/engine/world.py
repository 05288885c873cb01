"""
The snapshot as Ibis tables, and each of them as of a day and a cut. Nothing here knows an indicator.

This package is the only place that speaks Ibis. Expressions carry no engine's own SQL, so that another engine can take them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.expr.operations import UnboundTable

from luodi.indicators.snapshot import files, layout
from luodi.indicators.snapshot.files import Manifest
from luodi.indicators.values import VERIFIED, Question

# Days and instants that no question has: they stand for the question's own in kept expressions.
SYMBOLS: Mapping[str, Any] = {
    "first": date(1001, 1, 11),
    "last": date(1002, 2, 12),
    "year_first": date(1003, 3, 13),
    "year": 1_900_000_004,
    "cut": 4_611_686_018_427_000_005,
}


class Text(NamedTuple):
    """An expression as the engine reads it, and the tables of the snapshot that it reads."""

    sql: str
    tables: frozenset[str]


# Expressions kept as text, for every thread: a program asks a few hundred shapes of question at most.
TEXTS: dict[Hashable, Text] = {}
MOST_TEXTS = 1000


def _written(value: date | int) -> str:
    """Write a day or a number as an expression's text has it."""
    return f"MAKE_DATE({value.year}, {value.month}, {value.day})" if isinstance(value, date) else str(value)


Mark = tuple[int, int, int]  # of a file: inode, time, size


@dataclass(frozen=True)
class World:
    """Every table of one snapshot, open in one thread."""

    con: duckdb.DuckDBPyConnection
    manifest: Manifest
    lent: set[str] = field(default_factory=set)
    marks: Mapping[str, Mark] = field(default_factory=dict)  # of its files
    read: set[str] = field(default_factory=set)  # the tables that were read since it was opened or forgot

    def table(self, name: str) -> ir.Table:
        """Give a table with what was replaced left out."""
        return _unbound(name, layout.schema(name, self.manifest.stages))

    def known(self, name: str, question: Question) -> ir.Table:
        """Give the rows of a table as of the question's cut (and at its basis, where rows have one)."""
        return at(self.table(name), question)

    def valid(self, name: str, question: Question) -> ir.Table:
        """Give the rows that hold at D, as of the question's cut."""
        found = self.table(name)
        day = ibis.literal(question.last)
        return at(found, question).filter(found.valid_from <= day, found.valid_to > day)

    @property
    def stages(self) -> frozenset[str]:
        """Tell which stages have a column of first days."""
        return frozenset(self.manifest.stages)

    def lend(self, name: str, rows: pa.Table) -> ir.Table:
        """Put a small table beside the snapshot for the expressions of one question."""
        self.lent.add(name)
        self.con.register(name, rows)
        return _unbound(name, rows.schema)

    def fetch(self, key: Hashable, question: Question, build: Callable[[Question], ir.Table]) -> list[tuple[Any, ...]]:
        """Run an expression and give its rows as Python values; decimals come as Decimal."""
        return self.con.execute(self._text(key, question, build)).fetchall()

    def columns(self, key: Hashable, question: Question, build: Callable[[Question], ir.Table]) -> pa.Table:
        """Run an expression and give its columns, whole: for what is read on in columns."""
        return self.con.execute(self._text(key, question, build)).to_arrow_table()

    def _text(self, key: Hashable, question: Question, build: Callable[[Question], ir.Table]) -> str:
        """
        Write an expression as the engine reads it.

        Building an expression takes longer than running it. So it is built once, of days and instants that are only symbols, and
        kept under its key; each question puts its own in their place. `key` names everything else that shapes it.
        """
        asked = (key, question.basis, question.role, question.list_, question.span, self.manifest.stages)
        text = TEXTS.get(asked)
        if text is None:
            found = build(replace(question, **SYMBOLS))
            tables = frozenset(one.name for one in found.op().find(UnboundTable)) & layout.TABLES.keys()
            text = Text(ibis.to_sql(found, dialect="duckdb", pretty=False), tables)
            if len(TEXTS) >= MOST_TEXTS:
                TEXTS.clear()
            TEXTS[asked] = text
        self.read.update(text.tables)
        sql = text.sql
        for name, symbol in SYMBOLS.items():
            sql = sql.replace(_written(symbol), _written(getattr(question, name)))
        return sql

    def forget(self) -> None:
        """Take back what was lent, and begin anew with what is read."""
        self.read.clear()
        for name in self.lent:
            self.con.unregister(name)
        self.lent.clear()


def _unbound(name: str, schema: pa.Schema) -> ir.Table:
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


def at(table: ir.Table, question: Question) -> ir.Table:
    """Keep the rows that count as of the question's cut."""
    level = "verified" if question.basis == VERIFIED else "filed"
    since = table[level] if level in table.columns else table.since
    conditions = [since <= question.cut, table.until > question.cut]
    if "basis" in table.columns:
        conditions.append((table.basis & question.basis) != 0)
    return table.filter(conditions)


# So few are added up by one thread: two take a fifth more of the processor, and others wait for it.
FEW_FIGURES = 1_000_000


def open_world(folder: Path, manifest: Manifest, *, threads: int | None = None) -> World:
    """Open a snapshot for reading."""
    con = duckdb.connect()
    con.execute("SET memory_limit = '3GB'; SET enable_progress_bar = false")
    counts = (manifest.rows.get(file, FEW_FIGURES) for file in manifest.tables.get("figures", ()))
    few = sum(counts) < FEW_FIGURES
    if threads or few:
        con.execute(f"SET threads = {threads or 1}")
    for name in layout.TABLES:
        _show(con, folder, manifest, name)
    return World(con, manifest, marks=marks_of(folder, manifest))


def follow(world: World, folder: Path, manifest: Manifest) -> World:
    """Take a world on to a later snapshot of the folder: only the tables that have other files are opened anew."""
    marks, before = marks_of(folder, manifest), world.manifest
    if before.stages != manifest.stages or any(marks.get(file, mark) != mark for file, mark in world.marks.items()):
        return open_world(folder, manifest)  # it was built anew, under the names of old files
    world.forget()
    for name in layout.TABLES:
        if _source(folder, before, name) != _source(folder, manifest, name):
            _show(world.con, folder, manifest, name)
    return World(world.con, manifest, marks=marks)


def _source(folder: Path, manifest: Manifest, name: str) -> str | None:
    """Write what a table is read from, what was replaced left out; None if it has no files."""
    own, replaced = (files.paths(folder, manifest, one) for one in (name, layout.replaced(name)))
    if not own:
        return None
    if not replaced:
        return f"FROM {files.reading(own)}"
    return layout.LIVING.format(source=files.reading(own), replaced=files.reading(replaced))


def _show(con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, name: str) -> None:
    """Give a table its name: a view of its files, or of none of its rows."""
    source = _source(folder, manifest, name)
    if source is None:
        source = f"FROM no_{name}"
        con.register(f"no_{name}", layout.to_arrow(name, [], manifest.stages))
    con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {source}")


def standing(folder: Path, manifest: Manifest) -> dict[str, tuple[object, ...]]:
    """Tell for each table what its rows rest on: while that is equal, they are."""
    marks = marks_of(folder, manifest)
    found: dict[str, tuple[object, ...]] = {}
    for name in layout.TABLES:
        names = (*manifest.tables.get(name, ()), *manifest.tables.get(layout.replaced(name), ()))
        found[name] = (manifest.profile, manifest.stages, *((file, marks.get(file)) for file in names))
    return found


def marks_of(folder: Path, manifest: Manifest) -> dict[str, Mark]:
    """Tell the files of a snapshot from others of their names; one that is gone has no mark."""
    found: dict[str, Mark] = {}
    for name in manifest.files:
        with suppress(FileNotFoundError):
            one = (folder / name).stat()
            found[name] = (one.st_ino, one.st_mtime_ns, one.st_size)
    return found
