"""Reminding from the period's close: all or chosen; who was asked when; and the inbox it arrives in."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luodi.notices import queries
from luodi.notices.models import Reminder
from tests import city
from tests.integration.web.test_closing import PAGE, TODAY, a_city, client  # noqa: F401 (the fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
KEY = "return:YL-T1:2025-05:YL02"


def remind(act, *keys, person="centre"):
    return client(person).post(PAGE, {"act": act, "who": list(keys)})


def row(key=KEY):
    return next(one for one in client().get(PAGE).context["missing"] if one["key"] == key)


def test_all_that_is_late_can_be_reminded_at_once():
    city.stand(TODAY)
    assert remind("remind_all").status_code == 302
    assert {note.kind.value for note in queries.inbox("rep2")} == {"return_reminded"}
    assert queries.unread("rep1") > 0
    assert queries.unread("chk2") == 0


def test_only_the_chosen_are_reminded():
    city.stand(TODAY)
    remind("remind", KEY)
    assert [note.key for note in queries.inbox("rep2")] == [KEY]
    assert queries.unread("rep1") == 0


def test_the_page_says_who_was_reminded_when_by_whom_and_how_often():
    city.stand(TODAY)
    assert row()["reminded"] is None
    remind("remind", KEY)
    remind("remind", KEY)
    assert (row()["by"], row()["reminded"].times, row()["reminded"].at) == ("演示centre", 2, city.at(TODAY))
    assert "由演示centre催报" in client().get(PAGE).content.decode()


def test_choosing_nobody_is_said():
    city.stand(TODAY)
    shown = remind("remind")
    assert shown.status_code == 422
    assert "没有选要催报的单位" in shown.content.decode()


def test_only_who_closes_periods_reminds():
    city.stand(TODAY)
    assert remind("remind_all", person="rep1").status_code == 403
    assert Reminder.objects.count() == 0


def test_the_reminder_is_in_the_inbox_and_on_the_desk_with_a_link_to_the_form():
    city.stand(TODAY)
    remind("remind", KEY)
    browser = client("rep2")
    assert 'class="count"' in browser.get("/").content.decode()
    assert "催报：西岭县" in browser.get("/").content.decode()
    (line,) = browser.get("/notices/").context["lines"]
    assert browser.get(f"/notices/{line['note'].id}/").url == "/filing/YL-T1/2025-05/YL02/"
    assert queries.unread("rep2") == 0
    assert browser.get("/notices/").context["lines"] == []
    assert len(browser.get("/notices/?show=all").context["lines"]) == 1


def test_somebody_else_s_notice_is_not_there():
    city.stand(TODAY)
    remind("remind", KEY)
    note = queries.inbox("rep2")[0]
    assert client("rep1").get(f"/notices/{note.id}/").status_code == 404
    client("rep1").post("/notices/", {"id": note.id})
    assert queries.unread("rep2") == 1


def test_all_are_marked_read_at_once_and_only_there():
    city.stand(TODAY)
    remind("remind_all")
    browser = client("rep2")
    assert browser.post("/notices/", {"all": "1", "back": "/notices/?show=all"}).url == "/notices/?show=all"
    assert browser.post("/notices/", {"all": "1", "back": "https://elsewhere.example/notices/"}).url == "/notices/"
    assert queries.unread("rep2") == 0
    assert queries.unread("rep1") > 0


def test_preferences_are_kept_and_wrong_ones_said():
    browser = client("rep2")
    hours = {"digest_hour": "17", "quiet_from": "21", "quiet_to": "7"}
    assert (
        browser.post(
            "/notices/preferences/", {"way": "text", "rhythm": "daily", "muted": ["return_due", "no"], **hours}
        ).status_code
        == 302
    )
    kept = queries.preference("rep2")
    assert (kept.way.value, kept.rhythm.value, kept.digest_hour, kept.quiet_from) == ("text", "daily", 17, 21)
    assert [kind.value for kind in kept.muted] == ["return_due"]
    shown = browser.post("/notices/preferences/", {"way": "wecom", "rhythm": "daily", **hours})
    assert shown.status_code == 422
    assert "企业微信账号" in shown.content.decode()
    assert browser.post("/notices/preferences/", {**hours, "quiet_to": "x"}).status_code == 422


def test_more_notices_cost_no_more_queries():
    city.stand(TODAY)
    remind("remind", KEY)
    browser = client("rep2")
    browser.get("/notices/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/notices/")
    remind("remind_all")
    with CaptureQueriesContext(connection) as many:
        browser.get("/notices/")
    assert len(many) <= len(few)
