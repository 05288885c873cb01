"""`luodi init`: make or upgrade the store, and fix once and for all what it is (its hash; whether synthetic)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from luodi.kernel import digest
from luodi.kernel.instant import iso
from luodi.kernel.problem import Refused
from luodi.ledger import clock, guards, queries, store

# The note that says how far the making of a demo city has come.
DEMO, BUILDING, BUILT = "demo", "building", "built"


class NotEmpty(Refused):
    """The store holds facts, so it can't become empty or a demo. Parameters: `where`, `facts`."""

    code = "ledger.store.not_empty"


class MadeOtherwise(Refused):
    """What a store is does not change after it was made. Parameters: `key`, `found`, `wanted`."""

    code = "ledger.store.made_otherwise"


class DemoUnfinished(Refused):
    """The making of a demo store was broken off; it is to be made anew. Parameters: `where`."""

    code = "ledger.store.demo_unfinished"


class GuardsMissing(Refused):
    """The database does not refuse changes of facts. Parameters: `guards`."""

    code = "ledger.store.guards_missing"


def place() -> str:
    """Say where the store is: its folder, or which PostgreSQL (without its password)."""
    if connection.vendor == "postgresql":
        known = settings.DATABASES["default"]
        return f"postgresql://{known['HOST']}/{known['NAME']}"
    return str(settings.HOME)


def make(*, algorithm: str | None = None, seed: str | None = None, empty: bool = False) -> Mapping[str, str]:
    """
    Make the store, or bring its tables to this version; give its notes.

    :param algorithm: sha256 (default) or sm3
    :param seed: makes it synthetic: demo data, seeded salts, a clock that can be set
    :param empty: refuse a store that holds facts
    :raises NotEmpty, MadeOtherwise, DemoUnfinished, SecondServer, ReadOnly, DiskFull, Unreachable, NoSuchAlgorithm:
    """
    digest.hasher(algorithm or "sha256")
    _folder()
    with store.refusing():
        if pending():
            with _no_server():
                call_command("migrate", verbosity=0, interactive=False)
        known = store.notes()
        _is_finished(known)
        guards.put()
        facts = queries.last_fact()
        if facts and empty:
            raise NotEmpty(where=place(), facts=facts)
        for key, value in _wanted(known, algorithm, seed, facts).items():
            store.note(key, value)
        return store.notes()


def _is_finished(known: Mapping[str, str]) -> None:
    """Nobody works in a demo that is still being made or never was finished."""
    if known.get(DEMO) == BUILDING:
        raise DemoUnfinished(where=place())


def _folder() -> None:
    try:
        Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise store.refusal_of(error) from error


def _no_server() -> AbstractContextManager[object]:
    """Tables of an embedded store are not changed under a running server."""
    return nullcontext() if connection.vendor == "postgresql" else store.hold_server_lock()


def _wanted(known: Mapping[str, str], algorithm: str | None, seed: str | None, facts: int) -> dict[str, str]:
    """Give the notes to write; refuse to change what a store was made as."""
    if "created" not in known:
        if facts and seed is not None:
            raise NotEmpty(where=place(), facts=facts)
        wanted = {"created": iso(clock.real()), "algorithm": algorithm or "sha256"}
        return wanted if seed is None else {**wanted, "synthetic": "yes", "seed": seed}
    if algorithm is not None and algorithm != known["algorithm"]:
        raise MadeOtherwise(key="algorithm", found=known["algorithm"], wanted=algorithm)
    if seed is not None and (known.get("synthetic"), known.get("seed")) != ("yes", seed):
        raise MadeOtherwise(key="seed", found=known.get("seed", "-"), wanted=seed)
    return {}


def pending() -> list[str]:
    """List the migrations that the store still needs."""
    with store.refusing():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def require(*, guarded: bool = True) -> None:
    """
    Refuse plainly when there is no store, it is of an older version, its demo is unfinished, or its guards are gone.

    :raises NotMade, DemoUnfinished, GuardsMissing, Unreachable, ReadOnly:
    """
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    # Connecting would make an empty file where there is none.
    if connection.vendor == "sqlite" and connection.connection is None and not database.exists():
        raise store.NotMade(where=place())
    try:
        if pending():
            raise store.NotMade(where=place())
        missing = guards.missing() if guarded else []
        _is_finished(store.notes())
    except DatabaseError as error:
        raise store.Unreachable(found=str(error).strip()) from error
    if missing:
        raise GuardsMissing(guards=", ".join(missing))
