"""Files that came back into a draft, and the cells where they disagree: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from luodi.statistics.models import Draft
from luodi.statistics.models_parts import DraftPart
from luodi.statistics.rules import merging
from luodi.statistics.values.asking import Asking, Conflict, Part


def kept_cells(asking: Asking) -> dict[str, str]:
    """Give what stands in the draft, by cell."""
    return {f"{row.subject}|{column}": text for row in asking.rows for column, text in row.values.items()}


def parts_of(asking: Asking) -> list[Part]:
    """List the files that came back into a draft, oldest first."""
    rows = DraftPart.objects.filter(form=asking.form, period=asking.period, unit=asking.unit).defer("content")
    return [as_value(row) for row in rows.order_by("id")]


def as_value(row: DraftPart) -> Part:
    """Give a file as rules look at it."""
    return Part(
        row.id or 0, row.name, row.digest, row.by, row.at, row.part, row.cells, row.base, row.settled, len(row.faults)
    )


def conflicts_of(asking: Asking, parts: Sequence[Part]) -> list[Conflict]:
    """List the cells where somebody has to choose."""
    kept = Draft.objects.filter(form=asking.form, period=asking.period, unit=asking.unit).first()
    who = {key: mark[1] for key, mark in kept.marks.items()} if kept is not None else {}
    return merging.conflicts(kept_cells(asking), parts, who)


def waiting_conflicts(*, form: str, period: str, unit: str, asking: Callable[[], Asking]) -> int:
    """Count the cells that wait for a choice; the table is only built where files came back at all."""
    if not DraftPart.objects.filter(form=form, period=period, unit=unit).exists():
        return 0
    table = asking()
    return len(conflicts_of(table, parts_of(table)))
