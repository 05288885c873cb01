"""People, posts, accounts and tokens as administrators keep them, and one's own account."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.codebook.values import Permission
from luodi.identity import actions as identity
from luodi.identity import permissions, queries
from luodi.identity.models import AccessLog
from luodi.projects import actions as projects
from luodi.projects.queries import load
from luodi.projects.values.drafts import DutyDraft
from luodi.web.models import Account
from tests import city

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
STRONG = "yunling-2025-ok"


@pytest.fixture(autouse=True)
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make(on=TODAY)
    city.project("P1")
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)
    identity.register_person(person="rep1", name="吕晓", phone="13800001234", actor=city.OPERATOR, on=TODAY)


def client(person="secadmin"):
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def act(person, name, *, by="secadmin", **typed):
    return client(by).post(f"/people/{person}/", {"act": name, **typed})


def codes(shown):
    return [one.code for one in shown.context["problems"]]


def secretary(person="rep1"):
    draft = DutyDraft("P1", "secretary", person, TODAY)
    projects.assign_duties([draft], actor=city.actor("centre", "YLD02"), today=TODAY)


@pytest.mark.parametrize("query", ["吕晓", "lvxiao", "lx", "rep1"])
def test_somebody_is_found_by_name_pinyin_initials_or_id(query):
    rows = client().get("/people/", {"q": query}).context["page"].object_list
    assert "rep1" in [row["person"].person for row in rows]


def test_a_unit_s_people_are_those_below_it_too():
    rows = client().get("/people/", {"unit": "YL01"}).context["page"].object_list
    assert {row["person"].person for row in rows} == {"rep1", "chk1", "sig1", "head1"}


@pytest.mark.parametrize("person", ["leader", "rep1", "sysadmin", "auditadmin", "centre"])
def test_nobody_else_gets_in(person):
    assert client(person).get("/people/").status_code == 403
    assert client(person).get("/people/rep2/").status_code == 403


def test_a_person_is_registered_given_a_post_and_an_account_and_chooses_a_password():
    assert client().post("/people/", {"person": "new1", "name": "新人甲", "phone": ""}).url == "/people/new1/"
    assert act("new1", "give_post", unit="YL01", role="reporter", valid_from="2025-06-02").status_code == 302
    assert permissions.may("new1", Permission.FILL_FORM, unit="YL01", on=TODAY)
    shown = act("new1", "open_account", login="xinren")
    path = shown.context["link"]["address"].removeprefix("http://testserver")
    assert "data:image/svg" in shown.content.decode()
    visitor = Client()
    assert "xinren" in visitor.get(path).content.decode()
    assert [
        one.code for one in visitor.post(path, {"password": "20250602731", "again": "20250602731"}).context["problems"]
    ] == ["people.password.password_entirely_numeric"]
    assert visitor.post(path, {"password": STRONG, "again": STRONG}).status_code == 200
    assert visitor.get(path).status_code == 410
    assert visitor.post("/sign-in/", {"login": "xinren", "password": STRONG}).status_code == 302


def test_an_id_that_is_taken_and_a_missing_name_are_said():
    assert codes(client().post("/people/", {"person": "rep1", "name": "别人"})) == ["people.exists"]
    assert codes(client().post("/people/", {"person": "x", "name": " "})) == ["people.name_missing"]
    assert codes(client().post("/people/", {"person": "a b", "name": "某"})) == ["identity.person.id"]


def test_three_administrators_are_three_people():
    shown = act("sysadmin", "give_post", unit="YLD10", role="security_admin", valid_from="2025-06-02")
    assert codes(shown) == ["identity.post.excluded"]


def test_the_last_post_does_not_end_while_a_project_would_be_left_alone():
    secretary()
    shown = act("rep1", "end_post", unit="YL01", role="reporter", valid_to="2025-06-03")
    assert (shown.status_code, codes(shown)) == (422, ["project.duty.still_held"])
    assert [duty for _, duty in shown.context["held"]] == ["项目秘书"]
    assert codes(act("rep1", "leave", left_on="2025-06-03")) == ["project.duty.still_held"]


def test_what_is_held_is_handed_over_and_then_the_post_ends():
    secretary()
    page = "/people/rep1/duties/"
    browser = client("head1")
    assert [row["duty"] for row in browser.get(page).context["rows"]] == ["项目秘书"]
    assert codes(browser.post(page, {"to": "chk1", "on": "2025-06-02", "reason": ""})) == ["people.reason_missing"]
    assert browser.post(page, {"to": "chk1", "on": "2025-06-02", "reason": "调动"}).status_code == 302
    assert [duty.holder for duty in load.duties_of("chk1", on=TODAY)] == ["chk1"]
    assert act("rep1", "end_post", unit="YL01", role="reporter", valid_to="2025-06-02").status_code == 302
    assert not permissions.may("rep1", Permission.FILL_FORM, unit="YL01", on=TODAY)


def test_one_of_two_posts_ends_freely():
    secretary()
    identity.give_post(
        person="rep1", unit="YL01", role="project_secretary", valid_from=TODAY, actor=city.OPERATOR, on=TODAY
    )
    assert act("rep1", "end_post", unit="YL01", role="reporter", valid_to="2025-06-03").status_code == 302


def test_another_county_hands_nothing_over():
    secretary()
    assert client("rep2").get("/people/rep1/duties/").context["rows"] == []
    assert client("rep2").post(
        "/people/rep1/duties/", {"to": "rep2", "on": "2025-06-02", "reason": "x"}
    ).status_code in (403, 422)
    assert [duty.holder for duty in load.duties_of("rep1", on=TODAY)] == ["rep1"]


def test_a_telephone_is_masked_and_seeing_it_is_logged():
    page = client().get("/people/rep1/").content.decode()
    assert "138****1234" in page
    assert "13800001234" not in page
    assert "13800001234" in act("rep1", "phone").content.decode()
    (line,) = AccessLog.objects.filter(act="contact.seen")
    assert (line.person, line.subject) == ("secadmin", "person:rep1")
    assert "13800001234" not in client().get("/people/").content.decode()


def test_a_reset_ends_the_old_password_and_every_session():
    account = Account.objects.get(login="rep1")
    account.set_password(STRONG)
    account.save()
    browser = client("rep1")
    assert browser.get("/").status_code == 200
    shown = act("rep1", "reset", login="rep1")
    assert shown.context["link"]["address"].startswith("http://testserver/welcome/")
    assert browser.get("/").status_code == 302
    assert Client().post("/sign-in/", {"login": "rep1", "password": STRONG}).status_code == 403
    assert AccessLog.objects.filter(act="password.reset", subject="person:rep1").count() == 1


def test_a_locked_account_opens_nothing_until_it_is_unlocked():
    browser = client("rep1")
    act("rep1", "lock", login="rep1")
    assert browser.get("/").status_code == 302
    assert [row["person"].person for row in client().get("/people/?show=locked").context["page"]] == ["rep1"]
    act("rep1", "unlock", login="rep1")
    assert client("rep1").get("/").status_code == 200


def test_nobody_locks_themselves_out_nor_another_person_s_login():
    assert codes(act("secadmin", "lock", login="secadmin")) == ["people.account.own"]
    assert codes(act("rep1", "lock", login="rep2")) == ["people.account.unknown"]


def test_a_token_of_mine_is_shown_once_and_opens_until_revoked():
    browser = client("rep1")
    shown = browser.post("/account/", {"act": "issue", "label": "县平台", "valid_to": "2025-12-01"})
    secret = shown.context["issued"]["secret"]
    assert secret in shown.content.decode()
    assert secret not in browser.get("/account/").content.decode()
    assert queries.person_of_token(secret, on=TODAY) == "rep1"
    browser.post("/account/", {"act": "revoke", "token": shown.context["issued"]["token"]})
    assert queries.person_of_token(secret, on=TODAY) is None


@pytest.mark.parametrize(("typed", "code"), [({"label": ""}, "people.token_label"), ({"valid_to": "2025-06-02"}, "people.token_until"), ({"valid_to": "2029-01-01"}, "people.token_until"), ({"valid_to": "x"}, "people.day")])  # fmt: skip
def test_a_token_says_what_for_and_until_when(typed, code):
    shown = client("rep1").post("/account/", {"act": "issue", "label": "县平台", "valid_to": "2025-12-01", **typed})
    assert codes(shown) == [code]


def test_the_administrator_revokes_somebody_s_token():
    token, secret = identity.issue_token(person="rep1", actor=city.actor("rep1"), on=TODAY, label="x")
    assert act("rep1", "revoke", token=token).status_code == 302
    assert queries.person_of_token(secret, on=TODAY) is None


def test_i_change_my_password_and_stay_signed_in():
    account = Account.objects.get(login="rep1")
    account.set_password(STRONG)
    account.save()
    browser = client("rep1")
    new = {"act": "password", "password": STRONG + "2", "again": STRONG + "2"}
    assert codes(browser.post("/account/", {**new, "old": "wrong"})) == ["people.password.old"]
    assert codes(browser.post("/account/", {**new, "old": STRONG, "again": "x"})) == ["people.password.differ"]
    assert browser.post("/account/", {**new, "old": STRONG}).status_code == 302
    assert browser.get("/account/").status_code == 200
    assert Client().post("/sign-in/", {"login": "rep1", "password": STRONG + "2"}).status_code == 302


def test_a_link_that_never_was_opens_nothing():
    for path in ("/welcome/MQ/a-b/", "/welcome/!!/a-b/", "/welcome/OTk5OTk/a-b/"):
        assert Client().get(path).status_code == 410


def test_signing_in_and_in_vain_is_in_the_log_without_what_was_typed():
    Client().post("/sign-in/", {"login": "rep1", "password": "wrong"})
    Client().post("/sign-in/", {"login": "my-secret-password", "password": "x"})
    lines = AccessLog.objects.filter(act="sign_in_failed").order_by("id")
    assert [(line.person, line.allowed) for line in lines] == [("rep1", False), ("", False)]
    assert not AccessLog.objects.filter(subject__contains="secret").exists()


def test_more_people_cost_no_more_queries():
    browser = client()
    browser.get("/people/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/people/")
    for n in range(30):
        identity.register_person(person=f"more{n}", name=f"演示{n}", actor=city.OPERATOR, on=TODAY)
        identity.give_post(
            person=f"more{n}", unit="YL01", role="reporter", valid_from=TODAY, actor=city.OPERATOR, on=TODAY
        )
    with CaptureQueriesContext(connection) as many:
        browser.get("/people/")
    assert len(many) <= len(few)


@pytest.mark.parametrize("person", ["a/b", "../../x", "..", "~2F", "甲?#%"])
def test_any_id_has_a_page_of_its_own(person):
    browser = client("secadmin")
    made = browser.post("/people/", {"person": person, "name": "代号"})
    assert made.status_code == 302
    assert browser.get(made.url).context["person"].person == person
