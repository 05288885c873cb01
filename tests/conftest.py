"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def cases() -> Path:
    """Give the folder of real cases (LUODI_CASES), or say plainly that it is absent."""
    folder = Path(os.environ.get("LUODI_CASES", ROOT.parent / "shared" / "cases"))
    if not folder.is_dir():
        pytest.skip(f"the folder of real cases is absent: set LUODI_CASES ({folder})")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the project's root."""
    return ROOT
