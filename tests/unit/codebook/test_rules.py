"""What must fit together in a profile: each test breaks one thing of a complete one."""

from __future__ import annotations

import pytest


def test_the_small_profile_fits(load):
    assert load().city.zh == "小城"


# What is replaced in the small profile, by what, and the mistakes it makes: code (without `profile.`) and path.
BREAKS = {
    "a form asks an unknown measure": ("measure: invest_completed, column", "measure: nothing, column", "unknown.measures forms.0.measures.0.measure"),
    "a stage follows an unknown one": ("follows: [签约]", "follows: [落地]", "unknown.stages stages.1.follows.0"),
    "a stage needs an unknown column": ("fields: [investor, land]", "fields: [investor, sea]", "unknown.fields stages.0.fields.1"),
    "an indicator counts a part nobody plays": ("{first: signed}", "{first: landed}", "unknown.parts indicators.0.value.projects.first"),
    "a counted kind is not a kind": ("counted_kinds: [招商引资]", "counted_kinds: [引资]", "unknown.vocabulary city.counted_kinds.0"),
    "an office is unknown": ("owner: bureau", "owner: office", "unknown.offices forms.0.owner"),
    "an id stands twice": ("{id: B, zh: 大", "{id: A, zh: 大", "id_twice size_bands.1.id"),
    "a vocabulary is of no coded column": ("{id: origin, values", "{id: chains, values", "not_allowed vocabularies.1.id"),
    "an attribute hides a column": ("[{id: land, zh", "[{id: land, zh: a, en: b}, {id: content, zh", "attribute_is_column attributes.1.id"),
    "a rule ends before it begins": ("owner: bureau, chain", "valid_from: 2024-02-01, valid_to: 2024-02-01, owner: bureau, chain", "ends_before_it_begins forms.0.valid_to"),
    "no kind may be the root": ("{id: city, zh: 市, en: city}", "{id: city, zh: 市, en: city, under: [district]}", "no_root_kind unit_kinds.0.under"),
    "the first band begins above nothing": ("at_least: 0元", "at_least: 1元", "bands_out_of_order size_bands.0.at_least"),
    "a later band begins lower": ("at_least: 1亿元", "at_least: 0元", "bands_out_of_order size_bands.1.at_least"),
    "an administrator is two": ("may: [keep_store]", "may: [keep_store, give_posts]", "administrators_meet roles.1.may"),
    "an administrator also files": ("may: [give_posts]", "may: [give_posts, fill_form]", "administrators_meet roles.2.may"),
    "two administrators could be one person": ("never_with: [aud]", "never_with: []", "administrators_may_meet roles.2.never_with|administrators_may_meet roles.3"),
    "two stages play one part": ("plays: started", "plays: signed", "part_twice stages.1.plays|unknown.parts lights.0.until|unknown.parts forms.0.owes.reached.0"),
    "a stage can't be reached": ("plays: started, follows: [签约]", "plays: started", "stage_unreachable stages.1"),
    "a party is nobody": ("verified_by: [{of: host}]", "verified_by: [{}]", "one_of stages.1.verified_by.0"),
    "a party is both": ("chain: [{of: filer}", "chain: [{of: filer, office: bureau}", "one_of forms.0.chain.0"),
    "a stage has a filer": ("verified_by: [{of: host}]", "verified_by: [{of: filer}]", "not_allowed stages.1.verified_by.0.of"),
    "a choice without choices": ("type: decimal", "type: choice", "choices attributes.0"),
    "money without a unit": ("type: decimal", "type: money", "attribute_unit attributes.0"),
    "choices without a choice": ("type: decimal", "choices: [a]", "choices attributes.0.choices"),
    "a light that gets better": ("yellow: 1, orange: 2", "yellow: 2, orange: 2", "lights_out_of_order lights.0.red"),
    "a light in another unit": ("unit: days, since", "unit: points, since", "not_allowed lights.0.unit"),
    "a light that waits for nothing": ("since: signed, until: started", "since: signed", "light_key lights.0"),
    "a basic measure is missing": ("{id: jobs_added", "{id: jobs", "basic_measures measures.0"),
    "persons filed in money": ("filed_in: 人, places", "filed_in: 万元, places", "not_allowed measures.5.filed_in"),
    "a unit's measure on a project form": ("[{measure: invest_completed, column: cumulative}]", "[{measure: staff}]", "measure_of_other_subject forms.0.measures.0"),
    "a form that asks nothing": ("measures: [{measure: invest_completed, column: cumulative}], owes", "owes", "form_is_empty forms.0"),
    "a form that asks twice": ("column: cumulative}]", "column: cumulative}, {measure: invest_completed}]", "measure_twice forms.0.measures.1"),
    "a window that closes before it is due": ("closes: 5", "closes: 2", "window_out_of_order forms.0.window"),
    "a window that opens after it is due": ("{due: 3, closes: 5}", "{opens: 4, due: 3}", "window_out_of_order forms.0.window"),
    "a check nobody knows": ("{id: jump", "{id: leap", "not_allowed checks.0.id"),
    "a check without its numbers": ("{id: months, value: 6}, ", "", "thresholds checks.0.thresholds"),
    "a quantity of two things": ("{sum: invest_completed, projects", "{sum: invest_completed, count: projects, projects", "one_of indicators.1.value"),
    "a quantity its kind can't have": ("value: {count: projects, projects", "value: {plan: invest, projects", "one_of indicators.0.value"),
    "after without rises": ("value: {count: projects,", "value: {count: projects, after: signed,", "after_rises indicators.0.value.after"),
    "rises without after": ("unit: count, kind: flow, value: {count: projects", "unit: money, kind: flow, value: {rises: total_investment", "after_rises indicators.0.value"),
    "a count in money": ("unit: count", "unit: money", "not_allowed indicators.0.unit"),
    "a rate in days": ("unit: ratio, kind: target_rate", "unit: days, kind: target_rate", "not_allowed indicators.2.unit"),
    "a count printed in 亿元": ("unit: count", "unit: count, printed_in: 亿元", "printed_in indicators.0.printed_in"),
    "points of a sum": ("kind: points, of: rate", "kind: points, of: invest", "wrong_kind indicators.3.of"),
    "a rate to the target of a rate": ("kind: target_rate, of: invest", "kind: target_rate, of: gap", "wrong_kind indicators.2.of"),
    "a ratio of a ratio": ("numerator: {indicator: invest}", "numerator: {indicator: share}", "wrong_kind indicators.4.numerator.indicator"),
    "a condition with an unknown value": ("{first: signed}", "{first: signed, has: [{field: origin, values: [月球]}]}", "not_allowed indicators.0.value.projects.has.0.values"),
    "a condition over time with an unknown value": ("{first: signed}", "{first: signed, first_while: {field: origin, values: [月球]}}", "not_allowed indicators.0.value.projects.first_while.values"),
    "a condition over time without a first day": ("{first: signed}", "{reached: [signed], first_while: {field: origin, values: [境外]}}", "first_while indicators.0.value.projects.first_while"),
    "a paper prints what is not there": ("indicators: [invest], rankings", "indicators: [gdp], rankings", "unknown.indicators papers.0.indicators.0"),
    "a paper's template is not there": ("title: 题", "title: 题, template: none.docx", "no_template papers.0.template"),
    "a paper's template lies outside": ("title: 题", "title: 题, template: ../none.docx", "template_outside papers.0.template"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), BREAKS.values(), ids=BREAKS.keys())
def test_each_break_is_named_with_its_place(mistakes, old, new, expected):
    wanted = [tuple(one.split(" ", 1)) for one in expected.split("|")]

    assert mistakes(old, new) == [(f"profile.{code}", path) for code, path in wanted]


# Sections added in a second file, and the mistakes they make.
ADDED = {
    "a year that begins in month 13": ("calendar: {year_begins_in: 13}", "not_a_month calendar.year_begins_in"),
    "a curve of eleven months": (
        "calendar: {curves: [{id: c, zh: 线, en: curve, units: [D], months: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]}]}",
        "curve_months calendar.curves.0.months",
    ),
    "a curve that falls": (
        "calendar: {curves: [{id: c, zh: 线, en: curve, units: [D], months: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]}]}",
        "curve_months calendar.curves.0.months",
    ),
    "two curves for one unit": (
        """calendar: {curves: [{id: c, zh: 线, en: c, units: [D], months: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]},
        {id: d, zh: 线, en: d, units: [D, E], months: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]}]}""",
        "two_curves calendar.curves.1.units",
    ),
    "a function that has no module": (
        "indicators: [{id: own, zh: 自, en: own, unit: count, kind: python, function: count}]",
        "function indicators.0.function",
    ),
    "a second form that asks the same": (
        "forms: [{id: G, zh: 表, en: form, measures: [{measure: invest_completed}], owes: {unit_kinds: [district]}, window: {due: 9}, owner: bureau}]",
        "asked_twice forms.0.measures",
    ),
}


@pytest.mark.parametrize(("more", "expected"), ADDED.values(), ids=ADDED.keys())
def test_each_addition_that_does_not_fit_is_named(mistakes, more, expected):
    code, path = expected.split(" ", 1)

    assert mistakes(more=more) == [(f"profile.{code}", path)]


FORM = "forms: [{{id: G, zh: 表, en: form, measures: [{{measure: invest_completed}}], owes: {{unit_kinds: [{kinds}]{owes}}}, window: {{due: 9}}, owner: bureau{more}}}]"


@pytest.mark.parametrize(
    "change",
    [
        {"more": ", every: quarter"},
        {"kinds": "city"},
        {"owes": ", role: introducer"},
    ],
)
def test_another_rhythm_other_units_or_another_role_may_ask_the_same(load, change):
    given = {"kinds": "district", "owes": "", "more": "", **change}

    assert load(more=FORM.format(**given)).form("G")


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        (", valid_to: 2025-01-01", ", valid_from: 2025-01-01", True),
        (", valid_from: 2025-01-01", ", valid_to: 2025-01-01", True),
        (", valid_to: 2025-01-02", ", valid_from: 2025-01-01", False),
    ],
)
def test_a_form_may_take_over_from_another(load, mistakes, first, second, fits):
    more = FORM.format(kinds="district", owes="", more=second)
    old, new = "closes: 5}, owner: bureau", "closes: 5}, owner: bureau" + first

    if fits:
        assert load(old, new, more=more).form("G")
    else:
        assert mistakes(old, new, more=more) == [("profile.asked_twice", "forms.0.measures")]


@pytest.mark.parametrize(("one", "other", "fits"), [("招商引资", "政府投资", True), ("招商引资", "招商引资", False)])
def test_forms_of_different_kinds_of_project_may_ask_the_same(load, mistakes, one, other, fits):
    more = FORM.format(kinds="district", owes=f", kinds: [{other}]", more="")
    old, new = "reached: [started]}", f"reached: [started], kinds: [{one}]}}"

    if fits:
        assert load(old, new, more=more).form("G")
    else:
        assert mistakes(old, new, more=more) == [("profile.asked_twice", "forms.0.measures")]


def test_the_operator_at_the_machine_is_no_administrator(load):
    more = (
        "roles: [{id: local, zh: 本机, en: local, reach: city, local: true, may: [keep_store, give_posts, fill_form]}]"
    )

    assert load(more=more).role("local").local


def test_a_kind_of_light_that_waits_for_nothing_needs_no_stages(load):
    more = "lights: [{id: late, zh: 晚, en: late, kind: late_start, unit: months, yellow: 1, red: 3}]"

    assert len(load(more=more).lights) == 2


def test_a_median_and_a_cohort_fit(load):
    more = """
indicators:
  - {id: days, zh: 天, en: days, unit: days, kind: median, projects: {first: started, has: [{field: land, values: [a]}]}, since: signed, until: started}
  - {id: reach, zh: 率, en: rate, unit: ratio, kind: cohort, projects: {first: signed, first_while: {field: kind, values: [招商引资]}}, reached: started}
  - {id: own, zh: 自, en: own, unit: count, kind: python, function: "a:b"}
  - {id: up, zh: 增, en: rises, unit: money, kind: flow, value: {rises: total_investment, after: signed}}
"""
    assert load(more=more).indicator("days").until == "started"
