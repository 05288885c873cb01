"""
Finding the header: one row, or several with merged cells over them, somewhere in the sheet's first rows.

Headers are compared without blanks, brackets' shape, marks of required columns and units (`总投资（亿元）` is 总投资, in 亿元).
A unit may stand in the header, in a row of units below it, or in a corner note above (`单位：万元`). Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from luodi.exchange.cells import BLANKS, Raw
from luodi.exchange.kinds import Kind
from luodi.exchange.tables import Sheet

SEARCHED_ROWS = 30
TALLEST = 4

UNIT = "亿美元|万美元|美元|百万元|亿元|万元|千元|元|人|个"
IN_BRACKETS = re.compile(rf"[(\[]\s*(?:单位[:]?)?\s*(?P<unit>{UNIT})\s*[)\]]")
AFTER_SIGN = re.compile(rf"[/:、,]\s*(?P<unit>{UNIT})$")
ALONE = re.compile(rf"[(\[]?\s*(?P<unit>{UNIT})\s*[)\]]?")
CORNER = re.compile(rf"(?:计量|金额)?单位\s*[:]\s*(?P<units>(?:{UNIT})(?:\s*[、,/;和]\s*(?:{UNIT}))*)")
MONEY_UNITS = frozenset(["亿美元", "万美元", "美元", "百万元", "亿元", "万元", "千元", "元"])


@dataclass(frozen=True)
class Heading:
    """A column as the file heads it: its words from top to bottom, its unit if one stands there."""

    at: int
    words: tuple[str, ...]
    unit: str | None = None

    @property
    def shown(self) -> str:
        """The heading as a person would say it."""
        return "/".join(self.words)


@dataclass(frozen=True)
class Header:
    """
    Where the header stands and what it says. `columns` code to heading; `unknown` headings nobody asked for;
    `twice` code to headings that claim it; `first_data` the row below.
    """

    top: int
    first_data: int
    headings: tuple[Heading, ...]
    columns: Mapping[str, Heading] = field(default_factory=dict)
    twice: Mapping[str, tuple[Heading, ...]] = field(default_factory=dict)
    corner_unit: str | None = None

    @property
    def unknown(self) -> tuple[Heading, ...]:
        """Headings that are no column of the kind."""
        used = {heading.at for heading in self.columns.values()}
        return tuple(heading for heading in self.headings if heading.at not in used)


def folded(text: str) -> str:
    """Write a header so that two ways of typing it are equal; a unit is taken off."""
    plain = unicodedata.normalize("NFKC", text)
    plain = IN_BRACKETS.sub("", plain)
    plain = re.sub(r"[\s*\u200b\ufeff]", "", plain)
    plain = AFTER_SIGN.sub("", plain)
    return plain.strip(":").casefold()


def unit_in(text: str) -> str | None:
    """Read the unit that stands in a header."""
    plain = unicodedata.normalize("NFKC", text)
    match = IN_BRACKETS.search(plain) or AFTER_SIGN.search(re.sub(r"\s", "", plain))
    return match["unit"] if match else None


def words_of(raw: Raw) -> str:
    """Take a header cell as words."""
    return raw.strip(BLANKS) if isinstance(raw, str) else "" if raw is None else str(raw)


def names_of(kind: Kind, extra: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Give every name a header may have, folded, to its column's code. `extra`: codes of the profile's own columns to their names."""
    found: dict[str, str] = {}
    for column in kind.all_columns:
        for name in (column.code, column.header, *column.also):
            found.setdefault(folded(name), column.code)
    for code, names in extra.items():
        for name in (code, *names):
            found.setdefault(folded(name), code)
    return found


def find(sheet: Sheet, names: Mapping[str, str], *, rows: tuple[int, int] | None = None) -> Header | None:
    """
    Find the header block that names most columns: the highest one, the shortest of equals. None if no cell names any.

    :param rows: where a mapping says it stands, first and last row from 0
    """
    filled = fill_merged(sheet, SEARCHED_ROWS + TALLEST if rows is None else rows[1] + 2)
    if rows is not None:
        return build(filled, rows[0], rows[1], names)
    best: tuple[int, int, int] | None = None  # columns named, minus height, minus top
    for top in range(min(SEARCHED_ROWS, len(filled))):
        for height in range(1, min(TALLEST, len(filled) - top) + 1):
            score = len(build(filled, top, top + height - 1, names).columns)
            if score and (best is None or (score, -height, -top) > best):
                best = (score, -height, -top)
    if best is None:
        return None
    top, height = -best[2], -best[1]
    return build(filled, top, extended(filled, top + height - 1, names), names)


def fill_merged(sheet: Sheet, until: int) -> list[list[str]]:
    """Give the first rows as words, every cell of a merged block saying what its corner says."""
    rows = [[words_of(raw) for raw in row] for row in sheet.rows[:until]]
    for (top, left), (bottom, right) in sheet.merged:
        if top >= len(rows):
            continue
        corner = rows[top][left] if left < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [corner] * len(row[left : right + 1])
    return rows


def extended(rows: Sequence[Sequence[str]], bottom: int, names: Mapping[str, str]) -> int:
    """Take rows just below into the header that hold only units, numbers of columns, or further names of the same columns."""
    while bottom + 1 < len(rows):
        cells = [cell for cell in rows[bottom + 1] if cell]
        units = all(ALONE.fullmatch(unicodedata.normalize("NFKC", cell)) for cell in cells)
        named = len(cells) > 1 and all(folded(cell) in names for cell in cells)
        if not cells or not (units or named):
            break
        bottom += 1
    return bottom


def build(rows: Sequence[Sequence[str]], top: int, bottom: int, names: Mapping[str, str]) -> Header:
    """Read a block of rows as a header."""
    width = max((len(row) for row in rows[top : bottom + 1]), default=0)
    headings, claims = [], dict[str, list[Heading]]()
    for at in range(width):
        stack = [rows[row][at] for row in range(top, bottom + 1) if at < len(rows[row])]
        words = tuple(dict.fromkeys(cell for cell in stack if cell))
        if not words:
            continue
        heading = Heading(at, words, next(filter(None, map(own_unit, reversed(words))), None))
        headings.append(heading)
        code = code_of(words, names)
        if code:
            claims.setdefault(code, []).append(heading)
    return Header(
        top,
        bottom + 1,
        tuple(headings),
        {code: found[0] for code, found in claims.items() if len(found) == 1},
        {code: tuple(found) for code, found in claims.items() if len(found) > 1},
        corner_unit(rows[:top]),
    )


def own_unit(word: str) -> str | None:
    """Read the unit in one cell of a heading, alone or in brackets."""
    alone = ALONE.fullmatch(unicodedata.normalize("NFKC", word))
    return alone["unit"] if alone else unit_in(word)


def code_of(words: Sequence[str], names: Mapping[str, str]) -> str | None:
    """Tell which column a stack of header cells names: the lowest that is a name, else all of them together."""
    telling = [word for word in words if not ALONE.fullmatch(unicodedata.normalize("NFKC", word))]
    for word in reversed(telling):
        if folded(word) in names:
            return names[folded(word)]
    return names.get(folded("".join(telling)))


def corner_unit(rows: Sequence[Sequence[str]]) -> str | None:
    """Read the money unit of a corner note above the header."""
    for row in rows:
        for cell in row:
            match = CORNER.search(unicodedata.normalize("NFKC", cell))
            if match:
                units = re.findall(UNIT, match["units"])
                return next((unit for unit in units if unit in MONEY_UNITS), None)
    return None
