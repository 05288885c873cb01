"""Answers stand while what they rest on is the very same object."""

from __future__ import annotations

from luodi.kernel.keeping import Kept, same


def asked(kept: Kept[str], key: str, *rests_on: object) -> tuple[str, bool]:
    """Ask, and tell whether the answer had to be worked out."""
    made: list[str] = []

    def make() -> str:
        made.append(key)
        return key.upper()

    return kept.get(key, rests_on, make), bool(made)


def test_an_answer_is_worked_out_once_while_its_ground_stands():
    kept: Kept[str] = Kept(most=2)
    ground = ["a"]
    assert asked(kept, "x", ground) == ("X", True)
    assert asked(kept, "x", ground) == ("X", False)
    assert asked(kept, "x", ["a"]) == ("X", True)  # equal, but another


def test_the_answer_used_longest_ago_gives_way():
    kept: Kept[str] = Kept(most=2)
    for key in ("x", "y", "x", "z"):
        asked(kept, key)
    assert (len(kept), kept.peek("y")) == (2, None)
    assert asked(kept, "x") == ("X", False)


def test_what_an_answer_rests_on_is_held():
    kept: Kept[str] = Kept(most=1)
    asked(kept, "x", ["only here"])
    assert kept.peek("x") == ((["only here"],), "X")


def test_rows_of_objects_are_the_same_one_by_one():
    one = [1]
    assert same((one,), (one,))
    assert not same((one,), ([1],))
    assert not same((one,), (one, one))
