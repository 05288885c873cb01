"""
Merging the files that come back into the draft, cell by cell (合并). Pure.

A file claims a cell when it says something else than stood there when it was handed out. A claim goes into the draft where nobody
else has spoken since; where somebody has, both stay until a person chooses. Nothing is ever dropped: what was not chosen stays with
its file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from luodi.statistics.rules.asking import same
from luodi.statistics.values.asking import Conflict, Offer, Part

TAKEN, KEPT, SAME = "taken", "kept", "same"


def claims(part: Part) -> dict[str, str]:
    """Give the cells that a file says something new for."""
    return {key: text for key, text in part.cells.items() if not same(text, part.base.get(key, ""))}


def take(kept: Mapping[str, str], part: Part, earlier: Sequence[Part]) -> tuple[dict[str, str], dict[str, str]]:
    """
    Tell which cells of a new file go into the draft at once, and how its cells are settled by that.

    A claim is taken if the draft still says what the file was handed out with, or what an earlier file of the same part brought
    (a town that mends its own file need not be asked about it). A claim not settled is a conflict.
    """
    before = [one for one in earlier if one.part == part.part and part.part]
    values: dict[str, str] = {}
    settled: dict[str, str] = {}
    for key, text in claims(part).items():
        now = kept.get(key, "")
        if same(text, now):
            settled[key] = SAME
        elif same(now, part.base.get(key, "")) or any(brought(one, key, now) for one in before):
            values[key], settled[key] = text, TAKEN
    return values, settled


def brought(part: Part, key: str, now: str) -> bool:
    """Tell whether what stands in a cell came out of a file."""
    return part.settled.get(key) in (TAKEN, SAME) and same(part.cells.get(key, ""), now)


def conflicts(kept: Mapping[str, str], parts: Sequence[Part], who: Mapping[str, str]) -> list[Conflict]:
    """
    List the cells where a person has to choose, in the order of their names.

    :param who: who last changed a cell of the draft, by cell; a cell that a file brought is said by the file's name
    """
    pending: defaultdict[str, list[Offer]] = defaultdict(list)
    for part in parts:
        for key, text in claims(part).items():
            if key not in part.settled and not same(text, kept.get(key, "")):
                pending[key].append(Offer(part, text))
    return [
        Conflict(key, kept.get(key, ""), origin(key, kept.get(key, ""), parts) or who.get(key, ""), tuple(offers))
        for key, offers in sorted(pending.items())
    ]


def origin(key: str, now: str, parts: Iterable[Part]) -> str:
    """Name the file that brought what stands in a cell, or "" for a person at the grid."""
    return next((part.name for part in reversed(list(parts)) if brought(part, key, now)), "")


def left_out(kept: Mapping[str, str], parts: Sequence[Part]) -> list[Conflict]:
    """List the cells where a file said something that was not chosen: still there to be chosen after all."""
    found: defaultdict[str, list[Offer]] = defaultdict(list)
    for part in parts:
        for key, how in part.settled.items():
            text = part.cells.get(key, "")
            if how == KEPT and not same(text, kept.get(key, "")):
                found[key].append(Offer(part, text))
    return [Conflict(key, kept.get(key, ""), "", tuple(offers)) for key, offers in sorted(found.items())]


def superseded(part: Part, parts: Iterable[Part]) -> bool:
    """Tell whether a later file of the same part takes a file's place: what is wrong in the older one asks nobody any more."""
    return bool(part.part) and any(one.part == part.part and one.id > part.id for one in parts)
