"""Answers kept in memory fall when what they rest on is replaced, and give way to newer ones."""

from __future__ import annotations

from luodi.kernel.keeping import Kept, same


def counted(kept: Kept[int], key: str, *rests_on: object) -> int:
    """Ask, and count how often the answer was worked out anew."""
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(rests_on)

    assert kept.get(key, rests_on, make) == len(rests_on)
    return len(made)


def test_an_answer_is_kept_while_it_rests_on_the_very_same_objects():
    kept, rows = Kept[int](2), [1, 2]
    assert counted(kept, "a", rows) == 1
    assert counted(kept, "a", rows) == 0
    assert counted(kept, "a", [1, 2]) == 1  # equal, but another
    assert counted(kept, "a", rows, rows) == 1
    assert len(kept) == 1


def test_the_answer_used_longest_ago_gives_way():
    kept, rows = Kept[int](2), object()
    for key in ("a", "b", "a", "c"):
        counted(kept, key, rows)
    assert [counted(kept, key, rows) for key in ("a", "c", "b")] == [0, 0, 1]
    assert len(kept) == 2


def test_what_is_kept_can_be_looked_at_whether_it_stands_or_not():
    kept = Kept[str](1)
    assert kept.peek("a") is None
    row = object()
    kept.put("a", [row], "said")
    assert kept.peek("a") == ((row,), "said")


def test_rows_of_objects_are_the_same_one_by_one():
    one, other = [0], [0]
    assert same([one, None], (one, None))
    assert not same([one], [other])
    assert not same([one], [one, one])
