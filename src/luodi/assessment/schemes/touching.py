"""What a changed input touches: the names that must be computed again. The rest of a pool can be kept."""

from __future__ import annotations

from collections.abc import Iterable

from luodi.assessment.schemes.values import Node, Scheme


def touched(scheme: Scheme, inputs: Iterable[str]) -> frozenset[str]:
    """Give the inputs and everything that depends on them, in whatever group."""
    nodes: list[Node] = [*scheme.values.values(), *scheme.items.values()]
    found = set(inputs) | {"total"}
    spread_all = any(group.redistribute for group in scheme.groups.values()) or not scheme.unranked_peers
    if spread_all:
        return frozenset(found | {node.name for node in nodes})
    grew = True
    while grew:
        after = {node.name for node in nodes if any(ref.name in found and not ref.when for ref in node.refs)}
        streaks = {node.name for node in nodes if node.op in ("streak", "over_periods")}
        grew = not (after | streaks) <= found
        found |= after | streaks
    return frozenset(found)
