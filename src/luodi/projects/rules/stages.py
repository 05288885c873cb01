"""
Stages of a project's life: where it is, what may come next, who must verify.

*Standing* events are claimed or verified; events *in force* are verified (and not void). Transitions are a table of the
profile, closed by default: a stage may be claimed only from the states it follows, and may not make a later one impossible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from luodi.codebook.values.lifecycle import Part, Stage
from luodi.codebook.values.organisation import Party
from luodi.codebook.values.profile import Profile
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem
from luodi.projects.values.drafts import StageClaim
from luodi.projects.values.rows import Dossier, Event, PlanClass, Status, Version

ROLES = ("host", "introducer", "lead_department")


def standing(events: Iterable[Event]) -> tuple[Event, ...]:
    """Keep the events that are claimed or verified, in order."""
    return tuple(sorted((event for event in events if event.status is not Status.SENT_BACK), key=lambda e: e.order))


def in_force(events: Iterable[Event]) -> tuple[Event, ...]:
    """Keep the verified events, in order."""
    return tuple(sorted((event for event in events if event.status is Status.VERIFIED), key=lambda e: e.order))


def state(events: Iterable[Event], on: date) -> str:
    """Tell the state on a day: the stage of the greatest day, ties to the later known, then the later row; "" for none."""
    seen = [event for event in events if event.occurred_on <= on]
    return max(seen, key=lambda event: event.order).stage if seen else ""


def first_days(events: Iterable[Event], on: date = date.max) -> dict[str, date]:
    """Give the earliest day of each stage among events up to a day."""
    found: dict[str, date] = {}
    for event in events:
        if event.occurred_on <= on:
            found[event.stage] = min(event.occurred_on, found.get(event.stage, date.max))
    return found


def furthest(reached: Mapping[str, date], path: Sequence[str]) -> str:
    """Tell the furthest stage of the path that has been reached; "" for none."""
    return next((stage for stage in reversed(path) if stage in reached), "")


def rule_of(profile: Profile, stage: str, on: date) -> Stage | None:
    """Find the rule of a stage that holds on a day."""
    return next((rule for rule in profile.stages if rule.id == stage and rule.holds_on(on)), None)


def plan_class(dossier: Dossier, *, year: Period, on: date, profile: Profile) -> PlanClass:
    """Derive what a project is in a year 年度分类: 新开工 and 续建 apart (by the verified start), from what holds on a day."""
    events = in_force(dossier.events)
    reached = first_days(events, on)
    if state(events, on) in profile.labels((Part.ENDED, Part.REPLACED)):
        return PlanClass.GONE
    finished = [
        reached[stage]
        for stage in profile.labels((Part.COMPLETED, Part.PRODUCED, Part.CAPACITY, Part.EFFECT))
        if stage in reached
    ]
    if finished and min(finished) < year.first:
        return PlanClass.FINISHED
    started = reached.get(profile.playing(Part.STARTED) or "")
    if started:
        return PlanClass.CONTINUED if started < year.first else PlanClass.NEW_START
    plan = dossier.plans.get(int(year.label))
    planned = plan.start_on if plan else None
    return PlanClass.TO_START if planned and planned < year.ends_before else PlanClass.PRELIMINARY


def may_follow(rule: Stage, before: str) -> bool:
    """Tell whether a stage may be entered from a state ("" for a new project)."""
    return before in rule.follows if before else rule.first


# --- claiming -------------------------------------------------------------------------------------


def claim_problems(
    dossier: Dossier, claim: StageClaim, *, unit: str, profile: Profile, today: date, without: int | None = None
) -> list[Problem]:
    """
    Return every reason why a stage may not be claimed, in the order a clerk would check.

    `without`: a row that the same act voids (the date of a stage is moved).
    """
    where = f"project={claim.project} stage={claim.stage}"
    rule = rule_of(profile, claim.stage, claim.occurred_on)
    if not dossier.versions or dossier.merged_into:
        return list(project_problems(dossier, where))
    if rule is None:
        allowed = " ".join(stage.id for stage in profile.stages)
        return [Problem("project.stage.unknown", where, {"found": claim.stage, "allowed": allowed})]
    events = standing(event for event in dossier.events if event.row != without)
    found = [*_day_problems(claim, today, where), *_order_problems(events, claim, rule, profile, where)]
    found += _field_problems(dossier, claim, rule, where)
    found += _evidence_problems(claim, rule, profile, where)
    return [*found, *_verifier_problems(dossier, claim, rule, unit, profile, where)]


def project_problems(dossier: Dossier, where: str) -> Iterator[Problem]:
    """Yield a problem when there is no such project (any more)."""
    if dossier.merged_into:
        yield Problem("project.merged", where, {"found": dossier.code, "into": dossier.merged_into})
    elif not dossier.versions:
        yield Problem("project.unknown", where, {"found": dossier.code})


def _day_problems(claim: StageClaim, today: date, where: str) -> Iterator[Problem]:
    next_day = claim.occurred_on + timedelta(days=1)
    if claim.month_only and next_day.day != 1:
        yield Problem("project.stage.month_without_last_day", where, {"found": claim.occurred_on})
    begins = claim.occurred_on.replace(day=1) if claim.month_only else claim.occurred_on
    if begins > today:
        yield Problem("project.stage.in_future", where, {"found": claim.occurred_on, "today": today})


def _order_problems(
    events: Sequence[Event], claim: StageClaim, rule: Stage, profile: Profile, where: str
) -> Iterator[Problem]:
    same = [event for event in events if event.stage == claim.stage]
    if same and (not rule.repeatable or any(event.occurred_on == claim.occurred_on for event in same)):
        yield Problem("project.stage.already", where, {"stage": claim.stage, "day": same[0].occurred_on})
        return
    before = state(events, claim.occurred_on)
    if not may_follow(rule, before):
        yield Problem("project.stage.not_from_here", where, _transition(rule, before, claim.stage, profile))
    after = next((event for event in events if event.occurred_on > claim.occurred_on), None)
    later = rule_of(profile, after.stage, after.occurred_on) if after else None
    if after and later and not may_follow(later, claim.stage):
        params = {"stage": claim.stage, "later": after.stage, "day": after.occurred_on}
        yield Problem("project.stage.makes_later_impossible", where, params)


def _transition(rule: Stage, before: str, stage: str, profile: Profile) -> dict[str, object]:
    """Say which states a stage may follow, and which stages may follow the present one."""
    onward = " ".join(other.id for other in profile.stages if may_follow(other, before))
    return {"stage": stage, "state": before or "—", "from": " ".join(rule.follows) or "—", "onward": onward or "—"}


def _field_problems(dossier: Dossier, claim: StageClaim, rule: Stage, where: str) -> Iterator[Problem]:
    version = dossier.version
    missing = [field for field in rule.fields if version is None or version.get(field) is None]
    for field in missing:
        yield Problem("project.stage.field_missing", where, {"stage": claim.stage, "field": field})


def _evidence_problems(claim: StageClaim, rule: Stage, profile: Profile, where: str) -> Iterator[Problem]:
    known = {kind.id: kind for kind in profile.evidence_kinds}
    for kind in claim.evidence:
        if kind not in known:
            yield Problem("project.evidence.kind_unknown", where, {"found": kind, "allowed": " ".join(known)})
    for proof in rule.evidence:
        files = sum(len(claim.evidence.get(kind, ())) for kind in proof.any_of)
        if files < proof.at_least:
            asked = "、".join(known[kind].zh if kind in known else kind for kind in proof.any_of)
            because = "；".join(known[kind].because for kind in proof.any_of if kind in known)
            params = {
                "stage": claim.stage,
                "kinds": asked,
                "at_least": proof.at_least,
                "found": files,
                "because": because,
            }
            yield Problem("project.evidence.missing", where, params)


def _verifier_problems(
    dossier: Dossier, claim: StageClaim, rule: Stage, unit: str, profile: Profile, where: str
) -> Iterator[Problem]:
    resolved = verifiers(rule, dossier.version, unit=unit, profile=profile)
    if rule.verified_by and "" in resolved:
        missing = next(party for party in rule.verified_by if not _unit_of(party, dossier.version, unit, profile))
        yield Problem(
            "project.stage.verifier_missing", where, {"stage": claim.stage, "role": missing.of or missing.office}
        )
    elif rule.verified_by and not resolved:
        yield Problem("project.stage.no_other_verifier", where, {"stage": claim.stage, "unit": unit})


def verifiers(rule: Stage, version: Version | None, *, unit: str, profile: Profile) -> tuple[str, ...]:
    """
    Resolve who must verify, in order, as units: "" where the project has no such unit yet.

    Where the profile asks for another unit than the claimant's, the claimant's own step falls away.
    """
    units = [_unit_of(party, version, unit, profile) for party in rule.verified_by]
    return tuple(dict.fromkeys(one for one in units if rule.own_unit_may_verify or one != unit))


def _unit_of(party: Party, version: Version | None, unit: str, profile: Profile) -> str:
    if party.office:
        return profile.office_unit(party.office) or ""
    if party.of in ROLES:
        return str(getattr(version, party.of, ""))
    return unit


# --- deciding -------------------------------------------------------------------------------------


def verify_problems(dossier: Dossier, event: Event, *, profile: Profile) -> Iterator[Problem]:
    """Yield every reason why a claimed stage can't be verified now, whoever's turn it is."""
    where = f"project={event.project} stage={event.stage}"
    if event.status is not Status.CLAIMED:
        yield Problem("project.verdict.not_waiting", where, {"status": event.status.value})
        return
    rule = rule_of(profile, event.stage, event.occurred_on)
    others = tuple(other for other in in_force(dossier.events) if other.row != event.row)
    before = state(others, event.occurred_on)
    if rule and not may_follow(rule, before):
        claimed = state([one for one in standing(dossier.events) if one.row != event.row], event.occurred_on)
        yield Problem("project.stage.verify_the_one_before", where, {"stage": event.stage, "before": claimed or "—"})


def with_verifiers(event: Event, dossier: Dossier, profile: Profile) -> Event:
    """Give a waiting claim that came without verifiers (from a file) those of today's profile; others as they are."""
    rule = rule_of(profile, event.stage, event.occurred_on)
    if event.verifiers or event.status is not Status.CLAIMED or rule is None:
        return event
    units = tuple(filter(None, verifiers(rule, dossier.version, unit=event.claimed_by, profile=profile)))
    return replace(event, verifiers=units, other_unit=bool(units) and not rule.own_unit_may_verify)


def turn(event: Event) -> str:
    """Tell which unit has to agree next to a claim; "" where nobody was named."""
    return event.verifiers[min(event.step, len(event.verifiers) - 1)] if event.verifiers else ""


def is_last_step(event: Event) -> bool:
    """Tell whether the next agreement makes the claim count."""
    return event.step + 1 >= len(event.verifiers)
