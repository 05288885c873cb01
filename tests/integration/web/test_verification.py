"""Stage verification by batch: what waits for whom, several at once, sending back, and that somebody who was quicker is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.identity.models import AccessLog
from luodi.ledger import evidence
from luodi.projects import actions
from luodi.projects.queries import load
from luodi.projects.values.drafts import StageClaim
from luodi.projects.values.rows import Status
from luodi.web.models import Account
from tests import city

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
PDF = b"%PDF-1.4 made up"
SIGNED = (("在谈", date(2024, 1, 10)),)


@pytest.fixture(autouse=True)
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    for code, host in (("P1", "YL01"), ("P2", "YL01"), ("Q1", "YL02")):
        city.project(code, host=host, life=SIGNED)
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person):
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def claimed(code, unit="YL01", person="rep1"):
    digest = evidence.store(PDF + code.encode(), "application/pdf")
    claim = StageClaim(code, "签约", date(2025, 5, 20), evidence={"contract": (digest,)})
    actions.claim_stages([claim], actor=city.actor(person, unit), today=TODAY)
    return load.dossier(code).events[-1]


def choice(event):
    return f"{event.row}:{event.last}"


def status(code):
    return load.dossier(code).events[-1].status


def test_claims_wait_for_the_office_that_verifies_them_by_unit():
    claimed("P1"), claimed("P2"), claimed("Q1", "YL02", "rep2")
    shown = client("promo").get("/verification/")
    assert [(group["unit"], len(group["rows"])) for group in shown.context["groups"]] == [("东川区", 2), ("西岭县", 1)]
    assert client("centre").get("/verification/").context["count"] == 0


def test_several_are_verified_at_once():
    events = [claimed("P1"), claimed("Q1", "YL02", "rep2")]
    assert client("promo").post("/verification/", {"row": [choice(one) for one in events]}).status_code == 302
    assert (status("P1"), status("Q1")) == (Status.VERIFIED, Status.VERIFIED)


def test_sending_back_needs_a_reason_and_keeps_what_was_chosen():
    event = claimed("P1")
    refused = client("promo").post("/verification/", {"row": choice(event), "act": "send_back", "reason": ""})
    assert refused.status_code == 422
    assert f'value="{choice(event)}" checked' in refused.content.decode()
    client("promo").post("/verification/", {"row": choice(event), "act": "send_back", "reason": "合同缺页"})
    assert status("P1") is Status.SENT_BACK
    assert load.dossier("P1").events[-1].sent_back_for == "合同缺页"


def test_the_second_of_two_is_told():
    event = claimed("P1")
    client("promo").post("/verification/", {"row": choice(event)})
    again = client("promo").post("/verification/", {"row": choice(event)})
    assert again.status_code == 422
    assert "可能刚被别人处理" in again.content.decode()


def test_nothing_chosen_is_said():
    claimed("P1")
    assert "没有选中" in client("promo").post("/verification/", {}).content.decode()


def test_the_list_goes_out_as_a_workbook():
    claimed("P1")
    answer = client("promo").get("/verification/?as=xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_file_opens_for_filer_and_verifier_and_every_try_is_logged():
    event = claimed("P1")
    address = f"/evidence/{event.evidence[0]}/?project=P1"
    assert client("promo").get(address).content == PDF + b"P1"
    assert client("rep1").get(address)["Content-Type"] == "application/pdf"
    refused = client("rep2").get(address)
    assert refused.status_code == 403
    assert "佐证" in refused.content.decode()
    assert client("promo").get(f"/evidence/{event.evidence[0]}/?project=P2").status_code == 404
    logged = AccessLog.objects.filter(act="evidence.opened").order_by("id")
    assert [(row.person, row.allowed) for row in logged] == [("promo", True), ("rep1", True), ("rep2", False)]


def test_more_claims_ask_no_more_questions():
    browser = client("promo")

    def asked():
        browser.get("/verification/")
        with CaptureQueriesContext(connection) as seen:
            browser.get("/verification/")
        return len(seen)

    claimed("P1")
    few = asked()
    claimed("P2"), claimed("Q1", "YL02", "rep2")
    assert asked() == few
