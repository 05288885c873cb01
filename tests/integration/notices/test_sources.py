"""What acts and days call for: through the real services, read from the ledger by the worker's turn."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.kernel.period import month
from luodi.notices import actions, gathering, queries
from luodi.notices.models import Bookmark, Notice
from luodi.notices.values import Kind, Matter, Settled
from luodi.projects import actions as projects
from luodi.projects.values.drafts import DutyDraft
from luodi.statistics.actions import closing, judging
from tests import city
from tests.integration.web.test_acceptance import a_city, filed  # noqa: F401 (the fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
TODAY = date(2025, 6, 2)  # the forms of May are due on the third
LATER = date(2025, 6, 9)
RETURN = "return:YL-T1:2025-05:YL01"


def gather(day: date = TODAY, hour: int = 9) -> int:
    city.stand(day, hour)
    return gathering.gather(now=city.at(day, hour), today=day)


def kinds(person: str, shown: str = "waiting") -> dict[str, str]:
    return {note.key: note.kind.value for note in queries.inbox(person, shown=shown)}


def send_back(one) -> None:
    judging.judge(
        submission=one.id, verdict="sent_back", unit="YLD02", reason="口径不对", actor=city.actor("centre", "YLD02"), today=TODAY
    )  # fmt: skip


def test_a_due_form_is_told_to_those_who_file_it_and_to_nobody_else():
    gather()
    assert kinds("rep1")[RETURN] == "return_due"
    assert RETURN not in kinds("rep2")
    assert RETURN not in kinds("chk1")
    assert queries.inbox("rep1")[0].due_on is not None


def test_a_late_form_changes_the_one_notice_there_is():
    gather()
    before = Notice.objects.filter(person="rep1", key=RETURN).get()
    actions.mark_read("rep1", at=city.at(TODAY), ids=[before.id])
    gather(LATER)
    after = Notice.objects.filter(person="rep1", key=RETURN).get()
    assert (after.id, after.kind, after.times, after.read_at) == (before.id, "return_late", 2, None)


def test_the_same_day_is_looked_at_once():
    assert gather() > 0
    assert gather(hour=10) == 0
    assert gather(date(2025, 6, 3)) == 0


def test_filing_settles_the_matter():
    gather()
    filed()
    gather(hour=11)
    assert RETURN not in kinds("rep1")
    assert kinds("rep1", "settled")[RETURN] == "return_due"


def test_a_return_sent_back_is_told_to_those_who_file():
    one = filed()
    send_back(one)
    gather()
    assert kinds("rep1")[RETURN] == "return_sent_back"
    assert kinds("sig1")[RETURN] == "return_sent_back"
    assert kinds("rep2").get("return:YL-T1:2025-05:YL01") is None


def test_the_calendar_does_not_drown_a_return_that_went_back():
    send_back(filed())
    gather()
    gather(LATER)
    assert kinds("rep1")[RETURN] == "return_sent_back"


def test_a_sealed_month_is_over_for_everybody():
    gather(LATER)
    assert RETURN in kinds("rep1")
    closing.seal_period(
        period=month(2025, 5), profile=codebook.profile(), actor=city.actor("centre", "YLD02"), today=LATER
    )
    gather(LATER, hour=10)
    gather(date(2025, 6, 10))
    assert RETURN not in kinds("rep1")
    assert queries.unread("rep2") == 0


def test_reopened_cells_are_told_with_their_number():
    one = filed()
    for person, unit in (("centre", "YLD02"), ("reform", "YLD03")):
        judging.judge(submission=one.id, verdict="accepted", unit=unit, actor=city.actor(person, unit), today=TODAY)
    judging.reopen_cells(
        profile=codebook.profile(), form="YL-T1", period=month(2025, 5), unit="YL01", cells=[("P1", "invest_completed")],
        acting_for="YLD03", reason="与附件不符", actor=city.actor("reform", "YLD03"), today=TODAY,
    )  # fmt: skip
    gather()
    (note,) = [note for note in queries.inbox("rep1") if note.key == RETURN]
    assert (note.kind, note.params["count"]) == (Kind.CELL_REOPENED, "1")


def test_a_rolled_back_act_tells_nobody():
    with pytest.raises(RuntimeError), transaction.atomic():
        send_back(filed())
        raise RuntimeError
    gather()
    assert kinds("rep1")[RETURN] == "return_due"


def test_a_duty_is_told_to_whoever_takes_it_and_whoever_loses_it():
    give = DutyDraft("P1", "secretary", "rep1", TODAY)
    projects.assign_duties([give], actor=city.actor("centre", "YLD02"), today=TODAY)
    gather()
    assert kinds("rep1")["duty:P1:secretary"] == "duty_taken"
    projects.hand_over(
        "P1", duty="secretary", holder="rep1", to="chk1", on=TODAY, reason="调动", actor=city.actor("centre", "YLD02"), today=TODAY
    )  # fmt: skip
    gather(hour=10)
    assert kinds("rep1")["duty:P1:secretary"] == "duty_ended"
    assert kinds("chk1")["duty:P1:secretary"] == "duty_taken"


def test_nobody_is_told_what_they_did_themselves():
    give = DutyDraft("P1", "secretary", "centre", TODAY)
    projects.assign_duties([give], actor=city.actor("centre", "YLD02"), today=TODAY)
    gather()
    assert "duty:P1:secretary" not in kinds("centre")


def test_before_signing_a_notice_knows_the_code_name_alone():
    city.project("S1", life=(("在谈", date(2024, 1, 10)),))
    give = DutyDraft("S1", "secretary", "rep1", TODAY)
    projects.assign_duties([give], actor=city.actor("centre", "YLD02"), today=TODAY)
    gather()
    (note,) = [note for note in queries.inbox("rep1") if note.key == "duty:S1:secretary"]
    assert note.params["label"].startswith("代号")
    assert "S1生产线项目" not in str(note.params)


def test_a_matter_may_settle_and_come_up_again():
    news = [Settled(RETURN), Matter(RETURN, Kind.RETURN_SENT_BACK, ("rep1",)), Settled(RETURN)]
    actions.raise_news(news, at=1)
    assert kinds("rep1") == {}
    actions.raise_news([Matter(RETURN, Kind.RETURN_SENT_BACK, ("rep1",))], at=2)
    assert kinds("rep1") == {RETURN: "return_sent_back"}


def test_another_worker_that_was_quicker_is_not_doubled():
    gather()
    seen = Bookmark.objects.get(name=gathering.FACTS).value
    filed()
    Bookmark.objects.filter(name=gathering.FACTS).update(value=seen + 1)
    assert gathering._keep(gathering.FACTS, seen, seen + 5, [Settled(RETURN)], 1) == 0
    assert RETURN in kinds("rep1")


def test_a_reminder_is_remembered_with_who_and_when():
    matter = Matter(RETURN, Kind.RETURN_REMINDED, ("rep1", "sig1"))
    assert actions.remind([matter], by="centre", at=5) == 2
    actions.remind([matter], by="centre", at=9)
    kept = queries.reminded([RETURN, "other"])
    assert [(one.by, one.at, one.people, one.times) for one in kept.values()] == [("centre", 9, 2, 2)]
    assert kinds("rep1")[RETURN] == "return_reminded"


def test_old_notices_are_forgotten():
    gather()
    assert actions.forget_old(before=date(2025, 6, 3)) > 0
    assert Notice.objects.count() == 0


def test_nothing_new_costs_two_reads():
    gather()
    with CaptureQueriesContext(connection) as asked:
        gathering.gather(now=city.at(TODAY, 12), today=TODAY)
    assert len(asked) <= 2


def test_a_matter_raised_by_somebody_else_meanwhile_is_still_one_notice(monkeypatch):
    matter = Matter(RETURN, Kind.RETURN_REMINDED, ("rep1",))
    actions.raise_news([matter], at=1)
    monkeypatch.setattr(queries, "standing", lambda keys: {})  # what was read before the other's commit
    actions.raise_news([matter], at=2)
    (row,) = Notice.objects.filter(person="rep1", key=RETURN)
    assert (row.times, row.raised_at) == (2, 2)
