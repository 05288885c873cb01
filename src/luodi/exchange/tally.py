"""How many rows of an import are new, replace something, or say what stands already: of all rows, not only those shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps

from luodi.exchange.frame import Frame, in_sheet
from luodi.exchange.preview import shown
from luodi.exchange.unchanged import NOT_CONTENT, plain
from luodi.exchange.voids import KEYS
from luodi.ledger.values import FactType

MOST_CELLS = 6  # of a new row in the preview
AT_A_TIME = 5_000  # keys asked for in one query


def tally(frame: Frame, type: FactType, columns: Mapping[str, Sequence[Any]], chosen: Sequence[int]) -> dict[str, int]:
    """Count the chosen rows by what they do: `new`, `replaces`, `same`; each against the row of its key that was last known."""
    found: Counter[str] = Counter()
    for low in range(0, len(chosen), AT_A_TIME):
        found.update(_changes(frame, type, columns, chosen[low : low + AT_A_TIME]))
    return {name: found[name] for name in ("new", "replaces", "same")}


def add_content(
    changes: Iterable[dict[str, object]], frame: Frame, type: FactType, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Add to each row that is new what it says, beside its key: the first cells that hold anything."""
    key = KEYS[frame.kind.name][0]
    names = [name for name in type.tables[0].columns if name not in NOT_CONTENT and name not in (*key, "known_at")]
    places = {in_sheet(number): index for index, number in enumerate(frame.numbers)}
    for change in changes:
        if change["change"] == "new":
            index = places[frame.sheets.index(str(change["sheet"])), int(str(change["row"])) - 1]
            cells = [(name, shown(columns[name][index])) for name in names]
            change["content"] = [(name, cell) for name, cell in cells if cell not in (None, "", [], {})][:MOST_CELLS]


def _changes(frame: Frame, type: FactType, columns: Mapping[str, Sequence[Any]], some: Sequence[int]) -> Iterator[str]:
    table = type.tables[0]
    names = [name for name in table.columns if name not in NOT_CONTENT and name != "known_at"]
    key = KEYS[frame.kind.name][0]
    rows = apps.get_model(table.model).objects.filter(
        **{f"{key[0]}__in": list({columns[key[0]][index] for index in some})}
    )
    places = [names.index(name) for name in key]
    last = {tuple(row[place] for place in places): row for row in rows.order_by("known_at", "id").values_list(*names)}
    for index in some:
        there = last.get(tuple(columns[name][index] for name in key))
        if there is None:
            yield "new"
        else:
            differs = any(plain(old) != plain(columns[name][index]) for name, old in zip(names, there, strict=True))
            yield "replaces" if differs else "same"
