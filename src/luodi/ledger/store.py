"""
The store as a thing: what it knows of itself, its one writer's lock, and what it says when it can't.

What goes wrong underneath (locked, read-only, disk full, gone) is said as a refusal, not as a traceback.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction

from luodi.kernel import digest
from luodi.kernel.problem import Refused

LOCK_KEY = 0x6C756F6469  # 'luodi' in ASCII: the advisory lock's number
LOCK_SECONDS = 30  # how long a writer waits at the door; SQLite's own `timeout` in the settings is the same


class Busy(Refused):
    """Another writer held the ledger for too long. Parameters: `seconds`."""

    code = "ledger.store.busy"


class ReadOnly(Refused):
    """The store can't be written to."""

    code = "ledger.store.read_only"


class DiskFull(Refused):
    """There is no room left where the store lies."""

    code = "ledger.store.disk_full"


class Unreachable(Refused):
    """The database does not answer or is no database. Parameters: `found`."""

    code = "ledger.store.unreachable"


class NotMade(Refused):
    """There is no store yet, or it is of an older version. Parameters: `where`."""

    code = "ledger.store.not_made"


class SecondServer(Refused):
    """Another server or worker runs on this store. Parameters: `pid`."""

    code = "ledger.store.second_server"


class WrongIsolation(Refused):
    """A writer's transaction must be READ COMMITTED, or it misses what was just written. Parameters: `found`."""

    code = "ledger.store.isolation"


# What PostgreSQL (by SQLSTATE) and SQLite say, and which refusal that is.
SAID_BY: dict[type[Refused], frozenset[str]] = {
    Busy: frozenset({"55P03", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"}),
    ReadOnly: frozenset(
        {"25006", "SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_DBMOVED", "SQLITE_READONLY_CANTINIT"}
    ),
    DiskFull: frozenset(
        {
            "53100",
            "SQLITE_FULL",
            "SQLITE_IOERR_WRITE",
            "SQLITE_IOERR_FSYNC",
            "SQLITE_IOERR_TRUNCATE",
            "SQLITE_IOERR_SHMSIZE",
        }
    ),
    Unreachable: frozenset({"SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_CORRUPT"}),
}


@dataclass(frozen=True)
class Nature:
    """What the store is, fixed when it was made: its hash, whether synthetic, and then its seed."""

    algorithm: str
    synthetic: bool
    seed: str | None

    @property
    def hashing(self) -> digest.Hasher:
        """The store's hash function."""
        return digest.hasher(self.algorithm)


def notes() -> Mapping[str, str]:
    """Read everything the store notes of itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, value FROM ledger_storenote")
        return dict(cursor.fetchall())


def note(key: str, value: str) -> None:
    """Write down one thing of the store's own."""
    with refusing(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_storenote (key, value) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )


def nature(known: Mapping[str, str] | None = None) -> Nature:
    """Tell what the store is; without a note it keeps SHA-256 and is not synthetic."""
    known = notes() if known is None else known
    synthetic = known.get("synthetic") == "yes"
    return Nature(known.get("algorithm", "sha256"), synthetic, known.get("seed") if synthetic else None)


@contextmanager
def writing() -> Iterator[None]:
    """Hold the one writer's lock to the end of the outermost transaction (opened here if none is)."""
    with refusing(), transaction.atomic():
        lock()
        yield


def lock() -> None:
    """
    Take the ledger's lock within the open transaction. On SQLite the transaction itself is it (BEGIN IMMEDIATE).

    :raises Busy: if another writer did not finish in time
    :raises WrongIsolation: if the transaction can't see what others wrote before it
    """
    if connection.vendor != "postgresql":
        return
    with refusing(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_SECONDS * 1000}"])
        # A statement of its own: the next one takes its snapshot after the lock is ours, and sees all earlier facts.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        cursor.execute("SELECT current_setting('transaction_isolation')")
        (isolation,) = cursor.fetchone()
    if isolation != "read committed":
        raise WrongIsolation(found=isolation)


_provisional = False


@contextmanager
def provisional() -> Iterator[None]:
    """
    Don't wait for the disk after each act inside, only once at the end: for a store that is thrown away unless it is finished.

    A killed process loses nothing by it (the system still has what was written); a power failure may break the store.
    """
    global _provisional
    off, on = (
        ("SET synchronous_commit = off", "SET synchronous_commit = on")
        if connection.vendor == "postgresql"
        else ("PRAGMA synchronous = OFF", "PRAGMA synchronous = FULL")
    )
    with connection.cursor() as cursor:
        cursor.execute(off)
    _provisional = True
    try:
        yield
    finally:
        _provisional = False
        with connection.cursor() as cursor:
            cursor.execute(on)
        os.sync()


def is_provisional() -> bool:
    """Tell whether nobody waits for the disk now."""
    return _provisional


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the database can't do at the moment into refusals; let every other error through."""
    try:
        yield
    except DatabaseError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: DatabaseError) -> Refused | None:
    cause = error.__cause__
    code = getattr(cause, "sqlstate", None) or _sqlite_name(cause)
    for refusal, codes in SAID_BY.items():
        if code in codes:
            return refusal(seconds=LOCK_SECONDS, found=str(error).strip())
    if isinstance(error, OperationalError) and code is None:  # no connection at all
        return Unreachable(found=str(error).strip())
    return None


def refusal_of(error: OSError) -> Refused:
    """Give the refusal that a failed file operation comes to."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    read_only = error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    return DiskFull() if full else ReadOnly() if read_only else Unreachable(found=str(error.strerror))


def _sqlite_name(cause: BaseException | None) -> str | None:
    return getattr(cause, "sqlite_errorname", "SQLITE_ERROR") if isinstance(cause, sqlite3.Error) else None


def hold_server_lock() -> IO[str]:
    """
    Mark this process as the one that serves the embedded store; keep the file given back open for as long as it does.

    The lock goes with the process, so nothing is left to clean up after a kill.

    :raises SecondServer: if another one serves it
    """
    path = Path(settings.HOME) / "server.lock"
    try:
        file = path.open("a+")
    except OSError:
        raise ReadOnly() from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        pid = file.read().strip()
        file.close()
        raise SecondServer(pid=pid) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
