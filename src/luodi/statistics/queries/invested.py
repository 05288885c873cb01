"""What was invested in each project month by month, for lights and the project page."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from luodi.codebook import queries as codebook
from luodi.kernel.period import Period
from luodi.statistics.models import Figure
from luodi.statistics.queries.checking import months_own, read_period
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.rules.force import FigureRow

MEASURE = "invest_completed"


def monthly_investment(
    *, since: date, until: date, subjects: list[str] | None = None, measure: str = MEASURE
) -> dict[tuple[str, date], Decimal]:
    """
    Give each project's own months, in yuan, by (project, first day of the month), of periods that end in a span.

    A month of a cumulative column is its difference from the one before, where both are in force.
    """
    profile = codebook.profile()
    if subjects is None:
        rows = Figure.objects.filter(
            measure=measure, subject_kind="project", period_last__gte=since, period_last__lte=until
        )
        subjects = sorted(set(rows.values_list("subject", flat=True)))
    in_force = figures_in_force(subjects=subjects, measures=[measure], since=since, until=until)
    grouped: defaultdict[str, list[tuple[Period, FigureRow]]] = defaultdict(list)
    for key, row in in_force.items():
        label = read_period(key, profile)
        if label is not None:
            grouped[row.subject].append((label, row))
    found: dict[tuple[str, date], Decimal] = {}
    for subject, rows_of in grouped.items():
        rows_of.sort(key=lambda pair: pair[0].last)
        for label, value in months_own(rows_of, profile):
            found[(subject, label.first)] = found.get((subject, label.first), Decimal(0)) + value
    return found
