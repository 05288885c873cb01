"""
Which rows are already loaded: importing a file twice changes nothing.

A row with a known time is compared by all its columns, that time included. One without is known by its file's digest and its row
number there, which the facts of an import carry in their details (`file`, `rows` as ranges counted from 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.apps import apps

from luodi.exchange.frame import Frame
from luodi.exchange.voids import KEYS
from luodi.ledger import queries
from luodi.ledger.values import FactType

# What differs from one loading to the next without meaning anything.
NOT_CONTENT = frozenset({"loaded", "filing"})
NOTHING: tuple[()] = ()


def loaded_rows(import_id: str, names: Iterable[str]) -> frozenset[int]:
    """Give the row numbers (from 0) that earlier imports of the same file have loaded without a known time."""
    from luodi.ledger.models import Fact

    ids = list(
        Fact.objects.filter(import_id=import_id, name__in=list(names)).order_by("id").values_list("id", flat=True)
    )
    found: set[int] = set()
    for fact in ids:
        recorded = queries.fact(fact)
        if recorded is not None:
            found.update(row - 1 for row in from_ranges(str(recorded.details.get("rows", ""))))
    return frozenset(found)


def ranges(numbers: Iterable[int]) -> str:
    """Write row numbers shortly: `2-1001,1005`."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(f"{low}-{high}" if high > low else f"{low}" for low, high in spans)


def from_ranges(text: str) -> Iterable[int]:
    """Read what `ranges` wrote."""
    for part in filter(None, text.split(",")):
        low, _, high = part.partition("-")
        yield from range(int(low), int(high or low) + 1)


def drop_loaded(
    frame: Frame, type: FactType, columns: Mapping[str, Sequence[Any]], known: Sequence[int | None], import_id: str
) -> int:
    """Leave out rows that are loaded already; gives how many."""
    before = len(frame.gone)
    if None in known:
        rows = loaded_rows(import_id, [type.name])
        frame.drop(
            index
            for index, at in enumerate(known)
            if at is None and frame.numbers[index] in rows and index not in frame.bad
        )
    given = [at for at in known if at is not None]
    if given:
        drop_equal(frame, type, columns, known, min(given), max(given))
    return len(frame.gone) - before


def drop_equal(
    frame: Frame,
    type: FactType,
    columns: Mapping[str, Sequence[Any]],
    known: Sequence[int | None],
    first: int,
    last: int,
) -> None:
    """Leave out rows with a known time that equal one loaded earlier, or one above them in the file."""
    table = type.tables[0]
    names = [name for name in table.columns if name not in NOT_CONTENT]
    model = apps.get_model(table.model)
    there = model.objects.filter(loaded=True, known_at__gte=first, known_at__lte=last).order_by()
    seen: set[tuple[Any, ...]] = set()
    if there.exists():
        seen = {tuple(map(plain, row)) for row in there.values_list(*names).iterator(chunk_size=10_000)}
    elif all_differ(frame, columns, known):
        return
    ours = zip(*(list(known) if name == "known_at" else map(plain, columns[name]) for name in names), strict=True)
    for index, row in enumerate(ours):
        if known[index] is None or index in frame.bad or index in frame.gone:
            continue
        if row in seen:
            frame.gone.add(index)
        seen.add(row)


def all_differ(frame: Frame, columns: Mapping[str, Sequence[Any]], known: Sequence[int | None]) -> bool:
    """Tell whether no two rows of the file share key and known time."""
    keys = zip(*(columns[name] for name in KEYS[frame.kind.name][0]), known, strict=True)
    return len(set(keys)) == len(frame)


def plain(cell: Any) -> Any:
    """Make a cell comparable: lists and mappings as text; decimals are equal by value already."""
    if isinstance(cell, dict):
        return (
            str(
                sorted((key, f"{value:f}" if isinstance(value, Decimal) else str(value)) for key, value in cell.items())
            )
            if cell
            else NOTHING
        )
    return tuple(cell) if isinstance(cell, list) else cell
