"""
Search as people type: characters, full pinyin, initials, a mixture of them, in parts divided by spaces.

'hkws', 'haikang', 'haikws', '海康' and '海 视' all find 海康威视. Each part must be found; a part matches a run of
neighbouring characters, each taken as itself, as one of its readings, or as the first letter of a reading. The last
syllable may be unfinished, for the person is still typing. Only a part in characters may skip others
(浦发 for 浦东发展).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from luodi.kernel.chinese.readings import syllable_sets
from luodi.kernel.chinese.writing import is_han, normalise

# Scores only order what is found; the numbers mean nothing by themselves. 0 is: not found.
EXACT, PREFIX, INSIDE = 100, 90, 80
SPELT = {True: (70, 60), False: (50, 40)}  # by syllables, by initials: at the start of the text, inside it
SKIPPING = 20


@dataclass(frozen=True)
class Hit:
    """A text that a query found: its place in the list searched, the text, and its score (higher is nearer)."""

    at: int
    text: str
    score: int


def search(*, query: str, texts: Iterable[str], limit: int = 20) -> list[Hit]:
    """Find the texts that a query matches, nearest first, then shorter, then by text and place; at most `limit`."""
    scored = ((at, text, matches_query(query, text)) for at, text in enumerate(texts))
    hits = [Hit(at, text, score) for at, text, score in scored if score]
    return sorted(hits, key=lambda hit: (-hit.score, len(hit.text), hit.text, hit.at))[:limit]


def matches_query(query: str, text: str) -> int:
    """
    Score how well a query finds a text: 100 is the whole text, 0 is not at all, so that it also reads as yes or no.

    An empty query finds nothing. Upper and lower case, width, traditional forms and punctuation don't matter.
    """
    parts = [_letters(part) for part in query.split()]
    parts = [part for part in parts if part]
    if not parts:
        return 0
    target = _letters(text)
    if "".join(parts) == target:
        return EXACT
    readings: list[frozenset[str]] | None = None
    scores = []
    for part in parts:
        score = _written(part, target)
        if not score and not all(map(is_han, part)):
            readings = syllable_sets(target) if readings is None else readings
            score = _spelt(part, target, readings)
        if not score:
            return 0
        scores.append(score)
    return min(scores)


def _letters(text: str) -> str:
    return "".join(character for character in normalise(text).casefold() if character.isalnum())


def _written(part: str, target: str) -> int:
    """Score a part that stands in the text as it is written, or, all in characters, with others between."""
    if part in target:
        return PREFIX if target.startswith(part) else INSIDE
    if len(part) > 1 and all(map(is_han, part)):
        rest = iter(target)
        return SKIPPING if all(character in rest for character in part) else 0
    return 0


def _spelt(part: str, target: str, readings: Sequence[frozenset[str]]) -> int:
    """Score a part that spells a run of the text's characters, by syllables better than by initials."""
    return max((_spelt_at(part, target, readings, start) for start in range(len(readings))), default=0)


def _spelt_at(part: str, target: str, readings: Sequence[frozenset[str]], start: int) -> int:
    for full in (True, False):
        if _run(part, target, readings, start, initials=not full):
            return SPELT[full][0 if start == 0 else 1]
    return 0


def _run(part: str, target: str, readings: Sequence[frozenset[str]], start: int, *, initials: bool) -> bool:
    """
    Tell whether a part spells the characters from `start` on.

    Walks the positions keeping the set of lengths of the part that can be used up so far: the readings of a position
    are tried beside each other, never multiplied out.
    """
    reached = {0}
    for at in range(start, len(readings)):
        following: set[int] = set()
        for used in reached:
            if part.startswith(target[at], used):
                following.add(used + 1)
            for reading in readings[at]:
                for typed in (reading, *_initials_of(reading)) if initials else (reading,):
                    if part.startswith(typed, used):
                        following.add(used + len(typed))
                if used and reading.startswith(part[used:]):
                    return True
        if len(part) in following:
            return True
        if not following:
            return False
        reached = following
    return False


def _initials_of(reading: str) -> tuple[str, ...]:
    """Give what is typed for the start of a syllable: its first letter, and zh, ch, sh whole."""
    return (reading[0], reading[:2]) if reading[:2] in ("zh", "ch", "sh") else (reading[0],)
