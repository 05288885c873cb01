"""Finding circles of precedence and naming them as paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from luodi.kernel.problem import Problem
from luodi.kernel.yamltext import Place


def find(names: Sequence[str], edges: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """
    Find circles among (before, after) pairs: each as a path from its first member, in the order of `names`, back to it.
    Every member stands in one circle at most, so a knot of many circles yields one of them.
    """
    following: dict[str, list[str]] = {name: [] for name in names}
    for before, after in edges:
        if before in following and after in following:
            following[before].append(after)
    done: set[str] = set()
    for name in names:
        if name not in done:
            yield from _walk(name, following, done)


def _walk(root: str, following: Mapping[str, Sequence[str]], done: set[str]) -> Iterator[list[str]]:
    """Walk in depth without recursion; an edge back to the path under foot is a circle."""
    path, waiting = [root], [iter(following[root])]
    on_path = {root}
    while path:
        step = next(waiting[-1], None)
        if step is None:
            waiting.pop()
            on_path.discard(path[-1])
            done.add(path.pop())
        elif step in on_path:
            yield [*path[path.index(step) :], step]
        elif step not in done:
            path.append(step)
            on_path.add(step)
            waiting.append(iter(following[step]))


def problems(
    names: Sequence[str], edges: Iterable[tuple[str, str]], lines: Mapping[str, int], place: Place
) -> Iterator[Problem]:
    """Yield one problem for each circle, at the line of its last member."""
    for cycle in find(names, edges):
        yield place.problem("plan.cycle", lines[cycle[-2]], cycle=cycle, shown=" → ".join(cycle))
