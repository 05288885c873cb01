"""A form's grid: rows, columns, what was typed, what was filed last period and a year ago. Values for the page, no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from luodi.codebook.values import Form, Measure, Profile
from luodi.kernel.money import YUAN_IN, round_away
from luodi.kernel.period import Period
from luodi.projects.queries import cards
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.rules.filing import cell_key
from luodi.statistics.values.reporting import Owed


@dataclass(frozen=True)
class Column:
    """A measure as a column: its head says unit and kind of column."""

    measure: Measure
    column: str
    required: bool


@dataclass(frozen=True)
class GridCell:
    """One cell: its name, what was typed, last period's and last year's value in the filing unit, whether it may be typed now."""

    key: str
    typed: str
    before: str
    year_ago: str
    open: bool
    known: str = ""


@dataclass(frozen=True)
class GridRow:
    """One project (or the unit itself)."""

    subject: str
    label: str
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
    *,
    form: Form,
    owed: Owed,
    period: Period,
    profile: Profile,
    kept: Any,
    open_cells: frozenset[Any] | None,
    notes: Mapping[Any, Any],
) -> list[GridRow]:
    """Build the grid: two queries for the past, none that grows with rows."""
    year = profile.calendar.accounting_year
    before, ago = year.before(period), year.year_before(period)
    past = figures_in_force(
        subjects=owed.subjects, measures=owed.measures, since=min(ago.first, before.first), until=period.last
    )
    lines = cards.cards(on=period.last, profile=profile)
    heads = columns(form, profile)

    def value(subject: str, measure: Measure, label: str) -> str:
        row = past.get((subject, measure.id, label))
        return plain(row.value, measure) if row else ""

    def cell(subject: str, head: Column) -> GridCell:
        key = cell_key((subject, head.measure.id))
        typed = kept.cells.get(key, "")
        text = typed.get("text", "") if isinstance(typed, dict) else str(typed)
        return GridCell(
            key=key,
            typed=text,
            before=value(subject, head.measure, before.label),
            year_ago=value(subject, head.measure, ago.label),
            open=open_cells is None or (subject, head.measure.id) in open_cells,
            known=value(subject, head.measure, period.label),
        )

    return [
        GridRow(
            subject=subject,
            label=(lines[subject].version.name or subject) if subject in lines else subject,
            cells=tuple(cell(subject, head) for head in heads),
            note=kept.notes.get(subject, {}),
            note_before=notes.get(subject, {}),
        )
        for subject in owed.subjects
    ]
