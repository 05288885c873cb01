"""Projects that moved between units inside the year 划转: year to date goes by the host at the period's end (ledger.md, Attributes at D)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from luodi.documents.values import Transfer
from luodi.identity.tree import Tree
from luodi.projects.values.rows import Dossier


def transfers(
    dossiers: Iterable[Dossier],
    *,
    since: date,
    until: date,
    units: frozenset[str],
    tree: Tree,
    labels: Mapping[str, str],
) -> list[Transfer]:
    """List moves from one of the table's units to another after `since`, up to `until`, by day and project."""
    found = [
        Transfer(labels.get(one.code, ""), before, after, version.valid_from)
        for one in dossiers
        for earlier, version in zip(one.versions, one.versions[1:], strict=False)
        if since < version.valid_from <= until
        for before, after in [(above(tree, earlier.host, units), above(tree, version.host, units))]
        if before != after and before and after
    ]
    return sorted(found, key=lambda one: (one.on, one.label))


def above(tree: Tree, code: str, units: frozenset[str]) -> str:
    """Give the unit of the table that a unit counts for: itself or the nearest above; empty where there is none."""
    return next((one for one in (code, *tree.ancestors(code)) if one in units), "")
