"""The how-to page `docs/howto/profile.md`, followed word for word."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from luodi.cli.main import main
from luodi.codebook.load import SHIPPED, load_profile
from luodi.codebook.values import Part, Profile

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# file: (\S+)\n")


@pytest.fixture(scope="module")
def blocks(root: Path) -> list[tuple[str, str]]:
    """Give the page's blocks in order: language and text."""
    return BLOCK.findall((root / "docs/howto/profile.md").read_text("utf-8"))


@pytest.fixture
def followed(blocks: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Do what the page says in an empty folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHIPPED, "my-city")
    for language, text in blocks:
        if match := FILE.match(text):
            file, rest = Path(match[1]), text[match.end() :]
            file.parent.mkdir(exist_ok=True)
            file.write_text(patched(file, rest) if language == "diff" else rest, "utf-8")
    return tmp_path


def patched(file: Path, diff: str) -> str:
    """Replace the lines marked - by those marked +."""
    old = "".join(line[1:] for line in diff.splitlines(keepends=True) if line.startswith("-"))
    new = "".join(line[1:] for line in diff.splitlines(keepends=True) if line.startswith("+"))
    text = file.read_text("utf-8")
    assert text.count(old) == 1, "the page changes a line that is not there, or there twice"
    return text.replace(old, new)


def check(folder: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["profile", "check", folder])
    return result.exit_code, result.stderr


def test_the_page_begins_with_a_copy_of_the_shipped_profile(blocks, root):
    source = re.search(r"cp -r (\S+) my-city", blocks[0][1])[1]

    assert (root / source).resolve() == SHIPPED.resolve()


def test_every_section_is_explained(root):
    text = (root / "docs/howto/profile.md").read_text("utf-8")
    explained = {
        name for row in re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }

    assert explained == set(Profile.model_fields)


def test_what_the_page_adds_is_there_without_any_code(followed):
    city = load_profile(followed / "my-city")

    assert city.measure("power_used").filed_in == "万元"
    assert city.form("YL-T9").column("power_used") == "cumulative"
    assert [proof.any_of for proof in city.stage("投产").evidence] == [("production",), ("environment",)]
    assert city.stage("投产").fields == ("promised_output",)
    assert city.indicator("foreign_production_rate").reached is Part.PRODUCED
    assert city.indicator("huge_funds_rate").numerator.projects.at_least == 10_000_000_000


def test_the_checks_on_the_page_find_no_mistake(followed, blocks):
    folders = re.findall(
        r"luodi profile check (\S+)", "".join(text for language, text in blocks if language == "console")
    )

    assert set(folders) == {"my-city", "water"}
    assert [check(folder)[0] for folder in folders] == [0] * len(folders)


def test_the_mistake_on_the_page_is_reported_as_printed(followed, blocks):
    file = followed / "my-city/82-own.yaml"
    file.write_text(file.read_text("utf-8").replace("reached: produced", "reached: producing"), "utf-8")
    printed = next(text for language, text in blocks if language == "text")

    assert check("my-city") == (1, printed)


def test_a_utility_has_stages_and_a_year_of_its_own(followed):
    water = load_profile(followed / "water")

    assert water.path[-1] == "defects period over"
    assert "tender closed" not in water.path
    assert water.playing(Part.STARTED) is None
    assert water.attribute("approval_body").zh == "批准机构"
    assert water.calendar.accounting_year.parse("2017").first.isoformat() == "2016-07-01"
