"""The indicator explorer: what is asked stands in the address, numbers of chart, table, text and workbook are the same, rows are one click away."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.kernel.period import month
from luodi.projects import actions as projects
from luodi.statistics.actions import closing
from luodi.web.models import Account, SavedView
from tests import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
TODAY = date(2025, 6, 2)
PATH = "/indicators/explore/"


@pytest.fixture
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    for n in range(3):
        city.project(f"P{n}", life=(*city.USUAL_LIFE[:1], ("签约", date(2025, 2 + n, 10))))
    city.project("Q1", host="YL02", life=(*city.USUAL_LIFE[:1], ("签约", date(2025, 3, 10))))
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person: str = "leader") -> Client:
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def values(shown) -> dict[str, object]:
    return {line.unit: line.value for line in shown.context["lines"]}


def test_units_are_compared_and_chart_text_and_table_say_the_same():
    shown = client().get(f"{PATH}?indicator=signed_count&period=2025-05")
    assert values(shown) == {"YL": 4, "YL01": 3, "YL02": 1, "YLP1": 0}
    chart = shown.context["chart"]
    assert (chart["kind"], chart["labels"]) == ("bar", ["东川区", "西岭县", "高新区"])
    assert chart["series"][0]["values"] == [3.0, 1.0, 0.0]
    assert "东川区\t3.00" in shown.context["text"]
    assert "不作为法定统计数据" in shown.context["text"]
    page = shown.content.decode()
    assert 'type="application/json"' in page
    assert "vendor/echarts" in page
    assert "<script src" not in page.split("vendor/echarts")[0].rsplit("data-engine", 1)[-1]  # fetched when seen


def test_the_line_goes_back_over_a_year_and_stops_where_the_unit_began():
    shown = client().get(f"{PATH}?indicator=signed_count&period=2025-05&view=periods&span=period")
    spots = {spot.period.label: spot.value for spot in shown.context["spots"]}
    assert (min(spots), max(spots), len(spots)) == ("2024-05", "2025-05", 13)
    assert (spots["2025-03"], spots["2025-04"], spots["2025-05"]) == (2, 1, 0)
    assert shown.context["chart"]["kind"] == "line"


def test_a_table_alone_loads_no_chart():
    shown = client().get(f"{PATH}?indicator=signed_count&view=table")
    assert shown.context["chart"] is None
    assert "data-chart=" not in shown.content.decode()


def test_published_and_revised_stand_side_by_side():
    closing.seal_period(period=month(2025, 5), profile=codebook.profile(), actor=city.actor("centre"), today=TODAY)
    city.stand(date(2025, 7, 2))
    projects.void_stage(stage_row("P0"), reason="重复申报", actor=city.OPERATOR, today=date(2025, 7, 2))
    shown = client().get(f"{PATH}?indicator=signed_count&period=2025-05")
    (line,) = [line for line in shown.context["lines"] if line.unit == "YL01"]
    assert (line.value, line.published, line.revised) == (2, 3, True)
    assert "封账后有修订" in shown.content.decode()
    published = client().get(f"{PATH}?indicator=signed_count&period=2025-05&edition=published")
    assert values(published)["YL01"] == 3
    assert published.context["level"] == "sealed"


def test_a_day_asked_for_shows_what_was_known_then():
    city.stand(date(2025, 7, 2))
    projects.void_stage(stage_row("P0"), reason="重复申报", actor=city.OPERATOR, today=date(2025, 7, 2))
    asked = f"{PATH}?indicator=signed_count&period=2025-05"
    assert values(client().get(asked))["YL01"] == 2
    shown = client().get(f"{asked}&as_of=2025-06-30")
    assert values(shown)["YL01"] == 3
    assert "按2025-06-30所知" in shown.context["text"]
    assert "as_of=2025-06-30" in shown.content.decode()
    assert values(client().get(f"{asked}&as_of=2099-01-01"))["YL01"] == 2


def stage_row(code: str) -> int:
    from luodi.projects.queries import load

    return next(one.row for one in load.dossier(code).events if one.stage == "签约")


def test_the_permanent_link_asks_the_very_same():
    shown = client().get(f"{PATH}?indicator=signed_count&period=2025-05&unit=YL01")
    link = urlsplit(shown.context["link"])
    asked = parse_qs(link.query)
    assert asked["period"] == ["2025-05"]
    assert asked["basis"] == ["verified"]
    assert values(client().get(f"{link.path}?{link.query}")) == values(shown)


def test_the_definition_stands_beside_in_both_languages():
    page = client().get(f"{PATH}?indicator=signed_count").content.decode()
    assert "指标定义" in page
    assert "首次“签约”" in page
    browser = client()
    session = browser.session
    session["language"] = "en"
    session.save()
    for view in ("units", "periods", "table"):
        english = browser.get(f"{PATH}?indicator=signed_count&view={view}").content.decode()
        assert "Definition" in english
        assert "explorer." not in english.replace("explorer.css", "").replace("explorer.js", "")


def test_rows_and_the_workbook():
    shown = client().get(f"{PATH}?indicator=signed_count&period=2025-05")
    assert "/indicators/signed_count/rows/?period=2025-05" in shown.content.decode()
    assert client().get("/indicators/signed_count/rows/?period=2025-05&unit=YL01").status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(client().get(f"{PATH}?indicator=signed_count&period=2025-05&as=xlsx").content)).active  # fmt: skip
    assert [cell.value for cell in sheet[2]][:2] == ["云岭市", 4]
    line = openpyxl.load_workbook(io.BytesIO(client().get(f"{PATH}?indicator=signed_count&period=2025-05&view=periods&as=xlsx").content)).active  # fmt: skip
    assert line.max_row >= 13


def test_nonsense_in_the_address_asks_the_usual():
    shown = client().get(f"{PATH}?indicator=nothing&view=nothing&growth=nothing&period=2025-99&as_of=soon")
    assert shown.status_code == 200
    assert (shown.context["view"], shown.context["growth"], shown.context["as_of"]) == ("units", "revised", None)
    assert client().get(f"{PATH}?unit=nowhere").status_code == 404


def test_money_is_shown_in_the_readers_unit():
    shown = client().get(f"{PATH}?indicator=signed_amount&period=2025-05")
    assert shown.context["chart"]["series"][0]["values"][0] == float(Decimal(150_000))
    assert shown.context["chart"]["unit"] == "万元"


@pytest.mark.parametrize("view", ["units", "periods", "table"])
def test_many_projects_cost_no_more_queries_than_few(view):
    browser = client()

    def count() -> int:
        browser.get(f"{PATH}?view={view}")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"{PATH}?view={view}").status_code == 200
        return len(queries)

    few = count()
    for n in range(8):
        city.project(f"M{n}")
    assert count() <= few


# Views kept under a name --------------------------------------------------------------------------


def test_a_view_is_kept_opened_handed_on_and_dropped():
    mine = client()
    query = "indicator=signed_count&view=table&page=3"
    answer = mine.post("/views/", {"page": "explorer", "name": "签约数", "query": query})
    assert answer.url == "/indicators/explore/?indicator=signed_count&view=table"
    (kept,) = SavedView.objects.all()
    assert "签约数" in mine.get(PATH).content.decode()
    assert "签约数" not in client("head1").get(PATH).content.decode()
    assert client("head1").get(f"/views/{kept.key}/").url == answer.url
    client("head1").post("/views/", {"page": "explorer", "query": "", "drop": kept.key})
    assert SavedView.objects.count() == 1  # another's view is not theirs to drop
    mine.post("/views/", {"page": "explorer", "name": "签约数", "query": "indicator=landed_count"})
    assert SavedView.objects.get().query == "indicator=landed_count"
    mine.post("/views/", {"page": "explorer", "query": "", "drop": SavedView.objects.get().key})
    assert SavedView.objects.count() == 0


def test_a_view_without_a_name_is_not_kept():
    browser = client()
    assert (
        "没有存下" in browser.post("/views/", {"page": "wall", "name": " ", "query": ""}, follow=True).content.decode()
    )
    assert browser.post("/views/", {"page": "https://elsewhere", "name": "x"}).status_code == 404
    for n in range(30):
        browser.post("/views/", {"page": "wall", "name": f"v{n}", "query": ""})
    assert "最多存 30 个" in browser.post("/views/", {"page": "wall", "name": "one more"}, follow=True).content.decode()
    assert SavedView.objects.count() == 30


@pytest.mark.parametrize("typed", ["2025-05", "2025年5月", "202505", "5月", "May 2025"])
def test_a_period_may_be_typed_as_people_write_it(typed):
    shown = client().get(PATH, {"indicator": "signed_count", "period": typed, "view": "periods"})
    assert shown.context["period"].label == "2025-05"
    assert shown.context["chart"]["labels"][-1] == "2025年5月"
    assert 'value="2025年5月" list="periods"' in shown.content.decode()
