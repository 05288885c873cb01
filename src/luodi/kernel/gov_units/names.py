"""
How a listed unit may be called: its name, its aliases, and what habit makes of them (青河市发展和改革委员会 is also
市发展改革委, 市发改委, 发改委, 发改部门). Only what a city's own texts leave out is left out: a county's office keeps
its county, for 统计局 alone is the city's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from luodi.kernel.gov_units.values import Unit

_PLACE = re.compile(r"^(?P<place>[^省市州盟县区旗]{1,6}[省市州盟县区旗]|[省市县区州])(?=..)")
_CITY_KINDS = ("city", "prefecture")


@cache
def lexicon() -> Mapping[str, Any]:
    """Read the words of the trade: see lexicon.yaml."""
    loaded: Mapping[str, Any] = yaml.load(
        (Path(__file__).parent / "lexicon.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
    )
    return loaded


def names_of(unit: Unit, by_code: Mapping[str, Unit]) -> set[str]:
    """Give every name by which the unit may be called in a text of its city."""
    found = {unit.name, *unit.aliases}
    place, core = split_place(unit.name)
    if not place:
        place, core = _short_place(core, by_code)
    city = is_of_city(unit, by_code)
    if not place and not city:
        place = by_code[unit.parent].name
        found.discard(unit.name)  # 统计局 alone is the city's
    if unit.kind == "park":
        found |= {alias + "管委会" for alias in unit.aliases if alias.endswith("区")}
    for form in forms_of(core):
        found |= {place + form, place[:-1] + form} if len(place) > 1 else set()
        if city:
            found |= {"市" + form, *([form] if form != core or len(core) > 2 else [])}
    if unit.kind in (*_CITY_KINDS, "district", "county", "park", "town"):
        found |= set(_territory(unit.name))
    return {name for name in found if len(name) > 1}


def is_of_city(unit: Unit, by_code: Mapping[str, Unit]) -> bool:
    """Tell whether the unit is the city itself or stands right under it."""
    parent = by_code.get(unit.parent)
    return parent is None or parent.kind in _CITY_KINDS or (not parent.parent and parent.kind != "district")


def split_place(name: str) -> tuple[str, str]:
    """Split 青河市统计局 into 青河市 and 统计局; a place alone stays whole."""
    found = _PLACE.match(name)
    if found and not any(name.startswith(zone) for zone in lexicon()["zones"]):
        return found["place"], name[found.end() :]
    return "", name


@cache
def forms_of(core: str) -> frozenset[str]:
    """Give the ways to write an office's name without its place."""
    found = {core, *_shortened(core)}
    for stem, suffix in filter(None, map(split_suffix, tuple(found))):
        ends = _ends(suffix)
        for same in _same_function(stem):
            found |= {same + end for end in ends} | {same + "部门"}
    return frozenset(found)


def _short_place(name: str, by_code: Mapping[str, Unit]) -> tuple[str, str]:
    """Split 青河高新技术产业开发区 behind the short name of a territory of the list."""
    for unit in by_code.values():
        short = unit.name[:-1]
        if len(short) > 1 and unit.name[-1] in "市县区" and name.startswith(short) and len(name) > len(short) + 2:
            return unit.name, name[len(short) :]
    return "", name


def split_suffix(core: str) -> tuple[str, str] | None:
    """Split 统计局 into 统计 and 局, or give None for a name that does not end like an office."""
    suffixes = lexicon()["suffixes"]
    for suffix in sorted({*suffixes, *filter(None, suffixes.values())}, key=len, reverse=True):
        if core.endswith(suffix) and len(core) > len(suffix):
            return core[: -len(suffix)], suffix
    return None


def stems_of(unit: Unit) -> frozenset[str]:
    """Give the bare words of the unit's function (发改), which stand for it only in a list: 工信、发改等部门."""
    parted = split_suffix(split_place(unit.name)[1])
    return frozenset(_same_function(parted[0])) if parted else frozenset()


def _ends(suffix: str) -> set[str]:
    suffixes = lexicon()["suffixes"]
    pairs = {(full, short) for full, short in suffixes.items() if suffix in (full, short)}
    return {suffix} | {end for pair in pairs for end in pair if end}


@cache
def _same_function(stem: str) -> frozenset[str]:
    for short, fulls in lexicon()["functions"].items():
        if stem == short or stem in fulls:
            return frozenset({short, *fulls})
    return frozenset({stem})


def _shortened(core: str) -> Iterator[str]:
    for long, shorts in lexicon()["shortened"].items():
        if long in core:
            for short in shorts:
                once = core.replace(long, short)
                yield once
                yield from _shortened(once)
                if once.endswith("区管委会"):
                    yield once.removesuffix("管委会")


def _territory(name: str) -> Iterator[str]:
    """A territory's government and party committee act for it; a name of three characters or more goes without 县."""
    yield from (name + "政府", name + "人民政府", name + "委、" + name + "政府")
    if len(name) > 2 and name[-1] in "市县区旗镇乡":
        yield name[:-1]
