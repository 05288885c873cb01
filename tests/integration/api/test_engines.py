"""The engines and the keeping of the store over HTTP: the documents of the commands, with a token and files sent."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luodi.assessment import schemes
from luodi.cli.main import main
from luodi.codebook import load
from luodi.identity import actions as identity
from luodi.ledger import backup, queries
from tests import city

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)
TOWNS = Path(schemes.__file__).parent / "shipped" / "towns"


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    city.project("P1")


def client(person: str = "rep1") -> Client:
    _, secret = identity.issue_token(person=person, actor=city.OPERATOR, on=TODAY, label="test")
    return Client(HTTP_AUTHORIZATION=f"Bearer {secret}")


def file(content: str | bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def printed(*arguments: str) -> dict:
    """Give what the command prints."""
    answer = CliRunner().invoke(main, [*arguments, "--format", "json"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_a_score_is_that_of_the_command():
    sent = {
        "scheme": file((TOWNS / "scheme.yaml").read_bytes(), "scheme.yaml"),
        "data": file((TOWNS / "data.csv").read_bytes(), "data.csv"),
        "rows": [file((TOWNS / "projects.csv").read_bytes(), "projects.csv")],
    }
    answer = client().post("/api/engines/score", sent)
    assert answer.status_code == 200, answer.content
    wanted = printed(
        "score", str(TOWNS / "scheme.yaml"), str(TOWNS / "data.csv"), "--rows", f"projects={TOWNS / 'projects.csv'}"
    )
    assert answer.json()["units"] == wanted["units"]
    assert b'"score":112.00' in answer.content


def test_a_scheme_is_checked_explained_tried_and_compared():
    text = (TOWNS / "scheme.yaml").read_text("utf-8")
    one = client()
    assert one.post("/api/engines/scheme/check", {"scheme": file(text, "s.yaml")}).json()["problems"] == []
    explained = one.post("/api/engines/scheme/explain", {"scheme": file(text, "s.yaml")})
    assert explained.status_code == 200
    bad = one.post(
        "/api/engines/scheme/check", {"scheme": file(text.replace("format: luodi-scheme/1", "format: x"), "s.yaml")}
    )
    assert bad.status_code == 422
    (problem,) = bad.json()["problems"]
    assert (problem["code"], problem["file"]) == ("scheme.format", "scheme.yaml")
    other = text.replace("half_up", "half_even", 1)
    told = one.post("/api/engines/scheme/diff", {"old": file(text, "a.yaml"), "new": file(other, "b.yaml")})
    assert len(told.json()["differences"]) == 1


def test_a_clock_and_a_plan_answer():
    one = client()
    clock = one.post(
        "/api/engines/clock", {"policy_id": "13710", "issued": "2024-09-28T10:00", "now": "2024-10-10T09:00"}
    )
    assert clock.status_code == 200, clock.content
    assert clock.json() == printed("clock", "13710", "--issued", "2024-09-28T10:00", "--now", "2024-10-10T09:00")
    plan = "format: luodi-plan/1\nunit: step\nobjective: makespan\nresources: {R1: 2}\ntasks:\n  - {id: a, duration: 3, needs: {R1: 1}, after: []}\n"
    answer = one.post("/api/engines/plan", {"file": file(plan, "plan.yaml")})
    assert (answer.status_code, answer.json()["objective"]["value"]) == (200, 3)
    unknown = one.post("/api/engines/clock", {"policy_id": "none", "issued": "2024-09-28"})
    assert unknown.status_code == 422


def test_a_speech_and_names_are_read():
    speech = file("市招商局要在6月20日前完成项目清单，市财政局配合。".encode(), "speech.txt")
    tasks = client().post("/api/engines/decompose", {"file": speech, "day": "2025-06-02"}).json()["tasks"]
    assert [task["due"] for task in tasks] == ["2025-06-20"]
    sent = {
        "names": file("name\n云岭公司\n", "names.csv"),
        "register_file": file("code,name,uscc\nE1,云岭公司,\n", "register.csv"),
    }
    assert client().post("/api/engines/match", sent).json()["matches"][0]["code"] == "E1"


def test_a_scheme_is_applied_to_the_store_by_who_may_score():
    scheme = """
format: luodi-scheme/1
id: t
valid: {from: 2025-01-01, to: 2025-12-31}
basis: "示例"
inputs:
  signed_count: {from: column, unit: 个, missing: error}
groups:
  district: {items: [n], weights: {}, not_applicable: no_redistribution}
items:
  n: {op: sum, of: [{value: signed_count, times: 2}], cap: none, basis: "一", round: {places: 2, mode: half_up}}
total: {op: sum, of: [n], cap: none, round: {places: 2, mode: half_up}}
rank: {by: total, order: desc, ties: same_rank_skip, then: []}
corrections: rerank
"""
    identity.register_person(person="judge", name="演示judge", actor=city.OPERATOR, on=TODAY)
    identity.give_post(
        person="judge", unit="YLD09", role="assessment", valid_from=city.BEGAN, actor=city.OPERATOR, on=TODAY
    )
    sent = {"period": "2025-05"}
    assert client("rep1").post("/api/assess", {**sent, "scheme": file(scheme, "s.yaml")}).status_code == 403
    found = client("judge").post("/api/assess", {**sent, "scheme": file(scheme, "s.yaml")})
    assert found.status_code == 200, found.content
    assert {unit["unit"]: unit["score"] for unit in found.json()["units"]} == {"YL01": 0, "YL02": 0}
    assert found.json()["inputs"] == {"signed_count": {"indicator": "signed_count", "span": "ytd", "basis": "verified"}}


def test_the_store_is_verified_rebuilt_and_backed_up_by_who_may():
    assert client("rep1").post("/api/store/verify").status_code == 403
    found = client("audit").post("/api/store/verify").json()
    assert (found["whole"], found["problems"]) == (True, [])
    assert client("audit").post("/api/store/rebuild").status_code == 403
    assert client("sysadmin").post("/api/store/rebuild").json()["rows"]["projects.ProjectVersion"] == 1
    assert client("audit").post("/api/store/backup").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_backup_over_http_is_the_whole_store(tmp_path: Path):
    answer = client("sysadmin").post("/api/store/backup")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/octet-stream")
    (path := tmp_path / "kept.backup").write_bytes(answer.content)
    (into := tmp_path / "unpacked").mkdir()
    assert backup.unpack(path, into)["facts"] == queries.last_fact()


def test_a_profile_is_checked_as_a_zip():
    def zipped(change: str = "") -> SimpleUploadedFile:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for path in sorted(load.SHIPPED.rglob("*")):
                if path.is_file():
                    text = path.read_bytes()
                    archive.writestr(
                        f"city/{path.relative_to(load.SHIPPED)}",
                        text + change.encode() if path.name == "10-city.yaml" else text,
                    )
        return SimpleUploadedFile("city.zip", held.getvalue())

    assert client().post("/api/profile/check", {"folder": zipped()}).json() == {"problems": []}
    found = client().post("/api/profile/check", {"folder": zipped("\nnonsense: 1\n")}).json()["problems"]
    assert found[0]["file"] == "city/10-city.yaml"
    assert client().post("/api/profile/check", {"folder": file("no zip", "x.zip")}).status_code == 422


def test_a_template_comes_and_a_form_is_filled():
    blank = client().get("/api/templates/projects")
    assert (blank.status_code, blank.content[:2]) == (200, b"PK")
    book = openpyxl.Workbook()
    held = io.BytesIO()
    book.save(held)
    mapping = "cells:\n  B2: {indicator: signed_count, unit: YL, span: since}\n"

    def sent() -> dict:
        return {
            "template": file(held.getvalue(), "form.xlsx"),
            "mapping": file(mapping, "map.yaml"),
            "period": "2025-05",
        }

    assert client("rep1").post("/api/fill", sent()).status_code == 403
    filled = client("centre").post("/api/fill", sent())
    assert filled.status_code == 200, filled.content
    assert openpyxl.load_workbook(io.BytesIO(filled.content)).active["B2"].value == 1


def test_a_bridge_needs_a_seal_and_an_unknown_number_is_not_there():
    one = client("centre")
    asked = {"period": "2025-05", "unit": "YL"}
    assert one.get("/api/indicators/signed_count/bridge", asked).status_code == 422
    one.post("/api/seals/2025-05")
    bridge = one.get("/api/indicators/signed_count/bridge", asked)
    assert (bridge.status_code, bridge.json()["steps"]) == (200, [])
    assert one.get("/api/traces/9999.1").status_code == 404
    exported = json.loads(one.get("/api/store/seals").content)
    assert [seal["period"] for seal in exported["seals"]] == ["2025-05"]


def test_portfolio_and_gaps_are_the_documents_of_the_commands():
    found = client("leader").get("/api/portfolio", {"on": "2025-06-02", "by": "host"}).json()
    assert (found["by"], [row["count"] for row in found["rows"]]) == ("host", [1])
    gaps = client("leader").get("/api/gaps", {"since": "签约", "until": "开工"}).json()
    assert (gaps["from"], gaps["to"]) == ("签约", "开工")
