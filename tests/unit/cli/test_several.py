"""`--unit A B` is read like `--unit A --unit B`; arguments that follow are left alone."""

import pytest

from luodi.cli.several import ANYTHING, spread

UNIT, ROWS = {"--unit": ANYTHING}, {"--rows": r"\w+="}


@pytest.mark.parametrize(
    ("options", "typed", "read"),
    [
        (UNIT, "--period T --unit A B C --span ytd", "--period T --unit A --unit B --unit C --span ytd"),
        (UNIT, "--unit A --unit B C --children", "--unit A --unit B --unit C --children"),
        (UNIT, "--unit", "--unit"),
        (UNIT, "--unit --unit A", "--unit --unit A"),
        (UNIT, "--period T", "--period T"),
        (ROWS, "s.yaml d.csv --rows a=1.csv b=2.csv", "s.yaml d.csv --rows a=1.csv --rows b=2.csv"),
        (ROWS, "--rows a=1.csv s.yaml d.csv", "--rows a=1.csv s.yaml d.csv"),
        (ROWS, "--rows=a=1.csv s.yaml", "--rows=a=1.csv s.yaml"),
    ],
)
def test_further_values_get_the_option_again(options, typed, read):
    assert spread(typed.split(), options) == read.split()
