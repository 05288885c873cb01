"""Reads of the ledger: facts with their words, seals, cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from luodi.ledger import columns, models, reading
from luodi.ledger.reading import Opened
from luodi.ledger.values import Actor, Cut, Recorded, Seal, row_id


def last_fact() -> int:
    """Give the id of the last fact; 0 in an empty ledger. Whoever sees a fact sees all before it."""
    return models.Fact.objects.order_by("-id").values_list("id", flat=True).first() or 0


def fact(id: int) -> Recorded | None:
    """Read one fact."""
    return next(iter(facts(after=id - 1, through=id)), None)


def facts(
    *, after: int = 0, through: int | None = None, names: Iterable[str] | None = None, subject: str | None = None
) -> Iterator[Recorded]:
    """Read facts in their order, of some kinds or about one subject only."""
    wanted = models.Fact.objects.filter(id__gt=after)
    if through is not None:
        wanted = wanted.filter(id__lte=through)
    if names is not None:
        wanted = wanted.filter(name__in=list(names))
    if subject is not None:
        wanted = wanted.filter(subject=subject)
    for batch in _batches(wanted):
        words = models.FactText.objects.in_bulk([row[0] for row in batch])
        for row in batch:
            kept = words.get(row[0])
            yield _recorded(reading.opened((*row, kept.texts if kept else None)))


def _batches(wanted: QuerySet[models.Fact]) -> Iterator[list[tuple[Any, ...]]]:
    after = 0
    chosen = wanted.order_by("id").values_list(
        "id", "name", "version", "recorded_at", "actor", "subject", "import_id", "body", "leaf"
    )
    while batch := list(chosen.filter(id__gt=after)[: reading.BATCH]):
        yield batch
        after = batch[-1][0]


def _recorded(opened: Opened) -> Recorded:
    body, payload = opened.body, opened.body["payload"]
    return Recorded(
        id=opened.id,
        name=body["name"],
        version=body["version"],
        at=opened.at,
        actor=Actor(**body["actor"]),
        subject=body["subject"],
        import_id=body["import"],
        details=payload["details"],
        texts={name: opened.texts.get(commitment) for name, commitment in payload["texts"].items()},
        evidence=tuple(body["evidence"]),
        rows=_rows(opened),
    )


def _rows(opened: Opened) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for table, place, cells in opened.tables():
        known = columns.columns(table.model)
        given = {
            name: opened_cells(known[name], column, opened.texts if name in table.texts else None)
            for name, column in zip(table.columns, cells, strict=True)
        }
        found[table.model] = [
            {"id": row_id(opened.id, place + n), **{name: column[n] for name, column in given.items()}}
            for n in range(len(cells[0]))
        ]
    return found


def opened_cells(column: columns.Column, cells: columns.Cells, texts: Mapping[str, str | None] | None) -> list[Any]:
    """Turn cells of the bytes into Python's values: amounts into decimals, days into dates, instants into numbers."""
    if texts is None and column.kind in READ:
        return [None if cell is None else READ[column.kind](cell) for cell in cells]
    if texts is not None or column.kind != "json":
        return list(columns.decode(column, cells, texts))
    return list(cells)


READ: dict[str, Callable[[str], Any]] = {"decimal": Decimal, "day": date.fromisoformat}


def seals() -> tuple[Seal, ...]:
    """List all seals in order."""
    return tuple(map(_seal, models.Seal.objects.order_by("id")))


def last_seal() -> Seal | None:
    """Give the latest seal."""
    found = models.Seal.objects.order_by("-id").first()
    return None if found is None else _seal(found)


def live_seal(period: str) -> Seal | None:
    """Give the seal of a month (by its label)."""
    found = models.Seal.objects.filter(period=period).first()
    return None if found is None else _seal(found)


def cut_of(period: str) -> Cut | None:
    """Give what was known when a month was sealed, or None if it is not."""
    found = live_seal(period)
    return None if found is None else found.cut


def seal_covering(fact: int) -> Seal | None:
    """Give the seal that covers a fact, or None if none does yet."""
    found = models.Seal.objects.filter(first__lte=fact, through__gte=fact).first()
    return None if found is None else _seal(found)


def _seal(row: models.Seal) -> Seal:
    return Seal(**{name: getattr(row, name) for name in Seal.__dataclass_fields__})


def evidence_of(digests: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """Tell of each stored file its size, media type, and when it was stored and removed; unknown ones are left out."""
    found = models.Evidence.objects.filter(digest__in=list(digests))
    return {
        row.digest: {
            "size": row.size,
            "media_type": row.media_type,
            "stored_at": row.stored_at,
            "removed_at": row.removed_at,
        }
        for row in found
    }
