"""
Finding names by how they are spelt, among a million: pairs of first letters narrow them down.

Each two neighbouring characters of a name post every pair of first letters their readings may have: the readings of
a position stay a set beside its neighbour's, a name is never spelt out. What is left is compared by
`kernel.chinese.matches_query`, reading by reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from luodi.kernel.chinese import initial_sets, is_han, readings_of, syllable_sets

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
WIDTH = len(LETTERS) + 1  # 0 is a character that has no letter of ours
MOST_INITIALS = 4  # no character in use begins in more ways; a rarer way is not indexed
DEPTH = 4  # letters looked at in a query: enough to narrow down, few enough to be quick
Numbers = npt.NDArray[Any]


def pair(first: str, second: str) -> int:
    """Give the number of a pair of first letters."""
    return (LETTERS.find(first) + 1) * WIDTH + LETTERS.find(second) + 1


def pairs_of(texts: Sequence[str], *, at_once: int = 100_000) -> tuple[Numbers, Numbers]:
    """
    Give, pair after pair, the numbers of the texts that post it, in order, and where each pair begins.

    Works on so many texts at once to keep what is held in between small.
    """
    found = [_posted(texts[start : start + at_once], start) for start in range(0, len(texts), at_once)]
    every = np.concatenate(found) if found else np.empty(0, "<u8")
    every.sort()
    begins = np.arange(WIDTH * WIDTH + 1, dtype="<u8") << np.uint64(32)
    return (every & np.uint64(0xFFFFFFFF)).astype("<u4"), np.searchsorted(every, begins).astype("<u8")


def _posted(texts: Sequence[str], first: int) -> Numbers:
    characters = np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le"), dtype="<u4")
    text = np.cumsum(characters == ord("\n")).astype("<u8") + np.uint64(first)
    known, place = np.unique(characters, return_inverse=True)
    initials = np.array([_initials(chr(character)) for character in known], dtype="<u8")[place]
    posted = []
    for one in range(MOST_INITIALS):
        for other in range(MOST_INITIALS):
            left, right = initials[:-1, one], initials[1:, other]
            both = (left > 0) & (right > 0)
            posted.append((left[both] * np.uint64(WIDTH) + right[both]) << np.uint64(32) | text[:-1][both])
    return np.unique(np.concatenate(posted))


def _initials(character: str) -> list[int]:
    letters = sorted({LETTERS.find(reading[0]) + 1 for reading in readings_of(character)} - {0}, reverse=True)
    return (letters + [0] * MOST_INITIALS)[:MOST_INITIALS]


def beginnings(part: str) -> set[tuple[str, ...]]:
    """
    Give every sequence of first letters, at most four, that the characters meant by a part of a query may have.

    'haikws' may be h-k-w-s or h-a... and so on: each letter may be one of a character by itself, or begin a syllable.
    """
    return set(_walk(part, 0, ()))


def _walk(part: str, at: int, so_far: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if at >= len(part) or len(so_far) == DEPTH:
        yield so_far
        return
    if is_han(part[at]):
        for letter in sorted(initial_sets(part[at])[0]):
            yield from _walk(part, at + 1, (*so_far, letter))
        return
    ends = {at + 1, *(at + length for length in range(2, 7) if part[at : at + length] in _syllables())}
    ends |= {len(part)} if any(syllable.startswith(part[at:]) for syllable in _syllables()) else set()
    ends |= {at + 2} if part[at : at + 2] in ("zh", "ch", "sh") else set()
    for end in sorted(ends):
        yield from _walk(part, end, (*so_far, part[at]))


_SYLLABLES: set[str] = set()


def _syllables() -> set[str]:
    """Every syllable of common characters, read once."""
    if not _SYLLABLES:
        common = "".join(chr(code) for code in range(0x4E00, 0x9FA6))
        _SYLLABLES.update(syllable for readings in syllable_sets(common) for syllable in readings)
    return _SYLLABLES
