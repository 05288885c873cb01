"""Search finds people within what one may see, and leads where one may go."""

from __future__ import annotations

import pytest

from luodi.identity import actions as identity
from tests import city
from tests.integration.web.test_people import TODAY, a_city, client  # noqa: F401 (the fixture)

pytestmark = pytest.mark.django_db


def people(person, query):
    groups = client(person).get("/search/", {"q": query}).context["groups"]
    return {hit["title"]: hit["url"] for group in groups if group["label"] == "search.people" for hit in group["hits"]}


@pytest.mark.parametrize("query", ["吕晓", "lvxiao", "lx"])
def test_a_colleague_is_found_by_name_pinyin_and_initials(query):
    assert people("chk1", query) == {"吕晓": "/projects/?holder=rep1"}


def test_the_city_s_offices_find_everybody_and_a_county_its_own():
    assert "吕晓" in people("centre", "lx")
    assert people("rep2", "lx") == {}


def test_who_keeps_people_comes_to_their_page_and_finds_those_without_a_post():
    identity.register_person(person="new1", name="吕新", actor=city.OPERATOR, on=TODAY)
    assert people("secadmin", "lx") == {"吕晓": "/people/rep1/", "吕新": "/people/new1/"}
    assert people("secadmin", "new1") == {"吕新": "/people/new1/"}
    assert "吕新" not in people("centre", "lx")


def test_an_administrator_of_the_machine_finds_no_people():
    assert people("sysadmin", "lx") == {}
    assert people("auditadmin", "lx") == {}


def test_nothing_that_search_offers_is_closed_to_who_is_offered_it():
    for person in ("leader", "rep1", "centre", "secadmin", "sysadmin", "auditadmin"):
        browser = client(person)
        for query in ("东川", "lx", "P1"):
            for group in browser.get("/search/", {"q": query}).context["groups"]:
                assert all(browser.get(hit["url"]).status_code == 200 for hit in group["hits"]), (person, query)


def test_a_project_of_that_name_comes_before_one_of_an_investor_of_that_name():
    city.project("B1", name="新岑机床项目", investor="恒岳装备有限公司")
    city.project("B2", name="恒岳光伏项目", investor="远屿能源有限公司")
    hits = client("centre").get("/search/", {"q": "hy"}).context["groups"][0]["hits"]
    assert [hit["title"] for hit in hits][:2] == ["恒岳光伏项目", "新岑机床项目"]
