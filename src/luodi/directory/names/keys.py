"""
The keys by which a name is found. A name of the register posts them; a name that is asked for looks them up.

`whole`: the squeezed name; `core`: brand and trade without place and form; `start`: the brand with the first
character of a word of its trade, so that a short name finds its company whatever it leaves out between.
A branch posts its whole name only.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from zlib import crc32

from luodi.directory.names.lexicon import Lexicon, lexicon
from luodi.directory.names.parts import Parts, take_apart


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
    """Give the keys a company posts: its brand alone, and with the first character of every word of its trade."""
    start = f"s{name.brand}|"
    found = {start}
    for word in name.trade:
        found.add(start + word[0])
        for shorter in words.shortened.get(word, ()):
            found.add(start + shorter[0])
    return found


class Posting:
    """Hashes of keys with the number of the name that posts them, growing name by name."""

    def __init__(self) -> None:
        self.numbers = array("Q")
        self._names = 0
        self._words = lexicon()

    def post(self, name: str) -> str:
        """Post the keys of the next name, and give the part of it that people search by: all but its form."""
        parts, number = take_apart(name), self._names
        posted = {by_whole(parts)}
        if parts.form and not parts.branch:
            posted |= starts_held(parts, self._words)
            posted.add(by_core(parts))
        self.numbers.extend([crc32(key.encode()) << 32 | number for key in posted])
        self._names += 1
        return parts.spoken
