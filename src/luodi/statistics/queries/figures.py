"""Figures in force: for pre-filling, for checking against a cell's own past. (Indicators are computed elsewhere, in columns.)"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection

from luodi.statistics.models import Figure
from luodi.statistics.rules.force import VERIFIED, CellOf, FigureRow, VerdictRow, in_force

# Databases take only so many values in one list.
MANY = 5_000


def figures_in_force(
    *,
    subjects: Collection[str],
    measures: Collection[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    basis: str = VERIFIED,
) -> dict[CellOf, FigureRow]:
    """
    Give the figures in force now, by (subject, measure, period), of periods that end in a span.

    Three queries for each 5,000 subjects.
    """
    found: dict[CellOf, FigureRow] = {}
    wanted = sorted(subjects)
    for at in range(0, len(wanted), MANY):
        found |= _in_force(wanted[at : at + MANY], measures, since, until, basis)
    return found


def _in_force(
    subjects: Collection[str], measures: Collection[str] | None, since: date | None, until: date | None, basis: str
) -> dict[CellOf, FigureRow]:
    rows = Figure.objects.filter(subject__in=subjects)
    if measures is not None:
        rows = rows.filter(measure__in=measures)
    if since is not None:
        rows = rows.filter(period_last__gte=since)
    if until is not None:
        rows = rows.filter(period_last__lte=until)
    columns = ("id", "known_at", "subject", "measure", "period", "value", "column", "form", "unit", "accepted_at")
    loaded = [FigureRow(*row) for row in rows.values_list(*columns)]
    return in_force(loaded, verdicts_on(loaded), voids_on(loaded), basis=basis)


def verdicts_on(rows: Collection[FigureRow]) -> Mapping[int, list[VerdictRow]]:
    """Give the verdicts on rows and on their whole facts, by target."""
    targets = {row.id for row in rows} | {row.id | 0xFFFF for row in rows}
    found: defaultdict[int, list[VerdictRow]] = defaultdict(list)
    for part in chunks(sorted(targets)):
        for target, row, known_at, verdict in _told("target, id, known_at, verdict", "ledger_verdict", part):
            found[target].append(VerdictRow(row, known_at, verdict))
    return found


def voids_on(rows: Collection[FigureRow]) -> frozenset[int]:
    """Tell which rows are void."""
    ids = sorted(row.id for row in rows)
    return frozenset(target for part in chunks(ids) for (target,) in _told("target", "ledger_void", part))


def _told(columns: str, table: str, targets: list[int]) -> list[tuple[Any, ...]]:
    """Ask what was said of rows, in the order of the ledger. By hand: Django takes longer over thousands of values than the store."""
    marks = ", ".join(["%s"] * len(targets))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} WHERE target IN ({marks}) ORDER BY known_at, id", targets)
        return list(cursor.fetchall())


def chunks(ids: list[int]) -> list[list[int]]:
    """Cut a list into pieces a database takes."""
    return [ids[at : at + MANY] for at in range(0, len(ids), MANY)]
