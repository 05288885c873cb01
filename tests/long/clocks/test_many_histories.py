"""100,000 drawn histories against the slow counter: `make test-long`. Seeds follow on from those of `make test`."""

from __future__ import annotations

import pytest

from tests.unit.kernel.clocks import comparing

FIRST, LAST, CHUNK = 2_000, 102_000, 2_500


@pytest.mark.long
@pytest.mark.parametrize("first", range(FIRST, LAST, CHUNK))
def test_the_engine_agrees_with_the_slow_counter(first):
    found = [text for seed in range(first, first + CHUNK) for text in comparing.differences(seed)]
    assert found == []
