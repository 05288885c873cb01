"""
Closed three-valued conditions, as schemes (`when`, `where`) and plans (`when`) write them in YAML.

A condition is a mapping and nothing in it is evaluated as code. It is true, false or *unknown* (None): what was
not reported is neither. The tables of Kleene's strong logic join conditions, so that `any` of a true and an unknown
one is true, and `not` of an unknown one stays unknown.

    {attribute: kind, in: [industry]}
    {field: started, equals: 是}
    {all: [{attribute: funds, at_least: {attribute: target}}, {not: {attribute: park, known: true}}]}
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Protocol

from luodi.kernel.problem import Problem, Refused
from luodi.kernel.yamltext import Map, Node, Place, Seq, Text

SUBJECTS = frozenset({"attribute"})
JOINS = ("all", "any", "not")
ORDERED = ("at_least", "at_most", "above", "below")
LISTED = ("in_list", "not_in_list")
RELATIONS = ("equals", "not_equals", "in", "not_in", *ORDERED, "between", "known", *LISTED)
# The relations that say the contrary of another one.
CONTRARY = {"not_equals": "equals", "not_in": "in", "not_in_list": "in_list"}
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# Days as people write them, the year first: 2026-05-06, 2026.5.6, 2026/5/6, 2026年5月6日.
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-|\.(\d{1,2})\.|/(\d{1,2})/|年(\d{1,2})月)(\d{1,2})(?(5)日|)")


class BadPredicate(Refused):
    """A condition is not one of the closed forms."""

    code: ClassVar[str] = "predicate.unfit"


class Lookup(Protocol):
    """Anything that answers `get(name)`: a plain mapping will do. None or "" means: not reported."""

    def get(self, name: str, /) -> object: ...


@dataclass(frozen=True)
class Other:
    """The value of another attribute or field, standing where a constant could."""

    name: str


Expected = str | Other


@dataclass(frozen=True)
class Test:
    """One name, one relation, what is expected.."""

    name: str
    relation: str
    expected: tuple[Expected, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class All:
    """Every part must hold."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Any:
    """One part must hold."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Not:
    """The part must not hold."""

    part: Predicate


Predicate = Test | All | Any | Not


# Reading ----------------------------------------------------------------------------------------------------------


def read(
    node: Node,
    place: Place,
    *,
    subjects: Set[str] = SUBJECTS,
    names: Set[str] | None = None,
    lists: Mapping[str, Iterable[str]] | None = None,
) -> Predicate:
    """
    Read a condition from YAML.

    `subjects` are the words that may name what is asked (`attribute`, `field`); `names` are the known ones
    (None: any); `lists` are the external lists that `in_list` may name. Raises BadPredicate with every problem,
    each with file and line.
    """
    problems: list[Problem] = []
    reader = _Reader(frozenset(subjects), None if names is None else frozenset(names), lists or {}, problems)
    predicate = reader.predicate(node, place)
    if problems or predicate is None:
        raise BadPredicate(*problems)
    return predicate


@dataclass(frozen=True)
class _Reader:
    subjects: frozenset[str]
    names: frozenset[str] | None
    lists: Mapping[str, Iterable[str]]
    problems: list[Problem]

    def refuse(self, place: Place, node: Node | int, code: str, **params: object) -> None:
        self.problems.append(place.problem(code, node, **params))

    def predicate(self, node: Node, place: Place, above: int = 0) -> Predicate | None:
        line = getattr(node, "line", 0) or above
        if not isinstance(node, Map) or not node:
            self.refuse(place, line, "predicate.not_a_mapping", found=_shown(node))
            return None
        joins = [key for key in JOINS if key in node]
        subjects = [key for key in node if key in self.subjects]
        if len(joins) + len(subjects) != 1:
            choices = ", ".join([*sorted(self.subjects), *JOINS])
            self.refuse(place, line, "predicate.one_of", choices=choices, found=", ".join(node))
            return None
        return self.join(node, joins[0], place) if joins else self.tests(node, subjects[0], place)

    def join(self, node: Map, key: str, place: Place) -> Predicate | None:
        for extra in node:
            if extra != key:
                self.refuse(place.at(extra), node.lines[extra], "predicate.unknown_key", key=extra, allowed=key)
        inner, at = node[key], place.at(key)
        if key == "not":
            part = self.predicate(inner, at, node.lines[key])
            return None if part is None else Not(part)
        if not isinstance(inner, Seq) or not inner:
            self.refuse(at, node.lines[key], "predicate.not_a_list", key=key, found=_shown(inner))
            return None
        parts = [self.predicate(item, at.at(i), node.lines[key]) for i, item in enumerate(inner)]
        kept = tuple(part for part in parts if part is not None)
        return All(kept) if key == "all" else Any(kept)

    def tests(self, node: Map, subject: str, place: Place) -> Predicate | None:
        name = self.name(node[subject], place.at(subject), node.lines[subject])
        tests = []
        for key, value in node.items():
            if key == subject:
                continue
            if key not in RELATIONS:
                allowed = ", ".join(RELATIONS)
                self.refuse(place.at(key), node.lines[key], "predicate.unknown_key", key=key, allowed=allowed)
                continue
            expected = self.expected(key, value, place.at(key), node.lines[key])
            tests.append(Test(name, key, expected, node.line))
        if len(node) == 1:
            self.refuse(place, node.line, "predicate.no_relation", name=name, allowed=", ".join(RELATIONS))
        return tests[0] if len(tests) == 1 else All(tuple(tests))

    def name(self, node: Node, place: Place, line: int) -> str:
        if not isinstance(node, Text):
            self.refuse(place, line, "predicate.not_a_name", found=_shown(node))
            return ""
        if self.names is not None and str(node) not in self.names:
            known = ", ".join(sorted(self.names)) or "-"
            self.refuse(place, node, "predicate.unknown_name", name=str(node), known=known)
        return str(node)

    def expected(self, relation: str, node: Node, place: Place, line: int) -> tuple[Expected, ...]:
        if relation == "known":
            return self.known(node, place, line)
        if relation in LISTED:
            return self.listed(node, place, line)
        if relation in ("in", "not_in", "between"):
            if not isinstance(node, Seq) or not node or (relation == "between" and len(node) != 2):
                self.refuse(place, line, "predicate.not_a_list", key=relation, found=_shown(node))
                return ()
            return tuple(self.one(item, place.at(i), line) for i, item in enumerate(node))
        return (self.one(node, place, line),)

    def known(self, node: Node, place: Place, line: int) -> tuple[Expected, ...]:
        if not isinstance(node, Text) or node not in ("true", "false"):
            self.refuse(place, line, "predicate.not_true_false", found=_shown(node))
            return ()
        return (str(node),)

    def listed(self, node: Node, place: Place, line: int) -> tuple[Expected, ...]:
        if not isinstance(node, Text) or str(node) not in self.lists:
            known = ", ".join(sorted(self.lists)) or "-"
            self.refuse(place, line, "predicate.unknown_list", name=_shown(node), known=known)
            return ()
        return tuple(self.lists[str(node)])

    def one(self, node: Node, place: Place, line: int) -> Expected:
        if isinstance(node, Text):
            return str(node)
        if isinstance(node, Map) and len(node) == 1 and next(iter(node)) in self.subjects:
            subject, name = next(iter(node.items()))
            return Other(self.name(name, place.at(subject), node.line))
        self.refuse(place, line, "predicate.not_a_value", found=_shown(node))
        return ""


def _shown(node: Node) -> str:
    if isinstance(node, Text):
        return str(node)
    if isinstance(node, Map):
        return "{...}"
    return "[...]" if isinstance(node, Seq) else "null"


# Judging ----------------------------------------------------------------------------------------------------------


def judge(predicate: Predicate, values: Lookup) -> bool | None:
    """Tell whether the condition holds for these values: True, False, or None when what was reported can't tell."""
    if isinstance(predicate, Test):
        return _test(predicate, values)
    if isinstance(predicate, Not):
        inner = judge(predicate.part, values)
        return None if inner is None else not inner
    truths = [judge(part, values) for part in predicate.parts]
    decisive = isinstance(predicate, Any)  # one true settles `any`, one false settles `all`
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def tests(predicate: Predicate) -> Iterator[Test]:
    """Yield the single tests a condition is made of, in reading order."""
    if isinstance(predicate, Test):
        yield predicate
    else:
        for part in (predicate.part,) if isinstance(predicate, Not) else predicate.parts:
            yield from tests(part)


def names(predicate: Predicate) -> frozenset[str]:
    """Collect every attribute or field the condition asks about."""
    found = set()
    for test in tests(predicate):
        found |= {test.name, *(other.name for other in test.expected if isinstance(other, Other))}
    return frozenset(found)


def _test(test: Test, values: Lookup) -> bool | None:
    found = _several(values.get(test.name))
    if test.relation == "known":
        return (len(found) > 0) == (test.expected == ("true",))
    if not found:
        return None
    expected = [_several(values.get(item.name)) if isinstance(item, Other) else [item] for item in test.expected]
    if [] in expected:
        return None
    wanted = [one for several in expected for one in several]
    relation = CONTRARY.get(test.relation, test.relation)
    if relation in ("equals", "in", "in_list"):
        hit = any(same(one, other) for one in found for other in wanted)
        return hit if relation == test.relation else not hit
    truths = [_ordered(relation, one, wanted) for one in found]
    return True if True in truths else (None if None in truths else False)


def _several(value: object) -> list[object]:
    """An attribute may hold several values; none of them empty."""
    values = value if isinstance(value, list | tuple | Set) else [value]
    return [one for one in values if one is not None and (not isinstance(one, str) or one.strip())]


def _ordered(relation: str, found: object, wanted: list[object]) -> bool | None:
    signs = [compare(found, one) for one in wanted]
    if None in signs:
        return None
    sign = signs[0] or 0
    if relation == "between":
        return sign >= 0 and (signs[1] or 0) <= 0
    return {"at_least": sign >= 0, "at_most": sign <= 0, "above": sign > 0, "below": sign < 0}[relation]


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal: as numbers or days if both are, else as text without width differences."""
    left, right = number(one), number(other)
    if left is not None and right is not None:
        return left == right
    if plain(one) == plain(other):
        return True
    days = day(one), day(other)
    return days[0] is not None and days[0] == days[1]


def compare(one: object, other: object) -> int | None:
    """Give -1, 0 or 1 for two numbers or two days; None for anything that has no order."""
    for kind in (number, day):
        left, right = kind(one), kind(other)
        if left is not None and right is not None:
            return (left > right) - (left < right)  # type: ignore[operator]
    return None


def number(value: object) -> Fraction | None:
    """Read an exact number, full-width digits too; None if it is none. True and False are none."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    if not isinstance(value, str):
        return None
    text = plain(value)
    return Fraction(text) if NUMBER.fullmatch(text) else None


def plain(value: object) -> str:
    """Give the text two values are compared by: width folded, spaces around dropped, days in ISO form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return unicodedata.normalize("NFKC", str(value)).strip()


def day(value: object) -> date | None:
    """Read a day, the year first (2026-05-06, 2026.5.6, 2026年5月6日); None if it is none."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    found = DAY.fullmatch(plain(value)) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return date(int(found[1]), int(next(filter(None, found.groups()[1:5]))), int(found[6]))
    except ValueError:
        return None
