"""The cockpit and the board: what was filed and sealed, what is due and stuck, for whom; and as many queries for many projects as for few."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.kernel.period import month
from luodi.ledger import evidence
from luodi.ledger import queries as ledger
from luodi.projects import actions as projects
from luodi.projects.queries import load
from luodi.projects.values.drafts import Decision, NodeDraft, StageClaim
from luodi.statistics.actions import closing, drafts, filing, judging, targets
from luodi.statistics.queries import filings
from luodi.statistics.values.reporting import TargetPart
from luodi.web.models import Account
from tests import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
TODAY, MAY = date(2025, 6, 2), month(2025, 5)
NOTE = {"progress": "主体封顶", "problems": "", "next": "", "coordinate": ""}
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000-0000000", "filled_on": "2025-06-02"}
WAN = Decimal(10_000)


@pytest.fixture
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1")
    city.project("Q1", host="YL02", life=(*city.USUAL_LIFE[:3], ("开工", date(2025, 5, 6))))
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person: str = "leader") -> Client:
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def set_targets(whole: int = 10_000) -> None:
    """Set the year's target: 6,000 万元 for YL01, the rest for YL02."""
    parts = [TargetPart("YL01", "2025", 6_000 * WAN), TargetPart("YL02", "2025", (whole - 6_000) * WAN)]
    targets.break_down(
        profile=codebook.profile(), unit="YL", indicator="invest_completed", period=year(), whole=whole * WAN,
        parts=parts, kind="guaranteed", source="above", reason="", actor=city.actor("centre"), today=TODAY,
    )  # fmt: skip


def year():
    return codebook.profile().calendar.accounting_year.parse("2025")


def file_may(unit: str, cell: str, hands: tuple[str, str, str]) -> None:
    """File a unit's investment of May through its three hands."""
    given = {"profile": codebook.profile(), "form": "YL-T1", "period": MAY, "unit": unit, "today": TODAY}
    typed = drafts.Typed({cell.split("=")[0]: cell.split("=")[1]}, {cell.split("|")[0]: NOTE}, NAMES, "d" * 64)
    drafts.save_draft(**given, typed=typed, seen=None, person=hands[0], at=city.at(TODAY))
    drafts.take_hand(**given, step="check", person=hands[1], at=city.at(TODAY))
    drafts.take_hand(**given, step="sign", person=hands[2], at=city.at(TODAY))
    filing.submit(**given, actor=city.actor(hands[2], unit))


def file_first() -> None:
    file_may("YL01", "P1|invest_completed=1500", ("rep1", "chk1", "sig1"))


def seal_may() -> None:
    closing.seal_period(period=MAY, profile=codebook.profile(), actor=city.actor("centre"), today=TODAY)


def headline(shown, indicator="invest_completed"):
    return next(one for one in shown.context["headlines"] if one.indicator.id == indicator)


def test_a_leader_sees_the_month_being_reported_against_target_and_time():
    set_targets()
    file_first()
    shown = client().get("/cockpit/")
    one = headline(shown)
    assert (shown.context["large"].level, one.large.value, one.large.rate) == ("filed", 15_000_000, Decimal("0.15"))
    assert round(float(one.large.gap), 1) == round(15 - 500 / 12, 1)
    page = shown.content.decode()
    assert "已上报" in page
    assert "慢于序时 26.7 个百分点" in page
    assert [tile["unit"] for tile in shown.context["tiles"]] == ["YL01", "YL02", "YLP1"]
    assert "/indicators/invest_completed/rows/?period=2025-05&amp;span=ytd&amp;basis=filed&amp;unit=YL" in page.replace(
        "&span", "&amp;span"
    ).replace("&basis", "&amp;basis")


def test_the_sealed_month_stands_large_and_the_month_being_reported_beside_it():
    seal_may()
    city.stand(date(2025, 7, 2))
    shown = client().get("/cockpit/")
    assert (shown.context["large"].level, shown.context["large"].period.label) == ("sealed", "2025-05")
    assert (shown.context["beside"].level, shown.context["beside"].period.label) == ("filed", "2025-06")
    assert headline(shown, "started_count").large.value == 1


def test_it_tells_who_started_what_is_due_and_what_is_stuck_on_whose_desk():
    projects.add_nodes(
        "P1",
        [NodeDraft("设备进场", date(2025, 6, 20), owner="YL01", position=1)],
        actor=city.actor("rep1", "YL01"),
        today=TODAY,
    )
    city.project("P9", life=())
    from luodi.ledger import actions as writer
    from luodi.ledger.values import Act
    from luodi.projects import facts

    claim = city.event("P9", "签约", date(2025, 5, 20), verified=False)
    writer.record([Act(facts.STAGE_RECORDED, "project:P9", rows={"projects.StageEvent": [claim]})], actor=city.OPERATOR)
    shown = client().get("/cockpit/")
    assert [line.card.code for line in shown.context["starts"]] == ["Q1"]
    assert [line.card.code for line in shown.context["soon"]] == ["P1"]
    assert [(desk.unit, desk.claims) for desk in shown.context["desks"]] == [("YLD01", 1)]
    rows = client().get("/cockpit/stuck/?desk=YLD01").content.decode()
    assert "P9生产线项目" in rows
    assert "13 天" in rows


def test_a_county_sees_its_own_part_and_no_other():
    shown = client("head1").get("/cockpit/")
    assert shown.context["unit"] == "YL01"
    assert client("head1").get("/cockpit/?unit=YL02").status_code == 403
    assert client("head1").get("/cockpit/?unit=nowhere").status_code == 403


def test_the_wall_screen_refreshes_itself_and_says_what_it_shows():
    page = client().get("/cockpit/wall/").content.decode()
    assert 'hx-trigger="every 60s"' in page
    assert "数据截至" in page
    assert "演示数据" in page


def test_the_cockpit_speaks_english():
    browser = client()
    session = browser.session
    session["language"] = "en"
    session.save()
    page = browser.get("/cockpit/").content.decode()
    assert "Units compared" in page
    assert "cockpit." not in page.replace("cockpit.css", "").replace("cockpit.js", "")


def test_the_board_shows_each_stage_the_longest_first():
    city.project("P2", life=(*city.USUAL_LIFE[:3], ("开工", date(2025, 1, 10))))
    shown = client().get("/pipeline/")
    column = next(one for one in shown.context["columns"] if one.stage == "开工")
    assert (column.count, column.amount) == (3, 150_000 * WAN)
    assert [(line.card.code, days) for line, days in column.cards] == [("P1", 265), ("P2", 143), ("Q1", 27)]
    filtered = client().get("/pipeline/?unit=YL02").context["columns"]
    assert sum(one.count for one in filtered) == 1
    assert client().get("/pipeline/?as=xlsx")["Content-Type"].endswith("sheet")


@pytest.mark.parametrize("path", ["/cockpit/", "/cockpit/wall/", "/cockpit/stuck/", "/pipeline/"])
def test_many_projects_cost_no_more_queries_than_few(path):
    browser = client()

    def count() -> int:
        browser.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    few = count()
    for n in range(12):
        city.project(f"M{n}", host=("YL01", "YL02")[n % 2])
    assert count() <= few
    assert ledger.last_fact() > 12


def test_every_number_opens_its_rows():
    shown = client().get("/cockpit/")
    page = shown.content.decode()
    for address in (
        "/projects/?reached=%E5%BC%80%E5%B7%A5&amp;unit=YL",
        "/projects/?narrow=due_soon&amp;unit=YL",
        "/projects/?narrow=started_since&amp;since=2025-05-01&amp;unit=YL",
        "/projects/?narrow=to_work&amp;unit=YL",
        "/projects/?narrow=at_work&amp;unit=YL",
    ):
        assert address in page
    reached = next(step.reached for step in shown.context["funnel"] if step.stage == "开工")
    assert client().get("/projects/?reached=开工&unit=YL").context["total"] == reached == 2
    assert client().get("/projects/?narrow=started_since&since=2025-05-01&unit=YL").context["total"] == 1
    assert shown.context["working_rate"] == 1


def test_who_may_not_see_rows_still_opens_the_indicator():
    page = client("sig1").get("/cockpit/").content.decode()
    assert "/indicators/explore/?indicator=invest_completed" in page


def test_units_stand_on_the_profiles_map_with_its_review_number(tmp_path, settings):
    squares = [
        {"properties": {"unit": unit}, "geometry": {"type": "Polygon", "coordinates": [[[x, 30], [x + 1, 30], [x + 1, 31], [x, 30]]]}}
        for x, unit in enumerate(("YL01", "YL02", "YLP1"), 110)
    ]  # fmt: skip
    profile = shutil.copytree(settings.PROFILE, tmp_path / "profile")
    settings.PROFILE = profile
    file = profile / "map.geojson"
    file.write_text(json.dumps({"review_number": "示审001", "features": squares}), "utf-8")
    page = client().get("/cockpit/").content.decode()
    assert page.count('<path class="area') == 3
    assert "审图号：示审001" in page
    file.write_text(json.dumps({"review_number": "示审001", "features": squares[:2]}), "utf-8")
    assert client().get("/cockpit/").context["map"] is None  # a unit without an area would be missing from the map


def test_rows_behind_a_value_say_who_accepted_them_and_what_proves_them():
    digest = evidence.store(b"\x89PNG\r\n\x1a\n" + b"0" * 40, "image/png")
    city.project("P5", life=city.USUAL_LIFE[:1])
    projects.claim_stages(
        [StageClaim("P5", "签约", date(2025, 5, 20), {"contract": (digest,)})], actor=city.actor("rep1", "YL01"), today=TODAY
    )  # fmt: skip
    rows = "/indicators/signed_count/rows/?period=2025-05&unit=YL01&basis=filed"
    assert "尚未审完" in client().get(rows).content.decode()
    event = load.dossier("P5").events[-1]
    projects.verify_stages([Decision(event.row)], actor=city.actor("promo", "YLD01"), today=TODAY)
    page = client().get(rows).content.decode()
    assert "已核实 · 合同（协议）文本 ×1 · 审核 部门01 演示promo · 2025年6月2日" in page
    file_first()
    money = "/indicators/invest_completed/rows/?period=2025-05&unit=YL01&basis=filed"
    assert "已审核" not in client().get(money).content.decode()
    (sent,) = filings.filings(periods=["2025-05"])
    for unit, person in (("YLD02", "centre"), ("YLD03", "reform")):
        (waiting,) = filings.filings(ids=[sent.id])
        if waiting.next_step is not None and waiting.steps[waiting.next_step] == unit:
            judging.accept_several(submissions=[sent.id], unit=unit, actor=city.actor(person, unit), today=TODAY)
    assert not filings.filings(ids=[sent.id])[0].next_step
    assert "审核 部门" in client().get(money).content.decode()


@pytest.mark.parametrize("indicator", ["signed_count", "invest_completed"])
def test_many_rows_cost_no_more_queries_than_few(indicator):
    browser, path = client(), f"/indicators/{indicator}/rows/?period=2025-05&unit=YL&basis=filed&span=since"

    def count() -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    few = count()
    for n in range(8):
        city.project(f"M{n}")
    assert count() <= few
