"""Joins small files of the snapshot into larger ones, so that reading stays quick however often it was refreshed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from luodi.indicators.snapshot import files, layout
from luodi.indicators.snapshot.files import Manifest

MANY = 12  # later files of a table that are joined into one
HEAVY = 4  # later rows are joined with the first file once they are more than a quarter of it
LIGHT = 1_000  # so few later rows are never heavy, however small the first file is

NETTED = """
    SELECT subject, is_unit, measure, first, last, sum(value)::DECIMAL(38, 14) AS value, sum(n)::INTEGER AS n, verified, filed, until
    FROM {source} GROUP BY ALL HAVING sum(value) <> 0 OR sum(n) <> 0
"""
LATEST = "SELECT project, max(gen)::INTEGER AS gen FROM {source} GROUP BY project"


def compact(folder: Path, manifest: Manifest) -> Manifest:
    """Join what has become many or heavy. What is read stays the same, row for row or sum for sum."""
    if _many(manifest, "figures") or _heavy(manifest, "figures"):
        with files.engine(folder) as con:
            manifest = _figures(con, folder, manifest)
    if _heavy(manifest, *layout.BY_PROJECT) or any(
        _many(manifest, table) for table in (*layout.BY_PROJECT, "replaced")
    ):
        with files.engine(folder) as con:
            manifest = _projects(con, folder, manifest)
    return manifest


def _many(manifest: Manifest, table: str) -> bool:
    return len(_later(manifest, table)) > MANY


def _heavy(manifest: Manifest, *tables: str) -> bool:
    """Tell whether the later rows of some table are too many to be read beside its first file."""
    for table in tables:
        later = _later(manifest, table)
        rows = sum(manifest.rows.get(file, 0) for file in later)
        if len(later) > 2 and rows > LIGHT and rows * HEAVY > manifest.rows.get(manifest.tables[table][0], 0):
            return True
    return False


def _later(manifest: Manifest, table: str) -> tuple[str, ...]:
    """Give the files of a table after its first."""
    return manifest.tables.get(table, ())[1:]


def _figures(con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest) -> Manifest:
    first, *later = manifest.tables["figures"]
    if _heavy(manifest, "figures"):
        return _joined(con, folder, manifest, "figures", NETTED, kept=(), joined=(first, *later))
    return _joined(con, folder, manifest, "figures", NETTED, kept=(first,), joined=later)


def _projects(con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest) -> Manifest:
    """
    Join the later files of every table of projects, what was replaced left out. Where they have become heavy the first file too,
    and nothing is replaced afterwards.
    """
    replaced = files.paths(folder, manifest, "replaced")
    living = layout.LIVING.replace("{replaced}", files.reading(replaced)) if replaced else "FROM {source}"
    heavy = _heavy(manifest, *layout.BY_PROJECT)
    for table in layout.BY_PROJECT:
        standing = manifest.tables.get(table, ())
        first = 0 if heavy else 1
        if standing[first:]:
            manifest = _joined(con, folder, manifest, table, living, kept=standing[:first], joined=standing[first:])
    if heavy:
        return replace(manifest, tables={**manifest.tables, "replaced": ()})
    return _joined(con, folder, manifest, "replaced", LATEST, kept=(), joined=manifest.tables.get("replaced", ()))


def _joined(
    con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, table: str, query: str,
    *, kept: Sequence[str], joined: Sequence[str],
) -> Manifest:  # fmt: skip
    """Write some files of a table as one, by a query, beside those that are kept as they are."""
    name = f"{table}-{manifest.gen:06d}c.parquet"
    source = files.reading([str(folder / file) for file in joined])
    order, group = layout.SORTED.get(table), layout.row_group(table)
    rows = files.copy(con, query.replace("{source}", source), folder / name, order=order, group=group)
    tables = {**manifest.tables, table: (*kept, name)}
    return replace(manifest, tables=tables, rows={**manifest.rows, name: rows})
