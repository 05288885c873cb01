"""The last filed among the accepted, drawn as a table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from luodi.statistics.rules.force import FILED, VERIFIED, FigureRow, VerdictRow, in_force

KEY = ("P1", "invest_completed", "2025-05")


def row(fact: int, value: int, known_at: int, accepted_at: int | None = None) -> FigureRow:
    return FigureRow(fact << 16 | 1, known_at, *KEY, Decimal(value), "period", "F", "U", accepted_at)


def verdict(fact: int, word: str, at: int) -> tuple[int, VerdictRow]:
    return fact << 16 | 0xFFFF, VerdictRow(at << 16, at, word)


# rows (fact, value, known, accepted), verdicts (fact, word, at), voided facts, value verified, value filed
CASES = {
    "accepted with the row": ([(1, 5, 10, 12)], [], [], 5, 5),
    "filed only": ([(1, 5, 10, None)], [], [], None, 5),
    "accepted later": ([(1, 5, 10, None)], [(1, "accepted", 20)], [], 5, 5),
    "an inner step counts nothing": ([(1, 5, 10, None)], [(1, "checked", 20)], [], None, 5),
    "sent back": ([(1, 5, 10, None)], [(1, "sent_back", 20)], [], None, None),
    "a correction not accepted leaves the old one": ([(1, 5, 10, 12), (2, 7, 30, None)], [], [], 5, 7),
    "a correction accepted": ([(1, 5, 10, 12), (2, 7, 30, 31)], [], [], 7, 7),
    "a withdrawn acceptance falls back": ([(1, 5, 10, 12), (2, 7, 30, 31)], [(2, "withdrawn", 40)], [], 5, 7),
    "taken back and accepted again": ([(1, 5, 10, 12)], [(1, "withdrawn", 40), (1, "accepted", 50)], [], 5, 5),
    "void": ([(1, 5, 10, 12), (2, 7, 30, 31)], [], [2], 5, 5),
    "filed last wins, not accepted last": ([(1, 5, 10, 99), (2, 7, 30, 31)], [], [], 7, 7),
    "a blank in force is a blank": ([(1, 5, 10, 12)], [], [1], None, None),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_row_in_force(case):
    rows, words, voided, verified, filed = case
    verdicts: dict[int, list[VerdictRow]] = {}
    for one in words:
        target, spoken = verdict(*one)
        verdicts.setdefault(target, []).append(spoken)
    for basis, wanted in ((VERIFIED, verified), (FILED, filed)):
        found = in_force(
            [row(*one) for one in rows], verdicts, frozenset(fact << 16 | 1 for fact in voided), basis=basis
        )
        assert (found[KEY].value if KEY in found else None) == wanted
