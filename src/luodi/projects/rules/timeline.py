"""What an act changed: the difference between a row and the one before it of the same key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BOOKKEEPING = frozenset({"id", "known_at", "loaded", "filing"})


@dataclass(frozen=True)
class Change:
    """One column that an act changed, from what to what; None where there was nothing."""

    field: str
    before: object
    after: object


def changes(before: Mapping[str, object] | None, after: Mapping[str, object]) -> tuple[Change, ...]:
    """List what differs between a row and the one before; without one before, everything filled. Attributes one by one."""
    old, new = _flat(before or {}), _flat(after)
    names = [*new, *(name for name in old if name not in new)]
    return tuple(Change(name, old.get(name), new.get(name)) for name in names if _said(old, name) != _said(new, name))


def _said(row: Mapping[str, object], name: str) -> object:
    """Give a cell, with nothing said of every kind as None."""
    found = row.get(name)
    return None if found in ("", None) or found == [] or found == {} else found


def _flat(row: Mapping[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, cell in row.items():
        if name in BOOKKEEPING:
            continue
        if isinstance(cell, Mapping):
            flat.update({f"{name}.{key}": inner for key, inner in cell.items()})
        else:
            flat[name] = cell
    return flat
