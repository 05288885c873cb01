"""Lists, the board and a project's page: who sees what, in how many queries, and what memory keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luodi.codebook import queries as codebook
from luodi.projects import actions
from luodi.projects.queries import cards, lists, page
from luodi.projects.queries.lists import Filter
from luodi.projects.rules.lights import Colour
from luodi.projects.values.drafts import DutyDraft, NodeDraft, NoteDraft
from luodi.projects.values.rows import PlanClass
from luodi.projects.values.views import Figures
from tests.integration.projects.conftest import (
    CENTRE,
    COMPLETE,
    PROMOTION,
    REPORTER,
    TODAY,
    claim,
    create,
    look,
    signed,
    verify,
)

pytestmark = pytest.mark.usefixtures("yunling")


def seen(person: str, **wanted) -> list[str]:
    """List the labels that somebody sees."""
    return [line.face.label for line in lists.project_list(look(person), Filter(**wanted))]


def test_before_signing_other_units_see_a_code_name_and_nothing_else():
    create("P1", name="晨光智能工厂")
    (line,) = lists.project_list(look("rep2"), Filter())
    assert line.card is None and line.face.veiled and line.face.code is None and line.face.investor is None
    assert "晨光" not in repr(line) and "YL01" not in repr(line)
    assert seen("rep1") == seen("centre") == ["晨光智能工厂"]
    for wanted in (
        {"text": "晨光"},
        {"host": "YL01"},
        {"kind": "招商引资"},
        {"text": "P1"},
        {"codes": frozenset({"P1"})},
    ):
        assert seen("rep2", **wanted) == []
    assert seen("rep2", industry="30") == [line.face.label]
    assert seen("rep2", text=line.face.label) == [line.face.label]
    with pytest.raises(page.NoSuchProject):
        page.project_page("P1", look("rep2"))


def test_after_signing_the_name_is_no_secret_but_the_figures_stay_within_reach():
    signed("P1", name="晨光智能工厂")
    (line,) = lists.project_list(look("rep2"), Filter())
    assert (line.face.label, line.card, line.state) == ("晨光智能工厂", None, "签约")
    other = page.project_page("P1", look("rep2"))
    assert other.card is None and other.timeline == ()
    assert seen("rep2", text="晨光") == ["晨光智能工厂"]


def test_filters_find_by_pinyin_unit_stage_list_kind_and_holder():
    signed("P1", name="晨光智能工厂")
    create("P2", name="青川水泥技改", kind="技术改造", industry="C30", introducer="YL02", investor="青川水泥")
    actions.put_on_list(["P2"], name="市重点", on=date(2025, 3, 1), actor=CENTRE, today=TODAY)
    actions.assign_duties([DutyDraft("P1", "secretary", "sec1", date(2025, 3, 1))], actor=PROMOTION, today=TODAY)
    expected = {
        "P1": (
            {"text": "cgzn"}, {"text": "chenguang"}, {"stages": frozenset({"签约"})}, {"states": frozenset({"签约"})},
            {"holder": "sec1"}, {"plan_class": PlanClass.PRELIMINARY, "kind": "招商引资"}, {"industry": "3011"},
        ),
        "P2": ({"text": "青川"}, {"kind": "技术改造"}, {"list": "市重点"}, {"stages": frozenset({""})}, {"codes": frozenset({"P2"})}),
    }  # fmt: skip
    for code, filters in expected.items():
        for wanted in filters:
            found = lists.project_list(look("centre"), Filter(**wanted))
            assert [line.card.code for line in found] == [code], wanted
    assert len(seen("centre", unit="YL")) == 2
    assert len(seen("centre", unit="YL02")) == 1
    assert [line.card.code for line in lists.project_list(look("sec1"), Filter()) if line.card] == ["P1"]


def test_problems_orphans_waiting_claims_and_lights_are_filters_too():
    signed("P1")
    signed("P2")
    create("P3")
    claim("签约", date(2025, 4, 1), "P3")
    actions.raise_problem("P1", title="缺电", kind="utilities", owner="YL01", actor=REPORTER, today=TODAY)
    actions.add_nodes("P2", [NodeDraft("打桩", date(2025, 3, 1))], actor=REPORTER, today=TODAY)
    viewer = look("centre")

    def found(**wanted):
        return [line.card.code for line in lists.project_list(viewer, Filter(**wanted))]

    assert found(with_problems=True) == ["P1"]
    assert found(orphaned=True) == ["P1", "P2"]
    assert found(waiting_for="YLD01") == ["P3"]
    assert found(light=Colour.RED) == ["P2"]
    (pair,) = lists.waiting_claims(look("promo"))
    assert pair[0].code == "P3" and pair[1].stage == "签约"
    assert lists.waiting_claims(viewer) == []


def test_the_board_counts_each_project_once_and_others_apart():
    signed("P1")
    create("P2", host="YL02")
    create("P3")
    board = lists.board(look("rep1"))
    by_stage = {column.stage: (column.count, column.amount) for column in board.columns}
    assert by_stage["签约"] == (1, Decimal(500_000_000)) and by_stage[""] == (1, Decimal(500_000_000))
    assert by_stage["开工"] == (0, None) and board.others == 1
    assert [column.stage for column in board.columns][1:] == list(codebook.profile().path)


def test_figures_handed_in_light_the_lights_that_need_them():
    from luodi.projects.values.drafts import PlanDraft

    signed("P1")
    actions.set_plans([PlanDraft("P1", 2025, Decimal(1000))], actor=REPORTER, today=TODAY)
    (line,) = lists.project_list(look("centre"), figures=Figures(invested={"P1": Decimal(0)}))
    behind = next(lamp for lamp in line.lights.lamps if lamp.rule == "behind")
    assert behind.colour is Colour.RED
    (dark,) = lists.project_list(look("centre"))
    assert next(lamp for lamp in dark.lights.lamps if lamp.rule == "behind").colour is Colour.NONE


def test_the_page_tells_every_act_with_who_and_what_changed():
    create()
    actions.revise_project(replace(COMPLETE, total_investment=Decimal(600_000_000)), actor=REPORTER, today=TODAY)
    row = claim("签约", date(2025, 2, 1))
    verify(row, PROMOTION)
    actions.write_notes([NoteDraft("P1", "2025-04", progress="上月")], actor=REPORTER, today=TODAY)
    actions.write_notes([NoteDraft("P1", "2025-05", progress="本月")], actor=REPORTER, today=TODAY)
    story = page.project_page("P1", look("centre"), period="2025-05")
    latest_first = [entry.known_at for entry in story.timeline]
    assert latest_first == sorted(latest_first, reverse=True)
    revised = next(entry for entry in story.timeline if entry.table == "projects.ProjectVersion")
    assert [(change.field, change.before, change.after) for change in revised.changes] == [
        ("total_investment", Decimal(500_000_000), Decimal(600_000_000))
    ]
    verdict = next(entry for entry in story.timeline if entry.table == "ledger.Verdict")
    assert (verdict.person, verdict.unit, verdict.subject, verdict.via) == ("promo", "YLD01", "签约", "web")
    assert story.note.progress == "本月" and story.note_before.progress == "上月"
    assert "落地" in story.next_stages and "签约" not in story.next_stages
    assert story.card.state == "签约"


def test_the_note_before_is_told_by_days_not_by_letters():
    create()
    for third in ("上旬", "中旬", "下旬"):
        actions.write_notes([NoteDraft("P1", f"2025-05-{third}", progress=third)], actor=REPORTER, today=TODAY)
    story = page.project_page("P1", look("centre"), period="2025-05-下旬")
    assert (story.note.progress, story.note_before.progress) == ("下旬", "中旬")
    assert [note.progress for note in story.notes] == ["下旬", "中旬", "上旬"]


def test_a_voided_row_stays_in_the_story():
    create()
    row = claim("签约", date(2025, 2, 1))
    actions.void_stage(row, reason="报错", actor=REPORTER, today=TODAY)
    story = page.project_page("P1", look("centre"))
    assert next(entry for entry in story.timeline if entry.row == row).voided
    assert any(entry.table == "ledger.Void" for entry in story.timeline)


def test_an_unknown_project_has_no_page():
    with pytest.raises(page.NoSuchProject):
        page.project_page("无", look("centre"))


def queries_of(work) -> int:
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_projects():
    viewer = look("centre")
    signed("P1")
    one = queries_of(lambda: lists.board(viewer)), queries_of(lambda: page.project_page("P1", viewer))
    for n in range(2, 9):
        signed(f"P{n}")
        actions.write_notes([NoteDraft("P1", f"2025-0{n % 6 + 1}", progress="进展")], actor=REPORTER, today=TODAY)
    many = queries_of(lambda: lists.board(viewer)), queries_of(lambda: page.project_page("P1", viewer))
    assert many == one
    assert one[0] <= 16 and one[1] <= 36


def test_many_claims_cost_as_many_queries_as_one():
    from luodi.projects.values.drafts import StageClaim

    for n in range(6):
        create(f"P{n}")
    first = [StageClaim("P0", "在谈", date(2025, 2, 1))]
    rest = [StageClaim(f"P{n}", "在谈", date(2025, 2, 1)) for n in range(1, 6)]
    one = queries_of(lambda: actions.claim_stages(first, actor=REPORTER, today=TODAY))
    five = queries_of(lambda: actions.claim_stages(rest, actor=REPORTER, today=TODAY))
    # executemany writes row by row on SQLite and is logged as one statement.
    assert five <= one + 1


def test_many_projects_are_registered_in_as_many_queries_as_one():
    def register(*numbers):
        drafts = [replace(COMPLETE, code=f"P{n}", valid_from=date(2025, 1, n)) for n in numbers]
        return queries_of(lambda: actions.create_projects(drafts, actor=REPORTER, today=TODAY))

    one = register(1)
    assert register(*range(2, 9)) <= one + 1


def test_a_leader_sees_the_city_and_a_stranger_nothing():
    create("P1")
    signed("P2")
    assert len(seen("leader")) == 2
    for person in ("nobody", "sysadmin"):
        assert seen(person) == []
        with pytest.raises(page.NoSuchProject):
            page.project_page("P2", look(person))
    assert cards.cards(on=date(2024, 1, 1), profile=codebook.profile()) == {}
