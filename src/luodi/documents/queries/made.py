"""The papers that were made, from their facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luodi.documents.facts import PAPER_MADE
from luodi.documents.values import Made
from luodi.ledger import queries as ledger
from luodi.ledger.values import Recorded


def papers(*, period: str | None = None, kind: str | None = None, digest: str | None = None) -> list[Made]:
    """List papers made, last first: of a period, of a kind, or the one with a file's SHA-256."""
    found = [made(one) for one in ledger.facts(names=[PAPER_MADE.name])]
    wanted = {"period": period, "kind": kind, "digest": digest}
    return [
        one
        for one in reversed(found)
        if all(value is None or getattr(one, name) == value for name, value in wanted.items())
    ]


def made(fact: Recorded) -> Made:
    """Read a fact as a paper made."""
    details: Mapping[str, Any] = fact.details
    return Made(
        kind=details["kind"],
        period=details["period"],
        edition=details["edition"],
        checking=details["checking"],
        unit=details["unit"],
        title=details["title"],
        digest=details["digest"],
        fact=fact.id,
        made_at=fact.at,
        made_by=fact.actor.person,
        seal=details["seal"],
        references=details["references"],
        first_reference=details["first_reference"],
        last_reference=details["last_reference"],
        filed=details["filed"],
        owed=details["owed"],
        corrections=details["corrections"],
    )
