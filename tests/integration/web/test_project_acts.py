"""Acts on a project where it is read: what each asks, what a refusal keeps, who is offered what, and who opens evidence."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luodi.projects.queries import load
from luodi.projects.values.rows import Settling, Status
from luodi.web.models import Account
from luodi.web.views.project_act_forms import VERBS
from tests import city

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1", life=(("在谈", date(2024, 1, 10)),))
    city.project("S1", host="YL02", life=(("在谈", date(2024, 1, 10)),))
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person="rep1"):
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def address(verb, code="P1", row=None):
    return reverse("project_act", args=[verb, code]) + (f"?row={row}" if row else "")


def shown(verb, person="rep1", row=None):
    answer = client(person).get(address(verb, row=row))
    assert answer.status_code == 200, (verb, answer.status_code)
    return answer.context


def send(verb, person="rep1", row=None, **given):
    expected = shown(verb, person, row)["expected"]
    return client(person).post(address(verb, row=row), {"expected": expected, **given})


def done(verb, person="rep1", row=None, **given):
    answer = send(verb, person, row, **given)
    assert answer.status_code == 302, [one.message() for one in answer.context["problems"]]


def said(answer):
    assert answer.status_code == 422
    return [one.code for one in answer.context["problems"]]


def picture(name="现场.png", content=PNG):
    return SimpleUploadedFile(name, content)


def claimed(day="2025-05-20"):
    done("claim", stage="签约", on=day, **{"file:contract": picture()})
    return load.dossier("P1").events[-1]


def verified():
    event = claimed()
    done("decide", "promo", row=event.row, do="verify")
    return load.dossier("P1").events[-1]


# Notes --------------------------------------------------------------------------------------------


def test_a_note_is_written_and_the_next_month_starts_from_it():
    done("note", progress="主体封顶", next="安装设备")
    assert load.notes(["P1"])["P1", "2025-05"].progress == "主体封顶"
    city.stand(date(2025, 7, 2))
    values = {one.name: one.value for one in shown("note")["fields"]}
    assert (values["progress"], values["next"]) == ("主体封顶", "安装设备")
    assert load.notes(["P1"]).keys() == {("P1", "2025-05")}


def test_two_who_write_the_same_note_lose_neither():
    done("note", progress="先写的")
    second = client("centre").post(address("note"), {"expected": "0", "progress": "后写的"})
    body = second.content.decode()
    assert said(second) == ["project.changed"]
    assert "先写的" in body
    assert "后写的" in body
    again = client("centre").post(address("note"), {"expected": second.context["expected"], "progress": "两人合写的"})
    assert again.status_code == 302
    assert load.notes(["P1"])["P1", "2025-05"].progress == "两人合写的"


# Stages -------------------------------------------------------------------------------------------


def test_a_claim_names_the_rule_that_makes_a_file_necessary_and_asks_for_nothing_else():
    browser = client()
    first = browser.get(address("claim"))
    assert [one.name for one in first.context["fields"]] == ["stage"]
    second = browser.post(address("claim"), {"stage": "签约"})
    files = [one for one in second.context["fields"] if one.kind == "files"]
    assert [one.name for one in files] == ["file:contract"]
    assert "双方签字盖章" in files[0].help


def test_a_stage_is_claimed_with_its_file_and_verified_by_another_unit():
    event = verified()
    assert event.status is Status.VERIFIED
    assert event.evidence_kinds == ("contract",)


def test_a_refused_claim_keeps_the_words_and_the_files():
    refused = send("claim", stage="签约", on="2025-07-20", words="已盖章", **{"file:contract": picture()})
    assert refused.status_code == 422
    (token,) = refused.context["kept"]
    body = refused.content.decode()
    assert "已盖章" in body
    assert "2025-07-20" in body
    assert done("claim", stage="签约", on="2025-05-20", kept=token) is None
    assert len(load.dossier("P1").events[-1].evidence) == 1


def test_files_kept_for_one_person_are_no_good_to_another():
    refused = send("claim", stage="签约", on="2025-07-20", **{"file:contract": picture()})
    (token,) = refused.context["kept"]
    city.project("S2", host="YL02", life=(("在谈", date(2024, 1, 10)),))
    answer = client("rep2").post(address("claim", "S2"), {"stage": "签约", "on": "2025-05-20", "kept": token})
    assert answer.status_code == 422
    assert answer.context["kept"] == []
    forged = client().post(address("claim"), {"stage": "签约", "on": "2025-05-20", "kept": token + "x"})
    assert forged.context["kept"] == []


def test_what_is_no_picture_is_refused_by_its_content():
    refused = send(
        "claim", stage="签约", on="2025-05-20", **{"file:contract": picture("合同.png", b"MZ not a picture")}
    )
    assert said(refused) == ["upload.not_a_picture"]


def test_a_stage_is_sent_back_with_a_reason():
    event = claimed()
    assert "project.reason.blank" in said(send("decide", "promo", row=event.row, do="send_back"))
    done("decide", "promo", row=event.row, do="send_back", reason="缺骑缝章")
    body = client().get("/projects/P1/").content.decode()
    assert "缺骑缝章" in body


def test_a_day_is_corrected_with_a_typed_reason_and_waits_anew():
    event = verified()
    done(
        "correct",
        "centre",
        row=event.row,
        on="2025-05-18",
        reason_kind="land",
        reason="看错",
    )
    last = load.dossier("P1").events[-1]
    assert (last.occurred_on, last.status) == (date(2025, 5, 18), Status.CLAIMED)


def test_a_stage_is_voided():
    event = verified()
    assert said(send("void", "centre", row=event.row, reason=""))
    done("void", "centre", row=event.row, reason="重复申报")
    assert [one.stage for one in load.dossier("P1").events] == ["在谈"]


def test_a_day_that_cannot_be_read_is_said():
    assert said(send("claim", stage="签约", on="五月")) == ["project.act_day"]


# Problems, people, nodes, lists -------------------------------------------------------------------


def test_a_problem_is_raised_settled_by_its_owner_and_closed_by_another():
    done("problem", title="用电没有着落", kind="utilities", owner="YL01")
    (problem,) = load.dossier("P1").problems
    assert problem.due_on == date(2025, 6, 17)
    done("settle", row=problem.row, words="已接通")
    assert load.dossier("P1").problems[0].state is Settling.SETTLED
    done("close", "centre", row=problem.row, do="close")
    assert load.dossier("P1").problems[0].state is Settling.CLOSED


def test_a_settled_problem_goes_back_to_its_owner():
    done("problem", title="用电没有着落", kind="utilities", owner="YL01")
    row = load.dossier("P1").problems[0].row
    done("settle", row=row, words="已接通")
    done("close", "centre", row=row, do="reopen", reason="还没有送电")
    assert load.dossier("P1").problems[0].state is Settling.OPEN


def test_a_duty_is_given_and_handed_over_by_name():
    done("duty", duty="secretary|", to="演示rep1", on="2025-06-02")
    done("duty", duty="secretary|rep1", to="chk1", on="2025-06-02", reason="轮岗")
    held = [one.holder for one in load.dossier("P1").duties if one.on(TODAY)]
    assert held == ["chk1"]


def test_somebody_who_does_not_exist_gets_no_duty():
    assert "project.duty.holder_unknown" in said(send("duty", duty="secretary|", to="无此人", on="2025-06-02"))


def test_a_node_is_added_moved_with_a_reason_and_reached():
    done("node", name="主体封顶", on="2025-08-01")
    (node,) = load.dossier("P1").nodes
    done("move", row=node.row, on="2025-09-01", reason_kind="land", reason="征地未完")
    moved = load.dossier("P1").nodes[0]
    assert (moved.baseline_on, moved.planned_on) == (date(2025, 8, 1), date(2025, 9, 1))
    done("reach", row=node.row, on="2025-06-01")
    assert load.dossier("P1").nodes[0].actual_on == date(2025, 6, 1)


def test_a_project_goes_on_a_list():
    done("list", "centre", list="市重点", on="2025-06-02")
    assert [one.list for one in load.dossier("P1").lists] == ["市重点"]


# Who ----------------------------------------------------------------------------------------------


def test_a_sibling_finds_no_form():
    for verb in VERBS:
        assert client("rep2").get(address(verb)).status_code in (403, 404), verb


def test_a_row_of_another_project_is_not_there():
    other = load.dossier("S1").events[-1].row
    for verb in ("decide", "correct", "void", "settle", "close", "move", "reach"):
        assert client("centre").get(address(verb, row=other)).status_code == 404, verb


def test_the_project_page_offers_what_one_may_do():
    page = client().get("/projects/P1/").content.decode()
    assert address("note") in page
    assert address("list") in page
    auditor = client("audit").get("/projects/P1/").content.decode()
    assert "/project-acts/" not in auditor


def test_a_verified_stage_is_corrected_only_by_those_who_may_void():
    event = claimed()
    link = address("void", row=event.row)
    assert link in client().get("/projects/P1/").content.decode()
    done("decide", "promo", row=event.row, do="verify")
    assert link not in client().get("/projects/P1/").content.decode()
    assert link in client("centre").get("/projects/P1/").content.decode()
    assert client().post(link, {"reason": "不要了", "expected": ""}).status_code in (403, 422)


def test_the_project_page_shows_evidence_and_who_checked_it():
    event = verified()
    page = client().get("/projects/P1/").content.decode()
    assert f"/evidence/{event.evidence[0]}/" in page
    assert "演示promo" in page
    others = client("leader").get("/projects/P1/").content.decode()
    assert f"/evidence/{event.evidence[0]}/" not in others  # it exists, and is not theirs to open
    assert "合同（协议）文本" in others


def test_more_rows_ask_no_more_questions():
    def asked(path):
        browser = client()
        browser.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(path).status_code == 200
        return len(seen)

    verified()
    done("problem", title="用电", kind="utilities", owner="YL01")
    done("node", name="主体封顶", on="2025-08-01")
    done("note", progress="一")
    few = asked("/projects/P1/"), asked(address("note"))
    for n in range(3):
        done("problem", title=f"难题{n}", kind="utilities", owner="YL01")
        done("node", name=f"节点{n}", on="2025-08-01")
    assert (asked("/projects/P1/"), asked(address("note"))) == few


def test_steps_passed_before_it_came_here_are_told_from_those_to_come():
    city.project("M1", life=(("开工", date(2025, 3, 1)),))
    steps = {
        one["stage"]: (bool(one["day"]), one["passed"]) for one in client("rep1").get("/projects/M1/").context["path"]
    }
    assert steps["签约"] == (False, True)
    assert steps["开工"] == (True, False)
    assert steps["竣工"] == (False, False)
    shown = client("rep1").get("/projects/M1/").content.decode()
    assert "未在本系统办理" in shown


def test_why_a_file_is_asked_is_said_in_the_reader_s_language():
    browser = client("rep1")
    browser.post("/preferences/", {"language": "en", "next": "/"})
    shown = browser.get(address("claim") + "?stage=签约").content.decode()
    assert "Because: signing is counted by the text that both sides signed" in shown
