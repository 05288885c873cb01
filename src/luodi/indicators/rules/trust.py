"""When a row is believed: intervals of transaction time in which it is filed, and in which it is accepted or verified."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from luodi.indicators.values import Mark
from luodi.kernel.instant import END_OF_TIME

R = TypeVar("R")
Spell = tuple[int, int]
TRUSTING = frozenset({"accepted", "verified"})


class Trust(NamedTuple):
    """The spells in which a row counts at each level."""

    verified: tuple[Spell, ...]
    filed: tuple[Spell, ...]


def trust(*, known_at: int, trusted_at: int | None, marks: Sequence[Mark]) -> Trust:
    """
    Tell in which spells a row is verified (accepted) and in which it is filed.

    `trusted_at` is the acceptance that came with the row itself, `marks` what was said of it later. A withdrawn
    acceptance leaves it filed; sent back it is neither, until accepted after all; void it is nothing for ever.
    Nothing counts before the row itself is known. (ledger.md, As of, Voiding, Levels of trust.)
    """
    void_at = min((mark.at for mark in marks if mark.what == "void"), default=END_OF_TIME)
    if not marks:
        verified = () if trusted_at is None else ((max(trusted_at, known_at), END_OF_TIME),)
        return Trust(verified, ((known_at, END_OF_TIME),))
    own = [] if trusted_at is None else [Mark(trusted_at, 0, "accepted")]
    heard = sorted([*own, *(mark for mark in marks if mark.what != "void")])
    verified_turns = [(mark.at, mark.what in TRUSTING) for mark in heard]
    filed_turns = [(known_at, True), *((mark.at, mark.what != "sent_back") for mark in heard)]
    return Trust(_spells(verified_turns, known_at, void_at), _spells(filed_turns, known_at, void_at))


def _spells(turns: Iterable[tuple[int, bool]], known_at: int, void_at: int) -> tuple[Spell, ...]:
    """Turn switches, in order of time, into spells between `known_at` and `void_at`."""
    spells: list[Spell] = []
    on_since: int | None = None
    for at, on in turns:
        at = max(at, known_at)
        if on and on_since is None:
            on_since = at
        elif not on and on_since is not None:
            spells.append((on_since, at))
            on_since = None
    if on_since is not None:
        spells.append((on_since, void_at))
    return tuple((since, min(until, void_at)) for since, until in spells if since < min(until, void_at))


def last_standing(rows: Sequence[tuple[R, Sequence[Spell]]]) -> list[tuple[int, int, R]]:
    """
    Tell which of several rows of one key is in force when: the last of those that count at the time.

    `rows` stand in the order of (known time, row id). Spells come out in order of time and never overlap.
    """
    if len(rows) == 1:
        row, spells = rows[0]
        return [(since, until, row) for since, until in spells]
    turns = sorted({at for _, spells in rows for spell in spells for at in spell})
    found: list[tuple[int, int, R]] = []
    for since, until in itertools.pairwise(turns):
        standing = [row for row, spells in rows if any(a <= since < b for a, b in spells)]
        if not standing:
            continue
        if found and found[-1][1] == since and found[-1][2] is standing[-1]:
            found[-1] = (found[-1][0], until, standing[-1])
        else:
            found.append((since, until, standing[-1]))
    return found
