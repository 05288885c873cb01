"""What would have to give: each thing taken away alone, and planned again."""

from __future__ import annotations

import pytest

from tests.spec.plans.asking import ask

TEXT = """\
format: luodi-plan/1
calendar: []
from: 2026-09-07
agencies: {{hall: {{at_once: 1, closed: [2026-09-08, 2026-09-09]}}}}
catalogue:
  a: {{agency: hall, days: {{statutory: 3}}}}
  b: {{days: {{statutory: 2}}, after: [{{of: a}}]{window}}}
projects:
  - {{id: P, matters: [a, b], promise: {{matter: b, by: 2026-09-11}}, facts: [{fact}]}}
"""
# a: the 7th, 10th and 11th, as the hall is closed on the 8th and 9th; b: the 14th and 15th, promised for the 11th.


def given(folder, fact: str = "", window: str = "") -> dict:
    told = ask(folder, TEXT.format(fact=fact, window=window))
    project = told["projects"][0]
    assert project["late"] > 0
    return {(one["give"], one["what"]): (one["earliest"], one["holds"]) for one in project["would_have_to_give"]}


def test_closed_days(tmp_path):
    assert given(tmp_path) == {("promise", "b"): ("2026-09-15", True), ("closed", "hall"): ("2026-09-11", True)}


@pytest.mark.parametrize(
    ("fact", "kind", "matter", "planned"),
    [
        ("{matter: b, fixed: 2026-09-24}", "fixed", "b", "2026-09-25"),
        ("{matter: b, not_before: 2026-09-21}", "not_before", "b", "2026-09-22"),
        ("{matter: b, paused: [2026-09-14/2026-09-15]}", "paused", "b", "2026-09-17"),
    ],
)
def test_facts(tmp_path, fact, kind, matter, planned):
    found = given(tmp_path, fact)
    assert found["promise", "b"] == (planned, True)
    assert found[kind, matter] == ("2026-09-15", False)


def test_windows(tmp_path):
    found = given(tmp_path, window=", window: {months: [10]}")
    assert found["promise", "b"] == ("2026-10-02", True)
    assert found["window", "b"] == ("2026-09-15", False)


CAPACITY = """\
format: luodi-plan/1
calendar: []
from: 2026-09-07
agencies: {hall: {at_once: 1}, gate: {per_day: 1}}
catalogue:
  a: {agency: hall, days: {statutory: 3}}
  b: {agency: gate, days: {statutory: 1}, after: [{of: a}]}
  z: {agency: hall, days: {statutory: 0}, one_of: []}
projects:
  - {id: P, matters: [a, b], promise: {matter: b, by: 2026-09-14}}
  - {id: Q, matters: [a, b], promise: {matter: b, by: 2026-09-15}}
  - {id: R, matters: [{one_of: [{matter: a, when: {attribute: big, equals: true}}]}], attributes: {big: [false, ""]}}
"""


def test_capacity_brings_a_latest_day_forward(tmp_path):
    told = ask(tmp_path, CAPACITY)
    rows = {project["id"]: {row["id"]: row for row in project["matters"]} for project in told["projects"]}
    # Q's a must be over on the 14th, P's on the 11th: P first, on the 7th to 9th, then Q from the 10th; one day later for
    # either breaks a promise. Alone P could wait until the 9th.
    assert rows["R"] == {}
    assert (rows["P"]["a"]["latest_start"], rows["P"]["a"]["latest_assumes"]) == ("2026-09-07", "capacity")
    assert (rows["Q"]["a"]["latest_start"], rows["Q"]["a"]["latest_assumes"]) == ("2026-09-10", "capacity")


def test_days_that_fit_no_season_are_no_way_out(tmp_path):
    """With the longer days the matter can't be planned at all: nothing that could give, and no reason to refuse."""
    text = TEXT.format(fact="", window=", window: {months: [10]}").replace("{statutory: 2}", "{statutory: 2, p80: 40}")
    gives = [one["give"] for one in ask(tmp_path, text)["projects"][0]["would_have_to_give"]]
    assert "days" not in gives and "promise" in gives


def test_a_project_over_many_seasons_is_planned_on_a_longer_axis(tmp_path):
    names = [f"m{n}" for n in range(12)]
    lines = [
        f"  {name}: {{days: {{statutory: 15}}, window: {{months: [3]}}, after: [{'{of: ' + before + '}' if before else ''}]}}"
        for name, before in zip(names, [None, *names], strict=False)
    ]
    text = "\n".join([
        "format: luodi-plan/1", "calendar: []", "from: 2026-09-07", "agencies: {hall: {closed: [2026-09-08]}}",
        "catalogue:", *lines, "projects:",
        f"  - {{id: P, matters: [{', '.join(names)}], promise: {{matter: m11, by: 2027-01-05}}}}", "",
    ])  # fmt: skip
    project = ask(tmp_path, text)["projects"][0]
    assert project["earliest"].startswith("2038-03")
    assert {one["give"]: one["earliest"][:7] for one in project["would_have_to_give"]}["window"] == "2037-04"
    early = text.replace("2027-01-05}", "2027-01-05}, facts: [{matter: m11, fixed: 2037-03-02}]")
    assert ask(tmp_path, early, code=1)["problems"][0]["earliest"].startswith("2038-03")
