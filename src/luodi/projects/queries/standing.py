"""Rows of projections that stand at a cut: known by then and not void by then. Used by every other query of this module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, Model, OuterRef, QuerySet

from luodi.kernel.instant import END_OF_TIME
from luodi.ledger.models import ProjectionRow, Void
from luodi.ledger.values import WHOLE_FACT, Cut, row_id
from luodi.projects.rules.verdicts import Ruling

M = TypeVar("M", bound=ProjectionRow)
NOW = Cut(END_OF_TIME)


def known(rows: QuerySet[M], cut: Cut) -> QuerySet[M]:
    """Keep the rows known by a cut, in the order of the ledger."""
    if cut.at < END_OF_TIME:
        rows = rows.filter(known_at__lte=cut.at)
    if cut.through is not None:
        rows = rows.filter(id__lte=row_id(cut.through, WHOLE_FACT))
    return rows.order_by("known_at", "id")


def standing(model: type[M], cut: Cut = NOW, **where: Any) -> QuerySet[M]:
    """Give the rows of a projection that stand at a cut, in the order of the ledger."""
    voids = known(Void.objects.filter(target=OuterRef("id")), cut).order_by()
    return known(model._default_manager.filter(**where), cut).filter(~Exists(voids))


def rows(model: type[M], cut: Cut = NOW, **where: Any) -> Iterator[M]:
    """
    Give the rows of `standing`, for the loaders that ask a dozen tables at a time: Django would take longer to put each
    question into words than the database to answer it.

    :param where: columns, to a value or (`column__in`) several values; names come from our own code only
    """
    quote = connection.ops.quote_name
    columns = ", ".join(f"r.{quote(str(field.column))}" for field in model._meta.concrete_fields)
    tests, values = _tests(where)
    yield from model._default_manager.raw(
        f"SELECT {columns} FROM {quote(model._meta.db_table)} r WHERE {tests}{_known('r', cut)} "
        f"AND {_not_void('r', cut)} ORDER BY r.known_at, r.id",
        values,
    )


def of_projects(codes: Collection[str] | None, column: str = "project") -> dict[str, Collection[str]]:
    """Give the filter for some projects, or for all."""
    return {} if codes is None else {f"{column}__in": codes}


def rulings(model: type[Model], cut: Cut = NOW, **where: Any) -> Mapping[int, list[Ruling]]:
    """Give the verdicts on rows of a projection that stand at a cut, by row, oldest first. `where`: as in `rows`."""
    table, (tests, values) = connection.ops.quote_name(model._meta.db_table), _tests(where)
    found: defaultdict[int, list[Ruling]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.target, d.verdict, d.known_at, d.id, d.step, d.reason FROM ledger_verdict d "
            f"WHERE d.target IN (SELECT r.id FROM {table} r WHERE {tests}){_known('d', cut)} AND {_not_void('d', cut)} "
            "ORDER BY d.known_at, d.id",
            values,
        )
        for target, verdict, known_at, row, step, reason in cursor.fetchall():
            found[target].append(Ruling(verdict, known_at, row, step, reason))
    return found


def _known(alias: str, cut: Cut) -> str:
    """Write what a cut asks of a row."""
    at = f" AND {alias}.known_at <= {cut.at}" if cut.at < END_OF_TIME else ""
    return at if cut.through is None else f"{at} AND {alias}.id <= {row_id(cut.through, WHOLE_FACT)}"


def _not_void(alias: str, cut: Cut) -> str:
    return f"NOT EXISTS (SELECT 1 FROM ledger_void v WHERE v.target = {alias}.id{_known('v', cut)})"


def _tests(where: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Write the conditions on columns of the table `r`, with their values apart."""
    tests: list[str] = []
    values: list[Any] = []
    for name, wanted in where.items():
        column, _, several = name.partition("__")
        given = list(wanted) if several == "in" else [wanted]
        marks = ", ".join(["%s"] * len(given))
        tests.append(f"r.{connection.ops.quote_name(column)} IN ({marks})" if given else "1 = 0")
        values += given
    return " AND ".join(tests) or "1 = 1", values
