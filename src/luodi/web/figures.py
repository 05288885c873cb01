"""What pages hand to the projects' lights: each project's investment of the year and the months in which something was spent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Profile
from luodi.kernel.keeping import Kept
from luodi.projects.values.views import Figures
from luodi.statistics.queries import invested

KNOWN: Kept[Figures] = Kept(most=4)


def known_figures(on: date, profile: Profile) -> Figures:
    """Give the figures lights are computed from: the very same ones until a project's months move."""
    first = profile.calendar.accounting_year.of(on).first
    months = invested.months_of_all(since=date(first.year - 1, first.month, 1), until=on)
    return KNOWN.get((on, first), (months,), lambda: _known(months, first))


def _known(months: Mapping[str, Mapping[date, Decimal]], year_first: date) -> Figures:
    total: dict[str, Decimal] = {}
    active: dict[str, frozenset[date]] = {}
    for project, own in months.items():
        spent = frozenset(first for first, value in own.items() if value > 0)
        if spent:
            active[project] = spent
        of_year = [value for first, value in own.items() if first >= year_first]
        if of_year:
            total[project] = sum(of_year, Decimal(0))
    return Figures(total, active)
