"""
A sentence as a template: each list of units, leader, deadline and recurrence is one character, so that the patterns of
rules.yaml stay short. Every position still knows where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from luodi.kernel.gov_units import Group, Mention
from luodi.supervision.texts import lexicon
from luodi.supervision.texts.values import Every, When

Piece = Group | str | When | Every


@dataclass(frozen=True)
class Template:
    """`text` with one character for each piece; `at[i]` and `until[i]` are where character i begins and ends in the clean text."""

    text: str
    clean: str
    at: tuple[int, ...]
    until: tuple[int, ...]
    pieces: dict[int, Piece]

    def start(self, index: int) -> int:
        """Give where a position begins in the clean text."""
        return self.at[index] if index < len(self.at) else (self.until[-1] if self.until else 0)

    def group(self, index: int) -> Piece:
        """Give what stands at a position."""
        return self.pieces[index]

    def mentions(self, index: int) -> tuple[Mention, ...]:
        """Give the units at a position; a leader is none."""
        piece = self.pieces[index]
        return piece.mentions if isinstance(piece, Group) else ()

    def text_of(self, start: int, end: int) -> str:
        """Give the words between two positions, without what was left out."""
        return "".join(self.clean[self.at[i] : self.until[i]] for i in range(start, end))

    def whens(self, start: int, end: int) -> tuple[When, ...]:
        """Give the deadlines between two positions."""
        return tuple(piece for i, piece in sorted(self.pieces.items()) if start <= i < end and isinstance(piece, When))

    def everys(self, start: int, end: int) -> tuple[Every, ...]:
        """Give the recurrences between two positions."""
        return tuple(piece for i, piece in sorted(self.pieces.items()) if start <= i < end and isinstance(piece, Every))


@dataclass(frozen=True)
class Spot:
    """A piece and its span in the clean text; a span without a piece is left out of templates (a bracket of roles)."""

    start: int
    end: int
    symbol: str
    piece: Piece | None = None


def make(text: str, start: int, end: int, spots: Iterable[Spot]) -> Template:
    """Make the template of `text[start:end]`; of overlapping spots the one that begins first is taken."""
    letters: list[str] = []
    at: list[int] = []
    until: list[int] = []
    pieces: dict[int, Piece] = {}
    done = start
    for spot in sorted(spots, key=lambda spot: (spot.start, -spot.end)):
        if spot.start < done or spot.end > end:
            continue
        letters.append(text[done : spot.start])
        at.extend(range(done, spot.start))
        until.extend(range(done + 1, spot.start + 1))
        if spot.piece is not None:
            pieces[len(at)] = spot.piece
            letters.append(spot.symbol)
            at.append(spot.start)
            until.append(spot.end)
        done = spot.end
    letters.append(text[done:end])
    at.extend(range(done, end))
    until.extend(range(done + 1, end + 1))
    return Template("".join(letters), text, tuple(at), tuple(until), pieces)


def leaders(text: str, start: int, end: int) -> Sequence[Spot]:
    """Find leaders named by title: 分管副市长, 王XX副市长, 副市长某某同志."""
    return [
        Spot(found.start(), found.end(), lexicon.LEADER, found[0]) for found in _leader().finditer(text, start, end)
    ]


@cache
def _leader() -> re.Pattern[str]:
    title, masked = lexicon.any_of(lexicon.rules()["leader_titles"]), "[Xx*某]{1,3}"
    short = "(?:副?市长|副?县长|副?区长|副?书记|副?秘书长|常委)"
    before = "(?:(?<=[由请，。；：、])|(?<=责成)|(?<![\u3400-\u9fff]))"
    after = "(?=同志|总?牵头|负责|要|抓|总|召集|主持|带队|督办|包联|协调|挂帅|统筹)"
    told = "(?=同志|总?牵头|负责|要|抓|召集|带队|督办|统筹)"
    return re.compile(
        f"(?:分管|联系|包联|包抓)?{title}(?:{masked}|[\u4e00-\u9fff]{masked}(?=同志)|[\u4e00-\u9fff]{{2,3}}(?=同志))(?:同志)?"
        f"|{title}[\u4e00-\u9fff]{masked}{told}|(?:(?<=[由请])|(?<=责成))[\u4e00-\u9fff]?{masked}同志"
        f"|[\u4e00-\u9fff]?{masked}{short}(?:同志)?"
        f"|{before}[^\\W\\d_由请责成分管联系包抓各]{{2,3}}{short}(?:同志)?{after}"
        f"|(?:(?<=[由请，：、])|(?<=责成))(?:分管|联系|包联|包抓|常务)?(?:的?市政府)?{short}(?:同志)?{after}"
    )
