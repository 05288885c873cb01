"""The printed methodology annex is today's: its words the profile's, its examples the tables that are tested here."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import yaml

from luodi.codebook import queries as codebook

FOLDER = Path(__file__).parent


def printing(root: Path) -> ModuleType:
    """Load the tool that prints it."""
    spec = importlib.util.spec_from_file_location("methodology", root / "tools" / "methodology.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_annex_is_printed_anew_when_a_definition_or_an_example_changes(root: Path) -> None:
    assert printing(root).PAGE.read_text("utf-8") == printing(root).annex(), "run `make methodology`"


def test_it_says_every_indicator_and_every_expected_number(root: Path) -> None:
    page = printing(root).PAGE.read_text("utf-8")
    assert [one.id for one in codebook.profile().indicators if f"`{one.id}`" not in page] == []
    cells = {
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines() if line.startswith("|")
    }
    for path in FOLDER.glob("*.yaml"):
        drawn = yaml.safe_load(path.read_text("utf-8"))
        for case in (drawn, *drawn.get("more", ())):
            for line in case["expect"].strip().splitlines():
                assert tuple(cell.strip() for cell in line.split("|")) in cells
