"""
The words that company names are made of, read once from `data/`: places with their codes, trades, forms.

Places are the names and codes of the administrative divisions; the rest is our own list. Nothing here judges.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"


class Kind(StrEnum):
    """What a word of a name does to its meaning."""

    NEUTRAL = "neutral"
    GROUP = "group"
    DAUGHTER = "daughter"
    TRADE = "trade"


@dataclass(frozen=True)
class Lexicon:
    """
    The words by use. `places` gives the division codes a written name may mean ('0…' are countries and regions);
    `nested` those that are places only after the place they lie in; `bare` the form without 市, 省, 县 of each.
    `lengths` gives, for two first characters, how long a place may be, longest first.
    """

    places: Mapping[str, frozenset[str]]
    nested: Mapping[str, frozenset[str]]
    lengths: Mapping[str, tuple[int, ...]]
    bare: Mapping[str, str]
    kinds: Mapping[str, Kind]
    word_lengths: Mapping[str, tuple[int, ...]]
    shortened: Mapping[str, tuple[str, ...]]
    forms: Mapping[str, str]
    form_lengths: Mapping[str, tuple[int, ...]]
    branches: tuple[str, ...]
    zones: tuple[str, ...]
    notes: tuple[str, ...]
    digest: str


@cache
def lexicon() -> Lexicon:
    """Read the words, once."""
    words_text, places_text = ((DATA / name).read_text("utf-8") for name in ("words.yaml", "places.tsv"))
    words = yaml.load(words_text, Loader=yaml.CSafeLoader)
    divisions = [line.split("\t") for line in places_text.splitlines() if not line.startswith("#")]
    suffix = _suffix(words["peoples"].split())
    places, nested = _places(divisions, suffix, words)
    kinds = {word: kind for kind in reversed(Kind) for word in words[kind.value].split()}
    forms = {form: kind for kind, written in words["forms"].items() for form in written.split()}
    return Lexicon(
        places=places,
        nested=nested,
        lengths=_lengths((*places, *nested), lambda name: name[:2]),
        bare={name: _bare(name, suffix) for name in (*places, *nested)},
        kinds=kinds,
        word_lengths=_lengths(kinds, lambda word: word[-1]),
        shortened={word: tuple(shorter.split()) for word, shorter in words["shortened"].items()},
        forms=forms,
        form_lengths=_lengths(forms, lambda form: form[-1]),
        branches=tuple(sorted(words["branches"].split(), key=len, reverse=True)),
        zones=tuple(sorted(words["zones"].split(), key=len, reverse=True)),
        notes=tuple(words["notes"].split()),
        digest=hashlib.sha256((words_text + places_text).encode()).hexdigest(),
    )


def _suffix(peoples: Sequence[str]) -> re.Pattern[str]:
    """Give the pattern of what stands behind the bare name of a place; an autonomous area's has its peoples too."""
    autonomous = f"(?:{'|'.join(peoples)})*(?:自治区|自治州|自治县|自治旗)"
    return re.compile(f"^(.{{2,}}?)(?:{autonomous}|特别行政区|地区|林区|新区|省|市|盟|州|县|区|旗)$")


def _bare(name: str, suffix: re.Pattern[str]) -> str:
    """Take the kind of place off its name: 大连市 is 大连, 恩施土家族苗族自治州 is 恩施, 沛县 stays."""
    found = suffix.match(name)
    return found.group(1) if found else name


def _places(
    divisions: Iterable[list[str]], suffix: re.Pattern[str], words: Mapping[str, str]
) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """
    Sort the written names into those that are a place wherever they stand, and those that are one only when nested.

    Whole names always are. Without their 市 or 县 the names of provinces and cities are; those of counties are too
    often a brand or a wish (永安, 同仁, 华安), so only the well known ones are.
    """
    well_known, not_bare = set(words["well_known"].split()), set(words["not_bare"].split())
    places: dict[str, set[str]] = defaultdict(set)
    nested: dict[str, set[str]] = defaultdict(set)
    for code, name, *former in divisions:
        for written in (name, *(former[0].split() if former else ())):
            places[written].add(code)
            if autonomous := re.search("自治([州县旗])$", written):  # 大通县, 海西州
                places[_bare(written, suffix) + autonomous.group(1)].add(code)
            bare = _bare(written, suffix)
            alone = bare in well_known or (len(code) <= 4 and bare not in not_bare)
            (places if alone else nested)[bare].add(code)
    for country in words["countries"].split():
        places[country].add(f"0{country}")
    return _frozen(places), _frozen(nested)


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(codes) for name, codes in sets.items()}


def _lengths(words: Iterable[str], key: Callable[[str], str]) -> dict[str, tuple[int, ...]]:
    """Give, for each key, the lengths of the words that have it, longest first: the only ones worth trying."""
    found: dict[str, set[int]] = defaultdict(set)
    for word in words:
        found[key(word)].add(len(word))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}
