"""
From grades to a verdict. Pure.

Each enterprise was graded by itself (`rules.py`). One that bears the very name is it, whoever else is like it; a
likely one is it only while nobody else may be meant. So another enterprise in the register, as long as it doesn't
bear the very name, can lower matched to ambiguous and never make one match of another. A daughter never counts:
where only a sister is there, the answer is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from luodi.directory.names.values import Grade, Verdict

MOST_CANDIDATES = 20


def decide(grades: Mapping[str, Grade]) -> tuple[Verdict, tuple[str, ...]]:
    """Decide from the grade of each code: the verdict, and the codes it is about, in order."""
    bearers = _graded(grades, Grade.BEARER)
    if bearers:
        return _one_or_several(bearers)
    likely = _graded(grades, Grade.LIKELY)
    meant = sorted((*likely, *_graded(grades, Grade.RIVAL)))
    if len(meant) == 1 and not likely:
        return Verdict.NONE, ()
    return _one_or_several(meant)


def near(grades: Mapping[str, Grade]) -> tuple[str, ...]:
    """Give the codes that share the brand, whatever the verdict: a person may want to look at them."""
    return tuple(sorted(code for code, grade in grades.items() if grade is not Grade.NO))[:MOST_CANDIDATES]


def _graded(grades: Mapping[str, Grade], wanted: Grade) -> list[str]:
    return sorted(code for code, grade in grades.items() if grade is wanted)


def _one_or_several(codes: list[str]) -> tuple[Verdict, tuple[str, ...]]:
    if len(codes) < 2:
        return (Verdict.MATCHED if codes else Verdict.NONE), tuple(codes)
    return Verdict.AMBIGUOUS, tuple(codes[:MOST_CANDIDATES])
