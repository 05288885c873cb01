"""
Small networks worked out by hand. September 2026 begins on a Tuesday; the calendar is Monday to Friday, and 2026-09-07
a Monday. A table line is: matter, start, finish, latest start, slack, free.
"""

from __future__ import annotations

import pytest

from tests.spec.plans.asking import ask, dates
from tests.spec.plans.checker import faults_of_projects

HEAD = """\
format: luodi-plan/1
unit: {unit}
calendar: []
from: 2026-09-07
agencies: {{hall: {{at_once: 9, closed: [2026-09-10]}}, desk: {{at_once: 1}}, gate: {{per_day: 1}}}}
catalogue:
"""


def plan(catalogue: str, projects: str, unit: str = "workday") -> str:
    return HEAD.format(unit=unit) + catalogue + "projects:\n" + projects


def one(catalogue: str, *, matters: str = "a, b", last: str = "b", by: str = "2026-09-30", more: str = "") -> str:
    line = f"  - {{id: P, matters: [{matters}], promise: {{matter: {last}, by: {by}}}{more}}}\n"
    return plan(catalogue, line)


A3 = "  a: {days: {statutory: 3}}\n"


@pytest.mark.parametrize(
    ("b", "start", "finish"),
    [
        ("{days: {statutory: 2}, after: [{of: a}]}", "2026-09-10", "2026-09-11"),
        ("{days: {statutory: 2}, after: [{of: a, lag: 2}]}", "2026-09-14", "2026-09-15"),
        ("{days: {statutory: 2}, after: [{of: a, lag: 2, lag_unit: day}]}", "2026-09-14", "2026-09-15"),
        ("{days: {statutory: 2}, after: [{of: a, lag: -1}]}", "2026-09-09", "2026-09-10"),
        ("{days: {statutory: 2}, after: [{of: a, type: SS}]}", "2026-09-07", "2026-09-08"),
        ("{days: {statutory: 2}, after: [{of: a, type: SS, lag: 1}]}", "2026-09-08", "2026-09-09"),
        ("{days: {statutory: 2}, after: [{of: a, type: SS, lag: 5, lag_unit: day}]}", "2026-09-14", "2026-09-15"),
        ("{days: {statutory: 2}, after: [{of: a, type: FF}]}", "2026-09-08", "2026-09-09"),
        ("{days: {statutory: 2}, after: [{of: a, type: FF, lag: 3}]}", "2026-09-11", "2026-09-14"),
        ("{days: {statutory: 2}, after: [{of: a, type: FF, lag: 3, lag_unit: day}]}", "2026-09-11", "2026-09-14"),
        # calendar days: handed in on Thursday the 10th, over on Sunday the 13th
        ("{days: {statutory: 4}, days_unit: day, after: [{of: a}]}", "2026-09-10", "2026-09-13"),
        # the hall is closed on Thursday the 10th
        ("{agency: hall, days: {statutory: 2}, after: [{of: a}]}", "2026-09-11", "2026-09-14"),
        # a node sits on the day it could begin
        ("{days: {statutory: 0}, after: [{of: a}]}", "2026-09-10", "2026-09-10"),
        ("{days: {statutory: 0}, after: [{of: a, type: SS}]}", "2026-09-07", "2026-09-07"),
        ("{days: {statutory: 2}, after: [{of: a}], window: {months: [10]}}", "2026-10-01", "2026-10-02"),
        ("{days: {statutory: 2}, after: [{of: a}], window: {from: 09-20, to: 10-20}}", "2026-09-21", "2026-09-22"),
        ("{days: {statutory: 2}, after: [{of: a}], window: {from: 12-20, to: 01-20}}", "2026-12-21", "2026-12-22"),
    ],
)
def test_links_lags_units_and_windows(tmp_path, b, start, finish):
    text = one(A3 + f"  b: {b}\n", by="2026-12-31")
    told = ask(tmp_path, text)
    assert dates(told)["b"] == (start, finish)
    assert "window" in b or faults_of_projects(text, told) == []


def test_a_matter_of_calendar_days_ends_on_a_weekend_and_the_next_begins_on_monday(tmp_path):
    text = one("  a: {days: {statutory: 7}, days_unit: day}\n  b: {days: {statutory: 1}, after: [{of: a}]}\n")
    told = ask(tmp_path, text)
    assert dates(told) == {"a": ("2026-09-07", "2026-09-13"), "b": ("2026-09-14", "2026-09-14")}
    assert faults_of_projects(text, told) == []


def test_a_plan_of_calendar_days(tmp_path):
    catalogue = (
        A3
        + "  b: {days: {statutory: 3}, after: [{of: a}]}\n  c: {days: {statutory: 2}, days_unit: workday, after: [{of: a}]}\n"
    )
    told = ask(
        tmp_path, plan(catalogue, "  - {id: P, matters: [a, b, c], promise: {matter: b, by: 2026-09-14}}\n", "day")
    )
    assert dates(told) == {
        "a": ("2026-09-07", "2026-09-09"), "b": ("2026-09-10", "2026-09-12"), "c": ("2026-09-10", "2026-09-11"),
    }  # fmt: skip
    rows = {row["id"]: row for row in told["projects"][0]["matters"]}
    assert (rows["a"]["slack"], rows["b"]["slack"], rows["b"]["latest_start"]) == (2, 2, "2026-09-12")
    assert (rows["c"]["slack"], rows["c"]["latest_start"]) == (None, None)  # the promise doesn't wait for it


DIAMOND = """\
  a: {days: {statutory: 2}}
  b: {days: {statutory: 5}, after: [{of: a}]}
  c: {days: {statutory: 3}, after: [{of: a}]}
  d: {days: {statutory: 1}, after: [{of: b}, {of: c}]}
"""
# Eight working days: Monday the 7th to Wednesday the 16th; promised for Friday the 18th: two to spare.
DIAMOND_TABLE = """\
a 2026-09-07 2026-09-08 2026-09-09 2 0
b 2026-09-09 2026-09-15 2026-09-11 2 0
c 2026-09-09 2026-09-11 2026-09-15 4 2
d 2026-09-16 2026-09-16 2026-09-18 2 2
"""


def test_a_diamond(tmp_path):
    told = ask(tmp_path, one(DIAMOND, matters="a, b, c, d", last="d", by="2026-09-18"))
    project = told["projects"][0]
    keys = ("id", "start", "finish", "latest_start", "slack", "free")
    table = "\n".join(" ".join(str(row[key]) for key in keys) for row in project["matters"])
    assert table + "\n" == DIAMOND_TABLE
    assert project["critical"] == ["a", "b", "d"]
    assert (project["serial_days"], project["parallel_days"], project["days_saved"]) == (11, 8, 3)
    assert [row["delay_costs"] for row in project["matters"]] == [0, 0, 0, 0]
    assert [row["missed_costs"] for row in project["matters"]] == [1, 1, 1, 1]


def test_a_promise_that_cannot_hold(tmp_path):
    catalogue = DIAMOND.replace("{statutory: 5}", "{statutory: 5, promised: 3}")
    more = ", weight: 2, facts: [{matter: a, not_before: 2026-09-09}]"
    told = ask(tmp_path, one(catalogue, matters="a, b, c, d", last="d", by="2026-09-11", more=more))
    project = told["projects"][0]
    # a 9th and 10th, b 11th to 17th, d on the 18th: five working days after the 11th, two points each
    assert (project["earliest"], project["late"], told["objective"]["value"]) == ("2026-09-18", 5, 10)
    assert told["status"] == "optimal"
    assert [row["slack"] for row in project["matters"]] == [-5, -5, -3, -5]
    assert [row["delay_costs"] for row in project["matters"]] == [2, 2, 0, 2]
    gives = {(one["give"], one["what"]): (one["earliest"], one["holds"]) for one in project["would_have_to_give"]}
    assert gives == {
        ("promise", "d"): ("2026-09-18", True),
        ("days", "promised"): ("2026-09-16", False),
        ("not_before", "a"): ("2026-09-16", False),
    }


def test_a_missed_season_costs_half_a_year(tmp_path):
    text = one(A3 + "  b: {days: {statutory: 0}, after: [{of: a}], window: {months: [3, 4, 5, 6, 7, 8, 9]}}\n")
    rows = ask(tmp_path, text)["projects"][0]["matters"]
    assert rows[1]["latest_start"] == "2026-09-30"
    # a day later is the 1st of October: the next day in season is Monday 1 March 2027, 108 working days on
    assert rows[1]["missed_costs"] == 108


CONDITIONAL = """\
  a: {days: {statutory: 3}}
  x: {days: {statutory: 4}, when: {attribute: kind, in: [industry]}, after: [{of: a}]}
  b: {days: {statutory: 1}, after: [{of: x}]}
"""


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("{kind: industry}", ["a 2026-09-07", "x 2026-09-10", "b 2026-09-16"]),
        ("{kind: school}", ["a 2026-09-07", "b 2026-09-10"]),  # x disappears, b still comes after a
        ("{}", ["a 2026-09-07", "x 2026-09-10", "b 2026-09-16"]),  # unknown: planned as if it applied, and said
    ],
)
def test_a_matter_that_does_not_apply_passes_its_precedence_on(tmp_path, attributes, expected):
    told = ask(tmp_path, one(CONDITIONAL, matters="a, x, b", more=f", attributes: {attributes}"))
    assert [f"{name} {start}" for name, (start, _) in dates(told).items()] == expected
    assert told["projects"][0]["unknown"] == ({"x": ["kind"]} if attributes == "{}" else {})
    codes = [notice["code"] for notice in told["notices"]]
    assert codes == (["plan.unknown_condition"] if attributes == "{}" else [])


EITHER = """\
  a: {days: {statutory: 3}}
  review: {days: {statutory: 5}, after: [{of: a}]}
  filing: {days: {statutory: 1}, after: [{of: a}]}
  fire: {one_of: [{matter: review, when: {attribute: high, equals: true}}, {matter: filing}], after: [{of: c}]}
  c: {days: {statutory: 4}}
  b: {days: {statutory: 1}, after: [{of: fire}]}
  d: {days: {statutory: 1}, after: [{of: review}, {of: filing}]}
"""


@pytest.mark.parametrize(
    ("matters", "high", "expected"),
    [
        ("a, c, fire, b", "true", {"a", "c", "review", "b"}),
        ("a, c, fire, b", "false", {"a", "c", "filing", "b"}),
        (
            "a, c, {one_of: [{matter: review, when: {attribute: high, equals: true}}, {matter: filing}]}, d",
            "false",
            {"a", "c", "filing", "d"},
        ),
    ],
)
def test_either_or(tmp_path, matters, high, expected):
    last = "b" if "fire" in matters else "d"
    told = ask(tmp_path, one(EITHER, matters=matters, last=last, more=f", attributes: {{high: {high}}}"))
    found = dates(told)
    assert set(found) == expected
    # the alternative taken also waits for c, which the either-or comes after: four days, to the 10th
    taken = "review" if high == "true" else "filing"
    assert found[taken][0] == ("2026-09-11" if last == "b" else "2026-09-10")
    assert found[last][0] > found[taken][1]


@pytest.mark.parametrize(("days", "b"), [(3, "2026-09-11"), (6, "2026-09-15")])
def test_an_either_or_of_which_nothing_applies_passes_its_precedence_on(tmp_path, days, b):
    """What it comes after, c (four days, to the 10th), and what its alternatives come after, a."""
    catalogue = EITHER.replace("{matter: filing}", "{matter: filing, when: {attribute: high, equals: unheard}}")
    catalogue = catalogue.replace("statutory: 3", f"statutory: {days}")
    told = ask(tmp_path, one(catalogue, matters="a, c, fire, b", more=", attributes: {high: false}"))
    assert dates(told)["b"][0] == b
    assert set(dates(told)) == {"a", "c", "b"}


def test_what_is_stated_of_an_either_or_is_stated_of_what_is_taken(tmp_path):
    more = ", attributes: {high: false}, facts: [{matter: FACT, started: 2026-09-04}]"
    told = ask(tmp_path, one(EITHER, matters="a, c, fire, b", more=more.replace("FACT", "fire")))
    assert dates(told)["filing"] == ("2026-09-04", "2026-09-07")  # overdue: it ends on the plan's first day
    told = ask(tmp_path, one(EITHER, matters="a, c, fire, b", more=more.replace("FACT", "review")))
    assert "review" not in dates(told)
    assert [notice["code"] for notice in told["notices"]] == ["plan.fact_unused"]


def test_an_either_or_that_is_not_listed_is_passed_through_to_the_alternative_that_is(tmp_path):
    told = ask(tmp_path, one(EITHER, matters="a, review, b"))
    assert dates(told)["b"][0] == "2026-09-17"  # a three days, review five: to the 16th


def test_what_began_before_its_turn_stays_where_it_is(tmp_path):
    catalogue = A3 + "  b: {days: {statutory: 4}, after: [{of: a}]}\n"
    told = ask(tmp_path, one(catalogue, more=", facts: [{matter: b, started: 2026-09-04}]"))
    assert dates(told) == {"a": ("2026-09-07", "2026-09-09"), "b": ("2026-09-04", "2026-09-09")}


def test_what_has_begun_keeps_its_days(tmp_path):
    catalogue = "".join(f"  {name}: {{agency: desk, days: {{statutory: 5}}{after}}}\n" for name, after in [
        ("a", ""), ("b", ", after: [{of: a}]"), ("c", ""), ("d", ", after: [{of: c}]"),
    ])  # fmt: skip
    facts = """, facts: [{matter: a, started: 2026-08-03, finished: 2026-08-07},
      {matter: c, started: 2026-09-02, paused: [2026-09-03/2026-09-04, 2026-09-07/]}]"""
    text = one(catalogue, matters="a, b, c, d", last="d", by="2026-09-30", more=facts)
    told = ask(tmp_path, text)
    # d is promised, b is not: d goes first. c: the 2nd counts, the 3rd and 4th are paused, the open pause ends before the plan's day: 7th to 10th are days 2 to 5
    assert dates(told) == {
        "a": ("2026-08-03", "2026-08-07"), "b": ("2026-09-18", "2026-09-24"),
        "c": ("2026-09-02", "2026-09-10"), "d": ("2026-09-11", "2026-09-17"),
    }  # fmt: skip
    assert [row["state"] for row in told["projects"][0]["matters"]] == ["over", "planned", "running", "planned"]
    assert [notice["code"] for notice in told["notices"]] == ["plan.open_pause"]


def test_what_should_be_over_and_is_not_is_overdue(tmp_path):
    told = ask(
        tmp_path,
        one(A3 + "  b: {days: {statutory: 1}, after: [{of: a}]}\n", more=", facts: [{matter: a, started: 2026-08-03}]"),
    )
    assert dates(told) == {"a": ("2026-08-03", "2026-09-07"), "b": ("2026-09-08", "2026-09-08")}
    assert told["projects"][0]["matters"][0]["state"] == "overdue"


def test_a_finish_without_a_start(tmp_path):
    told = ask(
        tmp_path,
        one(
            A3 + "  b: {days: {statutory: 1}, after: [{of: a}]}\n", more=", facts: [{matter: a, finished: 2026-09-08}]"
        ),
    )
    assert dates(told) == {"a": (None, "2026-09-08"), "b": ("2026-09-09", "2026-09-09")}


def test_a_promise_that_is_already_broken_counts(tmp_path):
    told = ask(
        tmp_path,
        one(A3 + "  b: {days: {statutory: 0}}\n", by="2026-08-31", more=", facts: [{matter: b, finished: 2026-09-03}]"),
    )
    assert (told["projects"][0]["late"], told["objective"]["value"], told["status"]) == (3, 3, "optimal")


def test_a_fixed_day(tmp_path):
    told = ask(
        tmp_path,
        one(A3 + "  b: {days: {statutory: 0}, after: [{of: a}]}\n", more=", facts: [{matter: b, fixed: 2026-09-18}]"),
    )
    assert dates(told)["b"] == ("2026-09-18", "2026-09-18")
    assert dates(told)["a"] == ("2026-09-07", "2026-09-09")
    assert told["projects"][0]["matters"][0]["slack"] == 6  # a may be handed in on the 15th and be over on the 17th


CROWD = """\
  a: {agency: desk, days: {statutory: 3}}
  b: {days: {statutory: 0}, after: [{of: a}]}
"""
CROWD_PROJECTS = """\
  - {id: P, matters: [a, b], promise: {matter: b, by: 2026-09-10}, weight: 1}
  - {id: Q, matters: [a, b], promise: {matter: b, by: 2026-09-10}, weight: 2.5}
  - {id: R, matters: [a, b]}
"""


def test_projects_before_a_desk_with_room_for_one(tmp_path):
    text = plan(CROWD, CROWD_PROJECTS)
    told = ask(tmp_path, text)
    # Q is in time (7th to 9th, node on the 10th), P three days late, R has all the time in the world
    assert (told["status"], told["objective"]["value"]) == ("optimal", 3)
    assert dates(told, 1)["a"] == ("2026-09-07", "2026-09-09")
    assert dates(told, 0)["a"] == ("2026-09-10", "2026-09-14")
    assert [project["late"] for project in told["projects"]] == [3, 0, None]
    assert told["projects"][0]["earliest_alone"] == "2026-09-10"
    assert told["projects"][0]["would_have_to_give"][1] == {
        "give": "capacity",
        "what": None,
        "earliest": "2026-09-10",
        "holds": True,
    }
    assert faults_of_projects(text, told) == []


def test_hand_ins_a_day(tmp_path):
    text = plan(
        "  a: {agency: gate, days: {statutory: 2}}\n", "".join(f"  - {{id: P{n}, matters: [a]}}\n" for n in range(3))
    )
    told = ask(tmp_path, text)
    assert sorted(dates(told, n)["a"][0] for n in range(3)) == ["2026-09-07", "2026-09-08", "2026-09-09"]
    assert faults_of_projects(text, told) == []


def test_a_latest_day_under_capacity_is_the_last_that_keeps_every_promise(tmp_path):
    # One desk, two projects of three days, both to be done by the 14th: the first must be handed in by the 7th already
    # if the other is to follow; without the other it could wait until the 10th.
    catalogue = "  a: {agency: desk, days: {statutory: 3}}\n"
    projects = "".join(f"  - {{id: P{n}, matters: [a], promise: {{matter: a, by: 2026-09-14}}}}\n" for n in range(2))
    told = ask(tmp_path, plan(catalogue, projects))
    rows = [project["matters"][0] for project in told["projects"]]
    assert {row["latest_start"] for row in rows} == {"2026-09-10"}  # either may be the last
    assert {row["latest_assumes"] for row in rows} == {"capacity"}
    third = "  - {id: Z, matters: [a], promise: {matter: a, by: 2026-09-09}}\n"
    told = ask(tmp_path, plan(catalogue, third + projects.replace("2026-09-14", "2026-09-17")))
    first = told["projects"][0]["matters"][0]
    assert (first["latest_start"], first["latest_assumes"]) == ("2026-09-07", "capacity")


def test_empty_plans(tmp_path):
    told = ask(tmp_path, plan(A3, "  []\n"))
    assert (told["status"], told["objective"]["value"], told["projects"]) == ("optimal", 0, [])
    told = ask(tmp_path, plan(A3, "  - {id: P, matters: []}\n"))
    project = told["projects"][0]
    assert (project["matters"], project["serial_days"], project["late"], project["earliest"]) == ([], 0, None, None)
