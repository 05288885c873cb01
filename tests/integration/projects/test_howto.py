"""The how-to page `docs/howto/project.md`, followed word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from luodi.projects.queries import load
from luodi.projects.rules import stages
from luodi.projects.values.rows import Settling
from tests.integration.projects.conftest import TODAY

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.usefixtures("yunling")
def test_the_page_does_what_it_says(root: Path):
    blocks = BLOCK.findall((root / "docs/howto/project.md").read_text("utf-8"))
    page: dict[str, object] = {}
    exec("\n".join(text for language, text in blocks if language == "python"), page)
    (answer,) = (text for language, text in blocks if language == "text")
    assert page["missing"] == answer.splitlines()
    kept = load.dossier("YL-2025-001")
    assert stages.state(stages.in_force(kept.events), TODAY) == "开工"
    assert kept.nodes[0].baseline_on < kept.nodes[0].planned_on
    assert kept.problems[0].state is Settling.CLOSED
    assert [duty.holder for duty in kept.duties if duty.on(TODAY)] == ["sec2"]
    assert load.survivor("YL-2025-002") == "YL-2025-001"
