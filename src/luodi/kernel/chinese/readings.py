"""
The readings of Chinese characters, as sets per position and never as their combinations.

单县 is read shàn, 洪洞 tóng, 曾都 zēng: no dictionary of words knows every place and every brand, so each position
keeps every reading its character has, without tones. A name of twelve characters with three readings each is twelve
small sets, not half a million spellings.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from luodi.kernel.chinese.writing import is_han, normalise

# How ü is typed: v on a keyboard, u by those who forget it, yu on passports.
_UMLAUT = ("v", "u", "yu")


def syllable_sets(text: str) -> list[frozenset[str]]:
    """
    Give, for each character of the normalised text, every syllable it may be read as, without tones.

    Letters and digits stand for themselves in lower case; spaces and punctuation give no position.
    """
    return [readings_of(character) for character in normalise(text) if character.isalnum()]


def initial_sets(text: str) -> list[frozenset[str]]:
    """Give, for each character of the normalised text, the first letters of its readings."""
    return [frozenset(reading[0] for reading in readings) for readings in syllable_sets(text)]


@lru_cache(maxsize=65536)
def readings_of(character: str) -> frozenset[str]:
    """Give every reading of one character; one that is no ideograph, or that nobody can read, is its own reading."""
    if not is_han(character):
        return frozenset({character.casefold()})
    return frozenset(spelling for toned in _toned(character) for spelling in _spellings(toned)) or frozenset(
        {character}
    )


def _toned(character: str) -> list[str]:
    from pypinyin.constants import PINYIN_DICT

    return [reading for reading in PINYIN_DICT.get(ord(character), "").split(",") if reading]


def _spellings(toned: str) -> list[str]:
    """Take the tone off a syllable: lǜ becomes lv, and also lu and lyu, as people type it."""
    decomposed = unicodedata.normalize("NFD", toned).replace("u\u0308", "ü").replace("ê", "e")
    plain = "".join(letter for letter in decomposed if letter.isascii() or letter == "ü")
    if "ü" not in plain:
        return [plain] if plain else []
    return [plain.replace("ü", typed) for typed in _UMLAUT]
