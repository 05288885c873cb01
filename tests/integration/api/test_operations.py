"""The API does what pages and commands do, with a person's token."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luodi.identity import actions as identity
from luodi.kernel.period import month
from tests import city

pytestmark = pytest.mark.django_db
MAPPING = """
projects:
  columns:
    code: ID
    name: Title
    host: Town
    kind: {value: 招商引资}
    valid_from: {value: 2025-05-01}
"""
TODAY = date(2025, 6, 2)


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    city.project("P1")
    city.project("S1", host="YL02", life=(("在谈", date(2024, 1, 10)),))


def token(person: str) -> str:
    _, secret = identity.issue_token(person=person, actor=city.OPERATOR, on=TODAY, label="test")
    return secret


def client(person: str | None = "rep1") -> Client:
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token(person)}"} if person else {}
    return Client(**headers)


def test_health_needs_no_token_and_everything_else_does():
    assert client(None).get("/api/health").json()["synthetic"] is True
    answer = client(None).get("/api/indicators")
    assert answer.status_code == 401
    assert answer.json()["problems"][0]["code"] == "api.token_needed"


def test_the_document_is_openapi_3_1_and_every_operation_says_its_refusals():
    document = client(None).get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            assert {"200", "401", "403", "422"} <= set(operation["responses"]), (verb, path)


@pytest.mark.parametrize("path", ["projects/%0AX", "nothing", "projects/%0A%F1%9C%BE%91%5C", "forms/1/2/3/4"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_program_that_asks_at_a_wrong_address_is_not_given_a_page(path, method):
    answer = getattr(client("rep1"), method)(f"/api/{path}", headers={"accept-language": "en"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    (problem,) = answer.json()["problems"]
    assert (problem["code"], "openapi.json" in problem["message"]) == ("api.no_such_address", True)


def test_values_are_those_of_the_command_line():
    answer = client("leader").get(
        "/api/indicators/values",
        {"period": "2025-05", "unit": ["YL"], "indicator": ["signed_count", "signed_amount"], "span": "since"},
    )
    assert answer.status_code == 200, answer.content
    (line,) = answer.json()["units"]
    assert line["values"] == {"signed_count": 1, "signed_amount": "500000000.00"}


def test_rows_are_for_units_within_reach():
    question = {"period": "2025-05", "unit": "YL02", "span": "since"}
    assert client("rep1").get("/api/indicators/signed_count/rows", question).status_code == 403
    own = client("rep1").get("/api/indicators/signed_count/rows", question | {"unit": "YL01"})
    assert [row["subject"] for row in own.json()["rows"]] == ["P1"]


def test_a_sibling_sees_no_name_before_signing():
    body = client("rep1").get("/api/projects").json()
    assert body["total"] == 2
    assert "S1投资方" not in str(body)
    assert "S1生产线项目" not in str(body)
    assert client("rep1").get("/api/projects/S1").status_code == 404
    assert client("rep2").get("/api/projects/S1").json()["investor"] == "S1投资方"


def test_a_form_is_filled_checked_signed_submitted_and_accepted():
    place = "/api/forms/YL-T2/2025-05/YL01"
    names = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000", "filled_on": "2025-06-02"}
    saved = client("rep1").put(
        place, {"cells": {"P1|funds_in_place": "120"}, "signatories": names}, content_type="application/json"
    )
    assert saved.status_code == 200, saved.content
    assert saved.json()["cells"][1]["value"] == "1200000"
    refused = client("sig1").post(f"{place}/submission")
    assert refused.status_code == 422
    assert client("chk1").post(f"{place}/hands/check").status_code == 200
    assert client("sig1").post(f"{place}/hands/sign").status_code == 200
    assert "filing.scan_missing" in {
        one["code"] for one in client("sig1").post(f"{place}/submission").json()["problems"]
    }
    states = client("rep1").get("/api/forms", {"period": "2025-05"}).json()
    assert {one["unit"] for one in states} == {"YL01"}


def test_a_month_is_sealed_by_who_may():
    assert client("rep1").post("/api/seals/2025-05").status_code == 403
    sealed = client("centre").post("/api/seals/2025-05")
    assert sealed.json()["period"] == month(2025, 5).label
    assert client("centre").post("/api/seals/2025-05").status_code == 409
    assert [one["period"] for one in client("rep1").get("/api/seals").json()] == ["2025-05"]


def test_a_table_is_loaded_or_refused_whole():
    good = "项目编号,项目名称,属地,项目类型,起始日期\nN1,新项目,YL01,招商引资,2025-05-01\n"

    def load(text: str, person: str = "rep1"):
        return client(person).post("/api/imports/projects", {"file": SimpleUploadedFile("p.csv", text.encode())})

    assert load(good, "leader").status_code == 403
    answer = load(good)
    assert (answer.status_code, answer.json()["loaded"]) == (200, 1)
    assert load(good.replace("YL01", "NOPE").replace("N1", "N2")).status_code == 422


def test_a_foreign_table_is_marked_and_loaded_by_its_mapping():
    theirs, mapping = b"ID,Title,Town\nM1,A mill,YL01\nM2,A yard,NOPE\n", MAPPING.encode()

    def send(address: str, **more: object):
        parts = {"file": SimpleUploadedFile("t.csv", theirs), "mapping": SimpleUploadedFile("m.yaml", mapping), **more}
        return client("rep1").post(address, parts, headers={"Accept-Language": "en"})

    refused = send("/api/imports/projects")
    assert refused.status_code == 422
    assert "NOPE" in {one["found"] for one in refused.json()["problems"]}
    assert "There is no unit 'NOPE'" in refused.json()["problems"][-1]["message"]
    assert (refused.json()["rows"], refused.json()["refused"]) == (2, 1)
    marked = send("/api/imports/projects/marked")
    assert (marked.status_code, marked.content[:2]) == (200, b"PK")
    answer = send("/api/imports/projects?partial=true").json()
    assert (answer["loaded"], answer["refused"], answer["problem_counts"]) == (1, 1, refused.json()["problem_counts"])
    seen = client("rep1").get("/api/indicators/signed_count/rows", {"period": "2025-05", "unit": "YL01"}).json()
    assert (seen["span"], seen["role"], seen["basis"], seen["missing"]) == ("ytd", "host", "verified", 0)
    out = client("rep1").get("/api/exports/projects", {"project": "M1", "codes": "true", "file": "csv"})
    lines = out.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[0].startswith("code,") and lines[1].startswith("M1,")
    back = client("rep1").post(
        "/api/exports/projects?file=csv&project=M1", {"mapping": SimpleUploadedFile("m.yaml", mapping)}
    )
    assert back.content.decode("utf-8-sig").startswith("ID,Title,Town,")


def test_indicators_are_listed_as_the_command_lists_them():
    listed = client("rep1").get("/api/indicators").json()["indicators"]
    assert listed[0]["id"] == "signed_count" and {"zh", "en", "means_zh", "means_en"} <= listed[0].keys()


def test_verifying_proves_a_fact_and_compares_the_seals_kept_elsewhere():
    assert client("centre").post("/api/seals/2025-05").status_code == 200
    kept = client("centre").get("/api/store/seals").content

    def verify(exported: bytes):
        one = client("auditadmin")
        return one.post("/api/store/verify?proof=1", {"seals": SimpleUploadedFile("seals.json", exported)}).json()

    whole = verify(kept)
    assert whole["whole"] and whole["proofs"][0]["fact"] == 1
    other = verify(kept.replace(b'2025-05-31', b'2025-05-30'))
    assert [one["code"] for one in other["problems"]] == ["ledger.verify.seal_differs"]


def test_what_cannot_be_read_is_said_in_the_same_shape():
    answer = client("leader").get("/api/indicators/values", {"period": "2025-13"})
    assert answer.status_code == 422
    assert client("leader").get("/api/portfolio", {"on": "soon"}).json()["problems"][0]["code"] == "api.unreadable"
    assert client("leader").get("/api/indicators/values", {"period": "2025-05", "unit": ["NOPE"]}).status_code == 404


def test_tables_and_papers_come_as_files():
    table = client("rep1").get("/api/exports/projects")
    assert table.status_code == 200
    assert table.content[:2] == b"PK"
    assert client("sysadmin").get("/api/exports/projects").status_code == 403
    paper = client("centre").get("/api/papers/2025-05", {"edition": "flash"})
    assert (paper.status_code, paper.content[:2]) == (200, b"PK")
    assert client("centre").get("/api/papers/2025-05").status_code == 422
    assert client("rep1").get("/api/papers/2025-05", {"edition": "flash"}).status_code == 403
