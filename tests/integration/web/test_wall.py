"""The wall chart: which projects, what stands in which month, how the filter and the groups work, who sees which names and pictures."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction
from zipfile import ZipFile

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.ledger import actions as ledger
from luodi.ledger import evidence
from luodi.ledger.values import Act
from luodi.projects import actions as projects
from luodi.projects import facts, facts_workflow
from luodi.projects.values.drafts import DutyDraft, NodeDraft, PlanDraft
from luodi.web.models import Account
from luodi.web.views import wall_rows
from tests import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
TODAY = date(2025, 6, 2)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
WAN = Decimal(10_000)


@pytest.fixture
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1")
    city.project("P2")
    city.project("Q1", host="YL02", total_investment=Decimal(90_000 * WAN))
    city.project("S1", host="YL02", life=(("在谈", date(2024, 1, 10)),))
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)
    listed("P1", "Q1", "S1")


def listed(*codes: str, name: str = "市重点") -> None:
    rows = {"projects.ListEntry": [(code, name, date(2025, 1, 1), None) for code in codes]}
    ledger.record([Act(facts_workflow.LIST_CHANGED, "project:P1", rows)], actor=city.OPERATOR)


def client(person: str = "leader") -> Client:
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def codes(shown) -> list[str]:
    return [row.card.code for group in shown.context["groups"] for row in group.rows]


def row(shown, code: str) -> wall_rows.Row:
    return next(row for group in shown.context["groups"] for row in group.rows if row.card.code == code)


def plan_and_nodes() -> None:
    by = {"actor": city.actor("rep1", "YL01"), "today": TODAY}
    half = 6_000 * WAN
    projects.set_plans(
        [PlanDraft("P1", 2025, half * 2, start_on=date(2025, 2, 1), finish_on=date(2025, 10, 31), months={6: half, 7: half})], **by
    )  # fmt: skip
    nodes = (("桩基完成", 3), ("主体封顶", 5), ("设备进场", 9))
    projects.add_nodes("P1", [NodeDraft(name, date(2025, month, 20), position=n) for n, (name, month) in enumerate(nodes)], **by)  # fmt: skip
    first, *_ = client().get("/wall/sheets/P1/").context["page"].card.dossier.nodes
    projects.reach_node(first.row, on=date(2025, 4, 2), **by)


def test_key_projects_stand_by_county_the_largest_first():
    shown = client().get("/wall/")
    assert [group.label for group in shown.context["groups"]] == ["东川区", "西岭县"]
    assert codes(shown) == ["P1", "Q1", "S1"]
    assert codes(client().get("/wall/?scope=all")) == ["P1", "P2", "Q1", "S1"]


def test_planned_and_actual_nodes_stand_in_their_months():
    plan_and_nodes()
    found = row(client().get("/wall/?year=2025"), "P1")
    marks = {mark.name: (month.first.month, mark.state) for month in found.months for mark in month.marks}
    assert marks == {
        "桩基完成": (4, "reached"),
        "主体封顶": (5, "late"),
        "设备进场": (9, "planned"),
        "竣工": (10, "planned"),
    }
    assert [month.first.month for month in found.months if month.in_plan] == list(range(2, 11))
    assert [month.first.month for month in found.months if month.now] == [6]
    (piles,) = found.months[3].marks
    assert piles.days_late == 13
    page = client().get("/wall/?year=2025").content.decode()
    assert "逾期未完成</span> 主体封顶 5.20" in page
    assert "晚13天" in page


@pytest.mark.parametrize(("share", "bars"), [("1/3", "100 100 100 100 0"), ("3/8", "100 100 100 100 50"), ("2", "100 100 100 100 100")])  # fmt: skip
def test_the_bar_fills_the_months_that_the_done_share_of_the_plan_covers(share, bars):
    assert " ".join(wall_rows.filled(Fraction(share), n) for n in range(5)) == bars


def test_a_project_without_a_plan_has_no_bar():
    assert row(client().get("/wall/"), "Q1").share is None
    assert wall_rows.filled(None, 0) == "0"


@pytest.mark.parametrize(
    ("query", "expected"),
    [("unit=YL02", ["Q1", "S1"]), ("stage=开工", ["P1", "Q1"]), ("list=市重点", ["P1", "Q1", "S1"]), ("list=省重点", []), ("q=p1", ["P1"]), ("plan_class=continued", ["P1", "Q1"]), ("plan_class=nonsense", ["P1", "Q1", "S1"])],
)  # fmt: skip
def test_the_filter_stands_in_the_address(query, expected):
    assert codes(client().get(f"/wall/?{query}")) == expected


def test_rows_group_by_stage_and_chain():
    assert [group.label for group in client().get("/wall/?group=stage").context["groups"]] == ["在谈", "开工"]
    assert [group.label for group in client().get("/wall/?group=chain").context["groups"]] == [""]
    assert "未归入产业链" in client().get("/wall/?group=chain").content.decode()


def test_who_answers_is_named():
    projects.assign_duties([DutyDraft("P1", "sponsor", "leader", date(2025, 1, 5))], actor=city.actor("promo", "YLD01"), today=TODAY)  # fmt: skip
    found = row(client().get("/wall/"), "P1")
    assert (found.sponsor, found.secretary) == ("演示leader", "")
    assert "未定" in client().get("/wall/").content.decode()


def test_a_sibling_sees_no_row_of_what_is_not_signed():
    page = client("rep1").get("/wall/?scope=all").content.decode()
    assert "S1" not in page
    assert client("rep1").get("/wall/sheets/S1/").status_code == 404


def test_the_workbook_has_the_same_rows_and_prints_on_a3():
    plan_and_nodes()
    answer = client().get("/wall/?as=xlsx&year=2025")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.active
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert cells[1][:4] == ["项目编号", "项目名称", "属地", "阶段"]
    (p1,) = [line for line in cells if line[0] == "P1"]
    assert p1[11 + 3] == "●桩基完成 4.2 晚13天"
    assert p1[8] == 12_000


def test_a_county_takes_its_deck_in_one_click():
    browser = client("head1")
    assert [one.code for one in browser.get("/wall/").context["decks"]] == ["YL01"]
    answer = browser.post("/wall/deck/", {"unit": "YL01"})
    assert answer.status_code == 200
    names = ZipFile(io.BytesIO(answer.content)).namelist()
    assert [name for name in names if name.startswith("ppt/slides/slide")]
    assert browser.post("/wall/deck/", {"unit": "YL02"}).status_code == 403


def test_the_sheet_tells_money_limits_problems_and_people():
    plan_and_nodes()
    projects.raise_problem("P1", title="红线内两户未腾空", kind="land", owner="YL01", actor=city.actor("rep1", "YL01"), today=TODAY)  # fmt: skip
    shown = client().get("/wall/sheets/P1/")
    page = shown.content.decode()
    assert "红线内两户未腾空" in page
    assert "▲ 逾期未完成" in page
    money = shown.context["money"]
    assert money.planned == 12_000 * WAN
    assert [one.planned for one in money.months[5:8]] == [6_000 * WAN, 6_000 * WAN, 0]
    assert money.months[0].done_so_far is None  # not reported is not zero
    assert shown.context["picture"] is None


def test_the_picture_is_shown_to_those_who_may_open_it():
    digest = evidence.store(PNG, "image/png")
    claim = dict(zip(facts.STAGE_COLUMNS, city.event("P1", "竣工", date(2025, 5, 20), verified=False), strict=True))
    claim |= {"evidence": [digest], "claimed_by": "YL01", "verifier": "YLD02"}
    named = {"evidence_kinds": ["site_photo"]}
    rows = {"projects.StageEvent": [tuple({**claim, **named}[name] for name in facts.STAGE_COLUMNS)]}
    ledger.record([Act(facts.STAGE_RECORDED, "project:P1", rows=rows)], actor=city.actor("rep1", "YL01"))
    assert client("rep1").get("/wall/sheets/P1/").context["picture"].digest == digest
    assert client("centre").get("/wall/sheets/P1/").context["picture"].digest == digest
    assert client("leader").get("/wall/sheets/P1/").context["picture"] is None
    evidence.path_of(digest).unlink()
    assert client("rep1").get("/wall/sheets/P1/").context["picture"] is None


@pytest.mark.parametrize("path", ["/wall/?scope=all", "/wall/?scope=all&group=stage&all=1", "/wall/?scope=all&as=xlsx"])
def test_many_rows_cost_no_more_queries_than_few(path):
    browser = client()

    def count() -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    few = count()
    for n in range(12):
        city.project(f"M{n}", host=("YL01", "YL02")[n % 2])
    assert count() <= few


def test_it_speaks_english():
    browser = client()
    session = browser.session
    session["language"] = "en"
    session.save()
    for path in ("/wall/", "/wall/sheets/P1/"):
        page = browser.get(path).content.decode()
        assert "wall." not in page.replace("wall.css", "")
    assert "Wall chart 2025" in browser.get("/wall/").content.decode()
