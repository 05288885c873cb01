"""What leaves the house: one message a person, by the channel that reaches them, at their hours, tried again when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luodi.identity import actions as identity
from luodi.identity import queries as people
from luodi.notices import actions, channels, queries, sending
from luodi.notices.channels import Mail, NotSent, TextGateway, WeCom
from luodi.notices.models import Message, Notice
from luodi.notices.values import Kind, Matter, Preference, Rhythm, Way
from tests import city
from tests.integration.notices.gateway import Gateway, gateway, post_office

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
MINUTE = 60 * 1_000_000
PHONE = "13800000001"


@pytest.fixture(autouse=True)
def a_city(monkeypatch) -> None:
    monkeypatch.setenv("LUODI_PUBLIC_URL", "https://luodi.example/")
    city.make(on=TODAY)
    identity.register_person(person="rep1", name="演示rep1", phone=PHONE, actor=city.OPERATOR, on=TODAY)
    identity.register_person(person="rep2", name="演示rep2", actor=city.OPERATOR, on=TODAY)


@pytest.fixture
def server() -> Iterator[Gateway]:
    with gateway() as running:
        yield running


def matter(n: int = 0, kind: Kind = Kind.RETURN_SENT_BACK, people=("rep1",)) -> Matter:
    params = {"form": "YL-T1", "period": f"2025-0{n + 1}", "unit": "YL01"}
    return Matter(f"return:{n}", kind, people, params)


def told(reachable, *, at: int) -> dict[str, int]:
    chosen = {one.name: one for one in reachable}
    made = sending.compose(chosen, now=at, today=TODAY)
    return {"made": made, "sent": sending.deliver(chosen, now=at)}


def prefer(**changes) -> None:
    actions.set_preference(replace(Preference("rep1"), **changes))


NINE = city.at(TODAY, 9)


def test_a_text_message_names_the_matter_and_where_to_look(server):
    actions.raise_news([matter()], at=NINE)
    text = TextGateway(server.url, token="key")
    assert told([text], at=NINE) == {"made": 1, "sent": 1}
    (got,) = server.got
    assert got["phone"] == PHONE
    assert got["sign"] == "落地"
    assert got["text"] == "东川区 项目投资完成情况月报 2025年1月 被退回，请修改后重报。 https://luodi.example/notices/"
    assert server.headers[0]["Authorization"] == "Bearer key"
    assert told([text], at=NINE + MINUTE) == {"made": 0, "sent": 0}


def test_several_matters_are_one_message(server):
    actions.raise_news([matter(n) for n in range(5)], at=NINE)
    assert told([TextGateway(server.url)], at=NINE)["made"] == 1
    assert "您有5件事项" in server.got[0]["text"]
    assert "另有2件" in server.got[0]["text"]


def test_the_same_matter_again_is_told_again(server):
    text = TextGateway(server.url)
    actions.raise_news([matter()], at=NINE)
    told([text], at=NINE)
    actions.raise_news([matter(kind=Kind.RETURN_REMINDED)], at=NINE + MINUTE)
    assert told([text], at=NINE + MINUTE)["sent"] == 1
    assert server.got[1]["text"].startswith("催报：")


def test_what_was_read_or_settled_before_is_told_no_more(server):
    actions.raise_news([matter()], at=NINE)
    actions.mark_read("rep1", at=NINE)
    assert told([TextGateway(server.url)], at=NINE)["made"] == 0


def test_nothing_leaves_in_quiet_hours_and_all_of_it_after(server):
    text, night = TextGateway(server.url), city.at(TODAY, 22)
    actions.raise_news([matter()], at=night)
    assert told([text], at=night)["made"] == 0
    assert told([text], at=night + 9 * 60 * MINUTE)["made"] == 0  # seven in the morning
    assert told([text], at=night + 10 * 60 * MINUTE)["sent"] == 1


def test_a_day_s_digest_comes_once_at_its_hour(server):
    prefer(rhythm=Rhythm.DAILY, digest_hour=17)
    text = TextGateway(server.url)
    actions.raise_news([matter(n, Kind.RETURN_DUE) for n in range(2)], at=NINE)
    assert told([text], at=city.at(TODAY, 16))["made"] == 0
    actions.raise_news([matter(3, Kind.DUTY_TAKEN)], at=city.at(TODAY, 16))
    assert told([text], at=city.at(TODAY, 17))["made"] == 1
    assert "您有3件事项" in server.got[0]["text"]


def test_a_muted_kind_stays_in_the_inbox(server):
    prefer(muted=frozenset({Kind.RETURN_DUE}))
    actions.raise_news([matter(kind=Kind.RETURN_DUE)], at=NINE)
    assert told([TextGateway(server.url)], at=NINE)["made"] == 0
    assert queries.unread("rep1") == 1


def test_without_a_telephone_the_inbox_has_it(server):
    actions.raise_news([matter(people=("rep2",))], at=NINE)
    assert told([TextGateway(server.url)], at=NINE)["made"] == 0
    assert queries.unread("rep2") == 1


def test_wecom_goes_first_and_asks_for_its_token_once(server):
    prefer(wecom="zhangsan")
    wecom, text = WeCom("corp", "1000002", "secret", server.url), TextGateway(server.url)
    for n in range(2):
        actions.raise_news([matter(n)], at=NINE + n)
        assert told([text, wecom], at=NINE + n)["sent"] == 1
    assert [(got["touser"], got["msgtype"], got["agentid"]) for got in server.got] == [
        ("zhangsan", "text", "1000002")
    ] * 2
    assert "被退回" in server.got[0]["text"]["content"]
    assert server.tokens == 1


def test_an_account_that_wecom_does_not_know_is_given_up(server):
    prefer(wecom="nobody")
    server.invalid = "nobody"
    actions.raise_news([matter()], at=NINE)
    assert told([WeCom("corp", "1", "secret", server.url)], at=NINE)["sent"] == 0
    assert Message.objects.get().state == "failed"


def test_a_gateway_that_stumbles_is_tried_again_later(server):
    server.answers = [503, 200]
    text = TextGateway(server.url)
    actions.raise_news([matter()], at=NINE)
    assert told([text], at=NINE)["sent"] == 0
    assert Message.objects.get().error == "网关拒收（HTTP 503）"
    assert told([text], at=NINE + MINUTE - 1)["sent"] == 0
    assert told([text], at=NINE + MINUTE)["sent"] == 1
    assert (Message.objects.get().state, Message.objects.get().error) == ("sent", "")


def test_a_gateway_that_is_gone_is_given_up_after_six_tries():
    with gateway() as server:
        gone = server.url
    text, at = TextGateway(gone), NINE
    actions.raise_news([matter()], at=at)
    for _ in range(6):
        told([text], at=at)
        at += 6 * 60 * MINUTE
    message = Message.objects.get()
    assert (message.state, message.tries) == ("failed", 6)
    assert "网关不通" in message.error
    assert queries.outbox(now=at).failed == 1


def test_a_number_the_gateway_refuses_is_not_tried_again(server):
    server.answers = [400]
    actions.raise_news([matter()], at=NINE)
    told([TextGateway(server.url)], at=NINE)
    assert Message.objects.get().state == "failed"


def test_a_worker_that_dies_leaves_the_message_to_the_next(server):
    actions.raise_news([matter()], at=NINE)
    text = {"text": TextGateway(server.url)}
    sending.compose(text, now=NINE, today=TODAY)
    assert [row.person for row in sending._taken(NINE)] == ["rep1"]  # and dies before it sends
    assert sending.deliver(text, now=NINE + MINUTE) == 0
    assert sending.deliver(text, now=NINE + 6 * MINUTE) == 1


def test_an_address_that_was_erased_is_found_out_when_sending(server):
    actions.raise_news([matter()], at=NINE)
    text = {"text": TextGateway(server.url)}
    sending.compose(text, now=NINE, today=TODAY)
    identity.register_person(person="rep1", name="演示rep1", actor=city.OPERATOR, on=TODAY)
    assert sending.deliver(text, now=NINE) == 0
    assert (server.got, Message.objects.get().state) == ([], "failed")


def test_mail_is_for_those_who_chose_it(server):
    prefer(way=Way.MAIL, mail="rep1@example.org")
    mail = Mail("127.0.0.1", "luodi@example.org", port=server.server_port)
    person, wish = people.person("rep1"), queries.preference("rep1")
    assert sending.channel_of(person, wish, {"mail": mail, "text": TextGateway("http://x")}) == "mail"
    assert sending.channel_of(person, Preference("rep1"), {"mail": mail}) == ""
    with pytest.raises(NotSent):  # what listens there speaks no SMTP
        Mail("127.0.0.1", "luodi@example.org", port=server.server_port).send("rep1@example.org", "x")


def test_mail_goes_through_the_office_s_own_server():
    with post_office() as office:
        Mail("127.0.0.1", "luodi@example.org", port=office.port).send("rep1@example.org", "东川区 被退回")
    ((to, mail),) = office.got
    assert (to, mail["Subject"]) == ("rep1@example.org", "落地：待办提醒")
    assert "东川区 被退回" in mail.get_content()


def test_what_the_environment_names_is_there_and_nothing_else():
    assert channels.configured({}) == []
    said = {
        "LUODI_SMS_URL": "http://gateway", "LUODI_SMS_TOKEN": "t", "LUODI_WECOM_CORP": "c", "LUODI_WECOM_AGENT": "1",
        "LUODI_WECOM_SECRET": "s", "LUODI_MAIL_HOST": "mail", "LUODI_MAIL_FROM": "a@b",
    }  # fmt: skip
    assert [one.name for one in channels.configured(said)] == ["wecom", "text", "mail"]
    assert channels.configured(said)[0] is channels.configured(said)[0]
    assert channels.link({}) == ""


def test_without_any_channel_nothing_is_made_ready():
    actions.raise_news([matter()], at=NINE)
    assert sending.tick(now=NINE, today=TODAY, reachable=[])["made"] == 0
    assert Notice.objects.get(person="rep1", key="return:0").told_at is None


def test_the_worker_s_turn_does_all_of_it(server):
    actions.raise_news([matter()], at=NINE)
    done = sending.tick(now=NINE, today=TODAY, reachable=[TextGateway(server.url)])
    assert done["sent"] >= 1
    assert queries.outbox(now=NINE).waiting == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"digest_hour": 24}, "notices.preference.hour"),
        ({"way": Way.WECOM}, "notices.preference.no_wecom"),
        ({"way": Way.MAIL, "mail": "x"}, "notices.preference.no_mail"),
    ],
)
def test_a_preference_that_reaches_nobody_is_refused(changes, code):
    with pytest.raises(actions.BadPreference) as refusal:
        prefer(**changes)
    assert [one.code for one in refusal.value.problems] == [code]


def test_all_that_is_kept_of_a_person_can_be_erased():
    prefer(wecom="zhangsan")
    actions.raise_news([matter()], at=NINE)
    assert actions.forget_person("rep1") == 2
    assert queries.preference("rep1").wecom == ""


def test_more_notices_cost_no_more_queries_to_put_into_messages(server):
    def asked(number: int) -> int:
        Notice.objects.all().delete()
        actions.raise_news([matter(n) for n in range(number)], at=NINE)
        with CaptureQueriesContext(connection) as seen:
            sending.compose({"text": TextGateway(server.url)}, now=NINE, today=TODAY)
        return len(seen)

    assert asked(9) <= asked(2)
