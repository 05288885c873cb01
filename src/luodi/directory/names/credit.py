"""
The unified social credit code (GB 32100) as it stands in tables: typed with spaces, in full width, in small letters.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from stdnum.cn import uscc


def tidy(text: str) -> str:
    """Give a code without spaces and hyphens, half-width and in capitals, right or wrong."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())


@lru_cache(maxsize=4096)
def valid(text: str) -> str:
    """Give the code when its check character is right, else ''. Nothing is mended: O is not taken for 0."""
    code = tidy(text)
    return code if uscc.is_valid(code) else ""
