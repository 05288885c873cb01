"""Each kind of file, taken as history: what stands in the ledger afterwards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from luodi.directory.models import Enterprise
from luodi.exchange.actions import Rejected
from luodi.identity.models import UnitVersion
from luodi.kernel import instant
from luodi.projects.models import Attribution, ListEntry, Note, ProjectVersion, StageEvent, YearPlan
from luodi.statistics.models import Figure, Target

pytestmark = pytest.mark.django_db


def day(text: str) -> int:
    return instant.start_of(date.fromisoformat(text))


def test_units(desk):
    answer = desk.take(
        "units",
        "单位代码,单位名称,上级代码,类别,启用日期,停用日期,后继代码\nX1,旧镇,YL01,town,2021-01-01,2024-01-01,X2\nX2,新镇,YL01,town,2024-01-01,,",
    )
    assert (answer.rows, answer.loaded, answer.refused) == (2, 2, 0)
    row = UnitVersion.objects.get(code="X1")
    assert (row.name, row.successor, row.valid_to, row.known_at, row.loaded) == (
        "旧镇",
        "X2",
        date(2024, 1, 1),
        day("2021-01-01"),
        True,
    )


def test_units_that_point_nowhere_or_at_themselves(desk):
    table = """
    code,name,parent,kind,valid_from,valid_to,successor
    X1,a,YL99,town,2021-01-01,,
    X2,b,X3,town,2021-01-01,,
    X3,c,X2,town,2021-01-01,,
    X4,d,YL01,village,2021-01-01,,
    X5,e,YL01,town,2021-01-01,2020-01-01,Q
    """
    assert desk.refused("units", table) == [
        ("C2", "cell.unknown_unit"),
        ("C3", "row.below_itself"),
        ("C4", "row.below_itself"),
        ("D5", "cell.unknown_unit_kind"),
        ("F6", "row.ends_before_it_begins"),
        ("G6", "cell.unknown_unit"),
    ]


def test_projects_with_units_of_money_months_blanks_and_extra_columns(desk):
    answer = desk.take(
        "projects",
        """
        台账,,,,,,,单位：亿元
        项目编号,项目名称,属地,项目类型,总投资,固定资产投资（万元）,起始日期,用地面积（亩）,旁注
        P1,甲厂,YL01,招商引资,1.5,"3,000",2024.02,３０,x
        ,,,,,,,,
        合计,,,,1.5,3000,,,
        """,
    )
    assert (answer.rows, answer.loaded, answer.skipped, answer.unknown_columns) == (1, 1, 1, ("旁注",))
    row = ProjectVersion.objects.get()
    assert (row.total_investment, row.fixed_investment) == (Decimal(150_000_000), Decimal(30_000_000))
    assert (row.valid_from, row.known_at, row.attributes, row.investor, row.host) == (
        date(2024, 2, 29),
        day("2024-02-29"),
        {"land_mu": "30"},
        None,
        "YL01",
    )


def test_a_blank_cell_of_a_later_version_is_empty(full):
    full.take("projects", "code,name,host,kind,total_investment,valid_from\nP1,晨光智能工厂,YL01,招商引资,,2024-05-01")
    assert ProjectVersion.objects.get(code="P1", valid_from="2024-05-01").total_investment is None


def test_projects_with_mistakes_in_every_cell_are_all_named_at_once(desk):
    table = """
    code,name,host,kind,uscc,national_code,strategic,total_investment,valid_from
    P1,,YL77,外资,123,456,√,1.2亿,2024.1
    P2,同上,YL01,招商引资,,,,-5,2024-02-30
    """
    assert desk.refused("projects", table) == [
        ("B2", "cell.required"),
        ("C2", "cell.unknown_unit"),
        ("D2", "cell.not_listed"),
        ("E2", "cell.not_uscc"),
        ("F2", "cell.not_national_code"),
        ("G2", "cell.not_yes_no"),
        ("H2", "cell.other_unit"),
        ("I2", "cell.month_or_tenth"),
        ("B3", "cell.ditto"),
        ("H3", "cell.negative"),
        ("I3", "cell.no_such_day"),
    ]
    assert not ProjectVersion.objects.exists()


def test_stages_known_and_verified_by_default_on_their_day(full):
    answer = full.take(
        "stages",
        """
        project,stage,occurred_on,verified,evidence,known_at,verified_at
        P1,在谈,2023.11,是,,,
        P1,签约,2024-01-20,是,合同文本,,
        P1,开工,2024-03-05,是,,2024-04-01,2024-04-20
        P2,开工,2024-03-05,否,,,
        P2,竣工,2031-01-01,是,,,
        """,
    )
    assert answer.loaded == 5
    rows = {(row.project, row.stage): row for row in StageEvent.objects.all()}
    talked = rows["P1", "在谈"]
    assert (talked.occurred_on, talked.month_only, talked.known_at, talked.verified_at) == (
        date(2023, 11, 30),
        True,
        day("2023-11-30"),
        day("2023-11-30"),
    )
    assert rows["P1", "签约"].evidence_note == "合同文本"
    assert (rows["P1", "开工"].known_at, rows["P1", "开工"].verified_at) == (day("2024-04-01"), day("2024-04-20"))
    assert rows["P2", "开工"].verified_at is None
    ahead = rows["P2", "竣工"]
    assert (
        ahead.loaded and ahead.known_at > day("2025-06-02") and ahead.verified_at <= ahead.known_at
    )  # ahead means now
    found = {(problem.where.partition("!")[2], problem.code) for problem in answer.problems(blocking=False)}
    assert ("B5", "import.row.stage_without_the_one_before") in found


def test_stages_that_point_at_nothing_get_near_suggestions(full):
    path = full.file("project,stage,occurred_on\nP11,签约,2024-01-01\nP1,签的约,2024-01-01")
    assert full.refused("stages", path) == [("A2", "cell.unknown_project"), ("B3", "cell.unknown_stage")]
    with pytest.raises(Rejected) as rejected:
        full.take("stages", path)
    assert [problem.params["near"] for problem in rejected.value.problems] == ["P1、P2", "签约"]


def test_order_is_judged_with_what_the_ledger_has(full):
    full.take("stages", "project,stage,occurred_on,verified\nP1,签约,2024-01-20,是")
    answer = full.take("stages", "project,stage,occurred_on,verified\nP1,开工,2024-01-10,是\nP1,达效,2024-09-10,是")
    found = [(problem.where.partition("!")[2], problem.code) for problem in answer.problems(blocking=False)]
    assert found == [("C2", "import.row.stage_before_earlier"), ("B3", "import.row.stage_without_the_one_before")]


def test_lists_plans_and_notes(full):
    full.take("lists", "project,list,valid_from,valid_to\nP1,省重点,2024-01-01,2025-01-01")
    assert (ListEntry.objects.get().valid_to, ListEntry.objects.get().known_at) == (date(2025, 1, 1), day("2024-01-01"))
    answer = full.take("plans", "项目编号,年度,月份,计划投资,计划开工\nP1,2024年,,8000,2024-03-01\nP1,2024,3,100,")
    assert {(row.month, row.invest, row.known_at) for row in YearPlan.objects.all()} == {
        (0, Decimal(80_000_000), day("2024-01-01")),
        (3, Decimal(1_000_000), day("2024-03-01")),
    }
    assert [problem.code for problem in answer.problems(blocking=False)] == ["import.row.months_differ"]
    full.take("notes", "项目编号,期间,形象进度,存在问题\nP1,2024年5月,主体封顶,无")
    row = Note.objects.get()
    assert (row.period, row.progress, row.problems, row.known_at) == ("2024-05", "主体封顶", None, day("2024-06-01"))


def test_a_list_the_profile_has_not_is_history_with_a_remark_and_refused_today(full):
    table = "project,list,valid_from\nP1,省级重点,2024-01-01"
    assert full.refused("lists", table, history=False) == [("B2", "cell.unknown_list")]
    answer = full.take("lists", table)
    assert [problem.code for problem in answer.problems(blocking=False)] == ["import.row.unlisted"]
    assert ListEntry.objects.get().list == "省级重点"


def test_a_national_code_of_no_province_or_a_day_to_come_is_kept_with_a_remark(full):
    answer = full.take(
        "projects",
        """
        code,name,kind,valid_from,national_code
        Q1,a,招商引资,2024-01-01,2024-530100-41-01-123456
        Q2,b,招商引资,2024-01-01,2024-990100-41-01-123456
        Q3,c,招商引资,2024-01-01,2099-530100-41-01-123456
        """,
    )
    assert [(found.where.partition("!")[2], found.code) for found in answer.problems(blocking=False)] == [
        ("E3", "project.national_code.division"),
        ("E4", "project.national_code.year"),
    ]


def test_an_industry_is_looked_up_in_its_own_edition_and_kept_whatever_it_says(full):
    answer = full.take(
        "projects",
        """
        code,name,kind,valid_from,industry,industry_edition
        Q1,a,招商引资,2024-01-01,C3985,
        Q2,b,招商引资,2024-01-01,3985,2011
        Q3,c,招商引资,2024-01-01,C3985,2017
        Q4,d,招商引资,2024-01-01,—,
        """,
    )
    assert [(found.where.partition("!")[2], found.code) for found in answer.problems(blocking=False)] == [
        ("E3", "import.row.unknown_industry")
    ]
    assert ProjectVersion.objects.get(code="Q2").industry == "3985"


def test_figures_in_the_unit_of_their_measure(full):
    answer = full.take(
        "figures",
        """
        对象编号,指标项,期间,数值（亿元）,表号,已审核,审核时间
        P1,完成投资,2024-03,0.5,YL-T1,是,
        P1,invest_completed,2024-04,0.7,YL-T1,是,2024-05-20
        P1,jobs_added,2024-04,12,YL-T3,是,
        P1,tax_paid,2024-04,—,,否,
        """,
    )
    assert answer.loaded == 4
    rows = {(row.measure, row.period): row for row in Figure.objects.all()}
    first = rows["invest_completed", "2024-03"]
    assert (first.value, first.column, first.known_at, first.accepted_at) == (
        Decimal(50_000_000),
        "cumulative",
        day("2024-04-01"),
        day("2024-04-01"),
    )
    assert (first.period_first, first.period_last, first.subject_kind) == (
        date(2024, 3, 1),
        date(2024, 3, 31),
        "project",
    )
    assert rows["invest_completed", "2024-04"].accepted_at == day("2024-05-20")
    assert (rows["jobs_added", "2024-04"].value, rows["jobs_added", "2024-04"].column) == (Decimal(12), "period")
    blank = rows["tax_paid", "2024-04"]
    assert (blank.value, blank.accepted_at, blank.column) == (None, None, "period")
    assert [(problem.where.partition("!")[2], problem.code) for problem in answer.problems(blocking=False)] == [
        ("E5", "import.row.taken_as_period")
    ]


def test_foreign_figures_keep_amount_rate_and_day(full):
    full.take(
        "figures", "subject,measure,period,数值（万美元）,rate,rate_on\nP1,foreign_capital,2024-03,100,7.1,2024-03-29"
    )
    row = Figure.objects.get()
    assert (row.value, row.foreign_amount, row.foreign_currency, row.rate, row.rate_on) == (
        Decimal(7_100_000), Decimal(1_000_000), "USD", Decimal("7.1"), date(2024, 3, 29),
    )  # fmt: skip
    assert full.refused("figures", "subject,measure,period,数值（万美元）\nP1,foreign_capital,2024-03,100") == [
        ("D2", "cell.no_rate")
    ]


def test_figures_with_mistakes(full):
    table = """
    subject,measure,period,value
    P9,invest_completed,2024-03,1
    P1,profit,2024-03,1
    P1,invest_completed,2024-13,1
    P1,invest_completed,2024-03,1亿
    P1,jobs_added,2024-03,1.5
    """
    assert full.refused("figures", table) == [
        ("A2", "cell.unknown_project"),
        ("B3", "cell.unknown_measure"),
        ("C4", "cell.not_a_period"),
        ("D5", "cell.other_unit"),
        ("D6", "cell.not_whole"),
    ]


def test_a_jump_of_history_is_noted_not_refused(full):
    rows = "\n".join(f"P1,tax_paid,2024-{month:02d},{1000 if month == 5 else 10},YL-T3,是" for month in range(1, 7))
    answer = full.take("figures", "subject,measure,period,value,form,accepted\n" + rows)
    assert answer.loaded == 6
    assert [problem.code for problem in answer.problems(blocking=False)] == ["import.row.jump"]


def test_targets_in_the_filing_unit_of_their_indicator(desk):
    desk.take(
        "targets",
        "单位代码,指标,期间,目标值,目标类别,来源\nYL01,完成投资,2024,100000,,\nYL01,start_rate,2024,85,争取,本级\nYL02,signed_count,2024,30,,",
    )
    rows = {(row.unit, row.indicator): row for row in Target.objects.all()}
    assert (rows["YL01", "invest_completed"].value, rows["YL01", "invest_completed"].known_at) == (
        Decimal(10**9),
        day("2024-01-01"),
    )
    assert (rows["YL01", "invest_completed"].kind, rows["YL01", "invest_completed"].source) == ("guaranteed", "above")
    assert (rows["YL01", "start_rate"].value, rows["YL01", "start_rate"].kind, rows["YL01", "start_rate"].source) == (
        Decimal("0.85"),
        "striving",
        "own",
    )
    assert rows["YL02", "signed_count"].value == 30
    assert desk.refused("targets", "unit,indicator,period,value\nYL01,invest_completed,2024,\nYL09,nothing,2024,1") == [
        ("D2", "cell.required"),
        ("A3", "cell.unknown_unit"),
        ("B3", "cell.unknown_indicator"),
    ]


def test_attributions_are_sets_that_stay_together(full):
    full.take(
        "attributions",
        "project,role,unit,share,valid_from\nP1,属地,YL01,1/3,2024-02-01\nP1,引进,YLD01,1,2024-02-01\nP1,属地,YL02,2/3,2024-02-01",
    )
    rows = {(row.role, row.unit): row for row in Attribution.objects.all()}
    host = rows["host", "YL01"]
    assert (host.share_num, host.share_den, host.mode, host.known_at) == (1, 3, "split", day("2024-02-01"))
    assert host.filing == rows["host", "YL02"].filing != rows["introducer", "YLD01"].filing
    assert host.fact == rows["host", "YL02"].fact


def test_attribution_sets_that_do_not_hold(full):
    table = """
    project,role,unit,share,mode,valid_from
    P1,属地,YL01,0.5,,2024-02-01
    P1,属地,YL02,0.4,,2024-02-01
    P1,引进,YL01,0.5,,2024-02-01
    P1,引进,YL02,0.5,全额,2024-02-01
    P1,牵头,YLD01,0.5,,2024-02-01
    P1,牵头,YLD01,0.5,,2024-02-01
    P2,属地,YL01,,,2024-02-01
    P2,引进,YL99,1,,2024-02-01
    """
    found = full.refused("attributions", table)
    assert ("D2", "row.shares_sum") in found and ("D3", "row.shares_sum") in found
    assert ("E4", "row.modes_mixed") in found and ("C6", "row.unit_twice") in found
    assert ("D8", "row.share_needed") in found and ("C9", "cell.unknown_unit") in found


def test_full_credit_needs_no_share(full):
    full.take(
        "attributions", "project,role,unit,mode,valid_from\nP1,属地,YL01,全额,2024-02-01\nP1,属地,YL02,全额,2024-02-01"
    )
    assert {(row.share_num, row.share_den, row.mode) for row in Attribution.objects.all()} == {(1, 1, "full")}


def test_enterprises(desk):
    answer = desk.take(
        "enterprises",
        "企业编号,企业名称,别名,统一社会信用代码\nE1,青石建材（演示）,青石；青石厂,91350100M000100Y43\nE2,青石新材（演示）,,91350100M000100Y43",
    )
    assert Enterprise.objects.get(code="E1").aliases == "青石;青石厂"
    assert [problem.code for problem in answer.problems(blocking=False)] == ["import.row.same_uscc"]
