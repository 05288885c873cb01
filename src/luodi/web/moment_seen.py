"""Forms of the moment as a viewer may see them: projects before signing are veiled here too. No HTTP answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from luodi.projects.queries import cards, lists
from luodi.statistics.values.asking import Asking
from luodi.statistics.values.moment import Collected


def veiled(asking: Asking, by: lists.Viewer) -> Asking:
    """Give a table with the rows of projects that the viewer may not know by name under their code names, and nothing known of them."""
    if asking.of != "project":
        return asking
    lines = cards.cards(on=by.on, profile=by.profile)
    rows = tuple(
        row
        if (card := lines.get(row.subject)) is None or by.names_show(card)
        else replace(row, label=by.face(card).label, values={}, known={})
        for row in asking.rows
    )
    return replace(asking, rows=rows)


def veiled_rows(rows: list[Collected], by: lists.Viewer, *, of: str) -> list[dict[str, Any]]:
    """Give collected rows as lines: a veiled project by its code name, without its code and what was filed about it."""
    lines = cards.cards(on=by.on, profile=by.profile) if of == "project" else {}
    found = []
    for row in rows:
        card = lines.get(row.subject)
        shows = card is None or by.names_show(card)
        label = row.label if shows or card is None else by.face(card).label
        found.append(
            {
                "unit": row.unit,
                "label": label,
                "code": row.subject if shows else "",
                "values": row.values if shows else {},
                "shows": shows,
            }
        )
    return found
