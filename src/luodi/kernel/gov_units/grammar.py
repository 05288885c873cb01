"""
How units look that nobody listed: 市统计局, 某某县, XX局, 各县（市）区、各部门, 工信、发改等主管部门, 市领导.

One pattern for all, made of the words in lexicon.yaml; the kinds are its group names, in the order they are tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from luodi.kernel.gov_units.names import lexicon

HAN = "[\u3400-\u9fff]"
LEVEL = "(?:国家|[我本]?(?:[市县区省州旗盟]|(?<![城乡村集小])镇|(?<![城下])乡(?![村镇])))"
MASK = "[Xx*某]{1,6}"
# Inside a name that is only known by its ends: no word that joins, orders or describes.
_INNER = "[^\\W\\d_的了要在将把对和与及等是为被给向从由请须应让各\ue000-\uf8ff]"
# Right of a bare county's name: something that a name ends at.
_AFTER_PLACE = "[、，。；：和及与（）\\s]|要|须|应|必须|负责|牵头|配合|等|继续|结合|抓|$"
_AFTER_TOLD = "于|在|牵头|负责|按|把|将|尽快|抓紧|会同|[0-9，、（]|每|配合|协助|参与|支持|对|就|研究|做好|组织|提供|加快|认真|及时|再"
_LIST_END = (
    "(?:有关|相关|主管|职能|责任|成员|行业主管|行业|业务主管|社会发展|经济工作|经济|要素保障|审批)*(?:部门|单位)"
)


def any_of(words: Iterable[str]) -> str:
    """Give a pattern for any of the words, longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) + ")"


def guarded(words: Iterable[str]) -> str:
    """Give a pattern for any of the words where the next character does not make another word of it (办法)."""
    guards = lexicon()["not_ends"]
    parts = [
        re.escape(word) + (f"(?![{guard}])" if (guard := guards.get(word[-1])) else "")
        for word in sorted(words, key=lambda word: (-len(word), word))
    ]
    return "(?:" + "|".join(parts) + ")"


def collective() -> str:
    """Give the pattern of collectives: phrases side by side are one (各县（市）区、各部门)."""
    words = lexicon()["collective"]
    phrase = f"{any_of(words['openings'])}{any_of(words['qualifiers'])}{{0,3}}(?:{guarded(words['bodies'])})+"
    one = f"(?:{phrase}|各{_INNER}{{2,8}}所在(?:县区|县市区|区县|镇街|乡镇|园区|地)|{any_of(words['wholes'])})"
    return f"{one}(?:{any_of(words['joints'])}?{one}){{0,8}}"


def office_ends() -> list[str]:
    """Give every end of an office's name, whole and short."""
    suffixes = lexicon()["suffixes"]
    return [*suffixes, *filter(None, suffixes.values())]


def stems() -> list[str]:
    """Give every word for what an office does, whole and short."""
    return [word for short, fulls in lexicon()["functions"].items() for word in (short, *fulls)]


@cache
def pattern() -> re.Pattern[str]:
    """Give the one pattern; `lastgroup` of a match tells the kind."""
    words = lexicon()
    stem, ends = any_of(stems()), guarded(office_ends())
    office = f"{stem}{{1,2}}(?:{ends}|部门|系统)"
    place_end = "(?:(?:人民)?政府|党委|委)?"
    kinds = {
        "people": any_of(words["people"]),
        "collective": collective(),
        "stems": f"{LEVEL}?{stem}(?:、{HAN}{{2,6}}){{0,6}}(?:[、和及与]{stem})?等{_LIST_END}"
        f"|{LEVEL}?{stem}(?:、{stem}){{1,6}}(?:[和及与]{stem})?等?{_LIST_END}",
        "inner": f"市(?:委、?市政府|委|政府){_INNER}{{0,6}}?{any_of(words['inner_ends'])}",
        "body": guarded(words["bodies"]),
        "office": f"{LEVEL}?{office}",
        "zone": f"(?:{MASK}|{LEVEL})?{any_of(words['zones'])}(?:党工委|管委会|管理委员会)?",
        "masked": f"(?:{MASK}[省市州县区旗])?{MASK}(?:[省市州县区旗](?:{office}|{place_end})|(?:{stem})?{guarded([*words['ends'], *office_ends()])})",
        "named": f"(?:[我本]?[市县区])(?![委政民域场级直区]){_INNER}{{2,10}}?{guarded(words['ends'])}",
        "told": f"(?:(?<=[由请])|(?<=责成)){_INNER}{{2,12}}?{guarded(words['told_ends'])}(?={_AFTER_TOLD})",
        "place": f"(?:(?<!{HAN})|(?<=[由请和及与])|(?<=责成)){_INNER}{{1,4}}?[县市区旗州]{place_end}(?={_AFTER_PLACE})",
    }
    several = [words["people"], words["bodies"], words["zones"], words["collective"]["openings"], stems()]
    firsts = {word[0] for some in (*several, words["collective"]["wholes"]) for word in some} | set(
        "国我本市县区省州Xx*某"
    )
    # Most places begin nothing: look at one character before trying every kind. Only for speed.
    begins = f"(?:(?=[{re.escape(''.join(sorted(firsts)))}])|(?<!{HAN})|(?<=[由请和及与成]))"
    return re.compile(begins + "(?:" + "|".join(f"(?P<{kind}>{one})" for kind, one in kinds.items()) + ")")


@cache
def tail() -> re.Pattern[str]:
    """Give the pattern of what may end a list without naming anybody: 等有关部门, 特别是主要负责同志."""
    return re.compile(f"等(?:{_LIST_END})?|，?(?:特别是|尤其是){any_of(lexicon()['people'])}")
