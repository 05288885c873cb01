"""What owning offices do with submissions: accept, send back, take an acceptance back, reopen a cell; and explaining findings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.ledger import actions as ledger
from luodi.ledger import queries as seals
from luodi.ledger.values import WHOLE_FACT, Act, Actor, row_id
from luodi.statistics import facts_workflow as facts
from luodi.statistics.actions.filing import owed_form
from luodi.statistics.checks.finding import fingerprint_of, key_of
from luodi.statistics.queries import filings
from luodi.statistics.rules import filing as rules
from luodi.statistics.values.reporting import Cell, Filing, Finding


class CannotJudge(Refused):
    """This submission can't be dealt with like this now. `problems` says why."""

    code = "filing.refused"


class CannotReopen(Refused):
    """These cells can't be reopened. `problems` says why."""

    code = "filing.refused"


def judge(
    *,
    submission: int,
    verdict: str,
    unit: str,
    actor: Actor,
    today: date,
    reason: str = "",
    expected: int | None = None,
) -> Filing:
    """
    Accept (`accepted`), send back (`sent_back`) or take an acceptance back (`withdrawn`) as one step of the chain.

    :param unit: the unit that acts; the person must sit in it
    :param expected: how many judgements the person saw; another number means somebody was quicker
    :raises NotAllowed: if the person doesn't sit there
    :raises CannotJudge: if it isn't the unit's turn, a reason is missing, or somebody was quicker
    """
    permissions.require_seat(actor.person, Permission.ACCEPT_FORM, unit=unit, on=today)
    found = _fitting(submission, verdict, unit, reason, expected)
    ledger.record(
        [verdict_act(found, verdict, unit, reason)], actor=actor, recheck=lambda: _still(found, verdict, unit, reason)
    )
    return _again(submission)


def accept_several(*, submissions: Collection[int], unit: str, actor: Actor, today: date) -> list[Filing]:
    """
    Accept several clean submissions at once, all or none.

    :raises CannotJudge: naming each that can't be accepted
    """
    permissions.require_seat(actor.person, Permission.ACCEPT_FORM, unit=unit, on=today)
    found = filings.filings(ids=submissions)
    missing = set(submissions) - {one.id for one in found}
    problems = [Problem("filing.not_there", where=str(one)) for one in sorted(missing)]
    for one in found:
        problems += rules.judge_problems(
            one, verdict="accepted", unit=unit, reason="", sealed=False, expected_steps=None
        )
    refuse_if_any(problems, CannotJudge)

    def nobody_was_quicker() -> None:
        for one in found:
            _still(one, "accepted", unit, "")

    ledger.record([verdict_act(one, "accepted", unit, "") for one in found], actor=actor, recheck=nobody_was_quicker)
    return filings.filings(ids=submissions)


def verdict_act(filing: Filing, verdict: str, unit: str, reason: str) -> Act:
    """Build the act of a verdict; agreeing to an inner step of the chain is `checked`, to the last `accepted`."""
    step = filing.next_step if filing.next_step is not None else len(filing.steps) - 1
    word = "checked" if verdict == "accepted" and step < len(filing.steps) - 1 else verdict
    row = (row_id(filing.fact, WHOLE_FACT), word, step, unit, reason or None)
    return Act(
        facts.FORM_JUDGED, subject=f"form:{filing.form}:{filing.period}:{filing.unit}", rows={"ledger.Verdict": [row]}
    )


def _fitting(submission: int, verdict: str, unit: str, reason: str, expected: int | None) -> Filing:
    found = filings.filing(submission)
    sealed = found is not None and seals.live_seal(found.period) is not None
    problems = list(
        rules.judge_problems(found, verdict=verdict, unit=unit, reason=reason, sealed=sealed, expected_steps=expected)
    )
    refuse_if_any(problems, CannotJudge)
    assert found is not None  # noqa: S101  refused above otherwise
    return found


def _still(seen: Filing, verdict: str, unit: str, reason: str) -> None:
    """Refuse if anybody dealt with the submission since it was looked at. Runs under the lock."""
    _fitting(seen.id, verdict, unit, reason, len(seen.judgements))


def _again(submission: int) -> Filing:
    found = filings.filing(submission)
    assert found is not None  # noqa: S101  it was there a moment ago
    return found


def reopen_cells(
    *, profile: Profile, form: str, period: Period, unit: str, cells: Sequence[Cell], acting_for: str, reason: str,
    actor: Actor, today: date, due_on: date | None = None,
) -> int:  # fmt: skip
    """
    Ask a unit to file some cells of an accepted return again; they keep their values until replaced. Gives the fact.

    :param acting_for: the owning office that asks; the person must sit in it
    :raises CannotReopen: if the return isn't accepted, a cell wasn't asked for, or the reason is missing
    """
    permissions.require_seat(actor.person, Permission.REOPEN_CELL, unit=acting_for, on=today)
    owed = owed_form(profile=profile, form=form, period=period, unit=unit)
    found = filings.return_of(form=form, period=period.label, unit=unit)
    refuse_if_any(rules.reopen_problems(found, cells, owed, reason=reason, sealed=False), CannotReopen)
    rows = [(form, period.label, unit, subject, measure, due_on, reason) for subject, measure in cells]
    act = Act(facts.CELL_REOPENED, subject=f"form:{form}:{period}:{unit}", rows={"statistics.Reopening": rows})
    return ledger.record([act], actor=actor)[0]


def explain(*, findings: Sequence[Finding], words: str, actor: Actor, today: date) -> list[int]:
    """
    Explain findings of one unit, all with the same words; each stays quiet until the values it saw change. Gives the facts.

    :raises CannotJudge: if there are no words
    """
    for unit in {finding.unit for finding in findings}:
        permissions.require(actor.person, Permission.EXPLAIN_FINDING, unit=unit, on=today)
    if not words.strip():
        raise CannotJudge(*(Problem("filing.reason_missing", where=finding.subject) for finding in findings))
    return ledger.record([explanation_act(finding, words.strip()) for finding in findings], actor=actor)


def explanation_act(finding: Finding, words: str) -> Act:
    """Build the act of explaining one finding."""
    row = (
        key_of(finding),
        fingerprint_of(finding),
        finding.check,
        finding.subject,
        finding.period,
        finding.unit,
        words,
    )
    subject = f"finding:{finding.check}:{finding.subject}"
    return Act(facts.FINDING_EXPLAINED, subject=subject, rows={"statistics.Explanation": [row]})
