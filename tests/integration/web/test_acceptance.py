"""Acceptance: the queue, one submission, what may be done about it, and that somebody who was quicker is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luodi.codebook import queries as codebook
from luodi.kernel.period import month
from luodi.ledger import evidence
from luodi.statistics.actions import drafts, filing, judging
from luodi.statistics.queries import filings
from luodi.statistics.values.reporting import Standing
from luodi.web.models import Account
from tests import city

pytestmark = pytest.mark.django_db
MAY, TODAY = month(2025, 5), date(2025, 6, 2)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000-0000000", "filled_on": "2025-06-02"}
UNITS = {"YL01": ("rep1", "chk1", "sig1"), "YL02": ("rep2", "chk2", "sig2")}


@pytest.fixture(autouse=True)
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1")
    city.project("Q1", host="YL02")
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person):
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def filed(unit="YL01", cells=None, subjects=("P1",)):
    """File the month's return of a unit through its three hands."""
    where = {"profile": codebook.profile(), "form": "YL-T1", "period": MAY, "unit": unit}
    given = cells or {f"{one}|invest_completed": f"1{n}3.7" for n, one in enumerate(subjects)}
    notes = {one: {"progress": "主体封顶", "problems": "", "next": "", "coordinate": ""} for one in subjects}
    typed = drafts.Typed(given, notes, NAMES, evidence.store(PNG, "image/png"))
    filler, checker, signer = UNITS[unit]
    drafts.save_draft(**where, typed=typed, seen=None, person=filler, at=city.at(TODAY), today=TODAY)
    for step, person in (("check", checker), ("sign", signer)):
        drafts.take_hand(**where, step=step, person=person, at=city.at(TODAY), today=TODAY)
    for one in filing.preview(**where, today=TODAY).findings:
        if one.severity == "soft" and one.explained is None:
            judging.explain(findings=[one], words="设备集中到货", actor=city.actor(filler, unit), today=TODAY)
    return filing.submit(**where, actor=city.actor(signer, unit), today=TODAY)


def page(person, one):
    return client(person).get(reverse("submission", args=[one.id])).content.decode()


def post(person, one, **given):
    return client(person).post(reverse("submission", args=[one.id]), {"expected": "0", **given})


def test_what_was_filed_waits_in_the_queue_of_the_first_office_of_its_chain():
    one = filed()
    row = reverse("submission", args=[one.id])
    assert row in client("centre").get("/acceptance/").content.decode()
    waiting = client("reform").get("/acceptance/")
    assert waiting.context["rows"] == []
    assert [other["filing"].id for other in waiting.context["others"] if other["filing"]] == [one.id]


def test_the_queue_shows_the_total_and_what_the_checks_found():
    filed()
    (row,) = client("centre").get("/acceptance/").context["rows"]
    assert (row["now"], row["clean"], row["hard"]) == ("103.7", True, 0)


def test_checking_many_at_once_finds_what_checking_one_does():
    from luodi.statistics.queries import checking, owing
    from luodi.statistics.queries.batch import checked
    from luodi.statistics.values.reporting import FiledCell

    for unit, subject in (("YL01", "P1"), ("YL02", "Q1")):
        filed(unit, subjects=(subject,))
    profile = codebook.profile()
    states = [one for one in owing.form_states(period=MAY, profile=profile, today=TODAY) if one.filing]
    together = checked(states, period=MAY, profile=profile)
    assert len(together) == 2
    for one in together:
        cells = [FiledCell(row.subject, row.measure, row.value) for row in filings.cells_of(one.state.filing.id)]
        alone = checking.findings(
            profile=profile, form=profile.form("YL-T1"), period=MAY, owed=one.state.owed, cells=cells
        )
        assert list(one.findings) == alone
        assert set(one.cells.values()) == set(cells)


def test_several_clean_ones_are_accepted_at_once():
    ones = [filed(), filed("YL02", subjects=("Q1",))]
    answer = client("centre").post("/acceptance/", {"row": [one.id for one in ones]})
    assert answer.status_code == 302
    assert {filings.filing(one.id).standing for one in ones} == {Standing.IN_CHAIN}
    again = client("centre").post("/acceptance/", {"row": [ones[0].id]})
    assert again.status_code == 422
    assert "不在等您审核" in again.content.decode()


def test_accepting_passes_on_to_the_next_office():
    one = filed()
    assert post("centre", one, act="accepted").status_code == 302
    assert filings.filing(one.id).standing is Standing.IN_CHAIN
    assert post("reform", one, act="accepted", expected="1").status_code == 302
    assert filings.filing(one.id).standing is Standing.ACCEPTED


def test_sending_back_needs_a_reason_and_keeps_the_page():
    one = filed()
    refused = post("centre", one, act="sent_back", reason=" ")
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    post("centre", one, act="sent_back", reason="附件不清")
    assert filings.filing(one.id).judgements[-1].reason == "附件不清"
    assert "附件不清" in page("rep1", one)


def test_the_second_of_two_is_told():
    one = filed()
    post("centre", one, act="accepted")
    second = post("reform", one, act="sent_back", reason="再核一次", expected="0")
    assert second.status_code == 422
    body = second.content.decode()
    assert "刚刚已由" in body
    assert "再核一次" in body  # what was typed stays


def accepted():
    one = filed()
    post("centre", one, act="accepted")
    post("reform", one, act="accepted", expected="1")
    return one


def test_an_acceptance_is_taken_back():
    one = accepted()
    post("reform", one, act="withdrawn", reason="发现重复", expected="2")
    assert filings.filing(one.id).standing is Standing.SUBMITTED


def test_a_cell_is_asked_for_again():
    one = accepted()
    assert "没有选中" in post("reform", one, act="reopen", reason="单位有误").content.decode()
    answer = post("reform", one, act="reopen", reason="单位有误", cell="P1|invest_completed")
    assert answer.status_code == 302
    assert filings.filing(one.id).reopened == (("P1", "invest_completed"),)
    assert "已要求重报" in page("reform", one)


def corrected(value="99.5"):
    """File one reopened cell again; gives the correction."""
    one = accepted()
    post("reform", one, act="reopen", reason="单位有误", cell="P1|invest_completed")
    return filed(cells={"P1|invest_completed": value})


def test_a_correction_waits_in_the_queue_and_on_the_desk_and_is_judged_like_a_return():
    again = corrected()
    assert not again.whole
    (row,) = client("centre").get("/acceptance/").context["rows"]
    assert (row["filing"].id, row["now"]) == (again.id, "99.5")
    assert reverse("submission", args=[again.id]) in client("centre").get("/").content.decode()
    assert client("centre").get(reverse("submission", args=[again.id])).context["counts"]
    elsewhere = client("centre").get("/acceptance/?period=2025-04").context["elsewhere"]
    assert elsewhere == [("2025-05", 1)]
    post("centre", again, act="accepted")
    post("reform", again, act="accepted", expected="1")
    assert filings.filing(again.id).standing is Standing.ACCEPTED
    assert client("reform").get("/acceptance/").context["rows"] == []


def test_a_month_long_past_stays_on_the_desks_of_who_must_act():
    one = accepted()
    city.stand(date(2025, 8, 4))  # July is being reported by now
    assert "/filing/YL-T1/2025-05/" not in client("rep1").get("/").content.decode()
    post("reform", one, act="reopen", reason="单位有误", cell="P1|invest_completed")
    assert 'href="/filing/YL-T1/2025-05/YL01/"' in client("rep1").get("/").content.decode()
    assert "/filing/YL-T1/2025-05/" not in client("rep2").get("/").content.decode()
    again = filed(cells={"P1|invest_completed": "99.5"})
    assert 'href="/filing/YL-T1/2025-05/YL01/"' not in client("rep1").get("/").content.decode()
    link = reverse("submission", args=[again.id])
    assert link in client("centre").get("/").content.decode()
    assert link not in client("reform").get("/").content.decode()


def test_a_correction_sent_back_is_asked_for_again_with_what_was_typed_and_why():
    again = corrected()
    post("centre", again, act="sent_back", reason="仍与明细不符")
    (whole,) = [one for one in filings.filings(unit="YL01") if one.whole]
    assert whole.reopened == (("P1", "invest_completed"),)
    shown = client("rep1").get("/filing/YL-T1/2025-05/YL01/")
    assert "仍与明细不符" in shown.content.decode()
    assert shown.context["preview"].draft.cells == {"P1|invest_completed": "99.5"}
    third = filed(cells={"P1|invest_completed": "98"})
    assert filings.filing(whole.id).reopened == ()
    assert [one["filing"].id for one in client("centre").get("/acceptance/").context["rows"]] == [third.id]


def test_only_those_whose_turn_it_is_get_buttons_and_siblings_get_nothing():
    one = filed()
    assert 'value="accepted"' in page("centre", one)
    assert 'value="accepted"' not in page("reform", one)
    assert 'value="accepted"' not in page("rep1", one)
    assert client("rep2").get(reverse("submission", args=[one.id])).status_code == 404
    assert post("rep1", one, act="accepted").status_code in (403, 422)
    assert filings.filing(one.id).standing is Standing.SUBMITTED


def test_the_stamped_sheet_opens_for_the_chain_and_is_logged():
    from luodi.identity.models import AccessLog

    one = filed()
    address = reverse("submission_scan", args=[one.id])
    answer = client("centre").get(address)
    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    refused = client("rep2").get(address)
    assert refused.status_code == 403
    assert [(row.person, row.allowed) for row in AccessLog.objects.filter(act="evidence.opened").order_by("id")] == [
        ("centre", True),
        ("rep2", False),
    ]


def queries(browser, address):
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_the_queue_asks_no_more_questions_for_more_returns():
    browser = client("centre")
    filed()
    few = queries(browser, "/acceptance/")
    for n in range(3):
        city.project(f"R{n}", host="YL02")
    filed("YL02", subjects=("Q1", "R0", "R1", "R2"))
    assert queries(browser, "/acceptance/") == few


def test_a_submission_asks_no_more_questions_for_more_rows():
    browser = client("centre")
    one = filed()
    few = queries(browser, reverse("submission", args=[one.id]))
    for n in range(3):
        city.project(f"R{n}", host="YL02")
    more = filed("YL02", subjects=("Q1", "R0", "R1", "R2"))
    assert queries(browser, reverse("submission", args=[more.id])) == few
