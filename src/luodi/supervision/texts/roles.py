"""
Who is named beside a task in brackets or in a line of its own: （牵头单位：…；配合单位：…；责任领导：…；完成时限：…）,
（某局牵头，某局配合）. Lists stand as they are written where the matcher does not know them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from luodi.kernel.gov_units import Matcher, Mention
from luodi.supervision.texts import lexicon
from luodi.supervision.texts.lexicon import rules

_BRACKET = re.compile(r"（([^（）]{0,200}(?:（[^（）]{0,20}）[^（）]{0,200}){0,12})）")
_LED = re.compile(
    r"(?P<lead>[^，；。：]{2,80}?)(?:共同|联合|分别|按职责(?:分工)?)*(?:总?牵头|负责)(?:落实|办理|实施)?(?:[，；、](?P<help>[^，；。：]{2,120}?)(?:按职责(?:分工)?|分别|积极)?(?:负责|配合|参与|协助|参加|协办|(?:具体|抓好|负责|分头)?(?:落实|实施))(?:落实)?)?"
)
# Units and nothing else, or with a day: （市商务局、市邮政管理局，三季度末）.
_ONLY = re.compile(r"(?P<lead>[^，；。：]{2,80})")
_BY_DAY = re.compile(
    r"[，；、](?P<due>[^，；。：]{0,16}(?:[年月日号]|[前底末内旬]|季度|期|坚持|推进)[^，；。：]{0,2}?)(?:完成|办结|落实|到位|见效)?$"
)
# The same behind a list of units under a key: （责任单位：市司法局，6月底完成）.
_LAST_IS_DAY = re.compile(
    r"[，；、](?P<due>(?:[0-9]{4}年)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[月季][^，；。：、]{0,10}?|年底前?|年内|长期(?:坚持)?|持续推进)(?:完成|办结|落实|到位|见效)?$"
)
_NO_NAME = re.compile(r"^(?:[—\-/无]|不涉及)$")


@dataclass(frozen=True)
class Roles:
    """
    What a bracket says, and where it stands: spans in the text that was read. `joint`: the leads are only called
    responsible (责任单位), so whoever is called 牵头 beside them goes before.
    """

    start: int
    end: int
    leads: tuple[Mention, ...] = ()
    helps: tuple[Mention, ...] = ()
    leaders: tuple[str, ...] = ()
    due: tuple[int, int] | None = None
    note: tuple[int, int] | None = None
    joint: bool = False


@cache
def _keyed() -> re.Pattern[str]:
    keys = lexicon.any_of(key for some in rules()["role_keys"].values() for key in some)
    return re.compile(f"{lexicon.any_of(rules()['role_key_openings'])}?({keys})(?:：|[为是]：?)")


@cache
def _role_of() -> dict[str, str]:
    return {key: role for role, keys in rules()["role_keys"].items() for key in keys}


def begin(text: str, at: int) -> bool:
    """Tell whether words that name roles begin at a place: （牵头单位：… or 责任单位：…."""
    return bool(_keyed().match(text, at + (text[at : at + 1] == "（")))


def in_brackets(text: str, matcher: Matcher, start: int = 0, end: int | None = None) -> list[Roles]:
    """Find the brackets that name roles between two places of a text."""
    found = []
    for bracket in _BRACKET.finditer(text, start, len(text) if end is None else end):
        closes = text[bracket.end() : bracket.end() + 1] in ("", "\n", *"。；")
        roles = read(text, bracket.start(1), bracket.end(1), matcher, bracketed=True, only_units=closes)
        if roles is not None:
            found.append(replace(roles, start=bracket.start(), end=bracket.end()))
    return found


def read(
    text: str, start: int, end: int, matcher: Matcher, *, bracketed: bool = False, only_units: bool = False
) -> Roles | None:
    """
    Read what stands between two places if it names roles and begins by doing so, else give None.

    `bracketed`: …牵头，…按职责分工负责 names roles, whoever they are; elsewhere each must be a unit that the matcher knows.
    `only_units`: a list of units that says no role names who is responsible, as brackets at a sentence's end do.
    """
    inside = text[start:end].rstrip("。；， ")
    keys = list(_keyed().finditer(inside))
    if keys and not inside[: keys[0].start()].strip("（ "):
        return _by_keys(inside, keys, start, matcher)
    by_day = _BY_DAY.search(inside)
    said = inside[: by_day.start()] if by_day else inside
    led = _LED.fullmatch(said) or (_ONLY.fullmatch(said) if only_units else None)
    if led is None:
        return None
    named = {role: span for role, span in ((role, led.span(role)) for role in led.groupdict()) if span[0] >= 0}
    mentions = {role: _units(inside, *span, start, matcher) for role, span in named.items()}
    sure = bracketed and led.re is _LED
    if not sure and not all(_known(some, matcher) for some in mentions.values()):
        return None
    due = (start + by_day.start("due"), start + by_day.end("due")) if by_day else None
    return Roles(start, start + len(inside), mentions["lead"], mentions.get("help", ()), due=due)


def _by_keys(inside: str, keys: list[re.Match[str]], offset: int, matcher: Matcher) -> Roles:
    units: dict[str, list[Mention]] = {"lead": [], "responsible": [], "help": []}
    leaders: list[str] = []
    due = note = None
    for key, following in zip(keys, [*keys[1:], None], strict=True):
        start, end = key.end(), following.start() if following else len(inside)
        value = inside[start:end].rstrip("；，。、 \n")
        end = start + len(value)
        role = _role_of()[key[1]]
        by_day = _LAST_IS_DAY.search(value) if role in units else None
        if by_day:
            due, end = (
                (offset + start + by_day.start("due"), offset + start + by_day.end("due")),
                start + by_day.start(),
            )
        if role == "leader":
            leaders += [name for name in re.split("[、，；]", value) if name and not _NO_NAME.match(name)]
        elif role == "due":
            due = (offset + start, offset + end)
        elif role == "note":
            note = (offset + start, offset + end)
        else:
            units[role] += _units(inside, start, end, offset, matcher)
    leads, helps = units["lead"] or units["responsible"], units["help"]
    if units["lead"]:
        helps = [*units["responsible"], *helps]
    joint = not units["lead"]
    return Roles(offset, offset + len(inside), tuple(leads), tuple(helps), tuple(leaders), due, note, joint)


def _units(inside: str, start: int, end: int, offset: int, matcher: Matcher) -> tuple[Mention, ...]:
    found = matcher.read_list(inside[start:end])
    return tuple(lexicon.moved(mention, offset + start) for mention in found if not _NO_NAME.match(mention.text))


def _known(mentions: tuple[Mention, ...], matcher: Matcher) -> bool:
    """Tell whether a list without keys is one of units: each piece is one that the matcher knows by itself."""
    return bool(mentions) and all(
        any(one.start == 0 and one.end == len(mention.text) for one in matcher.find(mention.text))
        for mention in mentions
    )
