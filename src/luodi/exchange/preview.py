"""What an import would change: the first rows, each against the row of the same key that was last known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps

from luodi.exchange.frame import Frame, in_sheet
from luodi.exchange.unchanged import NOT_CONTENT, plain
from luodi.exchange.voids import KEYS
from luodi.ledger.values import FactType

MOST_SHOWN = 50


def changes(
    frame: Frame, type: FactType, columns: Mapping[str, Sequence[Any]], chosen: Sequence[int]
) -> list[dict[str, object]]:
    """Say of the first rows to be taken whether they are new or replace something, and then what differs."""
    table = type.tables[0]
    names = [name for name in table.columns if name not in NOT_CONTENT and name != "known_at"]
    key = KEYS[frame.kind.name][0]
    some = list(chosen[:MOST_SHOWN])
    rows = apps.get_model(table.model).objects.filter(
        **{f"{key[0]}__in": list({columns[key[0]][index] for index in some})}
    )
    last = {
        tuple(row[names.index(name)] for name in key): row
        for row in rows.order_by("known_at", "id").values_list(*names)
    }
    result = []
    for index in some:
        ours = tuple(columns[name][index] for name in names)
        there = last.get(tuple(columns[name][index] for name in key))
        differs = {
            name: [shown(old), shown(new)]
            for name, old, new in zip(names, there or (), ours, strict=False)
            if plain(old) != plain(new)
        }
        change = "new" if there is None else "replaces" if differs else "same"
        result.append(
            {
                "sheet": frame.sheets[in_sheet(frame.numbers[index])[0]],
                "row": in_sheet(frame.numbers[index])[1] + 1,
                "key": [shown(columns[name][index]) for name in key],
                "change": change,
                "differs": differs,
            }
        )
    return result


def shown(cell: Any) -> object:
    """Write a cell for JSON: exact."""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return cell.isoformat() if isinstance(cell, date) else cell
