"""Numbers up to 999 and years as deadlines write them: 十五, 二十, 两, 2026, 二〇二六."""

from __future__ import annotations

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}


def number(text: str) -> int | None:
    """Read a number, or give None for characters that are none (一二, 十十)."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text)
    values = [
        _DIGITS.get(tens, 0 if tens else 1) if tens in _DIGITS or not tens else None,
        _DIGITS.get(ones, None if ones else 0),
    ]
    high, low = values
    return None if high is None or low is None else high * 10 + low


def year(text: str) -> int | None:
    """Read a year of four digits, in characters one by one (二〇二六)."""
    digits = [character if character.isdecimal() else str(_DIGITS.get(character, "")) for character in text]
    return int("".join(digits)) if len(digits) == 4 and all(digits) else None
