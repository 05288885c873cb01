"""
How far a name of the register answers a name that was asked for. Pure; judged from the two names alone, so that
neither the order of the register nor who else stands in it can change a grade. `verdict.py` counts the grades.

A whole name (it says its form of company) must agree in every part. A short name may leave parts out by habit:
the form, the place, words that tell nobody apart. It may not leave out a word by which a sister would be called.
"""

from __future__ import annotations

from collections.abc import Sequence

from luodi.directory.names.lexicon import Kind, lexicon
from luodi.directory.names.parts import Parts
from luodi.directory.names.values import Grade

# Short brands are borne by thousands of companies; from so many characters on, a brand tells its bearer by itself.
# Our convention, tried on the labelled set (docs/benchmarks/match.md).
COINED = 4
TELLING = 3


def grade(asked: Parts, held: Parts) -> Grade:
    """Grade one name of the register for one asked name; neither is taken for its branch, nor a branch for it."""
    if asked.whole == held.whole:
        return Grade.BEARER
    if asked.squeezed == held.squeezed and _places_agree(asked, held):
        return Grade.LIKELY
    if held.branch or asked.branch or not held.form:
        return Grade.NO
    return _grade_whole(asked, held) if asked.is_legal else _grade_short(asked, held)


def _places_agree(asked: Parts, held: Parts) -> bool:
    """Tell whether names that read alike mean one place: 朝阳区 and 朝阳县 don't; one may have gone unrecognised."""
    return same_places(asked, held) or not asked.places or not held.places


def _grade_whole(asked: Parts, held: Parts) -> Grade:
    """Grade a whole name: the same parts in another order are the same company, another part is another company."""
    if asked.core != held.core:
        return Grade.NO
    if same_places(asked, held):
        return Grade.LIKELY if asked.form == held.form else Grade.RIVAL
    by_shares = asked.form == held.form == "shares"
    return Grade.LIKELY if by_shares and _place_left_out(asked, held) else Grade.NO


def _grade_short(asked: Parts, held: Parts) -> Grade:
    """Grade a short name by what it leaves out of the register's name."""
    asked = _with_county(asked, held)
    if not (same_places(asked, held) or _place_left_out(asked, held)) or not asked.core.startswith(held.brand):
        return Grade.NO
    said = asked.core[len(held.brand) :]
    shares = said.endswith("股份")
    if shares and held.form != "shares":
        return Grade.NO
    left = left_out(said.removesuffix("股份"), held.trade)
    if left is None:
        return Grade.DAUGHTER
    if not said and held.brand in lexicon().places:
        return Grade.NO
    if not left and same_places(asked, held):
        return Grade.LIKELY
    return _grade_left_out(asked, held, left, bare=not said)


def _with_county(asked: Parts, held: Parts) -> Parts:
    """Read 格尔木青榆化工 as saying the place when it is held against 格尔木市青榆化工有限公司."""
    said = held.county and not asked.places and asked.core.startswith(held.county + held.brand)
    return asked._replace(place=held.place, core=asked.core[len(held.county) :]) if said else asked


def _grade_left_out(asked: Parts, held: Parts, left: Sequence[str], *, bare: bool) -> Grade:
    kinds = {lexicon().kinds[word] for word in left}
    # 青榆(大连)有限公司 is a daughter of 青榆; a company limited by shares that has its seat in brackets is not.
    if (held.aside and not asked.places and held.form != "shares") or Kind.DAUGHTER in kinds:
        return Grade.DAUGHTER
    if Kind.GROUP in kinds and held.form != "shares":
        # 中铁一局 is 中铁一局集团有限公司: so long a brand is nobody else's. 东港船舶 may not be its holding.
        whole_brand = bare and kinds == {Kind.GROUP} and len(held.brand) >= COINED and same_places(asked, held)
        return Grade.LIKELY if whole_brand else Grade.RIVAL
    enough = _bare_brand_tells(asked, held, kinds) if bare else _trade_tells(asked, held, kinds)
    return Grade.LIKELY if enough else Grade.RIVAL


def _trade_tells(asked: Parts, held: Parts, kinds: set[Kind]) -> bool:
    """Brand and trade are said: no other trade may be left out, but 股份 by itself says no trade."""
    return Kind.TRADE not in kinds or asked.core == held.brand + "股份"


def _bare_brand_tells(asked: Parts, held: Parts, kinds: set[Kind]) -> bool:
    """
    Only the brand is said. It means the one that carries it for all: the company limited by shares, or one whose
    name needs no place (only those of national standing are registered without, 企业名称登记管理规定).
    """
    if Kind.TRADE in kinds:
        return held.form == "shares" and (len(held.brand) >= TELLING or bool(asked.places))
    return held.form == "shares" or not held.places or len(held.brand) >= COINED


def left_out(said: str, trade: Sequence[str]) -> tuple[str, ...] | None:
    """
    Give the words of a trade that were not said, or None when something was said that is not in it.

    Words keep their order; each is said whole, or as people shorten it (`shortened` in words.yaml), or not at all.
    """
    if not trade:
        return None if said else ()
    word, rest = trade[0], trade[1:]
    for written in (word, *lexicon().shortened.get(word, ())):
        if written and said.startswith(written):
            further = left_out(said[len(written) :], rest)
            if further is not None:
                return further
    further = left_out(said, rest)
    return None if further is None else (word, *further)


def same_places(asked: Parts, held: Parts) -> bool:
    """Tell whether two names say the same place, in front or in brackets; one that many places bear may be any."""
    one, other = asked.places, held.places
    if one == other:
        return True
    return len(one) == len(other) and all(any(a & b for b in other) for a in one)


def _place_left_out(asked: Parts, held: Parts) -> bool:
    return not asked.places and bool(held.places)
