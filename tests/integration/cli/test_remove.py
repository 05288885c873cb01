"""Removal by law as a command: who may, what goes, what the ledger keeps."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from luodi.cli.main import main
from luodi.identity import actions as identity
from luodi.identity.models import Person
from luodi.ledger import evidence, queries, verification
from luodi.projects.models import ProjectVersion
from tests import city

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "remove.md"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def a_city():
    city.make()
    city.project("P1")


def run(*arguments: str, code: int = 0) -> dict:
    answer = CliRunner().invoke(
        main, ["remove", *arguments, "--reason", "本人要求", "--format", "json"], catch_exceptions=False
    )
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout)


def codes(*arguments: str) -> list[str]:
    return [problem["code"] for problem in run(*arguments, code=1)["problems"]]


def test_a_person_goes_from_every_row():
    identity.register_person(person="rep1", name="演示改名", phone="000", actor=city.OPERATOR, on=date(2025, 6, 2))
    found = run("person", "rep1")
    assert found["removed"] == 2
    assert set(Person.objects.filter(person="rep1").values_list("name", "phone")) == {(None, None)}
    fact = queries.fact(found["facts"][0])
    assert (fact.name, fact.texts) == ("ledger.text.removed", {"reason": "本人要求"})
    assert verification.verify().problems == []
    assert run("person", "rep1")["removed"] == 0
    assert codes("person", "nobody") == ["identity.person.unknown"]


def test_words_of_a_row_and_a_file_go():
    row = ProjectVersion.objects.get(code="P1")
    run("text", str(row.id), "investor")
    assert ProjectVersion.objects.get(code="P1").investor is None
    assert codes("text", str(row.id), "investor") == ["ledger.text.unknown"]
    digest = evidence.store(b"%PDF-1.4 paper", "application/pdf")
    run("evidence", digest)
    assert not evidence.path_of(digest).exists()
    assert codes("evidence", digest) == ["ledger.evidence.removed"]


def test_the_reason_of_a_removal_can_go_too():
    (fact,) = run("text", str(ProjectVersion.objects.get(code="P1").id), "investor")["facts"]
    (later,) = run("words", str(fact), "reason")["facts"]
    assert queries.fact(fact).texts == {"reason": None}
    assert queries.fact(later).texts == {"reason": "本人要求"}
    assert codes("words", str(fact), "reason") == ["ledger.text.unknown"]
    assert verification.verify().problems == []


@pytest.mark.parametrize(
    "arguments", [("person", "rep1"), ("text", "1", "name"), ("words", "1", "reason"), ("evidence", "0")]
)
def test_only_who_may_removes(arguments):
    before = queries.last_fact()
    assert codes(*arguments, "--as", "leader") == ["permission.refused"]
    assert queries.last_fact() == before


def test_the_page_on_removing():
    identity.register_person(person="rep1", name="演示改名", phone="000", actor=city.OPERATOR, on=date(2025, 6, 2))
    given = {
        "ROW": str(ProjectVersion.objects.get(code="P1").id),
        "DIGEST": evidence.store(b"%PDF-1.4 paper", "application/pdf"),
        "FACT": str(run("person", "rep2")["facts"][0]),
    }
    (block,) = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    for line in block.splitlines():
        answer = CliRunner().invoke(main, [given.get(word, word) for word in shlex.split(line)[1:]])
        assert answer.exit_code == 0, answer.output
    report = verification.verify()
    assert (report.problems, report.removed_files) == ([], 1)
    assert report.removed_texts >= 3
