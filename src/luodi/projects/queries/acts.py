"""Who wrote a fact, for timelines: its name, person, unit and way. No names of people, which can be erased: pages look them up."""

from __future__ import annotations

import json
from collections.abc import Collection

from luodi.ledger.models import Fact

LEAD = '{"actor":'
HEAD = 2_000  # bytes: more than any actor has


def authors(facts: Collection[int]) -> dict[int, tuple[str, str, str, str]]:
    """Give (name of the act, person, unit, via) of facts by id, in one query."""
    found = {}
    for fact, name, person, body in Fact.objects.filter(id__in=facts).values_list("id", "name", "actor", "body"):
        # Canonical keys are sorted, so the actor stands first: the rest of an import's body need not be read.
        actor, _end = json.JSONDecoder().raw_decode(bytes(body[:HEAD]).decode("utf-8", "ignore"), len(LEAD))
        found[fact] = (name, person, actor["unit"], actor["via"])
    return found
