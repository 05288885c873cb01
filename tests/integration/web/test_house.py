"""The city's rules as pages, units over time, system health, and the log that only the security auditor reads."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.identity.models import AccessLog
from luodi.web.views.profile_meaning import definition
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


def test_every_indicator_has_its_definition_in_english():
    profile = codebook.profile()
    said = {one.id: definition(profile, one, "en") for one in profile.indicators}
    assert (
        said["signed_count"] == "Number of projects of kind 招商引资, first 'signed' in the span. Credited to the host."
    )
    assert said["landing_rate"].startswith(
        "Share of projects of kind 招商引资, first 'signed' in the span that have reached 'landed'"
    )
    assert all(len(words) > 20 for words in said.values())


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


def test_more_lines_cost_no_more_queries():
    browser = client("auditadmin")
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
