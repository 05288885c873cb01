"""Asking `luodi plan` as a user would, in this process."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from luodi.cli.plan import plan


def ask(folder: Path, text: str, *options: str, code: int = 0) -> dict:
    """Write a plan file, run the command on it and give its JSON."""
    file = folder / "plan.yaml"
    file.write_text(text, "utf-8")
    result = CliRunner().invoke(plan, [str(file), "--format", "json", *options], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def dates(told: dict, project: int = 0) -> dict[str, tuple[str, str]]:
    """Give each matter's start and finish."""
    return {row["id"]: (row["start"], row["finish"]) for row in told["projects"][project]["matters"]}
