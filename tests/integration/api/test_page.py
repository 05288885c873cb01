"""docs/howto/api.md names an operation for every command, and only operations that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from luodi.cli.main import COMMANDS

pytestmark = pytest.mark.django_db
ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)
OPERATION = re.compile(r"`(GET|POST|PUT) (/api/\S+?)`")
AT_THE_MACHINE = {"init", "up", "restore", "remove", "people"}


def test_every_command_has_its_operation(root: Path):
    page = dict(ROW.findall((root / "docs/howto/api.md").read_text("utf-8")))
    assert set(page) == set(COMMANDS) - AT_THE_MACHINE
    document = Client().get("/api/openapi.json").json()
    known = {(verb.upper(), path) for path, verbs in document["paths"].items() for verb in verbs}
    named = {operation for cell in page.values() for operation in OPERATION.findall(cell)}
    assert named <= known
    engines = {(verb, path) for verb, path in known if path.startswith(("/api/engines", "/api/store"))}
    assert engines <= named
