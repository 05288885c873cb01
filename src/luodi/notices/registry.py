"""
Where notices come from: each module looks for its own (`notices.py` of the module), this one asks them all.

A source reads; it neither writes nor knows who else there is. So no module below calls up, and none is called sideways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from luodi.ledger.values import Recorded
from luodi.notices.seats import Seats
from luodi.notices.values import News


@dataclass(frozen=True)
class Source:
    """`of_facts`: what facts of these kinds call for; `of_day`: what a day calls for, asked once a day."""

    name: str
    facts: tuple[str, ...] = ()
    of_facts: Callable[[Sequence[Recorded], Seats], Iterable[News]] | None = None
    of_day: Callable[[date, Seats], Iterable[News]] | None = None


SOURCES: dict[str, Source] = {}


def declare(source: Source) -> Source:
    """Make a source known. Declaring it again replaces it."""
    SOURCES[source.name] = source
    return source


def fact_names() -> list[str]:
    """List the kinds of facts that any source looks at."""
    return sorted({name for source in SOURCES.values() for name in source.facts})
