"""The collector of garbage is paused while values are made, and put back as it was, whatever happens."""

from __future__ import annotations

import gc

import pytest

from luodi.kernel.pausing import settle, without_collecting


@without_collecting
def inside(depth: int) -> bool:
    if depth:
        inside(depth - 1)
    if depth == 2:
        raise ValueError
    return gc.isenabled()


def test_it_is_paused_inside_and_runs_again_afterwards() -> None:
    assert gc.isenabled()
    assert not inside(1)
    assert gc.isenabled()
    with pytest.raises(ValueError):
        inside(2)
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        assert not inside(0)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_is_settled_is_no_longer_looked_through():
    kept = [[one] for one in range(1000)]
    before = gc.get_freeze_count()
    try:
        settle()
        assert gc.get_freeze_count() >= before + len(kept)
    finally:
        gc.unfreeze()
