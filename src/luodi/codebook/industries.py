"""
Industries of the national economy, GB/T 4754, in both editions that projects were filed under.

Two hundred codes mean something else in the other edition, so a code is looked up in its own edition and never carried over.
The classes are facts of the national standard, in `data/`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
EDITIONS = ("2011", "2017")
DEFAULT_EDITION = "2017"  # what a blank edition means (contract.md)
LEVELS = ("门类", "大类", "中类", "小类")


@dataclass(frozen=True)
class Industry:
    """A class of the standard: `C3985`, its name, the class above, and its level (1 门类 to 4 小类)."""

    code: str
    name: str
    parent: str
    level: int


def find(code: str, *, edition: str = "") -> Industry | None:
    """Find a class by its code, with or without the section's letter (`C3985`, `3985`); None in an edition that has none."""
    if edition not in ("", *EDITIONS):
        return None
    wanted = code.strip().upper()
    classes, by_digits = _edition(edition or DEFAULT_EDITION)
    return classes.get(wanted) or by_digits.get(wanted)


def label(code: str, *, edition: str = "") -> str:
    """Give the name of a class, or the code as it stands where the edition has no such class."""
    found = find(code, edition=edition)
    return found.name if found else code


def division(code: str, *, edition: str = "") -> Industry | None:
    """Find the division 大类 a class belongs to: fine enough for a table, too coarse to guess an investor from."""
    found = find(code, edition=edition)
    while found is not None and found.level > 2:
        found = find(found.parent, edition=edition)
    return found


def listed(*, edition: str = "") -> list[Industry]:
    """List the divisions 大类, groups 中类 and classes 小类 of an edition in the standard's order, for a person to choose from."""
    return [row for row in _edition(edition or DEFAULT_EDITION)[0].values() if row.level > 1]


def read(text: str, *, edition: str = "") -> Industry | None:
    """
    Find the class that somebody typed: by its code, by code and name (`3841 锂离子电池制造`), or by its name alone.

    A class that is all of its group bears the group's name too: then the finer one is meant.
    """
    typed = text.strip()
    by_code = find(typed.split()[0], edition=edition) if typed else None
    named = [row for row in listed(edition=edition) if row.name == typed]
    return by_code or max(named, key=lambda row: row.level, default=None)


@cache
def _edition(edition: str) -> tuple[Mapping[str, Industry], Mapping[str, Industry]]:
    """Read one edition: classes by code, and by their digits alone (which are unique)."""
    with (DATA / f"gbt4754_{edition}.csv").open(encoding="utf-8", newline="") as file:
        rows = [Industry(row["code"], row["name"], row["parent"], int(row["level"])) for row in csv.DictReader(file)]
    return {row.code: row for row in rows}, {row.code[1:]: row for row in rows if len(row.code) > 1}
