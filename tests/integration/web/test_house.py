"""The city's rules as pages, units over time, system health, and the log that only the security auditor reads."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luodi.identity import queries as identity
from luodi.identity.models import AccessLog
from luodi.ledger import upkeep
from luodi.web.views.profile_pages import SECTIONS
from tests import city
from tests.integration.web.test_cockpit import a_city, client, seal_may  # noqa: F401 (the fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("section", SECTIONS)
def test_every_part_of_the_rules_is_a_page_in_both_languages(section, language):
    browser = client("rep1")
    session = browser.session
    session["language"] = language
    session.save()
    page = browser.get(f"/profile/{section}/").content.decode()
    assert "<tbody><tr>" in page
    assert not [word for word in ("house.", "field.", "severity.") if word in page.replace("house.css", "")]


def test_anyone_reads_what_a_figure_means():
    page = client("sysadmin").get("/profile/indicators/").content.decode()
    assert "各类的项目填报的“完成投资”合计。按属地口径。" in page
    assert client("rep1").get("/profile/nothing/").status_code == 404
    assert client("rep1").get("/profile/").status_code == 200


def test_a_figure_s_meaning_is_read_in_english():
    browser = client("sysadmin")
    session = browser.session
    session["language"] = "en"
    session.save()
    page = browser.get("/profile/indicators/").content.decode()
    assert (
        "Number of projects of kind attracted investment, first &#x27;signed&#x27; in the span. Credited to the host."
        in page
    )


def test_units_are_shown_as_of_a_day():
    shown = client("leader").get("/units/")
    assert [(row["unit"].code, row["depth"]) for row in shown.context["rows"]][:3] == [
        ("YL", 0),
        ("YL01", 1),
        ("YL0101", 2),
    ]
    assert "高新区" in shown.content.decode()
    assert client("leader").get("/units/?on=2019-12-31").context["rows"] == []
    assert client("leader").get("/units/?as=xlsx").status_code == 200


def test_health_counts_facts_and_names_the_last_seal():
    seal_may()
    shown = client("sysadmin").get("/health/")
    assert shown.context["seals"][0].period == "2025-05"
    assert "luodi verify" in shown.content.decode()
    assert client("rep1").get("/health/").status_code == 403


def test_the_log_shows_who_opened_what_to_the_security_auditor_alone():
    AccessLog.objects.create(
        at=city.at(city.NOW.date()), person="rep1", act="evidence.opened", subject="d" * 64, allowed=False
    )
    AccessLog.objects.create(
        at=city.at(city.NOW.date()), person="audit", act="evidence.opened", subject="e" * 64, allowed=True
    )
    shown = client("auditadmin").get("/audit/")
    assert shown.context["total"] == 2
    assert "演示rep1" in shown.content.decode()
    assert client("auditadmin").get("/audit/?refused=1").context["total"] == 1
    assert client("auditadmin").get("/audit/?until=2025-05-01").context["total"] == 0
    assert client("auditadmin").get("/audit/?as=xlsx").status_code == 200
    for person in ("leader", "sysadmin", "secadmin", "audit"):
        assert client(person).get("/audit/").status_code == 403


def log(person, act, *, subject="", allowed=True, n=0):
    at = city.at(city.NOW.date()) + n
    AccessLog.objects.create(at=at, person=person, act=act, subject=subject, allowed=allowed)


def lines(query):
    return [(one.person, one.act) for one, _, _ in client("auditadmin").get(f"/audit/?{query}").context["lines"]]


def test_the_log_is_asked_by_what_was_done_and_by_whom():
    log("rep1", "contact.seen", subject="person:rep2")
    log("rep2", "evidence.opened", subject="d" * 64, n=1)
    log("secadmin", "password.reset", subject="person:rep1", n=2)
    assert lines("what=personal") == [("rep1", "contact.seen")]
    assert lines("what=accounts") == [("secadmin", "password.reset")]
    assert lines("who=rep2") == [("rep2", "evidence.opened")]
    assert lines("who=演示rep1") == [("rep1", "contact.seen")]
    assert lines("who=nobody") == []
    assert "演示rep2" in client("auditadmin").get("/audit/?what=personal").content.decode()


def test_sign_ins_are_shown_of_one_named_person_only_and_never_counted():
    log("rep1", "signed_in")
    log("rep2", "signed_in", n=1)
    assert lines("") == []
    shown = client("auditadmin").get("/audit/?what=signing")
    assert "lines" not in shown.context
    assert "请先指定一个人" in shown.content.decode()
    named = client("auditadmin").get("/audit/?what=signing&who=rep1")
    assert {one.person for one, _, _ in named.context["lines"]} == {"rep1"}
    assert named.context["total"] is None


def test_an_export_of_the_log_is_in_the_log():
    log("rep1", "contact.seen")
    client("auditadmin").get("/audit/?as=xlsx")
    assert lines("what=exports") == [("auditadmin", "audit.exported")]


def test_the_auditor_reads_what_administrators_did():
    shown = client("auditadmin").get("/audit/?what=acts&since=2020-01-01")
    acts = {one.act for one, _, _ in shown.context["lines"]}
    assert "identity.post.given" in acts
    assert "任职" in shown.content.decode()


# Health -----------------------------------------------------------------------------------------------------------


def test_health_says_what_needs_somebody():
    codes = [one.code for one in client("sysadmin").get("/health/").context["warnings"]]
    assert codes == ["house.health.no_backup", "house.health.never_verified"]


def test_a_mistake_in_the_profile_stops_nobody_and_is_named(tmp_path, settings):
    settings.PROFILE = shutil.copytree(settings.PROFILE, tmp_path / "rules")
    browser = client("sysadmin")
    assert not browser.get("/health/").context["mistakes"]
    wrong = tmp_path / "rules" / "99-wrong.yaml"
    wrong.write_text("colours: [red]\n", "utf-8")
    shown = browser.get("/health/")
    assert [(one.file, one.line) for one in shown.context["mistakes"]] == [(str(wrong), 1)]
    assert "99-wrong.yaml:1" in shown.content.decode()
    assert client("rep1").get("/").status_code == 200


def test_a_verification_and_a_backup_are_done_when_asked(tmp_path):
    browser = client("sysadmin")
    browser.post("/health/", {"act": "verified"})
    assert "正在后台进行" in browser.get("/health/").content.decode()
    assert upkeep.work_off() == 1
    assert upkeep.work_off() == 0
    shown = browser.get("/health/")
    assert (shown.context["verified"]["problems"], shown.context["running"]) == (0, [])
    assert "house.health.never_verified" not in [one.code for one in shown.context["warnings"]]


def test_who_may_not_keep_the_store_makes_no_backup():
    assert client("auditadmin").post("/health/", {"act": "backed_up"}).status_code == 403
    assert client("auditadmin").post("/health/", {"act": "verified"}).status_code == 302
    assert upkeep.waiting() == ["verified"]


# Reorganising units -----------------------------------------------------------------------------------------------


def plan(**typed):
    return client("sysadmin").post("/units/change/", {"day": "2025-07-01", "step": "preview", **typed})


def test_a_merger_is_shown_with_its_consequences_and_then_recorded():
    typed = {"change": "merge", "unit": ["YL01", "YL02"], "code-0": "YL09", "name-0": "东西区", "group-0": "G1"}
    shown = plan(**typed).context["preview"]
    assert [(one["row"].code, one["what"]) for one in shown["rows"]] == [
        ("YL09", "new"), ("YL01", "ends"), ("YL02", "ends"), ("YL0101", "changes"),
    ]  # fmt: skip
    assert ("东川区", 4, "东西区") in shown["people"]
    assert any(name == "东川区" and count > 0 and heir == "东西区" for name, count, heir in shown["projects"])
    assert not identity.tree(on=date(2025, 7, 1)).exists("YL09")
    assert plan(**{**typed, "step": "do", "mark": "another"}).status_code in (409, 422)
    assert plan(**{**typed, "step": "do", "mark": shown["mark"]}).url == "/units/?on=2025-07-01"
    assert identity.tree(on=date(2025, 7, 1)).successor("YL01") == "YL09"
    assert identity.tree(on=date(2025, 6, 30)).exists("YL01")


def test_another_name_holds_from_its_day():
    typed = {"change": "rename", "unit": "YL02", "name-0": "西岭区"}
    mark = plan(**typed).context["preview"]["mark"]
    plan(**{**typed, "step": "do", "mark": mark})
    assert (identity.tree(on=date(2025, 7, 1)).name("YL02"), identity.tree(on=date(2025, 6, 30)).name("YL02")) == (
        "西岭区",
        "西岭县",
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"change": "new"}, "identity.reorganise.no_target"),
        ({"change": "new", "code-0": "YL01", "name-0": "又一个", "kind-0": "district"}, "identity.reorganise.taken"),
        ({"change": "new", "code-0": "YL77", "name-0": "没有类别"}, "identity.unit.kind"),
        ({"change": "close", "unit": "NO"}, "identity.reorganise.no_unit"),
        ({"change": "close", "unit": "YL01", "day": "x"}, "people.day"),
    ],
)
def test_what_stands_against_a_change_is_said(typed, code):
    shown = plan(**typed)
    assert shown.status_code == 422
    assert code in [one.code for one in shown.context["problems"]]


def test_a_closed_unit_that_the_rules_name_is_pointed_at():
    findings = plan(change="close", unit="YLD02").context["preview"]["findings"]
    assert "profile.unit_not_there" in [one.code for one in findings]


def test_only_who_keeps_units_reorganises_them():
    assert client("rep1").get("/units/change/").status_code == 403
    assert "/units/change/" not in client("rep1").get("/units/").content.decode()
    assert "/units/change/" in client("sysadmin").get("/units/").content.decode()


def test_more_lines_cost_no_more_queries():
    browser = client("auditadmin")
    log("rep1", "evidence.opened")
    browser.get("/audit/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/audit/")
    for n in range(60):
        AccessLog.objects.create(
            at=city.at(city.NOW.date()) + n, person="rep1", act="evidence.opened", subject="d", allowed=True
        )
    with CaptureQueriesContext(connection) as many:
        browser.get("/audit/")
    assert len(many) <= len(few)
