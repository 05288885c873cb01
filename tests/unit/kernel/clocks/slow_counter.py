"""
A slow, obvious counter of limits, to compare the engine with. It imports nothing of luodi: it walks the wall clock in
quarter hours, asks at each whether the office is open and whether anything is paused, and counts.

All times are naive local ones on quarter hours. A history is a plain dict: see `random_history`.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from functools import cache

DAY = timedelta(days=1)
SLOT = timedelta(minutes=15)


def works(history, day):
    """Monday to Friday but for the exceptions."""
    kind = history["exceptions"].get(day)
    return kind == "work" if kind else day.weekday() < 5


def next_work(history, day):
    day += DAY
    while not works(history, day):
        day += DAY
    return day


def slots(history, day, office):
    """The middles of the day's quarter hours: all, or those of office hours."""
    first = datetime.combine(day, time()) + SLOT / 2
    inside = offsets(tuple(history["hours"]) if office else ())
    return [first + SLOT * n for n in inside]


@cache
def offsets(hours):
    """The quarter hours of a day, by number, that lie inside the hours; all without hours."""
    return [n for n in range(96) if not hours or any(a <= n * 15 < b for a, b in hours)]


def covered(history, moment):
    return any(a <= moment < b for a, b in history["pauses"])


def left_out(history, day):
    asked = [covered(history, moment) for moment in slots(history, day, office=True)]
    if history["pause_mode"] == "whole_days":
        return all(asked)
    return history["pause_mode"] == "touching_days" and any(asked)


def days_in_month(year, month):
    day = date(year, month, 28)
    while (day + DAY).month == month:
        day += DAY
    return day.day


def months_later(day, n):
    year, month = day.year, day.month
    for _ in range(n):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    number = day.day
    while number > days_in_month(year, month):
        number -= 1
    return date(year, month, number), number == day.day


def first_counted(history):
    day = history["issued"].date()
    if history["start"] == "same_day":
        return day
    if history["start"] == "next_day":
        return day + DAY
    if history["start"] == "next_workday":
        return next_work(history, day)
    if history["start"] == "next_month":
        while day.day != 1 or day == history["issued"].date():
            day += DAY
        return day
    raise AssertionError(history["start"])


def named_day(history):
    """Where months, years and fixed days point, before pauses."""
    first, issued = first_counted(history), history["issued"].date()
    if history["unit"] in ("month", "year") and history["n"]:
        n = history["n"] * (12 if history["unit"] == "year" else 1)
        if history["start"] == "next_day":
            return months_later(issued, n)[0]
        same, exists = months_later(first, n)
        return same - DAY if exists else same
    day = first
    if history["unit"] == "by_day":
        while day.day != min(history["n"], days_in_month(day.year, day.month)):
            day += DAY
        return day
    if history["unit"] == "by_last_workday":
        while not works(history, day) or next_work(history, day).month == day.month:
            day += DAY
        return day
    if history["unit"] == "by_month_end":
        day = first if history["start"] == "next_month" else issued
        while (day + DAY).month == day.month:
            day += DAY
        return day + DAY * history["n"]
    return None


def answer(history):
    """Count a history out: due_at, due_on, unrolled_on, used, left, paused, paused_total, when each per cent is reached."""
    unit = history["unit"]
    if unit in ("minute", "hour", "workminute") or history["pause_mode"] == "minutes":
        return answer_in_time(history)
    day, days, count = first_counted(history), [], 0
    named = named_day(history)
    goal = history["n"] if named is None else max(0, (named - day).days + 1)
    while count < goal:
        if unit == "workday" and not works(history, day):
            did = "skipped"
        elif left_out(history, day):
            did = "paused"
        else:
            did, count = "counted", count + 1
        days.append((day, did))
        day += DAY
    due = days[-1][0] if days else named or history["issued"].date()
    if not days and named is None and history["start"] in ("next_workday", "next_month"):
        due = first_counted(history)
    unrolled = due
    while history["roll"] == "next_workday" and not works(history, due):
        due += DAY
    now = history["now"]
    counted = [day for day, did in days if did == "counted"]
    paused = [day for day, did in days if did == "paused"]
    used = sum(close(history, day) <= now for day in counted)
    return {
        "due_on": due,
        "unrolled_on": unrolled,
        "due_at": max(close(history, due), history["issued"]),
        "used": used,
        "left": goal - used,
        "paused": sum(day <= now.date() for day in paused),
        "paused_total": len(paused),
        "percents": [
            min(close(history, counted[-(-goal * p // 100) - 1]), max(close(history, due), history["issued"]))
            if -(-goal * p // 100) < goal
            else max(close(history, due), history["issued"])
            for p in history["percents"]
        ],
    }


def close(history, day):
    if history["ends"] == "end_of_hours":
        return datetime.combine(day, time()) + timedelta(minutes=history["hours"][-1][1])
    return datetime.combine(day, time()) + DAY


def answer_in_time(history):
    """Count quarter hours that are open and not paused."""
    unit = history["unit"]
    working = unit in ("workminute", "workday")
    if unit in ("minute", "workminute", "hour"):
        goal = history["n"] * (4 if unit == "hour" else 1) // (1 if unit == "hour" else 15)
    else:
        office = sum(b - a for a, b in history["hours"]) // 15 if working and history["hours"] else 96
        named = named_day(history)
        goal = history["n"] * office if named is None else max(0, (named - first_counted(history)).days + 1) * office
    timed = unit in ("minute", "workminute", "hour")
    since = history["issued"] if history["start"] == "instant" else datetime.combine(first_counted(history), time())
    since = max(since, history["issued"]) if timed else since
    day, count, used = since.date(), 0, 0
    at = since
    reached = {}
    while count < goal:
        if not working or works(history, day):
            out = history["pause_mode"] != "minutes" and left_out(history, day)
            for middle in slots(history, day, office=working):
                if middle < since or out or (history["pause_mode"] == "minutes" and covered(history, middle)):
                    continue
                count += 1
                at = middle + SLOT / 2
                reached[count] = at
                used += at <= history["now"]
                if count == goal:
                    break
        day += DAY
    due = (at - SLOT / 2).date()
    if not goal:
        due = first_counted(history) if history["start"] in ("next_workday", "next_month") else history["issued"].date()
        due = due if timed else named_day(history) or due
        at = since if timed else datetime.combine(due, time()) + DAY
    at = max(at, history["issued"])
    return {
        "due_on": due,
        "exact_at": at,
        "used_slots": used,
        "left_slots": goal - used,
        "reached": reached,
        "goal": goal,
    }


# histories ----------------------------------------------------------------------------------------------------------

HOURS = ([], [(540, 720), (840, 1080)], [(510, 690), (870, 1110)], [(0, 1440)], [(540, 1020)])
BY = ("by_day", "by_last_workday", "by_month_end")


def quarter(rng, day):
    return datetime.combine(day, time()) + SLOT * rng.randrange(96)


def random_history(seed):
    """Draw a history: a limit, a calendar with exceptions, overlapping pauses by days and by instants, and a moment to ask."""
    rng = random.Random(seed)
    start_on = date(2004, 1, 1) + DAY * rng.randrange(8400)
    unit = rng.choice(["day", "workday", "workday", "month", "year", "minute", "hour", "workminute", *BY])
    timed = unit in ("minute", "hour", "workminute")
    hours = rng.choice(HOURS[1:]) if unit == "workminute" else rng.choice(HOURS)
    pause_mode = rng.choice(["none", "whole_days", "touching_days", "minutes"])
    if unit == "year" and pause_mode == "minutes":
        pause_mode = "none"
    most = {"minute": 400, "hour": 300, "workminute": 240, "month": 7, "year": 2, "by_month_end": 12}.get(unit, 28)
    n = rng.randrange(1, 31) if unit == "by_day" else rng.randrange(0, most)
    starts = ["same_day", "next_day", "next_workday"] + ["next_month"] * (not timed) + ["instant"] * 3 * timed
    issued = quarter(rng, start_on)
    return {
        "issued": issued,
        "unit": unit,
        "n": n * 15 if unit in ("minute", "workminute") else n,
        "start": rng.choice(starts),
        "ends": "instant"
        if timed or pause_mode == "minutes"
        else rng.choice(["end_of_day", "end_of_hours"] if hours else ["end_of_day"]),
        "roll": "none" if timed or pause_mode == "minutes" else rng.choice(["none", "next_workday"]),
        "pause_mode": pause_mode,
        "hours": hours,
        "exceptions": exceptions(rng, start_on),
        "pauses": pauses(rng, start_on) if pause_mode != "none" else [],
        "now": quarter(rng, start_on + DAY * rng.randrange(45)),
        "percents": sorted(rng.sample(range(1, 101), 2)),
    }


def exceptions(rng, start_on):
    """Holidays of up to a week and worked weekends."""
    found = {}
    for _ in range(rng.randrange(4)):
        first = start_on + DAY * rng.randrange(60)
        for n in range(rng.randrange(1, 8)):
            found[first + DAY * n] = "off"
    for _ in range(rng.randrange(4)):
        found[start_on + DAY * rng.randrange(60)] = "work"
    return found


def pauses(rng, start_on):
    """Pauses of whole days (both included) and of instants (half-open), often overlapping, sometimes empty."""
    found = []
    for _ in range(rng.randrange(5)):
        first = start_on + DAY * rng.randrange(-3, 40)
        if rng.random() < 0.5:
            last = first + DAY * rng.randrange(9)
            found.append((datetime.combine(first, time()), datetime.combine(last, time()) + DAY))
        else:
            begin = quarter(rng, first)
            found.append((begin, begin + SLOT * rng.choice([0, 1, 8, 30, 96, 200, 400])))
    return found
