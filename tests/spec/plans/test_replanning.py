"""Planning again beside an earlier plan, and planning without a solver."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from luodi.scheduling import solver
from tests.spec.plans.asking import ask, dates
from tests.spec.plans.checker import faults_of_projects

HEAD = """\
format: luodi-plan/1
unit: workday
calendar: []
from: {start}
agencies: {{desk: {{at_once: 1}}}}
catalogue:
  a: {{agency: desk, days: {{statutory: 5}}}}
  b: {{agency: desk, days: {{statutory: 3}}, after: [{{of: a}}]}}
projects:
"""
P = "  - {id: P, matters: [a, b], promise: {matter: b, by: 2026-12-31}, facts: [%s]}\n"
Q = "  - {id: Q, matters: [a, b], promise: {matter: b, by: 2026-12-31}}\n"
R = "  - {id: R, matters: [a], promise: {matter: a, by: 2026-09-21}}\n"


def test_started_work_stays_and_little_else_moves(tmp_path):
    before = ask(tmp_path, HEAD.format(start="2026-09-07") + P % "" + Q)
    (tmp_path / "old.json").write_text(json.dumps(before))
    # two days later P's a is running, and an urgent R comes in that has to have the desk from the 14th
    text = HEAD.format(start="2026-09-09") + P % "{matter: a, started: 2026-09-07}" + Q + R
    told = ask(tmp_path, text, "--baseline", str(tmp_path / "old.json"), "--work", "2")
    assert (
        faults_of_projects(
            text, {**told, "objective": {**told["objective"], "value": 0, "bound": 0, "gap": 0}, "status": "optimal"}
        )
        == []
    )
    assert dates(told, 0)["a"] == ("2026-09-07", "2026-09-11")
    assert dates(told, 2)["a"] == ("2026-09-14", "2026-09-18")
    assert told["moves"]["lateness"] == 0
    # nothing lies earlier than it did; the desk was taken without a gap, so R's five days push the rest
    old = {**{f"P/{k}": v for k, v in dates(before, 0).items()}, **{f"Q/{k}": v for k, v in dates(before, 1).items()}}
    new = {**{f"P/{k}": v for k, v in dates(told, 0).items()}, **{f"Q/{k}": v for k, v in dates(told, 1).items()}}
    moved = [name for name in old if new[name][0] != old[name][0]]
    assert told["moves"]["matters"] == len(moved) <= 3
    assert told["objective"]["name"] == "weighted_lateness_and_moves"


def test_an_unchanged_plan_does_not_move_though_it_could_lie_earlier(tmp_path):
    first = ask(tmp_path, HEAD.format(start="2026-09-07") + P % "{matter: a, not_before: 2026-09-21}")
    (tmp_path / "old.json").write_text(json.dumps(first))
    told = ask(tmp_path, HEAD.format(start="2026-09-07") + P % "", "--baseline", str(tmp_path / "old.json"))
    assert dates(told) == dates(first)
    assert (told["moves"]["steps"], told["status"]) == (0, "optimal")
    free = ask(tmp_path, HEAD.format(start="2026-09-07") + P % "")
    assert dates(free)["a"][0] == "2026-09-07"


def test_stability_weighs_moves_against_lateness(tmp_path):
    start = HEAD.format(start="2026-09-07")
    first = ask(tmp_path, start + P % "" + Q)
    (tmp_path / "old.json").write_text(json.dumps(first))
    options = ("--baseline", str(tmp_path / "old.json"), "--work", "2", "--stability")
    stiff = ask(tmp_path, start + P % "" + Q + R.replace("09-21", "09-11"), *options, "100")
    loose = ask(tmp_path, start + P % "" + Q + R.replace("09-21", "09-11"), *options, "0.01")
    assert stiff["moves"]["steps"] == 0 < stiff["moves"]["lateness"]
    assert loose["moves"]["lateness"] == 0 < loose["moves"]["steps"]


CROWD = HEAD.format(start="2026-09-07") + (P % "").replace("12-31", "09-16") + Q.replace("12-31", "09-16")


def test_without_the_solver_rules_give_a_feasible_plan_and_a_notice(tmp_path, monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(solver.importlib.util, "find_spec", lambda name: None if name == "ortools.sat" else real(name))
    told = ask(tmp_path, CROWD)
    assert (told["status"], told["stopped_by"]) == ("feasible", "no_solver")
    assert "luodi[plan]" in told["notices"][0]["message"]["en"]
    assert told["objective"]["value"] == min(told["rules"].values())
    assert dates(told)["a"]


def test_a_solver_that_may_not_be_imported_counts_as_none(monkeypatch):
    def hindered(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(solver.importlib.util, "find_spec", hindered)
    assert not solver.installed()


def test_a_solver_that_is_broken_counts_as_none(tmp_path):
    (tmp_path / "ortools").mkdir()
    (tmp_path / "ortools" / "__init__.py").write_text("raise ImportError('broken')\n")
    (tmp_path / "plan.yaml").write_text(CROWD, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "luodi", "plan", str(tmp_path / "plan.yaml"), "--format", "json"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
    )
    assert json.loads(done.stdout)["stopped_by"] == "no_solver"


def test_with_the_solver_the_same_plan_is_proven(tmp_path):
    told = ask(tmp_path, CROWD)
    assert (told["status"], told["stopped_by"]) == ("optimal", "proof")


@pytest.mark.parametrize("capacity", ["{at_once: 1}", "{at_once: 1, closed: [2026-09-15, 2026-09-23]}"])
def test_a_latest_day_under_capacity_holds_and_one_later_does_not(tmp_path, capacity):
    """Fix each latest day and plan again: the promises hold; a working day later they don't."""
    projects = (P % "FACT").replace("12-31", "10-01") + Q.replace("12-31", "10-05")
    text = HEAD.format(start="2026-09-07").replace("{at_once: 1}", capacity) + projects
    first = ask(tmp_path, text.replace("FACT", ""))
    for row in first["projects"][0]["matters"]:
        assert row["latest_assumes"] == "capacity"
        held = ask(tmp_path, text.replace("FACT", f"{{matter: {row['id']}, fixed: {row['latest_start']}}}"))
        assert held["objective"]["value"] == 0
        later = ask(
            tmp_path, text.replace("FACT", f"{{matter: {row['id']}, not_before: {_next(row['latest_start'])}}}")
        )
        assert later["objective"]["value"] > 0


def _next(day: str) -> str:
    from datetime import date, timedelta

    return str(date.fromisoformat(day) + timedelta(days=1))
