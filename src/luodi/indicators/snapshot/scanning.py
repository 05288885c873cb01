"""
Reads a whole store for the first build. A large one is read by DuckDB itself where its scanner is installed (the extra
`duckstore`); else, and inside a transaction, row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings
from django.db import connection

from luodi.indicators.snapshot import bulk, layout, store
from luodi.indicators.snapshot.files import Manifest
from luodi.kernel.period import AccountingYear
from luodi.ledger.models import Verdict, Void
from luodi.ledger.values import WHOLE_FACT, row_id
from luodi.projects.models import ProjectVersion
from luodi.statistics.models import Figure

LARGE = 200_000  # figures from which DuckDB's own scanner pays
SCANNERS = {"sqlite": "sqlite_scanner", "postgresql": "postgres_scanner"}
SCANNED = """
    INSERT INTO raw_figure SELECT subject, subject_kind = 'unit', measure, id, known_at, accepted_at, period,
        CAST(value AS DECIMAL(38, 14)), "column" = 'cumulative' FROM {source}statistics_figure WHERE id <= {limit};
    INSERT INTO raw_mark SELECT target, known_at, id, 'void' FROM {source}ledger_void WHERE id <= {limit};
    INSERT INTO raw_mark SELECT target, known_at, id, verdict FROM {source}ledger_verdict
        WHERE id <= {limit} AND verdict <> 'checked';
"""


def build_figures(folder: Path, manifest: Manifest, calendar: AccountingYear, through: int) -> Manifest:
    """Write all figures of facts up to `through` as one file."""
    name = f"figures-{manifest.gen:06d}.parquet"
    with duckdb.connect() as con:
        con.execute(f"SET memory_limit = '2GB'; SET temp_directory = '{folder / 'spill'}'")
        con.execute(bulk.RAW)
        scanner = _scanner()
        if scanner and Figure.objects.count() > LARGE:
            _scan(con, scanner, through)
        else:
            _read(con, through)
        rows = bulk.bulk(con, calendar, folder / name)
    return replace(manifest, tables={**manifest.tables, "figures": (name,)}, rows={**manifest.rows, name: rows})


def all_projects(through: int) -> Iterator[str]:
    """Yield the codes of all projects."""
    rows = ProjectVersion.objects.filter(id__lte=row_id(through, WHOLE_FACT))
    yield from rows.order_by("code").values_list("code", flat=True).distinct()


def _scanner() -> str | None:
    """Name the scanner of this store, if it is installed and what is committed is all there is."""
    name = SCANNERS.get(connection.vendor)
    if name is None or connection.in_atomic_block or find_spec(f"duckdb_extension_{name}") is None:
        return None
    return name


def extension_file(scanner: str) -> Path:
    """Find the scanner's file in the package that carries it; nothing is fetched at run time."""
    found = find_spec(f"duckdb_extension_{scanner}")
    assert found is not None and found.origin is not None  # noqa: S101  _scanner looked before
    return next(Path(found.origin).parent.glob(f"extensions/v{duckdb.__version__}/{scanner}.duckdb_extension"))


def _scan(con: duckdb.DuckDBPyConnection, scanner: str, through: int) -> None:
    con.execute(f"LOAD '{extension_file(scanner)}'")
    if connection.vendor == "sqlite":
        con.execute(f"ATTACH '{connection.settings_dict['NAME']}' AS store (TYPE sqlite, READ_ONLY)")
        source = "store."
    else:
        con.execute(f"ATTACH '{_dsn()}' AS store (TYPE postgres, READ_ONLY)")
        source = "store.public."
    con.execute(SCANNED.format(source=source, limit=row_id(through, WHOLE_FACT)))
    con.execute("DETACH store")


def _dsn() -> str:
    """Write the store's address as libpq wants it."""
    given = settings.DATABASES["default"]
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    given = {**given, "NAME": connection.settings_dict["NAME"]}
    return " ".join(f"{word}={given[key]!s}" for key, word in names.items() if given.get(key))


def _read(con: duckdb.DuckDBPyConnection, through: int) -> None:
    """Copy rows over in batches."""
    limit = row_id(through, WHOLE_FACT)
    figures = Figure.objects.filter(id__lte=limit).values_list(*store.FIGURE_COLUMNS).iterator(5000)
    rows = (
        (subject, kind == "unit", measure, own, known_at, accepted_at, period, value, column == "cumulative")
        for subject, kind, measure, own, known_at, accepted_at, period, value, column in figures
    )
    _insert(con, "raw_figure", rows)
    voids = Void.objects.filter(id__lte=limit).values_list("target", "known_at", "id").iterator(5000)
    _insert(con, "raw_mark", ((target, at, own, "void") for target, at, own in voids))
    verdicts = Verdict.objects.filter(id__lte=limit).exclude(verdict="checked")
    _insert(con, "raw_mark", verdicts.values_list("target", "known_at", "id", "verdict").iterator(5000))


RAW_TYPES = {
    "raw_figure": [
        pa.string(),
        pa.bool_(),
        pa.string(),
        pa.int64(),
        pa.int64(),
        pa.int64(),
        pa.string(),
        layout.MONEY,
        pa.bool_(),
    ],
    "raw_mark": [pa.int64(), pa.int64(), pa.int64(), pa.string()],
}


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Append rows through Arrow, in batches."""
    types = RAW_TYPES[table]
    for part in store.chunks(rows, bulk.BATCH):
        columns = [pa.array(column, type=kind) for column, kind in zip(zip(*part, strict=True), types, strict=True)]
        con.register("part", pa.table(columns, names=[f"c{i}" for i in range(len(types))]))
        con.execute(f"INSERT INTO {table} SELECT * FROM part")
        con.unregister("part")
