"""
Is it an assignment? Evidence for and against in one part of a sentence, weighed by rules.yaml: an order to a unit, a day,
a verb of work, something left behind; against it narration, praise, exhortation, what others say, general truths.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cache

from luodi.kernel.gov_units import Mention
from luodi.supervision.texts.lexicon import LEADER, UNIT, any_of, rule, rules, words
from luodi.supervision.texts.values import Every, When

_ASSURE = re.compile(r"(?<![为以])(?:确保|力争|争取)")
_SAID = ("bare", "urged")
_CARRIED = ("none", "carried", "carried_list")
_SCENE = re.compile("^[^，]{1,12}了，")  # 天冷了，应急局再去看看
# What is asked or only imagined tells of nothing done: 看看是不是门槛设高了, 别等扯皮了再翻合同.
_ASKS = re.compile("(?:是不是|有没有|是否|能不能)[^，；]*|等(?:到|着)?[^，；]*了(?=再|才)")
_WARNS = re.compile("[，；](?:别|避免|防止|不得|不要|切忌|决不)")
_CLAUSE = re.compile("[，；：]")


@dataclass(frozen=True)
class Part:
    """One part of a sentence to judge: its template text, how its lead is named, and where its order begins."""

    text: str
    kind: str
    order_at: int
    leads: tuple[Mention, ...] = ()
    whens: tuple[When, ...] = ()
    everys: tuple[Every, ...] = ()
    question: bool = False
    quoted: bool = False
    topic: bool = False
    under_topic: bool = False
    listed: bool = False


def score(part: Part) -> float:
    """Weigh a part. At `threshold` it counts as an assignment."""
    weights = rules()["weights"]
    total: float = weights["kinds"][part.kind]
    modal = rule("modal").search(part.text)
    if modal or part.under_topic:
        total += weights["modal"]
    elif _ASSURE.search(part.text):
        total += weights["assure"]
    if part.leads and part.kind != "carried" and not any(mention.collective for mention in part.leads):
        total += weights["named"]
    if part.leads and all(mention.people for mention in part.leads):
        total += weights["people"]
    total += _context(part) + _days(part) + _work(_ordered(part, modal)) + _against(part, modal)
    if total < weights["enough"] + weights["threshold"] and not _names_work(part, modal):
        total += weights["no_work"]
    return float(total)


def is_story(text: str) -> bool:
    """Tell narration and praise without an order: 去年已经完成了试点."""
    told = rule("narration").search(text) or rule("praise").search(text)
    return bool(told) and not rule("modal").search(text)


def _context(part: Part) -> float:
    """Weigh where a part stands: behind 会议议定, in a numbered list, or in the way people speak."""
    weights = rules()["weights"]
    everybody = part.leads and all(mention.collective for mention in part.leads)
    timed = part.whens or part.everys
    vague = words("exhort").search(part.text) or words("vague").search(part.text)
    if everybody and vague and not (timed or _makes().search(part.text)):
        return float(weights["vague_all"])
    total = weights["decided"] if rule("decided").search(part.text) else 0.0
    if part.listed and part.leads and part.kind in ("bare", "urged", "colon"):
        total += weights["listed"]
    if _is_dated_item(part):
        total += weights["dated_item"]
    if part.kind in _SAID and rule("spoken").search(part.text[part.order_at :]):
        total += weights["spoken"]
    return float(total)


def _is_dated_item(part: Part) -> bool:
    """Tell an item of a numbered list that names nobody and says a day: 3.11月底前完成…."""
    return part.listed and part.kind == "none" and any(when.rank == 0 for when in part.whens)


def _ordered(part: Part, modal: re.Match[str] | None) -> str:
    """Give the words of the order; a carried subject is ordered from the modal on."""
    return part.text[part.order_at or (modal.start() if modal and part.kind in _CARRIED else 0) :]


def _names_work(part: Part, modal: re.Match[str] | None) -> bool:
    """Tell whether anything is said that could be done and looked at: work, a thing made, a day."""
    said = _ordered(part, modal)
    return bool(
        part.whens
        or part.everys
        or words("acts").search(said)
        or words("products").search(said)
        or (part.kind in _SAID and rule("spoken").search(said))
    )


def confidence(total: float) -> float:
    """Turn a score into how sure the finding is, 0 to 1 (at the threshold 0.67)."""
    return round(1 / (1 + math.exp(2.3 - total)), 2)


def _days(part: Part) -> float:
    weights = rules()["weights"]
    says_day = any(when.rank < 2 for when in part.whens) or any(every.unit for every in part.everys)
    found: float = weights["day"] if says_day else weights["vague"] if part.whens or part.everys else 0.0
    return float(found)


def _work(text: str) -> float:
    weights, light = rules()["weights"], frozenset(rules()["light_acts"])
    acts = {found[0] for found in words("acts").finditer(text)}
    total = 0.0
    if acts - light:
        total += weights["act"]
    elif acts:
        total += weights["light_act"]
    total += weights["further_act"] * min(max(len(acts) - 1, 0), weights["most_acts"])
    if words("products").search(text):
        total += weights["product"]
    if _makes().search(text):
        total += weights["makes"]
    exhorts = {found[0] for found in words("exhort").finditer(text)}
    return float(total + weights["exhort"] * min(len(exhorts), weights["most_exhort"]))


def _against(part: Part, modal: re.Match[str] | None) -> float:
    """Narration before an order only sets the scene if the order has a subject of its own; without one it is all there is."""
    weights = rules()["weights"]
    text = part.text
    told = _told(part, modal)
    total = 0.0
    if rule("narration").search(told):
        total += weights["narration"]
    elif modal and not part.order_at and rule("narration").search(text[: modal.start()]):
        total += weights["before"]
    if part.kind in _CARRIED and not (modal or part.under_topic or _ASSURE.search(text) or _is_dated_item(part)):
        total += {"none": weights["no_order"], "carried": weights["carried_no_order"]}.get(part.kind, 0.0)
    if rule("praise").search(text):
        total += weights["narration" if part.kind in _SAID and not modal else "praise"]
    if not modal and part.kind not in ("roles", "asked") and rule("done").search(text):
        total += weights["narration"]
    total += weights["reported"] if rule("reported").search(text) and part.kind not in ("roles", "by", "asked") else 0.0
    if part.kind != "agreed" and rule("statement").search(_from_clause(part)):
        total += weights["statement"]
    total += weights["question"] if part.question else 0.0
    total += weights["quoted"] if part.quoted else 0.0
    total += weights["topic"] if part.topic else 0.0
    speaks = part.kind in _CARRIED and rule("speaks").search(text) and not rule("decided").search(text)
    total += weights["speaks"] if speaks else 0.0
    return total


@cache
def _makes() -> re.Pattern[str]:
    """Give the pattern of making something: 制定…办法 within one clause."""
    return re.compile(f"{any_of(rules()['makes'])}[^，。；]{{0,24}}{any_of(rules()['products'])}")


def _told(part: Part, modal: re.Match[str] | None) -> str:
    """Give the words in which narration would show: up to the order; where none is spoken, all."""
    if part.kind == "must":
        named = max(part.text.rfind(symbol, 0, part.order_at) for symbol in (UNIT, LEADER))
        return _clause_before(part.text, max(named, 0)) + part.text[max(named, 0) : part.order_at]
    if part.kind in ("roles", "by", "asked", "agreed"):
        return _clause_before(part.text, part.order_at)
    if part.kind in ("lead", "urged", "colon", "bare"):
        part = replace(part, text=_ASKS.sub("", _SCENE.sub("", part.text)))
        closed = _CLAUSE.search(part.text, part.order_at)
        return part.text[: closed.start()] if modal and closed else _WARNS.split(part.text)[0]
    return _clause_before(part.text, modal.start()) if modal else part.text


def _from_clause(part: Part) -> str:
    """Give the words from the clause on in which somebody is named: 会议原则同意…，由市发改委…."""
    begin = part.text.rfind("，", 0, part.order_at) + 1 if part.kind in ("by", "asked", "must", "lead") else 0
    return part.text[begin:]


def _clause_before(text: str, at: int) -> str:
    """Give the clause in which the order begins, up to it and three characters on (要了解 is no narration, 已要求 is)."""
    begin = max((found.end() for found in _CLAUSE.finditer(text[:at])), default=0)
    return text[begin:at]
