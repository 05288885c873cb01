"""
Responsibility 包保: sponsor, secretary, team, errand helper, as the profile lists them, with dates.

A duty never ends into nothing where the profile says that no project may be without it.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from datetime import date

from luodi.codebook.values.lifecycle import Responsibility
from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Problem
from luodi.projects.rules import stages
from luodi.projects.values.drafts import DutyDraft
from luodi.projects.values.rows import Dossier, DutyState


def rule_of(profile: Profile, duty: str) -> Responsibility | None:
    """Find a duty of the profile."""
    return next((rule for rule in profile.responsibilities if rule.id == duty), None)


def holders(duties: Iterable[DutyState], duty: str, on: date) -> list[DutyState]:
    """List who holds a duty on a day."""
    return [one for one in duties if one.duty == duty and one.on(on)]


def assign_problems(
    dossier: Dossier, draft: DutyDraft, *, known: Collection[str], profile: Profile, leaving: str = ""
) -> Iterator[Problem]:
    """
    Yield why a duty may not be given. `known`: people and units that exist; `leaving`: who hands it over in the same act.
    """
    where = _where(dossier.code, draft.duty)
    rule = rule_of(profile, draft.duty)
    if rule is None:
        allowed = " ".join(one.id for one in profile.responsibilities)
        yield Problem("project.duty.unknown", where, {"found": draft.duty, "allowed": allowed})
        return
    if draft.holder not in known:
        yield Problem("project.duty.holder_unknown", where, {"found": draft.holder})
    if draft.until is not None and draft.until <= draft.valid_from:
        yield Problem("project.duty.span", where, {"since": draft.valid_from, "until": draft.until})
    standing = [one for one in dossier.duties if one.duty == draft.duty and _overlaps(one, draft)]
    if any(one.holder == draft.holder for one in standing):
        yield Problem("project.duty.already", where, {"holder": draft.holder, "duty": rule.zh})
    others = [one.holder for one in standing if one.holder not in (leaving, draft.holder)]
    if others and not rule.several:
        yield Problem("project.duty.taken", where, {"holder": others[0], "duty": rule.zh})


def end_problems(
    dossier: Dossier, *, duty: str, holder: str, on: date, profile: Profile, successor: bool = False
) -> Iterator[Problem]:
    """Yield why a holder's duty may not end on a day (the first day without it)."""
    where = _where(dossier.code, duty)
    held = next((one for one in dossier.duties if one.duty == duty and one.holder == holder and _open(one, on)), None)
    if held is None:
        yield Problem("project.duty.not_held", where, {"holder": holder, "duty": duty})
        return
    if on < held.valid_from:
        yield Problem("project.duty.span", where, {"since": held.valid_from, "until": on})
    left = [one for one in holders(dossier.duties, duty, on) if one.holder != holder]
    if not left and not successor and is_required(dossier, duty, on, profile):
        yield Problem("project.duty.orphan", where, {"holder": holder, "duty": duty})


def is_required(dossier: Dossier, duty: str, on: date, profile: Profile) -> bool:
    """Tell whether the project has come to the stage from which it may not be without this duty."""
    rule = rule_of(profile, duty)
    reached = stages.first_days(stages.in_force(dossier.events), on)
    return rule is not None and _is_required(rule, reached, profile.path)


def _is_required(rule: Responsibility, reached: Container[str], path: Sequence[str]) -> bool:
    if rule.required_from is None:
        return False
    if rule.required_from not in path:
        return rule.required_from in reached
    return any(stage in reached for stage in path[path.index(rule.required_from) :])


def missing_duties(dossier: Dossier, *, on: date, profile: Profile) -> list[str]:
    """List the duties that a project should have by now and has nobody for."""
    reached, path = stages.first_days(stages.in_force(dossier.events), on), profile.path
    return [
        rule.id
        for rule in profile.responsibilities
        if _is_required(rule, reached, path) and not holders(dossier.duties, rule.id, on)
    ]


def _overlaps(one: DutyState, draft: DutyDraft) -> bool:
    before_its_end = one.valid_to is None or draft.valid_from < one.valid_to
    return before_its_end and (draft.until is None or one.valid_from < draft.until)


def _open(one: DutyState, on: date) -> bool:
    return one.valid_to is None or on < one.valid_to


def _where(project: str, duty: str) -> str:
    return f"project={project} duty={duty}"
