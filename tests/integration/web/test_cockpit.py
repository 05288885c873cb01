"""The cockpit and the board: what was filed and sealed, what is due and stuck, for whom; and as many queries for many projects as for few."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.kernel.period import month
from luodi.ledger import queries as ledger
from luodi.projects import actions as projects
from luodi.projects.values.drafts import NodeDraft
from luodi.statistics.actions import closing, drafts, filing, targets
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
