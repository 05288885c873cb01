"""The tree of units on a day: renames, mergers, splits, and a slow, obvious counter beside it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.codebook import queries as codebook
from luodi.identity.tree import Tree, Version, tree_on


def version(code, parent="", *, since="2020-01-01", until=None, successor="", name="", kind="district"):
    ends = date.fromisoformat(until) if until else None
    return Version(code, name or code, parent, kind, "", successor, date.fromisoformat(since), ends)


ROWS = [
    version("C", kind="city"),
    version("D1", "C", name="旧名"),
    version("D2", "C"),
    version("T1", "D1", kind="town"),
    version("T2", "D1", kind="town"),
    version("T3", "D2", kind="town"),
]


def on(day, rows=ROWS) -> Tree:
    return tree_on(rows, on=date.fromisoformat(day))


def codes(units):
    return [unit.code for unit in units]


def test_a_unit_begins_on_its_first_day():
    assert on("2019-12-31").units == {}
    assert on("2019-12-31").unit("C") is None
    assert on("2020-01-01").exists("C")


def test_the_tree_is_read_up_and_down():
    tree = on("2024-01-01")

    assert codes(tree.roots()) == ["C"]
    assert codes(tree.children("C")) == ["D1", "D2"]
    assert tree.children("T1") == ()
    assert tree.ancestors("T1") == ("D1", "C")
    assert tree.under("D1") == {"D1", "T1", "T2"}
    assert tree.under("unknown") == {"unknown"}
    assert tree.parent("C") is None
    assert tree.parent("unknown") is None


def test_a_rename_counts_from_its_day():
    rows = [*ROWS, version("D1", "C", since="2024-07-01", name="新名")]

    assert on("2024-06-30", rows).name("D1") == "旧名"
    assert on("2024-07-01", rows).name("D1") == "新名"
    assert on("2024-07-01", rows).name("unknown") == "unknown"


def test_of_two_versions_of_one_day_the_last_known_counts():
    rows = [version("D1", "C", name="先"), version("D1", "C", name="后")]

    assert on("2024-01-01", rows).name("D1") == "后"


def test_an_earlier_version_learned_later_does_not_hide_the_present():
    rows = [version("D1", name="今", since="2024-01-01"), version("D1", name="昔", since="2020-01-01")]

    assert on("2024-01-01", rows).name("D1") == "今"
    assert on("2023-12-31", rows).name("D1") == "昔"


MERGED = [*ROWS, version("T1", "D1", kind="town", until="2024-07-01", successor="T2")]


def test_a_merged_unit_rolls_up_through_its_successor():
    tree = on("2024-07-01", MERGED)

    assert not tree.exists("T1")
    assert tree.successor("T1") == "T2"
    assert tree.under("T2") == {"T1", "T2"}
    assert codes(tree.children("D1")) == ["T2"]


def test_before_the_merger_both_stand():
    tree = on("2024-06-30", MERGED)

    assert tree.under("T2") == {"T2"}
    assert tree.successor("T1") == "T1"
    assert codes(tree.children("D1")) == ["T1", "T2"]


def test_successors_follow_one_another():
    rows = [*MERGED, version("T2", "D1", kind="town", until="2025-01-01", successor="T3")]
    tree = on("2025-01-01", rows)

    assert tree.successor("T1") == "T3"
    assert tree.under("D2") == {"D2", "T1", "T2", "T3"}
    assert tree.under("D1") == {"D1"}


def test_a_split_unit_stays_under_its_old_parent():
    rows = [
        *ROWS,
        version("T1", "D1", kind="town", until="2024-07-01"),
        version("T4", "D1", since="2024-07-01", kind="town"),
    ]
    tree = on("2024-07-01", rows)

    assert tree.under("D1") == {"D1", "T1", "T2", "T4"}
    assert tree.successor("T1") == "T1"
    assert codes(tree.children("D1")) == ["T2", "T4"]


def test_what_stood_under_a_closed_unit_goes_where_it_went():
    rows = [*ROWS, version("D1", "C", until="2024-07-01", successor="D2")]
    tree = on("2024-07-01", rows)

    assert tree.ancestors("T1") == ("D1", "D2", "C")
    assert codes(tree.children("D2")) == ["T1", "T2", "T3"]
    assert codes(tree.children("C")) == ["D2"]


def test_a_parent_that_has_not_begun_is_no_parent():
    rows = [version("D9", "C9"), version("C9", since="2025-01-01")]

    assert on("2024-01-01", rows).parent("D9") is None
    assert codes(on("2024-01-01", rows).roots()) == ["D9"]
    assert on("2025-01-01", rows).parent("D9") == "C9"


def test_a_circle_in_old_data_ends_where_it_would_begin_again():
    rows = [version("A", "B"), version("B", "A")]
    tree = on("2024-01-01", rows)

    assert tree.ancestors("A") == ("B",)
    assert tree.under("A") == {"A", "B"}
    closed = on(
        "2024-01-01", [version("A", until="2021-01-01", successor="B"), version("B", until="2021-01-01", successor="A")]
    )
    assert closed.successor("A") == "B"
    assert closed.children("A") == ()


CODES = [f"U{n}" for n in range(8)]
VERSIONS = st.lists(
    st.builds(
        Version,
        code=st.sampled_from(CODES),
        name=st.sampled_from(["甲", "乙"]),
        parent=st.sampled_from(["", *CODES]),
        kind=st.just("town"),
        group=st.just(""),
        successor=st.sampled_from(["", *CODES]),
        valid_from=st.dates(date(2024, 1, 1), date(2024, 1, 6)),
        valid_to=st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 1, 8))),
    ),
    max_size=20,
)


def slow_version(rows, code, day):
    """The latest first day, of equal ones the last known: by looking through all of them for each question."""
    begun = [(row.valid_from, place) for place, row in enumerate(rows) if row.code == code and row.valid_from <= day]
    return rows[max(begun)[1]] if begun else None


def slow_up(rows, code, day):
    row = slow_version(rows, code, day)
    if row is None:
        return None
    closed = row.valid_to is not None and row.valid_to <= day
    above = row.successor if closed and row.successor else row.parent
    return above if above and slow_version(rows, above, day) else None


def slow_rolls_up(rows, code, into, day):
    """Walk up at most as many steps as there are units."""
    for _ in range(len(CODES) + 1):
        if code == into:
            return True
        code = slow_up(rows, code, day)
    return False


@given(rows=VERSIONS, day=st.dates(date(2024, 1, 1), date(2024, 1, 9)))
def test_the_tree_agrees_with_a_slow_obvious_one(rows, day):
    tree = tree_on(rows, on=day)

    for code in CODES:
        assert tree.parent(code) == slow_up(rows, code, day)
        begun = {other for other in CODES if slow_version(rows, other, day)}
        assert tree.under(code) == {other for other in begun if slow_rolls_up(rows, other, code, day)} | {code}
        children = {unit.code for unit in tree.children(code)}
        assert all(tree.exists(child) and code in tree.ancestors(child) for child in children - {code})


@pytest.mark.parametrize("day", ["2024-06-30", "2024-07-01"])
def test_every_unit_is_under_the_city_once(day):
    assert on(day, MERGED).under("C") == {"C", "D1", "D2", "T1", "T2", "T3"}


def test_the_city_is_the_profiles_unit_else_the_one_top_unit():
    profile = codebook.profile()
    named = profile.city.root
    assert on("2020-06-30", [*ROWS, version(named)]).city(profile) == named
    assert on("2020-06-30").city(profile) == "C"
    assert on("2020-06-30", [version("X", kind="district"), version("Y", "X")]).city(profile) == "X"
    two_cities = [version("C", kind="city"), version("E", kind="city")]
    assert on("2020-06-30", two_cities).city(profile) == named
    assert on("2019-06-30").city(profile) == named
