"""
What a clock says once it has run: state, used, left, paused, overrun, thresholds, light, and the proof sheet day by
day.
Field order is print order. Instants stay numbers here; `render` writes them in the policy's zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from luodi.kernel import instant, recurrence
from luodi.kernel.clocks import counting, running, story
from luodi.kernel.clocks.counting import DAY, MINUTE
from luodi.kernel.clocks.running import Course
from luodi.kernel.clocks.values import Answer, ClockRule, Event, Fired, Run, Threshold
from luodi.kernel.problem import Problem, words
from luodi.kernel.workdays import Calendar

STATES = ("waiting", "skipped", "not_started", "running", "paused", "over", "excused", "done", "valid", "expired")


@dataclass(frozen=True)
class Facts:
    """
    What an answer needs beside the run: now, when it was done, an excuse, findings, fields told before, extension
    events.
    """

    now: int
    done_at: int | None = None
    excused: story.Excused | None = None
    findings: tuple[Problem, ...] = ()
    fields: tuple[tuple[str, object], ...] = ()
    grants: Sequence[Event] = ()

    @property
    def until(self) -> int:
        """The moment up to which time is told: now, or when it was done."""
        return self.now if self.done_at is None else min(self.now, self.done_at)


def not_started(rule: ClockRule, state: str, fields: Sequence[tuple[str, object]] = ()) -> Answer:
    """Say that a clock isn't running: it waits, was skipped, or was never needed."""
    unit = {"budget": rule.budget.n, "unit": rule.budget.unit} if rule.budget else {}
    when = {"due_on": None, "due_at": None, "state": state, "light": "grey"}
    told = {**_named(rule), **when, **unit, **dict(fields)}
    return Answer(rule, {**told, "thresholds": [], "days": []})


def _named(rule: ClockRule) -> dict[str, object]:
    """Name the clock: its id, and its title where the policy gives one."""
    return {"id": rule.id, "title": rule.title} if rule.title else {"id": rule.id}


def of_run(course: Course, run: Run, facts: Facts) -> Answer:
    """Derive everything an answer says from a run and the moment asked about."""
    state = state_of(course, run, facts)
    thresholds = tuple(fired(course, run, facts, threshold) for threshold in course.rule.thresholds)
    fields = {
        **_named(course.rule),
        "due_on": run.due_on,
        "due_at": run.due_at,
        "unrolled_on": run.unrolled_on,
        **_certainty(course, run, facts.grants),
        "state": state,
        "light": light_of(course.rule, state, thresholds),
        **_amounts(course, run, facts),
        **_told(facts, run),
        **dict(facts.fields),
        **_promise(course, facts),
        "thresholds": [{"id": one.id, "at": one.at, "fired": one.fired} for one in thresholds],
        "days": day_lines(course, run),
    }
    return Answer(
        course.rule,
        fields,
        run,
        course.issued,
        facts.done_at,
        facts.excused is not None,
        facts.excused.until if facts.excused else None,
        thresholds,
        (*facts.findings, *run.findings),
    )


def state_of(course: Course, run: Run, facts: Facts) -> str:
    """Name where the clock stands at the moment asked about."""
    permit = course.rule.kind == "permit"
    if facts.done_at is not None and facts.done_at <= facts.now:
        return "done"
    if facts.now >= run.due_at:
        holds = facts.excused is not None and (facts.excused.until is None or facts.now < facts.excused.until)
        return "excused" if holds else "expired" if permit else "over"
    if facts.now < course.issued:
        return "waiting"
    if paused_at(course, facts.now):
        return "paused"
    return "valid" if permit else "running"


def paused_at(course: Course, now: int) -> bool:
    """Tell whether the clock stands still by a suspension: today is left out, or now is inside one on a day off."""
    meter = course.meter
    inside = any(span.start <= now < span.end for span in meter.pauses)
    if meter.mode == "minutes" or not meter.pauses:
        return inside
    today = instant.day_of(now, meter.zone)
    did = meter.step(today, course.issued).did if today >= running.first_day(course) else "skipped"
    return did == "paused" or (did == "skipped" and inside)


def light_of(rule: ClockRule, state: str, thresholds: Sequence[Fired]) -> str:
    """Give the light: of the state, or of the last threshold that fired."""
    by_state = {"done": "green", "over": rule.light, "expired": rule.light, "excused": "blue"}
    grey = {"waiting": "grey", "skipped": "grey", "not_started": "grey"}
    last = max((one for one in thresholds if one.fired), key=lambda one: one.at, default=None)
    if state == "over" and last is not None and last.id in {t.id for t in rule.thresholds if t.kind == "over"}:
        return last.light
    return by_state.get(state) or grey.get(state) or (last.light if last else "green")


# amounts ------------------------------------------------------------------------------------------------------------


def _amounts(course: Course, run: Run, facts: Facts) -> dict[str, object]:
    """Tell used, left, paused and overrun, in the clock's unit (months, years and fixed days: in days)."""
    meter, budget = course.meter, course.rule.budget
    told: dict[str, object] = {"budget": budget.n if budget else None, "unit": budget.unit if budget else None}
    if budget is None or budget.unit != meter.unit:
        told["counted_in"] = meter.unit
        told["budget_days"] = run.goal // meter.per_unit
    used = used_weight(course, run, facts.until)
    told["used"] = used // meter.per_unit
    told["left"] = left(course, run, facts.until)
    return {**told, **_paused(course, run, facts.until), "overrun": overrun(course, run, facts.until)}


def used_weight(course: Course, run: Run, moment: int) -> int:
    """Sum what has been counted by a moment: finished days, or time."""
    if course.meter.counts_time:
        return min(run.goal, counting.run_until(run.steps, moment))
    done = (step.weight for step in run.steps if step.weight and running.closing(course, step.day) <= moment)
    return min(run.goal, sum(done))


def left(course: Course, run: Run, moment: int) -> int:
    """
    Tell what is still to be counted up to the due day, begun units included; nothing once the due instant has come.
    """
    if moment >= run.due_at:
        return 0
    whole = min(run.goal, sum(step.weight for step in run.steps))
    return -(-max(0, whole - used_weight(course, run, moment)) // course.meter.per_unit)


def _paused(course: Course, run: Run, moment: int) -> dict[str, object]:
    meter = course.meter
    today = instant.day_of(moment, meter.zone)
    days = [step.day for step in run.steps if step.did == "paused"]
    by_now = sum(day <= today for day in days)
    if not meter.counts_time:
        return {"paused": by_now, "paused_total": len(days)}
    free = replace(meter, pauses=())
    begins = running.since(course)
    whole = [free.step(step.day, begins) for step in run.steps]
    lost = [
        (counting.run_until(whole, at) - counting.run_until(run.steps, at)) // MINUTE
        for at in (min(moment, run.due_at), run.due_at)
    ]
    minutes = {"paused_minutes": lost[0], "paused_minutes_total": lost[1]}
    if meter.unit in ("day", "workday"):
        return {"paused": by_now, "paused_total": len(days), **minutes}
    per = meter.per_unit // MINUTE
    return {"paused": lost[0] // per, "paused_total": lost[1] // per, **minutes}


def overrun(course: Course, run: Run, moment: int) -> int:
    """Tell by how much a moment is past the due instant: days begun after the due day, or time, in the clock's unit."""
    if moment < run.due_at:
        return 0
    meter = course.meter
    today = instant.day_of(moment, meter.zone)
    working = meter.unit in ("workday", "workminute")
    if not meter.counts_time:
        days = (today - run.due_on).days
        return meter.calendar.workdays_between(run.due_on + DAY, today + DAY) if working else days
    if not working:
        return (moment - run.due_at) // meter.per_unit
    steps = counting.walk_through(replace(meter, pauses=()), run.due_on, run.due_at, today)
    return counting.run_until(steps, moment) // meter.per_unit


def _promise(course: Course, facts: Facts) -> dict[str, object]:
    """Run the service promise beside the legal limit: same start, same suspensions, its own budget."""
    promise = course.rule.promise
    if promise is None:
        return {}
    unit = promise.unit if promise.unit not in running.MONTHS else "day"
    rule = replace(course.rule, budget=promise, promise=None)
    own = Course(rule, replace(course.meter, unit=unit), course.issued)
    run = running.run(own)
    kept = facts.done_at is not None and facts.done_at < run.due_at
    state = ("kept" if kept else "broken") if facts.done_at is not None else state_of(own, run, facts)
    told = {"due_on": run.due_on, "due_at": run.due_at, "state": state, "budget": promise.n, "unit": promise.unit}
    return {"promise": {**told, "left": left(own, run, facts.until), "overrun": overrun(own, run, facts.until)}}


def _told(facts: Facts, run: Run) -> dict[str, object]:
    """Tell what happened to the clock, where something did."""
    told: dict[str, object] = {}
    if facts.done_at is not None:
        told |= {"done_at": facts.done_at, "late": facts.done_at >= run.due_at}
    if facts.excused is not None:
        until = facts.excused.until
        told["excused"] = {"reason": facts.excused.reason, "by": facts.excused.by, "until_at": until}
    if run.extensions:
        told |= {"budget_version": run.version, "extensions": list(run.extensions)}
    return told


# certainty ----------------------------------------------------------------------------------------------------------


def _certainty(course: Course, run: Run, grants: Sequence[Event]) -> dict[str, object]:
    """Tell whether the days are announced; if not, the earliest and latest due day that a notice may still bring."""
    estimated = course.meter.calendar.status(run.due_on) == "estimated" or any(step.estimated for step in run.steps)
    if not estimated:
        return {"calendar": "announced"}
    bounds = [_again(course, calendar, grants) for calendar in course.meter.calendar.bounds()]
    days = [run.due_on, *bounds]
    assumption = {language: words("clock.assumption", language) for language in ("zh", "en")}
    return {"calendar": "estimated", "earliest": min(days), "latest": max(days), "assumption": assumption}


def _again(course: Course, calendar: Calendar, grants: Sequence[Event]) -> date:
    other = replace(course, meter=replace(course.meter, calendar=calendar))
    return running.extended(other, running.run(other), grants).due_on


# thresholds ---------------------------------------------------------------------------------------------------------


def fired(course: Course, run: Run, facts: Facts, threshold: Threshold) -> Fired:
    """Tell when a threshold truly falls, and whether it has: not after the clock was done."""
    at = threshold_at(course, run, threshold)
    has = at <= facts.now and (facts.done_at is None or at < facts.done_at)
    return Fired(threshold.id, at, has, run.version, threshold.light)


def threshold_at(course: Course, run: Run, threshold: Threshold) -> int:
    """
    Find a threshold's instant: the close of the day (or the instant) at which the count reaches it.

    `left` in another unit than the clock's is measured back from the due instant, `over` on from it.
    """
    meter, n = course.meter, threshold.n
    unit = threshold.unit or meter.unit
    if threshold.kind == "used_percent":
        return running.reach(course, run, -(-run.goal * n // 100))
    if threshold.kind == "used":
        return running.reach(course, run, n * meter.per_unit)
    if threshold.kind == "left" and unit == meter.unit:
        return running.reach(course, run, run.goal - n * meter.per_unit)
    if n == 0:
        return run.due_at
    sign = -1 if threshold.kind == "left" else 1
    if unit in ("minute", "hour", "workminute"):
        at = run.due_at + sign * n * MINUTE * (60 if unit == "hour" else 1)
        return max(at, course.issued)
    return max(_days_away(course, run, sign * n, unit), course.issued)


def _days_away(course: Course, run: Run, n: int, unit: str) -> int:
    """Close the day that lies n days, workdays, months or years from the due day."""
    day = run.due_on
    if unit == "workday" and n < 0:
        day = course.meter.calendar.on_or_before(day)
        return course.meter.start_of(course.meter.calendar.add_workdays(day, n + 1))
    return course.meter.end_of(recurrence.shift(day, n, unit, course.meter.calendar))


# the proof sheet ----------------------------------------------------------------------------------------------------


def day_lines(course: Course, run: Run) -> list[dict[str, object]]:
    """
    Write the proof sheet: every day from the start to the due day, counted, skipped or paused, why, by which notice.
    """
    lines: list[dict[str, object]] = []
    count = 0
    for step in run.steps:
        line: dict[str, object] = {"day": step.day, "did": step.did}
        count += step.weight
        if step.did == "counted":
            line["n"] = count // course.meter.per_unit
        if course.meter.counts_time:
            line["minutes"] = step.weight // MINUTE
        if step.why:
            line["why"] = list(step.why)
        if step.notice:
            line["notice"] = step.notice
        lines.append(line)
    return lines


def render(value: object, zone: ZoneInfo, key: str = "") -> object:
    """Turn fields into what JSON holds: instants (keys that are `at` or end in `_at`) and days as ISO text."""
    if isinstance(value, Mapping):
        return {name: render(inner, zone, name) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [render(inner, zone, key) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and (key == "at" or key.endswith("_at")):
        return instant.to_datetime(value, zone).isoformat()
    return value.isoformat() if isinstance(value, date) else value
