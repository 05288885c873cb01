"""
Recurring duties: a turn for each period, each with its own due day; which report belongs to which turn; misses running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from luodi.kernel import recurrence
from luodi.kernel.clocks import answers, counting, running, story
from luodi.kernel.clocks.counting import DAY
from luodi.kernel.clocks.running import Course
from luodi.kernel.clocks.values import Answer, ClockRule, Event, Run, StreakRule
from luodi.kernel.problem import Problem
from luodi.kernel.recurrence import Deadline, Period

# More turns than a century of weeks is a mistake in the policy or in the dates asked about.
MOST_TURNS = 6000


@dataclass(frozen=True)
class Turn:
    """
    One turn: its period, when it is due, from when a report is taken as its own, when it was done, whether excused.
    """

    period: Period
    course: Course
    run: Run
    opens_at: int
    done_at: int | None = None
    excused: story.Excused | None = None
    state: str = "running"

    @property
    def late(self) -> bool:
        """Done, but not before it was due."""
        return self.done_at is not None and self.done_at >= self.run.due_at


def answer(
    course: Course,
    events: Sequence[Event],
    closing: story.Closing,
    now: int,
    findings: tuple[Problem, ...],
) -> Answer:
    """Answer for a recurring clock: the turn that runs now, all turns so far, and the streak of misses."""
    until = now if closing.done_at is None else min(now, closing.done_at)
    kinds = {"done", *course.rule.resets_on, *course.rule.done_on}
    reports = sorted(
        event.start for event in events if event.kind in kinds and event.start <= now and not _names_a_turn(event)
    )
    named = {event.reason: event.start for event in reversed(events) if event.kind in kinds and event.start <= now}
    turns = _settled(list(_turns(course, until)), reports, named, events, closing, now)
    current = turns[-1]
    facts = answers.Facts(now, current.done_at, current.excused, findings)
    single = answers.of_run(current.course, current.run, facts)
    streak = streak_of(turns, course.rule.streak) if course.rule.streak else None
    fields = {
        **single.fields,
        "light": _light(course.rule, single, turns, streak),
        "period": current.period.name,
        "turns": [_told(turn) for turn in turns],
        **({"streak": streak} if streak else {}),
    }
    return replace(single, rule=course.rule, fields=fields, started_at=course.issued)


def _names_a_turn(event: Event) -> bool:
    reason = event.reason or ""
    return reason.startswith("#") or (reason[:4].isdigit() and len(reason) >= 4)


def _turns(course: Course, until: int) -> list[Turn]:
    """List the turns that have begun, at least one; a turn due before the duty was given is none."""
    meter, rule = course.meter, course.rule
    found: list[Turn] = []
    assert rule.every is not None  # noqa: S101  only recurring clocks come here; for the type checker
    periods = recurrence.periods(rule.every, course.issue_day, meter.calendar)
    while True:
        period = next(periods)
        if found and meter.start_of(period.first) > until:
            return found
        turn = _turn(course, period)
        if turn.run.due_at > course.issued:
            found.append(turn)
        if len(found) > MOST_TURNS:
            raise counting.TooFar(Problem(counting.TooFar.code, params={"day": period.first.isoformat()}))


def _turn(course: Course, period: Period) -> Turn:
    rule = replace(course.rule, every=None)
    if rule.budget is None and rule.by is None:
        rule = replace(rule, by=Deadline("day", period.last))
    own = Course(rule, course.meter, course.meter.start_of(period.first))
    run = running.run(own)
    opens = period.last + DAY if run.due_on > period.last else period.first
    return Turn(period, own, run, course.meter.start_of(opens))


def _settled(
    turns: list[Turn],
    reports: Sequence[int],
    named: dict[str | None, int],
    events: Sequence[Event],
    closing: story.Closing,
    now: int,
) -> list[Turn]:
    """
    Give each turn its report: the one that names its period, else the first between its opening and the next one's. The
    first turn takes earlier ones too; the matter's end closes the last. An excuse is for the turn it is handed in
    during.
    """
    settled = []
    for index, turn in enumerate(turns):
        opens = turn.opens_at if index else 0
        closes = turns[index + 1].opens_at if index + 1 < len(turns) else now + 1
        own = [at for at in reports if opens <= at < closes]
        last = index + 1 == len(turns) and closing.done_at is not None
        done_at = named.get(turn.period.name) or min(own, default=closing.done_at if last else None)
        following = turns[index + 1].course.issued if index + 1 < len(turns) else now + 1
        asked = [event for event in events if event.kind != "excuse" or event.start < following]
        excused = story.excuse(asked, turn.course.rule, turn.course.issued, turn.run.due_at, now)
        settled.append(_with_state(turn, done_at, excused, now))
    return settled


def _with_state(turn: Turn, done_at: int | None, excused: story.Excused | None, now: int) -> Turn:
    facts = answers.Facts(now, done_at, excused)
    state = answers.state_of(turn.course, turn.run, facts)
    return replace(turn, done_at=done_at, excused=excused, state=state)


def _told(turn: Turn) -> dict[str, object]:
    told: dict[str, object] = {"period": turn.period.name, "due_on": turn.run.due_on, "due_at": turn.run.due_at}
    told["state"] = turn.state
    if turn.done_at is not None:
        told |= {"done_at": turn.done_at, "late": turn.late}
    return told


def streak_of(turns: Sequence[Turn], rule: StreakRule) -> dict[str, object]:
    """
    Count misses running: turns overdue, and late ones where the rule counts them; excused ones break it or are left
    out.
    """
    missed: list[Turn] = []
    longest = 0
    for turn in turns:
        if turn.state == "excused" and rule.excused == "left_out":
            continue
        if turn.state == "over" or (turn.late and rule.late == "counts"):
            missed.append(turn)
        elif turn.state in ("done", "excused"):
            missed = []
        longest = max(longest, len(missed))
    reached = len(missed) >= rule.n
    at = missed[rule.n - 1].run.due_at if reached else None
    return {"n": rule.n, "running": len(missed), "longest": longest, "reached": reached, "reached_at": at}


def _light(rule: ClockRule, single: Answer, turns: Sequence[Turn], streak: dict[str, object] | None) -> str:
    """Give the light: of a streak reached; of a turn still missed; else of the turn that runs."""
    if rule.streak and streak and streak["reached"]:
        return rule.streak.light
    if any(turn.state == "over" for turn in turns[-2:]):
        return rule.light
    return str(single.fields["light"])
