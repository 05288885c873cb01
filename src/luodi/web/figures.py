"""What pages hand to the projects' lights: each project's investment of the year and the months in which something was spent."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import lru_cache

from luodi.codebook.values import Profile
from luodi.ledger import queries as ledger
from luodi.projects.values.views import Figures
from luodi.statistics.queries import invested


def known_figures(on: date, profile: Profile) -> Figures:
    """Give the figures lights are computed from, kept until the ledger grows."""
    return _known(on, ledger.last_fact(), profile.calendar.accounting_year.of(on).first)


@lru_cache(maxsize=4)
def _known(on: date, fact: int, year_first: date) -> Figures:
    months = invested.monthly_investment(since=date(year_first.year - 1, year_first.month, 1), until=on)
    total: defaultdict[str, Decimal] = defaultdict(Decimal)
    active: defaultdict[str, set[date]] = defaultdict(set)
    for (project, first), value in months.items():
        if value > 0:
            active[project].add(first)
        if first >= year_first:
            total[project] += value
    return Figures(dict(total), {project: frozenset(days) for project, days in active.items()})
