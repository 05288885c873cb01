"""Splitting a table into one file for each who answers for its rows (拆分): a town, a department, a squad. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luodi.statistics.values.asking import AskedRow, Asking

# The ways to split, in the order offered: below the unit, by who leads, by where it stands, by who brought it.
WAYS = ("below", "lead_department", "host", "introducer")


@dataclass(frozen=True)
class RowFacts:
    """What decides where a row belongs: the project's units by role, units that hold a duty for it, its words (name, site)."""

    units: Mapping[str, str]
    duties: tuple[str, ...] = ()
    words: str = ""


def parts_of(
    rows: Sequence[AskedRow],
    facts: Mapping[str, RowFacts],
    *,
    way: str,
    below: Mapping[str, str],
    chosen: Mapping[str, str],
) -> dict[str, str]:
    """
    Tell for each row which part it belongs to, as a unit code; "" where nothing says so.

    :param below: units directly below the one that files, code to name
    :param chosen: what a person chose before, by row; it goes before everything else
    """
    return {row.subject: chosen.get(row.subject) or said(facts.get(row.subject), way, below) for row in rows}


def said(facts: RowFacts | None, way: str, below: Mapping[str, str]) -> str:
    """Tell what the ledger says of a row."""
    if facts is None:
        return ""
    return responsible(facts, below) if way == "below" else facts.units.get(way, "")


def responsible(facts: RowFacts, below: Mapping[str, str]) -> str:
    """Find the unit below that answers for a row: its host, a holder of a duty, else the only one named in its words."""
    for code in (*facts.units.values(), *facts.duties):
        if code in below:
            return code
    named = [code for code, name in below.items() if name and name in facts.words]
    return named[0] if len(named) == 1 else ""


def split(asking: Asking, parts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Give the rows of each part, parts in the order of their codes, the unassigned last: every row is in exactly one."""
    found: dict[str, list[str]] = {}
    for row in asking.rows:
        found.setdefault(parts.get(row.subject, ""), []).append(row.subject)
    return {part: tuple(found[part]) for part in sorted(found, key=lambda code: (not code, code))}
