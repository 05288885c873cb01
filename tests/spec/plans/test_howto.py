"""The how-to page, followed: every plan in it is planned, every command line in it runs."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from luodi.cli.plan import plan

PAGE = (Path(__file__).parents[3] / "docs/howto/plan.md").read_text("utf-8")
PLANS = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
COMMANDS = re.findall(r"^\$ luodi plan (.*)$", PAGE, re.M)


def test_every_command_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("plan.yaml").write_text(PLANS[0], "utf-8")
    assert len(COMMANDS) == 4
    for line in COMMANDS:
        command, _, target = line.partition(" > ")
        result = CliRunner().invoke(plan, shlex.split(command), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        if target:
            Path(target).write_text(result.stdout, "utf-8")
    told = json.loads(Path("plan.json").read_text("utf-8"))
    assert [row["latest_start"] for row in told["projects"][0]["matters"]][1] == "2026-10-09"
    assert Path("plan.svg").read_text("utf-8").startswith("<svg")
    assert Path("plan.xlsx").read_bytes()[:2] == b"PK"


def test_the_plain_form_and_its_circle(tmp_path):
    file = tmp_path / "plain.yaml"
    file.write_text(PLANS[1], "utf-8")
    result = CliRunner().invoke(plan, [str(file), "--format", "json"], catch_exceptions=False)
    assert json.loads(result.stdout)["objective"]["value"] == 7
    file.write_text(PLANS[1].replace("{R1: 1}, after: []", "{R1: 1}, after: [c]"), "utf-8")
    problem = json.loads(CliRunner().invoke(plan, [str(file), "--format", "json"]).stdout)["problems"][0]
    shown = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.S)[0])["problems"][0]
    assert {key: problem[key] for key in shown} == shown


@pytest.mark.parametrize(
    "key", ["at_once", "per_day", "closed", "one_of", "window", "holds", "not_before", "fixed", "paused"]
)
def test_the_page_names_every_key(key):
    assert key in PAGE
