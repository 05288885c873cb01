"""
Take a company name apart: place, brand, trade, form, branch.

The grammar is the law's: a name is place + brand + trade + form, the place may stand in brackets behind the brand.
The brand is what is left when all that is known has been cut off both ends; it keeps at least two characters.
The same reading is given to the register's names and to those asked for, so that a wrong cut is wrong on both sides.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from luodi.directory.names.lexicon import Lexicon, lexicon
from luodi.kernel.chinese import normalise

_BRACKET = re.compile(r"\(([^()]*)\)")
_NOT_A_WORD = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^(?:\(\d{1,3}\)|\d{1,3}[、.)])(?=[^\d.])")
# A city or county that the list of divisions does not have: 某某市 and then at least two characters, but no 超市 or 市政.
_UNKNOWN = re.compile(
    r"([\u3400-\u9fff]{2,3})(?<![城都门超夜股楼集上本花菜鱼闹])(?:市(?![场政民容井域内郊价值面])|(?<!郡)县(?![域城乡]))(?=[\u3400-\u9fff]{2})"
)
_Codes = frozenset[str]  # the division codes that a written place may mean
_SHARE_PREFIX = re.compile(r"^\*?(?:s?\*?st|xd|xr|dr)(?=[^a-z])")
_SHARE_SUFFIX = re.compile(r"(?<=[\u3400-\u9fff])(?:[abh]股?|-(?:sw|w|u|s|b))$")


class Parts(NamedTuple):
    """
    A name taken apart. (A tuple, because a register makes a million of them and frozen dataclasses are slow to make.)
    All texts are folded: simplified, lower case, without brackets and punctuation.

    `whole`: the key of the whole name; `squeezed`: the same with 市, 省, 县 off its places and 责任 out of its form.
    `spoken`: that without its form, as people say and search it.
    `place`, `aside`: division codes of the place in front and in brackets, most specific only ('' written nowhere);
    `core`: brand and trade; `brand`; `trade`: its words in order; `form`: a key of `forms` in words.yaml, '' none.
    `county`: the bare name of the place in front when it is no place by itself (格尔木 of 格尔木市), else ''.
    `branch`: the words that make it a branch, '' when it is a legal person; `head`: then, the name before them.
    """

    whole: str
    squeezed: str
    spoken: str
    place: frozenset[frozenset[str]]
    aside: frozenset[frozenset[str]]
    core: str
    brand: str
    trade: tuple[str, ...]
    form: str
    branch: str
    head: str
    county: str = ""

    @property
    def is_legal(self) -> bool:
        """Tell whether the name is whole, as registered: it says which form of company it is."""
        return self.form not in ("", "company")

    @property
    def places(self) -> frozenset[frozenset[str]]:
        """Give the places wherever they stand."""
        return self.place | self.aside


def key_of(text: str) -> str:
    """Give the key by which two writings of one name are the same."""
    return _NOT_A_WORD.sub("", normalise(text).casefold())


def clean(text: str) -> str:
    """Take off what a table or a stock exchange adds to a name: numbering, notes in brackets, ST, A股, -W."""
    text = _NUMBERING.sub("", normalise(text).casefold().replace(" ", ""))
    text = _BRACKET.sub(lambda found: "" if found.group(1).startswith(lexicon().notes) else found.group(0), text)
    return _SHARE_SUFFIX.sub("", _SHARE_PREFIX.sub("", text))


def writings(text: str) -> list[Parts]:
    """Take a name apart in each way it can be read: as it is, and, when short, with a place at its end set aside."""
    words, plain = lexicon(), key_of(text)
    as_is = take_apart(text)
    length = next((n for n in range(len(plain) - 2, 1, -1) if plain[-n:] in words.places), 0)
    if as_is.is_legal or not length:
        return [as_is]
    return [as_is, take_apart(f"{plain[:-length]}({plain[-length:]})")]


def take_apart(text: str) -> Parts:
    """Take a name apart. Never fails: a text that is no company name has only a brand."""
    words = lexicon()
    text = normalise(text).casefold()
    whole = _letters(text)
    plain, flat, asides = _brackets_opened(text, words) if "(" in text else (whole, whole, [])
    end, form = _form_at_end(plain, words)
    at, bare, places, last, brand, trade = _front(plain, end, words)
    branch, head = _branch_of(whole, words) if whole.endswith(words.branches) else ("", "")
    spoken = bare + flat[at : len(flat) - len(plain) + end]
    return Parts(
        whole=whole,
        squeezed=spoken + _one_form(form, plain[end:]),
        spoken=spoken,
        place=_most_specific(places),
        aside=_most_specific(asides),
        core=brand + "".join(trade),
        brand=brand,
        trade=trade,
        form=form,
        branch=branch,
        head=head,
        county=last if last not in words.places else "",
    )


def _one_form(form: str, written: str) -> str:
    """Write the two ways of saying limited company as one; the law means the same by both."""
    return "有限公司" if form == "limited" else written


def _letters(text: str) -> str:
    return text if text.isalnum() else _NOT_A_WORD.sub("", text)


def _brackets_opened(text: str, words: Lexicon) -> tuple[str, str, list[_Codes]]:
    """Give the name without places in brackets, the name with them in place and bare, and their codes."""
    asides: list[_Codes] = []
    kept, flat, at = [], [], 0
    for found in _BRACKET.finditer(text):
        before, inside = _letters(text[at : found.start()]), _letters(found.group(1))
        until, bares, places = _places_in_front(inside, words)
        is_place = until == len(inside) > 0
        asides += places if is_place else []
        kept += [before, "" if is_place else inside]
        flat += [before, "".join(bares) if is_place else inside]
        at = found.end()
    rest = _letters(text[at:])
    return "".join(kept) + rest, "".join(flat) + rest, asides


def _form_at_end(plain: str, words: Lexicon) -> tuple[int, str]:
    for length in words.form_lengths.get(plain[-1:], ()):
        form = words.forms.get(plain[-length:])
        if form and length < len(plain):
            return len(plain) - length, form
    return len(plain), ""


def _front(plain: str, end: int, words: Lexicon) -> tuple[int, str, list[_Codes], str, str, tuple[str, ...]]:
    """
    Cut the places off the front, but give back the last one where nothing that could be a brand is left.

    东港银行 has no brand behind its place: the place is the brand. Gives how far all places reach and their bare
    names, then the places kept, the last one's bare name, the brand and the trade.
    """
    at, bares, places = _places_in_front(plain, words)
    bare = "".join(bares)
    rest = plain[at:end]
    while True:
        brand, trade = _brand_and_trade(rest, words)
        if not places or _could_be_a_brand(brand, words):
            return at, bare, places, bares[-1] if places else "", brand, trade
        places.pop()
        rest = bares.pop() + rest


def _could_be_a_brand(text: str, words: Lexicon) -> bool:
    return len(text) > 1 and text not in words.kinds and text[1:] not in words.kinds


def _places_in_front(plain: str, words: Lexicon) -> tuple[int, list[str], list[_Codes]]:
    """Give how far the places reach that a text begins with, their bare names and codes, each in the one before."""
    bares: list[str] = []
    places: list[_Codes] = []
    at = 0
    while found := _place_at(plain, at, places[-1] if places else None, words):
        name, codes = found
        at += len(name)
        bares.append(words.bare.get(name) or name[:-1])
        places.append(codes)
        if plain.startswith(words.zones, at):
            zone = next(zone for zone in words.zones if plain.startswith(zone, at))
            bares[-1] += zone
            places[-1] = frozenset(code + zone for code in codes)
            return at + len(zone), bares, places
    return at, bares, places


def _place_at(plain: str, at: int, within: _Codes | None, words: Lexicon) -> tuple[str, _Codes] | None:
    for length in words.lengths.get(plain[at : at + 2], ()):
        name = plain[at : at + length]
        codes = words.places.get(name) if within is None else _nested(name, within, words)
        if codes:
            return name, codes
    unknown = _UNKNOWN.match(plain, at)
    return (unknown[0], frozenset({"?" + unknown[1]})) if unknown else None


def _nested(name: str, within: _Codes, words: Lexicon) -> _Codes | None:
    """Give the codes of a place among those that lie in another; more names are places there than by themselves."""
    alone, inside = words.places.get(name), words.nested.get(name)
    if not alone and not inside:
        return None
    return frozenset(code for code in (*(alone or ()), *(inside or ())) if lies_in(code, within))


def lies_in(code: str, within: frozenset[str]) -> bool:
    """Tell whether a division lies in one of others, and is not one of them; any lies in a country, an unlisted one in any."""
    return any(_lies(code, outer) for outer in within)


def _lies(code: str, outer: str) -> bool:
    if outer[0] == "0" or code[0] == "?":
        return code[0] != outer[0]
    return code != outer and code.startswith(outer)


def _brand_and_trade(rest: str, words: Lexicon) -> tuple[str, tuple[str, ...]]:
    """Cut known words off the end as long as two characters are left for the brand."""
    trade: list[str] = []
    end = len(rest)
    while end > 3:
        for length in words.word_lengths.get(rest[end - 1], ()):
            if length <= end - 2 and rest[end - length : end] in words.kinds:
                trade.append(rest[end - length : end])
                end -= length
                break
        else:
            break
    if end == 3 and rest[2] in words.kinds:
        trade.append(rest[2])
        end = 2
    return rest[:end], tuple(trade[::-1])


def _most_specific(places: list[_Codes]) -> frozenset[_Codes]:
    """Leave out a place in which another of them lies: 辽宁大连 is 大连."""
    if len(places) < 2:
        return frozenset(places)
    return frozenset(
        outer
        for outer in places
        if not any(inner is not outer and all(lies_in(code, outer) for code in inner) for inner in places)
    )


def _branch_of(whole: str, words: Lexicon) -> tuple[str, str]:
    """Give the words of a branch at the end, and the name of the enterprise before them and before their place."""
    mark = next(branch for branch in words.branches if whole.endswith(branch))
    stem = whole[: -len(mark)]
    cut = max(stem.rfind(end) + len(end) if end in stem else 0 for end in ("公司", "银行", "合作社", "联社"))
    if cut:
        return whole[cut:], whole[:cut]
    known = (n for n in range(len(stem) - 2, 1, -1) if stem[-n:] in words.places or stem[-n:] in words.nested)
    length = next(known, 0)
    head = stem[: len(stem) - length]
    return (whole[len(head) :], head) if len(head) > 1 else ("", "")
