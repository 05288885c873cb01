"""
The register as one file of sorted arrays: built once, kept or mapped into memory, asked by key.

Each name posts the hashes of a few keys (`keys.py`); a lookup gives record numbers, and whoever asked judges them by
their texts, so that two keys with one hash do no harm. Records are numbered in the order of codes: the file is the
same whatever order the register came in. Names are kept as text once; pinyin is kept as pairs of first letters
(`spelling.py`), which only narrow down what is then compared reading by reading.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from luodi.directory.names import keys, spelling
from luodi.directory.names.lexicon import lexicon
from luodi.directory.names.values import Alias, Entry
from luodi.kernel.problem import Problem, Refused

MAGIC = b"luodi names 1\n"
Numbers = npt.NDArray[Any]
# Every array of the file with its type, in the order they are written.
ARRAYS = {
    "names": "u1",
    "name_at": "<u8",
    "codes": "u1",
    "code_at": "<u8",
    "usccs": "u1",
    "uscc_at": "<u8",
    "owner": "<u4",
    "since": "<i4",
    "until": "<i4",
    "keys": "<u8",
    "pairs": "<u4",
    "pair_at": "<u8",
}


class BadIndex(Refused):
    """A saved index that can't be used; it is made again from the register."""

    code = "match.bad_index"


@dataclass(frozen=True)
class Record:
    """One name in the index: whose it is, and from when to when when it is another name than the register's."""

    number: int
    owner: int
    name: str
    alias: bool
    since: date | None
    until: date | None

    def borne_on(self, day: date | None) -> bool:
        """Tell whether it was borne on a day; without a day, whether it ever was."""
        return Alias("", self.name, self.since, self.until).borne_on(day)


class Index:
    """
    A register to be asked. Owners are numbered in the order of their codes; those from `entries` on are known only
    from another name (their code is in the list of other names, not in the register).
    """

    def __init__(self, arrays: dict[str, Numbers], entries: int, spoken: list[str] | None = None) -> None:
        """Take the arrays, and how many names are the register's own; `spoken` if they are yet to be spelt."""
        self._arrays = arrays
        self._keys = arrays["keys"]
        self._spoken = spoken
        self.entries = entries

    def spell(self) -> None:
        """
        Post how every name is spelt, if that hasn't been done: searching and saving do, matching needs no pinyin.

        About 5 seconds for a million names.
        """
        if self._spoken is not None:
            self._arrays["pairs"], self._arrays["pair_at"] = spelling.pairs_of(self._spoken)
            self._spoken = None

    @property
    def records(self) -> int:
        """Give the number of names."""
        return len(self._arrays["name_at"]) - 1

    def code(self, owner: int) -> str:
        """Give the code of an enterprise."""
        return self._text("codes", "code_at", owner)

    def uscc(self, owner: int) -> str:
        """Give the credit code the register has for an enterprise, '' when it has none."""
        return self._text("usccs", "uscc_at", owner) if owner < self.entries else ""

    def name(self, record: int) -> str:
        """Give one name as it was written. The register's own names are the first, in the order of codes."""
        return self._text("names", "name_at", record)

    def record(self, number: int) -> Record:
        """Give one name with all that is known of it."""
        since, until = (int(self._arrays[end][number]) for end in ("since", "until"))
        return Record(
            number=number,
            owner=int(self._arrays["owner"][number]),
            name=self.name(number),
            alias=number >= self.entries,
            since=date.fromordinal(since) if since else None,
            until=date.fromordinal(until) if until else None,
        )

    def posted(self, key: str) -> Iterator[int]:
        """Give the records that posted a key, in the order of codes; now and then one that posted another."""
        hashed = keys.hashed(key)
        start, end = np.searchsorted(self._keys, np.array([hashed << 32, (hashed + 1) << 32], dtype="<u8"))
        return (int(number) & 0xFFFFFFFF for number in self._keys[start:end])

    def spelt(self, first: spelling.Range, second: spelling.Range) -> Numbers:
        """Give the records in which two neighbouring characters may be read as syllables of two ranges, in order."""
        starts, ends = self._spans(first, second)
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        found = [self._arrays["pairs"][start:end] for start, end in spans if start < end]
        return spelling.distinct(np.concatenate(found)) if found else np.empty(0, "<u4")

    def count_spelt(self, first: spelling.Range, second: spelling.Range) -> int:
        """Count what `spelt` would go through, without going through it."""
        starts, ends = self._spans(first, second)
        return int((ends - starts).sum())

    def _spans(self, first: spelling.Range, second: spelling.Range) -> tuple[Numbers, Numbers]:
        self.spell()
        rows = np.arange(*first) * spelling.syllables().width
        begins = self._arrays["pair_at"]
        return begins[rows + second[0]], begins[rows + second[1]]

    def save(self, file: Path) -> None:
        """Write the index to a file that `load` maps back in. Raises BadIndex when nothing can be written there."""
        self.spell()
        sizes = {name: len(self._arrays[name]) for name in ARRAYS}
        header = {"digest": lexicon().digest, "entries": self.entries, "sizes": sizes}
        try:
            with file.open("wb") as out:
                out.write(MAGIC + json.dumps(header).encode() + b"\n")
                for name in ARRAYS:
                    out.write(b"\0" * (-out.tell() % 8))
                    out.write(self._arrays[name].tobytes())
        except OSError as error:
            params = {"index": str(file), "found": str(error.strerror)}
            raise BadIndex(Problem("match.not_written", params=params)) from None

    def _text(self, blob: str, at: str, number: int) -> str:
        start, end = self._arrays[at][number : number + 2]
        return bytes(self._arrays[blob][int(start) : int(end)]).decode()


def is_index(file: Path) -> bool:
    """Tell whether a file is a saved index."""
    with file.open("rb") as source:
        return source.read(len(MAGIC)) == MAGIC


def load(file: Path) -> Index:
    """
    Map a saved index into memory.

    Raises BadIndex when it is cut short, or was made with other lists of words than those installed.
    """
    with file.open("rb") as source:
        source.seek(len(MAGIC))
        line = source.readline()
        at = source.tell()
        data = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        header = json.loads(line)
        arrays = {}
        for name, kind in ARRAYS.items():
            at += -at % 8
            arrays[name] = np.frombuffer(data, dtype=kind, count=header["sizes"][name], offset=at)
            at += arrays[name].nbytes
        entries = int(header["entries"])
    except (ValueError, KeyError, TypeError):
        raise BadIndex(Problem("match.bad_index", params={"index": str(file)})) from None
    if header.get("digest") != lexicon().digest:
        raise BadIndex(Problem("match.old_index", params={"index": str(file)}))
    return Index(arrays, entries)


def build(entries: Iterable[Entry], aliases: Iterable[Alias] = ()) -> Index:
    """
    Make the index of a register: one entry per code (`tables.py` refuses others), in any order.

    About 20 seconds of processor (shared by those there are) and 200 bytes per name for a million; other names of
    codes that are not in it are kept too.
    """
    held = sorted(entries, key=lambda entry: entry.code)
    number = {entry.code: at for at, entry in enumerate(held)}
    others = sorted(set(aliases), key=lambda one: (one.code, one.name, one.since or date.min, one.until or date.max))
    for alias in others:
        number.setdefault(alias.code, len(number))
    written = [*(entry.name for entry in held), *(alias.name for alias in others)]
    posted, spoken = keys.posted(written)
    names, name_at = _joined(written)
    codes, code_at = _joined(list(number))
    usccs, uscc_at = _joined([entry.uscc for entry in held])
    none = [0] * len(held)
    arrays: dict[str, Numbers] = {
        "names": names,
        "name_at": name_at,
        "codes": codes,
        "code_at": code_at,
        "usccs": usccs,
        "uscc_at": uscc_at,
        "owner": np.array([*range(len(held)), *(number[one.code] for one in others)], dtype="<u4"),
        "since": np.array([*none, *(one.since.toordinal() if one.since else 0 for one in others)], dtype="<i4"),
        "until": np.array([*none, *(one.until.toordinal() if one.until else 0 for one in others)], dtype="<i4"),
        "keys": _with_codes(np.frombuffer(posted, dtype="<u8"), held),
    }
    return Index(arrays, len(held), spoken)


def _with_codes(posted: Numbers, held: Sequence[Entry]) -> Numbers:
    coded = [keys.hashed(keys.by_code(one.uscc)) << 32 | at for at, one in enumerate(held) if one.uscc]
    every = np.concatenate([posted, np.array(coded, dtype="<u8")])
    every.sort()
    return every


def _joined(texts: list[str]) -> tuple[Numbers, Numbers]:
    """Put texts behind each other as UTF-8, with where each begins, and where the last ends."""
    encoded = [text.encode() for text in texts]
    at = np.zeros(len(encoded) + 1, dtype="<u8")
    np.cumsum([len(one) for one in encoded], out=at[1:])
    return np.frombuffer(b"".join(encoded), dtype="u1"), at
