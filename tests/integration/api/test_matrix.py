"""Every operation of the API for every role, generated from its own document; a sibling reads no name before signing."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.test import Client

from luodi.identity import actions as identity
from tests import city

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
SECRET = ("S1投资方", "S1生产线项目")
ARGUMENTS = {
    "period": "2025-05", "unit": "YL02", "form": "YL-T1", "indicator": "negotiating_count", "code": "S1", "step": "check",
    "submission": "65536", "kind": "projects", "on": "2025-06-02", "since": "签约", "until": "开工", "ref": "1.1",
}  # fmt: skip
# Who may do these; everybody else is refused, whatever the rest of the call says.
ONLY = {
    ("post", "/api/seals/{period}"): {"centre"},
    ("get", "/api/indicators/{indicator}/rows"): {
        "leader",
        "rep2",
        "chk2",
        "sig2",
        "centre",
        "reform",
        "promo",
        "audit",
    },
    ("get", "/api/forms/{form}/{period}/{unit}"): {"rep2"},
    ("put", "/api/forms/{form}/{period}/{unit}"): {"rep2"},
    ("post", "/api/forms/{form}/{period}/{unit}/hands/{step}"): {"chk2"},
    ("post", "/api/forms/{form}/{period}/{unit}/submission"): {"rep2", "sig2"},
    ("get", "/api/indicators/{indicator}/bridge"): {
        "leader",
        "rep2",
        "chk2",
        "sig2",
        "centre",
        "reform",
        "promo",
        "audit",
    },
    ("post", "/api/store/verify"): {"centre", "audit", "sysadmin", "auditadmin"},
    ("post", "/api/store/rebuild"): {"sysadmin"},
    ("post", "/api/store/backup"): {"sysadmin"},
}


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    city.project("S1", host="YL02", life=(("在谈", date(2024, 1, 10)),))


def operations() -> list[tuple[str, str, list[str]]]:
    document = Client().get("/api/openapi.json").json()
    return [
        (
            verb,
            path,
            [one["name"] for one in operation.get("parameters", []) if one["in"] == "query" and one.get("required")],
        )
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    ]


def call(client: Client, verb: str, path: str, query: list[str]):
    address = path.format(**ARGUMENTS)
    if query:
        address += "?" + "&".join(f"{name}={ARGUMENTS[name]}" for name in query)
    given = {} if verb == "get" else {"data": {}, "content_type": "application/json"}
    return getattr(client, verb)(address, **given)


def said(content: bytes) -> str:
    """Give the words of an answer, those inside a workbook too."""
    if content[:2] != b"PK":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode(errors="replace") for name in book.namelist())


@pytest.mark.parametrize("person", [person for person, _, _ in city.PEOPLE])
def test_each_role_gets_what_its_permissions_say(person):
    _, secret = identity.issue_token(person=person, actor=city.OPERATOR, on=TODAY, label="test")
    client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
    for verb, path, query in operations():
        if path == "/api/store/backup" and person == "sysadmin":
            continue  # a copy of the whole store is not made within a test's transaction: see test_engines
        answer = call(client, verb, path, query)
        assert answer.status_code < 500, (person, verb, path)
        allowed = ONLY.get((verb, path))
        if allowed is not None:
            assert (answer.status_code == 403) == (person not in allowed), (
                person,
                verb,
                path,
                answer.status_code,
                answer.content,
            )
        if person.endswith("1"):
            assert not [word for word in SECRET if word in said(answer.content)], (person, path)


def test_the_table_names_operations_that_exist():
    known = {(verb, path) for verb, path, _ in operations()}
    assert set(ONLY) <= known
