"""
The only writer of facts.

An act is prepared and checked first. Then, in its outermost transaction, the one lock is taken, what others may have
changed is checked again, id and recorded time are drawn, and fact, texts and projection rows are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from django.db import connection

from luodi.kernel import digest
from luodi.kernel.problem import Refused
from luodi.ledger import clock, columns, preparing, projections, store
from luodi.ledger.preparing import Prepared
from luodi.ledger.projections import DbRow
from luodi.ledger.values import Act, Actor


class HistoryIsSealed(Refused):
    """A row claims to have been known before the latest seal: sealed values would change. `known_at`, `period`."""

    code = "ledger.row.known_before_seal"


def record(
    acts: Sequence[Act], *, actor: Actor, recheck: Callable[[], None] | None = None, import_id: str = ""
) -> list[int]:
    """
    Append acts, one fact each, all or none; give their ids.

    :param recheck: called under the lock; raises Refused if what the act relied on has changed meanwhile
    :param import_id: joins the facts of one import
    :raises Refused: if `recheck` does, a text can't be kept, a row's known time is sealed, or the store can't write now
    """
    with store.refusing():
        nature = store.nature()
    hashing = nature.hashing
    prepared = [
        preparing.prepare(act, actor=actor, import_id=import_id, hashing=hashing, seed=nature.seed) for act in acts
    ]
    with store.writing():
        if recheck is not None:
            recheck()
        _not_sealed(prepared)
        return _append(prepared, actor=actor, nature=nature)


def record_late(build: Callable[[int, int], Act], *, actor: Actor, nature: store.Nature) -> int:
    """
    Append an act that has to know its own fact id and recorded time: a seal. The lock must be held; gives the id.

    :param build: from fact id and recorded time to the act
    """
    last, at = draw()
    act = build(last + 1, at)
    prepared = preparing.prepare(act, actor=actor, import_id="", hashing=nature.hashing, seed=nature.seed)
    return _write([(last + 1, at, prepared)], nature)[0]


def draw() -> tuple[int, int]:
    """Give the last fact's id and the next recorded time: the later of the clock and the last plus 1 microsecond."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, recorded_at FROM ledger_fact ORDER BY id DESC LIMIT 1")
        last, last_at = cursor.fetchone() or (0, 0)
    return last, max(clock.now(), last_at + 1)


def _append(prepared: Sequence[Prepared], *, actor: Actor, nature: store.Nature) -> list[int]:
    if not prepared:
        return []
    last, at = draw()
    drawn = []
    for n, one in enumerate(prepared):
        fact = last + 1 + n
        if one.waits:
            one = preparing.prepare(
                one.act, actor=actor, import_id=one.import_id, hashing=nature.hashing, seed=nature.seed, fact=fact
            )
        drawn.append((fact, at + n, one))
    return _write(drawn, nature)


def _not_sealed(prepared: Iterable[Prepared]) -> None:
    earliest = min((one.earliest for one in prepared if one.earliest is not None), default=None)
    if earliest is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT cut_at, period FROM ledger_seal ORDER BY id DESC LIMIT 1")
        sealed = cursor.fetchone()
    if sealed and earliest <= sealed[0]:
        raise HistoryIsSealed(known_at=columns.iso(earliest), period=sealed[1])


def _write(drawn: Sequence[tuple[int, int, Prepared]], nature: store.Nature) -> list[int]:
    projections.insert("ledger.Fact", _fact_rows(drawn, nature.hashing))
    texts = [(fact, digest.dump(one.texts).decode()) for fact, _at, one in drawn if one.texts]
    projections.insert("ledger.FactText", texts)
    for model in dict.fromkeys(table.model for _fact, _at, one in drawn for table, _cells in one.tables):
        projections.insert(model, chain.from_iterable(_rows(model, fact, at, one) for fact, at, one in drawn))
    return [fact for fact, _at, _one in drawn]


def _fact_rows(drawn: Sequence[tuple[int, int, Prepared]], hashing: digest.Hasher) -> Iterator[DbRow]:
    for fact, at, one in drawn:
        body = one.body(fact, columns.iso(at))
        act = one.act
        leaf = digest.leaf_hash(hashing, body)
        yield fact, act.type.name, act.type.version, at, one.actor, act.subject, one.import_id, body, leaf


def _rows(model: str, fact: int, at: int, one: Prepared) -> Iterator[DbRow]:
    place = 0
    words = {commitment: text for commitment, (_salt, text) in one.texts.items()}
    for table, cells in one.tables:
        if table.model == model:
            yield from projections.project(table, fact=fact, at=at, place=place, cells=cells, texts=words)
        place += len(cells[0])
