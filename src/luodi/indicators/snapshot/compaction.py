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

NETTED = """
    SELECT subject, is_unit, measure, first, last, sum(value)::DECIMAL(38, 14) AS value, sum(n)::INTEGER AS n, verified, filed, until
    FROM ({source}) GROUP BY ALL HAVING sum(value) <> 0 OR sum(n) <> 0
"""
LIVING = """
    SELECT t.* FROM ({source}) t LEFT JOIN (SELECT project, max(gen) AS gen FROM ({replaced}) GROUP BY project) r
    ON r.project = t.project WHERE r.gen IS NULL OR t.gen >= r.gen
"""


def compact(folder: Path, manifest: Manifest) -> Manifest:
    """Join what has become many or heavy. What is read stays the same, row for row or sum for sum."""
    if _due(manifest, "figures"):
        manifest = _figures(folder, manifest)
    if any(_due(manifest, table) for table in (*layout.BY_PROJECT, "replaced")):
        manifest = _projects(folder, manifest)
    return manifest


def _due(manifest: Manifest, table: str) -> bool:
    later = manifest.tables.get(table, ())[1:]
    return len(later) > MANY or _heavy(manifest, table)


def _heavy(manifest: Manifest, table: str) -> bool:
    first, *later = manifest.tables.get(table) or ("",)  # nothing left after a compaction that emptied it
    rows = sum(manifest.rows.get(file, 0) for file in later)
    return bool(later) and rows * HEAVY > manifest.rows.get(first, 0) and len(later) > 2


def _figures(folder: Path, manifest: Manifest) -> Manifest:
    first, *later = manifest.tables["figures"]
    if _heavy(manifest, "figures"):
        name = _copy(folder, manifest, "figures", NETTED.format(source=_source(folder, (first, *later))))
        return _with(folder, manifest, "figures", (name,))
    name = _copy(folder, manifest, "figures", NETTED.format(source=_source(folder, later)))
    return _with(folder, manifest, "figures", (first, name))


def _projects(folder: Path, manifest: Manifest) -> Manifest:
    """Drop what was replaced from every table of projects; nothing is replaced afterwards."""
    replaced = manifest.tables.get("replaced", ())
    for table in layout.BY_PROJECT:
        standing = manifest.tables.get(table, ())
        if standing:
            source = _source(folder, standing)
            query = LIVING.format(source=source, replaced=_source(folder, replaced)) if replaced else source
            manifest = _with(folder, manifest, table, (_copy(folder, manifest, table, query),))
    return replace(manifest, tables={**manifest.tables, "replaced": ()})


def _source(folder: Path, names: Sequence[str]) -> str:
    listed = ", ".join(f"'{folder / name}'" for name in names)
    return f"SELECT * FROM read_parquet([{listed}], union_by_name = true)"


def _copy(folder: Path, manifest: Manifest, table: str, query: str) -> str:
    name = f"{table}-{manifest.gen:06d}c.parquet"
    files.copy(query, folder / name, order=layout.SORTED.get(table), group=layout.row_group(table))
    return name


def _with(folder: Path, manifest: Manifest, table: str, names: tuple[str, ...]) -> Manifest:
    with duckdb.connect() as con:
        found = con.execute(f"SELECT count(*) FROM '{folder / names[-1]}'").fetchone()
    rows = {**manifest.rows, names[-1]: int(found[0]) if found else 0}
    return replace(manifest, tables={**manifest.tables, table: names}, rows=rows)
