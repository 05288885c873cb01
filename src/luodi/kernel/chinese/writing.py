"""
One writing for what is the same: full-width and half-width, traditional and simplified, brackets, spaces.

`normalise` stays readable and is what a page may show; `fold` is a key to compare by and is shown to nobody.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Protocol

# Every pair of brackets that clerks, scanners and phones put around a place or a note becomes ( ).
_OPEN, _CLOSE = "〔〖【［[｛{〈<﹝﹙︵⦅｟", "〕〗】］]｝}〉>﹞﹚︶⦆｠"
# Dots between the parts of a foreign name, and dashes, come in many code points.
_DOTS, _DASHES = "•・‧∙⋅●･", "‐‑‒–—―−﹣"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_TABLE = str.maketrans(
    {
        **dict.fromkeys(_OPEN, "("),
        **dict.fromkeys(_CLOSE, ")"),
        **dict.fromkeys(_DOTS, "·"),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_INVISIBLE, None),
    }
)
_SPACES = re.compile(r"\s+")
# A space is meant only between two words of letters or digits; anywhere else a scanner or a justified cell made it.
_NEEDLESS_SPACE = re.compile(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])")
_NOT_A_WORD = re.compile(r"[\W_]+")
_IDEOGRAPHS = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def normalise(text: str) -> str:
    """
    Give the text in simplified characters, half-width, with ( ) for every bracket and no needless space.

    Letters keep their case. Doing it twice changes nothing more.
    """
    if unicodedata.is_normalized("NFKC", text):
        if text.isalnum() and _traditional().isdisjoint(text):
            return text  # most of a register: nothing to mend
    else:
        text = unicodedata.normalize("NFKC", text)
    text = _SPACES.sub(" ", text.translate(_TABLE)).strip()
    # Spaces go before characters are simplified, by phrase. What stood apart may then be one character (A and an accent),
    # beside which another space is needless: again, until nothing moves.
    while (closed := unicodedata.normalize("NFKC", _NEEDLESS_SPACE.sub("", text))) != text:
        text = closed
    return to_simplified(text)


def fold(text: str) -> str:
    """Give a key: normalised, without spaces, brackets and punctuation, letters in lower case."""
    return _NOT_A_WORD.sub("", normalise(text)).casefold()


def to_simplified(text: str) -> str:
    """Turn traditional characters into simplified ones, by phrase where one character has two (乾坤, 乾燥)."""
    if _traditional().isdisjoint(text):
        return text
    return _opencc().convert(text)


def is_han(character: str) -> bool:
    """Tell whether one character is a Chinese ideograph."""
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000" or character == "〇"


@cache
def _opencc() -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


@cache
def _traditional() -> frozenset[str]:
    """Every ideograph that has another simplified form, found once by asking OpenCC for each on a line of its own."""
    characters = [chr(code) for code in _IDEOGRAPHS]
    simplified = _opencc().convert("\n".join(characters)).split("\n")
    return frozenset(old for old, new in zip(characters, simplified, strict=True) if old != new)
