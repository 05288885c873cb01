"""
YAML read exactly: every scalar stays the text it was, every node remembers its line.

YAML's own guesses have cost others dearly (`0.1` a float, `09:30` a number, `no` False), so none is made
here: the reader of a key says what it expects (`decimal`, `integer`, `boolean`, `day` ...) and a value that does
not fit is a problem with file, line and path. Duplicate keys are refused. Used by the city profile and by the engines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from luodi.kernel.problem import Problem, Refused


class BadYaml(Refused):
    """The text is not YAML, or holds a key twice."""

    code = "yaml.unreadable"


class Text(str):
    """A scalar exactly as written, with its line. `quoted` tells `"no"` from `no`, and `""` from nothing."""

    line: int
    quoted: bool

    def __new__(cls, value: str, line: int = 0, quoted: bool = False) -> Text:
        self = super().__new__(cls, value)
        self.line, self.quoted = line, quoted
        return self


class Map(dict[str, "Node"]):
    """A mapping with the line of its start and the line of each key."""

    line: int = 0
    lines: dict[str, int]


class Seq(list["Node"]):
    """A sequence with the line of its start."""

    line: int = 0


# What a document is made of. An empty value (`key:`), `~` and an unquoted `null` are None.
Node = Text | Map | Seq | None

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)  # `2026-W38-1` is ISO as well, and nobody's day here
MOST_NODES = 300_000  # aliases of aliases can make a small file into more than a machine holds
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True)
class Place:
    """Where a node stands: for building problems."""

    file: str
    path: tuple[str, ...] = ()

    def at(self, key: str | int) -> Place:
        """Step into a key or an index."""
        return Place(self.file, (*self.path, str(key)))

    def problem(self, code: str, node: Node | int = None, **params: object) -> Problem:
        """Build a problem that points at this place; `node` (or a line number) gives the line."""
        line = node if isinstance(node, int) else getattr(node, "line", None)
        return Problem(
            code, where=".".join(self.path), params=params, file=self.file, line=line or None, path=".".join(self.path)
        )


def load(file: str | Path) -> Node:
    """Read a YAML file. Raises BadYaml with file and line; OSError if it can't be opened."""
    path = Path(file)
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadYaml(Problem("yaml.encoding", file=str(file), params={"position": error.start})) from None
    return loads(text, file=str(file))


def loads(text: str, *, file: str = "<text>") -> Node:
    """Read YAML from text. Aliases are followed; merge keys (`<<`) are not special."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        duplicates: list[Problem] = []
        node = _Builder(duplicates).build(root, Place(file), frozenset())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = getattr(error, "problem", None) or str(error)
        raise BadYaml(
            Problem("yaml.unreadable", file=file, line=mark.line + 1 if mark else None, params={"found": found})
        ) from None
    except RecursionError:
        raise BadYaml(Problem("yaml.too_large", file=file)) from None
    if duplicates:
        raise BadYaml(*duplicates)
    return node


class _Builder:
    """Builds our nodes out of the parser's, counting them, and gathers keys that can't stand."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.count = 0

    def build(self, node: yaml.Node | None, place: Place, above: frozenset[int]) -> Node:
        """Build a node; `above` holds the nodes it stands in, so that a loop of aliases ends."""
        if node is None:
            return None
        line = node.start_mark.line + 1
        self.count += 1
        if id(node) in above:
            raise BadYaml(place.problem("yaml.loop", line))
        if self.count > MOST_NODES:
            raise BadYaml(place.problem("yaml.too_large", line))
        if isinstance(node, yaml.ScalarNode):
            quoted = node.style in ("'", '"', "|", ">")
            return None if not quoted and node.value in NULLS else Text(node.value, line, quoted)
        inside = above | {id(node)}
        if isinstance(node, yaml.SequenceNode):
            seq = Seq(self.build(item, place.at(i), inside) for i, item in enumerate(node.value))
            seq.line = line
            return seq
        return self._mapping(node, place, inside)

    def _mapping(self, node: yaml.Node, place: Place, inside: frozenset[int]) -> Map:
        result = Map()
        result.line, result.lines = node.start_mark.line + 1, {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(place.problem("yaml.key_not_text", line))
            elif key in result:
                twice = place.at(key).problem("yaml.duplicate_key", line, key=key, first=result.lines[key])
                self.problems.append(twice)
            else:
                result[key] = self.build(value_node, place.at(key), inside)
                result.lines[key] = line
        return result


# Reading a scalar as what it must be ------------------------------------------------------------------------------
# Each returns the value or raises Unfit, which says what was expected; callers collect these as problems.


class Unfit(ValueError):
    """A scalar is not what its key needs. `expected` names a word of the catalogue `yaml.expected.*`."""

    def __init__(self, expected: str, found: object) -> None:
        super().__init__(f"{expected}: {found!r}")
        self.expected, self.found = expected, found


def decimal(node: Node) -> Decimal:
    """Read an exact number such as `0.1` or `-3`; no exponent, no infinity, no thousands separator."""
    if isinstance(node, Text):
        try:
            value = Decimal(node)
        except InvalidOperation:
            raise Unfit("decimal", node) from None
        if value.is_finite() and not set(node) & set("eE_ "):
            return value
    raise Unfit("decimal", node)


def integer(node: Node) -> int:
    """Read a whole number."""
    try:
        value = decimal(node)
    except Unfit:
        raise Unfit("integer", node) from None
    if value != value.to_integral_value() or "." in str(node):
        raise Unfit("integer", node)
    return int(value)


def boolean(node: Node) -> bool:
    """Read `true` or `false` (nothing else: `no` is a word)."""
    if isinstance(node, Text) and not node.quoted and node in ("true", "false"):
        return node == "true"
    raise Unfit("boolean", node)


def day(node: Node) -> date:
    """Read an ISO day, `2026-09-21`."""
    if isinstance(node, Text) and DAY.fullmatch(node):
        try:
            return date.fromisoformat(node)
        except ValueError:
            pass
    raise Unfit("day", node)


def text(node: Node) -> str:
    """Read any scalar as the text it is."""
    if isinstance(node, Text):
        return str(node)
    raise Unfit("text", node)


def unknown_keys(
    node: Map, allowed: Mapping[str, object] | set[str] | frozenset[str], place: Place
) -> Iterator[Problem]:
    """Yield a problem for each key that nobody reads, naming what is allowed."""
    for key in node:
        if key not in allowed:
            yield place.at(key).problem(
                "yaml.unknown_key", node.lines[key], key=key, allowed=", ".join(sorted(allowed))
            )
