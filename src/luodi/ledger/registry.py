"""
The kinds of facts that the installed modules declare, in their `facts.py`, found at start.

A type of an older version stays declared beside the newer one: its facts must be projected for ever.
"""

from __future__ import annotations

from luodi.ledger.values import FactType

_TYPES: dict[tuple[str, int], FactType] = {}


def declare(type: FactType) -> FactType:
    """
    Make a fact type known, so that its facts can be appended and rebuilt; gives it back.

    :raises ValueError: if another type has this name and version, or one model stands in two of its tables
    """
    known = _TYPES.setdefault((type.name, type.version), type)
    if known != type:
        raise ValueError(f"{type.name} version {type.version} is declared already, otherwise")
    models = [table.model for table in type.tables]
    if len(set(models)) < len(models):
        raise ValueError(f"{type.name}: one table a model, found {models}")
    return type


def find(name: str, version: int) -> FactType | None:
    """Give the type of that name and version, or None if no installed module declares it."""
    return _TYPES.get((name, version))


def models() -> list[str]:
    """List the models that any declared fact type fills: the projections, in name order."""
    return sorted({table.model for type in _TYPES.values() for table in type.tables})
