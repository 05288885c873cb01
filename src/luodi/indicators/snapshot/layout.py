"""
The columns of the snapshot: what the engine reads, as Parquet. No names, contacts or free text are in it, so that what is erased by
law has no copy here.

Tables keyed by project carry `gen`, the number of the refresh that wrote the row: rows of a project older than its number in
the table's own table of what was replaced are dead. Figures are signed instead: a later file takes away what no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

MONEY = pa.decimal128(38, 14)
TEXT = pa.string()
KNOWN = [("since", pa.int64()), ("until", pa.int64())]
VALID = [("valid_from", pa.date32()), ("valid_to", pa.date32())]

# Columns of a project version that conditions may ask for.
CODES = (
    "host",
    "introducer",
    "lead_department",
    "origin",
    "kind",
    "nature",
    "industry",
    "industry_edition",
    "chain",
    "contract_kind",
)
AMOUNTS = ("total_investment", "fixed_investment")

FIGURES = [
    ("subject", TEXT),
    ("is_unit", pa.bool_()),
    ("measure", TEXT),
    ("first", pa.date32()),
    ("last", pa.date32()),
    ("value", MONEY),
    ("n", pa.int32()),
    ("verified", pa.int64()),  # since when it counts at each level of trust
    ("filed", pa.int64()),
    ("until", pa.int64()),
]
TABLES: Mapping[str, Sequence[tuple[str, pa.DataType]]] = {
    "figures": FIGURES,
    "versions": [
        ("project", TEXT),
        *VALID,
        *KNOWN,
        *((name, TEXT) for name in CODES),
        *((name, MONEY) for name in AMOUNTS),
        ("strategic", pa.bool_()),
        ("excluded", pa.bool_()),
        ("attributes", pa.map_(TEXT, TEXT)),
        ("gen", pa.int32()),
    ],
    "lives": [("project", TEXT), *KNOWN, ("basis", pa.int8()), ("gen", pa.int32())],  # and a day for each stage
    "states": [("project", TEXT), ("stage", TEXT), *VALID, *KNOWN, ("basis", pa.int8()), ("gen", pa.int32())],
    "shares": [
        ("project", TEXT),
        ("role", TEXT),
        ("measure", TEXT),
        *VALID,
        *KNOWN,
        ("unit", TEXT),
        ("num", pa.int64()),
        ("den", pa.int64()),
        ("full", pa.bool_()),
        ("gen", pa.int32()),
    ],
    "lists": [("project", TEXT), ("list", TEXT), *VALID, *KNOWN, ("gen", pa.int32())],
    "plans": [("project", TEXT), ("year", pa.int32()), ("invest", MONEY), *KNOWN, ("gen", pa.int32())],
    "units": [
        ("code", TEXT),
        ("name", TEXT),
        ("parent", TEXT),
        ("kind", TEXT),
        ("group", TEXT),
        ("successor", TEXT),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("id", pa.int64()),
        *KNOWN,
    ],
    "targets": [
        ("unit", TEXT),
        ("indicator", TEXT),
        ("period", TEXT),
        ("kind", TEXT),
        ("source", TEXT),
        ("value", MONEY),
        *KNOWN,
    ],
}
REPLACED = [("project", TEXT), ("gen", pa.int32())]
BY_PROJECT = ("versions", "lives", "states", "shares", "lists", "plans")
# How large files are sorted, so that what a question leaves out lies together and is not read: days past D, measures not
# asked for, what no longer counted by the cut.
SORTED: Mapping[str, str] = {
    "figures": "last, measure, subject",
    "lives": "until, project",
    "states": "stage, until, project",
}
# Rows that one thread reads at a time: a sheet of projects is a few hundred thousand rows, and more than one thread should have some.
ROW_GROUP = {"figures": 122_880}
SMALL_GROUP = 20_480
# The rows of a table of projects that no later row of the project replaced.
LIVING = """
    SELECT t.* FROM {source} t LEFT JOIN (SELECT project, max(gen) AS gen FROM {replaced} GROUP BY project) r
    ON r.project = t.project WHERE r.gen IS NULL OR t.gen >= r.gen
"""
WHOLE = ("units", "targets")  # small: written anew when anything in them changed


def replaced(table: str) -> str:
    """Name the table that tells which projects' rows of a table were replaced, and when."""
    return f"{table}_replaced"


def row_group(table: str) -> int:
    """Tell how many rows of a table lie together in a file."""
    return ROW_GROUP.get(table, SMALL_GROUP)


def schema(table: str, stages: Iterable[str] = ()) -> pa.Schema:
    """Give the Arrow schema of a table; `lives` has a column of days for each stage."""
    columns = list(TABLES.get(table, REPLACED))
    if table == "lives":
        columns += [(stage, pa.date32()) for stage in stages]
    return pa.schema(columns)


def to_arrow(table: str, rows: Iterable[Sequence[object]], stages: Iterable[str] = ()) -> pa.Table:
    """Turn rows, in the order of the schema's columns, into an Arrow table."""
    wanted = schema(table, stages)
    columns = list(zip(*rows, strict=True)) or [()] * len(wanted)
    return pa.table([pa.array(c, type=f.type) for c, f in zip(columns, wanted, strict=True)], schema=wanted)
