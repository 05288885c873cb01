"""Units of amounts and counts in words; the profile's own labels come from `codebook.labels`."""

from __future__ import annotations

from luodi.codebook.labels import field_label as field_label
from luodi.codebook.labels import named as named
from luodi.kernel.problem import words

UNITS = {"元": "web.unit_yuan", "万元": "web.unit_wan", "亿元": "web.unit_yi", "人": "unit.persons", "个": "unit.count"}


def unit_label(unit: str, language: str) -> str:
    """Say a unit of amounts or counts; another one as it stands."""
    return words(UNITS[unit], language) if unit in UNITS else unit
