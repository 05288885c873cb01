"""Rows of projections that stand at a cut: known by then and not void by then. Used by every other query of this module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from luodi.kernel.instant import END_OF_TIME
from luodi.ledger.models import ProjectionRow, Verdict, Void
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


def of_projects(codes: Collection[str] | None, column: str = "project") -> dict[str, Collection[str]]:
    """Give the filter for some projects, or for all."""
    return {} if codes is None else {f"{column}__in": codes}


def rulings(model: type[Model], cut: Cut = NOW, **where: Any) -> Mapping[int, list[Ruling]]:
    """Give the verdicts on rows of a projection that stand at a cut, by row, oldest first."""
    voids = known(Void.objects.filter(target=OuterRef("id")), cut).order_by()
    targets = model._default_manager.filter(**where).values("id")
    found: defaultdict[int, list[Ruling]] = defaultdict(list)
    for verdict in known(Verdict.objects.filter(target__in=targets), cut).filter(~Exists(voids)):
        found[verdict.target].append(
            Ruling(verdict.verdict, verdict.known_at, verdict.id, verdict.step, verdict.reason)
        )
    return found
