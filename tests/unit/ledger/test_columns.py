"""How cells are written: amounts of a whole column at once, or one by one where a column holds anything unusual."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.kernel import digest
from luodi.ledger import columns

AMOUNT = columns.Column("projects.ProjectVersion", "total_investment", "decimal", True, None, 0, 0, None)
WORDS = columns.Column("projects.ProjectVersion", "attributes", "json", True, None, 0, 0, None)
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)


@given(st.lists(st.one_of(AMOUNTS, AMOUNTS, st.none(), st.integers(-(10**18), 10**18))))
def test_amounts_are_written_alike_whatever_stands_beside_them(cells):
    written = [None if cell is None else digest.decimal_text(Decimal(cell)) for cell in cells]
    assert columns.encode(AMOUNT, cells) == written


@pytest.mark.parametrize("odd", ["-0", "-0.00", "1E+3", "1E-10", "0E+2", "-5.50", "100.00"])
def test_an_unusual_amount_is_written_plainly_among_usual_ones(odd):
    usual = [Decimal("1.50"), Decimal("20")]
    assert columns.encode(AMOUNT, [*usual, Decimal(odd)]) == ["1.50", "20", digest.decimal_text(Decimal(odd))]


@pytest.mark.parametrize("wrong", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+300"), 1.5])
def test_what_is_no_amount_is_no_cell(wrong):
    with pytest.raises(TypeError):
        columns.encode(AMOUNT, [Decimal(1), wrong])


def test_empty_lists_and_mappings_stay_what_they_are():
    cells = [{}, [], None, {"a": Decimal("1.0")}, ["x"]]
    written = columns.encode(WORDS, cells)
    assert written == [{}, [], None, {"a": "1.0"}, ["x"]]
    assert columns.decode(WORDS, written, None) == ["{}", "[]", None, '{"a":"1.0"}', '["x"]']
