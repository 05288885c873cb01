"""A form's grid: rows, columns, what was typed, what was filed last period and a year ago. Values for the page, no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from luodi.codebook.values import Form, Measure, Profile
from luodi.kernel.money import YUAN_IN, round_away
from luodi.kernel.typed import read_number
from luodi.statistics.rules.asking import plain as plain_number
from luodi.statistics.rules.moment import is_number
from luodi.statistics.values.asking import NOTE, AskedColumn, AskedRow, Asking


@dataclass(frozen=True)
class Column:
    """A measure as a column: its head says unit and kind of column."""

    measure: Measure
    column: str
    required: bool


@dataclass(frozen=True)
class GridCell:
    """One cell: its name and column, what was typed, last period's and last year's, whether it may be typed now, what was filed, what proves it."""

    key: str
    column: AskedColumn
    typed: str
    before: str
    year_ago: str
    open: bool
    filed: str = ""
    evidence: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class GridRow:
    """One project (or the unit itself)."""

    subject: str
    label: str
    known: tuple[str, ...]
    cells: tuple[GridCell, ...]
    note: Mapping[str, str]
    note_before: Mapping[str, str]


def columns(form: Form, profile: Profile) -> list[Column]:
    """Give the form's columns."""
    found = []
    for item in form.measures:
        measure = profile.measure(item.measure)
        if measure is not None:
            found.append(Column(measure, item.column, item.required))
    return found


def plain(value: Decimal | None, measure: Measure) -> str:
    """Write a kept value as it is typed: in the filing unit, without needless zeros."""
    if value is None:
        return ""
    scale = YUAN_IN.get(measure.filed_in, Decimal(1)) if measure.unit == "money" else Decimal(1)
    return f"{round_away(value / scale, measure.places).normalize():f}"


def rows(
    asking: Asking,
    *,
    typed: Mapping[str, str] | None = None,
    notes: Mapping[Any, Any] | None = None,
    before: Mapping[Any, Any] | None = None,
    evidence: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[GridRow]:
    """
    Lay a table out as a grid.

    :param typed: what somebody just typed that could not be saved: it stands in the cells instead of the draft
    :param evidence: by cell which kinds it takes and which files it has, of measures that take any
    :param notes: each row's words as typed so far, `before` those of the last period, to copy forward
    """
    shown = [column for column in asking.columns if not column.id.startswith(NOTE)]
    return [
        GridRow(
            subject=row.subject,
            label=row.label,
            known=tuple(row.known.get(one.id, "") for one in asking.known),
            cells=tuple(cell(asking, row, column, typed or {}, evidence or {}) for column in shown),
            note=(notes or {}).get(row.subject, {}),
            note_before=(before or {}).get(row.subject, {}),
        )
        for row in asking.rows
    ]


def cell(
    asking: Asking,
    row: AskedRow,
    column: AskedColumn,
    typed: Mapping[str, str],
    evidence: Mapping[str, Mapping[str, Any]],
) -> GridCell:
    """Lay out one cell."""
    key = f"{row.subject}|{column.id}"
    return GridCell(
        key=key,
        column=column,
        typed=typed.get(key, row.values.get(column.id, "")),
        before=row.before.get(column.id, ""),
        year_ago=row.ago.get(column.id, ""),
        open=asking.open(row.subject, column.id),
        filed=row.filed.get(column.id, ""),
        evidence=evidence.get(key),
    )


def totals(asking: Asking, found: list[GridRow]) -> list[tuple[str, str | None]]:
    """Add up each column as it stands, in the order of the columns: "" where nothing is filled, None for one of words."""
    sums: dict[str, Decimal] = {}
    for row in found:
        for one in row.cells:
            text = one.typed if one.open and one.typed else one.filed or one.typed
            if one.column.numeric and is_number(text):
                sums[one.column.id] = sums.get(one.column.id, Decimal(0)) + (read_number(text) or Decimal(0))
    return [
        (column.id, (plain_number(sums[column.id]) if column.id in sums else "") if column.numeric else None)
        for column in asking.columns
        if not column.id.startswith(NOTE)
    ]
