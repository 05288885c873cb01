"""
Every route, every role, own and sibling unit: generated from the routes themselves, so that a new one without a rule fails.

What a page may show inside is tested where it is decided; here: who gets in, that nobody gets a server error, and that a
sibling unit reads no name before signing anywhere.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from luodi.codebook.values import Permission
from luodi.identity import permissions
from luodi.web.models import Account
from tests import city

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
SECRET = ("S1投资方", "S1生产线项目")
PERSONS = tuple(person for person, _, _ in city.PEOPLE)
# What stands for a parameter in an address: of the own unit, of the sibling's.
ARGUMENTS = {
    "form": ("YL-T1", "YL-T1"), "view": ("none", "none"), "period": ("2025-05", "2025-05"), "unit": ("YL01", "YL02"), "code": ("P1", "S1"),
    "indicator": ("signed_count", "signed_count"), "submission": ("65536", "65536"), "person": ("rep1", "rep2"),
    "paper": ("notice", "notice"), "digest": ("a" * 64, "a" * 64), "kind": ("projects", "projects"), "section": ("stages", "stages"),
    "uid": ("MQ", "Mg"), "token": ("a-b", "a-b"),
    "name": ("P1", "S1"), "verb": ("note", "note"), "topic": ("desk", "desk"), "row": ("65536", "65536"), "node": ("65536", "65536"), "part": ("1", "1"), "problem": ("65536", "65536"),
}  # fmt: skip


def routes() -> list[URLPattern]:
    found, waiting = [], list(get_resolver("luodi.web.urls").url_patterns)
    for pattern in waiting:
        if isinstance(pattern, URLPattern):
            found.append(pattern)
        else:
            waiting += pattern.url_patterns
    return found


ROUTES = {pattern.name: pattern for pattern in routes()}


def addresses(name: str) -> list[str]:
    """Give a route's address for the own and for the sibling unit."""
    wanted = list(ROUTES[name].pattern.converters)
    missing = [one for one in wanted if one not in ARGUMENTS]
    assert not missing, f"say in ARGUMENTS what stands for {missing}"
    return [reverse(name, kwargs={one: ARGUMENTS[one][n] for one in wanted}) for n in (0, 1)]


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    city.project("P1")
    city.project("S1", host="YL02", life=(("在谈", date(2024, 1, 10)),))
    for person in PERSONS:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person: str | None) -> Client:
    browser = Client()
    if person:
        browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_every_route_says_who_may_open_it():
    unmarked = [name for name, pattern in ROUTES.items() if not hasattr(pattern.callback, "rule")]
    assert unmarked == []
    assert len(ROUTES) >= 10


@pytest.mark.parametrize("person", PERSONS)
def test_each_role_gets_in_where_its_permissions_say_and_nowhere_else(person):
    browser, who = client(person), permissions.who(person, on=TODAY)
    for name, pattern in ROUTES.items():
        rule = pattern.callback.rule
        allowed = rule in ("public", "signed_in") or any(permissions.may_anywhere(who, one, on=TODAY) for one in rule)
        for address in addresses(name):
            status = browser.get(address).status_code
            assert status < 500, (person, address, status)
            if not allowed:
                assert status in (403, 405), (person, address, status)
            elif ROUTES[name].pattern.converters == {}:
                assert status in (200, 302, 405), (person, address, status)


def test_nobody_gets_in_without_signing_in():
    browser = client(None)
    for name, pattern in ROUTES.items():
        if pattern.callback.rule != "public":
            answer = browser.get(addresses(name)[0])
            assert answer.status_code in (302, 405), name
            assert answer.status_code == 405 or answer.url.startswith("/sign-in/")


@pytest.mark.parametrize("person", ["rep1", "chk1", "sig1", "head1", "reform"])
def test_a_sibling_reads_no_name_before_signing_anywhere(person):
    browser = client(person)
    for name in ROUTES:
        for address in addresses(name):
            for query in ("", "?q=S1", "?q=S1投资方", "?as=xlsx", "?unit=YL02"):
                body = browser.get(address + query).content.decode(errors="replace")
                # What the person typed is on the page again; anything else is not.
                body = (
                    body.replace("q=S1投资方", "").replace('value="S1投资方"', "").replace(">S1投资方<", "><")
                    if "S1投资方" in query
                    else body
                )
                assert not [word for word in SECRET if word in body], (person, address + query)


def test_those_who_may_see_it_do():
    assert "S1投资方" in client("rep2").get("/projects/").content.decode()


def test_rules_are_permissions_that_exist():
    for pattern in ROUTES.values():
        if pattern.callback.rule not in ("public", "signed_in"):
            assert all(isinstance(one, Permission) for one in pattern.callback.rule)
