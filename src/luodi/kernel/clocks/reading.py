"""
Small readers of YAML nodes for policies: each reads one shape, collects what is wrong with file, line and path, and
goes on,
so that an author sees every mistake at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from luodi.kernel import yamltext
from luodi.kernel.problem import Problem, words
from luodi.kernel.yamltext import Map, Node, Place, Seq, Unfit

T = TypeVar("T")


class Reader:
    """A mapping being read: it remembers where it stands and hands its problems to one common list."""

    def __init__(self, node: Node, place: Place, problems: list[Problem], keys: Sequence[str]) -> None:
        self.place, self.problems = place, problems
        self.map = node if isinstance(node, Map) else Map()
        if isinstance(node, Map):
            problems.extend(yamltext.unknown_keys(node, set(keys), place))
        else:
            self.map.line, self.map.lines = getattr(node, "line", 0), {}
            problems.append(place.problem("clock.not_a_map", node, found=show(node)))

    def line(self, key: str) -> int:
        """Tell the line of a key, or of the mapping where the key is absent."""
        return self.map.lines.get(key, self.map.line)

    def problem(self, code: str, key: str, **params: object) -> None:
        """Note something wrong with a key."""
        self.problems.append(self.place.at(key).problem(code, self.line(key), key=key, **params))

    def value(self, key: str, read: Callable[[Node], T], default: T, *, required: bool = False) -> T:
        """Read a key's scalar, or note why it can't be; an absent or empty key gives the default."""
        node = self.map.get(key)
        if node is None:
            if required:
                self.problem("yaml.missing_key", key)
            return default
        try:
            return read(node)
        except Unfit as unfit:
            expected = {f"expected_{lang}": words(f"yaml.expected.{unfit.expected}", lang) for lang in ("zh", "en")}
            self.problem("yaml.unfit", key, found=show(node), **expected)
            return default

    def text(self, key: str, default: str | None = None, *, required: bool = False) -> str | None:
        """Read text."""
        return self.value(key, yamltext.text, default, required=required)

    def number(
        self, key: str, default: int | None = None, *, least: int = 0, most: int = 100_000, required: bool = False
    ) -> int | None:
        """Read a whole number within bounds."""
        value = self.value(key, yamltext.integer, default, required=required)
        if value is not None and value is not default and not least <= value <= most:
            self.problem("clock.out_of_bounds", key, found=value, least=least, most=most)
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Read true or false."""
        return self.value(key, yamltext.boolean, default)

    def day(self, key: str) -> date | None:
        """Read a day."""
        return self.value(key, yamltext.day, None)

    def choice(self, key: str, allowed: Sequence[str], default: str, *, required: bool = False) -> str:
        """Read one word out of a closed list."""
        value = self.text(key, None, required=required)
        if value is None or value in allowed:
            return default if value is None else value
        self.problem("clock.not_one_of", key, found=value, allowed=", ".join(allowed))
        return default

    def words(self, key: str, allowed: Sequence[str] | None = None) -> tuple[str, ...]:
        """Read a list of words; a single word stands for a list of one."""
        node = self.map.get(key)
        items = node if isinstance(node, Seq) else [] if node is None else [node]
        found = []
        for index, item in enumerate(items):
            if not isinstance(item, yamltext.Text) or (allowed is not None and item not in allowed):
                code = "clock.not_one_of" if allowed else "clock.not_text"
                place = self.place.at(key).at(index)
                line = getattr(item, "line", 0) or self.line(key)
                self.problems.append(
                    place.problem(code, line, key=key, found=show(item), allowed=", ".join(allowed or ()))
                )
                continue
            found.append(str(item))
        return tuple(found)

    def inner(self, key: str, keys: Sequence[str]) -> Reader | None:
        """Step into a mapping; None when the key is absent."""
        node = self.map.get(key)
        if node is None:
            return None
        reader = Reader(node, self.place.at(key), self.problems, keys)
        reader.map.line = reader.map.line or self.line(key)
        return reader

    def items(self, key: str, keys: Sequence[str]) -> list[Reader]:
        """Step into a list of mappings."""
        node = self.map.get(key)
        if node is None:
            return []
        if not isinstance(node, Seq):
            self.problem("clock.not_a_list", key, found=show(node))
            return []
        return [Reader(item, self.place.at(key).at(index), self.problems, keys) for index, item in enumerate(node)]


def show(node: Node) -> str:
    """Show what was found, shortly."""
    if isinstance(node, Mapping):
        return "{" + ", ".join(list(node)[:4]) + "}"
    if isinstance(node, list):
        return f"[{len(node)}]"
    return "" if node is None else str(node)[:60]
