"""
Chinese text as people type it: one writing for what is the same (`normalise`, `fold`), the readings of each
character as sets (`syllable_sets`, `initial_sets`), and search by pinyin, initials and parts (`matches_query`).

Pure; the dictionaries of OpenCC and pypinyin are loaded on first use.
"""

from luodi.kernel.chinese.query import Hit, matches_query, search
from luodi.kernel.chinese.readings import initial_sets, readings_of, syllable_sets
from luodi.kernel.chinese.writing import fold, is_han, normalise, to_simplified

__all__ = [
    "Hit",
    "fold",
    "initial_sets",
    "is_han",
    "matches_query",
    "normalise",
    "readings_of",
    "search",
    "syllable_sets",
    "to_simplified",
]
