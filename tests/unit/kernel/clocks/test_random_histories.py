"""2,000 drawn histories give the same numbers as a slow counter that knows nothing of the engine."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from . import comparing, slow_counter


@pytest.mark.parametrize("first", range(0, 2000, 250))
def test_the_engine_agrees_with_the_slow_counter(first):
    found = [text for seed in range(first, first + 250) for text in comparing.differences(seed)]
    assert found == []


def test_the_slow_counter_imports_nothing_of_luodi():
    tree = ast.parse(Path(slow_counter.__file__).read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names == {"__future__", "random", "datetime", "functools"}


def test_the_histories_are_not_all_alike():
    drawn = [slow_counter.random_history(seed) for seed in range(2000)]
    for key in ("unit", "start", "pause_mode", "ends", "roll"):
        counts = {value: sum(one[key] == value for one in drawn) for value in {one[key] for one in drawn}}
        assert min(counts.values()) > 40, counts
    assert sum(len(one["pauses"]) > 1 for one in drawn) > 700


def test_a_wrong_counter_would_be_noticed(monkeypatch):
    monkeypatch.setattr(slow_counter, "covered", lambda history, moment: False)
    assert any(comparing.differences(seed) for seed in range(100))
