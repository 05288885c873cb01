"""The how-to page of papers, followed: its commands run, its fields are those that templates get."""

from __future__ import annotations

import json
import re
import shlex

import pytest
from click.testing import CliRunner

from luodi.cli.bulletin import bulletin
from luodi.documents.render import fields
from tests import city
from tests.integration.documents import town
from tests.unit.documents import papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(root) -> str:
    return (root / "docs" / "howto" / "bulletin.md").read_text("utf-8")


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command as the operator, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUODI_USER", raising=False)
    monkeypatch.setattr("luodi.cli.acting.acting", lambda person=None: city.OPERATOR)  # the operator on both stores
    return lambda *words: CliRunner().invoke(bulletin, list(words))


def test_every_command_of_the_page_writes_its_file(page, run, tmp_path):
    town.make()
    town.seal()
    lines = [line for line in page.splitlines() if line.startswith("luodi bulletin 2024")]
    assert len(lines) == 6
    for line in lines:
        words = shlex.split(line, comments=True)[2:]
        months = {"2024-04": "2025-05", "2024-05": "2025-06"}
        found = run(*[months.get(word, word) for word in words])
        assert found.exit_code == 0, (line, found.output)
        assert (tmp_path / words[words.index("-o") + 1]).stat().st_size > 5_000


def test_json_is_one_document_and_a_refusal_exits_1(run):
    town.make()
    refused = run("2025-05", "-o", "x.docx", "--format", "json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["problems"][0]["code"] == "bulletin.not_sealed"
    town.seal()
    made = json.loads(run("2025-05", "--checking", "-o", "x.docx", "--format", "json").stdout)
    assert (made["kind"], made["edition"], made["filed"], made["owed"]) == ("notice", "final", 1, 9)
    assert made["references"] > 10
    assert re.fullmatch(r"\d+\.1", made["first_reference"])


@pytest.mark.parametrize(
    "words", [("2025-05", "-o", "x.pdf"), ("2025-05", "-o", "x.docx", "--kind", "wall"), ("2025-05",)]
)
def test_wrong_usage_exits_2(run, words):
    assert run(*words).exit_code == 2


def test_the_page_lists_every_field_and_no_other(page):
    table = page.split("| 字段 | 内容 |")[1].split("\n\n")[0]
    listed = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert listed == set(fields.fields(papers.bulletin(), {})) | {"qr"}
