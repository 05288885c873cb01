"""What a plan file can get wrong, with the line it is told at."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from luodi.cli.plan import plan
from tests.spec.plans.asking import ask

GOOD = """\
format: luodi-plan/1
unit: workday
calendar: [cn]
from: 2026-09-21
agencies: {hall: {at_once: 2}}
catalogue:
  a: {agency: hall, days: {statutory: 3}}
  b: {days: {statutory: 2}, after: [{of: a}]}
projects:
  - {id: P, matters: [a, b], promise: {matter: b, by: 2026-12-10}}
"""
PLAIN = """\
format: luodi-plan/1
unit: step
resources: {R1: 2}
tasks:
  - {id: a, duration: 3, needs: {R1: 1}}
  - {id: b, duration: 2, needs: {R1: 2}, after: [a]}
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("luodi-plan/1", "luodi-plan/2", "plan.format", 1),
        ("format: luodi-plan/1\n", "", "plan.format", 1),
        ("unit: workday", "unit: week", "plan.not_one_of", 2),
        ("unit: workday", "colour: red", "yaml.unknown_key", 2),
        ("[cn]", "[atlantis]", "workdays.no_calendar", 3),
        ("[cn]", "cn", "plan.not_a_list", 3),
        ("from: 2026-09-21", "from: soon", "yaml.unfit", 4),
        ("from: 2026-09-21", "from: 9999-01-01", "plan.too_long", None),
        ("from: 2026-09-21\n", "", "yaml.missing_key", 1),
        ("{at_once: 2}", "{at_once: 0}", "plan.out_of_range", 5),
        ("{at_once: 2}", "{at_once: -1}", "plan.out_of_range", 5),
        ("{at_once: 2}", "2", "plan.not_a_mapping", 5),
        ("{hall: {at_once: 2}}", "{hall: }", "plan.not_a_mapping", 5),
        ("{at_once: 2}", "{closed: [never]}", "yaml.unfit", 5),
        ("agency: hall", "agency: hell", "plan.unknown_agency", 7),
        ("{statutory: 3}", "{statutory: -3}", "plan.out_of_range", 7),
        ("{statutory: 3}", "{statutory: 2.5}", "yaml.unfit", 7),
        ("{statutory: 3}", "{}", "plan.no_days", 7),
        ("{statutory: 3}", "3", "plan.not_a_mapping", 7),
        ("{statutory: 3}}", "{statutory: 3}, one_of: [{matter: b}]}", "plan.days_and_choice", 7),
        ("{statutory: 3}}", "{statutory: 3}, when: {attribute: kind}}", "predicate.no_relation", 7),
        ("{statutory: 3}}", "{statutory: 3}, window: {months: [13]}}", "plan.bad_window", 7),
        ("{statutory: 3}}", "{statutory: 3}, window: {from: 13-45, to: 10-01}}", "yaml.unfit", 7),
        ("{of: a}", "{of: z}", "plan.unknown_matter", 8),
        ("{of: a}", "{of: a, type: SF}", "plan.not_one_of", 8),
        ("{of: a}", "{of: a, lag: x}", "yaml.unfit", 8),
        ("{of: a}", "{of: b}", "plan.cycle", 8),
        ("[{of: a}]", "[a]", "plan.not_a_mapping", 8),
        ("matters: [a, b]", "matters: [a, z]", "plan.unknown_matter", 10),
        ("matters: [a, b]", "matters: [a, b, a]", "plan.twice", 10),
        ("matters: [a, b]", "matters: [a, b], weight: -1", "plan.bad_weight", 10),
        ("matters: [a, b]", "matters: [a]", "plan.promise_absent", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: z}]", "plan.unknown_matter", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: a}, {matter: a}]", "plan.twice", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: a, paused: [2026-10-01]}]", "yaml.unfit", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: a, paused: [2026-10-02/2026-10-01]}]", "yaml.unfit", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: a, started: 2026-10-09, finished: 2026-10-08}]", "plan.finished_before_started", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: b, fixed: 2026-10-09, not_before: 2026-10-08}]", "plan.fixed_and_more", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: b, fixed: 2026-09-01}]", "plan.fixed_in_the_past", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: b, fixed: 2026-10-03}]", "plan.fixed_not_worked", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: b, fixed: 2026-09-22}]", "plan.fixed_too_early", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: a, finished: 2026-09-30}, {matter: b, fixed: 2026-09-22}]", "plan.fixed_too_early", 10),
        ("matters: [a, b]", "matters: [a, b], facts: [{matter: a, paused: [2026-13-01/2026-10-01]}]", "yaml.unfit", 10),
        ("matters: [a, b]", "matters: [b], facts: [{matter: a}]", "plan.fact_absent", 10),
        ("  - {id: P", "  - {id: P, matters: []}\n  - {id: P", "plan.twice", 11),
        ("by: 2026-12-10", "till: 2026-12-10", "yaml.unknown_key", 10),
    ],
)  # fmt: skip
def test_projects(tmp_path, old, new, code, line):
    told = ask(tmp_path, GOOD.replace(old, new, 1), code=1)
    assert (code, line) in [(problem["code"], problem["line"]) for problem in told["problems"]]
    assert all(problem["message"] and problem["file"].endswith("plan.yaml") for problem in told["problems"])


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("unit: step", "unit: workday", "plan.not_one_of", 2),
        ("{R1: 2}", "{R1: -2}", "plan.out_of_range", 3),
        ("duration: 3", "duration: -3", "plan.out_of_range", 5),
        ("duration: 3, ", "", "yaml.missing_key", 5),
        ("needs: {R1: 1}", "needs: {R2: 1}", "plan.unknown_resource", 5),
        ("needs: {R1: 1}", "needs: {R1: 3}", "plan.need_over_capacity", 5),
        ("[a]", "[z]", "plan.unknown_matter", 6),
        ("[a]", "[{of: a, type: XX}]", "plan.not_one_of", 6),
        ("[a]", "[b]", "plan.cycle", 6),
        ("id: b", "id: a", "plan.twice", 6),
        ("- {id: a, duration: 3, needs: {R1: 1}}", "- a", "plan.not_a_mapping", 5),
    ],
)
def test_tasks(tmp_path, old, new, code, line):
    told = ask(tmp_path, PLAIN.replace(old, new, 1), code=1)
    assert (code, line) in [(problem["code"], problem["line"]) for problem in told["problems"]]


def test_everything_wrong_is_said_at_once(tmp_path):
    text = GOOD.replace("unit: workday", "unit: week").replace("{of: a}", "{of: z}").replace("by: 2026", "by: 20x6")
    codes = [problem["code"] for problem in ask(tmp_path, text, code=1)["problems"]]
    assert {"plan.not_one_of", "plan.unknown_matter", "yaml.unfit"} <= set(codes)


@pytest.mark.parametrize("days", ["{statutory: yes}", "{statutory: 99999999}", "{statuary: 3}", "3"])
def test_days_that_are_wrong_are_not_missing_too(tmp_path, days):
    assert len(ask(tmp_path, GOOD.replace("{statutory: 3}", days), code=1)["problems"]) == 1


def test_a_day_too_early_for_what_comes_before_names_the_earliest(tmp_path):
    fixed = "matters: [a, b], facts: [{matter: b, fixed: 2026-09-22}]"
    (problem,) = ask(tmp_path, GOOD.replace("matters: [a, b]", fixed), code=1)["problems"]
    assert problem["earliest"] == "2026-09-24"
    both = GOOD.replace("matters: [a, b]", fixed) + "  - {id: Q, " + fixed + "}\n"
    assert [problem["line"] for problem in ask(tmp_path, both, code=1)["problems"]] == [10, 11]


def test_what_is_stated_of_an_either_or_twice(tmp_path):
    text = GOOD.replace("  b: {", "  c: {one_of: [{matter: a}]}\n  b: {").replace(
        "matters: [a, b]",
        "matters: [c, b], facts: [{matter: a, started: 2026-09-18}, {matter: c, started: 2026-09-18}]",
    )
    assert [problem["code"] for problem in ask(tmp_path, text, code=1)["problems"]] == ["plan.twice"]


def test_what_is_allowed_is_named(tmp_path):
    problem = ask(tmp_path, GOOD.replace("agency: hall", "agency: hell"), code=1)["problems"][0]
    assert (problem["found"], problem["allowed"], problem["path"]) == ("hell", "hall", "catalogue.a.agency")


def test_a_season_too_short_for_the_matter(tmp_path):
    text = GOOD.replace("{statutory: 3}}", "{statutory: 40}, window: {months: [10]}}")
    assert ask(tmp_path, text, code=1)["problems"][0]["code"] == "plan.window_never_fits"
    told = ask(tmp_path, text.replace("months: [10]", "months: [10], holds: start"))
    assert told["projects"][0]["matters"][0]["start"] == "2026-10-08"


def test_files_that_are_none(tmp_path):
    for text in ("- a\n", "", "# nothing\n"):
        (problem,) = ask(tmp_path, text, code=1)["problems"]
        assert (problem["code"], problem["line"], problem["key"]) == ("plan.not_a_mapping", 1, "plan.yaml")
    assert ask(tmp_path, "a: [\n", code=1)["problems"][0]["code"] == "yaml.unreadable"
    result = CliRunner().invoke(plan, [str(tmp_path / "missing.yaml"), "--format", "json"])
    assert result.exit_code == 1 and "plan.no_file" in result.stdout


def test_options_that_do_not_fit(tmp_path):
    def code(text: str, *options: str) -> str:
        return ask(tmp_path, text, *options, code=1)["problems"][0]["code"]

    (tmp_path / "none.json").write_text("[1]")
    assert code(GOOD, "--stability", "1") == "plan.needs_baseline"
    assert code(PLAIN, "--stability", "1") == "plan.only_projects"
    assert code(GOOD, "--baseline", str(tmp_path / "none.json")) == "plan.bad_baseline"
    assert code(GOOD, "--baseline", str(tmp_path / "missing.json")) == "plan.bad_baseline"
    assert code(GOOD, "--baseline", str(tmp_path / "none.json"), "--stability", "much") == "plan.bad_weight"
    assert code(GOOD, "--svg", str(tmp_path / "no" / "where.svg")) == "plan.cannot_write"
    assert code(GOOD, "--xlsx", str(tmp_path / "no" / "where.xlsx")) == "plan.cannot_write"
