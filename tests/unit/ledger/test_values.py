"""Row ids: a fact and a place in one number."""

from hypothesis import given
from hypothesis import strategies as st

from luodi.ledger.values import WHOLE_FACT, fact_of, own_row, place_of, row_id


@given(st.integers(1, 2**40), st.integers(0, WHOLE_FACT))
def test_a_row_id_tells_its_fact_and_place(fact, place):
    assert (fact_of(row_id(fact, place)), place_of(row_id(fact, place))) == (fact, place)


@given(st.integers(1, 2**40), st.integers(0, WHOLE_FACT), st.integers(0, WHOLE_FACT))
def test_row_ids_sort_by_fact_then_place(fact, place, other):
    assert (row_id(fact, place) < row_id(fact, other)) == (place < other)
    assert row_id(fact, WHOLE_FACT) < row_id(fact + 1, 0)


@given(st.integers(0, WHOLE_FACT))
def test_a_row_of_the_act_itself_is_a_negative_number(place):
    assert own_row(place) < 0 and -1 - own_row(place) == place
