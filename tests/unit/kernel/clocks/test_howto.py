"""The how-to page is followed: its files are written, its commands run, its answers compared; it names every key."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from luodi.cli.main import main
from luodi.kernel import recurrence
from luodi.kernel.clocks import clockrule, policy, values

PAGE = (Path(__file__).parents[4] / "docs" / "howto" / "clock.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)


def holds(found, expected):
    """Tell whether a document holds what the page shows of it."""
    if isinstance(expected, dict):
        return all(key in found and holds(found[key], value) for key, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(holds(a, b) for a, b in zip(found, expected, strict=True))
    return found == expected


def test_the_page_works_as_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said, compared = "", 0
    for kind, text in BLOCKS:
        named = re.match(r"# file: (\S+)\n", text)
        if named:
            Path(named[1]).write_text(text[named.end() :], "utf-8")
        elif kind == "sh":
            result = CliRunner().invoke(main, shlex.split(text)[1:], catch_exceptions=False)
            assert result.exit_code == 0, result.output
            said = result.stdout
        elif kind == "json":
            assert holds(json.loads(said), json.loads(text)), said
            compared += 1
    assert compared == 4


def test_the_holiday_table_of_the_page_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (text,) = [text for _, text in BLOCKS if text.startswith("# file: holidays.csv")]
    Path("H.csv").write_text(text.split("\n", 1)[1], "utf-8")
    args = ["clock", "qinghai-710", "--issued", "2026-09-16", "--holidays", "H.csv", "--format", "json"]
    (day, *_) = [
        line
        for line in json.loads(CliRunner().invoke(main, args).stdout)["clocks"][0]["days"]
        if line["day"] == "2026-09-18"
    ]
    assert day == {"day": "2026-09-18", "did": "skipped", "why": ["holiday"], "notice": "city notice 12"}


@pytest.mark.parametrize(
    "words",
    [
        clockrule.KEYS, policy.KEYS, values.UNITS, values.STARTS, values.ENDS, values.ROLLS, values.PAUSES, values.LIGHTS,
        values.EVENT_KINDS, clockrule.PRESETS, recurrence.DEADLINES, recurrence.SPANS, clockrule.THRESHOLD_UNITS, clockrule.NEEDS,
        clockrule.EXCUSE_NEEDS, policy.shipped_ids(), [option for p in main.get_command(None, "clock").params for option in p.opts if option.startswith("--")],
    ],
)  # fmt: skip
def test_every_word_stands_on_the_page(words):
    written = set(re.findall(r"[\w-]+", PAGE))
    assert [word for word in words if word not in written] == []
