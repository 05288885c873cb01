"""Rankings and targets: the official order, who has not filed, why; parts that add up or say why not."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from luodi.codebook import queries as codebook
from luodi.ledger.models import Fact
from luodi.statistics.models import Breakdown, Target
from luodi.web.views.ranking import Place
from tests import city
from tests.integration.web.test_cockpit import (  # noqa: F401 (the fixture)
    a_city,
    client,
    file_first,
    file_may,
    seal_may,
    set_targets,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
FORM = "/targets/break-down/?indicator=invest_completed&year=2025"


def places(query=""):
    return client().get(f"/ranking/{query}").context["places"]


def test_those_that_have_not_filed_come_last_without_a_rank():
    set_targets()
    file_first()
    found = places()
    assert [(one.unit, one.rank, one.filed) for one in found] == [
        ("YL01", 1, True),
        ("YL02", None, False),
        ("YLP1", None, False),
    ]
    assert found[0].reason == "完成投资0.15亿元，占年计划25.0%，慢于序时16.7个百分点"


def test_amounts_are_said_in_billions_in_english():
    from fractions import Fraction

    from luodi.web.views import ranking_words

    profile = codebook.profile()
    done = profile.indicator("invest_completed")
    values = {done.id: Fraction(2_566_000_000)}
    said = {language: ranking_words.reason(profile, done, values, {}, language) for language in ("zh", "en")}
    assert said == {"zh": "完成投资25.66亿元", "en": "investment completed 2.566 billion yuan"}


def test_the_better_rate_stands_first_and_the_text_says_so():
    set_targets()
    file_first()
    file_may("YL02", "Q1|invest_completed=2000", ("rep2", "chk2", "sig2"))
    shown = client().get("/ranking/")
    assert [(one.unit, one.rank, one.printed) for one in shown.context["places"]][:2] == [
        ("YL02", 1, "50.0"),
        ("YL01", 2, "25.0"),
    ]
    lines = shown.context["text"].split("\n")
    assert lines[0] == "【全部县区园区】2025年5月完成投资目标完成率排名（已上报）"
    assert lines[1] == "1. 西岭县：完成投资0.20亿元，占年计划50.0%，快于序时8.3个百分点"
    sheet = load_workbook(io.BytesIO(client().get("/ranking/?as=xlsx").content)).active
    assert [cell.value for cell in sheet[2]][:3] == [1, "西岭县", 50]


def test_moves_are_counted_from_the_month_before():
    assert [
        Place("u", "u", rank, before, None, "", "", True).moved
        for rank, before in ((1, 3), (3, 1), (2, 2), (None, 1), (1, None))
    ] == [2, -2, 0, None, None]
    page = client().get("/ranking/?indicator=started_count").content.decode()
    assert "西岭县" in page
    assert "较上期↑1位" in page  # one start in May, none in April


def test_a_group_and_a_sealed_period_are_asked_for_in_the_address():
    seal_may()
    shown = client().get("/ranking/?indicator=started_count&group=G2&period=2025-05")
    assert (shown.context["question"].level, [one.unit for one in shown.context["places"]]) == ("sealed", ["YL02"])
    assert client().get("/ranking/?group=G4").context["question"].role == "introducer"
    assert client().get("/ranking/?indicator=nothing").status_code == 404


def test_targets_stand_beside_what_is_done_and_who_set_them():
    set_targets()
    file_first()
    shown = client("centre").get("/targets/")
    rows = {row.unit: row for row, _ in shown.context["rows"]}
    assert (rows["YL01"].target.value, rows["YL01"].rate, rows["YL01"].who) == (
        60_000_000,
        Decimal("0.25"),
        "演示centre",
    )
    assert rows["YLP1"].target is None
    assert "分解任务" in shown.content.decode()
    assert "分解任务" not in client("head1").get("/targets/").content.decode().split("<main")[1].replace(
        "<h1>任务分解</h1>", ""
    )
    assert client("centre").get("/targets/?as=xlsx").status_code == 200


def test_a_target_is_broken_down_over_units_and_over_months():
    page = client("centre")
    typed = {"typing_unit": "万元", "whole": "1,000", "part-YL01": "600", "part-YL02": "400", "part-YLP1": ""}
    assert page.post(FORM, typed).status_code == 302
    assert {(one.unit, one.value) for one in Target.objects.all()} == {
        ("YL", 10_000_000),
        ("YL01", 6_000_000),
        ("YL02", 4_000_000),
    }
    months = {f"part-2025-{n:02}": "50" for n in range(1, 13)}
    assert (
        page.post(f"{FORM}&unit=YL01&over=months", {"typing_unit": "万元", "whole": "600", **months}).status_code == 302
    )
    again = page.get(f"{FORM}&unit=YL01&over=months").context
    assert (again["whole"], {part["value"] for part in again["parts"]}) == ("600", {"50"})


def test_parts_that_do_not_add_up_are_refused_unless_it_is_said_why():
    page, before = client("centre"), Fact.objects.count()
    typed = {"typing_unit": "万元", "whole": "1000", "part-YL01": "600", "part-YL02": "500"}
    refused = page.post(FORM, typed)
    assert refused.status_code == 422
    assert "分解数与总目标相差 -100万元" in refused.content.decode()
    assert 'value="500"' in refused.content.decode()
    assert "不是数" in page.post(FORM, {**typed, "part-YL02": "五百"}).content.decode()
    assert "不是数" in page.post(FORM, {**typed, "whole": ""}).content.decode()
    assert Fact.objects.count() == before
    assert page.post(FORM, {**typed, "reason": "逐级加码"}).status_code == 302
    assert Breakdown.objects.get().reason == "逐级加码"


def test_only_those_who_set_targets_break_them_down():
    assert client("head1").get(FORM).status_code == 403
    assert client("head1").post(FORM, {"whole": "1"}).status_code == 403


@pytest.mark.parametrize("path", ["/ranking/", "/targets/", FORM])
def test_many_rows_cost_no_more_queries_than_few(path):
    set_targets()
    browser = client("centre")

    def count() -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    few = count()
    for n in range(10):
        city.project(f"M{n}", life=(*city.USUAL_LIFE[:3], ("开工", date(2025, 5, 1 + n))))
    for _ in range(3):
        set_targets()
    assert count() <= few


def test_other_indicators_stand_beside_each_in_its_own_order():
    set_targets()
    file_first()
    shown = client().get("/ranking/?also=started_count&also=under_construction_count&also=started_count&also=nonsense")
    assert shown.context["asked_also"] == ["started_count", "under_construction_count"]
    cells = {place.unit: found for place, found in shown.context["rows"]}
    assert [printed for printed, _ in cells["YL02"]] == ["1", "1"]
    assert cells["YL02"][0][1] == 1  # by its own order, though not ranked by the first indicator
    assert "新开工项目数" in shown.content.decode()
    sheet = load_workbook(io.BytesIO(client().get("/ranking/?as=xlsx&also=started_count").content)).active
    assert [cell.value for cell in sheet[1]][-2:] == ["新开工项目数（个）", "新开工项目数名次"]
    many = client().get("/ranking/?also=started_count&also=signed_count&also=landed_count&also=produced_count")
    assert len(many.context["asked_also"]) == 3
