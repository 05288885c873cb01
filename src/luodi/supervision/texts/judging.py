"""
Is it an assignment? Evidence for and against in one part of a sentence, weighed by rules.yaml: an order to a unit, a day,
a verb of work, something left behind; against it narration, praise, exhortation, what others say, general truths.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

from luodi.kernel.gov_units import Mention
from luodi.supervision.texts.lexicon import any_of, rule, rules, words
from luodi.supervision.texts.values import Every, When

_ASSURE = re.compile(r"(?<![为以])(?:确保|力争|争取)")
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


def score(part: Part) -> float:
    """Weigh a part. At `threshold` it counts as an assignment."""
    weights = rules()["weights"]
    total: float = weights["kinds"][part.kind]
    modal = re.search(str(rules()["modal"]), part.text)
    if modal:
        total += weights["modal"]
    elif _ASSURE.search(part.text):
        total += weights["assure"]
    if part.leads and part.kind != "carried" and not any(mention.collective for mention in part.leads):
        total += weights["named"]
    if part.leads and all(mention.people for mention in part.leads):
        total += weights["people"]
    total += _days(part) + _work(part.text[part.order_at :]) + _against(part, modal)
    return float(total)


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
    if part.kind in ("none", "carried", "carried_list") and not modal and not _ASSURE.search(text):
        total += {"none": weights["no_order"], "carried": weights["carried_no_order"]}.get(part.kind, 0.0)
    total += weights["praise"] if rule("praise").search(text) else 0.0
    total += weights["reported"] if rule("reported").search(text) and part.kind not in ("roles", "by", "asked") else 0.0
    total += weights["statement"] if rule("statement").search(text) else 0.0
    total += weights["question"] if part.question else 0.0
    total += weights["quoted"] if part.quoted else 0.0
    total += weights["topic"] if part.topic else 0.0
    return total


@cache
def _makes() -> re.Pattern[str]:
    """Give the pattern of making something: 制定…办法 within one clause."""
    return re.compile(f"{any_of(rules()['makes'])}[^，。；]{{0,24}}{any_of(rules()['products'])}")


def _told(part: Part, modal: re.Match[str] | None) -> str:
    """Give the words in which narration would show: up to the order; where none is spoken, all."""
    if part.kind in ("roles", "by", "asked", "must"):
        return _clause_before(part.text, part.order_at)
    if part.kind in ("lead", "urged", "colon", "bare"):
        closed = _CLAUSE.search(part.text, part.order_at)
        return part.text[: closed.start()] if modal and closed else part.text
    return _clause_before(part.text, modal.start()) if modal else part.text


def _clause_before(text: str, at: int) -> str:
    """Give the clause in which the order begins, up to it and three characters on (要了解 is no narration, 已要求 is)."""
    begin = max((found.end() for found in _CLAUSE.finditer(text[:at])), default=0)
    return text[begin:at]
