"""The first people of a new store come in at the machine: a post, an account whose link works once, a token that the API takes."""

from __future__ import annotations

from tests.integration.cli.conftest import Office

UNITS = """
    code,name,parent,kind,valid_from
    YL,云岭市,,city,2020-01-01
    YL01,东川区,YL,district,2020-01-01
"""
ADMIT = ("people", "admit", "sec1", "--name", "某人", "--unit", "YL", "--from", "2024-01-01")


def test_a_first_administrator_is_admitted_and_may_admit_others(office: Office):
    office.take("units", UNITS)
    said = office.run(*ADMIT, "--role", "security_admin", "--login", "first")
    assert {key: said[key] for key in ("person", "role", "unit", "from", "login")} == {
        "person": "sec1", "role": "security_admin", "unit": "YL", "from": "2024-01-01", "login": "first",
    }  # fmt: skip
    assert said["link"].startswith("/welcome/")
    again = ("people", "admit", "rep1", "--name", "某某", "--unit", "YL01", "--role", "reporter", "--as", "sec1")
    assert office.run(*again)["link"] is None
    refused = office.run(*again[:2], "rep2", *again[3:-1], "rep1", exit_code=1)
    assert [one["code"] for one in refused["problems"]] == ["permission.refused"]


def test_a_bad_post_leaves_nobody_behind(office: Office):
    office.take("units", UNITS)
    refused = office.run(*ADMIT, "--role", "nobody", "--login", "first", exit_code=1)
    assert [one["code"] for one in refused["problems"]] == ["identity.post.no_role"]
    assert office.run("verify")["facts"] == 1


def test_a_token_acts_for_its_person(office: Office):
    office.take("units", UNITS)
    office.run(*ADMIT, "--role", "auditor")
    given = office.run("people", "token", "sec1", "--label", "交换", "--until", "2099-01-01")
    assert given["until"] == "2099-01-01" and len(given["secret"]) > 30
    refused = office.run("people", "token", "nobody", exit_code=1)
    assert [one["code"] for one in refused["problems"]] == ["identity.person.unknown"]
