"""What must fit together in a profile. Pure: a draft in, flaws out; the loader turns flaws into problems with lines."""

from __future__ import annotations

from collections.abc import Iterator

from luodi.codebook.rules import indicators, lifecycle, names, organisation, reporting
from luodi.codebook.rules.draft import Draft, Flaw

# In the order in which a clerk would read the folder.
RULES = (*names.RULES, *organisation.RULES, *lifecycle.RULES, *reporting.RULES, *indicators.RULES)


def flaws(draft: Draft) -> Iterator[Flaw]:
    """Yield everything in a draft that does not fit."""
    for rule in RULES:
        yield from rule(draft)


__all__ = ["Draft", "Flaw", "flaws"]
