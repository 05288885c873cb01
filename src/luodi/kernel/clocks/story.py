"""
What a matter's events mean for one clock: which suspensions are lawful, when it was done and reopened, whether it was
accepted in time, whether lateness is excused. Pure: events in, facts out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from luodi.kernel import instant
from luodi.kernel.clocks.values import ClockRule, Event, ExcuseRule, PauseReason, Span
from luodi.kernel.problem import Problem

UNSTATED = "unstated"
CLOSED = "closed"
DAY = 86_400_000_000  # microseconds


def believed(events: Sequence[Event], known_at: int | None) -> tuple[Event, ...]:
    """
    Keep the events as known at a moment. Of rows that share a `key` the latest known counts, and a `withdrawn` one
    takes
    the event back; rows that say the same twice count once.
    """
    known = [event for event in events if known_at is None or event.known_at is None or event.known_at <= known_at]
    latest: dict[str, Event] = {}
    for event in sorted((event for event in known if event.key), key=_knowledge):
        latest[event.key or ""] = event
    kept = [event for event in known if not event.key or latest[event.key] is event]
    told = {replace(event, line=None, file=None, known_at=None, key=None): event for event in reversed(kept)}
    return tuple(event for event in kept if event.kind != "withdrawn" and event in told.values())


def _knowledge(event: Event) -> tuple[float, int]:
    return (event.known_at if event.known_at is not None else float("-inf"), event.line or 0)


def of_clock(events: Iterable[Event], clock: str) -> tuple[Event, ...]:
    """Keep the events that concern a clock: those that name it, and those that name none."""
    return tuple(event for event in events if event.clock in (None, clock))


# suspensions --------------------------------------------------------------------------------------------------------


def lawful(
    events: Iterable[Event], reasons: Mapping[str, PauseReason] | None, now: int, day_end: int
) -> tuple[tuple[Span, ...], tuple[Problem, ...]]:
    """
    Turn pause events into spans, in order of their start; one whose reason is not allowed, or allowed no longer, is
    void
    and a finding. A pause without an end runs to `day_end` (the end of today), or is empty while still to come.
    """
    spans: list[Span] = []
    findings: list[Problem] = []
    times: dict[str, int] = defaultdict(int)
    pauses = sorted(
        (event for event in events if event.kind == "pause"), key=lambda event: (event.start, event.line or 0)
    )
    for event in pauses:
        reason = event.reason or UNSTATED
        rule = _rule_of(reason, reasons)
        times[reason] += 1
        if rule is None or (rule.max_times is not None and times[reason] > rule.max_times):
            why = "not_allowed" if rule is None else "too_many"
            findings.append(_void(event, reason, why))
            continue
        end = event.end if event.end is not None else max(event.start, day_end if event.start <= now else event.start)
        if rule.max_days is not None and end > event.start + rule.max_days * DAY:
            end = event.start + rule.max_days * DAY
            findings.append(_void(event, reason, "too_long"))
        spans.append(Span(event.start, end, reason))
    return tuple(spans), tuple(findings)


def _rule_of(reason: str, reasons: Mapping[str, PauseReason] | None) -> PauseReason | None:
    if reasons is None or reason == UNSTATED:
        return (reasons or {}).get(reason, PauseReason())
    return reasons.get(reason)


def _void(event: Event, reason: str, why: str) -> Problem:
    params = {"reason": reason, "why": why, "from": instant.to_datetime(event.start).isoformat()}
    return Problem("clock.pause_void", where=reason, blocking=False, file=event.file, line=event.line, params=params)


# done and reopened --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Closing:
    """When a matter was done for good (None: open), and the stretches in which it was closed before it was reopened."""

    done_at: int | None
    closed: tuple[Span, ...]
    reopened_at: int | None = None


def closing(events: Iterable[Event], now: int) -> Closing:
    """
    Follow done and reopened by now. A second `done` without a reopening, or a reopening of what is open, changes
    nothing.
    """
    done: int | None = None
    reopened: int | None = None
    closed: list[Span] = []
    marks = [event for event in events if event.kind in ("done", "reopened") and event.start <= now]
    for event in sorted(marks, key=lambda event: (event.start, event.kind)):
        if event.kind == "done" and done is None:
            done = event.start
        elif event.kind == "reopened" and done is not None:
            closed.append(Span(done, event.start, CLOSED))
            done, reopened = None, event.start
    return Closing(done, tuple(closed), reopened)


# acceptance ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Acceptance:
    """Where acceptance stands: accepted, deemed, pending or supplement; from when the clock runs (None: not yet)."""

    state: str
    runs_from: int | None
    limit_at: int
    at: int | None = None


def acceptance(events: Iterable[Event], received: int, limit_at: int, now: int) -> Acceptance:
    """
    Tell from when a received application counts. Not accepted, and no papers asked for, within the limit: accepted from
    receipt. Papers asked for in time (once): it waits for acceptance.
    """
    past = [event for event in events if received <= event.start <= now and not consents(event)]
    accepted = min((event.start for event in past if event.kind == "accepted"), default=None)
    asked = min((event.start for event in past if event.kind == "supplement_asked"), default=None)
    in_time = asked is not None and asked < limit_at
    if accepted is not None and (accepted < limit_at or in_time):
        return Acceptance("accepted", accepted, limit_at, accepted)
    if in_time:
        return Acceptance("supplement", None, limit_at, asked)
    if now >= limit_at:
        return Acceptance("deemed", received, limit_at, limit_at)
    return Acceptance("pending", None, limit_at)


# excuses ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Excused:
    """An accepted excuse: who accepted it, and until when it holds (None: for good)."""

    reason: str | None
    by: str | None
    until: int | None


def consents(event: Event) -> bool:
    """Tell whether an `accepted` event accepts an excuse rather than the application."""
    return event.kind == "accepted" and event.reason == "excuse"


def excuse(events: Sequence[Event], rule: ClockRule, issued: int, due_at: int, now: int) -> Excused | None:
    """
    Find an accepted excuse for this clock, handed in while it ran (or at any time, where the rule says so).

    It is accepted by the person that `by` names, or by an `accepted` event with the reason `excuse` that follows it.
    """
    terms = rule.excuse or ExcuseRule()
    accepted = [event for event in events if consents(event) and event.start <= now]
    for event in sorted((e for e in events if e.kind == "excuse" and issued <= e.start <= now), key=lambda e: e.start):
        if terms.asked == "before_due" and event.start >= due_at:
            continue
        by = event.by or next((one.by or "accepted" for one in accepted if one.start >= event.start), None)
        has = {"reason": bool(event.reason), "accepted_by": bool(by), "until": event.end is not None}
        if all(has[need] for need in terms.needs):
            return Excused(event.reason, by, event.end)
    return None
