"""The examples of the design, digit for digit."""

from __future__ import annotations

from tests.spec.plans.asking import ask
from tests.spec.plans.checker import faults_of_tasks

PROJECT = """\
format: luodi-plan/1
unit: workday                     # workday | day | step
calendar: [cn]
from: 2026-09-21
use: statutory                    # statutory | promised | p50 | p80
agencies: {plan: {at_once: 2, per_day: null}, env: {at_once: 1, closed: [2026-12-24]}}
catalogue:
  site:    {agency: plan, days: {statutory: 20, promised: 15, p50: 16, p80: 22}}
  eia:     {agency: env, days: {statutory: 25}, when: {attribute: kind, in: [industry]}}
  approve: {agency: plan, days: {statutory: 15}, after: [{of: site}, {of: eia, type: FS, lag: 0, lag_unit: workday}]}
  permit:  {agency: plan, days: {statutory: 5}, after: [{of: approve}]}
  start:   {days: {statutory: 0}, after: [{of: permit}], window: {months: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}}
projects:
  - {id: P1, attributes: {kind: industry}, matters: [site, eia, approve, permit, start],
     promise: {matter: start, by: 2026-12-10}, weight: 1, facts: []}
"""

MATTERS = """\
site    2026-09-21 2026-10-23 2026-10-15 2026-11-11 13 5
eia     2026-09-21 2026-10-30 2026-10-09 2026-11-11 8 0
approve 2026-11-02 2026-11-20 2026-11-12 2026-12-02 8 0
permit  2026-11-23 2026-11-27 2026-12-03 2026-12-09 8 0
start   2026-11-30 2026-11-30 2026-12-10 2026-12-10 8 8
"""

TASKS = """\
format: luodi-plan/1
unit: step
objective: makespan
resources: {R1: 2}
tasks:
  - {id: a, duration: 3, needs: {R1: 1}, after: []}
  - {id: b, duration: 2, needs: {R1: 2}, after: []}
  - {id: c, duration: 2, needs: {R1: 1}, after: [a]}
"""


def test_the_project(tmp_path):
    told = ask(tmp_path, PROJECT)

    assert told["status"] == "optimal"
    assert told["objective"] == {
        "name": "weighted_lateness", "value": 0, "bound": 0, "bound_kind": "critical_path", "gap": 0,
    }  # fmt: skip
    assert (told["stopped_by"], told["seed"]) == ("proof", 1)
    project = told["projects"][0]
    keys = ("id", "promise", "earliest", "late", "critical", "serial_days", "parallel_days")
    assert [project[key] for key in keys] == [
        "P1", "2026-12-10", "2026-11-30", 0, ["eia", "approve", "permit", "start"], 65, 45,
    ]  # fmt: skip
    keys = ("id", "start", "finish", "latest_start", "latest_finish", "slack", "free")
    assert [[str(row[key]) for key in keys] for row in project["matters"]] == [
        line.split() for line in MATTERS.splitlines()
    ]
    assert {row["latest_assumes"] for row in project["matters"]} == {"capacity"}


def test_the_plain_form(tmp_path):
    told = ask(tmp_path, TASKS)

    assert told["status"] == "optimal"
    assert {key: told["objective"][key] for key in ("name", "value", "bound", "gap")} == {
        "name": "makespan", "value": 7, "bound": 7, "gap": 0,
    }  # fmt: skip
    assert (told["stopped_by"], told["seed"]) == ("proof", 1)
    assert faults_of_tasks(TASKS, told) == []


def test_the_cycle(tmp_path):
    told = ask(tmp_path, TASKS.replace("{R1: 1}, after: []", "{R1: 1}, after: [c]"), code=1)

    problem = told["problems"][0]
    assert (problem["code"], problem["line"], problem["cycle"]) == ("plan.cycle", 8, ["a", "c", "a"])
    assert problem["file"].endswith("plan.yaml")
