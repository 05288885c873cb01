"""
Codes that the nation gives: the project code of the online approval platform, and the unified social credit code.

The project code has 24 characters: `2017-330100-35-03-012345`, or, since about 2020, year and month in the first group
(`2101-330100-04-01-123456`). Groups: when, division, trade or nature, kind of procedure, serial. It has no check digit, so only its
shape, its day and its province can be wrong. The credit code (GB 32100) has a check character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from stdnum.cn import uscc as credit_code
from stdnum.exceptions import ValidationError

from luodi.kernel.problem import Problem

NATIONAL = re.compile(r"(?P<since>\d{4})-(?P<division>\d{6})-\d{2}-\d{2}-\d{6}")
# GB/T 2260 provinces, 66 the construction corps, 00 the central departments.
PROVINCES = frozenset(
    f"{number:02d}"
    for number in (
        0,
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 67),
        71,
        81,
        82,
    )
)
PLATFORM_SINCE = 2014  # codes name no year before the first trial of the platform


def national_code_problems(code: str, *, where: str, today: date) -> Iterator[Problem]:
    """Yield what is wrong with a project code of the online platform; a blank one is fine."""
    if not code:
        return
    found = NATIONAL.fullmatch(code)
    if not found:
        yield Problem("project.national_code.shape", where, {"found": code, "length": len(code)})
        return
    if not _is_a_day(found["since"], today):
        yield Problem("project.national_code.year", where, {"found": code, "part": found["since"]})
    if found["division"][:2] not in PROVINCES:
        yield Problem("project.national_code.division", where, {"found": code, "part": found["division"]})


def uscc_problems(code: str, *, where: str) -> Iterator[Problem]:
    """Yield what is wrong with a unified social credit code; a blank one is fine."""
    if not code:
        return
    try:
        kept = credit_code.validate(code)
    except ValidationError:
        yield Problem("project.uscc.wrong", where, {"found": code})
        return
    if kept != code:
        yield Problem("project.uscc.spelling", where, {"found": code, "kept": kept})


def _is_a_day(part: str, today: date) -> bool:
    """Tell whether the first group is a year, or a year and a month, that has begun."""
    if PLATFORM_SINCE <= int(part) <= today.year:
        return True
    year, month = 2000 + int(part[:2]), int(part[2:])
    return year >= PLATFORM_SINCE and 1 <= month <= 12 and (year, month) <= (today.year, today.month)
