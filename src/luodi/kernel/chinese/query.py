"""
Search as people type: characters, full pinyin, initials, a mixture of them, in parts divided by spaces.

'hkws', 'haikang', 'haikws', '海康' and '海 视' all find 海康威视. Each part must be found; a part matches a run of
neighbouring characters, each taken as itself, as one of its readings, or as the first letter of a reading. The last
syllable may be unfinished, for the person is still typing. Only a part in characters may skip others
(浦发 for 浦东发展).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from luodi.kernel.chinese.readings import readings_of
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
    parts = _parts(query)
    if not parts:
        return 0
    target = _letters(text)
    if "".join(parts) == target:
        return EXACT
    scores = []
    for part in parts:
        score = _written(part, target)
        if not score and not all(map(is_han, part)):
            score = _spelt(part, target)
        if not score:
            return 0
        scores.append(score)
    return min(scores)


@lru_cache(maxsize=256)
def _parts(query: str) -> tuple[str, ...]:
    return tuple(part for part in map(_letters, query.split()) if part)


def _letters(text: str) -> str:
    text = normalise(text).casefold()
    return text if text.isalnum() else "".join(character for character in text if character.isalnum())


def _written(part: str, target: str) -> int:
    """Score a part that stands in the text as it is written, or, all in characters, with others between."""
    if part in target:
        return PREFIX if target.startswith(part) else INSIDE
    if len(part) > 1 and all(map(is_han, part)):
        rest = iter(target)
        return SKIPPING if all(character in rest for character in part) else 0
    return 0


def _spelt(part: str, target: str) -> int:
    """Score a part that spells a run of the text's characters, by syllables better than by initials."""
    best = 0
    for start, character in enumerate(target):
        # The first character must be spelt whole or by its initial; most texts end here.
        if part.startswith(_typed(character, initials=True)):
            best = max(best, _spelt_at(part, target, start))
    return best


def _spelt_at(part: str, target: str, start: int) -> int:
    for full in (True, False):
        if _run(part, target, start, initials=not full):
            return SPELT[full][0 if start == 0 else 1]
    return 0


def _run(part: str, target: str, start: int, *, initials: bool) -> bool:
    """
    Tell whether a part spells the characters from `start` on.

    Walks the positions keeping the set of lengths of the part that can be used up so far: the readings of a position
    are tried beside each other, never multiplied out.
    """
    reached = {0}
    for character in target[start:]:
        typed = _typed(character, initials=initials)
        following = {used + len(one) for used in reached for one in typed if part.startswith(one, used)}
        if len(part) in following or _unfinished(part, reached, character):
            return True
        if not following:
            return False
        reached = following
    return False


def _unfinished(part: str, reached: set[int], character: str) -> bool:
    """Tell whether the rest of a part, after something that was spelt, begins a reading of the character."""
    return any(reading.startswith(part[used:]) for used in reached if used for reading in readings_of(character))


@lru_cache(maxsize=65536)
def _typed(character: str, *, initials: bool) -> tuple[str, ...]:
    """Give all that may be typed for a character: itself, its readings, and their first letter or zh, ch, sh."""
    readings = readings_of(character)
    starts = {reading[:length] for reading in readings for length in (1, 2 if reading[1:2] == "h" else 1)}
    return (character, *readings, *starts) if initials else (character, *readings)
