"""
Just enough of the old workbook format (.xls: BIFF8 records in an OLE container) to see what a reader hides:
encryption, macros, links to other files, formulas and error values. Values themselves are read by calamine.

Layout after the public specifications [MS-CFB] and [MS-XLS]: sectors chained by a table, a directory of 128-byte
entries, and in the stream `Workbook` records of (type, length, data).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from luodi.exchange.refusals import BadFile

END_OF_CHAIN, FREE = 0xFFFFFFFE, 0xFFFFFFFF
MOST_BYTES = 300_000_000

BOF, BOUNDSHEET, FILEPASS, SUPBOOK, FORMULA, BOOLERR = 0x0809, 0x0085, 0x002F, 0x01AE, 0x0006, 0x0205
SHEET_BOF = 0x0010
# A SUPBOOK of these lengths speaks of the workbook itself or of add-ins, not of another file.
OWN_BOOK = (b"\x01\x04", b"\x01\x3a")


@dataclass
class Seen:
    """Formulas and errors per sheet, by the sheet's number as text ('0', '1' ...)."""

    formulas: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    errors: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)


def streams(data: bytes) -> dict[str, bytes]:
    """
    Give the streams of an OLE container by name.

    :raises ValueError: if it isn't one (struct.error and IndexError too: a cut file)
    """
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    if sector not in (512, 4096) or small != 64:
        raise ValueError("not an OLE container")
    directory, small_from, small_table = (
        struct.unpack_from("<I", data, 48)[0],
        struct.unpack_from("<I", data, 56)[0],
        struct.unpack_from("<I", data, 60)[0],
    )
    table = chain_table(data, sector)
    entries = read_chain(data, table, directory, sector)
    found: dict[str, tuple[int, int]] = {}
    for at in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        kind = entries[at + 66] if at + 66 < len(entries) else 0
        if kind in (1, 2, 5):
            found[name] = struct.unpack_from("<II", entries, at + 116)
    root_start, root_size = found.get("Root Entry", (END_OF_CHAIN, 0))
    minis = read_chain(data, table, root_start, sector)[:root_size]
    mini_table = list(struct.iter_unpack("<I", read_chain(data, table, small_table, sector)))
    result = {}
    for name, (start, size) in found.items():
        if name == "Root Entry":
            continue
        whole = (
            read_chain(data, table, start, sector)
            if size >= small_from
            else read_chain(minis, [n for (n,) in mini_table], start, small, offset=0)
        )
        result[name] = whole[:size]
    return result


def chain_table(data: bytes, sector: int) -> list[int]:
    """Read the table that says which sector follows which."""
    places = [n for n in struct.unpack_from("<109I", data, 76) if n not in (FREE, END_OF_CHAIN)]
    following, count = struct.unpack_from("<II", data, 68)
    per = sector // 4
    while following not in (FREE, END_OF_CHAIN) and count > 0:
        block = struct.unpack_from(f"<{per}I", data, (following + 1) * sector)
        places += [n for n in block[:-1] if n != FREE]
        following, count = block[-1], count - 1
    table: list[int] = []
    for place in places:
        table += struct.unpack_from(f"<{per}I", data, (place + 1) * sector)
    return table


def read_chain(data: bytes, table: list[int], start: int, size: int, offset: int = 1) -> bytes:
    """Join the sectors of a chain; a chain longer than the table has a loop."""
    parts = []
    while start not in (FREE, END_OF_CHAIN):
        parts.append(data[(start + offset) * size : (start + offset + 1) * size])
        start = table[start]
        if len(parts) > len(table):
            raise ValueError("a loop in the chain")
    return b"".join(parts)


def is_encrypted_package(path: Path) -> bool:
    """Tell whether an OLE container holds an encrypted .xlsx."""
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()


def records(book: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk the records of a workbook stream."""
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def walk(path: Path, name: str) -> Seen:
    """
    Find formulas and errors of every sheet of an .xls.

    :raises BadFile: if it is broken, encrypted, carries macros or refers to other workbooks
    """
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(
            "import.file.bomb", name=name, megabytes=path.stat().st_size // 1_000_000, packed=path.stat().st_size
        )
    try:
        parts = streams(path.read_bytes())
    except (ValueError, IndexError, struct.error):
        raise BadFile("import.file.broken", name=name) from None
    if "_VBA_PROJECT_CUR" in parts or "VBA" in parts or "_VBA_PROJECT" in parts:
        raise BadFile("import.file.macros", name=name)
    book = parts.get("Workbook") or parts.get("Book")
    if book is None:
        raise BadFile("import.file.not_a_workbook", name=name, found="OLE")
    return look(book, name)


def look(book: bytes, name: str) -> Seen:
    """Walk a workbook stream: globals first, then one substream a sheet."""
    seen, sheet = Seen(), -1
    formulas: set[tuple[int, int]] = set()
    errors: set[tuple[int, int]] = set()
    for kind, data in records(book):
        if kind == BOF and len(data) >= 4 and struct.unpack_from("<H", data, 2)[0] == SHEET_BOF:
            sheet += 1
            formulas, errors = set(), set()
        elif kind == FILEPASS:
            raise BadFile("import.file.encrypted", name=name)
        elif kind == SUPBOOK and data[2:4] not in OWN_BOOK:
            raise BadFile("import.file.external_links", name=name)
        elif kind == FORMULA and len(data) >= 4:
            formulas.add(struct.unpack_from("<HH", data))
        elif kind == BOOLERR and len(data) >= 8 and data[7] == 1:
            errors.add(struct.unpack_from("<HH", data))
        else:
            continue
        if sheet >= 0:
            seen.formulas[str(sheet)], seen.errors[str(sheet)] = frozenset(formulas), frozenset(errors)
    return seen
