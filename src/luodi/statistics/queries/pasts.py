"""The past of cells: months' own figures, this year's cumulative ones, and the sum of all before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Form, Profile
from luodi.kernel.period import Period
from luodi.kernel.problem import Refused
from luodi.statistics.checks.dossier import Past
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.rules.force import CellOf, FigureRow
from luodi.statistics.values.reporting import Cell, Owed

Pasts = dict[Cell, list[Past]]


def pasts(owed: Owed, form: Form, period: Period, profile: Profile) -> tuple[Pasts, Pasts, dict[Cell, Decimal]]:
    """
    Give the past of each owed cell: months' own figures (oldest first), this year's cumulative ones, and the sum of all before.

    A month of a cumulative column is the difference from the one before, where both are in force.
    """
    before_day = date.fromordinal(period.first.toordinal() - 1)
    in_force = figures_in_force(subjects=owed.subjects, measures=owed.measures, until=before_day)
    grouped: defaultdict[Cell, list[tuple[Period, FigureRow]]] = defaultdict(list)
    read: dict[str, Period | None] = {}  # a city's figures are of some hundred periods
    for key, row in in_force.items():
        if key[2] not in read:
            read[key[2]] = read_period(key, profile)
        label = read[key[2]]
        if label is not None and row.value is not None:
            grouped[(row.subject, row.measure)].append((label, row))
    past: Pasts = {}
    cumulative: Pasts = {}
    before: dict[Cell, Decimal] = {}
    year = profile.calendar.accounting_year.of(period.last)
    for cell, rows in grouped.items():
        rows.sort(key=lambda pair: pair[0].last)
        past[cell] = months_own(rows, profile)
        if form.column(cell[1]) == "cumulative":
            cumulative[cell] = [
                (label, row.value)
                for label, row in rows
                if row.column == "cumulative" and year.covers(label) and row.value is not None
            ]
        before[cell] = sum_before(rows, profile, skip_year=year.label if form.column(cell[1]) == "cumulative" else "")
    return past, cumulative, before


def read_period(key: CellOf, profile: Profile) -> Period | None:
    """Read a figure's period, or None if the profile counts otherwise now."""
    try:
        return profile.calendar.accounting_year.parse(key[2])
    except Refused:
        return None


def months_own(rows: Sequence[tuple[Period, FigureRow]], profile: Profile) -> list[Past]:
    """Give each month's own figure."""
    year_of = profile.calendar.accounting_year.of
    found: list[Past] = []
    last: dict[str, tuple[Period, Decimal]] = {}
    for label, row in rows:
        if row.value is None:
            continue
        if row.column != "cumulative":
            found.append((label, row.value))
            continue
        year = year_of(label.last)
        before = last.get(year.label)
        if before is not None and before[0].ends_before == label.first:
            found.append((label, row.value - before[1]))
        elif before is None and label.first == year.first:
            found.append((label, row.value))
        last[year.label] = (label, row.value)
    return found


def sum_before(rows: Sequence[tuple[Period, FigureRow]], profile: Profile, *, skip_year: str) -> Decimal:
    """Sum everything before, in-period figures one by one and of each year's cumulative ones the last (`skip_year` left out)."""
    total, last_of_year = Decimal(0), dict[str, Decimal]()
    for label, row in rows:
        if row.value is None:
            continue
        if row.column == "cumulative":
            last_of_year[profile.calendar.accounting_year.of(label.last).label] = row.value
        else:
            total += row.value
    return total + sum((value for year, value in last_of_year.items() if year != skip_year), Decimal(0))
