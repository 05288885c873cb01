"""
The unified social credit code (GB 32100) as it stands in tables: typed with spaces, in full width, in small letters.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from operator import mul

from stdnum.cn import uscc

# Values of the characters (I, O, S, V, Z are not used) and weights of the places: GB 32100-2015, clause 5.
_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def tidy(text: str) -> str:
    """Give a code without spaces and hyphens, half-width and in capitals, right or wrong."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())


@lru_cache(maxsize=4096)
def valid(text: str) -> str:
    """Give the code when its check character is right, else ''. Nothing is mended: O is not taken for 0."""
    code = tidy(text)
    return code if uscc.is_valid(code) else ""


def adds_up(code: str) -> bool:
    """
    Tell whether a tidy code is valid, by sums alone: for counting those of a whole register quickly.

    Says the same as `valid` (a test holds it), which stays the one that decides.
    """
    if len(code) != 18 or not (code[:8].isascii() and code[:8].isdigit()):
        return False
    try:
        values = [_VALUES[character] for character in code]
    except KeyError:
        return False
    total: int = sum(map(mul, values, _WEIGHTS)) + values[17]
    return total % 31 == 0
