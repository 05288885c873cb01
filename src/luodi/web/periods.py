"""Which periods pages speak of."""

from __future__ import annotations

from datetime import date, timedelta

from luodi.codebook.values import Profile
from luodi.kernel import period_words
from luodi.kernel.period import Period
from luodi.kernel.problem import Refused
from luodi.ledger import queries as ledger


def current_month(today: date, profile: Profile) -> Period:
    """Give the month that is being reported: the last one that has ended."""
    year = profile.calendar.accounting_year
    return year.month_of(year.month_of(today).first - timedelta(days=1))


def sealed_month(profile: Profile) -> Period | None:
    """Give the last sealed month."""
    last = ledger.last_seal()
    return None if last is None else profile.calendar.accounting_year.parse(last.period)


def asked_period(label: str | None, *, today: date, profile: Profile) -> Period:
    """Read a period from the address, however it is written (2026-06, 2026年6月, 上半年); without one (or with a wrong one) the last sealed month, else the one being reported."""
    if label:
        try:
            return period_words.read(label, years=profile.calendar.accounting_year, today=today)
        except Refused:
            pass
    return sealed_month(profile) or current_month(today, profile)


def months_back(from_: Period, number: int, profile: Profile) -> list[Period]:
    """List months, newest first."""
    year = profile.calendar.accounting_year
    found = [from_]
    while len(found) < number:
        found.append(year.before(found[-1]))
    return found
