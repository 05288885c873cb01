"""What a record's enterprise is known by."""

from __future__ import annotations

from collections.abc import Iterable

from luodi.projects.values.views import Card

Enterprise = tuple[str, str]  # what it is known by, and that: its credit code, its name


def enterprises(card: Card) -> Iterable[Enterprise]:
    """Give what a record's enterprise is known by."""
    version = card.version
    if version.uscc:
        yield "uscc", version.uscc
    if version.investor:
        yield "investor", version.investor
