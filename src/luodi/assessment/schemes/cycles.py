"""Order of evaluation: no value may depend on itself, not even by way of another group. A cycle is named as a path."""

from __future__ import annotations

from collections.abc import Iterator

from luodi.assessment.schemes.values import Node, Scheme
from luodi.kernel.problem import Problem
from luodi.kernel.yamltext import Place

Spot = tuple[str, str]  # group, name


def cycles(scheme: Scheme, place: Place) -> Iterator[Problem]:
    """Yield a problem for the first circle found from each group's total and items."""
    done: set[Spot] = set()
    for name, group in scheme.groups.items():
        for start in [(name, "total"), *((name, item) for item in group.items)]:
            found = _circle(scheme, start, done, [])
            if found:
                line = _node(scheme, found[-2]).line
                path = [f"{group}.{node}" for group, node in found]
                yield place.problem("scheme.cycle", line, cycle=path, shown=" → ".join(path))
                return


def _node(scheme: Scheme, spot: Spot) -> Node:
    group, name = spot
    if name == "total":
        return scheme.groups[group].total or scheme.total
    return scheme.values.get(name) or scheme.items[name]


def _circle(scheme: Scheme, spot: Spot, done: set[Spot], path: list[Spot]) -> list[Spot] | None:
    if spot in path:
        return [*path[path.index(spot) :], spot]
    if spot in done:
        return None
    path.append(spot)
    for after in _needs(scheme, spot):
        found = _circle(scheme, after, done, path)
        if found:
            return found
    path.pop()
    done.add(spot)
    return None


def _needs(scheme: Scheme, spot: Spot) -> Iterator[Spot]:
    """Yield what this spot is computed from, in this period."""
    node = _node(scheme, spot)
    groups = [spot[0]]
    if node.reach:
        others = list(scheme.groups) if node.reach == ("*",) else list(node.reach)
        groups = others if node.op == "children" else [spot[0], *others]
    for ref in node.refs:
        if not ref.when and (ref.name in scheme.values or ref.name in scheme.items or ref.name == "total"):
            for group in groups:
                if not (spot[1] == "total" and ref.name in scheme.items and ref.name not in _items(scheme, group)):
                    yield group, ref.name


def _items(scheme: Scheme, group: str) -> set[str]:
    found = scheme.groups[group]
    return {*found.items, *(item for variant in found.variants for item in variant.items)}
