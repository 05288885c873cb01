"""
Backup and restore of a whole store, evidence files with it, while it is in use.

A backup is one tar file: the database as of one moment, the evidence files, and last a manifest with the SHA-256 of
each part, so that a file that was cut off is never taken for whole. It appears under its name when it is complete.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson
from django.db import connection

from luodi.kernel.instant import iso
from luodi.kernel.problem import Refused
from luodi.ledger import clock, evidence, models, reading, store

MANIFEST = "manifest.json"
DATABASE = "store.sqlite3"
TABLES = "tables"
EVIDENCE = "evidence"
CHUNK = 1 << 20
TRIES = 3


class BackupBroken(Refused):
    """The file is no backup, or was cut off or changed. Parameters: `file`, `found`."""

    code = "ledger.backup.broken"


class BackupRunning(Refused):
    """Another backup is being written to that very file. Parameters: `file`."""

    code = "ledger.backup.running"


class RemovedMeanwhile(Exception):
    """A file was removed by law while the backup ran: begin again, or the backup would call it present."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    facts: int
    last_seal: str | None
    files: int
    bytes: int


def backup(out: Path) -> Backup:
    """
    Write the whole store to a file, complete or not at all.

    :raises DiskFull, ReadOnly, BackupRunning: and leaves nothing behind
    :raises EvidenceLost: if a file is not there that should be
    """
    for _ in range(TRIES):
        with suppress(RemovedMeanwhile), _only_when_whole(out) as unfinished:
            return _write(unfinished, beside=out)
    raise store.Busy(seconds=0)


@contextmanager
def _only_when_whole(out: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes the target's name in the end; a kill leaves only it, and the next run takes it over."""
    unfinished = out.with_name(f".{out.name}.part")
    try:
        with unfinished.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupRunning(file=out.name) from None
            try:
                file.truncate(0)
                yield file
                file.flush()
                os.fsync(file.fileno())
                unfinished.replace(out)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise store.refusal_of(error) from error


def _write(file: IO[bytes], *, beside: Path) -> Backup:
    """Write all parts and the manifest; the working copy of the database stands beside the target for a moment."""
    work = beside.with_name(f".{beside.name}.work")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        parts: dict[str, dict[str, Any]] = {}
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            about = _snapshot(work)
            for path in sorted(path for path in work.rglob("*") if path.is_file()):
                _add(tar, parts, str(path.relative_to(work)), path)
            for digest in about.pop("evidence"):
                _add(tar, parts, f"{EVIDENCE}/{digest[:2]}/{digest}", _present(digest))
            manifest = orjson.dumps({"kind": "luodi backup", "version": 1, **about, "parts": parts})
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(manifest)
            tar.addfile(entry, io.BytesIO(manifest))
        files = sum(name.startswith(f"{EVIDENCE}/") for name in parts)
        return Backup(about["facts"], about["last_seal"], files, file.tell())
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _present(digest: str) -> Path:
    path = evidence.path_of(digest)
    if not path.exists():
        if models.Evidence.objects.filter(digest=digest, removed_at__isnull=False).exists():
            raise RemovedMeanwhile
        raise evidence.EvidenceLost(digest=digest)
    return path


class _Counting:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.hash.update(chunk)
        return chunk


def _add(tar: tarfile.TarFile, parts: dict[str, dict[str, Any]], name: str, path: Path) -> None:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size = path.stat().st_size
        counting = _Counting(file)
        tar.addfile(entry, counting)
    parts[name] = {"size": entry.size, "sha256": counting.hash.hexdigest()}


# The database as of one moment ----------------------------------------------------------------------------------------


def _snapshot(work: Path) -> dict[str, Any]:
    """Copy the database into a folder, as of one moment; tell what it holds."""
    if connection.vendor == "postgresql":
        return _snapshot_postgresql(work)
    # VACUUM INTO copies live content only: nothing erased by law survives in the gaps of the file.
    with store.refusing(), connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(work / DATABASE)])
        cursor.execute("ATTACH DATABASE %s AS copied", [str(work / DATABASE)])
        try:
            return _about(cursor, "copied.")
        finally:
            cursor.execute("DETACH DATABASE copied")


def _snapshot_postgresql(work: Path) -> dict[str, Any]:
    """Copy every table out in one REPEATABLE READ transaction, which hinders no writer."""
    folder = work / TABLES
    folder.mkdir()
    with store.refusing(), reading.one_view(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            columns = ", ".join(map(connection.ops.quote_name, names))
            copy = f"COPY {connection.ops.quote_name(table)} ({columns}) TO STDOUT"
            with (folder / f"{table}.copy").open("wb") as file, cursor.cursor.copy(copy) as copying:
                for block in copying:
                    file.write(block)
            (folder / f"{table}.columns").write_text("\n".join(names), "utf-8")
        return _about(cursor, "")


def _about(cursor: Any, schema: str) -> dict[str, Any]:
    cursor.execute(f"SELECT count(*) FROM {schema}ledger_fact")
    (facts,) = cursor.fetchone()
    cursor.execute(f"SELECT hash FROM {schema}ledger_seal ORDER BY id DESC LIMIT 1")
    seal = cursor.fetchone()
    cursor.execute(f"SELECT digest FROM {schema}ledger_evidence WHERE removed_at IS NULL ORDER BY digest")
    files = [digest for (digest,) in cursor.fetchall()]
    cursor.execute(f"SELECT app, name FROM {schema}django_migrations ORDER BY app, name")
    return {
        "engine": connection.vendor,
        "made_at": iso(clock.now()),
        "facts": facts,
        "last_seal": seal[0] if seal else None,
        "migrations": [f"{app}.{name}" for app, name in cursor.fetchall()],
        "evidence": files,
    }


# Reading it back ------------------------------------------------------------------------------------------------------


def unpack(file: Path, into: Path) -> dict[str, Any]:
    """
    Unpack a backup into an empty folder, checking every part; give its manifest.

    :raises BackupBroken: if it is none, or a part is missing, surplus or changed
    """
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(file, "r:") as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                if content is None or not _is_ours(entry.name):
                    raise BackupBroken(file=file.name, found=entry.name)
                if entry.name == MANIFEST:
                    manifest = orjson.loads(content.read())
                else:
                    found[entry.name] = _extract(content, into / entry.name)
    except tarfile.TarError as error:
        raise BackupBroken(file=file.name, found=str(error)) from None
    except ValueError:
        raise BackupBroken(file=file.name, found=MANIFEST) from None
    except OSError as error:
        raise store.refusal_of(error) from error
    if manifest is None:
        raise BackupBroken(file=file.name, found=MANIFEST)
    _compare(file, manifest, found)
    return manifest


def _is_ours(name: str) -> bool:
    """Let only names through that a backup has: none leads out of the folder."""
    parts = name.split("/")
    return ".." not in parts and (name in (MANIFEST, DATABASE) or parts[0] in (TABLES, EVIDENCE))


def _extract(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    counting = _Counting(content)
    with path.open("wb") as file:
        while chunk := counting.read(CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return counting.hash.hexdigest()


def _compare(file: Path, manifest: dict[str, Any], found: dict[str, str]) -> None:
    try:
        expected = {name: part["sha256"] for name, part in manifest["parts"].items()}
        known = manifest["kind"] == "luodi backup" and manifest["version"] == 1
    except (KeyError, TypeError):
        raise BackupBroken(file=file.name, found=MANIFEST) from None
    if not known:
        raise BackupBroken(file=file.name, found=MANIFEST)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise BackupBroken(file=file.name, found=name)
