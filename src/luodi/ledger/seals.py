"""
Sealing a period: all facts up to the cut under one Merkle root, chained to the seal before.

The tree is built before the lock, and under it only over what came meanwhile, so that writers hardly wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from django.db import IntegrityError

from luodi.kernel import digest, merkle
from luodi.kernel.instant import iso
from luodi.kernel.period import CALENDAR_YEAR, AccountingYear, Period
from luodi.kernel.problem import Refused, refuse_if_any
from luodi.ledger import actions, evidence, models, queries, reading, rules, store
from luodi.ledger.facts import PERIOD_SEALED, SEAL
from luodi.ledger.values import Act, Actor, Seal, row_id


class CannotSeal(Refused):
    """The period can't be sealed. `problems` say why."""

    code = "ledger.seal.refused"


class BrokenFact(Refused):
    """A fact's bytes don't have the hash they were stored with; nothing is sealed over it. Parameters: `fact`."""

    code = "ledger.seal.broken_fact"


class NotSealed(Refused):
    """No seal covers that fact yet, or there is no such fact. Parameters: `fact`."""

    code = "ledger.proof.not_sealed"


class NoExport(Refused):
    """The file is not an export of seals. Parameters: `file`."""

    code = "ledger.seal.no_export"


def seal_period(
    *,
    period: Period,
    actor: Actor,
    profile_digest: str,
    profile_body: bytes,
    today: date,
    calendar: AccountingYear = CALENDAR_YEAR,
    dossier: Mapping[str, Any] | None = None,
    recheck: Callable[[], None] | None = None,
) -> Seal:
    """
    Seal a month for the whole city and give its seal.

    :param profile_digest: of the profile in force, kept whole beside the seal as `profile_body`
    :param dossier: what the seal says of missing units and of forms outside it; plain values, kept in its fact
    :param recheck: called under the lock; raises Refused if something stands against sealing now
    :raises CannotSeal: if a rule of `rules.SEAL_CHECKS` is broken
    :raises BrokenFact: if a fact to be sealed was tampered with
    """
    check(period=period, today=today, calendar=calendar)
    nature = store.nature()
    with reading.one_view():
        before, tree, through = _begin(nature)
        through = _cover(tree, through, nature.hashing)
    with store.writing():
        check(period=period, today=today, calendar=calendar)
        if recheck is not None:
            recheck()
        if queries.last_seal() != before:  # another month was sealed meanwhile, and ours is the next
            before, tree, through = _begin(nature)
        through = _cover(tree, through, nature.hashing)
        build = _builder(period, before, through, tree, profile_digest, nature.algorithm, actor, dossier or {})
        models.ProfileCopy.objects.bulk_create(
            [models.ProfileCopy(digest=profile_digest, body=profile_body)], ignore_conflicts=True
        )
        try:
            actions.record_late(build, actor=actor, nature=nature)
        except IntegrityError:  # the database's own word that a period is sealed once
            raise CannotSeal(period=str(period)) from None
    sealed = queries.live_seal(str(period))
    assert sealed is not None  # noqa: S101
    return sealed


def check(*, period: Period, today: date, calendar: AccountingYear = CALENDAR_YEAR) -> None:
    """Refuse, with every reason, a period that can't be sealed today. Raises CannotSeal."""
    sealing = rules.Sealing(period, calendar, today, queries.seals())
    refuse_if_any(rules.seal_problems(sealing), CannotSeal)


def _begin(nature: store.Nature) -> tuple[Seal | None, merkle.Accumulator, int]:
    """Give the seal to chain to, an empty tree, and the last fact that is covered already."""
    before = queries.last_seal()
    return before, merkle.Accumulator(nature.hashing), before.through if before else 0


def _cover(tree: merkle.Accumulator, after: int, hashing: digest.Hasher) -> int:
    """Put all facts after that one under the tree, hashing their bytes anew; give the last one's id."""
    last = after
    for rows in reading.bodies(after):
        leaves, broken = reading.leaves_of(rows, hashing)
        if broken:
            raise BrokenFact(fact=broken[0])
        tree.add(leaves)
        last = rows[-1][0]
    return last


def _builder(
    period: Period,
    before: Seal | None,
    through: int,
    tree: merkle.Accumulator,
    profile: str,
    algorithm: str,
    actor: Actor,
    dossier: Mapping[str, Any],
) -> Callable[[int, int], Act]:
    def build(fact: int, at: int) -> Act:
        row: dict[str, Any] = {
            "period": period.label,
            "period_last": period.last,
            # The sealing fact is the first one after the cut.
            "cut_at": at - 1,
            "first": before.through + 1 if before else 1,
            "through": through,
            "count": tree.count,
            "root": tree.root().hex(),
            "previous": before.hash if before else "",
            "profile": profile,
            "algorithm": algorithm,
            "sealed_at": at,
            "sealed_by": actor.person,
        }
        row["hash"] = hash_of({"id": row_id(fact, 0), "known_at": at, **row}, algorithm)
        return Act(PERIOD_SEALED, f"period:{period}", {SEAL.model: [[row[name] for name in SEAL.columns]]}, dossier)

    return build


def hash_of(columns: Mapping[str, Any], algorithm: str) -> str:
    """Hash a seal: the canonical bytes of every column but the hash itself, instants and days as text."""
    named = {name: iso(cell) if name.endswith("_at") else cell for name, cell in columns.items() if name != "hash"}
    return digest.hasher(algorithm)(digest.canonical(named)).hexdigest()


def export(path: Path) -> None:
    """Write all seals into a file to be kept elsewhere, since whoever owns the database can recompute all of it."""
    document = {"kind": "luodi seals", "version": 1, "seals": [exported(seal) for seal in queries.seals()]}
    evidence.write_whole(path, orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


def exported(seal: Seal) -> dict[str, Any]:
    """Write a seal so that anyone can hash it again: the very fields and texts that its hash is over."""
    return {name: iso(cell) if name.endswith("_at") else digest.plain(cell) for name, cell in asdict(seal).items()}


def differing(path: Path) -> list[str]:
    """
    Name the periods whose seal in the store is not the one in an export.

    :raises NoExport: if the file is none
    """
    try:
        document = orjson.loads(path.read_bytes())
        kept = {seal["period"]: seal for seal in document["seals"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise NoExport(file=path.name) from None
    live = {seal.period: exported(seal) for seal in queries.seals()}
    return [period for period, seal in kept.items() if live.get(period) != seal]


def proof(fact: int) -> dict[str, Any]:
    """
    Prove that a fact stands under a seal: its leaf, the path of hashes to the root, and the seal.

    Check it with `merkle.is_included`, knowing only the seal.

    :raises NotSealed: if no seal covers it
    """
    seal = queries.seal_covering(fact)
    if seal is None:
        raise NotSealed(fact=fact)
    hashing = digest.hasher(seal.algorithm)
    leaves: list[bytes] = []
    for rows in reading.bodies(seal.first - 1, seal.through):
        leaves += reading.leaves_of(rows, hashing)[0]
    path = merkle.inclusion_proof(hashing, leaves, fact - seal.first)
    return {
        "fact": fact,
        "leaf": leaves[fact - seal.first].hex(),
        "index": fact - seal.first,
        "count": len(leaves),
        "path": [beside.hex() for beside in path],
        "seal": exported(seal),
    }
