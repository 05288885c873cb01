"""
Search a register as people type: characters, pinyin, initials, parts. For lists of choices, not for verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from luodi.directory.names import spelling
from luodi.directory.names.index import Index, Numbers
from luodi.directory.names.parts import take_apart
from luodi.kernel.chinese import matches_query, normalise

# So many names at most are compared for one query: a person who typed so little will type on.
MOST_COMPARED = 300
FEW = 100
# A part that is one whole syllable (zeng, or z-en-g) is looked up by that too, unless so many names have it.
TOO_MANY = 200_000


@dataclass(frozen=True)
class Hit:
    """An enterprise that a query found, by which of its names, and how near (see `kernel.chinese`)."""

    code: str
    name: str
    score: int


def search(*, query: str, index: Index, limit: int = 20) -> list[Hit]:
    """
    Find the enterprises of which some name matches the query, nearest first; each once, by its nearest name.

    Nothing is found for a query of one letter or character: it says too little.
    """
    best: dict[int, tuple[int, int, str]] = {}
    for number in narrowed(query, index)[:MOST_COMPARED].tolist():
        name = index.name(number)
        score = matches_query(query, take_apart(name).spoken)
        if score:
            found = (-score, len(name), name)
            owner = index.record(number).owner
            best[owner] = min(found, best.get(owner, found))
    ranked = sorted((found, owner) for owner, found in best.items() if owner < index.entries)[:limit]
    return [Hit(index.code(owner), name, -score) for (score, _, name), owner in ranked]


def narrowed(query: str, index: Index) -> Numbers:
    """Give the records in which every part of the query may stand, by pairs of first letters, in order."""
    left: Numbers | None = None
    for part in query.split():
        letters = "".join(character for character in normalise(part).casefold() if character.isalnum())
        found = _may_hold(letters, index)
        if found is not None:
            left = found if left is None else _in_both(left, found)
    return np.empty(0, "<u4") if left is None else left


def _may_hold(part: str, index: Index) -> Numbers | None:
    """Give the records a part may stand in; None when the part is too short to say."""
    found = [_in_a_row(way, index) for way in spelling.beginnings(part) if len(way) > 1]
    found += _beside_anything(part, index)
    return spelling.distinct(np.concatenate(found)) if found else None


def _beside_anything(part: str, index: Index) -> list[Numbers]:
    """Give the records that have a part as one whole syllable, before or behind any other; of what says little, none."""
    number, every = spelling.syllables().number(part), (1, spelling.syllables().width)
    pairs = [((number, number + 1), every), (every, (number, number + 1))] if number and len(part) > 1 else []
    if sum(index.count_spelt(*pair) for pair in pairs) > TOO_MANY:
        return []
    return [index.spelt(*pair) for pair in pairs]


def _in_a_row(way: tuple[spelling.Range, ...], index: Index) -> Numbers:
    """Give the records that have every pair of a way, looking at the rarest first and only while there are many."""
    pairs = sorted(pairwise(way), key=lambda pair: index.count_spelt(*pair))
    found = index.spelt(*pairs[0])
    for pair in pairs[1:]:
        if len(found) <= FEW:
            break
        found = _in_both(found, index.spelt(*pair))
    return found


def _in_both(one: Numbers, other: Numbers) -> Numbers:
    """Give the numbers that stand in both of two rising rows, walking the shorter."""
    short, long = sorted((one, other), key=len)
    if not len(short):
        return short
    at = np.searchsorted(long, short)
    at[at == len(long)] = len(long) - 1
    found: Numbers = short[long[at] == short]
    return found
