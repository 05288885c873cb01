"""
Trace numbers: what stands behind each figure printed on a checking edition (核对版), kept as facts.

Papers record them (`acts`, then `numbers`); `luodi trace --ref N` opens them (`queries.opened`). A number is `fact.place`, so that nobody
has to keep a counter, and a number on paper leads to its fact for ever. Nothing here loads the engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from luodi.indicators.facts import VALUES_REFERENCED
from luodi.kernel.problem import Refused
from luodi.ledger import queries as ledger
from luodi.ledger.values import Act

MANY = 1000  # references in one fact


class UnknownReference(Refused):
    """No paper printed that number. Parameters: `found`."""

    code: ClassVar[str] = "trace.unknown_reference"


@dataclass(frozen=True)
class Reference:
    """
    The question that a printed figure answers, and what was printed.

    `unit` "": what no unit holds. `cut` is the instant that it was asked as of. `project` not "": that project's own number, whole,
    whatever its shares. `printed` is the text on the paper, `printed_in` its unit (亿元, %, 个 ...), `places` its decimals.
    """

    indicator: str
    period: str
    unit: str
    span: str
    role: str
    basis: str
    cut: int
    list_: str = ""
    project: str = ""
    printed: str = ""
    printed_in: str = ""
    places: int = 0


@dataclass(frozen=True)
class Found:
    """A number looked up: the figure's question, which paper it stands on, when that was made and by whom."""

    number: str
    reference: Reference
    paper: str
    printed_at: int
    printed_by: str


def acts(references: Sequence[Reference], *, paper: str) -> list[Act]:
    """Make the acts that keep references, at most a thousand in each. `paper` says which paper: kind, period, edition."""
    return [
        Act(VALUES_REFERENCED, f"paper:{paper}", details={"paper": paper, "references": [_text(one) for one in part]})
        for part in _parts(references)
    ]


def numbers(facts: Sequence[int], references: Sequence[Reference]) -> dict[Reference, str]:
    """Give each reference the number to print beside it, once the acts of `acts` are recorded as `facts`."""
    found: dict[Reference, str] = {}
    for fact, part in zip(facts, _parts(references), strict=True):
        found |= {one: f"{fact}.{place}" for place, one in enumerate(part, start=1)}
    return found


def find(number: str) -> Found:
    """
    Look a number up.

    :raises UnknownReference: if no paper carries it
    """
    fact, _, place = number.strip().partition(".")
    if not (fact.isdecimal() and place.isdecimal()):
        raise UnknownReference(found=number)
    recorded = ledger.fact(int(fact))
    kept = recorded.details.get("references", ()) if recorded and recorded.name == VALUES_REFERENCED.name else ()
    if recorded is None or not 1 <= int(place) <= len(kept):
        raise UnknownReference(found=number)
    read = Reference(**json.loads(kept[int(place) - 1]))
    return Found(number, read, str(recorded.details["paper"]), recorded.at, recorded.actor.person)


def _parts(references: Sequence[Reference]) -> Iterator[Sequence[Reference]]:
    return (references[at : at + MANY] for at in range(0, len(references), MANY))


def _text(reference: Reference) -> str:
    return json.dumps(asdict(reference), ensure_ascii=False)
