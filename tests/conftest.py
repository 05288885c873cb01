"""Fixtures that every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.demosite import demo_site  # noqa: F401  a fixture for all: one demo city a process

ROOT = Path(__file__).parent.parent

# Speed is measured in bench/, never in a test: a busy machine must not turn a property red.
settings.register_profile("luodi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("luodi")


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


@pytest.fixture(autouse=True)
def facts_may_be_flushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take the guards off before a transactional test's tables are emptied; migrations put them back."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("_django_db_helper")  # ours ends before its flush begins
    yield
    from django.db import connection

    from luodi.ledger import guards

    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for name in guards.POSTGRESQL if postgresql else guards.SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (" ON ledger_fact" if postgresql else ""))
