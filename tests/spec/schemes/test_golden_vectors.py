"""The golden vectors of the field notes, drawn as a table, and a published result worked from its parts."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.exact import number

TABLE = Path(__file__).with_name("golden_vectors.csv")
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8")))
SCHEME = """format: luodi-scheme/1
id: golden
valid: {{from: 2026-01-01, to: null}}
basis: "field notes, section 8"
inputs:
  a: {{from: column, missing: error}}
groups:
  g: {{items: [x], not_applicable: no_redistribution}}
items:
  x: {{{body}, round: none}}
total: {{op: sum, of: [x], cap: none, round: none}}
rank: {{by: total, order: desc, ties: same_rank_skip}}
corrections: rerank
"""


@pytest.mark.parametrize("row", ROWS, ids=[row["rule"] for row in ROWS])
def test_a_golden_vector_comes_out_exactly(row: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SCHEME.format(body=row["operator"]), "utf-8")
    figures = row["figures"].split(";")
    lines = ["unit,group,a", *(f"U{i},g,{figure}" for i, figure in enumerate(figures))]
    (tmp_path / "d.csv").write_text("\n".join(lines), "utf-8")
    pool = scoring.scored(scoring.read_case(scheme=tmp_path / "s.yaml", data=tmp_path / "d.csv"), None)
    found = [pool.scored["g", "x"][f"U{i}"].exact for i in range(len(figures))]
    assert found == [number(one) for one in row["expected"].split(";")]


def test_the_table_holds_every_vector_of_one_item() -> None:
    assert len(ROWS) == 6
    assert sum(len(row["figures"].split(";")) for row in ROWS) == 12


def test_the_long_numbers_are_those_of_the_notes() -> None:
    shown = {"540/7": "77.142857", "110/3": "36.666667", "161/12": "13.416667"}
    for exact, published in shown.items():
        assert round(float(Fraction(exact)), 6) == float(published)
