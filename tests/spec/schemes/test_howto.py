"""The author's manual, followed: its files are written, its commands run, its tables are those that read schemes."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from luodi.assessment.schemes import manual
from luodi.assessment.schemes.operators import OPERATORS
from luodi.cli.main import main
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "howto" / "score.md").read_text("utf-8")
FILES = re.findall(r"`([\w.]+)`[^\n]*:\n\n```(?:yaml|csv)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line[2:] for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES:
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_has_files_and_commands() -> None:
    assert [name for name, _ in FILES] == ["towns.yaml", "data.csv", "projects.csv"]
    assert len(COMMANDS) == 10


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_works(folder: Path, command: str) -> None:
    program, *arguments = shlex.split(command)
    assert program == "luodi"
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def test_the_totals_the_page_names_are_right(folder: Path) -> None:
    arguments = shlex.split(next(command for command in COMMANDS if command.endswith("--format json")))[1:]
    answer = json.loads(CliRunner().invoke(main, arguments).stdout, parse_float=str)
    named = re.search(r"甲镇 ([\d.]+)、乙镇 ([\d.]+)、丙镇 ([\d.]+)", PAGE)
    assert named is not None
    assert [unit["score"] for unit in answer["units"]] == list(named.groups())
    sentence = answer["units"][0]["items"][0]["sentence"]["zh"]
    assert f"`{sentence}`" in PAGE


def between(start: str, end: str) -> str:
    return PAGE.split(f"<!-- {start} -->")[1].split(f"<!-- {end} -->")[0].strip()


def test_the_tables_are_those_that_read_schemes() -> None:
    assert between("operators", "end of operators") == manual.written().strip()
    assert between("sections", "end of sections") == manual.sections().strip()


def test_every_primitive_has_a_place_in_the_page() -> None:
    table = PAGE.split("## 3.")[1].split("## 4.")[0]
    assert {int(one) for one in re.findall(r"\bP(\d+)\b", table)} == set(range(1, 41))
    assert len(OPERATORS) <= 25
