"""
Running the clocks of a policy on a matter. Everything an answer says (due, used, left, overrun, light) is derived
here from
the budget, the lawful suspensions and the calendar; nothing is stored. Pure: `now` and what is known come in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from luodi.kernel import instant
from luodi.kernel.clocks import answers, links, running, story, turns
from luodi.kernel.clocks.running import Course
from luodi.kernel.clocks.values import TIME_UNITS, Answer, ClockRule, Event, Matter, Policy, Run, Span
from luodi.kernel.problem import Problem
from luodi.kernel.workdays import Calendar


@dataclass(frozen=True)
class Setting:
    """
    What all clocks of a matter share: policy, calendar, the moment asked about, the events believed, the findings so
    far.
    """

    policy: Policy
    calendar: Calendar
    now: int
    matter: Matter
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Beginning:
    """How a clock came to start: the instant (None: not yet, or never), the state if it didn't, and what to tell."""

    at: int | None
    state: str = "waiting"
    fields: tuple[tuple[str, object], ...] = ()


def run(
    policy: Policy, matter: Matter, calendar: Calendar, *, now: int, known_at: int | None = None
) -> tuple[list[Answer], list[Problem]]:
    """
    Run every clock of a policy on one matter. Gives the answers in the policy's order and the findings about the
    matter.

    `now` is the instant asked about; events known after `known_at` don't exist (the calendar is loaded for the same
    moment
    by the caller). Raises counting.TooFar for a limit that never comes.
    """
    events = story.believed(matter.events, known_at)
    setting = Setting(policy, calendar, now, matter, events)
    done: dict[str, Answer] = {}
    for rule in links.in_order(policy.clocks):
        done[rule.id] = answer(setting, rule, done)
    findings = list(_of_validity(setting))
    return [done[rule.id] for rule in policy.clocks], findings


def _of_validity(setting: Setting) -> list[Problem]:
    policy = setting.policy
    day = instant.day_of(setting.matter.issued, policy.zone)
    late = policy.valid_to is not None and day > policy.valid_to
    if late or (policy.valid_from is not None and day < policy.valid_from):
        params = {"day": day, "from": policy.valid_from, "to": policy.valid_to}
        return [Problem("clock.outside_validity", where=policy.id, blocking=False, params=params)]
    return []


def answer(setting: Setting, rule: ClockRule, before: dict[str, Answer]) -> Answer:
    """Run one clock, given the answers of those it hangs on."""
    events = story.of_clock(setting.events, rule.id)
    closing = story.closing(_ends(setting, rule, events), setting.now)
    begun = _begin(setting, rule, events, before)
    if begun.at is not None and rule.reopening == "restart" and closing.reopened_at is not None:
        begun = replace(begun, at=closing.reopened_at)
    if begun.at is None:
        return answers.not_started(rule, begun.state, begun.fields)
    spans, findings = _spans(setting, rule, events, closing)
    if rule.every is not None:
        course = running.course(rule, setting.policy, setting.calendar, begun.at, spans)
        return turns.answer(course, events, closing, setting.now, findings)
    return _single(setting, rule, begun, events, closing, spans, findings, before)


def _ends(setting: Setting, rule: ClockRule, events: Sequence[Event]) -> list[Event]:
    """
    Keep what ends this clock or opens it again: `done`, and what the rule names; a recurring one's own ends only a
    turn.
    """
    if rule.every is None:
        ends = [event for event in events if event.kind in rule.done_on and not story.consents(event)]
        return [*events, *(replace(event, kind="done") for event in ends)]
    turns_only = all(clock.every is not None for clock in setting.policy.clocks)
    return [event for event in events if event.clock is None and not (turns_only and event.kind == "done")]


def _spans(
    setting: Setting, rule: ClockRule, events: Sequence[Event], closing: story.Closing
) -> tuple[tuple[Span, ...], tuple[Problem, ...]]:
    """
    Collect what is left out: lawful pauses if the clock knows them, and the time it was closed before it was
    reopened.
    """
    spans: tuple[Span, ...] = ()
    findings: tuple[Problem, ...] = ()
    if rule.pauses != "none":
        zone = setting.policy.zone
        tonight = instant.end_of(instant.day_of(setting.now, zone), zone) + 1
        until = setting.now if rule.pauses == "minutes" else tonight
        spans, findings = story.lawful(events, setting.policy.pause_reasons, setting.now, until)
    if rule.reopening == "resume":
        spans = tuple(sorted((*spans, *closing.closed), key=lambda span: span.start))
    return spans, findings


def _single(
    setting: Setting,
    rule: ClockRule,
    begun: Beginning,
    events: Sequence[Event],
    closing: story.Closing,
    spans: Sequence[Span],
    findings: tuple[Problem, ...],
    before: dict[str, Answer],
) -> Answer:
    at = begun.at or 0
    course = running.course(rule, setting.policy, setting.calendar, at, spans)
    grants = _extensions(setting, rule, [event for event in events if at <= event.start <= setting.now])
    result = running.extended(course, running.run(course), grants)
    parent = before[rule.parent] if rule.parent else None
    if parent is not None and parent.run is not None:
        result, begun = _within(rule, result, parent, begun)
    excused = _excuse(setting, rule, events, at, result.due_at)
    ends = [closing.done_at, parent.done_at if parent else None]
    done_at = min((end for end in ends if end is not None and end >= at), default=None)
    return answers.of_run(course, result, answers.Facts(setting.now, done_at, excused, findings, begun.fields, grants))


def _extensions(setting: Setting, rule: ClockRule, events: list[Event]) -> list[Event]:
    """Keep what may extend this clock: what names no clock is for those that can be extended, if there are any."""
    if rule.extension is None and any(clock.extension for clock in setting.policy.clocks):
        return [event for event in events if event.clock == rule.id]
    return events


def _within(rule: ClockRule, result: Run, parent: Answer, begun: Beginning) -> tuple[Run, Beginning]:
    """Compare a clock with the one it runs inside; where the rule caps it, it is due with it at the latest."""
    assert parent.run is not None  # noqa: S101  the caller looked; for the type checker
    inside = result.due_at <= parent.run.due_at
    fields = (*begun.fields, ("parent", parent.rule.id), ("within_parent", inside))
    if not inside and rule.cap:
        steps = tuple(step for step in result.steps if step.day <= parent.run.due_on)
        result = replace(result, due_at=parent.run.due_at, due_on=parent.run.due_on, steps=steps)
    return result, replace(begun, fields=fields)


def _excuse(setting: Setting, rule: ClockRule, events: Sequence[Event], at: int, due_at: int) -> story.Excused | None:
    chained = any(clock.starts_on == rule.id for clock in setting.policy.clocks) or rule.starts_on is not None
    return story.excuse(events, rule, at, due_at, setting.now) if rule.excuse or chained else None


# how a clock begins -------------------------------------------------------------------------------------------------


def _begin(setting: Setting, rule: ClockRule, events: Sequence[Event], before: dict[str, Answer]) -> Beginning:
    """Find the instant a clock is issued at, from whatever it starts on."""
    begin = setting.matter.begin
    if begin is not None and rule.id in links.forerunners(setting.policy.clocks, begin):
        return Beginning(None, "skipped")
    begun = Beginning(setting.matter.issued)
    if rule.starts_on is not None and rule.id != begin:
        begun = _after_expiry(before[rule.starts_on], setting.now)
    elif rule.starts_on_event is not None:
        begun = _on_event(rule.starts_on_event, events, setting)
    elif rule.parent is not None:
        parent = before[rule.parent]
        begun = Beginning(parent.started_at, str(parent.fields["state"]))
    if begun.at is not None and rule.deemed_acceptance is not None:
        begun = _accepted(setting, rule, events, begun.at)
    if begun.at is not None and rule.resets_on and rule.every is None:
        begun = _reset(rule, events, begun, setting)
    return begun


def _after_expiry(previous: Answer, now: int) -> Beginning:
    """
    Start when another clock expires without an accepted excuse: never if it was done in time, or excused for good.
    """
    if previous.run is None:
        state = "waiting" if previous.fields["state"] == "waiting" else "not_started"
        return Beginning(None, state)
    due_at = previous.run.due_at
    if previous.done_at is not None and previous.done_at < due_at:
        return Beginning(None, "not_started")
    if previous.excused:
        if previous.excused_until is None:
            return Beginning(None, "not_started")
        due_at = max(due_at, previous.excused_until)
    if previous.done_at is not None and previous.done_at < due_at:
        return Beginning(None, "not_started")
    if due_at > now:
        return Beginning(None, "waiting", (("starts_at", due_at),))
    return Beginning(due_at)


def _on_event(kind: str, events: Sequence[Event], setting: Setting) -> Beginning:
    issued = setting.matter.issued
    own = (event for event in events if event.kind == kind and not story.consents(event))
    starts = [event.start for event in own if issued <= event.start <= setting.now]
    return Beginning(min(starts)) if starts else Beginning(None, "waiting")


def _accepted(setting: Setting, rule: ClockRule, events: Sequence[Event], received: int) -> Beginning:
    """Start at acceptance, or back at receipt when nobody accepted or asked for papers within the limit."""
    timed = rule.deemed_acceptance is not None and rule.deemed_acceptance.unit in TIME_UNITS
    start, ends = ("instant", "instant") if timed else ("next_day", "end_of_day")
    limit = ClockRule(f"{rule.id}.acceptance", budget=rule.deemed_acceptance, start=start, ends=ends)
    course: Course = running.course(limit, setting.policy, setting.calendar, received, ())
    limit_at = running.run(course).due_at
    found = story.acceptance(events, received, limit_at, setting.now)
    said = {"state": found.state, "at": found.at, "limit_at": found.limit_at}
    return Beginning(found.runs_from, "waiting", (("acceptance", said),))


def _reset(rule: ClockRule, events: Sequence[Event], begun: Beginning, setting: Setting) -> Beginning:
    """Start over at the latest progress by now."""
    first = begun.at or 0
    marks = [event.start for event in events if event.kind in rule.resets_on and first < event.start <= setting.now]
    fields = (*begun.fields, ("resets", len(marks)), ("reset_at", max(marks, default=None)))
    return Beginning(max(marks, default=first), begun.state, fields)
