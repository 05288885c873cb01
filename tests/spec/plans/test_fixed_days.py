"""Days that are fixed: kept where a plan can keep them at all, and refused by name where none can."""

from __future__ import annotations

import pytest

from luodi.scheduling import solver
from tests.spec.plans.asking import ask, dates
from tests.spec.plans.checker import faults_of_projects

# Two desks, twelve days of work before the fixed day. In six days they fit one way only: 3+3 and 2+2+2.
HEAD = """\
format: luodi-plan/1
unit: workday
calendar: []
from: 2026-09-07
agencies: {hall: {at_once: 2}, gate: {per_day: 1}}
catalogue:
  a: {agency: hall, days: {statutory: 3}}
  b: {agency: hall, days: {statutory: 3}}
  c: {agency: hall, days: {statutory: 2}}
  d: {agency: hall, days: {statutory: 2}}
  e: {agency: hall, days: {statutory: 2}}
  open: {days: {statutory: 0}, after: [{of: a}, {of: b}, {of: c}, {of: d}, {of: e}]}
  long: {agency: hall, days: {statutory: 9}}
  stamp: {agency: gate, days: {statutory: 0}}
projects:
"""


def fair(day: str) -> str:
    return (
        f"  - {{id: FAIR, matters: [a, b, c, d, e, open], facts: [{{matter: open, fixed: {day}}}], "
        "promise: {matter: open, by: 2026-09-30}}\n"
    )


def test_a_day_is_kept_that_no_rule_keeps(tmp_path):
    text = HEAD + fair("2026-09-15") + "  - {id: Q, matters: [long], promise: {matter: long, by: 2026-09-18}}\n"
    told = ask(tmp_path, text)
    assert list(told["rules"]) == ["fixed_days/solver"]
    assert dates(told)["open"] == ("2026-09-15", "2026-09-15")
    assert dates(told, 1)["long"][0] == "2026-09-15"
    assert faults_of_projects(text, told) == []


def test_a_day_later_rules_keep_it(tmp_path):
    text = HEAD + fair("2026-09-16")
    told = ask(tmp_path, text)
    assert "latest_start/serial" in told["rules"]
    assert faults_of_projects(text, told) == []


@pytest.mark.parametrize(
    ("projects", "names", "line"),
    [
        (fair("2026-09-14"), "FAIR/open", 16),
        (
            (
                "  - {id: P, matters: [stamp], facts: [{matter: stamp, fixed: 2026-09-09}]}\n"
                "  - {id: Q, matters: [long], facts: [{matter: long, fixed: 2026-09-09}]}\n"
                "  - {id: R, matters: [stamp], facts: [{matter: stamp, fixed: 2026-09-09}]}\n"
            ),
            "P/stamp, R/stamp",
            16,
        ),
    ],
)
def test_days_that_cannot_stand_together_are_named(tmp_path, projects, names, line):
    told = ask(tmp_path, HEAD + projects, code=1)
    (problem,) = told["problems"]
    assert (problem["code"], problem["line"]) == ("plan.fixed_impossible", line)
    assert names in problem["message"]


def test_without_a_solver_it_is_said_that_nothing_is_proven(tmp_path, monkeypatch):
    monkeypatch.setattr(solver, "installed", lambda: False)
    told = ask(tmp_path, HEAD + fair("2026-09-15"), code=1)
    assert [problem["code"] for problem in told["problems"]] == ["plan.fixed_not_found"]
