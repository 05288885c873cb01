"""
A slow, obvious checker of plans: given the file as written and the answer as printed it counts every day itself. It
imports nothing of `luodi.scheduling`; working days come from the kernel's calendar, YAML from the plain reader.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import yaml

from luodi.kernel.workdays import load_calendar

ONE = timedelta(days=1)


def day(text: object) -> date:
    return date.fromisoformat(str(text))


def faults_of_tasks(text: str, told: dict) -> list[str]:
    """Check a plan in the plain form."""
    plan = yaml.safe_load(text)
    found = {row["id"]: row for row in told["tasks"]}
    tasks = {task["id"]: task for task in plan["tasks"]}
    faults = [f"{name} missing" for name in tasks if name not in found]
    for name, task in tasks.items():
        row = found[name]
        if row["start"] < 0 or row["end"] != row["start"] + task["duration"]:
            faults.append(f"{name} {row}")
        for link in task.get("after") or []:
            link = link if isinstance(link, dict) else {"of": link}
            before, lag = found[link["of"]], int(link.get("lag", 0))
            ends = {"FS": (before["end"], row["start"]), "SS": (before["start"], row["start"])}
            ends["FF"] = (before["end"], row["end"])
            earlier, later = ends[link.get("type", "FS")]
            if later < earlier + lag:
                faults.append(f"{name} too early after {link}")
    last = max((row["end"] for row in found.values()), default=0)
    for resource, capacity in (plan.get("resources") or {}).items():
        for step in range(last):
            used = sum(
                (tasks[name].get("needs") or {}).get(resource, 0)
                for name, row in found.items()
                if row["start"] <= step < row["end"]
            )
            if used > capacity:
                faults.append(f"{resource} {used} > {capacity} at {step}")
    return faults + _objective(told, last)


def _objective(told: dict, value: object) -> list[str]:
    objective = told["objective"]
    faults = []
    if Fraction(str(objective["value"])) != Fraction(str(value)):
        faults.append(f"value {objective['value']} is really {value}")
    if objective["bound"] > objective["value"]:
        faults.append("bound above value")
    gap = Fraction(str(objective["value"])) - Fraction(str(objective["bound"]))
    gap = gap / Fraction(str(objective["value"])) if gap else Fraction(0)
    if abs(gap - Fraction(str(objective["gap"]))) > Fraction(1, 10_000):
        faults.append(f"gap {objective['gap']} is really {float(gap)}")
    if (told["status"] == "optimal") != (gap == 0):
        faults.append(f"status {told['status']} with gap {objective['gap']}")
    return faults


class Checker:
    """Checks a plan of projects whose matters all apply (no `when`, no either-or): links are then as written."""

    def __init__(self, text: str, told: dict) -> None:
        self.plan = yaml.load(text, yaml.BaseLoader)
        self.told = told
        self.unit = self.plan.get("unit", "workday")
        self.calendar = load_calendar(self.plan.get("calendar") or [])
        self.faults: list[str] = []

    def works(self, agency: str | None, on: date) -> bool:
        """Tell whether an agency works on a day, a day of the plan counts, as its unit has it."""
        closed = (self.plan.get("agencies") or {}).get(agency, {}).get("closed", []) if agency else []
        return str(on) not in closed and self.calendar.is_workday(on)

    def counts(self, unit: str, agency: str | None, on: date) -> bool:
        return unit == "day" or self.works(agency, on)

    def step(self, start: date, lag: int, unit: str) -> date:
        """Go lag working or calendar days on."""
        if unit == "day":
            return start + lag * ONE
        while not self.calendar.is_workday(start):
            start += ONE
        way = ONE if lag >= 0 else -ONE
        for _ in range(abs(lag)):
            start += way
            while not self.calendar.is_workday(start):
                start += way
        return start

    def check(self) -> list[str]:
        value = Fraction(0)
        for project, told in zip(self.plan["projects"], self.told["projects"], strict=True):
            rows = {row["id"]: row for row in told["matters"]}
            if list(rows) != project["matters"]:
                self.faults.append(f"{project['id']} has {list(rows)}")
            facts = {fact["matter"]: fact for fact in project.get("facts") or []}
            for name, row in rows.items():
                self.matter(project["id"], name, row, facts.get(name, {}))
                if "started" not in facts.get(name, {}) and "finished" not in facts.get(name, {}):
                    self.links(name, row, rows)
            value += self.promise(project, told, rows)
        self.capacity()
        return self.faults + _objective(self.told, float(value) if value.denominator > 1 else int(value))

    def matter(self, project: str, name: str, row: dict, fact: dict) -> None:
        matter = self.plan["catalogue"][name]
        if "finished" in fact:
            if row["finish"] != fact["finished"]:
                self.faults.append(f"{project}/{name} finished {fact['finished']}, not {row['finish']}")
            return
        start, finish = day(row["start"]), day(row["finish"])
        agency, unit = matter.get("agency"), matter.get("days_unit", self.unit)
        days = int(matter["days"][self.plan.get("use", "statutory")])
        if "started" in fact:
            if row["start"] != fact["started"]:
                self.faults.append(f"{project}/{name} started {fact['started']}")
        elif start < day(self.plan["from"]) or (self.unit == "workday" and not self.works(agency, start)):
            self.faults.append(f"{project}/{name} can't be handed in on {start}")
        pauses = [pause.split("/") for pause in fact.get("paused", [])]
        left, on = days, start - ONE
        while left > 0:
            on += ONE
            held = any(first <= str(on) <= last for first, last in pauses)
            left -= self.counts(unit, agency, on) and not held
        if finish != max(start, on) and row["state"] != "overdue":
            self.faults.append(f"{project}/{name} takes {days} from {start}: {on}, not {finish}")
        if "fixed" in fact and row["start"] != fact["fixed"]:
            self.faults.append(f"{project}/{name} is not on {fact['fixed']}")
        if "not_before" in fact and row["start"] < fact["not_before"]:
            self.faults.append(f"{project}/{name} before {fact['not_before']}")
        months = (matter.get("window") or {}).get("months")
        if months and not {str(start.month), str(finish.month)} <= set(months):
            self.faults.append(f"{project}/{name} out of season {start} {finish}")

    def links(self, name: str, row: dict, rows: dict) -> None:
        for link in self.plan["catalogue"][name].get("after") or []:
            before = rows[link["of"]]
            kind, lag = link.get("type", "FS"), int(link.get("lag", 0))
            unit = link.get("lag_unit", self.unit)
            length = int(self.plan["catalogue"][link["of"]]["days"][self.plan.get("use", "statutory")])
            if kind == "FS":
                free = day(before["finish"]) + (ONE if length else 0 * ONE)
                good = day(row["start"]) >= self.step(free, lag, unit)
            elif kind == "SS":
                good = day(row["start"]) >= self.step(day(before["start"]), lag, unit)
            else:
                target = day(before["finish"])
                good = day(row["finish"]) >= (self.step(target, lag, unit) if lag else target)
            if not good:
                self.faults.append(f"{name} {row['start']} too early after {link} {before['start']} {before['finish']}")

    def promise(self, project: dict, told: dict, rows: dict) -> Fraction:
        if "promise" not in project:
            return Fraction(0)
        by, finish = day(project["promise"]["by"]), day(rows[project["promise"]["matter"]]["finish"])
        late, on = 0, by
        while on < finish:
            on += ONE
            late += self.unit == "day" or self.calendar.is_workday(on)
        if told["late"] != late:
            self.faults.append(f"{project['id']} is {late} late, not {told['late']}")
        return Fraction(project.get("weight", "1")) * late

    def capacity(self) -> None:
        """What has begun may overfill a desk by itself; nothing planned may."""
        busy: Counter = Counter()
        planned: set = set()
        handed: Counter = Counter()
        for told in self.told["projects"]:
            for row in told["matters"]:
                if row["state"] == "over" or not row["agency"]:
                    continue
                if row["state"] == "planned":
                    handed[row["agency"], row["start"]] += 1
                on = day(row["start"])
                while row["days"] and on <= day(row["finish"]):
                    busy[row["agency"], on] += 1
                    if row["state"] == "planned":
                        planned.add((row["agency"], on))
                    on += ONE
        for agency, limits in (self.plan.get("agencies") or {}).items():
            for counter, key in ((busy, "at_once"), (handed, "per_day")):
                limit = limits.get(key)
                if limit and limit != "null":
                    over = [
                        (on, n)
                        for (who, on), n in counter.items()
                        if who == agency and n > int(limit) and (key == "per_day" or (who, on) in planned)
                    ]
                    self.faults += [f"{agency} {key} {n} on {on}" for on, n in over]


def faults_of_projects(text: str, told: dict) -> list[str]:
    """Check a plan of projects."""
    return Checker(text, told).check()
