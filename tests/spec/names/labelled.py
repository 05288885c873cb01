"""
Lays out the labelled set of `families.yaml`: a register with other names, and names asked for with who is meant.

Writes each name also as it comes out of scanners, phones and old systems. Nothing of `luodi` is used here but
the dates of other names; the labels are those of the file.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import opencc
import yaml

from luodi.directory.names.values import Alias, Asked, Entry

FAMILIES = Path(__file__).parent / "families.yaml"
KINDS = ("legal", "short", "listed", "former", "branch", "group", "other")
FULL_WIDTH = {ord(half): ord(half) + 0xFEE0 for half in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-*"}
TRADITIONAL = opencc.OpenCC("s2t")


@dataclass(frozen=True)
class Labelled:
    """A name as somebody wrote it, its kind, and the code of who is meant; None: nobody in the register."""

    asked: Asked
    kind: str
    truth: str | None
    absent: bool


@dataclass(frozen=True)
class LabelledSet:
    entries: tuple[Entry, ...]
    aliases: tuple[Alias, ...]
    names: tuple[Labelled, ...]


def noisy(name: str, chance: random.Random) -> str:
    """Write a name as machines and hurried people do; it stays the same name."""
    ways = [
        lambda: " ".join(name),
        lambda: name[:4] + "\u3000" + name[4:],
        lambda: TRADITIONAL.convert(name),
        lambda: name.translate(FULL_WIDTH),
        lambda: name.replace("（", "(").replace("）", ")"),
        lambda: name.replace("（", "【").replace("）", "】"),
        lambda: (
            name.replace("有限责任公司", "有限公司")
            if "责任" in name
            else name.replace("有限公司", "有限责任公司")
            if "股份" not in name
            else name
        ),
        lambda: f"{chance.randint(1, 30)}、{name}",
        lambda: name + "\n",
        lambda: name.swapcase(),
    ]
    return chance.choice(ways)()


def other_place(name: str, filling: dict[str, str]) -> str:
    """Write the place with its 市 or without: {P} and {p} of a family are one place."""
    if filling["P"] == filling["p"]:
        return name.replace(filling["p"], filling["p"] + "市", 1) if filling["p"] in ("宁波", "重庆") else name
    return name.replace(filling["P"], filling["p"], 1)


@cache
def labelled_set() -> LabelledSet:
    chance = random.Random(20261122)
    source = yaml.safe_load(FAMILIES.read_text("utf-8"))
    entries: list[Entry] = []
    aliases: list[Alias] = []
    names: list[Labelled] = []
    for at, filling in enumerate(source["fillings"]):
        for family in source["structures"]:
            # Families of one structure share no brand: each structure turns the brand's characters into its own.
            own = {**filling, "B": brand(filling["B"], family["id"])}
            for held in (True, False):
                for number, firm in enumerate(family["held" if held else "absent"]):
                    code = f"{family['id']}-{at}-{'h' if held else 'a'}{number}"
                    if held:
                        entries.append(Entry(code, firm["name"].format_map(own)))
                    names += written(firm, own, code if held else None, chance)
                    for name, since, until in firm.get("former", ()):
                        if held:
                            aliases.append(Alias(code, name.format_map(own), since, until))
            for name in family.get("said_of_nobody", ()):
                names.append(Labelled(Asked(name.format_map(own)), "nobody", None, False))
    return LabelledSet(tuple(entries), tuple(aliases), tuple(names))


def brand(base: str, structure: str) -> str:
    extra = {"yard": "舸", "road": "陌", "listed": "珩", "group": "瀚", "bracketed": "璞", "tech": "晷", "drugs": "芷",
             "fuel": "焱", "letters": "弈", "city": "墉", "homonym": "穑", "handed_on": "溪"}[structure]  # fmt: skip
    return base[0] + extra if len(base) == 2 else base[:2] + extra


def written(firm: dict, own: dict[str, str], code: str | None, chance: random.Random) -> list[Labelled]:
    legal = firm["name"].format_map(own)
    made = [(legal, "legal", None), (noisy(legal, chance), "legal", None), (other_place(legal, own), "legal", None)]
    for kind in ("short", "listed", "branch", "group", "other"):
        for name in firm.get(kind, ()):
            text = name.format_map(own)
            made.append((noisy(text, chance) if chance.random() < 0.3 else text, kind, None))
    for name, since, until in firm.get("former", ()):
        text = name.format_map(own)
        day = within(since, until)
        made += [(text, "former", day), (noisy(text, chance), "former", day)]
    return [Labelled(Asked(text, on=day), kind, code, code is None) for text, kind, day in made]


def within(since: date | None, until: date | None) -> date:
    """A day on which the name was borne: the last one, or the first."""
    return until - timedelta(days=1) if until else since or date(2020, 1, 1)
