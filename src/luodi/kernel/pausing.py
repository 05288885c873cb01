"""Pauses the collection of garbage while a great many small values are made at once."""

from __future__ import annotations

import functools
import gc
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_lock = threading.Lock()
_pausing = 0  # computations under way; the collector is put back as it was when the last one ends
_was_on = True


def without_collecting(work: Callable[P, T]) -> Callable[P, T]:
    """
    Run a function with the collector of cycles paused.

    A hundred thousand new fractions or figures let it walk through the whole heap again and again, for half a second of a country's
    question, and find nothing: they make no cycles. Several threads may be inside at once.
    """

    @functools.wraps(work)
    def paused(*args: P.args, **kwargs: P.kwargs) -> T:
        _begin()
        try:
            return work(*args, **kwargs)
        finally:
            _end()

    return paused


def settle() -> None:
    """
    Tell the collector that what was just made stays: looking through a city's cards held a page up by a quarter of a second.

    For what is large and made rarely. What is let go of later is freed as ever; only rings of it would stay.
    """
    gc.collect()
    gc.freeze()


def _begin() -> None:
    global _pausing, _was_on
    with _lock:
        if _pausing == 0:
            _was_on = gc.isenabled()
            gc.disable()
        _pausing += 1


def _end() -> None:
    global _pausing
    with _lock:
        _pausing -= 1
        if _pausing == 0 and _was_on:
            gc.enable()
