"""Period close: the matrix, the late list, a seal with its consequences shown first, and what was revised since."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.kernel.period import month
from luodi.ledger import queries as ledger
from luodi.statistics.queries import closing
from luodi.web.models import Account
from tests import city
from tests.integration.web.test_acceptance import filed, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
TODAY = date(2025, 6, 9)
PAGE = "/closing/?period=2025-05"


@pytest.fixture
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1")
    city.project("Q1", host="YL02")
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person="centre"):
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def accepted():
    one = filed()
    post("centre", one, act="accepted")
    post("reform", one, act="accepted", expected="1")
    return one


def cell(shown, unit, form="YL-T1"):
    (row,) = [row for row in shown.context["rows"] if row["unit"] == unit]
    (place,) = [n for n, one in enumerate(shown.context["forms"]) if one.id == form]
    return row["cells"][place]["state"]


def seal(browser, **changes):
    shown = browser.get(PAGE)
    return browser.post(PAGE, {"agreed": "1", "mark": shown.context["mark"], **changes})


def test_the_matrix_says_where_each_return_stands_and_who_is_late():
    accepted()
    city.stand(TODAY)
    shown = client().get(PAGE)
    assert (cell(shown, "东川区").standing.value, cell(shown, "东川区").late) == ("accepted", False)
    assert (cell(shown, "西岭县").standing.value, cell(shown, "西岭县").days_late) == ("to_do", 6)


def test_the_matrix_says_how_much_each_unit_was_asked_and_how_much_the_system_filled():
    accepted()
    rows = {row["unit"]: row["burden"] for row in client().get(PAGE).context["rows"]}
    assert rows["东川区"] == (2, 4)  # one project, two measures; its name, code, total investment and stage were there
    assert rows["西岭县"] is None
    assert "填 2 格，系统带出 4 格" in client().get(PAGE).content.decode()


def test_a_correction_that_waits_is_marked_beside_the_accepted_return():
    one = accepted()
    assert "更正待审" not in client().get(PAGE).content.decode()
    post("reform", one, act="reopen", reason="单位有误", cell="P1|invest_completed")
    again = filed(cells={"P1|invest_completed": "99.5"})
    shown = client().get(PAGE)
    assert cell(shown, "东川区").standing.value == "accepted"
    assert f'href="/acceptance/{again.id}/">更正待审' in shown.content.decode()


def test_a_correction_that_waits_is_named_among_what_a_seal_leaves_outside():
    one = accepted()
    post("reform", one, act="reopen", reason="单位有误", cell="P1|invest_completed")
    again = filed(cells={"P1|invest_completed": "99.5"})
    city.stand(TODAY)
    shown = client().get(PAGE)
    ((said, row),) = shown.context["corrections"]
    assert (said.code, row) == ("statistics.seal.correction_waits", again.id)
    assert "东川区 的 项目投资完成情况月报 有一份更正待审" in shown.content.decode()
    assert seal(client()).status_code == 302
    assert "有一份更正待审" in client().get(PAGE).content.decode()


def test_the_late_list_names_units_by_form_with_their_days():
    accepted()
    city.stand(TODAY)
    late = client().get(PAGE).context["late"]
    (line,) = [line for line in late.splitlines() if line.startswith("项目投资完成情况月报")]
    assert "西岭县（逾期6天）" in line
    assert "东川区" not in line


def test_consequences_are_shown_before_the_seal_and_named_in_it():
    accepted()
    city.stand(TODAY)
    shown = client().get(PAGE)
    assert shown.context["blocking"] == []
    assert any("西岭县" in one.message() and "未报" in one.message() for one in shown.context["outside"])
    assert seal(client()).status_code == 302
    after = client().get(PAGE)
    kept = ledger.live_seal("2025-05")
    assert kept.hash in after.content.decode()
    assert [one.message() for one in after.context["outside"]] == [one.message() for one in shown.context["outside"]]
    assert after.context["revisions"] == []


def test_the_page_sees_what_the_seal_sees():
    accepted()
    filed("YL02", subjects=("Q1",))
    city.stand(TODAY)
    from luodi.statistics.rules.sealing import seal_problems

    whole = closing.seal_dossier(period=month(2025, 5), profile=codebook.profile(), today=TODAY)
    expected = [(one.code, one.where) for one in seal_problems(whole, today=TODAY)]
    shown = client().get(PAGE)
    assert shown.context["outside_count"] + len(shown.context["blocking"]) == len(expected)


def test_a_seal_needs_the_tick_and_the_same_consequences():
    accepted()
    city.stand(TODAY)
    assert "请先勾选" in seal(client(), agreed="").content.decode()
    assert "刚刚有变化" in seal(client(), mark="0" * 16).content.decode()
    assert ledger.live_seal("2025-05") is None


def test_a_month_that_has_not_ended_shows_why_it_cannot_be_sealed():
    shown = client().get("/closing/?period=2025-06")
    assert [one.code for one in shown.context["blocking"]] == ["statistics.seal.period_not_ended"]
    assert client().post("/closing/?period=2025-06", {"agreed": "1", "mark": shown.context["mark"]}).status_code == 422


def test_only_those_who_may_see_it():
    assert client("rep1").get(PAGE).status_code == 403


def test_what_is_corrected_after_the_seal_is_explained_step_by_step():
    one = accepted()
    city.stand(TODAY)
    seal(client())
    city.stand(date(2025, 6, 10))
    post("reform", one, act="reopen", reason="单位有误", cell="P1|invest_completed", expected="2")
    from luodi.statistics.actions import drafts, filing, judging
    from luodi.statistics.queries import filings
    from tests.integration.web.test_acceptance import NAMES

    today = date(2025, 6, 10)
    where = {"profile": codebook.profile(), "form": "YL-T1", "period": month(2025, 5), "unit": "YL01"}
    typed = drafts.Typed({"P1|invest_completed": "153.7"}, {}, NAMES, "d" * 64)
    drafts.save_draft(**where, typed=typed, seen=None, person="rep1", at=city.at(today), today=today)
    for step, person in (("check", "chk1"), ("sign", "sig1")):
        drafts.take_hand(**where, step=step, person=person, at=city.at(today), today=today)
    again = filing.submit(**where, actor=city.actor("sig1", "YL01"), today=today)
    for person, unit in (("centre", "YLD02"), ("reform", "YLD03")):
        judging.judge(submission=again.id, verdict="accepted", unit=unit, actor=city.actor(person, unit), today=today)
    assert filings.filing(again.id).standing.value == "accepted"
    shown = client().get(PAGE)
    moved = {row["indicator"].id: row["now"] - row["was"] for row in shown.context["revisions"]}
    wanted = next(name for name, change in moved.items() if change == 500_000)
    steps = client().get(f"{PAGE}&indicator={wanted}").context["bridge"]
    assert sum(step["change"] for step in steps["steps"]) == 500_000
    assert steps["revised"] - steps["published"] == 500_000
    assert [code for code, _ in steps["steps"][-1]["projects"]] == ["P1"]


def test_more_returns_ask_no_more_questions():
    def asked():
        client().get(PAGE)
        browser = client()
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            browser.get(PAGE)
        return len(seen)

    filed()
    few = asked()
    filed("YL02", subjects=("Q1",))
    assert asked() == few
