"""
The snapshot's folder: files that never change, and a manifest that names those which count.

A refresh writes new files, then puts a new manifest in the old one's place in one step. Killed at any moment, it leaves the
snapshot as it was before or as it is after; files nobody names are swept by the next refresh.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

FORMAT = 2
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """Which files count, which facts they cover (`through`, whose leaf hash is `leaf`), and what of the profile they rest on."""

    through: int = 0
    leaf: str = ""
    profile: str = ""  # the accounting year and the stages that the files were resolved by
    gen: int = 0
    stages: tuple[str, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)  # by file
    previous: tuple[str, ...] = ()  # of the manifest before, which a reader may still hold

    @property
    def files(self) -> frozenset[str]:
        """Give every file that counts."""
        return frozenset(file for files in self.tables.values() for file in files)


def load(folder: Path) -> Manifest | None:
    """Read the manifest; None if there is none or it is of another format."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if found.pop("format", None) != FORMAT:
        return None
    found["tables"] = {table: tuple(files) for table, files in found["tables"].items()}
    return Manifest(**{**found, "stages": tuple(found["stages"]), "previous": tuple(found["previous"])})


def commit(folder: Path, manifest: Manifest, *, before: Manifest | None) -> Manifest:
    """Put the manifest in place of the one before, durably, and sweep what neither names."""
    manifest = replace(manifest, previous=tuple(sorted(before.files)) if before else ())
    draft = folder / f"{MANIFEST}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, **asdict(manifest)}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / MANIFEST)
    _sync(folder)
    sweep(folder, manifest)
    return manifest


def sweep(folder: Path, manifest: Manifest) -> None:
    """Remove files that no manifest names any more."""
    kept = manifest.files | set(manifest.previous)
    for file in [*folder.glob("*.parquet"), *folder.glob("*.unsorted")]:
        if file.name not in kept:
            file.unlink(missing_ok=True)


def write(folder: Path, name: str, table: pa.Table) -> str:
    """Write one file, durably, and give its name."""
    path = folder / name
    pq.write_table(table, path, compression="zstd", row_group_size=122_880)
    settle(path)
    return name


@contextmanager
def engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open what sorts and joins files of a folder."""
    with duckdb.connect() as con:
        con.execute(f"SET memory_limit = '2GB'; SET temp_directory = {quoted(folder / 'spill')}")
        yield con


def copy(
    con: duckdb.DuckDBPyConnection, query: str, path: Path, *, order: str | None = None, group: int = 122_880
) -> int:
    """Write what a query gives to a file, durably, in the order of some columns, `group` rows together; give how many."""
    sorted_by = f" ORDER BY {order}" if order else ""
    written = con.execute(
        f"COPY (({query}){sorted_by}) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group})"
    ).fetchone()
    settle(path)
    return int(written[0]) if written else 0


class Stream:
    """Writes one file in parts, so that a large table never stands in memory whole; sorted at the end, if it is to be."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema, *, order: str | None, group: int) -> None:
        self.path, self.name, self.rows, self.order, self.group = folder / name, name, 0, order, group
        self._draft = self.path.with_suffix(".unsorted") if order else self.path
        self._writer = pq.ParquetWriter(self._draft, schema, compression="zstd")

    def add(self, table: pa.Table) -> None:
        """Write a part."""
        self._writer.write_table(table, row_group_size=self.group)
        self.rows += table.num_rows

    def close(self) -> None:
        """End the file, durably."""
        self._writer.close()
        if self.order:
            with engine(self.path.parent) as con:
                copy(con, f"FROM {reading([str(self._draft)])}", self.path, order=self.order, group=self.group)
            self._draft.unlink()
        else:
            settle(self.path)


def settle(path: Path) -> None:
    """Make a written file durable."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one refresh at a time into the folder; others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def paths(folder: Path, manifest: Manifest, table: str) -> Sequence[str]:
    """Give the files of a table as paths."""
    return [str(folder / file) for file in manifest.tables.get(table, ())]


def reading(found: Sequence[str]) -> str:
    """Write what reads files as one table, in the words of the engine."""
    return f"read_parquet([{', '.join(map(quoted, found))}])"


def quoted(path: Path | str) -> str:
    """Write a path in the words of the engine."""
    return "'" + str(path).replace("'", "''") + "'"
