"""Definitions in words, in both languages, from the profile's data."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from luodi.codebook.load import SHIPPED, load_profile
from luodi.codebook.rules import meaning
from luodi.codebook.values.indicators import Indicator


@pytest.fixture(scope="module")
def profile():
    return load_profile(SHIPPED)


def indicator(**data):
    return TypeAdapter(Indicator).validate_python({"id": "own", "zh": "自定", "en": "own", "unit": "count", **data})


def counted(**projects):
    return {"kind": "stock", "value": {"count": "projects", "projects": projects}}


@pytest.mark.parametrize(("language", "wrong"), [("en", "“年的"), ("zh", "'")])
def test_every_indicator_of_the_profile_is_explained(profile, language, wrong):
    for one in profile.indicators:
        words = meaning.definition(profile, one, language)
        assert len(words) > 12, one.id
        assert not set(wrong) & set(words), words
        assert "meaning." not in words and "{" not in words


def test_a_city_s_own_words_go_first(profile):
    one = indicator(**counted(), means_zh="自己的话", means_en="own words")
    assert meaning.definition(profile, one, "zh") == "自己的话。按属地口径。"
    assert meaning.definition(profile, one, "en") == "own words. Credited to the host."


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (
            {"kind": "ratio", "numerator": {"indicator": "signed_count"}, "denominator": {"indicator": "none_such"}},
            "“签约项目数”÷“none_such”",
            "'projects signed' / 'none_such'",
        ),
        (
            {"kind": "flow", "value": {"indicator": "signed_count", "span": "ytd"}},
            "年初至期末“签约项目数”",
            "'projects signed' from the year's beginning",
        ),
        (
            {"kind": "sum", "value": {"sum": "none_such", "span": "since", "projects": {"kinds": "all"}}},
            "各类的项目累计至期末填报的“none_such”合计",
            "Sum of 'none_such' filed for projects of all kinds since the beginning",
        ),
        (
            counted(below="5000万元", strategic=False, on_list="市重点"),
            "招商引资、不属于战新、总投资5000万元以下、在“市重点”清单的项目个数",
            (
                "Number of projects of kind attracted investment, of no strategic industry, total investment below 5000 ×10k yuan, "
                "on the list 'city key projects'"
            ),
        ),
        (
            counted(at_least="10亿元", strategic=True, planned=True),
            "招商引资、属于战新、有年度计划、总投资10亿元以上的项目个数",
            (
                "Number of projects of kind attracted investment, of a strategic industry, with a year plan, total investment from "
                "10 ×100m yuan"
            ),
        ),
        (
            counted(first="signed", planned=False, first_while={"field": "contract_kind", "values": ["合同"]}),
            "招商引资、期内首次“签约”、当日签约类型为合同、无年度计划的项目个数",
            (
                "Number of projects of kind attracted investment, first 'signed' in the span, contract on that day: contract, "
                "without a year plan"
            ),
        ),
        (
            counted(reached=["started"], not_reached=["completed", "produced"], state=["stalled"], state_not=["ended"]),
            "招商引资、已“开工”、未“竣工”或“投产”、当前为“停滞”、当前不是“终止”的项目个数",
            (
                "Number of projects of kind attracted investment, having reached 'started', not having reached 'completed' "
                "or 'in production', now 'stalled', not now 'ended'"
            ),
        ),
        (
            {"kind": "flow", "value": {"rises": "fixed_investment"}},
            "招商引资的项目期内固定资产投资调增额合计",
            "Rises of fixed investment of projects of kind attracted investment in the span",
        ),
        (
            {"kind": "flow", "value": {"rises": "total_investment", "after": "signed"}},
            "招商引资的项目首次“签约”之后，期内总投资调增额合计",
            "Rises of total investment of projects of kind attracted investment in the span, after first 'signed'",
        ),
        (
            {"kind": "stock", "value": {"amount": "total_investment"}},
            "招商引资的项目期末总投资合计",
            "Sum of total investment, as at the end, of projects of kind attracted investment",
        ),
        (
            {"kind": "stock", "value": {"plan": "invest"}},
            "招商引资的项目年度计划投资合计",
            "Investment planned for the year of projects of kind attracted investment",
        ),
        (
            {"kind": "cohort", "projects": {"first": "signed"}, "reached": "landed"},
            "招商引资、期内首次“签约”的项目中，期末已“落地”的占比",
            "Share of projects of kind attracted investment, first 'signed' in the span that have reached 'landed' by the end",
        ),
        (
            {"kind": "median", "projects": {}, "since": "signed", "until": "started"},
            "招商引资的项目从首次“签约”到首次“开工”天数的中位数",
            "Median days from first 'signed' to first 'started' of projects of kind attracted investment",
        ),
        (
            counted(has=[{"field": "site", "values": ["甲"]}, {"field": "odd", "values": ["乙", "丙"]}]),
            "招商引资、建设地点为甲、odd为乙或丙的项目个数",
            "Number of projects of kind attracted investment, site: 甲, odd: 乙 or 丙",
        ),
        (
            {"kind": "python", "function": "city.own:count"},
            "由程序 city.own:count 计算",
            "Computed by the function city.own:count",
        ),
    ],
)
def test_a_definition_is_worded_from_its_data(profile, data, zh, en):
    one = indicator(**data)
    assert (meaning.meaning(profile, one, "zh"), meaning.meaning(profile, one, "en")) == (zh, en)


def test_a_stage_that_no_city_stage_plays_says_its_part(profile):
    bare = profile.model_copy(update={"stages": ()})
    one = indicator(**counted(reached=["started"]))
    assert meaning.meaning(bare, one, "zh") == "招商引资、已“started”的项目个数"


def test_rates_against_targets_say_which_target(profile):
    assert "上级下达的保证目标" in meaning.meaning(profile, profile.indicator("invest_target_rate"), "zh")
    assert "unit's own curve" in meaning.meaning(profile, profile.indicator("invest_progress_gap"), "en")
