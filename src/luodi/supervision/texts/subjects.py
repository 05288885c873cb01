"""Who is told to act in a sentence's template, who helps, and where one assignment ends and the next begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from luodi.supervision.texts import lexicon
from luodi.supervision.texts.lexicon import rule, rules

# Kinds in the order in which one is believed where two patterns name the same lead.
_ORDER = ("by", "asked", "agreed", "lead", "must", "colon", "urged", "bare", "generic")


@dataclass(frozen=True)
class Subject:
    """Who is named at `lead_at` of the template (-1: nobody's task), how, from which clause on, and where the order begins."""

    kind: str
    lead_at: int
    clause_at: int
    order_at: int


def find(template: str) -> list[Subject]:
    """Find the subjects of a sentence, each with the clause it begins, in order."""
    helping = set(helpers(template))
    # 请供电公司配合… with nobody else to lead is its own task.
    found = _ordered(template, helping) or _ordered(template, helping - _asked_at(template))
    for match in rule("generic").finditer(template):
        at = _clause(template, match.end())
        if not any(at <= subject.lead_at for subject in found.values()):
            found[-1 - match.start()] = Subject("generic", -1, at, match.end())
    ordered = sorted(found.values(), key=lambda one: (one.order_at, _ORDER.index(one.kind)))
    return _one_a_clause([one for one in ordered if not _only_joins(one, ordered, template)], template)


def _only_joins(subject: Subject, every: list[Subject], template: str) -> bool:
    """Tell who only joins in: behind 由…牵头， which says no work yet, nobody is named with an order of his own."""
    before = [one for one in every if one.lead_at < subject.lead_at]
    if not before or subject.kind not in ("urged", "bare"):
        return False
    return bool(rule("names_only").fullmatch(template[before[-1].clause_at : subject.clause_at].rstrip("，")))


def _ordered(template: str, helping: set[int]) -> dict[int, Subject]:
    """Find who is told to act, by place; the first kind of rules.yaml that names somebody counts."""
    found: dict[int, Subject] = {}
    for entry in rules()["subjects"] if _names_anybody(template) else ():
        for match in lexicon.compiled(entry["pattern"]).finditer(template):
            at = match.start("lead")
            if at not in helping and at not in found:
                order = match.end() if entry["kind"] == "must" else match.end("lead")
                found[at] = Subject(entry["kind"], at, _clause(template, at), order)
    return found


def helpers(template: str) -> list[int]:
    """Find the positions of units that help and do not lead."""
    if not _names_anybody(template):
        return []
    leading = {match.start("lead") for match in rule("helped_lead").finditer(template)}
    found = [match.start("help") for pattern in _helpers() for match in pattern.finditer(template)]
    return [at for at in found if at not in leading]


def _names_anybody(template: str) -> bool:
    return lexicon.UNIT in template or lexicon.LEADER in template


def with_topic(template: str, clause_at: int) -> int:
    """Find where a clause begins together with the one before it that only says what it is about: 对…的，由…."""
    before = _clause(template, clause_at - 1)
    about = clause_at > 1 and template[clause_at - 1] == "，" and rule("about").match(template[before : clause_at - 1])
    return before if about else clause_at


def without_helpers(template: str) -> str:
    """Give what a sentence says beside naming helpers."""
    for pattern in _helpers():
        template = pattern.sub("", template)
    return template.strip("，、：； 。并且同时由")


def _asked_at(template: str) -> set[int]:
    return {match.start("lead") for match in lexicon.compiled("(?:请|责成)(?P<lead>U)").finditer(template)}


@cache
def _helpers() -> tuple[re.Pattern[str], ...]:
    return tuple(lexicon.compiled(pattern) for pattern in rules()["helpers"])


def _clause(template: str, at: int) -> int:
    """Find where the clause that holds a position begins."""
    return max(template.rfind(mark, 0, at) for mark in "，：；") + 1


def _one_a_clause(subjects: list[Subject], template: str) -> list[Subject]:
    """Keep the first subject of each clause; a leader is followed by the unit that works for him."""
    kept: list[Subject] = []
    for subject in subjects:
        if kept and kept[-1].clause_at == subject.clause_at and kept[-1].lead_at >= 0:
            continue
        kept.append(subject)
    return kept
