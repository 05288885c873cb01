"""Which cell takes which evidence, and what submitting asks of what was attached."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import luodi.codebook
from luodi.codebook.load import load_profile
from luodi.statistics.rules.attaching import MOST, attach_problems, evidence_problems, proven, taken_by
from luodi.statistics.values.reporting import FiledCell, Owed

PROFILE = load_profile(Path(luodi.codebook.__file__).parent / "profiles" / "yunling")
OWED = Owed("YL-T2", "2025-05", "YL01", ("P1", "P2"), ("funds_in_place", "foreign_capital"), frozenset())
CELL = ("P1", "funds_in_place")
SLIP = ("bank_slip", "d1")


def problems(cell=CELL, kind="bank_slip", there=0, open_cells=None) -> list[str]:
    return [one.code for one in attach_problems(cell, kind, there, owed=OWED, profile=PROFILE, open_cells=open_cells)]


def filled(subject="P1", value=Decimal(5)) -> FiledCell:
    return FiledCell(subject, "funds_in_place", value)


def test_a_cell_takes_the_kinds_its_measure_names():
    assert taken_by(PROFILE.measure("funds_in_place"), PROFILE) == ("bank_slip",)
    assert taken_by(PROFILE.measure("jobs_added"), PROFILE) == ()
    assert taken_by(None, PROFILE) == ()
    assert problems() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "site_photo"}, "filing.evidence_kind"),
        ({"cell": ("P1", "foreign_capital")}, "filing.evidence_kind"),
        ({"cell": ("P9", "funds_in_place")}, "filing.cell_not_asked"),
        ({"cell": ("P1", "tax_paid")}, "filing.cell_not_asked"),
        ({"open_cells": frozenset({("P2", "funds_in_place")})}, "filing.cell_not_asked"),
        ({"there": MOST}, "filing.evidence_too_many"),
    ],
)
def test_anything_else_is_refused(changes, code):
    assert problems(**changes) == [code]


def test_a_reopened_cell_takes_evidence_too():
    assert problems(open_cells=frozenset({CELL})) == []


def test_a_filled_cell_carries_its_files_and_a_blank_one_none():
    cells = proven([filled(), filled("P2", None)], {CELL: [SLIP], ("P2", "funds_in_place"): [SLIP]})
    assert [cell.evidence for cell in cells] == [(SLIP,), ()]


def test_evidence_of_a_blank_cell_and_a_file_that_is_gone_stand_in_the_way():
    attached = {CELL: [SLIP], ("P2", "funds_in_place"): [("bank_slip", "d2")]}
    cells = [filled(), filled("P2", None)]
    assert [one.code for one in evidence_problems(attached, cells, {"d1", "d2"})] == ["filing.evidence_without_figure"]
    assert [one.code for one in evidence_problems({CELL: [SLIP]}, cells, set())] == ["filing.evidence_gone"]
    assert list(evidence_problems({CELL: []}, cells, set())) == []
