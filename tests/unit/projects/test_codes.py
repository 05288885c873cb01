"""National project codes and unified social credit codes, checked when given."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.cn import uscc

from luodi.projects.rules.codes import national_code_problems, uscc_problems
from tests.unit.projects.conftest import codes

TODAY = date(2025, 6, 2)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2017-330100-35-03-012345",
        "2101-330100-04-01-123456",
        "2025-000052-04-01-000001",
        "2506-659001-04-01-123456",
    ],
)
def test_these_codes_are_fine(code):
    assert list(national_code_problems(code, where="P1", today=TODAY)) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("2017330100350301234500", ["project.national_code.shape"]),
        ("2017—330100—35—03—012345", ["project.national_code.shape"]),
        ("2026-330100-35-03-012345", ["project.national_code.year"]),
        ("2507-330100-35-03-012345", ["project.national_code.year"]),
        ("1999-330100-35-03-012345", ["project.national_code.year"]),
        ("2413-330100-35-03-012345", ["project.national_code.year"]),
        ("2017-990100-35-03-012345", ["project.national_code.division"]),
        ("0000-990100-35-03-012345", ["project.national_code.year", "project.national_code.division"]),
    ],
)
def test_what_is_wrong_with_a_code_is_said(code, expected):
    found = list(national_code_problems(code, where="P1", today=TODAY))
    assert codes(found) == expected
    assert code in found[0].message("zh") and code in found[0].message("en")


def test_a_credit_code_is_checked_by_its_last_character():
    body = "91530000MA0000001"
    right = body + uscc.calc_check_digit(body)
    assert list(uscc_problems(right, where="P1")) == list(uscc_problems("", where="P1")) == []
    wrong = body + ("0" if right[-1] != "0" else "1")
    assert codes(uscc_problems(wrong, where="P1")) == ["project.uscc.wrong"]
    assert codes(uscc_problems("123", where="P1")) == ["project.uscc.wrong"]


def test_a_credit_code_written_otherwise_is_told_how():
    (problem,) = uscc_problems("91530000ma0000001p", where="P1")
    assert (problem.code, problem.params["kept"]) == ("project.uscc.spelling", "91530000MA0000001P")
