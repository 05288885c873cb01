"""What was invested in each project month by month, for lights and the project page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from luodi.codebook import queries as codebook
from luodi.kernel.keeping import Kept, same
from luodi.kernel.period import Period
from luodi.ledger import following
from luodi.ledger.following import Position
from luodi.statistics.models import Figure
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.queries.moving import figures_moved
from luodi.statistics.queries.pasts import months_own, read_period
from luodi.statistics.rules.force import FigureRow

MEASURE = "invest_completed"


def monthly_investment(
    *, since: date, until: date, subjects: Collection[str] | None = None, measure: str = MEASURE
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
    read: dict[str, Period | None] = {}
    for key, row in in_force.items():
        if key[2] not in read:
            read[key[2]] = read_period(key, profile)
        label = read[key[2]]
        if label is not None:
            grouped[row.subject].append((label, row))
    found: dict[tuple[str, date], Decimal] = {}
    for subject, rows_of in grouped.items():
        rows_of.sort(key=lambda pair: pair[0].last)
        for label, value in months_own(rows_of, profile):
            found[(subject, label.first)] = found.get((subject, label.first), Decimal(0)) + value
    return found


Months = dict[str, dict[date, Decimal]]  # by project and first day of the month


@dataclass(frozen=True)
class Standing:
    """What every project's months were when the ledger stood at a place. Replaced, never changed, when a project's months move."""

    position: Position
    months: Months


STANDINGS: Kept[Standing] = Kept(most=4)  # the days that pages ask for: today, the end of the month being reported


def months_of_all(*, since: date, until: date) -> Months:
    """Give every project's own months; worked out again only for the projects whose figures moved."""
    profile = codebook.profile()
    if not following.may_keep():
        return by_project(monthly_investment(since=since, until=until))
    now = following.position()
    kept = STANDINGS.peek((since, until))
    before = kept[1] if kept is not None and same(kept[0], (profile,)) else None
    found = _brought_up(before, now, since, until)
    STANDINGS.put((since, until), (profile,), found)
    return found.months


def _brought_up(before: Standing | None, now: Position, since: date, until: date) -> Standing:
    """Bring what was known up to now."""
    moved = None if before is None else figures_moved(before.position, now)
    if before is None or moved is None:
        return Standing(now, by_project(monthly_investment(since=since, until=until)))
    anew = by_project(monthly_investment(since=since, until=until, subjects=moved)) if moved else {}
    changed = {code for code in moved if before.months.get(code) != anew.get(code)}
    if not changed:
        return Standing(now, before.months)
    kept = {code: own for code, own in before.months.items() if code not in changed}
    return Standing(now, kept | {code: own for code, own in anew.items() if code in changed})


def by_project(months: dict[tuple[str, date], Decimal]) -> Months:
    """Put months by project."""
    found: Months = {}
    for (code, first), value in months.items():
        found.setdefault(code, {})[first] = value
    return found
