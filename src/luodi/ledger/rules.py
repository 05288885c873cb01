"""When a period may be sealed. Pure: values in, problems out. Source: ledger.md, Seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from luodi.kernel.period import AccountingYear, Period
from luodi.kernel.problem import Problem
from luodi.ledger.values import Seal


@dataclass(frozen=True)
class Sealing:
    """Everything the rules may look at."""

    period: Period
    calendar: AccountingYear
    today: date
    seals: tuple[Seal, ...]


def seal_problems(sealing: Sealing) -> list[Problem]:
    """Return every reason why the period can't be sealed."""
    return [problem for check in SEAL_CHECKS for problem in check(sealing)]


def it_is_a_reporting_month(sealing: Sealing) -> Iterator[Problem]:
    """Only months (or the merged January-February) are sealed."""
    month = sealing.calendar.month_of(sealing.period.first)
    if month != sealing.period:
        yield Problem(
            "ledger.seal.not_a_month", f"period={sealing.period}", {"period": str(sealing.period), "month": str(month)}
        )


def it_has_ended(sealing: Sealing) -> Iterator[Problem]:
    """A period is sealed after its last day."""
    if sealing.today < sealing.period.ends_before:
        params = {
            "period": str(sealing.period),
            "from": sealing.period.ends_before.isoformat(),
            "today": sealing.today.isoformat(),
        }
        yield Problem("ledger.seal.not_ended", f"period={sealing.period}", params)


def it_is_not_sealed_yet(sealing: Sealing) -> Iterator[Problem]:
    """A period is sealed once."""
    for seal in sealing.seals:
        if seal.period == sealing.period.label:
            yield Problem(
                "ledger.seal.exists", f"period={sealing.period}", {"period": str(sealing.period), "hash": seal.hash}
            )


def the_one_before_is_sealed(sealing: Sealing) -> Iterator[Problem]:
    """Periods are sealed in order; the first seal may be of any."""
    if not sealing.seals or sealing.period.label in {seal.period for seal in sealing.seals}:
        return
    next_first = sealing.seals[-1].period_last + timedelta(days=1)
    if sealing.period.first != next_first:
        due = str(sealing.calendar.month_of(next_first))
        yield Problem(
            "ledger.seal.out_of_order",
            f"period={sealing.period}",
            {"period": str(sealing.period), "last": sealing.seals[-1].period, "due": due},
        )


# The order in which a clerk would check.
SEAL_CHECKS = (it_is_a_reporting_month, it_has_ended, it_is_not_sealed_yet, the_one_before_is_sealed)
