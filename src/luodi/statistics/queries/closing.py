"""Period close: what is missing, what is flagged, what a seal would do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from luodi.codebook.values import Profile
from luodi.kernel.period import Period
from luodi.ledger import queries as ledger
from luodi.statistics.queries import batch, owing
from luodi.statistics.rules.sealing import SealDossier
from luodi.statistics.values.reporting import FILED, Finding, FormState


def seal_dossier(*, period: Period, profile: Profile, today: date) -> SealDossier:
    """Load everything the sealing rules may look at."""
    states = owing.form_states(period=period, profile=profile, today=today)
    return SealDossier(
        period=period,
        year=profile.calendar.accounting_year,
        states=states,
        open_findings=filed_findings(states, period=period, profile=profile),
        next_to_seal=next_to_seal(profile),
        already_sealed=ledger.live_seal(period.label) is not None,
    )


def next_to_seal(profile: Profile) -> Period | None:
    """Give the month after the last sealed one; None before the first seal, which may be of any ended month."""
    last = ledger.last_seal()
    year = profile.calendar.accounting_year
    return None if last is None else year.after(year.parse(last.period))


def filed_findings(states: Iterable[FormState], *, period: Period, profile: Profile) -> list[Finding]:
    """Check again what was filed, as it stands in the returns that left the house."""
    left = [state for state in states if state.standing in FILED]
    return [finding for one in batch.checked(left, period=period, profile=profile) for finding in one.findings]
