"""Runs a drawn history through the engine and compares every number with the slow counter's."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from luodi.kernel import instant
from luodi.kernel.clocks import engine
from luodi.kernel.clocks.values import Amount, ClockRule, Event, Matter, Policy, Threshold
from luodi.kernel.recurrence import Deadline
from luodi.kernel.workdays import Calendar, Row, layer_of

from . import slow_counter

ZONE = instant.CITY_ZONE
DEADLINES = {
    "by_day": lambda n: Deadline("day_of_month", n),
    "by_last_workday": lambda n: Deadline("last", "workday_of_month"),
    "by_month_end": lambda n: Deadline("after", "month_end", n, "day"),
}


def at(moment: datetime) -> int:
    return instant.from_datetime(moment.replace(tzinfo=ZONE))


def local(moment: int) -> datetime:
    return instant.to_datetime(moment, ZONE).replace(tzinfo=None)


def rule_of(history: dict) -> ClockRule:
    unit = history["unit"]
    limit = {"by": DEADLINES[unit](history["n"])} if unit in DEADLINES else {"budget": Amount(history["n"], unit)}
    thresholds = tuple(Threshold(f"p{p}", "used_percent", p) for p in history["percents"])
    return ClockRule(
        "c",
        **limit,
        start=history["start"],
        ends=history["ends"],
        roll=history["roll"],
        pauses=history["pause_mode"],
        thresholds=thresholds,
    )


def engine_answer(history: dict):
    calendar = Calendar((layer_of("drawn", [Row(day, kind) for day, kind in history["exceptions"].items()]),))
    policy = Policy(
        "drawn", "drawn", {}, None, None, ZONE, (), Path(), tuple(history["hours"]), None, (rule_of(history),)
    )
    events = tuple(Event("pause", at(a), at(b), reason=str(i)) for i, (a, b) in enumerate(history["pauses"]))
    found, findings = engine.run(policy, Matter(at(history["issued"]), events), calendar, now=at(history["now"]))
    assert findings == []
    return found[0]


def differences(seed: int) -> list[str]:
    """Name each number on which the engine and the slow counter differ for the history of a seed."""
    history = slow_counter.random_history(seed)
    ours, slow = engine_answer(history), slow_counter.answer(history)
    got, want = dict(ours.fields), dict(slow)
    if "exact_at" in slow:
        per = {"minute": 15, "workminute": 15, "hour": 60}.get(history["unit"])
        got["exact_at"] = local(ours.run.due_at)
        want = {"due_on": slow["due_on"], "exact_at": slow["exact_at"]}
        if per:
            in_units = slow["used_slots"] * 15 // per if per == 60 else slow["used_slots"] * 15
            want["used"] = in_units
            want["left"] = history["n"] - in_units
    else:
        got["due_at"] = local(ours.run.due_at)
        got["percents"] = [local(one.at) for one in ours.thresholds]
        if slow["left"] + slow["used"] == 0:
            del want["percents"]
    return [f"{key}: engine {got[key]} slow {want[key]} in {history}" for key in want if got[key] != want[key]]
