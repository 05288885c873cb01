"""Long versions: kill storms, and thousands of acts of many writers, again and again."""

import random

import pytest

from tests.integration.ledger.test_faults import killed_in
from tests.integration.ledger.test_side_by_side import writers_readers_and_sealer

pytestmark = pytest.mark.long


@pytest.mark.parametrize("seed", range(3))
def test_an_import_killed_again_and_again(store, seed):
    killed = killed_in(
        store, "bulk", (20, 300), kills=8, whole=lambda facts: facts % 20 == 0, chance=random.Random(seed)
    )
    assert killed >= 4


def test_a_seal_over_many_facts_killed_again_and_again(store):
    store.done("write", "w", 3000)
    killed = killed_in(store, "seal_next", (), kills=25, chance=random.Random(1))
    assert killed >= 10


@pytest.mark.parametrize("turn", range(3))
def test_twenty_writers_and_thousands_of_acts(postgresql, turn):
    writers_readers_and_sealer(postgresql, 20, 100 + turn, months=8, pause=0.5, refreshed=3)
