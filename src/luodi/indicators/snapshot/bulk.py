"""
Resolves many figures at once, in columns: the first build of a large store.

Most figures are alone in their period, filed once, accepted at most once, in-period and of one kind of period for their subject
and measure; for them the rules come down to one comparison. All others go through the rules one subject and measure at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from luodi.indicators.snapshot import files, layout, resolve
from luodi.indicators.values import FigureRow, Mark
from luodi.kernel.instant import END_OF_TIME
from luodi.kernel.period import AccountingYear

# What bulk() expects in its connection.
RAW = """
    CREATE TABLE IF NOT EXISTS raw_figure (subject VARCHAR, is_unit BOOLEAN, measure VARCHAR, id BIGINT, known_at BIGINT,
        accepted_at BIGINT, period VARCHAR, value DECIMAL(38, 14), cumulative BOOLEAN);
    CREATE TABLE IF NOT EXISTS raw_mark (target BIGINT, moment BIGINT, id BIGINT, what VARCHAR);
"""
MARKED = """
    CREATE TABLE marked AS
        SELECT f.id AS row, m.moment, m.id, m.what FROM raw_figure f JOIN raw_mark m ON m.target = f.id
        UNION ALL SELECT f.id, m.moment, m.id, m.what FROM raw_figure f JOIN raw_mark m ON m.target = (f.id | 65535)
"""
INTRICATE = """
    CREATE TABLE intricate AS
        SELECT DISTINCT subject, is_unit, measure FROM raw_figure
        WHERE cumulative OR value IS NULL OR id IN (SELECT row FROM marked WHERE what NOT IN ('accepted', 'verified'))
        UNION
        SELECT subject, is_unit, measure FROM raw_figure JOIN period USING (period)
        GROUP BY ALL HAVING count(*) > count(DISTINCT period) OR min(rank) < max(rank)
"""
SIMPLE = f"""
    CREATE TABLE simple AS
        WITH heard AS (SELECT row, min(moment) AS moment FROM marked GROUP BY row)
        SELECT f.subject, f.is_unit, f.measure, p.first, p.last, f.value, 1::INTEGER AS n,
               CASE WHEN f.accepted_at IS NULL AND h.moment IS NULL THEN {END_OF_TIME}::BIGINT
                    ELSE greatest(f.known_at, least(f.accepted_at, h.moment)) END AS verified,
               f.known_at AS filed, {END_OF_TIME}::BIGINT AS until
        FROM raw_figure f JOIN period p USING (period) LEFT JOIN heard h ON h.row = f.id
        ANTI JOIN intricate i ON i.subject = f.subject AND i.is_unit = f.is_unit AND i.measure = f.measure
"""
RESOLVED = "SELECT * FROM simple UNION ALL BY NAME SELECT * FROM resolved"
BATCH = 200_000


def bulk(con: duckdb.DuckDBPyConnection, calendar: AccountingYear, target: Path) -> int:
    """
    Resolve everything in raw_figure and raw_mark into one Parquet file of figures, sorted; give its number of rows.
    """
    _periods(con, calendar)
    for statement in (MARKED, INTRICATE, SIMPLE):
        con.execute(statement)
    empty = layout.to_arrow("figures", [])
    con.register("empty_figures", empty)
    con.execute("CREATE TABLE resolved AS SELECT * FROM empty_figures")
    for rows in _batched(_intricate(con, calendar)):
        con.register("batch", layout.to_arrow("figures", rows))
        con.execute("INSERT INTO resolved SELECT * FROM batch")
        con.unregister("batch")
    con.execute(
        f"COPY ({RESOLVED} ORDER BY {layout.SORTED['figures']}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )
    files.settle(target)
    found = con.execute(f"SELECT count(*) FROM '{target}'").fetchone()
    return int(found[0]) if found else 0


def _periods(con: duckdb.DuckDBPyConnection, calendar: AccountingYear) -> None:
    """Read every label that occurs once."""
    con.execute("CREATE TABLE period (period VARCHAR, first DATE, last DATE, rank INTEGER, year_first DATE)")
    labels = [row[0] for row in con.execute("SELECT DISTINCT period FROM raw_figure").fetchall()]
    for label in labels:
        period, rank, year_first = resolve.period_of(label, calendar)
        con.execute("INSERT INTO period VALUES (?, ?, ?, ?, ?)", [label, period.first, period.last, rank, year_first])


def _intricate(con: duckdb.DuckDBPyConnection, calendar: AccountingYear) -> Iterator[tuple[Any, ...]]:
    """Take the other keys one at a time through the rules."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    wanted = "SELECT f.* FROM raw_figure f SEMI JOIN intricate i USING (subject, is_unit, measure)"
    said = con.execute(f"SELECT m.* FROM marked m SEMI JOIN ({wanted}) f ON f.id = m.row ORDER BY m.moment, m.id")
    while rows := said.fetchmany(BATCH):
        for row, at, own, what in rows:
            marks[row].append(Mark(at, own, what))
    cursor = con.cursor().execute(
        "SELECT f.subject, f.is_unit, f.measure, f.id, f.known_at, f.accepted_at, f.period, f.value, f.cumulative "
        "FROM raw_figure f SEMI JOIN intricate i USING (subject, is_unit, measure) ORDER BY 1, 2, 3"
    )
    for key, own_rows in groupby(_fetched(cursor), key=lambda row: row[:3]):
        figures = [_figure(row, calendar) for row in own_rows]
        yield from resolve.figure_rows((key[0], key[1], key[2]), resolve.contributions(figures, marks))


def _figure(row: tuple[Any, ...], calendar: AccountingYear) -> FigureRow:
    _, _, _, own, known_at, accepted_at, label, value, cumulative = row
    period, rank, year_first = resolve.period_of(label, calendar)
    return FigureRow(own, known_at, accepted_at, period.first, period.last, rank, year_first, cumulative, value)


def _fetched(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(BATCH):
        yield from rows


def _batched(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    batch: list[tuple[Any, ...]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
