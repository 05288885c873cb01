"""
`luodi restore`: a backup becomes the store, whole or not at all.

Everything is unpacked beside the store and verified there; the last step is one rename (SQLite) or one commit
(PostgreSQL). Evidence files go first: they lie under their digests and disturb nobody if the rest never happens.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from luodi.kernel.problem import Problem, Refused
from luodi.ledger import backup, evidence, making, queries, store, verification


class StoreInUse(Refused):
    """There is a store with facts already; restoring would replace it. Parameters: `facts`."""

    code = "ledger.restore.not_empty"


class OtherEngine(Refused):
    """The backup is of the other kind of database. Parameters: `found`, `needed`."""

    code = "ledger.restore.other_engine"


class OtherVersion(Refused):
    """The backup's tables are not this version's. Parameters: `found`."""

    code = "ledger.restore.other_version"


class NotWhole(Refused):
    """The backup was read well but does not verify. `problems` say what differs."""

    code = "ledger.restore.not_whole"


def restore(file: Path, *, replace: bool = False) -> dict[str, Any]:
    """
    Make a backup the store; give its manifest.

    :param replace: put the present SQLite store aside (`luodi.sqlite3.replaced`); else one with facts is refused
    :raises BackupBroken, NotWhole, StoreInUse, OtherEngine, OtherVersion, SecondServer: and nothing has changed
    """
    home = Path(settings.HOME)
    with _alone(), _folder(home / ".restoring") as work:
        manifest = backup.unpack(file, work)
        if manifest["engine"] != connection.vendor:
            raise OtherEngine(found=manifest["engine"], needed=connection.vendor)
        if connection.vendor == "postgresql":
            _restore_postgresql(work, manifest)
        else:
            _restore_sqlite(work, home / Path(str(settings.DATABASES["default"]["NAME"])).name, replace=replace)
    return manifest


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the server's lock meanwhile: nobody may serve a store that is being replaced."""
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    held = store.hold_server_lock()
    try:
        yield
    finally:
        held.close()


@contextmanager
def _folder(work: Path) -> Iterator[Path]:
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(parents=True)
    except OSError as error:
        raise store.refusal_of(error) from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _move_evidence(work: Path) -> None:
    for path in sorted((work / backup.EVIDENCE).glob("*/*")):
        target = evidence.path_of(path.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


# SQLite ---------------------------------------------------------------------------------------------------------------


def _restore_sqlite(work: Path, database: Path, *, replace: bool) -> None:
    unpacked = work / database.name
    (work / backup.DATABASE).replace(unpacked)
    _migrate_and_verify(work)
    if database.exists():
        facts = _facts_here()
        if facts and not replace:
            raise StoreInUse(facts=facts)
        connection.close()
        _settle(database)
        _put_aside(database)
    _settle(unpacked)
    _move_evidence(work)
    unpacked.replace(database)


def _facts_here() -> int:
    """Count the facts of the present store; a file without our tables has none."""
    try:
        return queries.last_fact()
    except DatabaseError:
        return 0


def _migrate_and_verify(home: Path) -> None:
    """Bring the unpacked store to this version and verify it, in a process of its own that knows no other store."""
    run = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); from luodi.ledger import restoring; restoring.prove()"],
        env={**os.environ, "LUODI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "luodi.server.settings"},
        capture_output=True,
        check=False,
    )
    if run.returncode != 0:
        raise NotWhole(*_problems(run.stdout), found=run.stderr.decode(errors="replace")[-300:].strip())


def prove() -> None:
    """Upgrade and verify the store of this process; print what differs, and exit with 1 if anything does."""
    try:
        making.make()
        problems = verification.verify().problems
    except Refused as refusal:
        problems = list(refusal.problems)
    print(json.dumps([[one.code, one.where, one.params] for one in problems], default=str))
    sys.exit(1 if problems else 0)


def _problems(said: bytes) -> list[Problem]:
    try:
        return [Problem(code, where, params) for code, where, params in json.loads(said)]
    except ValueError:
        return []


def _settle(database: Path) -> None:
    """Write a database's log into its file and let the log go, so that it can't be taken for the next database's."""
    with sqlite3.connect(database) as one:
        one.execute("PRAGMA journal_mode = DELETE")
    one.close()


def _put_aside(database: Path) -> None:
    """Keep the replaced store under another name as well, by a second link: its own name is never without a store."""
    aside = database.with_name(f"{database.name}.replaced")
    aside.unlink(missing_ok=True)
    os.link(database, aside)


# PostgreSQL -----------------------------------------------------------------------------------------------------------


def _restore_postgresql(work: Path, manifest: dict[str, Any]) -> None:
    """Fill an empty, migrated database in one transaction, verified before it is committed."""
    if queries.last_fact():
        raise StoreInUse(facts=queries.last_fact())
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        here = [f"{app}.{name}" for app, name in cursor.fetchall()]
    if here != manifest["migrations"]:
        raise OtherVersion(found=", ".join(sorted(set(here) ^ set(manifest["migrations"]))))
    _move_evidence(work)
    with store.refusing(), transaction.atomic():
        store.lock()
        with connection.cursor() as cursor:
            here_tables = set(connection.introspection.table_names(cursor))
            tables = sorted((work / backup.TABLES).glob("*.copy"))
            if {file.stem for file in tables} != here_tables:
                raise OtherVersion(found=", ".join(sorted(here_tables ^ {file.stem for file in tables})))
            for file in tables:
                if file.stem != "ledger_fact":
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(file.stem)}")
            for file in tables:
                _fill(cursor, file)
        report = verification.verify()
        if report.problems:
            raise NotWhole(*report.problems)


def _fill(cursor: Any, file: Path) -> None:
    """Fill one table. Its name and columns come out of a file, so only those that are here are believed."""
    known = {column.name for column in connection.introspection.get_table_description(cursor, file.stem)}
    names = file.with_suffix(".columns").read_text("utf-8").split("\n")
    if set(names) != known:
        raise OtherVersion(found=file.stem)
    table = connection.ops.quote_name(file.stem)
    columns = ", ".join(map(connection.ops.quote_name, names))
    with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying, file.open("rb") as content:
        while block := content.read(backup.CHUNK):
            copying.write(block)
    for name in names:
        _count_on(cursor, table, name)


def _count_on(cursor: Any, table: str, name: str) -> None:
    """Let a table's own numbering go on after the highest one there."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, name])
    (sequence,) = cursor.fetchone()
    if sequence:
        column = connection.ops.quote_name(name)
        cursor.execute(f"SELECT setval(%s, (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)", [sequence])
