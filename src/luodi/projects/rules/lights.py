"""
Lights, computed from data by the profile's rules, never stored: so a corrected date gives the right light for the past too.

'Without proper reason' is part of the rule: an approved excuse is a state of its own, beside the colour it covers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from luodi.codebook.values.lifecycle import Light as LightRule
from luodi.codebook.values.lifecycle import Part
from luodi.codebook.values.profile import Profile
from luodi.projects.rules import nodes, plans, stages
from luodi.projects.values.rows import Dossier, ExcuseState, Status

FINISHED = (Part.COMPLETED, Part.PRODUCED, Part.CAPACITY, Part.EFFECT)
GONE = (Part.ENDED, Part.REPLACED)


class Colour(StrEnum):
    """A light's colour, best first. `excused`: it would be yellow or worse, but a proper reason was approved."""

    NONE = "none"
    GREEN = "green"
    EXCUSED = "excused"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


WORST_LAST = tuple(Colour)


@dataclass(frozen=True)
class LightCase:
    """
    One project on one day.

    `invested`: yuan completed in the accounting year up to that day, None when nothing was filed. `active`: the first days of
    months with an accepted figure above 0 (months with a note are in the dossier). Figures belong to a higher module.
    """

    dossier: Dossier
    on: date
    profile: Profile
    invested: Decimal | None = None
    active: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Lamp:
    """One light with the number it was told by (months, points or days), and what it would be without the excuse."""

    rule: str
    colour: Colour
    value: Fraction | None = None
    without_excuse: Colour = Colour.NONE
    excuse: int | None = None


@dataclass(frozen=True)
class Lights:
    """All lights of a project, and the one that it is listed under: the worst."""

    lamps: tuple[Lamp, ...] = field(default=())

    @cached_property
    def colour(self) -> Colour:
        """Give the worst colour; an excused light counts as excused."""
        return max((lamp.colour for lamp in self.lamps), key=WORST_LAST.index, default=Colour.NONE)


def lights(case: LightCase) -> Lights:
    """Compute every light of a project on a day. A project that ended or was replaced has none."""
    events = stages.in_force(case.dossier.events)
    if stages.state(events, case.on) in case.profile.labels(GONE):
        return Lights()
    reached = stages.first_days(events, case.on)
    return Lights(tuple(_lamp(rule, MEASURES[rule.kind](case, rule, reached), case) for rule in case.profile.lights))


def _lamp(rule: LightRule, value: Fraction | None, case: LightCase) -> Lamp:
    colour = colour_of(rule, value)
    excuse = approved_excuse(case.dossier.excuses, rule.id, case.on) if rule.excusable else None
    if excuse is None or colour in (Colour.NONE, Colour.GREEN):
        return Lamp(rule.id, colour, value, colour)
    return Lamp(rule.id, Colour.EXCUSED, value, colour, excuse.row)


def colour_of(rule: LightRule, value: Fraction | None) -> Colour:
    """Turn a number into a colour: each begins at its threshold; no number, no light."""
    if value is None:
        return Colour.NONE
    if value >= rule.red:
        return Colour.RED
    if rule.orange is not None and value >= rule.orange:
        return Colour.ORANGE
    return Colour.YELLOW if value >= rule.yellow else Colour.GREEN


def approved_excuse(excuses: Iterable[ExcuseState], rule: str, on: date) -> ExcuseState | None:
    """Find the approved excuse that covers a light on a day."""
    return next(
        (
            one
            for one in excuses
            if one.light == rule and one.status is Status.VERIFIED and one.valid_from <= on < one.valid_to
        ),
        None,
    )


Measure = Callable[[LightCase, LightRule, Mapping[str, date]], Fraction | None]
IN_TIME = Fraction(-1)  # below every threshold


def late_start(case: LightCase, rule: LightRule, reached: Mapping[str, date]) -> Fraction | None:
    """Whole months since the month of the planned start, while not started; in time up to the planned day itself."""
    planned = plans.planned_start(case.dossier, by=int(case.profile.calendar.accounting_year.of(case.on).label))
    if planned is None:
        return None
    if case.on <= planned or case.profile.playing(Part.STARTED) in reached:
        return IN_TIME
    return Fraction(months_between(planned, case.on))


def behind_schedule(case: LightCase, rule: LightRule, reached: Mapping[str, date]) -> Fraction | None:
    """Points by which the completion of the year's plan lies behind the baseline."""
    plan = case.dossier.plans.get(int(case.profile.calendar.accounting_year.of(case.on).label))
    version = case.dossier.version_on(case.on)
    if plan is None or not plan.invest or case.invested is None or version is None:
        return None
    due = case.profile.calendar.baseline(unit=version.host, day=case.on)
    return 100 * (due - Fraction(case.invested) / Fraction(plan.invest))


def waiting(case: LightCase, rule: LightRule, reached: Mapping[str, date]) -> Fraction | None:
    """Days since one stage while another, or any further on the way, is not reached (a start without a landing waits for none)."""
    since, until = reached.get(case.profile.playing(rule.since or "") or ""), case.profile.playing(rule.until or "")
    if since is None:
        return None
    path = case.profile.path
    beyond = path[path.index(until) :] if until in path else (until,)
    if any(stage in reached for stage in beyond):
        return IN_TIME
    return Fraction((case.on - since).days)


def late_node(case: LightCase, rule: LightRule, reached: Mapping[str, date]) -> Fraction | None:
    """Days by which the next open node lies past its plan."""
    still = nodes.open_nodes(case.dossier.nodes)
    if not still:
        return IN_TIME if case.dossier.nodes else None
    return Fraction((case.on - still[0].planned_on).days)


def silent(case: LightCase, rule: LightRule, reached: Mapping[str, date]) -> Fraction | None:
    """Building months in a row, up to the last whole one, without a figure above 0 and without a note, while being built."""
    started = reached.get(case.profile.playing(Part.STARTED) or "")
    state = stages.state(stages.in_force(case.dossier.events), case.on)
    if started is None or state in case.profile.labels((Part.STALLED,)):
        return None
    if any(stage in reached for stage in case.profile.labels(FINISHED)):
        return None
    active = case.active | case.dossier.spoken
    return Fraction(silent_months(started, case.on, active, case.profile.calendar.building.builds_in))


def silent_months(since: date, on: date, active: frozenset[date], builds_in: Callable[[int], bool]) -> int:
    """Count building months back from the last whole month before a day to the last active one (or the month of `since`)."""
    count, month = 0, _month_before(on.replace(day=1))
    while month > since.replace(day=1) and month not in active:
        count += builds_in(month.month)
        month = _month_before(month)
    return count


def months_between(earlier: date, later: date) -> int:
    """Count calendar months from one day's month to another's."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _month_before(first: date) -> date:
    return first.replace(month=first.month - 1) if first.month > 1 else first.replace(year=first.year - 1, month=12)


MEASURES: dict[str, Measure] = {
    "late_start": late_start,
    "behind_schedule": behind_schedule,
    "waiting": waiting,
    "late_node": late_node,
    "silent": silent,
}
