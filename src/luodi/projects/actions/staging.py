"""
Stages: claimed with evidence, verified by whom the profile names, sent back, withdrawn, voided, corrected.

An act stores what it resolved from the profile (verifiers as units, whether another unit must verify), so that a later profile
never changes what an old claim meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from luodi.codebook import queries as codebook
from luodi.codebook.values.organisation import Permission
from luodi.identity.rules import standing as seats
from luodi.kernel import instant
from luodi.kernel.problem import Problem
from luodi.ledger.models import Evidence
from luodi.ledger.values import Act, Actor, Row, fact_of
from luodi.projects import facts_workflow as facts
from luodi.projects import models
from luodi.projects.actions.office import Desk, desk, refuse, unchanged, write
from luodi.projects.queries import load
from luodi.projects.queries.acts import authors
from luodi.projects.queries.standing import standing as rows_standing
from luodi.projects.rules import nodes, stages
from luodi.projects.values.drafts import Decision, StageClaim
from luodi.projects.values.rows import Dossier, Event, Status

WANT = frozenset({"events", "shares", "duties"})


def claim_stages(claims: Sequence[StageClaim], *, actor: Actor, today: date) -> list[int]:
    """
    Claim that projects entered a stage, one fact each. A stage without a verifier counts at once.

    :raises NotAllowed: if the person may not claim for a project
    :raises Changed: if a project's stages changed since `expected` (its dossier's `last_event`)
    :raises NotPossible: if the transition is closed, or fields, evidence or a verifier are missing
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        files = load.dossiers({claim.project for claim in claims}, want=WANT)
        kept = kept_digests([*_digests(claims)])
        problems: list[Problem] = []
        for claim in claims:
            who.require(Permission.CLAIM_STAGE, files[claim.project])
            problems += _claim_problems(claim, files[claim.project], who, kept)
        problems += _twice(claims)
        refuse(problems)
        return [_claim_act(claim, files[claim.project], who) for claim in claims]

    return write(ready, actor=actor)


def _claim_problems(
    claim: StageClaim, dossier: Dossier, who: Desk, kept: frozenset[str], without: int | None = None
) -> list[Problem]:
    where = f"project={claim.project} stage={claim.stage}"
    theirs = {"state": stages.state(stages.standing(dossier.events), date.max)}
    lost = [digest for digests in claim.evidence.values() for digest in digests if digest not in kept]
    return [
        *unchanged(claim.expected, dossier.last_event, where=where, theirs=theirs),
        *stages.claim_problems(dossier, claim, unit=who.unit, profile=who.profile, today=who.today, without=without),
        *(Problem("project.evidence.unknown", where, {"found": digest}) for digest in lost),
    ]


def _twice(claims: Sequence[StageClaim]) -> list[Problem]:
    """A project may be claimed once in an act: the second claim's transition depends on the first."""
    codes = [claim.project for claim in claims]
    twice = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    return [Problem("project.stage.twice_at_once", f"project={code}", {"found": code}) for code in twice]


def _digests(claims: Sequence[StageClaim]) -> list[str]:
    return [digest for claim in claims for digests in claim.evidence.values() for digest in digests]


def kept_digests(digests: Sequence[str]) -> frozenset[str]:
    """Tell which of these evidence files are kept and have not been removed by law."""
    if not digests:
        return frozenset()
    return frozenset(Evidence.objects.filter(digest__in=set(digests), removed_at=None).values_list("digest", flat=True))


def lost_files(digests: Sequence[str], where: str) -> list[Problem]:
    """Name the evidence files that are not kept here, or were removed by law."""
    kept = kept_digests(digests)
    return [Problem("project.evidence.unknown", where, {"found": one}) for one in digests if one not in kept]


def _claim_act(claim: StageClaim, dossier: Dossier, who: Desk) -> Act:
    row = _stage_row(claim, dossier, who)
    return Act(
        facts.STAGE_CLAIMED,
        f"project:{claim.project}",
        {"projects.StageEvent": [row]},
        evidence=tuple(dict.fromkeys(_digests([claim]))),
    )


def _stage_row(claim: StageClaim, dossier: Dossier, who: Desk) -> Row:
    rule = stages.rule_of(who.profile, claim.stage, claim.occurred_on)
    units = stages.verifiers(rule, dossier.version, unit=who.unit, profile=who.profile) if rule else ()
    files = [(kind, digest) for kind, digests in claim.evidence.items() for digest in digests]
    return (
        claim.project,
        claim.stage,
        claim.occurred_on,
        claim.month_only,
        None if units else instant.start_of(who.today),  # an earlier instant counts from when the row is known
        [digest for _kind, digest in files],
        [kind for kind, _digest in files],
        claim.note.strip() or None,
        who.unit,
        ";".join(units),
        bool(rule and units and not rule.own_unit_may_verify),
    )


# --- deciding -------------------------------------------------------------------------------------


def verify_stages(decisions: Sequence[Decision], *, actor: Actor, today: date) -> list[int]:
    """
    Agree to claimed stages, one fact each. Where several must agree in order, the last agreement makes the claim count.

    :raises NotAllowed: if the person does not sit in the unit whose turn it is
    :raises Changed: if somebody decided meanwhile
    :raises NotPossible: if a claim doesn't wait, is the unit's own, or the stage before is not verified yet
    """

    def check(event: Event, dossier: Dossier, who: Desk) -> list[Problem]:
        who.require_seat(Permission.VERIFY_STAGE, stages.turn(event))
        return [*stages.verify_problems(dossier, event, profile=who.profile), *_own(event, who)]

    def verdict(event: Event) -> tuple[str, int, str]:
        return ("verified" if stages.is_last_step(event) else "checked", event.step, stages.turn(event))

    return _decide(decisions, check, verdict, actor=actor, today=today)


def send_back_stages(decisions: Sequence[Decision], *, actor: Actor, today: date) -> list[int]:
    """
    Send claimed stages back with a reason: they are no longer filed, and may be claimed anew.

    :raises NotAllowed, Changed: as in `verify_stages`
    :raises NotPossible: if a claim doesn't wait, or the reason is missing
    """

    def check(event: Event, dossier: Dossier, who: Desk) -> list[Problem]:
        who.require_seat(Permission.VERIFY_STAGE, stages.turn(event))
        return [*_waiting(event), *_own(event, who)]

    return _decide(
        decisions,
        check,
        lambda event: ("sent_back", event.step, stages.turn(event)),
        actor=actor,
        today=today,
        reason=True,
    )


def withdraw_verifications(decisions: Sequence[Decision], *, actor: Actor, today: date) -> list[int]:
    """
    Take a verification back with a reason: the claim waits again from its first step.

    :raises NotAllowed: if the person neither sits in the last verifier's unit nor may void rows
    :raises NotPossible: if the stage is not verified, or the reason is missing
    """

    def check(event: Event, dossier: Dossier, who: Desk) -> list[Problem]:
        last = event.verifiers[-1] if event.verifiers else ""
        if not seats.acts_for(who.who, Permission.VERIFY_STAGE, unit=last):
            who.require(Permission.VOID_ROWS, dossier)
        where = f"project={event.project} stage={event.stage}"
        if event.status is Status.VERIFIED:
            return []
        return [Problem("project.verdict.not_verified", where, {"status": event.status.value})]

    return _decide(decisions, check, lambda event: ("withdrawn", 0, ""), actor=actor, today=today, reason=True)


def _decide(
    decisions: Sequence[Decision],
    check: Callable[[Event, Dossier, Desk], list[Problem]],
    verdict: Callable[[Event], tuple[str, int, str]],
    *,
    actor: Actor,
    today: date,
    reason: bool = False,
) -> list[int]:
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        found = claimed_rows([decision.row for decision in decisions])
        problems: list[Problem] = []
        acts = []
        for decision in decisions:
            dossier, event = found.get(decision.row, (None, None))
            if dossier is None or event is None:
                problems.append(Problem("project.row.unknown", f"row={decision.row}", {"found": decision.row}))
                continue
            problems += _decision_problems(decision, event, reason)
            problems += check(event, dossier, who)
            acts.append(_verdict_act(decision, event, verdict(event)))
        refuse(problems)
        return acts

    return write(ready, actor=actor)


def _decision_problems(decision: Decision, event: Event, reason: bool) -> list[Problem]:
    where = f"project={event.project} stage={event.stage}"
    blank = [Problem("project.reason.blank", where)] if reason and not decision.reason.strip() else []
    return [*unchanged(decision.expected, event.last, where=where, theirs={"status": event.status.value}), *blank]


def _waiting(event: Event) -> list[Problem]:
    if event.status is Status.CLAIMED:
        return []
    where = f"project={event.project} stage={event.stage}"
    return [Problem("project.verdict.not_waiting", where, {"status": event.status.value})]


def _own(event: Event, who: Desk) -> list[Problem]:
    """
    Nobody verifies a claim of their own unit where the profile asks for another, nor their own claim from another seat.

    The operator at the machine sits everywhere: there only the unit acted for counts.
    """
    same_unit = who.unit == event.claimed_by
    if event.other_unit and (same_unit or (not who.who.local and _claimant(event) == who.who.person)):
        return [
            Problem("project.verdict.own_claim", f"project={event.project} stage={event.stage}", {"unit": who.unit})
        ]
    return []


def _claimant(event: Event) -> str:
    fact = fact_of(event.row)
    return authors({fact})[fact][1]


def _verdict_act(decision: Decision, event: Event, verdict: tuple[str, int, str]) -> Act:
    kind, step, unit = verdict
    row = (event.row, kind, step, unit, decision.reason.strip() or None)
    return Act(facts.CLAIM_DECIDED, f"project:{event.project}", {"ledger.Verdict": [row]})


def claimed_rows(rows: Sequence[int]) -> dict[int, tuple[Dossier, Event]]:
    """Find stage events by row id, each with its project's dossier. Rows void or unknown are left out."""
    codes = set(rows_standing(models.StageEvent, id__in=set(rows)).values_list("project", flat=True))
    files = load.dossiers(codes, want=WANT)
    profile = codebook.profile()
    return {
        event.row: (dossier, stages.with_verifiers(event, dossier, profile))
        for dossier in files.values()
        for event in dossier.events
        if event.row in rows
    }


# --- voiding and correcting -----------------------------------------------------------------------


def void_stage(row: int, *, reason: str, actor: Actor, today: date, expected: int | None = None) -> int:
    """
    Void a stage event with a reason: it never counted from now on. The claimant's unit may so withdraw a claim that still waits.

    :raises NotAllowed: if it is verified and the person may not void rows, or it is another unit's claim
    :raises NotPossible: if the reason is missing, or there is no such row
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier, event = _one(row)
        _may_void(who, dossier, event)
        where = f"project={event.project} stage={event.stage}"
        blank = [] if reason.strip() else [Problem("project.reason.blank", where)]
        refuse([*unchanged(expected, event.last, where=where, theirs={"status": event.status.value}), *blank])
        void = ("projects.StageEvent", row, reason.strip())
        return [Act(facts.ROW_VOIDED, f"project:{event.project}", {"ledger.Void": [void]})]

    return write(ready, actor=actor)[0]


def correct_stage(
    row: int,
    *,
    occurred_on: date,
    reason_kind: str,
    reason: str,
    actor: Actor,
    today: date,
    evidence: dict[str, tuple[str, ...]] | None = None,
    month_only: bool = False,
    expected: int | None = None,
) -> int:
    """
    Move the day of a stage: one act that voids the row and claims it anew on the right day, to be verified anew.

    :param evidence: kind to digests; None keeps the files of the row corrected
    :raises NotAllowed: as in `void_stage`
    :raises NotPossible: if the new day does not stand, or the reason is not one of the profile's
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        dossier, event = _one(row)
        _may_void(who, dossier, event)
        claim = StageClaim(
            event.project, event.stage, occurred_on, evidence or _files(event), event.evidence_note or "", month_only
        )
        where = f"project={event.project} stage={event.stage}"
        kept = kept_digests(_digests([claim])) | (frozenset(event.evidence) if evidence is None else frozenset())
        problems = [
            *unchanged(expected, event.last, where=where, theirs={"status": event.status.value}),
            *_claim_problems(claim, dossier, who, kept, without=row),
            *nodes.reason_problems(reason_kind, reason, where=where, profile=who.profile),
        ]
        refuse(problems)
        return [_correction(row, claim, dossier, who, reason_kind, reason)]

    return write(ready, actor=actor)[0]


def _correction(row: int, claim: StageClaim, dossier: Dossier, who: Desk, reason_kind: str, reason: str) -> Act:
    remaining = replace(dossier, events=tuple(event for event in dossier.events if event.row != row))
    return Act(
        facts.STAGE_CORRECTED,
        f"project:{claim.project}",
        {
            "ledger.Void": [("projects.StageEvent", row, reason.strip())],
            "projects.StageEvent": [_stage_row(claim, remaining, who)],
        },
        details={"reason_kind": reason_kind},
        evidence=tuple(dict.fromkeys(_digests([claim]))),
    )


def _files(event: Event) -> dict[str, tuple[str, ...]]:
    """Give an event's files by kind; files of rows that came without kinds count for whatever is asked."""
    found: dict[str, tuple[str, ...]] = {}
    for kind, digest in zip(event.evidence_kinds, event.evidence, strict=False):
        found[kind] = (*found.get(kind, ()), digest)
    return found


def _one(row: int) -> tuple[Dossier, Event]:
    found = claimed_rows([row])
    if row not in found:
        refuse([Problem("project.row.unknown", f"row={row}", {"found": row})])
    return found[row]


def _may_void(who: Desk, dossier: Dossier, event: Event) -> None:
    """A claim that waits or was sent back is its unit's own to withdraw; anything else takes the right to void."""
    own = event.status is not Status.VERIFIED and event.claimed_by == who.unit
    if own:
        who.require(Permission.CLAIM_STAGE, dossier, Permission.VOID_ROWS)
    else:
        who.require(Permission.VOID_ROWS, dossier)
