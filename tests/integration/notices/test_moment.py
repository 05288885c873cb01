"""Forms of the moment in the inbox: arrived, asked for again, sent back, settled when filed, ended or over."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.ledger import clock
from luodi.notices import gathering, queries
from luodi.notices.models import Notice
from luodi.statistics.actions import moment
from tests import city
from tests.integration.web.test_moment import a_city, browser, file, sent  # noqa: F401 (the fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
TODAY = date(2025, 6, 2)


def gather(day: date = TODAY) -> None:
    city.stand(day, 12)
    gathering.gather(now=clock.now(), today=day)


def told(person: str, shown: str = "waiting") -> dict[str, str]:
    return {
        note.key: note.kind.value for note in queries.inbox(person, shown=shown) if note.kind.value.startswith("moment")
    }


def by_office() -> dict:
    return {"actor": city.actor("reform", "YLD03"), "today": TODAY}


def test_who_owes_a_form_is_told_that_it_came_and_one_click_opens_it():
    id = sent()
    gather()
    assert told("rep1") == {f"moment:{id}:YL01": "moment_sent"}
    assert told("rep2") == {f"moment:{id}:YL02": "moment_sent"}
    assert told("sig1") == {f"moment:{id}:YL01": "moment_sent"}  # who submits hears of it too
    assert told("chk1") == told("leader") == told("reform") == {}
    inbox = browser("rep1").get("/notices/").content.decode()
    assert "部门03发来临时报表《全市重点项目用工保障情况表》，东川区 请于6月3日前报送。" in inbox
    (note,) = Notice.objects.filter(person="rep1", key=f"moment:{id}:YL01")
    assert "全市" not in str(note.params)  # the title may be removed by law: it is looked up, not copied
    assert browser("rep1").get(f"/notices/{note.id}/").headers["Location"] == f"/moment/{id}/YL01/"


def test_a_reminder_and_what_comes_back_change_the_one_notice():
    id = sent()
    moment.remind(id=id, **by_office())
    gather()
    assert told("rep1") == {f"moment:{id}:YL01": "moment_reminded"}
    file(id)
    gather()
    assert told("rep1") == {}
    assert told("rep1", "settled") == {f"moment:{id}:YL01": "moment_reminded"}
    moment.send_back(id=id, unit="YL01", reason="缺口人数不对", **by_office())
    gather()
    assert told("rep1") == {f"moment:{id}:YL01": "moment_sent_back"}
    assert told("rep2") == {f"moment:{id}:YL02": "moment_reminded"}


def test_a_form_that_was_ended_or_is_over_asks_nobody_any_more():
    id = sent()
    gather()
    moment.end(id=id, **by_office())
    gather()
    assert told("rep1") == {}
    other = sent()
    gather()
    assert told("rep1") == {f"moment:{other}:YL01": "moment_sent"}
    gather(date(2025, 6, 10))  # its last day
    assert f"moment:{other}:YL01" in told("rep1")
    gather(date(2025, 6, 11))
    assert told("rep1") == {}
