"""
Columns of projection tables, read off their models: how a value stands in a fact's bytes, and how in the database.

Everything works a column at a time over the up to 1,000 rows of an act, since an import has millions of cells.
Live writing and rebuilding share `decode`, so that they cannot differ.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from types import NoneType
from typing import Any

import orjson
from django.apps import apps
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from luodi.kernel import digest, instant
from luodi.kernel.problem import Refused
from luodi.ledger.fields import ExactDecimalField

Cells = Sequence[Any]

KINDS: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (ExactDecimalField, "decimal"),
    (models.DateField, "day"),
    (models.BooleanField, "boolean"),
    (models.JSONField, "json"),
    (models.IntegerField, "integer"),  # BigInteger and PositiveSmallInteger descend from it
    (models.CharField, "string"),
    (models.TextField, "string"),
    (models.BinaryField, "bytes"),  # of facts themselves, never of a projection
)
# SQLite itself would take any whole number: both stores keep to the ranges of a database that minds.
RANGES = BaseDatabaseOperations.integer_field_ranges
# The Python types each kind may hold; None is judged apart. Subclasses are made plain first.
TYPES: dict[str, frozenset[type]] = {
    "decimal": frozenset({Decimal, int}),
    "day": frozenset({date}),
    "boolean": frozenset({bool}),
    "json": frozenset({dict, list, tuple}),
    "integer": frozenset({int}),
    "instant": frozenset({int}),
    "string": frozenset({str}),
}


class TooLong(Refused):
    """A text is longer than its column, or a whole number larger. Parameters: `table`, `column`, `most`, `found`."""

    code = "ledger.row.too_long"


@dataclass(frozen=True)
class Column:
    """One column of a projection: its kind, whether it may be empty, its limits, its default."""

    table: str
    name: str
    kind: str
    null: bool
    longest: int | None
    low: int
    high: int
    default: Any


@dataclass
class TextBook:
    """The erasable texts of a fact in the making: commitment to (salt, text). Salts are random, or follow a seed."""

    hashing: digest.Hasher
    seed: str | None = None  # of a synthetic store only, so that equal seeds give equal bytes
    place: str = ""
    kept: dict[str, tuple[str, str]] = field(default_factory=dict)

    def commit(self, column: str, cells: Cells) -> list[str | None]:
        """Replace texts by commitments; None stays None."""
        salts = self._salts(column, cells)
        hashing, lead = self.hashing, digest.COMMITMENT
        try:  # digest.commitment, spelled out: an import makes hundreds of thousands
            commitments = [
                None if cell is None else hashing(lead + salt + cell.encode()).hexdigest()
                for cell, salt in zip(cells, salts, strict=True)
            ]
        except UnicodeEncodeError as error:
            raise digest.Unwritable(found=ascii(error.object)[:80]) from None
        for made, salt, cell in zip(commitments, salts, cells, strict=True):
            if made is not None:
                self.kept[made] = (salt.hex(), cell)
        return commitments

    def _salts(self, column: str, cells: Cells) -> list[bytes]:
        size = digest.SALT_BYTES
        if self.seed is None:
            pool = os.urandom(size * len(cells))
            return [pool[at : at + size] for at in range(0, len(pool), size)]
        lead = f"{self.seed}\n{self.place}\n{column}\n"
        return [self.hashing(digest.encoded(f"{lead}{n}\n{cell}")).digest()[:size] for n, cell in enumerate(cells)]


@cache
def columns(model: str) -> dict[str, Column]:
    """Give the columns of a projection model (`projects.StageEvent`) by name, in the model's order."""
    fields = apps.get_model(model)._meta.concrete_fields
    return {one.name: _column(model, one) for one in fields}


def _column(model: str, one: Any) -> Column:
    kind = next(kind for type_, kind in KINDS if isinstance(one, type_))
    low, high = RANGES[one.get_internal_type()] if kind == "integer" else (0, 0)
    if kind == "integer" and one.name.endswith("_at"):
        kind = "instant"
    default = one.get_default() if one.has_default() else None if one.null else ""
    return Column(model, one.column, kind, one.null, getattr(one, "max_length", None), low, high, default)


def encode(column: Column, cells: Cells) -> Cells:
    """
    Turn cells into what stands in the bytes: text, whole numbers, true and false, None, lists and mappings of these.

    :raises TypeError: if a cell is of a type the column can't hold (a mistake of the program)
    :raises TooLong: if a text or number does not fit
    """
    kinds = set(map(type, cells))
    if NoneType in kinds and not column.null:
        raise TypeError(f"{column.table}.{column.name} may not be None")
    if not kinds - {NoneType} <= TYPES[column.kind]:
        cells = [_plainer(column, cell) for cell in cells]
    return _ENCODE[column.kind](column, cells)


def _plainer(column: Column, cell: Any) -> Any:
    """Strip a subclass (an enum's text, a line-numbered scalar); refuse any other type."""
    if isinstance(cell, str) and column.kind == "string":
        return str.__str__(cell)
    if cell is None or type(cell) in TYPES[column.kind]:
        return cell
    raise TypeError(f"{column.table}.{column.name} is a {column.kind} column and can't hold {cell!r}")


def _strings(column: Column, cells: Cells) -> Cells:
    longest = max(map(len, filter(None, cells)), default=0)
    if column.longest is not None and longest > column.longest:
        found = next(cell for cell in cells if cell and len(cell) > column.longest)
        raise TooLong(table=column.table, column=column.name, most=column.longest, found=found)
    return cells


def _integers(column: Column, cells: Cells) -> Cells:
    given = [cell for cell in cells if cell is not None]
    low, high = min(given, default=0), max(given, default=0)
    for found in (low, high):
        if not column.low <= found <= column.high:
            raise TooLong(table=column.table, column=column.name, most=column.high, found=found)
    if max(-low, high) > digest.LARGEST:
        return [digest.plain(cell) for cell in cells]
    return cells


def _decimals(_column: Column, cells: Cells) -> Cells:
    # Most columns are of plain amounts, which Python writes as `digest.decimal_text` does: looked at all at once.
    if set(map(type, cells)) == {Decimal}:
        texts = list(map(str, cells))
        if PLAIN_AMOUNT.issuperset("".join(texts)) and max(map(len, texts), default=0) <= digest.MOST_DIGITS:
            return texts
    return [None if cell is None else digest.decimal_text(Decimal(cell)) for cell in cells]


PLAIN_AMOUNT = frozenset("0123456789.")  # no sign (minus zero has one), no exponent, not NaN


def _days(_column: Column, cells: Cells) -> Cells:
    return [None if cell is None else cell.isoformat() for cell in cells]


def _instants(_column: Column, cells: Cells) -> Cells:
    return [None if cell is None else iso(cell) for cell in cells]


def _jsons(_column: Column, cells: Cells) -> Cells:
    return [digest.plain(cell) if cell or cell is None else type(cell)() for cell in cells]


def _same(_column: Column, cells: Cells) -> Cells:
    return cells


_ENCODE = {
    "string": _strings,
    "integer": _integers,
    "decimal": _decimals,
    "day": _days,
    "instant": _instants,
    "json": _jsons,
    "boolean": _same,
}


@lru_cache(maxsize=4096)
def iso(at: int) -> str:
    """Write an instant; history has few distinct ones, so they are remembered."""
    return instant.iso(at)


@lru_cache(maxsize=4096)
def instant_of(text: str) -> int:
    """Read an instant that `iso` wrote."""
    return instant.from_iso(text)


def decode(column: Column, cells: Cells, texts: Mapping[str, str | None] | None) -> Cells:
    """
    Turn what stands in the bytes into what the database takes; with `texts`, commitments into words (None: removed).

    Decimals and days stay text: both databases read those.
    """
    if texts is not None:
        return [None if cell is None else texts.get(cell) for cell in cells]
    if column.kind == "instant":
        return [None if cell is None else instant_of(cell) for cell in cells]
    if column.kind == "integer":
        return [int(cell) if type(cell) is str else cell for cell in cells] if str in set(map(type, cells)) else cells
    if column.kind == "json":
        return [
            orjson.dumps(cell).decode() if cell else None if cell is None else "{}" if isinstance(cell, dict) else "[]"
            for cell in cells
        ]
    return cells


def default_cell(column: Column) -> Any:
    """Give what the database takes for a column that a row does not name."""
    return decode(column, encode(column, [column.default]), None)[0]
