"""
The keys by which a name is found. A name of the register posts them; a name that is asked for looks them up.

`whole`: the squeezed name; `core`: brand and trade without place and form; `start`: the brand with the first
character of a word of its trade, so that a short name finds its company whatever it leaves out between.
A branch posts its whole name only.
"""

from __future__ import annotations

import os
import threading
from array import array
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from zlib import crc32

from luodi.directory.names.lexicon import Lexicon, lexicon
from luodi.directory.names.parts import Parts, take_apart

NAMES_WORTH_PROCESSES = 100_000
NAMES_AT_ONCE = 20_000


def hashed(key: str) -> int:
    """Give the 32-bit hash a key is posted under: CRC, the same on every machine and in every run."""
    return crc32(key.encode())


def by_whole(name: Parts) -> str:
    """Give the key of the whole name."""
    return "w" + name.squeezed


def by_core(name: Parts) -> str:
    """Give the key of brand and trade."""
    return "c" + name.core


def by_code(uscc: str) -> str:
    """Give the key of a credit code."""
    return "u" + uscc


def starts_asked(core: str) -> Iterator[str]:
    """Give the keys under which a short name may be found: every brand it could begin with, and what follows."""
    core = core.removesuffix("股份")
    return (f"s{core[:at]}|{core[at : at + 1]}" for at in range(1, len(core) + 1))


def starts_held(name: Parts, words: Lexicon) -> set[str]:
    """
    Give the keys a company posts: its brand alone, and with the first character of every word of its trade; with its
    county in front too, for who leaves out 市 or 县 there is read as saying a longer brand.
    """
    firsts = {"", *(word[0] for word in name.trade)}
    firsts |= {shorter[0] for word in name.trade for shorter in words.shortened.get(word, ())}
    brands = {name.brand, name.county + name.brand}
    return {f"s{brand}|{first}" for brand in brands for first in firsts}


def posted(names: Sequence[str]) -> tuple[array[int], list[str]]:
    """
    Post every name: hashes of its keys, each with the number of its name behind it, and what people search it by.

    Many names are posted by as many processes as there are processors (about 20 microseconds of one for a name),
    unless this process has threads, which a copy of it would lose.
    """
    workers = len(os.sched_getaffinity(0))
    if len(names) < NAMES_WORTH_PROCESSES or workers < 2 or threading.active_count() > 1:
        return _posted(names, 0, len(names))
    numbers, spoken = array("Q"), list[str]()
    with ProcessPoolExecutor(workers, get_context("fork"), initializer=_hold, initargs=(names,)) as pool:
        for some, said in pool.map(_posted_held, range(0, len(names), NAMES_AT_ONCE)):
            numbers.frombytes(some)
            spoken += said.split("\n")
    return numbers, spoken


_held: Sequence[str] = ()


def _hold(names: Sequence[str]) -> None:
    global _held
    _held = names


def _posted_held(start: int) -> tuple[bytes, str]:
    numbers, spoken = _posted(_held, start, min(start + NAMES_AT_ONCE, len(_held)))
    return numbers.tobytes(), "\n".join(spoken)


def _posted(names: Sequence[str], start: int, end: int) -> tuple[array[int], list[str]]:
    words, numbers, spoken = lexicon(), array("Q"), list[str]()
    for number in range(start, end):
        parts = take_apart(names[number])
        keys = {by_whole(parts)}
        if parts.form and not parts.branch:
            keys |= starts_held(parts, words)
            keys.add(by_core(parts))
        numbers.extend([crc32(key.encode()) << 32 | number for key in keys])
        spoken.append(parts.spoken)
    return numbers, spoken
