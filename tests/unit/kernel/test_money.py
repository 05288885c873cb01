"""Money: exact inside, rounded half away from zero at the door, printed numbers judged by their intervals."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.kernel import money

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("2.4999"), 0, "2"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (7, 2, "7.00"),
        (Fraction(0), 2, "0.00"),
    ],
)
def test_halves_go_away_from_zero(value, places, rounded):
    assert f"{money.round_away(value, places):f}" == rounded


@given(AMOUNTS, st.integers(0, 5))
def test_decimals_and_fractions_round_alike(amount, places):
    assert money.round_away(amount, places) == money.round_away(Fraction(amount), places)


@given(AMOUNTS, st.sampled_from(sorted(money.YUAN_IN)))
def test_an_amount_comes_back_from_yuan(amount, unit):
    assert money.in_unit(money.to_yuan(amount, unit), unit, 6) == amount


def test_foreign_money_needs_its_rate():
    assert money.to_yuan(Decimal("3"), "万美元", Decimal("7.1234")) == Decimal("213702")
    with pytest.raises(KeyError):
        money.to_yuan(Decimal("3"), "万美元")


def test_fen_are_two_decimals():
    assert money.fen(Decimal("1234567.005")) == "1234567.01"
    assert money.fen(Fraction(10, 3)) == "3.33"


def test_printed_numbers_agree_when_their_intervals_overlap():
    assert money.agree(Decimal("1.2"), Decimal("1.24"))
    assert money.agree(Decimal("1.2"), Decimal("1.25"))
    assert not money.agree(Decimal("1.2"), Decimal("1.26"))
    assert money.agree(Decimal("1E+2"), Decimal("149"))
    assert money.interval(Decimal("1E+2")) == (50, 150)


@pytest.mark.parametrize(
    ("part", "whole", "percent", "agrees"),
    [
        ("28", "42", "66.7", True),
        ("16", "26", "58", False),
        ("1.2", "3.4", "35.3", True),
        ("1.2", "3.4", "40", False),
        ("1", "0", "100", False),
        ("0.1", "0.0", "5", False),
        ("0.1", "0.04", "300", True),
        ("0.1", "-0.04", "300", True),
    ],
)
def test_a_printed_rate_is_judged_by_what_its_numbers_allow(part, whole, percent, agrees):
    assert money.printed_ratio_agrees(Decimal(part), Decimal(whole), Decimal(percent)) is agrees
