"""Codes, periods, numbers and sources are written on pages as people write them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from luodi.codebook import queries as codebook
from luodi.indicators.queries.tracing import Source
from luodi.kernel.problem import Problem
from luodi.web import labels
from luodi.web.templatetags import luodi, traced


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2026-06", "2026年6月", "Jun 2026"),
        ("2026-Q2", "2026年第二季度", "Q2 2026"),
        ("2026", "2026年", "2026"),
        ("建账以来", "建账以来", "建账以来"),
    ],
)
def test_a_period_is_written_as_people_write_it(period, zh, en):
    assert (labels.period_words(period, "zh"), labels.period_words(period, "en")) == (zh, en)


def test_a_day_is_written_as_people_write_it():
    assert labels.day_words(date(2026, 11, 2), "zh") == "2026年11月2日"
    assert labels.day_words(date(2026, 11, 2), "en") == "2 Nov 2026"


@pytest.mark.parametrize(
    ("typed", "written"),
    [("39816.7", "39,816.7"), ("-1200", "-1,200"), ("0.50", "0.50"), ("", ""), (None, ""), ("—", "—"), ("1e9", "1e9")],
)
def test_a_number_keeps_what_was_typed(typed, written):
    assert luodi.grouped(typed) == written


@pytest.mark.parametrize(
    ("value", "written"), [("4.6", "4.6"), ("29.60", "29.6"), ("13", "13"), ("1200", "1,200"), ("0", "0")]
)
def test_a_count_has_no_needless_zeros(value, written):
    from decimal import Decimal

    assert luodi.number({}, Decimal(value)) == written


@pytest.fixture
def viewer():
    """Give somebody whose tree knows one unit."""
    tree = SimpleNamespace(name=lambda code: {"YL01": "云城区"}.get(code, code))
    return SimpleNamespace(profile=codebook.profile(), who=SimpleNamespace(tree=tree))


@pytest.mark.parametrize(
    ("code", "params", "zh", "en"),
    [
        ("filing.name_missing", {"name": "head"}, "请填写单位负责人。", "Fill in: Head."),
        ("filing.hand_missing", {"step": "sign", "found": "fill"}, "“签发”一步，目前为“填报”", "'sign off' must be done; it stands at 'fill in'"),
        ("filing.not_your_turn", {"unit": "YL01"}, "目前轮到 云城区 审核。", "It is 云城区's turn"),
        ("statistics.seal.out_of_order", {"next": "2026-06"}, "应先对 2026年6月 封账", "Seal Jun 2026 first"),
        ("statistics.seal.period_not_ended", {"last": "2026-06-30"}, "该期到 2026年6月30日 才结束", "The period ends on 30 Jun 2026"),
        ("project.act_day", {"found": "2026-06-31"}, "“2026-06-31”看不懂", "'2026-06-31' is no day"),
        ("project.evidence.missing", {"stage": "投产", "at_least": "1", "kinds": "x", "found": "0", "because": "投产以实际产出为准（示例）"},
         "依据：投产以实际产出为准（示例）", "Because: production is counted by what was really made (example)"),
        ("check.missing_required", {"who": "P1", "measure": "到位资金"}, "到位资金必填", "funds in place is required"),
    ],
)  # fmt: skip
def test_a_problem_names_what_it_speaks_of(viewer, code, params, zh, en):
    problem = Problem(code, params=params)
    assert zh in labels.problem_words(problem, viewer, "zh")
    assert en in labels.problem_words(problem, viewer, "en")


def test_a_rule_that_the_profile_has_in_chinese_only_is_said_to_be():
    kind = SimpleNamespace(because="以实物为准", because_en="")
    assert labels.because_words(kind, "zh") == "以实物为准"
    assert labels.because_words(kind, "en") == "以实物为准 (in Chinese)"


def test_a_problem_is_said_to_nobody_in_particular():
    assert (
        labels.problem_words(Problem("filing.not_your_turn", params={"unit": "YL01"}), None, "zh")
        == "目前轮到 YL01 审核。"
    )


@pytest.mark.parametrize(
    ("table", "says", "kind", "zh"),
    [
        ("statistics.Figure", "2026-05-01..2026-05-31 513418000.0 累计", "money", "2026年5月本年累计 51,341.8 万元"),
        ("statistics.Figure", "2026-05-01..2026-05-31 1200", "persons", "2026年5月本月 1,200"),
        ("statistics.Figure", "2026-01-01..2026-02-28 10000", "money", "2026年1月1日—2026年2月28日本月 1 万元"),
        ("projects.ProjectVersion", "2024-09-26 3628160000", "money", "2024年9月26日起的档案，总投资 362,816 万元"),
        ("projects.ProjectVersion", "2024-09-26", "count", "2024年9月26日起的档案，总投资 —"),
        ("projects.StageEvent", "开工 2024-03-01", "count", "开工 2024年3月1日"),
        ("projects.YearPlan", "2026 1744860000", "money", "2026 年度计划 174,486 万元"),
        ("projects.YearPlan", "2026 None", "money", "2026 年度计划 —"),
        ("projects.Attribution", "YL01 2/3", "money", "YL01 2/3"),
    ],
)
def test_a_source_is_said_in_words(viewer, table, says, kind, zh):
    source = Source(table, 1, 1, "act", 0, 0, "somebody", says, ())
    assert traced.source_words({"language": "zh", "viewer": viewer}, source, kind) == zh


def test_the_operator_of_the_machine_is_named():
    assert traced.doer({"language": "zh"}, "local") == "本机操作员"
    assert traced.doer({"language": "zh"}, "蒋海涛") == "蒋海涛"
