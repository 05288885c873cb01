"""What must hold of every clock, whatever happened to it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.kernel import instant
from luodi.kernel.clocks import answers, document, engine, policy, story, values
from luodi.kernel.clocks.values import Amount, ClockRule, Event, ExtensionRule, Matter, Policy, Threshold
from luodi.kernel.recurrence import Recurrence
from luodi.kernel.workdays import load_calendar

CN = load_calendar(["cn"])
HOUR = 3_600_000_000
BASE = instant.start_of(date(2026, 1, 1))
SHIPPED = [policy.load(policy.find(name)) for name in policy.shipped_ids()]
moments = st.integers(0, 24 * 500).map(lambda hours: BASE + hours * HOUR)


def own(*rules, zone="Asia/Shanghai"):
    return Policy("p", "p", {}, None, None, ZoneInfo(zone), ("cn",), Path(), ((540, 720), (840, 1080)), None, rules)


@st.composite
def rules(draw):
    unit = draw(st.sampled_from(values.UNITS))
    timed = unit in values.TIME_UNITS
    return ClockRule(
        "c",
        budget=Amount(draw(st.integers(0, 2 if unit == "year" else 40)), unit),
        start=draw(st.sampled_from(values.STARTS)),
        ends=draw(st.sampled_from(values.ENDS)),
        roll="none" if timed else draw(st.sampled_from(values.ROLLS)),
        pauses=draw(st.sampled_from(values.PAUSES)),
        thresholds=(Threshold("half", "used_percent", 50), Threshold("near", "left", 1)),
        extension=ExtensionRule(2, by=Amount(5, "workday")),
        promise=draw(st.sampled_from([None, Amount(0, unit)])),
        reopening=draw(st.sampled_from(["resume", "continue", "restart"])),
        resets_on=draw(st.sampled_from([(), ("progress",)])),
        every=draw(st.sampled_from([None, None, None, Recurrence("month"), Recurrence("week", 2)])),
    )


@st.composite
def happened(draw):
    kind = draw(st.sampled_from(values.EVENT_KINDS))
    start = draw(moments)
    end = draw(st.sampled_from([None, 0, 1, 5, 24, 24 * 9]))
    end_at = None if end is None or (kind != "pause" and end == 0) else start + end * HOUR
    end_on = None if end_at is None else instant.day_of(end_at)
    return Event(
        kind, start, end_at, end_on, draw(st.sampled_from([None, "a", "excuse"])), by=draw(st.sampled_from([None, "b"]))
    )


def pauses():
    return happened().map(lambda event: replace(event, kind="pause", end=event.end or event.start))


def run(rules, matter, now, calendar=CN):
    found, _ = engine.run(rules, matter, calendar, now=now)
    return found


@settings(max_examples=150, deadline=None)
@given(rules(), moments, st.lists(happened(), max_size=6), moments)
def test_what_an_answer_says_hangs_together(rule, issued, events, now):
    (found,) = run(own(rule), Matter(issued, tuple(events)), now)
    told = found.fields
    assert told["state"] in answers.STATES
    if found.run is None:
        return
    assert found.run.due_at >= (issued if rule.every else found.started_at)
    assert told["used"] >= 0 and told["left"] >= 0 and told["overrun"] >= 0
    assert 0 <= told["paused"] <= told["paused_total"]
    assert (told["state"] in ("over", "excused")) <= (now >= found.run.due_at)
    assert (told["left"] == 0) >= (told["state"] == "over")
    days = [line["day"] for line in told["days"]]
    assert days == sorted(set(days))
    if days:
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
        assert days[-1] == found.run.due_on or rule.roll == "previous_workday"
    for one in found.thresholds:
        assert one.at <= max(found.run.due_at, found.started_at)
        assert one.fired <= (one.at <= now)
    answers.render(dict(told), ZoneInfo("Asia/Shanghai"))


@settings(max_examples=150, deadline=None)
@given(
    rules(),
    moments,
    st.lists(pauses(), max_size=5),
    st.randoms(use_true_random=False),
)
def test_the_order_of_events_and_saying_one_twice_change_nothing(rule, issued, events, chance: random.Random):
    now = BASE + 600 * 24 * HOUR
    first = run(own(rule), Matter(issued, tuple(events)), now)[0]
    shuffled = [*events, *events[:2]]
    chance.shuffle(shuffled)
    again = run(own(rule), Matter(issued, tuple(shuffled)), now)[0]
    assert first.run.due_at == again.run.due_at
    assert first.fields["used"] == again.fields["used"]


@settings(max_examples=60, deadline=None)
@given(rules(), moments, st.lists(pauses(), max_size=4), happened())
def test_one_pause_more_is_never_due_earlier(rule, issued, events, more):
    rule = replace(rule, every=None, roll="none")
    more = replace(more, kind="pause", end=more.end or more.start)
    now = BASE
    before = run(own(rule), Matter(issued, tuple(events)), now)[0].run
    after = run(own(rule), Matter(issued, (*events, more)), now)[0].run
    assert after.due_at >= before.due_at


@settings(max_examples=50, deadline=None)
@given(rules(), moments, st.lists(happened(), max_size=5), st.lists(moments, min_size=1, max_size=4))
def test_sweeping_late_or_often_fires_the_same(rule, issued, events, times):
    """A matter swept at many moments ends with the firings of one swept only at the last (no event is news here)."""
    rule = replace(rule, every=None, resets_on=(), reopening="continue")
    fixed = tuple(event for event in events if event.kind == "pause" and event.end is not None)
    often = {}
    for now in sorted(times):
        often = document.sweep("m", run(own(rule), Matter(issued, fixed), now), often)
    once = document.sweep("m", run(own(rule), Matter(issued, fixed), max(times)), {})
    assert often == once
    assert document.sweep("m", run(own(rule), Matter(issued, fixed), max(times)), often) == often


def test_an_extension_fires_its_own_thresholds_and_leaves_the_old_ones():
    rule = ClockRule(
        "c", budget=Amount(4, "day"), thresholds=(Threshold("half", "used_percent", 50),), extension=ExtensionRule()
    )
    day = 24 * HOUR
    grant = Event("extension_granted", BASE + 3 * day, end_on=date(2026, 1, 21))
    ledger = document.sweep(None, run(own(rule), Matter(BASE), BASE + 3 * day), {})
    assert ledger == {"/c/half/0": {"at": BASE + 3 * day, "state": "fired"}}
    ledger = document.sweep(None, run(own(rule), Matter(BASE, (grant,)), BASE + 30 * day), ledger)
    assert ledger == {
        "/c/half/0": {"at": BASE + 3 * day, "state": "fired"},
        "/c/half/1": {"at": BASE + 11 * day, "state": "fired"},
    }


@pytest.mark.parametrize("rules", SHIPPED, ids=lambda rules: rules.id)
@settings(max_examples=20, deadline=None)
@given(st.lists(happened(), max_size=8), moments, moments)
def test_shipped_policies_take_any_story(rules, events, issued, now):
    found, findings = engine.run(rules, Matter(issued, tuple(events)), CN, now=now)
    assert [one.rule.id for one in found] == [rule.id for rule in rules.clocks]
    for problem in findings:
        assert problem.message("zh") and problem.message("en")


def test_clocks_are_changed_in_a_zone_with_summer_time():
    """On 29 March 2026 Amsterdam's night is an hour short; office hours stay on the wall clock."""
    rule = ClockRule("c", budget=Amount(24, "hour"), start="instant", ends="instant")
    zone = ZoneInfo("Europe/Amsterdam")
    start = instant.start_of(date(2026, 3, 28), zone) + 12 * HOUR
    (found,) = run(own(rule, zone="Europe/Amsterdam"), Matter(start), start)
    assert instant.to_datetime(found.run.due_at, zone).isoformat() == "2026-03-29T13:00:00+02:00"
    days = ClockRule("c", budget=Amount(1, "day"), ends="end_of_hours")
    (found,) = run(own(days, zone="Europe/Amsterdam"), Matter(start), start)
    assert instant.to_datetime(found.run.due_at, zone).isoformat() == "2026-03-29T18:00:00+02:00"
    late = replace(own(days, zone="Europe/Amsterdam"), hours=((0, 1440),))
    assert run(late, Matter(start), start)[0].run.due_at == instant.start_of(date(2026, 3, 30), zone)


def test_a_calendar_without_workdays_is_refused():
    from luodi.kernel.clocks.counting import TooFar
    from luodi.kernel.workdays import Calendar, Row, layer_of

    empty = Calendar((layer_of("l", [Row(date(2026, 1, 1) + timedelta(days=n), "off") for n in range(81_000)]),))
    with pytest.raises(TooFar):
        run(own(ClockRule("c", budget=Amount(1, "workday"))), Matter(BASE), BASE, empty)


def test_a_goal_is_reached_on_a_day_at_an_instant_or_never():
    from luodi.kernel.clocks.counting import reached

    days = [values.Step(date(2026, 1, n), "counted", 1) for n in (1, 2)]
    assert reached(days, 2) == (date(2026, 1, 2), None)
    assert reached(days, 3) is None
    hours = [values.Step(date(2026, 1, 1), "counted", 5, free=((10, 12), (20, 23)))]
    assert (reached(hours, 2), reached(hours, 4)) == ((date(2026, 1, 1), 12), (date(2026, 1, 1), 22))


def test_a_duty_of_too_many_turns_is_refused():
    from luodi.kernel.clocks.counting import TooFar

    rule = ClockRule("c", every=Recurrence("day"), start="same_day")
    with pytest.raises(TooFar):
        run(own(rule), Matter(BASE), BASE + 7000 * 24 * HOUR)


def test_events_are_told_apart_by_what_they_say():
    pause = Event("pause", BASE, BASE + HOUR, reason="a", known_at=BASE, line=1)
    assert story.believed([pause, replace(pause, line=2, known_at=BASE + 1)], None) == (pause,)
    assert story.believed([pause], BASE - 1) == ()
