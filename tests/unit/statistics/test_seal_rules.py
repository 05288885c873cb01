"""Rules of sealing and of targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from luodi.kernel.period import CALENDAR_YEAR, AccountingYear, jan_feb, month
from luodi.statistics.rules import sealing, targets
from luodi.statistics.values.reporting import Finding, FormState, Standing, TargetPart
from tests.unit.statistics.test_filing_rules import ACCEPTED, OWED, WINDOW, codes

TODAY = date(2025, 6, 15)
STATE = FormState(OWED, WINDOW, Standing.ACCEPTED, late=False, filing=ACCEPTED)
WAITING = replace(ACCEPTED, judgements=())
FINDING = Finding("jump", "soft", "P1", "2025-05", "invest_completed")


def dossier(**changes) -> sealing.SealDossier:
    """A complete, sealable dossier; each test changes one thing."""
    clean = sealing.SealDossier(month(2025, 5), CALENDAR_YEAR, [STATE], [], month(2025, 5), already_sealed=False)
    return replace(clean, **changes)


def test_a_complete_period_has_no_problem():
    assert sealing.seal_problems(dossier(), today=TODAY) == []
    assert sealing.seal_problems(dossier(next_to_seal=None), today=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "today", "code", "blocking"),
    [
        (
            {"period": CALENDAR_YEAR.parse("2025-Q2"), "next_to_seal": None},
            date(2025, 8, 1),
            "statistics.seal.not_a_month",
            True,
        ),
        ({"period": jan_feb(2025), "next_to_seal": None}, TODAY, "statistics.seal.not_a_month", True),
        (
            {"year": AccountingYear(1, True), "period": month(2025, 1), "next_to_seal": None},
            TODAY,
            "statistics.seal.not_a_month",
            True,
        ),
        ({}, date(2025, 5, 31), "statistics.seal.period_not_ended", True),
        ({"already_sealed": True, "next_to_seal": month(2025, 6)}, TODAY, "statistics.seal.exists", True),
        ({"next_to_seal": month(2025, 4)}, TODAY, "statistics.seal.out_of_order", True),
        ({"states": [replace(STATE, standing=Standing.TO_DO)]}, TODAY, "statistics.seal.missing", False),
        ({"states": [replace(STATE, standing=Standing.TO_DO)]}, date(2025, 6, 3), "statistics.seal.not_due", False),
        ({"states": [replace(STATE, standing=Standing.SUBMITTED)]}, TODAY, "statistics.seal.not_accepted", False),
        ({"states": [replace(STATE, corrections=(WAITING,))]}, TODAY, "statistics.seal.correction_waits", False),
        ({"open_findings": [FINDING]}, TODAY, "check.jump", False),
        ({"open_findings": [replace(FINDING, severity="hard")]}, TODAY, "check.jump", True),
    ],
)
def test_each_reason_is_named(changes, today, code, blocking):
    problems = sealing.seal_problems(dossier(**changes), today=today)
    assert [(problem.code, problem.blocking) for problem in problems] == [(code, blocking)]


def test_hints_and_explained_findings_are_not_named():
    quiet = [replace(FINDING, severity="hint"), replace(FINDING, severity="hard", explained="已核")]
    assert sealing.seal_problems(dossier(open_findings=quiet), today=TODAY) == []


def test_blocking_problems_come_first():
    problems = sealing.seal_problems(dossier(open_findings=[FINDING, replace(FINDING, severity="hard")]), today=TODAY)
    assert [problem.blocking for problem in problems] == [True, False]


PARTS = [TargetPart("YL01", "2025", Decimal(60)), TargetPart("YL02", "2025", Decimal(40))]


def broken(parts=PARTS, **changes):
    given = {
        "whole": Decimal(100),
        "parts": parts,
        "additive": True,
        "kind": "guaranteed",
        "source": "above",
        "reason": "",
        "known_units": frozenset({"YL01", "YL02"}),
    }
    return codes(targets.breakdown_problems(**{**given, **changes}))


def test_parts_add_up_or_say_why_not():
    assert broken() == []
    assert broken(whole=Decimal(90)) == ["target.does_not_add_up"]
    assert broken(whole=Decimal(90), reason="加码一成") == []
    assert broken(whole=Decimal(90), additive=False) == []
    assert broken(parts=[]) == []


def test_a_part_needs_a_known_unit_once_a_kind_and_a_source():
    assert broken(known_units=frozenset({"YL01"})) == ["target.unit_unknown"]
    assert "target.part_twice" in broken(parts=[*PARTS, PARTS[0]])
    assert broken(kind="wished") == ["target.kind_unknown"]
    assert broken(source="below") == ["target.kind_unknown"]
