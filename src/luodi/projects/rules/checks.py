"""
Data checks (K4) that speak of one project, or of two records of one: pure, over dossiers.

The profile says how hard each is taken; `statistics` runs them, beside those over figures. Ids are those of the profile's
section `checks`; a problem's code is `project.check.<id>`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise

from rapidfuzz import fuzz

from luodi.codebook.values.lifecycle import Part
from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Problem
from luodi.projects.rules import lights, plans, stages
from luodi.projects.values.rows import Dossier, Share, Version

ROLES = ("host", "introducer", "lead_department")


@dataclass(frozen=True)
class CheckCase:
    """
    One project on one day with the thresholds of the check. `active`: first days of months with a note or a figure above 0.
    """

    dossier: Dossier
    on: date
    profile: Profile
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    active: frozenset[date] = frozenset()

    @property
    def reached(self) -> dict[str, date]:
        return stages.first_days(stages.in_force(self.dossier.events), self.on)


def _finding(check: str, case: CheckCase, **params: object) -> Problem:
    return Problem(f"project.check.{check}", f"project={case.dossier.code}", params, blocking=False)


def stage_without_the_one_before(case: CheckCase) -> Iterator[Problem]:
    for event in stages.in_force(case.dossier.events):
        rule = stages.rule_of(case.profile, event.stage, event.occurred_on)
        if event.occurred_on > case.on or rule is None or rule.first:
            continue
        if not any(stage in case.reached for stage in rule.follows):
            expected = " ".join(rule.follows)
            yield _finding("stage_without_the_one_before", case, stage=event.stage, expected=expected, row=event.row)


def stage_dates_out_of_order(case: CheckCase) -> Iterator[Problem]:
    path = [stage for stage in case.profile.path if stage in case.reached]
    for earlier, later in pairwise(path):
        if case.reached[later] < case.reached[earlier]:
            days = {"earlier_day": case.reached[earlier], "later_day": case.reached[later]}
            yield _finding("stage_dates_out_of_order", case, earlier=earlier, later=later, **days)


def stage_without_evidence(case: CheckCase) -> Iterator[Problem]:
    for event in stages.standing(case.dossier.events):
        rule = stages.rule_of(case.profile, event.stage, event.occurred_on)
        if rule and rule.evidence and not event.evidence and not event.evidence_note:
            yield _finding("stage_without_evidence", case, stage=event.stage, day=event.occurred_on, row=event.row)


def hollow_start(case: CheckCase) -> Iterator[Problem]:
    """Started, and then neither investment nor a note for so many building months (field-notes, K4)."""
    started = case.reached.get(case.profile.playing(Part.STARTED) or "")
    if started is None or any(stage in case.reached for stage in case.profile.labels(lights.FINISHED)):
        return
    builds_in = case.profile.calendar.building.builds_in
    months = lights.silent_months(started, case.on, case.active, builds_in)
    if months >= case.thresholds["months"]:
        yield _finding("hollow_start", case, started=started, months=months)


def total_investment_moved(case: CheckCase) -> Iterator[Problem]:
    signed = case.reached.get(case.profile.playing(Part.SIGNED) or "")
    if signed is None:
        return
    for before, after in pairwise(version for version in case.dossier.versions if version.valid_from <= case.on):
        old, new = before.total_investment, after.total_investment
        if not old or new is None or after.valid_from <= signed:
            continue
        if abs(new - old) * 100 > case.thresholds["percent"] * old:
            yield _finding("total_investment_moved", case, before=old, after=new, day=after.valid_from, row=after.row)


def signed_without_amount(case: CheckCase) -> Iterator[Problem]:
    signed = case.reached.get(case.profile.playing(Part.SIGNED) or "")
    version = case.dossier.version_on(case.on)
    if signed and version and version.total_investment is None:
        yield _finding("signed_without_amount", case, day=signed, row=version.row)


def attribution_differs(case: CheckCase) -> Iterator[Problem]:
    """A set of attributions holds against the version's own unit: said aloud where they differ."""
    version = case.dossier.version_on(case.on)
    for role in ROLES if version else ():
        own, held = getattr(version, role), set_in_force(case.dossier.shares, role=role, on=case.on)
        if held and own not in {share.unit for share in held}:
            units = " ".join(share.unit for share in held)
            yield _finding("attribution_differs", case, role=role, own=own or "—", units=units, row=held[0].row)


def plan_does_not_add_up(case: CheckCase) -> Iterator[Problem]:
    for year, plan in sorted(case.dossier.plans.items()):
        if not plans.plan_adds_up(plan):
            total = sum(plan.months.values(), Decimal(0))
            yield _finding(
                "plan_does_not_add_up", case, year=year, invest=plan.invest or "—", total=total, row=plan.last
            )


PROJECT_CHECKS: dict[str, Callable[[CheckCase], Iterator[Problem]]] = {
    "stage_without_the_one_before": stage_without_the_one_before,
    "stage_dates_out_of_order": stage_dates_out_of_order,
    "stage_without_evidence": stage_without_evidence,
    "hollow_start": hollow_start,
    "total_investment_moved": total_investment_moved,
    "signed_without_amount": signed_without_amount,
    "attribution_differs": attribution_differs,
    "plan_does_not_add_up": plan_does_not_add_up,
}


def set_in_force(shares: Iterable[Share], *, role: str, on: date, measure: str = "") -> tuple[Share, ...]:
    """Give the set of attributions of a role that holds on a day: the latest by day, of equal days the last filed."""
    fitting = [one for one in shares if one.role == role and one.measure == measure and one.valid_from <= on]
    if not fitting:
        return ()
    latest = max(fitting, key=lambda one: (one.valid_from, one.row))
    return tuple(one for one in fitting if one.filing == latest.filing)


def one_site_two_records(versions: Iterable[Version], *, likeness: Decimal) -> Iterator[Problem]:
    """
    Yield pairs of records that may be one project: the same national code; or the same investor (by credit code, else by
    name) at the same host under names alike to at least `likeness` (0 to 100).
    """
    alike: dict[tuple[str, str], str] = {}
    for reason, group in _blocks(versions):
        for one, other in combinations(sorted(group, key=lambda version: version.code), 2):
            if reason == "national_code" or name_likeness(one, other) >= likeness:
                alike.setdefault((one.code, other.code), reason)
    for (one_code, other_code), reason in sorted(alike.items()):
        params = {"other": other_code, "reason": reason}
        yield Problem("project.check.one_site_two_records", f"project={one_code}", params, blocking=False)


def name_likeness(one: Version, other: Version) -> Decimal:
    """Tell how alike two projects' names are, from 0 to 100; nothing is like a name that was removed."""
    if not one.name or not other.name:
        return Decimal(0)
    return Decimal(str(fuzz.ratio(one.name, other.name)))


def _blocks(versions: Iterable[Version]) -> Iterator[tuple[str, list[Version]]]:
    """Bring together what might be the same, so that not everything is compared with everything."""
    blocks: defaultdict[tuple[str, ...], list[Version]] = defaultdict(list)
    for version in versions:
        if version.national_code:
            blocks["national_code", version.national_code].append(version)
        if version.uscc:
            blocks["uscc", version.uscc, version.host].append(version)
        elif version.investor:
            blocks["investor", version.investor, version.host].append(version)
    for key, group in blocks.items():
        if len(group) > 1:
            yield key[0], group
