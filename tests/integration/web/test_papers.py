"""Papers: who may make which, that a file comes, that what was made is listed, and that a final edition needs the seal."""

from __future__ import annotations

import hashlib
from datetime import date
from urllib.parse import unquote

import pytest
from django.test import Client

from luodi.web.models import Account
from tests import city

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)


@pytest.fixture(autouse=True)
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1")
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person="centre"):
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def make(person="centre", **changes):
    asked = {"kind": "table", "period": "2025-05", "edition": "flash", "mark": "1234", **changes}
    return client(person).post("/papers/?period=2025-05", asked)


def test_a_flash_comes_as_a_file_and_is_listed_with_its_digest():
    answer = make()
    assert answer.status_code == 200
    assert unquote(answer["Content-Disposition"]).endswith(".xlsx")
    assert answer.content[:2] == b"PK"
    assert answer.cookies["luodi-paper"].value == "1234"
    (row,) = client("leader").get("/papers/").context["made"]
    assert row["made"].digest == hashlib.sha256(answer.content).hexdigest()


def test_a_final_edition_needs_the_seal():
    refused = make(edition="final")
    assert refused.status_code == 422
    assert [one.code for one in refused.context["problems"]] == ["bulletin.not_sealed"]
    assert 'value="final"' not in client().get("/papers/?period=2025-05").content.decode()


def test_a_county_takes_its_own_table_and_nobody_elses():
    shown = client("rep1").get("/papers/?period=2025-05")
    assert [one.code for one in shown.context["units"]] == ["YL01"]
    assert [one["kind"] for one in shown.context["cards"]] == ["table", "wall"]
    assert make("rep1", unit="YL01").status_code == 200
    assert make("rep1", unit="YL02").status_code == 422
    assert make("rep1").status_code == 422
    assert client("rep2").get("/papers/").context["made"] == []


def test_what_is_no_paper_is_refused():
    assert [one.code for one in make(kind="poster").context["problems"]] == ["papers.choose"]


def test_more_papers_ask_no_more_questions():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        browser = client()
        browser.get("/papers/")
        with CaptureQueriesContext(connection) as seen:
            browser.get("/papers/")
        return len(seen)

    make()
    few = asked()
    make(), make()
    assert asked() == few
