"""
Find government units in a text: those of the city's list by every name they may bear, and others as they are written.

The text is expected simplified, with full-width ， 、 （ ） as `luodi.supervision.texts.cleaning` makes it. The longest
reading wins, a listed one before an unlisted one of the same length. Nothing is guessed: a name that fits two units
of the list is ambiguous, an office of another city or of the province is not taken for the city's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from luodi.kernel.gov_units import grammar, names
from luodi.kernel.gov_units.values import Group, Mention, Unit

_JOINT = re.compile(r"(?:、|以及|和|及|与|暨|/|\s)+")
_SPLIT = re.compile(r"[、，,;；/\s]+")
_OPEN, _CLOSE = re.compile(r"(?:^|[、，,;；/\s和及与])$"), re.compile(r"$|[、，,;；/\s和及与以]")
_LEVELS = frozenset("省市州县区旗盟镇乡")
_HIGHER = frozenset("省县区州旗镇乡国")


@dataclass(frozen=True)
class Matcher:
    """The names of a list of units on one day: see `build`."""

    by_name: Mapping[str, tuple[Unit, ...]]
    by_stem: Mapping[str, tuple[Unit, ...]]
    by_start: Mapping[str, tuple[int, ...]]

    def find(self, text: str) -> list[Mention]:
        """Find every unit the text names, in order, none overlapping another."""
        found = [*self._listed(text), *self._unlisted(text)]
        found.sort(key=lambda mention: (mention.start, -mention.end, not mention.units))
        kept: list[Mention] = []
        for mention in found:
            if kept and mention.start < kept[-1].end:
                if mention.end - mention.start > kept[-1].end - kept[-1].start:
                    kept[-1] = mention
                continue
            kept.append(mention)
        return kept

    def groups(self, text: str) -> list[Group]:
        """Find the units of a text, those joined by 、 和 及 与 as one group; 等部门 behind them belongs to it."""
        groups: list[list[Mention]] = []
        ends: list[int] = []
        for mention in self.find(text):
            if ends and mention.start < ends[-1]:
                continue  # inside 特别是主要负责同志, which names nobody further
            if groups and _JOINT.fullmatch(text, ends[-1], mention.start):
                groups[-1].append(mention)
            else:
                groups.append([mention])
                ends.append(0)
            closing = grammar.tail().match(text, mention.end)
            ends[-1] = closing.end() if closing else mention.end
        return [Group(some[0].start, end, tuple(some)) for some, end in zip(groups, ends, strict=True)]

    def read_list(self, text: str) -> list[Mention]:
        """
        Read a text that is a list of units and nothing else (behind 牵头单位：).

        What the words don't know stands as it is written; brackets are never split.
        """
        found: list[Mention] = []
        at = 0
        for mention in self.find(text):
            closing = grammar.tail().match(text, mention.end)
            end = closing.end() if closing else mention.end
            if mention.start < at or not (_OPEN.search(text[at : mention.start]) and _CLOSE.match(text[end:])):
                continue  # part of a longer name that nobody listed
            found += _as_written(text, at, mention.start)
            found.append(mention)
            at = end
        return [*found, *_as_written(text, at, len(text))]

    def resolve(self, name: str) -> tuple[Unit, ...]:
        """Give the listed units a name can mean: none, one, or several."""
        return self.by_name.get(name, ())

    def _listed(self, text: str) -> Iterator[Mention]:
        at, last = 0, len(text) - 1
        while at < last:
            name = self._name_at(text, at)
            if name and _begins(text, at, name):
                units = self.by_name[name]
                yield Mention(at, at + len(name), name, units, ambiguous=len(units) > 1)
                at += len(name)
            else:
                at += 1

    def _name_at(self, text: str, at: int) -> str | None:
        for length in self.by_start.get(text[at : at + 2], ()):
            if text[at : at + length] in self.by_name:
                return text[at : at + length]
        return None

    def _unlisted(self, text: str) -> Iterator[Mention]:
        for found in grammar.pattern().finditer(text):
            kind, start, end = found.lastgroup, found.start(), found.end()
            if kind in ("office", "body", "inner", "zone", "named") and found[0][0] in _LEVELS:
                start = _place_begins(text, start)
            if kind == "named" and not _boundary(text, start):
                continue
            if kind == "place" and (found[0] in names.lexicon()["no_places"] or _no_place(found[0])):
                continue
            mention = Mention(start, end, text[start:end])
            if kind in ("collective", "people"):
                yield replace(mention, collective=True, people=kind == "people")
            else:
                yield replace(mention, units=self._by_stems(found[0])) if kind == "stems" else mention

    def _by_stems(self, text: str) -> tuple[Unit, ...]:
        """Give the units of a list of bare functions (工信、发改等部门) if each is one listed unit, else none."""
        bare = re.split(r"等|(?:有关|相关|主管)?(?:部门|单位)$", text.lstrip("市"))[0]
        meant = [self.by_stem.get(stem, ()) for stem in re.split("[、和及与]", bare) if stem]
        return tuple(units[0] for units in meant) if all(len(units) == 1 for units in meant) else ()


def build(units: Iterable[Unit] = (), *, on: date | None = None) -> Matcher:
    """Make a matcher for a list of units as it stood on a day; without a day, of every version."""
    standing = [unit for unit in units if unit.stands_on(on)]
    by_code = {unit.code: unit for unit in standing}
    never = frozenset(names.lexicon()["never_bare"])
    by_name: dict[str, dict[str, Unit]] = {}
    by_stem: dict[str, dict[str, Unit]] = {}
    every = [(unit, names.names_of(unit, by_code)) for unit in standing]
    own = {name: unit.code for unit, all_names in every for name in (unit.name, *unit.aliases) if name in all_names}
    for unit, all_names in every:
        for name in all_names - never:
            if own.get(name, unit.code) == unit.code or name in (unit.name, *unit.aliases):
                by_name.setdefault(name, {})[unit.code] = unit
        for stem in names.stems_of(unit) if names.is_of_city(unit, by_code) else ():
            by_stem.setdefault(stem, {})[unit.code] = unit
    starts: dict[str, set[int]] = {}
    for name in by_name:
        starts.setdefault(name[:2], set()).add(len(name))
    return Matcher(
        {name: tuple(some.values()) for name, some in by_name.items()},
        {stem: tuple(some.values()) for stem, some in by_stem.items()},
        {start: tuple(sorted(lengths, reverse=True)) for start, lengths in starts.items()},
    )


def _as_written(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield the pieces between separators; 和 and 及 join only what the words know, so they stay inside a piece."""
    at = start
    for piece in _SPLIT.split(text[start:end]):
        at = text.index(piece, at) if piece else at
        name = re.sub(r"^(?:和|及|以及|与)|(?:和|及|以及|与|等)$", "", piece)
        if name:
            begin = text.index(name, at)
            yield Mention(begin, begin + len(name), name)
        at += len(piece)


def _begins(text: str, at: int, name: str) -> bool:
    """Tell whether a listed name stands here for itself, and not inside the name of another's office."""
    if at == 0 or not _is_han(text[at - 1]):
        return True
    if name[0] in _LEVELS:
        return _place_begins(text, at) == at
    return text[at - 1] not in _HIGHER and not (text[at - 1] == "市" and len(name) > 2) and text[at - 2 : at] != "国家"


def _place_begins(text: str, at: int) -> int:
    """Find where the place before 市统计局 begins: up to four characters that a name may hold, behind a boundary."""
    if _boundary(text, at):
        return at
    for start in range(at - 1, max(at - 5, -1), -1):
        if text[start] in names.lexicon()["not_in_places"] or not _is_han(text[start]):
            return at
        if _boundary(text, start):
            return start if at - start <= 4 else at
    return at


def _boundary(text: str, at: int) -> bool:
    """Tell whether a name may begin here: behind punctuation, or behind a word that orders or joins."""
    if at == 0 or not _is_han(text[at - 1]):
        return True
    before = _before()
    return any(text[at - length : at] in before for length in range(1, min(at, 4) + 1))


def _no_place(name: str) -> bool:
    return any(character in names.lexicon()["not_in_places"] for character in name) or name.endswith(
        ("地区", "园区", "社区", "城区", "城市", "市区", "全市")
    )


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _before() -> frozenset[str]:
    return _BEFORE


_BEFORE = frozenset(names.lexicon()["before"])
