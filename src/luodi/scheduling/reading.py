"""Reading the keys of one YAML mapping: each method reads a key as what it must be and gathers what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from luodi.kernel import yamltext
from luodi.kernel.problem import LANGUAGES, Problem, words
from luodi.kernel.yamltext import Map, Node, Place, Seq, Text, Unfit

T = TypeVar("T")
OWN = ("day_of_year", "pause")  # kinds of scalars that only plans have
MOST_DAYS = 36_500  # a century: a duration beyond it is a slip of the pen


def kind_of(node: Node) -> str:
    """Show a node in an error."""
    if node is None:
        return "null"
    return str(node) if isinstance(node, Text) else "{...}" if isinstance(node, Map) else "[...]"


def unfit(place: Place, node: Node, line: int, error: Unfit) -> Problem:
    """Build the problem of a scalar that isn't what its key needs."""
    area = "plan" if error.expected in OWN else "yaml"
    expected = {f"expected_{lang}": words(f"{area}.expected.{error.expected}", lang) for lang in LANGUAGES}
    return place.problem("yaml.unfit", getattr(node, "line", 0) or line, found=kind_of(node), **expected)


@dataclass(frozen=True)
class Reader:
    """One mapping with its place; problems are shared by all readers of a file."""

    map: Map
    place: Place
    problems: list[Problem]

    def refuse(self, code: str, at: str | None = None, **params: object) -> None:
        """Gather a problem of a key, or of the mapping as a whole."""
        place = self.place if at is None else self.place.at(at)
        self.problems.append(place.problem(code, self.line(at), **params))

    def line(self, key: str | None = None) -> int:
        """Give the line of a key, or of the mapping."""
        return self.map.lines.get(key, self.map.line) if key else self.map.line

    def allow(self, keys: Sequence[str]) -> None:
        """Refuse every key that nobody reads."""
        self.problems.extend(yamltext.unknown_keys(self.map, frozenset(keys), self.place))

    def need(self, *keys: str) -> None:
        """Refuse the mapping if a key is missing or empty."""
        for key in keys:
            if self.map.get(key) is None:
                self.refuse("yaml.missing_key", None, key=key)

    def scalar(self, key: str, read: Callable[[Node], T]) -> T | None:
        """Read a scalar; None when it is missing or wrong."""
        node = self.map.get(key)
        if node is None:
            return None
        try:
            return read(node)
        except Unfit as error:
            self.problems.append(unfit(self.place.at(key), node, self.line(key), error))
            return None

    def text(self, key: str) -> str | None:
        """Read a text."""
        return self.scalar(key, yamltext.text)

    def day(self, key: str) -> date | None:
        """Read a day."""
        return self.scalar(key, yamltext.day)

    def number(self, key: str, *, least: int = 0, most: int = MOST_DAYS) -> int | None:
        """Read a whole number between two bounds."""
        value = self.scalar(key, yamltext.integer)
        if value is not None and not least <= value <= most:
            self.refuse("plan.out_of_range", key, key=key, found=value, least=least, most=most)
            return None
        return value

    def weight(self, key: str) -> Decimal | None:
        """Read a weight: an exact number, not negative, of at most six places."""
        value = self.scalar(key, yamltext.decimal)
        if value is None:
            return None
        if not 0 <= value <= 1_000_000 or value != round(value, 6):
            self.refuse("plan.bad_weight", key, found=str(value))
            return None
        return value

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        """Read one of a few words."""
        value = self.text(key)
        if value is None:
            return default
        if value not in allowed:
            self.refuse("plan.not_one_of", key, key=key, found=value, allowed=", ".join(allowed))
            return default
        return value

    def inner(self, key: str) -> Reader | None:
        """Step into a mapping."""
        node = self.map.get(key)
        if node is None:
            return None
        if not isinstance(node, Map):
            self.refuse("plan.not_a_mapping", key, key=key, found=kind_of(node))
            return None
        return Reader(node, self.place.at(key), self.problems)

    def seq(self, key: str) -> Seq:
        """Read a list; empty when it is missing or wrong."""
        node = self.map.get(key)
        if node is None:
            return Seq()
        if not isinstance(node, Seq):
            self.refuse("plan.not_a_list", key, key=key, found=kind_of(node))
            return Seq()
        return node

    def entries(self, key: str) -> Iterator[Reader]:
        """Read a list of mappings."""
        for index, node in enumerate(self.seq(key)):
            place = self.place.at(key).at(index)
            if isinstance(node, Map):
                yield Reader(node, place, self.problems)
            else:
                self._bad_entry(key, place, node)

    def named(self, key: str) -> Iterator[tuple[str, Reader]]:
        """Read a mapping of mappings."""
        outer = self.inner(key)
        for name in outer.map if outer else ():
            inside = outer.inner(name) if outer else None
            if inside is not None:
                yield name, inside
            elif outer is not None and outer.map[name] is None:
                outer.refuse("plan.not_a_mapping", name, key=name, found="null")

    def scalars(self, key: str, read: Callable[[Node], T]) -> list[T]:
        """Read a list of scalars."""
        found = []
        for index, node in enumerate(self.seq(key)):
            try:
                found.append(read(node))
            except Unfit as error:
                self.problems.append(unfit(self.place.at(key).at(index), node, self.line(key), error))
        return found

    def _bad_entry(self, key: str, place: Place, node: Node) -> None:
        line = getattr(node, "line", 0) or self.line(key)
        self.problems.append(place.problem("plan.not_a_mapping", line, key=key, found=kind_of(node)))
