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
    due = [table for table in ("figures", *layout.BY_PROJECT) if _many(manifest, table) or _heavy(manifest, table)]
    if due:
        with files.engine(folder) as con:
            for table in due:
                join = _figures if table == "figures" else _projects
                manifest = join(con, folder, manifest, table)
    return manifest


def _many(manifest: Manifest, table: str) -> bool:
    return max(len(_later(manifest, table)), len(_later(manifest, layout.replaced(table)))) > MANY


def _heavy(manifest: Manifest, table: str) -> bool:
    """Tell whether the later rows of a table are too many to be read beside its first file."""
    later = _later(manifest, table)
    rows = sum(manifest.rows.get(file, 0) for file in later)
    return len(later) > 2 and rows > LIGHT and rows * HEAVY > manifest.rows.get(manifest.tables[table][0], 0)


def _later(manifest: Manifest, table: str) -> tuple[str, ...]:
    """Give the files of a table after its first."""
    return manifest.tables.get(table, ())[1:]


def _figures(con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, table: str) -> Manifest:
    """Add figures up: later ones alone, or all of them where they have become heavy."""
    first, *later = manifest.tables[table]
    kept = () if _heavy(manifest, table) else (first,)
    joined = later if kept else (first, *later)
    return _joined(con, folder, manifest, table, NETTED, kept=kept, joined=joined)


def _projects(con: duckdb.DuckDBPyConnection, folder: Path, manifest: Manifest, table: str) -> Manifest:
    """
    Leave out what was replaced: of the later files, or of all of them where those have become heavy, so that nothing is replaced afterwards.
    """
    told, standing = layout.replaced(table), manifest.tables.get(table, ())
    replaced = manifest.tables.get(told, ())
    kept = () if _heavy(manifest, table) else standing[:1]
    joined = standing[len(kept) :]
    if joined:
        dead = files.reading(files.paths(folder, manifest, told))
        query = layout.LIVING.replace("{replaced}", dead) if replaced else "FROM {source}"
        manifest = _joined(con, folder, manifest, table, query, kept=kept, joined=joined)
    if kept and replaced:
        return _joined(con, folder, manifest, told, LATEST, kept=(), joined=replaced)
    return replace(manifest, tables={**manifest.tables, told: ()})


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
