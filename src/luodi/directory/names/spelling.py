"""
Finding names by how they are spelt, among a million: pairs of syllables narrow them down.

Each two neighbouring characters of a name post every pair of syllables they may be read as: the readings of a
position stay a set beside its neighbour's, a name is never spelt out. Syllables are numbered in the order of the
alphabet, so that an initial, or a syllable that is not typed to its end, is a range of numbers. What is left is
compared by `kernel.chinese.matches_query`, reading by reading.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from luodi.kernel.chinese import is_han, readings_of

MOST_READINGS = 6  # all that characters in use have, and their ways of typing ü
DEPTH = 4  # characters looked at in a query: enough to narrow down, few enough to be quick
LONGEST = 6  # letters of the longest syllable, zhuang
Numbers = npt.NDArray[Any]
Range = tuple[int, int]  # from this syllable to before that one


@dataclass(frozen=True)
class Syllables:
    """Every syllable and every letter and digit that stands for itself, in the order of the alphabet, from 1."""

    written: tuple[str, ...]

    @property
    def width(self) -> int:
        """Give how many numbers are in use; 0 is a character without any."""
        return len(self.written) + 1

    def number(self, syllable: str) -> int:
        """Give the number of a syllable, 0 when it is none."""
        at = bisect_left(self.written, syllable)
        return at + 1 if at < len(self.written) and self.written[at] == syllable else 0

    def beginning_with(self, letters: str) -> Range:
        """Give the range of syllables that begin with some letters; empty when none does."""
        return bisect_left(self.written, letters) + 1, bisect_left(self.written, letters + "\uffff") + 1


@cache
def syllables() -> Syllables:
    """Collect the syllables of all ideographs of the basic block, once."""
    read = {syllable for code in range(0x4E00, 0xA000) for syllable in readings_of(chr(code)) if syllable.isascii()}
    return Syllables(tuple(sorted(read | set("abcdefghijklmnopqrstuvwxyz0123456789"))))


def pairs_of(texts: Sequence[str], *, at_once: int = 50_000) -> tuple[Numbers, Numbers]:
    """
    Give, pair after pair, the numbers of the texts that post it, in order, and where each pair begins.

    A pair's number is first x width + second. Works on so many texts at once to keep what is held in between small.
    """
    found = [_posted(texts[start : start + at_once], start) for start in range(0, len(texts), at_once)]
    every = np.concatenate(found) if found else np.empty(0, "<u8")
    found.clear()
    every.sort()
    begins = np.searchsorted(every, np.arange(syllables().width ** 2 + 1, dtype="<u8") << np.uint64(32))
    return every.astype("<u4"), begins.astype("<u8")


def distinct(numbers: Numbers) -> Numbers:
    """Give numbers in order, each once. (Sorting is several times quicker here than numpy's own way by hashes.)"""
    rising = np.sort(numbers)
    return rising[np.append(True, rising[1:] != rising[:-1])] if len(rising) else rising


def _posted(texts: Sequence[str], first: int) -> Numbers:
    width = np.uint64(syllables().width)
    characters = np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le"), dtype="<u4")
    text = np.cumsum(characters == ord("\n"), dtype="<u8")[:-1] + np.uint64(first)
    known = np.flatnonzero(np.bincount(characters))
    readings = np.zeros((int(known[-1]) + 1, MOST_READINGS), dtype="<u8")
    readings[known] = [_numbers(chr(character)) for character in known]
    posted = []
    for one, other in product(range(MOST_READINGS), repeat=2):
        left = readings[characters[:-1], one]
        here = np.flatnonzero(left)
        right = readings[characters[here + 1], other]
        both = right > 0
        at = here[both]
        posted.append((left[at] * width + right[both]) << np.uint64(32) | text[at])
    return np.concatenate(posted)


@lru_cache(maxsize=65536)
def _numbers(character: str) -> list[int]:
    numbers = sorted({syllables().number(reading) for reading in readings_of(character)} - {0})
    return (numbers + [0] * MOST_READINGS)[:MOST_READINGS]


def beginnings(part: str) -> list[tuple[Range, ...]]:
    """
    Give every way a part of a query may be meant: for its first characters, at most four, a range of syllables each.

    'haik' may be 海康 typed halfway, or an H and 爱 and a k; ways that can't be spelt to their end are left out.
    """
    return sorted(set(_walk(part, 0, (), frozenset(_finishing(part)))))


def _finishing(part: str) -> set[int]:
    """Give the places in a part from which it can be spelt to its end."""
    finishing = {len(part)}
    for at in range(len(part) - 1, -1, -1):
        if any(end in finishing for end, _ in _steps(part, at)):
            finishing.add(at)
    return finishing


def _walk(part: str, at: int, so_far: tuple[Range, ...], finishing: frozenset[int]) -> Iterator[tuple[Range, ...]]:
    if at == len(part) or len(so_far) == DEPTH:
        yield so_far
        return
    for end, meant in _steps(part, at):
        if end in finishing:
            yield from _walk(part, end, (*so_far, meant), finishing)


def _steps(part: str, at: int) -> Iterator[tuple[int, Range]]:
    """Give what the next character of a text may be: how far it uses up the part, and which syllables it may be."""
    known = syllables()
    if is_han(part[at]):
        yield from ((at + 1, (number, number + 1)) for number in _numbers(part[at]) if number)
        return
    initial = 2 if part[at : at + 2] in ("zh", "ch", "sh") else 1
    for length in range(1, min(LONGEST, len(part) - at) + 1):
        letters = part[at : at + length]
        number, start = known.number(letters), known.beginning_with(letters)
        if length <= initial or (at + length == len(part) and start[0] < start[1]):
            yield at + length, start
        elif number:
            yield at + length, (number, number + 1)
