"""
Removal by law (撤除) of names, contacts and free text: the words go, the fact stays and its proof still holds.

A removal is a fact itself, with the reason and who. The words leave the table of texts and the projection row at once;
the snapshot follows when it reads the fact; backups made afterwards don't hold them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from django.apps import apps
from django.db import connection

from luodi.kernel.problem import Refused
from luodi.ledger import actions, models, reading, store
from luodi.ledger.facts import TEXT_REMOVED
from luodi.ledger.reading import Opened
from luodi.ledger.values import Act, Actor, Table, fact_of, place_of


class NoSuchText(Refused):
    """There is no erasable text at that place, or it was removed before. Parameters: `where`."""

    code = "ledger.text.unknown"


def remove(*, row: int, columns: Sequence[str], reason: str, actor: Actor) -> int:
    """
    Remove the words in some columns of a projection row; give the fact that says so.

    :raises NoSuchText: if one of them is no erasable text, is empty, or was removed before
    """
    opened = _opened(fact_of(row))
    table, place, cells = _table_at(opened, place_of(row), row)
    given = dict(zip(table.columns, cells, strict=True))
    found = {name: given[name][place] for name in columns if name in table.texts and given[name][place] is not None}
    for name in columns:
        if name not in found or opened.texts.get(found[name]) is None:
            raise NoSuchText(where=f"{table.model} {row} {name}")
    details = {"fact": opened.id, "table": table.model, "row": row, "columns": list(columns)}
    return _remove(opened.id, list(found.values()), {**details, "commitments": list(found.values())}, reason, actor)


def remove_own(*, fact: int, names: Sequence[str], reason: str, actor: Actor) -> int:
    """
    Remove words that a fact holds beside its rows (a reason given); give the fact that says so.

    :raises NoSuchText: if there are none of that name, or they were removed before
    """
    opened = _opened(fact)
    own: Mapping[str, str] = opened.body["payload"]["texts"]
    for name in names:
        if opened.texts.get(own.get(name, "")) is None:
            raise NoSuchText(where=f"{fact} {name}")
    commitments = [own[name] for name in names]
    details = {"fact": fact, "table": "", "row": None, "columns": list(names), "commitments": commitments}
    return _remove(fact, commitments, details, reason, actor)


def _opened(fact: int) -> Opened:
    found = next(reading.facts(fact - 1, fact), None)
    if found is None:
        raise NoSuchText(where=str(fact))
    return reading.opened(found)


def _table_at(opened: Opened, place: int, row: int) -> tuple[Table, int, Sequence[Sequence[str]]]:
    for table, first, cells in opened.tables():
        if first <= place < first + len(cells[0]):
            return table, place - first, cells
    raise NoSuchText(where=str(row))


def _remove(fact: int, commitments: Sequence[str], details: Mapping[str, object], reason: str, actor: Actor) -> int:
    _overwrite_what_is_freed()
    with store.writing():
        kept = models.FactText.objects.get(fact=fact)
        words = {**orjson.loads(kept.texts), **dict.fromkeys(commitments)}
        act = Act(TEXT_REMOVED, f"fact:{fact}", details=details, texts={"reason": reason})  # type: ignore[arg-type]
        (removal,) = actions.record([act], actor=actor)
        models.FactText.objects.filter(fact=fact).update(texts=orjson.dumps(words).decode())
        if details["table"]:
            table = apps.get_model(str(details["table"]))
            blank = dict.fromkeys(details["columns"])  # type: ignore[call-overload]
            table._default_manager.filter(pk=details["row"]).update(**blank)
    _forget_the_log()
    return removal


def _overwrite_what_is_freed() -> None:
    """Let SQLite write zeros over what it frees, so that the words are not left in the file's gaps."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _forget_the_log() -> None:
    """Empty SQLite's write-ahead log, which still holds the pages as they were; a reader in the way only delays it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
