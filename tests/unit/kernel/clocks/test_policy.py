"""Reading policies: every mistake named with its line, all at once; what is left out gets its documented default."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.kernel import yamltext
from luodi.kernel.clocks import clockrule, links, policy
from luodi.kernel.clocks.values import Amount, ClockRule, ExcuseRule
from luodi.kernel.problem import Problem, Refused, catalogue
from luodi.kernel.recurrence import Deadline, Recurrence

HEAD = "format: luodi-clock/1\nid: p\n"


def read(text):
    return policy.read(yamltext.loads(text), file="p.yaml", beside=Path())


def clock(text):
    return read(f"{HEAD}hours: ['09:00-12:00']\nclocks:\n  - {{id: c, {text}}}").clocks[0]


def problems(text):
    with pytest.raises(Refused) as refused:
        read(text)
    return [(problem.code, problem.line, problem.path) for problem in refused.value.problems]


def of_clock(text):
    return [(code, path) for code, _, path in problems(f"{HEAD}clocks:\n  - {{id: c, {text}}}")]


# defaults -----------------------------------------------------------------------------------------------------------


def test_a_clock_of_days_starts_the_next_day():
    rule = clock("budget: {n: 3, unit: day}")
    assert (rule.start, rule.ends, rule.roll, rule.pauses) == ("next_day", "end_of_day", "none", "none")
    assert (rule.reopening, rule.kind, rule.light) == ("resume", "limit", "red")


def test_time_runs_at_once_and_fixed_days_may_be_today():
    assert (clock("budget: {n: 3, unit: hour}").start, clock("budget: {n: 3, unit: hour}").ends) == (
        "instant",
        "instant",
    )
    assert clock("by: {day_of_month: 25}").start == "same_day"
    assert clock("every: month").start == "same_day"
    assert clock("budget: {n: 1, unit: day}, start: instant").ends == "instant"


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("civil_code", ("next_day", "end_of_day", "next_workday")),
        ("civil_code_office", ("next_day", "end_of_hours", "next_workday")),
        ("civil_code_hours", ("instant", "instant", "none")),
    ],
)
def test_presets(preset, expected):
    rule = clock(f"budget: {{n: 3, unit: day}}, preset: {preset}")
    assert (rule.start, rule.ends, rule.roll) == expected


def test_what_is_written_beats_the_preset():
    assert clock("budget: {n: 3, unit: day}, preset: civil_code, roll: none").roll == "none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{day_of_month: 25}", Deadline("day_of_month", 25)),
        ("{last: workday_of_month}", Deadline("last", "workday_of_month")),
        ("{after: month_end, n: 3, unit: day}", Deadline("after", "month_end", 3, "day")),
        ("{after: month_end, n: 3}", Deadline("after", "month_end", 3, "day")),
        ("{inside: year}", Deadline("inside", "year")),
        ("{month_day: 06-30}", Deadline("month_day", (6, 30))),
        ("{day_of_week: 5}", Deadline("day_of_week", 5)),
        ("{workday_of_month: 3}", Deadline("workday_of_month", 3)),
    ],
)
def test_deadlines(text, expected):
    assert clock(f"by: {text}").by == expected


def test_shorthands_and_long_forms():
    assert clock("budget: {n: 1, unit: day}, starts_on: {event: progress}").starts_on_event == "progress"
    assert clock("every: {n: 2, unit: week}").every == Recurrence("week", 2)
    assert clock("every: half_month").every == Recurrence("half_month")
    assert clock("every: month, streak: 3").streak.n == 3
    assert clock("budget: {n: 1, unit: day}, resets_on: progress").resets_on == ("progress",)
    assert clock("budget: {n: 1, unit: day}, excuse: {needs: []}").excuse == ExcuseRule("before_due", ())
    assert clock("budget: {n: 1, unit: day}, extension: {n: 2, unit: month}").extension.by == Amount(2, "month")


def test_a_policy_without_its_options():
    rules = read(f"{HEAD}clocks:\n  - {{id: c, budget: {{n: 1, unit: day}}}}")
    assert (rules.layers, rules.hours, rules.pause_reasons, rules.example) == (("cn",), (), None, False)
    assert str(rules.zone) == "Asia/Shanghai"
    assert rules.basis["text"] is None
    plain = read(f"{HEAD}calendar: []\npause_reasons: {{}}\nclocks:\n  - {{id: c, budget: {{n: 1, unit: day}}}}")
    assert plain.layers == ()
    assert plain.pause_reasons == {}


# mistakes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("start: next_day", [("clock.budget_or_by", "clocks.0.budget")]),
        ("budget: {n: 1, unit: day}, by: {day_of_month: 2}", [("clock.budget_or_by", "clocks.0.budget")]),
        (
            "budget: 5",
            [("clock.not_a_map", "clocks.0.budget")]
            + [("yaml.missing_key", f"clocks.0.budget.{key}") for key in ("unit", "n")],
        ),
        ("budget: {n: -1, unit: day}", [("clock.out_of_bounds", "clocks.0.budget.n")]),
        ("budget: {n: 1.5, unit: day}", [("yaml.unfit", "clocks.0.budget.n")]),
        ("budget: {n: ten, unit: day}", [("yaml.unfit", "clocks.0.budget.n")]),
        ("budget: {n: 101, unit: year}", [("clock.out_of_bounds", "clocks.0.budget.n")]),
        ("budget: {n: 1, unit: fortnight}", [("clock.not_one_of", "clocks.0.budget.unit")]),
        ("budget: {n: 1}", [("yaml.missing_key", "clocks.0.budget.unit")]),
        ("budget: {n: 1, unit: day, at: 3}", [("yaml.unknown_key", "clocks.0.budget.at")]),
        ("budget: {n: 1, unit: day}, start: tomorrow", [("clock.not_one_of", "clocks.0.start")]),
        ("budget: {n: 1, unit: day}, ends: never", [("clock.not_one_of", "clocks.0.ends")]),
        ("budget: {n: 1, unit: day}, roll: yes", [("clock.not_one_of", "clocks.0.roll")]),
        ("budget: {n: 1, unit: day}, pauses: all", [("clock.not_one_of", "clocks.0.pauses")]),
        ("budget: {n: 1, unit: day}, colour: red", [("yaml.unknown_key", "clocks.0.colour")]),
        ("budget: {n: 1, unit: day}, ends: end_of_hours", [("clock.needs_hours", "clocks.0.ends")]),
        ("budget: {n: 1, unit: workminute}", [("clock.needs_hours", "clocks.0.budget")]),
        ("budget: {n: 1, unit: day}, streak: 3", [("clock.needs_key", "clocks.0.streak")]),
        ("by: {day_of_month: 3}, promise: {n: 1, unit: day}", [("clock.needs_key", "clocks.0.promise")]),
        ("budget: {n: 3, unit: day}, promise: {n: 5, unit: day}", [("clock.promise_longer", "clocks.0.promise")]),
        ("by: {day_of_month: 32}", [("clock.out_of_bounds", "clocks.0.by.day_of_month")]),
        ("by: {day_of_month: 3, last: day_of_month}", [("clock.one_deadline", "clocks.0.by")]),
        ("by: {}", [("clock.one_deadline", "clocks.0.by")]),
        ("by: {last: day_of_moon}", [("clock.not_one_of", "clocks.0.by.last")]),
        ("by: {inside: day}", [("clock.not_one_of", "clocks.0.by.inside")]),
        ("by: {after: month_end}", [("yaml.missing_key", "clocks.0.by.n")]),
        ("by: {after: today, n: 1}", [("clock.not_one_of", "clocks.0.by.after")]),
        (
            "by: {inside: year, n: 1, unit: day}",
            [("clock.needs_key", "clocks.0.by.n"), ("clock.needs_key", "clocks.0.by.unit")],
        ),
        ("by: {month_day: 13-01}", [("yaml.unfit", "clocks.0.by.month_day")]),
        ("by: {month_day: [1]}", [("yaml.unfit", "clocks.0.by.month_day")]),
        ("by: {day: soon}", [("yaml.unfit", "clocks.0.by.day")]),
        ("by: {day: 9999-12-31}", [("clock.out_of_bounds", "clocks.0.by.day")]),
        ("every: {n: 0, unit: day}", [("clock.out_of_bounds", "clocks.0.every")]),
        ("every: century", [("clock.not_one_of", "clocks.0.every")]),
        ("budget: {n: 1, unit: day}, starts_on: {}", [("clock.clock_or_event", "clocks.0.starts_on")]),
        (
            "budget: {n: 1, unit: day}, starts_on: {event: withdrawn}",
            [("clock.not_one_of", "clocks.0.starts_on.event"), ("clock.clock_or_event", "clocks.0.starts_on")],
        ),
        ("budget: {n: 1, unit: day}, starts_on: blue", [("clock.no_such_clock", "clocks.0.starts_on")]),
        ("budget: {n: 1, unit: day}, parent: {cap: true}", [("yaml.missing_key", "clocks.0.parent.clock")]),
        ("budget: {n: 1, unit: day}, parent: c", [("clock.circle", "clocks.0")]),
        (
            "budget: {n: 1, unit: day}, parent: {clock: c, cap: yes}",
            [("yaml.unfit", "clocks.0.parent.cap"), ("clock.circle", "clocks.0")],
        ),
        ("budget: {n: 1, unit: day}, thresholds: {id: a}", [("clock.not_a_list", "clocks.0.thresholds")]),
        ("budget: {n: 1, unit: day}, thresholds: [{id: a}]", [("clock.one_threshold", "clocks.0.thresholds.0.id")]),
        (
            "budget: {n: 1, unit: day}, thresholds: [{used_percent: 101}]",
            [
                ("yaml.missing_key", "clocks.0.thresholds.0.id"),
                ("clock.out_of_bounds", "clocks.0.thresholds.0.used_percent"),
            ],
        ),
        (
            "budget: {n: 1, unit: day}, thresholds: [{id: a, left: 1}, {id: a, left: 0}]",
            [("clock.id_twice", "clocks.0.thresholds")],
        ),
        (
            "budget: {n: 1, unit: month}, thresholds: [{id: a, used: 1, unit: month}]",
            [("clock.not_one_of", "clocks.0.thresholds")],
        ),
        (
            "budget: {n: 1, unit: day}, thresholds: [{id: a, used_percent: 5, unit: day}]",
            [("clock.not_one_of", "clocks.0.thresholds.0.unit")],
        ),
        ("budget: {n: 1, unit: day}, extension: {needs: [luck]}", [("clock.not_one_of", "clocks.0.extension.needs.0")]),
        ("budget: {n: 1, unit: day}, extension: {needs: {}}", [("clock.not_one_of", "clocks.0.extension.needs.0")]),
        ("budget: {n: 1, unit: day}, extension: {n: 5}", [("yaml.missing_key", "clocks.0.extension.unit")]),
        ("budget: {n: 1, unit: day}, resets_on: [rain]", [("clock.not_one_of", "clocks.0.resets_on.0")]),
    ],
)
def test_mistakes_of_a_clock(text, expected):
    assert of_clock(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a", [("clock.not_a_map", 1, "")]),
        ("just text", [("clock.not_a_map", 1, "")]),
        ("", [("clock.not_a_map", None, "")]),
        ("id: p", [("yaml.missing_key", 1, "format")]),
        ("format: luodi-clock/2\nid: p", [("clock.not_one_of", 1, "format")]),
        (HEAD, [("yaml.missing_key", 1, "clocks")]),
        (HEAD + "clocks: []", [("yaml.missing_key", 3, "clocks")]),
        (HEAD + "clocks: {a: 1}", [("clock.not_a_list", 3, "clocks")]),
        (
            HEAD + "clocks: [3]",
            [
                ("clock.not_a_map", 3, "clocks.0"),
                ("yaml.missing_key", 3, "clocks.0.id"),
                ("clock.budget_or_by", 3, "clocks.0.budget"),
            ],
        ),
        (HEAD + "zone: Mars/Olympus\nclocks: [{id: a, every: day}]", [("clock.no_zone", 3, "zone")]),
        (HEAD + "zone: ../etc\nclocks: [{id: a, every: day}]", [("clock.no_zone", 3, "zone")]),
        (HEAD + "hours: ['9-12']\nclocks: [{id: a, every: day}]", [("clock.bad_hours", 3, "hours")]),
        (HEAD + "hours: ['12:00-09:00']\nclocks: [{id: a, every: day}]", [("clock.bad_hours", 3, "hours")]),
        (HEAD + "hours: ['09:00-24:30']\nclocks: [{id: a, every: day}]", [("clock.bad_hours", 3, "hours")]),
        (
            HEAD + "hours: ['09:00-12:00', '11:00-13:00']\nclocks: [{id: a, every: day}]",
            [("clock.bad_hours", 3, "hours")],
        ),
        (HEAD + "calendar: [[1]]\nclocks: [{id: a, every: day}]", [("clock.not_text", 3, "calendar.0")]),
        (HEAD + "pause_reasons: [a]\nclocks: [{id: a, every: day}]", [("clock.not_a_map", 3, "pause_reasons")]),
        (
            HEAD + "pause_reasons: {a: {times: 1}}\nclocks: [{id: a, every: day}]",
            [("yaml.unknown_key", 3, "pause_reasons.a.times")],
        ),
        (
            HEAD + "basis: {valid_from: 2026-13-01}\nclocks: [{id: a, every: day}]",
            [("yaml.unfit", 3, "basis.valid_from")],
        ),
        (HEAD + "known_at: soon\nclocks: [{id: a, every: day}]", [("clock.bad_moment", 3, "known_at")]),
        (HEAD + "example: maybe\nclocks: [{id: a, every: day}]", [("yaml.unfit", 3, "example")]),
        (HEAD + "clocks:\n  - {id: a, every: day}\n  - {id: a, every: day}", [("clock.id_twice", 5, "clocks.1.id")]),
    ],
)
def test_mistakes_of_a_policy(text, expected):
    assert problems(text) == expected


def test_all_mistakes_are_told_at_once_with_their_lines():
    text = f"{HEAD}zone: Nowhere\nclocks:\n  - id: a\n    budget: {{n: x, unit: day}}\n    roll: maybe\n  - id: b\n    starts_on: z\n    every: day\n"
    assert problems(text) == [
        ("clock.no_zone", 3, "zone"),
        ("yaml.unfit", 6, "clocks.0.budget.n"),
        ("clock.not_one_of", 7, "clocks.0.roll"),
        ("clock.no_such_clock", 8, "clocks.1.starts_on"),
    ]


def test_a_circle_is_named():
    text = f"{HEAD}clocks:\n  - {{id: a, every: day, starts_on: c}}\n  - {{id: b, every: day, starts_on: a}}\n  - {{id: c, every: day, parent: b}}\n  - {{id: d, every: day, starts_on: a}}"
    with pytest.raises(Refused) as refused:
        read(text)
    (problem,) = refused.value.problems
    assert problem.params["cycle"] == ["a", "c", "b", "a"]
    assert problem.line == 5
    assert "a → c → b → a" in problem.message("en")


def test_a_circle_beside_the_way_is_found():
    rules = [ClockRule("x", starts_on="a"), ClockRule("a", starts_on="b"), ClockRule("b", starts_on="a")]
    assert links._circle(rules) == ["a", "b", "a"]


def test_broken_yaml_has_its_line():
    with pytest.raises(yamltext.BadYaml) as refused:
        read("format: luodi-clock/1\nclocks: [\n")
    assert refused.value.problems[0].line == 3
    with pytest.raises(yamltext.BadYaml):
        read("id: a\nid: b\n")


def test_an_edition_that_is_not_there_or_leads_back_is_refused(tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    body = f"{HEAD}clocks:\n  - {{id: c, every: day}}\nreplaces: "
    one.write_text(body + "two.yaml", "utf-8")
    with pytest.raises(Refused) as refused:
        policy.load(one)
    assert [(p.code, p.line) for p in refused.value.problems] == [("clock.no_edition", 5)]
    two.write_text(body + "one.yaml", "utf-8")
    with pytest.raises(Refused) as refused:
        policy.load(one)
    assert refused.value.problems[0].file == str(two)


def test_policies_are_found_by_path_or_id(tmp_path):
    assert policy.find("13710").name == "13710.yaml"
    (tmp_path / "own.yaml").write_text("x", "utf-8")
    assert policy.find(str(tmp_path / "own.yaml")) == tmp_path / "own.yaml"
    with pytest.raises(policy.NoPolicy):
        policy.find("none")


@pytest.mark.parametrize("area", ["clock", "workdays"])
def test_every_code_has_words_in_both_languages(area):
    for code, entry in catalogue(area).items():
        assert set(entry) == {"zh", "en"}, code
        assert Problem(code).message("zh") and Problem(code).message("en")


NODES = st.recursive(
    st.sampled_from(
        ["1", "-1", "day", "month", "2026-01-01", "cn", "next_day", "null", "x", "'09:00-12:00'", "true", "0.5"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.dictionaries(
            st.sampled_from(["id", "n", "unit", "budget", "by", "every", "clock", "event", "last", "left"]),
            inner,
            max_size=3,
        ).map(lambda found: "{" + ", ".join(f"{key}: {value}" for key, value in found.items()) + "}")
    ),
    max_leaves=8,
)
CLOCK_KEYS = st.sampled_from(clockrule.KEYS)


@settings(max_examples=400, deadline=None)
@given(
    st.dictionaries(CLOCK_KEYS, NODES, max_size=5),
    st.dictionaries(st.sampled_from(policy.KEYS[1:-1]), NODES, max_size=3),
)
def test_no_policy_however_wrong_ends_in_a_traceback(clock_keys, top_keys):
    clocks = "{" + ", ".join(f"{key}: {value}" for key, value in clock_keys.items()) + "}"
    lines = ["format: luodi-clock/1", *(f"{key}: {value}" for key, value in top_keys.items()), f"clocks: [{clocks}]"]
    try:
        read("\n".join(lines))
    except Refused as refused:
        for problem in refused.problems:
            assert problem.message("zh") and problem.message("en")
