"""Acts that round off a project's page: its record, year plan, reasons for lights, problems on their way, what is taken back; merging two records."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luodi.projects import actions as projects
from luodi.projects.queries import load
from luodi.projects.values.drafts import NodeDraft
from luodi.projects.values.rows import Settling, Status
from luodi.web.models import Account
from luodi.web.views.project_money import laid_out
from tests import city
from tests.integration.web.test_project_acts import address, client, done, said, send, shown, verified

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
TODAY, WAN = date(2025, 6, 2), Decimal(10_000)


@pytest.fixture
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1", life=(("在谈", date(2024, 1, 10)),))
    city.project("S1", host="YL02", life=(("在谈", date(2024, 1, 10)),))
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def filled(verb: str, person: str = "rep1", row=None) -> dict[str, str]:
    """Give a form as it comes, ready to be changed and sent."""
    return {one.name: one.value for one in shown(verb, person, row)["fields"] if one.kind != "files"}


# Record and plan ----------------------------------------------------------------------------------


def test_the_record_is_changed_from_a_day_on_and_keeps_the_rest():
    form = filled("revise")
    assert (form["name"], form["total_investment"]) == ("P1生产线项目", "50000")
    done("revise", **{**form, "total_investment": "62,500.5", "a:site": "东川镇", "valid_from": "2025-06-01"})
    dossier = load.dossier("P1")
    assert [one.total_investment for one in dossier.versions] == [50_000 * WAN, Decimal("625005000")]
    assert (dossier.version.attributes["site"], dossier.version.name) == ("东川镇", "P1生产线项目")


@pytest.mark.parametrize("typed", ["3841 锂离子电池制造", "锂离子电池制造", "C3841"])
def test_the_industry_is_chosen_by_code_or_name(typed):
    done("revise", **{**filled("revise"), "industry": typed})
    assert load.dossier("P1").version.industry == "3841"
    assert filled("revise")["industry"] == "3841 锂离子电池制造"


def test_an_industry_that_nobody_knows_is_said_and_one_that_stands_stays():
    before = load.dossier("P1").version.industry
    assert said(send("revise", **{**filled("revise"), "industry": "没有这个"})) == ["project.act_industry"]
    done("revise", **{**filled("revise"), "name": "改过名的项目"})
    assert load.dossier("P1").version.industry == before
    done("revise", **{**filled("revise"), "industry": ""})
    assert load.dossier("P1").version.industry == ""


def test_a_promised_day_is_asked_as_a_day_and_one_written_otherwise_is_not_lost():
    fields = {one.name: one.kind for one in shown("revise", "rep1")["fields"]}
    assert (fields["a:promised_start"], fields["a:site"]) == ("day", "text")
    city.project("P1", attributes={"promised_start": "2024年春"})
    assert {one.name: (one.kind, one.value) for one in shown("revise", "rep1")["fields"]}["a:promised_start"] == (
        "text",
        "2024年春",
    )


def test_what_is_no_amount_is_said_beside_its_field():
    assert said(send("revise", **{**filled("revise"), "total_investment": "很多"})) == ["project.act_amount"]
    assert said(send("plan", **{**filled("plan"), "invest": "Infinity"})) == ["project.act_amount"]


def test_a_year_plan_is_filed_and_its_months_add_up():
    wrong = send("plan", **{**filled("plan"), "invest": "12000", "m6": "5000", "m7": "6000"})
    assert said(wrong) == ["project.plan.does_not_add_up"]
    assert 'value="12000"' in wrong.content.decode()
    done("plan", **{**filled("plan"), "invest": "12000", "start_on": "2025-06-01", "m6": "5000", "m7": "7000"})
    plan = load.dossier("P1").plans[2025]
    assert (plan.invest, dict(plan.months), plan.start_on) == (12_000 * WAN, {6: 5_000 * WAN, 7: 7_000 * WAN}, date(2025, 6, 1))  # fmt: skip
    assert filled("plan")["m7"] == "7000"
    other = client().get(address("plan") + "?year=2026").context
    assert {one.name: one.value for one in other["fields"]}["invest"] == ""
    assert other["expected"] == 0


def test_two_who_plan_the_same_year_lose_neither():
    done("plan", **{**filled("plan"), "invest": "1000"})
    second = client().post(address("plan"), {"expected": "0", "year": "2025", "invest": "2000"})
    assert said(second) == ["project.changed"]
    assert "2000" in second.content.decode()


# Lights and problems ------------------------------------------------------------------------------


def test_a_reason_for_a_light_is_asked_and_approved():
    done(
        "excuse",
        light="late_start",
        valid_from="2025-06-01",
        valid_to="2025-08-01",
        reason_kind="weather",
        reason="洪水",
    )
    (asked,) = load.dossier("P1").excuses
    assert asked.status is Status.CLAIMED
    assert "审批正当理由" in client("centre").get("/projects/P1/").content.decode()
    assert "审批正当理由" not in client("rep1").get("/projects/P1/").content.decode()
    done("answer", "centre", row=asked.row, do="approve")
    assert load.dossier("P1").excuses[0].status is Status.VERIFIED
    done("excuse", light="silent", valid_from="2025-06-01", valid_to="2025-07-01", reason_kind="policy", reason="调整")
    second = load.dossier("P1").excuses[-1]
    assert said(send("answer", "centre", row=second.row, do="refuse"))
    done("answer", "centre", row=second.row, do="refuse", reason="没有文件")
    assert load.dossier("P1").excuses[-1].status is Status.SENT_BACK


def test_only_reasons_that_excuse_are_offered():
    kinds = next(one.choices for one in shown("excuse")["fields"] if one.name == "reason_kind")
    assert [value for value, _ in kinds] == ["weather", "policy"]


def test_a_problem_is_reported_on_and_its_day_moved_with_a_reason():
    done("problem", title="供电线路未接通", kind="utilities", owner="YL01", due_on="2025-06-20")
    (problem,) = load.dossier("P1").problems
    done("report", row=problem.row, words="方案已批")
    done("extend", row=problem.row, due_on="2025-07-10", owner="YL01", reason_kind="weather", reason="汛期")
    (moved,) = load.dossier("P1").problems
    assert (moved.due_on, moved.moves, moved.state) == (date(2025, 7, 10), 1, Settling.OPEN)


# Taken back ---------------------------------------------------------------------------------------


def test_a_node_is_dropped_a_list_left_a_verification_withdrawn():
    projects.add_nodes("P1", [NodeDraft("设备进场", date(2025, 9, 20))], actor=city.actor("rep1", "YL01"), today=TODAY)
    (node,) = load.dossier("P1").nodes
    done("drop", row=node.row, reason_kind="design", reason="不再需要")
    assert load.dossier("P1").nodes[0].dropped
    done("list", "centre", list="市重点", on="2025-06-02")
    done("off", "centre", list="市重点", on="2025-06-02")
    assert not [one for one in load.dossier("P1").lists if one.on(TODAY)]
    event = verified()
    assert "撤回核实" in client("promo").get("/projects/P1/").content.decode()
    assert "撤回核实" not in client("rep1").get("/projects/P1/").content.decode()
    done("withdraw", "promo", row=event.row, reason="材料有误")
    assert load.dossier("P1").events[-1].status is Status.CLAIMED


def test_every_act_on_the_project_is_one_click_from_its_page():
    page = client("centre").get("/projects/P1/").content.decode()
    for verb in ("note", "problem", "duty", "plan", "node", "list", "excuse", "revise"):
        assert reverse("project_act", args=[verb, "P1"]) in page
    assert reverse("project_merge", args=["P1"]) in page


# Money --------------------------------------------------------------------------------------------


def test_money_by_month_ends_with_the_last_month_reported():
    from luodi.codebook import queries as codebook
    from luodi.projects.values.rows import Plan

    year = codebook.profile().calendar.accounting_year.parse("2025")
    plan = Plan("P1", 2025, 300 * WAN, months={1: 100 * WAN, 2: 200 * WAN})
    found = laid_out(plan, {date(2025, 1, 1): 50 * WAN, date(2025, 3, 1): 100 * WAN}, year=year)
    assert [one.done_so_far for one in found.months[:4]] == [50 * WAN, 50 * WAN, 150 * WAN, None]
    assert (found.months[1].done, found.done, found.share) == (None, 150 * WAN, Decimal("0.5"))
    assert [one.planned_bar for one in found.months[:2]] == ["33.3", "100.0"]
    nothing = laid_out(None, {}, year=year)
    assert (nothing.done, nothing.share, nothing.months[0].done_so_far, nothing.months[0].planned) == (None,) * 4


# Merging ------------------------------------------------------------------------------------------


def twins() -> None:
    city.project("P2", investor="P1投资方", life=city.USUAL_LIFE[:2])
    city.project("P3", investor="别家", name="P3生产线项目")


def test_the_other_record_is_found_compared_and_merged():
    twins()
    browser = client("centre")
    found = browser.get("/project-merge/P1/")
    assert [(card.code, why) for card, why in found.context["found"]] == [("P2", "field.investor")]
    assert [card.code for card, _ in browser.get("/project-merge/P1/?q=P3").context["found"]] == ["P3"]
    compared = browser.get("/project-merge/P1/?with=P2")
    rows = {row["label"]: row["same"] for row in compared.context["rows"]}
    assert (rows["投资方"], rows["名称"], rows["阶段"]) == (True, False, False)
    preview = browser.post("/project-merge/P1/", {"with": "P2", "stays": "P2", "preview": "1"})
    assert (preview.context["stays"].code, preview.context["goes"].code) == ("P2", "P1")
    assert load.dossier("P1").merged_into == ""
    blank = browser.post("/project-merge/P1/", {"with": "P2", "stays": "P1", "reason": " "})
    assert said(blank) == ["project.reason.blank"]
    merged = browser.post("/project-merge/P1/", {"with": "P2", "stays": "P1", "reason": "同一项目重复建档"})
    assert merged.url == "/projects/P1/"
    assert load.dossier("P2").merged_into == "P1"
    assert "签约" in {one.stage for one in load.dossier("P1").events}
    assert "本档案已并入" in browser.get("/projects/P2/").content.decode()


def test_who_may_not_merge_is_not_let_in_and_the_veiled_is_not_there():
    assert client("rep1").get("/project-merge/P1/").status_code == 403
    assert client("centre").get("/project-merge/NONE/").status_code == 404
    assert client("centre").get("/project-merge/P1/?with=P1").context["other"] is None


def test_finding_the_other_costs_no_more_queries_for_many():
    browser = client("centre")

    def count() -> int:
        browser.get("/project-merge/P1/?q=M")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/project-merge/P1/?q=M")
        return len(queries)

    few = count()
    for n in range(10):
        city.project(f"M{n}")
    assert count() <= few


def test_pages_speak_english():
    twins()
    browser: Client = client("centre")
    session = browser.session
    session["language"] = "en"
    session.save()
    paths = ["/projects/P1/", "/project-merge/P1/", "/project-merge/P1/?with=P2"]
    paths += [address(verb) for verb in ("revise", "plan", "excuse", "off")]
    for path in paths:
        page = browser.get(path).content.decode()
        assert re.findall(r"\b(?:project|merge|wall|field)\.(?!css|js)[a-z_]+\b", page) == [], path
