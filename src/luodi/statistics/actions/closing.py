"""Sealing a period 封账."""

from __future__ import annotations

from datetime import date

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import queries as ledger
from luodi.ledger import seals
from luodi.ledger.values import Actor, Seal
from luodi.statistics.queries import closing
from luodi.statistics.rules.sealing import seal_problems


class CannotSeal(Refused):
    """The period is not ready. `problems` says what is missing and where; those that don't block are named in the seal."""

    code = "statistics.seal.refused"


def seal_period(*, period: Period, profile: Profile, actor: Actor, today: date) -> Seal:
    """
    Seal a period for the whole city; what is missing, not accepted or not yet due is named in the seal's fact.

    :raises NotAllowed: if the person may not seal
    :raises CannotSeal: if any blocking problem is found
    """
    permissions.require(actor.person, Permission.SEAL_PERIOD, on=today)
    problems = seal_problems(closing.seal_dossier(period=period, profile=profile, today=today), today=today)
    if any(problem.blocking for problem in problems):
        raise CannotSeal(*problems)

    def nobody_sealed_meanwhile() -> None:
        if ledger.live_seal(period.label) is not None:
            raise CannotSeal(Problem("statistics.seal.exists", where=f"period={period}"))

    return seals.seal_period(
        period=period,
        actor=actor,
        profile_digest=codebook.digest(profile),
        profile_body=codebook.canonical(profile),
        today=today,
        calendar=profile.calendar.accounting_year,
        dossier={"named": [f"{problem.code} {problem.where}" for problem in problems]},
        recheck=nobody_sealed_meanwhile,
    )
