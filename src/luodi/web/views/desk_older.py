"""What months long past still ask of somebody: cells reopened or sent back to mend, returns and corrections to accept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from luodi.codebook.values import Permission
from luodi.kernel.period import Period
from luodi.ledger import queries as ledger
from luodi.statistics.queries import filings
from luodi.statistics.rules.owing import came_back, corrections, latest
from luodi.statistics.values.reporting import Filing, Standing
from luodi.web.periods import months_back

LOOKED_BACK = 12  # months


@dataclass(frozen=True)
class Older:
    """`to_mend`: returns of my units with cells asked for again; `to_accept`: what waits for an office I sit in. Oldest first."""

    to_mend: tuple[Filing, ...] = ()
    to_accept: tuple[Filing, ...] = ()


def older(viewer: Any, month: Period, hands: tuple[Permission, ...]) -> Older:
    """Look through the months before the one being reported; a fixed number of queries for each unit the person sits in."""
    labels = [one.label for one in months_back(month, LOOKED_BACK, viewer.profile) if one != month]
    accepts = viewer.may_somewhere(Permission.ACCEPT_FORM)
    if not labels or not (accepts or any(viewer.may_somewhere(one) for one in hands)):
        return Older()
    found = (
        filings.filings(periods=labels)
        if accepts
        else [one for unit in viewer.seats for one in filings.filings(periods=labels, unit=unit)]
    )
    filed: defaultdict[tuple[str, str, str], list[Filing]] = defaultdict(list)
    for one in found:
        filed[(one.period, one.form, one.unit)].append(one)
    sealed = {one.period for one in ledger.seals()}
    asked = tuple(
        whole
        for (period, _, unit), some in sorted(filed.items())
        if (whole := latest(some)) is not None
        and unit in viewer.seats
        and any(viewer.may(one, unit) for one in hands)
        and (whole.standing is Standing.REOPENED or (came_back(some) is not None and period not in sealed))
    )
    waiting = tuple(
        one
        for _, some in sorted(filed.items())
        for one in (latest(some), *corrections(some))
        if accepts and one is not None and one.next_step is not None and one.steps[one.next_step] in viewer.seats
    )
    return Older(asked, waiting)
