"""Reading a folder: every mistake at once, each with its file and line."""

from __future__ import annotations

import pytest

from luodi.codebook.load import SHIPPED, BadProfile, load_profile

from .conftest import SMALL


def problems(folder):
    with pytest.raises(BadProfile) as refusal:
        load_profile(folder)
    return refusal.value.problems


def test_an_empty_folder_and_no_folder_are_said(tmp_path):
    assert [problem.code for problem in problems(tmp_path)] == ["profile.no_files"]
    assert [problem.code for problem in problems(tmp_path / "none")] == ["profile.no_files"]


def test_mistakes_of_all_files_come_in_order_with_their_lines(load, tmp_path):
    (tmp_path / "c.yaml").write_text(
        "\n\nlists:\n  - {id: x, zh: 单, en: list, kept_by: nobody, colour: red}\n", "utf-8"
    )
    (tmp_path / "d.yaml").write_text("city: {}\n", "utf-8")
    (tmp_path / "e.yaml").write_text("- a\n", "utf-8")
    (tmp_path / "f.yaml").write_text("a: [1\n", "utf-8")
    (tmp_path / "g.yaml").write_text("", "utf-8")
    (tmp_path / "h.yaml").write_text("groups: 5\nuse: 7\ncolours: []\nnodes:\nreasons: {a: b}\n", "utf-8")
    (tmp_path / "i.yaml").mkdir()
    (tmp_path / "j.txt").write_text("not read", "utf-8")

    with pytest.raises(BadProfile) as refusal:
        load("due: 3", "due: soon")

    found = [(problem.file.rsplit("/")[-1], problem.line, problem.code) for problem in refusal.value.problems]
    assert found == [
        ("a.yaml", 42, "yaml.unfit"),
        ("c.yaml", 4, "yaml.unknown_key"),
        ("d.yaml", 1, "profile.section_twice"),
        ("e.yaml", 1, "profile.not_sections"),
        ("f.yaml", 2, "yaml.unreadable"),
        ("h.yaml", 1, "profile.not_a_list"),
        ("h.yaml", 2, "profile.not_a_list"),
        ("h.yaml", 3, "yaml.unknown_key"),
        ("h.yaml", 4, "profile.not_a_list"),
        ("h.yaml", 5, "profile.not_a_list"),
        ("i.yaml", None, "profile.unreadable_file"),
    ]


def test_missing_sections_are_named(tmp_path):
    (tmp_path / "a.yaml").write_text("groups: [{id: G, zh: 组, en: group}]", "utf-8")

    missing = [problem.params["section"] for problem in problems(tmp_path)]
    assert missing == ["city", "unit_kinds", "roles", "vocabularies", "stages", "measures"]


def test_sections_are_taken_over_from_the_shipped_profile(load, tmp_path):
    more = "use: [evidence_kinds]"

    assert [kind.id for kind in load(more=more).evidence_kinds][-2:] == ["progress_bill", "paper"]


def test_what_a_section_taken_over_names_comes_along(load, tmp_path):
    own = load(SMALL[SMALL.index("measures:\n") : SMALL.index("forms:\n")], "", more="use: [measures]")

    assert [kind.id for kind in own.evidence_kinds] == ["paper", "bank_slip", "progress_bill"]
    assert own.measure("funds_in_place").evidence == ("bank_slip",)


def test_only_sections_of_the_shipped_profile_can_be_taken_over(mistakes):
    assert mistakes(more="use: [colours]") == [("profile.not_allowed", "use")]


def test_the_shipped_profile_takes_nothing_from_itself(tmp_path, monkeypatch):
    from luodi.codebook import load as loading

    (tmp_path / "a.yaml").write_text("use: [roles]\nroles: []", "utf-8")
    monkeypatch.setattr(loading, "SHIPPED", tmp_path)

    assert ("profile.not_allowed", "use") in [(problem.code, problem.path) for problem in problems(tmp_path)]


def test_a_template_of_the_folder_is_found(load, tmp_path):
    (tmp_path / "own.docx").write_bytes(b"PK")

    assert load("title: 题", "title: 题, template: own.docx").papers[0].template == "own.docx"


def test_the_shipped_profile_fits():
    city = load_profile(SHIPPED)

    assert city.city.zh == "云岭市"
    assert len(city.indicators) == 34
    assert len(city.checks) == 25


# What is replaced, by what, and what is said: code, path and one thing the message holds.
SCALARS = {
    "a number that is none": ("due: 3", "due: 三", ("yaml.unfit", "forms.0.window.due", "整数")),
    "a number below nothing": ("due: 3", "due: -3", ("yaml.unfit", "forms.0.window.due", "不小于 0")),
    "a decimal where a whole one belongs": ("due: 3", "due: 3.0", ("yaml.unfit", "forms.0.window.due", "整数")),
    "an amount without a unit": ("at_least: 0元", "at_least: 0", ("yaml.unfit", "size_bands.0.at_least", "带单位的金额")),
    "an amount that is none": ("at_least: 0元", "at_least: 很多元", ("yaml.unfit", "size_bands.0.at_least", "带单位的金额")),
    "an amount in a mapping": ("at_least: 0元", "at_least: {a: b}", ("yaml.unfit", "size_bands.0.at_least", "{…}")),
    "yes for true": ("files: true", "files: yes", ("yaml.unfit", "unit_kinds.1.files", "true 或 false")),
    "a month that is none": ("go_live: 2024-01", "go_live: 一月", ("yaml.unfit", "city.go_live", "月份")),
    "a quarter for a month": ("go_live: 2024-01", "go_live: 2024-Q1", ("yaml.unfit", "city.go_live", "月份")),
    "a year for a month": ("go_live: 2024-01", "go_live: [2024]", ("yaml.unfit", "city.go_live", "[…]")),
    "an id with a space": ("{id: p, zh", "{id: the p, zh", ("yaml.unfit", "problem_kinds.0.id", "编号")),
    "a label with a semicolon": ("{id: 省重点", "{id: 省;重点", ("yaml.unfit", "lists.0.id", "名称")),
    "blank words": ("because: 规定", "because: ' '", ("yaml.unfit", "evidence_kinds.0.because", "文字")),
    "nothing where words belong": ("because: 规定", "because: ~", ("yaml.unfit", "evidence_kinds.0.because", "∅")),
    "a text where a list belongs": ("follows: [签约]", "follows: 签约", ("yaml.unfit", "stages.1.follows", "列表")),
    "a list where a mapping belongs": ("window: {due: 3, closes: 5}", "window: [3]", ("yaml.unfit", "forms.0.window", "一组键值")),
    "an item that is no mapping": ("problem_kinds: [{id: p, zh: 难题, en: problem, days: 7}]", "problem_kinds: [p]", ("yaml.unfit", "problem_kinds.0", "一组键值")),
    "an item that is nothing": ("reasons: [{id: r, zh: 原因, en: reason}]", "reasons: [~]", ("yaml.unfit", "reasons.0", "∅")),
    "a word outside a closed set": ("severity: soft", "severity: mild", ("profile.not_allowed", "checks.0.severity", "hard, soft, hint, off")),
    "a permission nobody knows": ("may: [fill_form]", "may: [dance]", ("profile.not_allowed", "roles.0.may.0", "see_figures")),
    "a kind of indicator nobody knows": ("kind: points", "kind: feeling", ("profile.not_allowed", "indicators.3", "target_rate")),
    "an indicator without a kind": ("kind: points, ", "", ("yaml.missing_key", "indicators.3", "kind")),
    "a key left out": ("offices: [{id: bureau, zh: 局, en: bureau, unit: B}]", "offices: [{id: bureau, zh: 局, en: bureau}]", ("yaml.missing_key", "offices.0", "unit")),
    "a key nobody reads": ("{due: 3, closes: 5}", "{due: 3, shuts: 5}", ("yaml.unknown_key", "forms.0.window.shuts", "closes, due, opens")),
    "a key nobody reads in a list": ("column: cumulative}]", "columns: cumulative}]", ("yaml.unknown_key", "forms.0.measures.0.columns", "column, measure, required")),
    "a key nobody reads in an indicator": ("{sum: invest_completed, projects: {kinds: all}}", "{sum: invest_completed, projects: {kind: all}}", ("yaml.unknown_key", "indicators.1.value.projects.kind", "kinds")),
    "a key nobody reads in an optional mapping": ("chain: [{of: filer}", "legal: {no: 1, number: a, issued_by: b, approved_by: c, valid_until: d}, chain: [{of: filer}", ("yaml.unknown_key", "forms.0.legal.no", "number")),
    "kinds that are neither a list nor all": ("{kinds: all}", "{kinds: some}", ("yaml.unfit", "indicators.1.value.projects.kinds", "列表")),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), SCALARS.values(), ids=SCALARS.keys())
def test_each_unfit_value_says_what_belongs_there(load, old, new, expected):
    with pytest.raises(BadProfile) as refusal:
        load(old, new)

    (problem,) = refusal.value.problems
    code, path, holds = expected
    assert (problem.code, problem.path) == (code, path)
    assert holds in problem.message("zh")
    assert problem.message("en") != problem.message("zh")
    assert problem.line


def test_a_broken_item_does_not_make_others_dangle(mistakes):
    assert mistakes("zh: 到位资金, en: funds, unit: money", "zh: 到位资金, en: funds, unit: cash") == [
        ("profile.not_allowed", "measures.1.unit")
    ]
    assert mistakes("en: started, plays: started", "en: '', plays: started") == [("yaml.unfit", "stages.1.en")]
