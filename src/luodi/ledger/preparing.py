"""
An act made ready before the lock: checked, its texts committed to, its bytes written but for id and time.

Under the lock there is only this left to do: put id and recorded time between the pieces, hash, write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from luodi.kernel import digest
from luodi.kernel.problem import Refused
from luodi.ledger import columns, registry
from luodi.ledger.columns import Cells, TextBook
from luodi.ledger.values import WHOLE_FACT, Act, Actor, Table, row_id

NUL = b"\\u0000"


class Nul(Refused):
    """A text holds the character U+0000, which no database keeps. Parameters: `subject`."""

    code = "ledger.text.nul"


@dataclass(frozen=True)
class Prepared:
    """An act in bytes: `head` + id + `middle` + recorded time + `tail`. `waits`: its rows name rows of its own."""

    act: Act
    import_id: str
    actor: str
    head: bytes
    middle: bytes
    tail: bytes
    tables: tuple[tuple[Table, Sequence[Cells]], ...]
    texts: dict[str, tuple[str, str]]
    earliest: int | None  # known time that it brings along, if any
    waits: bool

    def body(self, fact: int, recorded_at: str) -> bytes:
        """Give the canonical bytes of the fact."""
        return b"%s%d%s%s%s" % (self.head, fact, self.middle, recorded_at.encode(), self.tail)


def prepare(
    act: Act, *, actor: Actor, import_id: str, hashing: digest.Hasher, seed: str | None = None, fact: int | None = None
) -> Prepared:
    """
    Make an act ready. Without `fact`, rows that name rows of their own act wait (`waits`) to be prepared anew with it.

    :raises TypeError, ValueError: if the rows don't fit the type's tables: a mistake of the program
    :raises Refused: if a text can't be kept (too long, not Unicode, U+0000)
    """
    _is_declared(act)
    _fits(subject=act.subject, import_id=import_id, actor=actor.person)
    book = TextBook(hashing, seed, f"{act.type.name}\n{act.subject}\n{import_id}")
    tables, waits = [], False
    for table in act.type.tables:
        rows = act.rows.get(table.model, ())
        if rows:
            cells, names_own = _cells(table, rows, book, fact)
            tables.append((table, cells))
            waits |= names_own
    payload = {
        "details": digest.plain(act.details),
        "rows": {table.model: list(zip(*cells, strict=True)) for table, cells in sorted(tables, key=_model)},
        "texts": _own_texts(act, book),
    }
    head = {"actor": _whole(actor), "evidence": list(act.evidence)}
    middle = {"import": import_id, "name": act.type.name, "payload": payload}
    tail = {"subject": act.subject, "version": act.type.version}
    prepared = Prepared(
        act=act,
        import_id=import_id,
        actor=actor.person,
        head=digest.dump(head)[:-1] + b',"id":',
        middle=b"," + digest.dump(middle)[1:-1] + b',"recorded_at":"',
        tail=b'",' + digest.dump(tail)[1:],
        tables=tuple(tables),
        texts=book.kept,
        earliest=_earliest(act),
        waits=waits,
    )
    _no_nul(prepared)
    return prepared


def _is_declared(act: Act) -> None:
    if registry.find(act.type.name, act.type.version) != act.type:
        raise ValueError(f"{act.type.name} version {act.type.version} is not declared")
    unknown = act.rows.keys() - {table.model for table in act.type.tables}
    if unknown:
        raise ValueError(f"{act.type.name} has no table {sorted(unknown)}")
    if sum(map(len, act.rows.values())) >= WHOLE_FACT:
        raise ValueError(f"{act.type.name}: more rows than one fact has places for")


def _fits(**cells: str) -> None:
    known = columns.columns("ledger.Fact")
    for name, cell in cells.items():
        columns.encode(known[name], [cell])


def _model(entry: tuple[Table, Any]) -> str:
    return entry[0].model


def _whole(actor: Actor) -> dict[str, str]:
    return {"os_user": actor.os_user, "person": actor.person, "unit": actor.unit, "via": actor.via}


def _cells(table: Table, rows: Sequence[Sequence[Any]], book: TextBook, fact: int | None) -> tuple[list[Cells], bool]:
    """Give the table's cells as in the bytes, column by column, and whether any names a row of its own act."""
    known = columns.columns(table.model)
    if set(map(len, rows)) != {len(table.columns)}:
        raise ValueError(f"{table.model}: a row must have {len(table.columns)} cells: {', '.join(table.columns)}")
    encoded: list[Cells] = []
    waits = False
    for name, given in zip(table.columns, zip(*rows, strict=True), strict=True):
        cells: Cells = given
        if name in table.refers and any(cell is not None and cell < 0 for cell in cells):
            waits = True
            cells = [cell if fact is None or cell is None or cell >= 0 else row_id(fact, -1 - cell) for cell in cells]
        # `known_at` may be left open row by row: then it is the recorded time, which is not yet drawn.
        cells = _known(cells) if name == "known_at" else columns.encode(known[name], cells)
        encoded.append(book.commit(f"{table.model}.{name}", cells) if name in table.texts else cells)
    return encoded, waits


def _known(cells: Cells) -> Cells:
    return [None if cell is None else columns.iso(cell) for cell in cells]


def _own_texts(act: Act, book: TextBook) -> dict[str, str | None]:
    return {name: book.commit(name, [digest.plain(act.texts[name])])[0] for name in sorted(act.texts)}


def _earliest(act: Act) -> int | None:
    found: list[int] = []
    for table in act.type.tables:
        if "known_at" in table.columns:
            at = table.columns.index("known_at")
            found += [row[at] for row in act.rows.get(table.model, ()) if row[at] is not None]  # type: ignore[misc]
    return min(found, default=None)


def _no_nul(prepared: Prepared) -> None:
    """Refuse U+0000 in anything kept. A text that spells out the escape looks the same at first, and may stay."""
    kept = orjson.dumps(prepared.texts)
    for part in (prepared.head, prepared.middle, prepared.tail, kept):
        if NUL in part and NUL in part.replace(b"\\\\", b""):
            raise Nul(subject=prepared.act.subject)
