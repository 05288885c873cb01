"""How the clocks of a policy hang together: names used once, references that exist, no circle."""

from __future__ import annotations

from collections.abc import Sequence

from luodi.kernel.clocks.reading import Reader
from luodi.kernel.clocks.values import ClockRule
from luodi.kernel.problem import Problem


def check(clocks: Sequence[ClockRule], top: Reader, problems: list[Problem]) -> None:
    """Note names given twice, references to nothing, and circles of starts and parents."""
    ids = [clock.id for clock in clocks]
    for index, clock in enumerate(clocks):
        line = _line(top, index)
        place = top.place.at("clocks").at(index)
        if clock.id and clock.id in ids[:index]:
            problems.append(place.at("id").problem("clock.id_twice", line, key="id", id=clock.id))
        for key, named in (("starts_on", clock.starts_on), ("parent", clock.parent)):
            if named is not None and named not in ids:
                at = place.at(key)
                problems.append(at.problem("clock.no_such_clock", line, key=key, found=named, allowed=", ".join(ids)))
    circle = _circle(clocks)
    if circle:
        last = ids.index(circle[-2])
        place = top.place.at("clocks").at(last)
        problems.append(place.problem("clock.circle", _line(top, last), cycle=circle, path_words=" → ".join(circle)))


def _line(top: Reader, index: int) -> int:
    node = top.map.get("clocks")
    item = node[index] if isinstance(node, list) else None
    return getattr(item, "line", 0)


def _circle(clocks: Sequence[ClockRule]) -> list[str]:
    """Find a circle of references, as the ids on it with the first repeated at the end; empty when there is none."""
    ahead = {clock.id: [named for named in (clock.starts_on, clock.parent) if named] for clock in clocks}
    for start in ahead:
        stack = [[start]]
        while stack:
            path = stack.pop()
            for named in ahead.get(path[-1], []):
                if named == start:
                    return [*path, start]
                if named not in path:
                    stack.append([*path, named])
    return []


def in_order(clocks: Sequence[ClockRule]) -> list[ClockRule]:
    """Order clocks so that each comes after those it hangs on."""
    placed: dict[str, ClockRule] = {}
    waiting = list(clocks)
    while waiting:
        for clock in list(waiting):
            if all(named in placed for named in (clock.starts_on, clock.parent) if named):
                placed[clock.id] = clock
                waiting.remove(clock)
    return list(placed.values())


def forerunners(clocks: Sequence[ClockRule], clock: str) -> set[str]:
    """Name the clocks of a chain that come before one."""
    by_id = {rule.id: rule for rule in clocks}
    found: set[str] = set()
    named = by_id[clock].starts_on
    while named is not None:
        found.add(named)
        named = by_id[named].starts_on
    return found
