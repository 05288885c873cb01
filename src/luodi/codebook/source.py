"""
A profile folder as one document that remembers where everything stands.

Any section may stand in any file. A section that is a list may go on in another file; one that is a mapping stands once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from luodi.kernel import yamltext
from luodi.kernel.problem import Problem, Refused
from luodi.kernel.yamltext import Map, Node, Place, Seq, Text

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Entry:
    """One item of a list section, or the whole of a mapping section, with its place."""

    place: Place
    node: Node
    line: int


@dataclass
class Source:
    """Everything that was read: entries by section, and what could not be read."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    use: list[tuple[Text, Place]] = field(default_factory=list)


def read(folder: Path, *, lists: frozenset[str], mappings: frozenset[str]) -> Source:
    """Read every YAML file of a folder, in the order of their names, without stopping at a mistake."""
    source = Source()
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES) if folder.is_dir() else []
    if not files:
        source.problems.append(Problem("profile.no_files", file=str(folder), params={"folder": str(folder)}))
    for file in files:
        try:
            root = yamltext.load(file)
        except Refused as refusal:
            source.problems += refusal.problems
            continue
        except OSError as error:
            source.problems.append(
                Problem("profile.unreadable_file", file=str(file), params={"why": str(error.strerror)})
            )
            continue
        _add_file(source, root, Place(str(file)), lists, mappings)
    return source


def _add_file(source: Source, root: Node, top: Place, lists: frozenset[str], mappings: frozenset[str]) -> None:
    if root is None:
        return
    if not isinstance(root, Map):
        source.problems.append(top.problem("profile.not_sections", root))
        return
    for section, node in root.items():
        place, line = top.at(section), root.lines[section]
        if section == "use":
            source.use += [(item, place) for item in _texts(source, node, place, line)]
        elif section in lists:
            source.entries.setdefault(section, []).extend(_items(source, node, place, line))
        elif section in mappings:
            _add_mapping(source, section, Entry(place, node, line))
        else:
            allowed = ", ".join(sorted(lists | mappings | {"use"}))
            source.problems.append(place.problem("yaml.unknown_key", line, key=section, allowed=allowed))


def _items(source: Source, node: Node, place: Place, line: int) -> Iterator[Entry]:
    if not isinstance(node, Seq):
        source.problems.append(place.problem("profile.not_a_list", line, found=shown(node)))
        return
    for index, item in enumerate(node):
        yield Entry(place.at(index), item, getattr(item, "line", 0) or node.line)


def _texts(source: Source, node: Node, place: Place, line: int) -> Iterator[Text]:
    if isinstance(node, Seq) and all(isinstance(item, Text) for item in node):
        yield from (item for item in node if isinstance(item, Text))
    else:
        source.problems.append(place.problem("profile.not_a_list", line, found=shown(node)))


def _add_mapping(source: Source, section: str, entry: Entry) -> None:
    first = source.entries.get(section)
    if first:
        where = f"{first[0].place.file}:{first[0].line}"
        source.problems.append(entry.place.problem("profile.section_twice", entry.line, section=section, first=where))
    else:
        source.entries[section] = [entry]


def values_of(key: str, entries: Iterable[Entry]) -> frozenset[str]:
    """Collect a key's values, in broken items too: a mistake inside an item is not also a dangling name elsewhere."""
    found = (entry.node.get(key) for entry in entries if isinstance(entry.node, Map))
    return frozenset(str(one) for one in found if isinstance(one, Text))


def locate(entry: Entry, path: Iterable[str | int]) -> tuple[Place, int]:
    """
    Find the place and line of a path inside an entry.

    Steps that are not in the file (the tag of a union, a key left out) are skipped, so that the line is that of the nearest
    node there is.
    """
    place, node, line = entry.place, entry.node, entry.line
    for step in path:
        if isinstance(node, Map) and step in node:
            line, node, place = node.lines[str(step)], node[str(step)], place.at(step)
        elif isinstance(node, Seq) and isinstance(step, int) and step < len(node):
            node, place = node[step], place.at(step)
        line = getattr(node, "line", 0) or line
    return place, line


def shown(node: Node) -> str:
    """Say in short what a node is, for a message."""
    if node is None:
        return "∅"
    return str(node) if isinstance(node, Text) else "{…}" if isinstance(node, Map) else "[…]"
