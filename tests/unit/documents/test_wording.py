"""Words of papers: periods, lines of comment, who has filed, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from luodi.codebook import queries as codebook
from luodi.documents.render import fields
from luodi.documents.rules import bridging, definitions, numbers, wording
from luodi.documents.rules.numbers import plain
from luodi.documents.values import Column, Correction, Edition, Matter, Step, Transfer, UnitRow, UnitTable
from luodi.kernel.period import CALENDAR_YEAR, AccountingYear
from tests.unit.documents import papers


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2026-09", "2026年9月"),
        ("2026-01..02", "2026年1—2月"),
        ("2026-09-中旬", "2026年9月中旬"),
        ("2026-Q3", "2026年第三季度"),
        ("2026-H1", "2026年上半年"),
        ("2026-H2", "2026年下半年"),
        ("2026", "2026年"),
    ],
)
def test_a_period_in_words(label, words):
    assert wording.period_words(CALENDAR_YEAR.parse(label)) == words


@pytest.mark.parametrize(
    ("year", "label", "words"),
    [
        (CALENDAR_YEAR, "2026-09", "1—9月"),
        (CALENDAR_YEAR, "2026-01", "1月"),
        (AccountingYear(12), "2026-09", "2025年12月—2026年9月"),
        (AccountingYear(12), "2025-12", "12月"),
    ],
)
def test_the_year_to_date_in_words(year, label, words):
    period = year.parse(label)
    assert wording.to_date_words(year.of(period.last), period) == words


@pytest.fixture(scope="module")
def profile():
    return codebook.profile()


def said(sentence) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in sentence)


def progress(profile, exact, growth=None) -> str:
    """Write the line on progress from exact values by indicator."""
    asked = numbers.Asked("2026-09", 1, "verified")
    return said(
        wording.progress(
            profile,
            profile.indicator("invest_target_rate"),
            lambda one, span: numbers.figure(one, exact.get(one.id), asked, unit="YL", span=span),
            lambda one: numbers.growth(one, growth, asked, unit="YL"),
            whole="全市",
            span="1—9月",
        )
    )


ON_TIME = {"invest_completed": Fraction(1_230_000_000), "invest_target_rate": Fraction(41, 100)}


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (Fraction(-7, 10), "，慢于序时进度0.7个百分点。"),
        (Fraction(7, 10), "，快于序时进度0.7个百分点。"),
        (Fraction(-4, 100), "，与序时进度持平。"),  # -0.04 prints as 0.0: never 'behind by 0.0'
        (Fraction(-5, 100), "，慢于序时进度0.1个百分点。"),
        (None, "。"),
    ],
)
def test_progress_is_told_as_officials_tell_it(profile, gap, words):
    exact = {**ON_TIME, "invest_progress_gap": gap}
    assert progress(profile, exact) == f"1—9月，全市完成投资12.30亿元，占年度目标41.0%{words}"


def test_what_is_not_known_is_not_told(profile):
    assert progress(profile, {}) == "1—9月，全市完成投资尚无上报数据。"
    only = {"invest_completed": Fraction(1_230_000_000)}
    assert progress(profile, only) == "1—9月，全市完成投资12.30亿元，未下达年度目标。"
    assert progress(profile, only, Fraction(-52, 1000)).endswith("，同比下降5.2%。")
    assert progress(profile, only, Fraction(1, 10_000)).endswith("，同比持平。")


def table(*rates: str | None) -> UnitTable:
    rows = [
        UnitRow(
            f"U{n}",
            f"单位{n}",
            (plain(None if rate is None else Fraction(rate) / 100, "%", 1),),
            rank=n if rate else None,
        )
        for n, rate in enumerate(rates, start=1)
    ]
    return UnitTable("排名", (Column("rate", "完成率", "%"),), tuple(rows), ranked=True)


def test_the_line_on_units_names_both_ends_and_the_fewer():
    six = table("90", "80", "70", "60", "50", "40")
    assert said(wording.order(six, behind=["单位6"])) == (
        "完成率居前的是单位1（90.0%）、单位2（80.0%）、单位3（70.0%）；"
        "居后的是单位4（60.0%）、单位5（50.0%）、单位6（40.0%）；慢于序时进度的有1个：单位6。"
    )
    names = [row.name for row in six.rows]
    assert said(wording.order(six, behind=names[1:])).endswith("；5个慢于序时进度，达到序时进度的只有单位1。")
    assert said(wording.order(six, behind=names)).endswith("；均慢于序时进度。")
    assert said(wording.order(table("90"), behind=[])) == "完成率居前的是单位1（90.0%）。"
    assert said(wording.order(table(None, None), behind=[])) == "各单位均未上报，暂不排名。"


def test_who_has_not_filed_is_named_by_what_is_owed():
    paper = papers.bulletin()
    assert fields.filing_words(paper) == "应报单位2家，报齐1家；应报报表2张，已报1张。未报的有：乙县（月报）。"
    missing = (("甲", ("月报",)), ("乙", ("月报", "季报")), ("丙", ("月报",)))
    several = replace(paper, filing=replace(paper.filing, missing=missing))
    assert fields.filing_words(several).endswith("未报的有：乙（月报、季报）；甲、丙（月报）。")
    nothing = replace(paper, filing=replace(paper.filing, units=0))
    assert fields.filing_words(nothing) == "本期没有应报的报表。"
    complete = replace(paper, filing=replace(paper.filing, missing=()))
    assert fields.filing_words(complete) == "应报单位2家、报表2张，已全部报齐。"


def test_a_matter_says_whose_it_is_and_how_long_it_waits():
    matter = Matter("某项目", "甲县", "用地未批。", "自然资源局", date(2025, 5, 1), 30)
    assert (
        fields.matter_words(matter)
        == "某项目（甲县）：用地未批，责任单位自然资源局，应于2025年5月1日前办结，已超期30天。"
    )
    assert fields.matter_words(Matter("某项目", "甲县", "电力接入")) == "某项目（甲县）：电力接入。"


def test_a_correction_tells_both_values_and_each_step():
    change = numbers.signed(plain(Fraction(-1_000_000), "亿元", 2))
    values = [plain(Fraction(amount), "亿元", 2) for amount in (21_000_000, 20_000_000)]
    step = Step(date(2025, 6, 3), "甲县", "填报数调整", change)
    found = Correction("2025年5月", "完成投资", "全市", *values, change, (step,))
    assert said(fields.correction_sentence(found)) == (
        "全市2025年5月累计完成投资，发布值0.21亿元，现修订值0.20亿元，相差-0.01亿元。"
        "其中：2025年6月3日，甲县，填报数调整，-0.01亿元。"
    )


def test_sections_are_numbered_by_what_there_is():
    found = fields.fields(papers.bulletin(), {})
    assert found["headings"] == {"comments": "一、总体情况", "rankings": "二、完成情况排名", "filing": "三、报送情况"}
    moved = replace(papers.bulletin(), transfers=(Transfer("某项目", "甲县", "乙县", date(2025, 4, 1)),))
    assert fields.fields(moved, {})["headings"]["transfers"] == "四、项目划转"


def test_every_page_says_what_the_paper_is_not():
    assert fields.marks(papers.bulletin()) == "演示数据"
    assert fields.marks(papers.bulletin(edition=Edition.FLASH, checking=True)) == "演示数据　　快报　未封账　　核对版"
    assert fields.marks(papers.bulletin(synthetic=False)) == ""


@pytest.mark.parametrize(
    ("cause", "acts", "projects", "reason", "words"),
    [
        ("rows", ["statistics.form.judged"], ["甲"], "审计核减", "填报数调整（甲）：审计核减"),
        ("rows", ["projects.claim.decided", "projects.stage.claimed"], [], "", "阶段核定调整"),
        ("rows", ["projects.version.filed"], list("甲乙丙丁"), "", "项目档案更正（甲、乙、丙等4个项目）"),
        ("profile", [], [], "", "指标口径调整"),
        ("units", ["identity.unit.recorded"], [], "", "单位沿革调整"),
        ("rows", ["unknown.act"], [], "", "台账调整"),
        ("rows", [], [], "", "台账调整"),
    ],
)
def test_a_step_of_the_bridge_in_words(cause, acts, projects, reason, words):
    assert bridging.words(cause, acts, projects, reason) == words


def test_every_indicator_of_the_profile_is_explained(profile):
    for one in profile.indicators:
        found = definitions.definition(profile, one)
        assert found.words.endswith("口径。")
        assert len(found.words) > 12, one.id
    signed = definitions.definition(profile, profile.indicator("large_signed_count"))
    assert signed.words == "招商引资、期内首次“签约”、总投资1亿元以上的项目个数。按属地口径。"
    outside = definitions.definition(profile, profile.indicator("funds_from_outside"))
    assert outside.words == "招商引资、资金来源地为省外或境外的项目填报的“到位资金”合计。按属地口径。"


def test_all_that_a_paper_prints_is_defined(profile):
    papers = {paper.id: [one.id for one in definitions.of_paper(profile, paper)] for paper in profile.papers}
    assert papers["brief"] == [
        "signed_count", "started_count", "produced_count", "invest_completed", "invest_progress_gap",
        "invest_target_rate", "<id>_yoy",
    ]  # fmt: skip
    assert papers["table"] == [*next(one for one in profile.papers if one.id == "table").indicators, "<id>_yoy"]
    rates = profile.papers[0].model_copy(update={"indicators": ("start_rate", "no_such"), "rankings": ()})
    assert [one.id for one in definitions.of_paper(profile, rates)] == ["start_rate"]


def test_forms_carry_their_legal_head_or_say_that_they_are_internal(profile):
    heads = {form.id: definitions.source(form).head for form in profile.forms}
    assert heads["YL-T1"].startswith("表号：云岭调度投01表；制定机关：")
    assert heads["YL-T3"] == "内部工作调度表"


def test_the_line_on_what_came_about_leaves_out_what_is_not_known(profile):
    exact = {
        ("signed_count", "ytd"): Fraction(45), ("signed_count", "period"): Fraction(6),
        ("funds_in_place", "ytd"): Fraction(1_234_500_000), ("funds_in_place", "period"): None,
        ("started_count", "ytd"): Fraction(3), ("started_count", "period"): Fraction(0),
        ("start_rate", "ytd"): Fraction(1, 2),
    }  # fmt: skip
    asked = numbers.Asked("2026-09", 1, "verified")
    ids = ("signed_count", "invest_completed", "funds_in_place", "started_count", "start_rate")

    def activity(*wanted: str) -> str:
        return said(
            wording.activity(
                [profile.indicator(one) for one in wanted],
                lambda one, span: numbers.figure(one, exact.get((one.id, span)), asked, unit="YL", span=span),
                month="当月",
            )
        )

    assert activity(*ids) == "签约项目数45个（当月6个），到位资金12.35亿元，新开工项目数3个。"
    assert activity("invest_completed") == ""


def test_progress_without_a_gap_indicator_or_a_known_target(profile):
    bare = profile.model_copy(update={"indicators": tuple(one for one in profile.indicators if one.kind != "points")})
    assert progress(bare, ON_TIME) == "1—9月，全市完成投资12.30亿元，占年度目标41.0%。"
    lost = profile.model_copy(
        update={"indicators": tuple(one for one in profile.indicators if one.id != "invest_completed")}
    )
    rate = profile.indicator("invest_target_rate")
    assert wording.progress(lost, rate, None, None, whole="全市", span="1—9月") == ()


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("项目工作简报", "项目工作简报"),
        ("关于2026年5月全市项目建设和招商引资情况的通报", "关于2026年5月全市项目建设和\n招商引资情况的通报"),
        (
            "关于2026年5月全市项目建设和招商引资情况的通报（快报）",
            "关于2026年5月全市项目建设和\n招商引资情况的通报（快报）",
        ),
        ("无处可断的" * 5, "无处可断的" * 5),
        ("甲和" + "乙" * 25, "甲和" + "乙" * 25),  # a line would still be too long: left to the program that prints
    ],
)
def test_a_long_title_breaks_where_its_sense_allows(title, lines):
    assert wording.title_lines(title) == lines
