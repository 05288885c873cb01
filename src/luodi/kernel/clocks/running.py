"""
From a rule and a start to the due day: start and end rules, months and fixed days, rolls, extensions. Pure; the
suspensions
come in as lawful spans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from luodi.kernel import instant, recurrence
from luodi.kernel.clocks import counting
from luodi.kernel.clocks.counting import DAY, Meter
from luodi.kernel.clocks.values import TIME_UNITS, Amount, ClockRule, Event, Policy, Run, Span, Step
from luodi.kernel.problem import Problem
from luodi.kernel.workdays import Calendar

MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True)
class Course:
    """
    A clock on its way: its rule, how it counts, when it was issued (`since` is the same, or where counting is barred
    before).
    """

    rule: ClockRule
    meter: Meter
    issued: int

    @property
    def issue_day(self) -> date:
        """The day of issue."""
        return instant.day_of(self.issued, self.meter.zone)


def course(rule: ClockRule, policy: Policy, calendar: Calendar, issued: int, spans: Sequence[Span]) -> Course:
    """Set a clock going. A clock that knows no pauses still leaves out whole days on which the matter was closed."""
    unit = rule.budget.unit if rule.budget else "day"
    mode = rule.pauses
    if mode == "none" and spans:
        mode = "minutes" if unit in TIME_UNITS else "whole_days"
    meter = Meter("day" if unit in MONTHS else unit, mode, calendar, policy.zone, policy.hours, tuple(spans))
    return Course(rule, meter, issued)


def first_day(course: Course) -> date:
    """Tell the first day that may count, by the start rule."""
    day, start = course.issue_day, course.rule.start
    if start == "next_workday":
        return course.meter.calendar.next_workday(day)
    if start == "next_month":
        return recurrence.month_end(day) + DAY
    if start == "same_day" or (start == "instant" and course.meter.counts_time):
        return day
    return day + DAY


def since(course: Course) -> int:
    """
    Tell the instant before which nothing counts. Minutes and hours never run before the issue; a day counts whole.
    """
    start = course.meter.start_of(first_day(course))
    timed = course.meter.unit in TIME_UNITS or course.rule.start == "instant"
    return max(start, course.issued) if timed else start


def named_day(course: Course) -> date | None:
    """Tell the due day that months, years or a fixed day name before pauses; None when units are simply counted."""
    rule, first, issue = course.rule, first_day(course), course.issue_day
    if rule.by is not None:
        day = issue if rule.by.kind in ("after", "inside") and rule.start != "next_month" else first
        return recurrence.due_day(rule.by, day, course.meter.calendar)
    if rule.budget is None or rule.budget.unit not in MONTHS or rule.budget.n == 0:
        return None
    return months_from(issue, first, rule.budget, rule.start)


def months_from(issue: date, first: date, budget: Amount, start: str) -> date:
    """
    Count months or years. Not counting the day of issue: the day of its number, or that month's last (Civil Code art.
    202).
    Where another day is the first counted: the day before the one of its number, or that month's last.
    """
    months = budget.n * MONTHS[budget.unit]
    if start in ("next_day", "instant"):
        return recurrence.add_months(issue, months)
    return recurrence.last_day_of_months(first, months)


def run(course: Course) -> Run:
    """Find when the clock is due, with the proof, before any extension."""
    first, begins = first_day(course), since(course)
    named = named_day(course)
    if named is not None:
        goal = _weight_through(course, first, begins, named)
    else:
        assert course.rule.budget is not None  # noqa: S101  the policy's reader sees to it; for the type checker
        goal = course.rule.budget.n * course.meter.per_unit
    steps = counting.walk(course.meter, first, begins, goal)
    if goal == 0:
        return _close(course, _nothing_to_count(course, first, named), None, (), 0)
    found = counting.reached(steps, goal)
    assert found is not None  # noqa: S101  walk stops where the goal is reached
    return _close(course, found[0], found[1], steps, goal)


def _weight_through(course: Course, first: date, begins: int, named: date) -> int:
    """Tell what must be counted for a named day to come out when nothing is paused."""
    if course.meter.counts_time and course.rule.start == "instant" and course.rule.budget is not None:
        return max(0, (named - first).days) * course.meter.per_unit
    free = replace(course.meter, pauses=())
    return sum(step.weight for step in counting.walk_through(free, first, begins, named))


def _nothing_to_count(course: Course, first: date, named: date | None) -> date:
    if named is not None:
        return named
    return course.issue_day if course.rule.start in ("same_day", "next_day", "instant") else first


def _close(course: Course, day: date, moment: int | None, steps: tuple[Step, ...], goal: int) -> Run:
    """Roll the day reached and give it its closing instant."""
    if goal == 0:
        steps = (_nothing_counted(course, day),)
    due = rolled(course, day)
    if due != day:
        steps += tuple(_moved(course, day + DAY * n) for n in range(1, (due - day).days + 1))
        steps = tuple(step for step in steps if step.day <= due)
    at = closing(course, due, moment if due == day else None)
    if course.rule.budget and course.rule.budget.unit in TIME_UNITS and goal == 0 and course.rule.ends == "instant":
        at = since(course)
    at = max(at, course.issued)
    return Run(at, due, day, steps, goal)


def _nothing_counted(course: Course, day: date) -> Step:
    """Explain the due day of a clock that has nothing to count."""
    fact = course.meter.calendar.fact(day)
    return Step(day, "skipped", 0, (*fact.why, "nothing_to_count"), fact.notice, fact.status == "estimated")


def _moved(course: Course, day: date) -> Step:
    """Explain a day between the one counted out and the one it was moved to."""
    fact = course.meter.calendar.fact(day)
    return Step(day, "skipped", 0, (*fact.why, "roll"), fact.notice, fact.status == "estimated")


def rolled(course: Course, day: date) -> date:
    """Move a due day off a holiday as the rule says."""
    if course.rule.roll == "next_workday":
        return course.meter.calendar.on_or_after(day)
    if course.rule.roll == "previous_workday":
        return max(course.meter.calendar.on_or_before(day), course.issue_day)
    return day


def closing(course: Course, day: date, moment: int | None = None) -> int:
    """
    Tell the instant at which a day closes for this clock; `moment` is the instant counted out, where time is counted.
    """
    meter, ends = course.meter, course.rule.ends
    if ends == "end_of_hours":
        return meter.office(day)[-1][1]
    if ends == "instant" and moment is not None:
        return moment
    if ends == "instant" and course.rule.start == "instant" and not meter.counts_time:
        works = meter.unit != "workday" or meter.calendar.is_workday(course.issue_day)
        if works:
            return meter.start_of(day) + (course.issued - meter.start_of(course.issue_day))
    return meter.end_of(day)


def reach(course: Course, result: Run, goal: int) -> int:
    """
    Tell the instant at which the count reaches a goal on the way: at the due instant for the whole, the start for
    none.
    """
    if goal <= 0:
        return min(max(since(course), course.issued), result.due_at)
    found = counting.reached(result.steps, goal) if goal < result.goal else None
    return min(closing(course, *found), result.due_at) if found else result.due_at


# extensions ---------------------------------------------------------------------------------------------------------


def extended(course: Course, result: Run, events: Sequence[Event]) -> Run:
    """Apply the extensions granted, in order; one that breaks the rule is void and is a finding that says why."""
    asked = [event for event in events if event.kind == "extension_asked"]
    for grant in sorted(
        (event for event in events if event.kind == "extension_granted"), key=lambda event: event.start
    ):
        request = next((event for event in asked if event.start <= grant.start), None)
        if request is not None:
            asked.remove(request)
        result = _extend(course, result, grant, request)
    return result


def _extend(course: Course, before: Run, grant: Event, request: Event | None) -> Run:
    target = _new_day(course, before, grant)
    why = _why_void(course, before, grant, request, target)
    line = {
        "asked_at": request.start if request else None,
        "granted_at": grant.start,
        "by": grant.by,
        "reason": grant.reason or (request.reason if request else None),
        "from_on": before.due_on,
        "to_on": None if why else target,
        "void": list(why),
    }
    if why or target is None:
        finding = Problem(
            "clock.extension_void",
            where=course.rule.id,
            blocking=False,
            file=grant.file,
            line=grant.line,
            params={"why": ", ".join(why)},
        )
        return replace(before, extensions=(*before.extensions, line), findings=(*before.findings, finding))
    after = _run_to(course, grant, target)
    return replace(after, version=before.version + 1, extensions=(*before.extensions, line), findings=before.findings)


def _new_day(course: Course, before: Run, grant: Event) -> date | None:
    if grant.end_on is not None:
        return grant.end_on
    rule = course.rule.extension
    if rule is None or rule.by is None:
        return None
    day = recurrence.shift(before.unrolled_on, rule.by.n, rule.by.unit, course.meter.calendar)
    return rolled(course, day)


def _why_void(course: Course, before: Run, grant: Event, request: Event | None, target: date | None) -> tuple[str, ...]:
    """List what is wrong with a grant, as words."""
    rule = course.rule.extension
    if rule is None:
        return ("not_allowed",)
    has = {
        "reason": bool(grant.reason or (request and request.reason)),
        "new_date": grant.end_on is not None,
        "granted_by": bool(grant.by),
        "asked_by": bool(request and request.by),
    }
    why = [f"no_{need}" for need in rule.needs if not has[need]]
    if rule.max_times is not None and before.version >= rule.max_times:
        why.append("too_many")
    if rule.asked == "before_due" and (request or grant).start >= before.due_at:
        why.append("asked_late")
    if target is None:
        why.append("no_new_date")
    elif target <= before.due_on:
        why.append("not_later")
    return tuple(dict.fromkeys(why))


def _run_to(course: Course, grant: Event, target: date) -> Run:
    """
    Run to a new day. Suspensions that begin after the grant still move it on; those before are in the new day
    already.
    """
    meter, first, begins = course.meter, first_day(course), since(course)
    earlier = replace(meter, pauses=tuple(pause for pause in meter.pauses if pause.start < grant.start))
    goal = sum(step.weight for step in counting.walk_through(earlier, first, begins, target))
    steps = counting.walk(meter, first, begins, goal)
    last = steps[-1].day if steps else first
    steps += counting.walk_through(meter, last + DAY, begins, target)
    day = max(last, target)
    at = meter.office(day)[-1][1] if course.rule.ends == "end_of_hours" else meter.end_of(day)
    return Run(at, day, day, steps, goal)
