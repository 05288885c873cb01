"""Rules for sealing a period. Pure: values in, problems out, no clock (ledger.md, Seal)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from luodi.kernel.period import AccountingYear, Kind, Period
from luodi.kernel.problem import Problem
from luodi.statistics.values.reporting import FILED, Finding, FormState, Standing

CORRECTION_WAITS = "statistics.seal.correction_waits"


@dataclass(frozen=True)
class SealDossier:
    """Everything the sealing rules may look at, loaded once. `next_to_seal` is None before the first seal."""

    period: Period
    year: AccountingYear
    states: Sequence[FormState]
    open_findings: Sequence[Finding]
    next_to_seal: Period | None
    already_sealed: bool


def seal_problems(dossier: SealDossier, *, today: date) -> list[Problem]:
    """Return every reason this period cannot be sealed today, and what a seal would leave outside, blocking ones first."""
    found = [problem for check in SEAL_CHECKS for problem in check(dossier, today)]
    return sorted(found, key=lambda problem: not problem.blocking)


def the_period_is_a_month(dossier: SealDossier, today: date) -> Iterator[Problem]:
    """Only months are sealed (or January and February as one, where the city counts so)."""
    if (
        dossier.period.kind not in (Kind.MONTH, Kind.JAN_FEB)
        or dossier.year.month_of(dossier.period.first) != dossier.period
    ):
        yield Problem("statistics.seal.not_a_month", where=f"period={dossier.period}")


def the_period_has_ended(dossier: SealDossier, today: date) -> Iterator[Problem]:
    """A period is sealed after it has ended."""
    if today < dossier.period.ends_before:
        yield Problem(
            "statistics.seal.period_not_ended",
            where=f"period={dossier.period}",
            params={"last": dossier.period.last.isoformat()},
        )


def it_is_not_sealed_yet(dossier: SealDossier, today: date) -> Iterator[Problem]:
    """A period is sealed once."""
    if dossier.already_sealed:
        yield Problem("statistics.seal.exists", where=f"period={dossier.period}")


def the_period_before_is_sealed(dossier: SealDossier, today: date) -> Iterator[Problem]:
    """Periods are sealed in order; the first seal may be of any ended month."""
    wanted = dossier.next_to_seal
    if wanted is not None and wanted != dossier.period and not dossier.already_sealed:
        yield Problem("statistics.seal.out_of_order", where=f"period={dossier.period}", params={"next": wanted.label})


def what_is_missing_is_named(dossier: SealDossier, today: date) -> Iterator[Problem]:
    """A missing return doesn't stop a seal: it is named. A form not yet due stands outside."""
    for state in dossier.states:
        params = {"form": state.owed.form, "unit": state.owed.unit}
        if state.standing in FILED:
            if state.standing is not Standing.ACCEPTED:
                yield Problem(
                    "statistics.seal.not_accepted",
                    where=f"form={state.owed.form} unit={state.owed.unit}",
                    params=params,
                    blocking=False,
                )
        elif today <= state.window.due_on:
            yield Problem(
                "statistics.seal.not_due",
                where=f"form={state.owed.form} unit={state.owed.unit}",
                params=params,
                blocking=False,
            )
        else:
            yield Problem(
                "statistics.seal.missing",
                where=f"form={state.owed.form} unit={state.owed.unit}",
                params=params,
                blocking=False,
            )


def waiting_corrections_are_named(dossier: SealDossier, today: date) -> Iterator[Problem]:
    """A correction that waits for an office's word stands outside: the seal takes the figure as it was accepted."""
    for state in dossier.states:
        if state.standing is Standing.ACCEPTED and state.waiting:
            params = {"form": state.owed.form, "unit": state.owed.unit}
            where = f"form={state.owed.form} unit={state.owed.unit}"
            yield Problem(CORRECTION_WAITS, where=where, params=params, blocking=False)


def hard_findings_are_settled(dossier: SealDossier, today: date) -> Iterator[Problem]:
    """A hard finding on an accepted figure blocks; soft ones without an explanation are named."""
    for finding in dossier.open_findings:
        if finding.severity == "hint" or finding.explained is not None:
            continue
        yield Problem(
            finding.code,
            where=f"{finding.subject} {finding.measure}".strip(),
            params=finding.params,
            blocking=finding.severity == "hard",
        )


# The order in which a clerk would check. Add a rule: write it, list it, test it.
SEAL_CHECKS = (
    the_period_is_a_month,
    the_period_has_ended,
    it_is_not_sealed_yet,
    the_period_before_is_sealed,
    what_is_missing_is_named,
    waiting_corrections_are_named,
    hard_findings_are_settled,
)
