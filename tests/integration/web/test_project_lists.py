"""The list, board and map of one filter; what the cockpit's numbers open; acts on several with a refusal for each row."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luodi.projects import actions as projects
from luodi.projects.queries import load
from luodi.projects.values.drafts import DutyDraft, NodeDraft
from luodi.web import maps
from luodi.web.models import Account
from tests import city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_city")]
TODAY = date(2025, 6, 2)
SQUARES = {
    "type": "FeatureCollection",
    "review_number": "示审（2025）001号",
    "features": [
        {"type": "Feature", "properties": {"unit": unit}, "geometry": {"type": "Polygon", "coordinates": [[[x, 30], [x + 1, 30], [x + 1, 31], [x, 31], [x, 30]]]}}
        for x, unit in enumerate(("YL01", "YL02", "YLP1"), 110)
    ],
}  # fmt: skip


@pytest.fixture
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1")
    city.project("P2", life=city.USUAL_LIFE[:2])
    city.project("Q1", host="YL02", life=(*city.USUAL_LIFE[:3], ("开工", date(2025, 5, 6))))
    city.project("S1", host="YL02", life=city.USUAL_LIFE[:1])
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person: str = "leader") -> Client:
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def listed(query: str, person: str = "leader") -> list[str]:
    shown = client(person).get(f"/projects/?{query}")
    return [line.card.code for line in shown.context["lines"] if line.card]


# Narrowing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [("reached=落地", ["P1", "Q1"]), ("stage=签约", ["P2"]), ("state=在谈", ["S1"]), ("reached=nonsense", ["P1", "Q1", "P2", "S1"]), ("narrow=started_since&since=2025-05-01", ["Q1"]), ("narrow=started_since", ["P1", "Q1"]), ("narrow=at_work", ["P1", "Q1"]), ("narrow=to_work", ["P1", "Q1"]), ("narrow=nonsense", ["P1", "Q1", "P2", "S1"])],
)  # fmt: skip
def test_a_list_opens_what_a_number_counts(query, expected):
    assert listed(query) == expected


def test_due_overdue_and_mine():
    by = {"actor": city.actor("rep1", "YL01"), "today": TODAY}
    projects.add_nodes("P1", [NodeDraft("设备进场", date(2025, 6, 20))], **by)
    projects.add_nodes("P2", [NodeDraft("施工许可", date(2025, 5, 20))], **by)
    projects.assign_duties([DutyDraft("P1", "secretary", "rep1", date(2025, 1, 5))], actor=city.actor("promo", "YLD01"), today=TODAY)  # fmt: skip
    assert (listed("narrow=due_soon"), listed("narrow=overdue")) == (["P1"], ["P2"])
    assert (listed("narrow=mine"), listed("narrow=mine", "rep1")) == ([], ["P1"])
    page = client().get("/projects/?narrow=due_soon").content.decode()
    assert "30 天内节点到期" in page
    assert 'name="narrow" value="due_soon"' in page


def test_a_narrowed_list_shows_no_veiled_project():
    shown = client("rep1").get("/projects/?narrow=waiting")
    assert list(shown.context["lines"]) == []
    assert "S1投资方" not in client("rep1").get("/projects/").content.decode()


# Map ----------------------------------------------------------------------------------------------


def test_without_a_reviewed_map_units_are_tiles():
    shown = client().get("/pipeline/?view=map")
    assert shown.context["map"] is None
    assert [(place.unit, place.count, place.shade) for place in shown.context["places"]] == [("YL01", 2, 4), ("YL02", 2, 4), ("YLP1", 0, 0)]  # fmt: skip
    assert "带审图号" in shown.content.decode()


def test_a_map_with_its_review_number_is_drawn(tmp_path, settings):
    profile = shutil.copytree(settings.PROFILE, tmp_path / "profile")
    settings.PROFILE = profile
    (profile / maps.FILE).write_text(json.dumps(SQUARES), "utf-8")
    shown = client().get("/pipeline/?view=map&stage=开工").content.decode()
    assert "审图号：示审（2025）001号" in shown
    assert shown.count('<path class="area') == 3
    assert "unit=YL01" in shown
    assert "stage=%E5%BC%80%E5%B7%A5" in shown  # the filter stays in the link


@pytest.mark.parametrize("change", [{"review_number": " "}, {"features": []}, {"features": [{"properties": {"unit": "YL01"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}])  # fmt: skip
def test_a_map_without_number_or_areas_is_not_drawn(change):
    assert maps.drawn({**SQUARES, **change}) is None


def test_a_map_keeps_north_up_and_holes_open():
    ring = [[100, 30], [101, 30], [101, 31], [100, 31], [100, 30]]
    hole = [[100.4, 30.4], [100.6, 30.4], [100.6, 30.6], [100.4, 30.4]]
    feature = {"properties": {"unit": "A"}, "geometry": {"type": "MultiPolygon", "coordinates": [[ring, hole]]}}
    found = maps.drawn({"review_number": "1", "features": [feature]})
    (shape,) = found.shapes
    assert shape.path.count("M") == shape.path.count("Z") == 2
    x, y = shape.path[1:].split("L")[0].split()
    assert float(x) == 10
    assert abs(float(y) - float(found.height) + 10) < 1  # the south-west corner stands at the bottom


def test_a_broken_map_file_is_no_map(tmp_path, settings):
    settings.PROFILE = tmp_path
    assert maps.city_map() is None
    (tmp_path / maps.FILE).write_text("{", "utf-8")
    assert maps.city_map() is None
    (tmp_path / maps.FILE).write_text("[]", "utf-8")
    assert maps.city_map() is None


# Several at once ----------------------------------------------------------------------------------


def bulk(person: str, act: str, codes: list[str], **given: str):
    return client(person).post("/project-bulk/", {"act": act, "code": codes, **given})


def state(answer) -> dict[str, tuple[str, ...]]:
    return {row.card.code: tuple(problem.code for problem in row.problems) for row in answer.context["rows"]}


def test_a_list_is_offered_to_those_who_may_act():
    assert client("centre").get("/projects/").context["bulk"] == ["put_on_list", "take_off_list", "secretary"]
    assert client("leader").get("/projects/").context["bulk"] == []
    assert client("leader").post("/project-bulk/", {"act": "put_on_list", "code": ["P1"]}).status_code == 403


def test_a_preview_says_row_by_row_and_writes_nothing():
    projects.put_on_list(["P1"], name="市重点", on=TODAY, actor=city.actor("centre", "YLD02"), today=TODAY)
    answer = bulk("centre", "put_on_list", ["P1", "P2", "Q1"], list="市重点", on="2025-06-02", preview="1")
    assert state(answer) == {"P1": ("project.list.already",), "P2": (), "Q1": ()}
    assert answer.context["can"] == 2
    assert load.dossier("P2").lists == ()
    done = bulk("centre", "put_on_list", ["P1", "P2", "Q1"], list="市重点", on="2025-06-02", do="1")
    assert [row.done for row in done.context["rows"]] == [False, True, True]
    assert [one.list for one in load.dossier("P2").lists] == ["市重点"]
    off = bulk("centre", "take_off_list", ["P1", "S1"], list="市重点", on="2025-06-02", do="1")
    assert state(off) == {"P1": (), "S1": ("project.list.not_there",)}


def test_anothers_list_and_anothers_project_are_refused():
    kept = bulk("rep1", "put_on_list", ["P1"], list="市重点", on="2025-06-02", preview="1")
    assert state(kept) == {"P1": ("bulk.list_kept",)}
    assert "部门02" in kept.content.decode()
    hidden = bulk("rep1", "put_on_list", ["P1", "S1"], list="市重点", preview="1")
    assert set(state(hidden)) == {"P1"}  # what may not be seen can't be chosen


def test_secretaries_are_handed_over_and_given():
    projects.assign_duties([DutyDraft("P1", "secretary", "rep1", date(2025, 1, 5))], actor=city.actor("promo", "YLD01"), today=TODAY)  # fmt: skip
    preview = bulk("promo", "secretary", ["P1", "P2"], to="演示chk1", on="2025-06-02", reason="轮岗", preview="1")
    assert state(preview) == {"P1": (), "P2": ()}
    assert [row.now for row in preview.context["rows"]] == ["演示rep1", ""]
    bulk("promo", "secretary", ["P1", "P2"], to="演示chk1", on="2025-06-02", reason="轮岗", do="1")
    for code in ("P1", "P2"):
        held = [duty.holder for duty in load.dossier(code).duties if duty.duty == "secretary" and duty.on(TODAY)]
        assert held == ["chk1"]
    again = bulk("promo", "secretary", ["P1"], to="chk1", on="2025-06-02", preview="1")
    assert state(again)["P1"]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"act": "put_on_list", "list": "没有"}, "bulk.no_list"), ({"act": "secretary", "to": "无此人"}, "bulk.nobody"), ({"act": "put_on_list", "list": "市重点", "on": "soon"}, "project.act_day")],
)  # fmt: skip
def test_what_is_missing_is_said(given, code):
    answer = client("centre").post("/project-bulk/", {"code": ["P1"], "preview": "1", **given})
    assert answer.status_code == 422
    assert [one.code for one in answer.context["missing"]] == [code]


def test_nothing_chosen_goes_back_to_the_list():
    assert client("centre").post("/project-bulk/", {"act": "put_on_list"}).url == "/projects/"
    assert client("centre").post("/project-bulk/", {"act": "delete", "code": ["P1"]}).url == "/projects/"


# Costs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/projects/", "/projects/?narrow=at_work", "/pipeline/?view=map", "/pipeline/"])
def test_many_projects_cost_no_more_queries_than_few(path):
    browser = client("centre")

    def count() -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    few = count()
    for n in range(12):
        city.project(f"M{n}", host=("YL01", "YL02")[n % 2])
    assert count() <= few


def test_a_preview_of_many_costs_no_more_queries_than_one():
    browser = client("centre")
    for n in range(12):
        city.project(f"M{n}")

    def count(codes: list[str]) -> int:
        given = {"act": "put_on_list", "code": codes, "list": "市重点", "on": "2025-06-02", "preview": "1"}
        browser.post("/project-bulk/", given)
        with CaptureQueriesContext(connection) as queries:
            browser.post("/project-bulk/", given)
        return len(queries)

    assert count([f"M{n}" for n in range(12)]) <= count(["M1"])


def test_pages_speak_english():
    browser = client("centre")
    session = browser.session
    session["language"] = "en"
    session.save()
    for path in ("/projects/?narrow=mine&reached=签约", "/pipeline/?view=map", "/pipeline/"):
        page = browser.get(path).content.decode()
        assert re.findall(r"\b(?:projects|pipeline|bulk|views)\.(?!css|js)[a-z_]+", page) == []
    page = browser.post("/project-bulk/", {"act": "secretary", "code": ["P1"]}).content.decode()
    assert "Hand over the secretary" in page
