"""Canonical bytes agree with another implementation of RFC 8785; hashes with published examples."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from luodi.kernel import digest

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-digest.LARGEST, digest.LARGEST) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=12,
)


@given(VALUES)
def test_bytes_are_those_of_rfc_8785(value):
    assert digest.canonical(value) == rfc8785.dumps(value)


def test_keys_stand_in_the_order_of_utf_16():
    # U+10000 is a surrogate pair, which sorts before U+FF21 by code units and after it by code points.
    assert digest.canonical({"Ａ": 1, "\U00010000": 2}) == '{"\U00010000":2,"Ａ":1}'.encode()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("12.50"), "12.50"),
        (2**53, str(2**53)),
        (-(2**60), str(-(2**60))),
        (date(2024, 2, 29), "2024-02-29"),
    ],
)
def test_what_other_readers_would_bend_is_text(value, written):
    assert digest.canonical(value) == f'"{written}"'.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        datetime(2024, 1, 1, tzinfo=UTC),
        {1: "a"},
        {2.5},
        Decimal("NaN"),
        Decimal("1E+900"),
        Decimal("1E-900"),
    ],
)
def test_what_has_no_one_form_is_refused(value):
    with pytest.raises(TypeError):
        digest.canonical([value])


def test_subclasses_of_text_and_numbers_are_made_plain():
    class Stage(StrEnum):
        STARTED = "开工"

    class Count(int):
        pass

    assert digest.canonical({Stage.STARTED: (Stage.STARTED, Count(3))}) == '{"开工":["开工",3]}'.encode()


def test_half_a_character_is_refused_in_words():
    with pytest.raises(digest.Unwritable) as refused:
        digest.canonical(["\ud800"])
    assert "\\ud800" in refused.value.problems[0].message("en")


def test_hashes_are_the_published_ones():
    assert digest.hasher("sha256")(b"abc").hexdigest().startswith("ba7816bf8f01cfea")
    # GB/T 32905-2016, A.1
    assert (
        digest.hasher("sm3")(b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


@pytest.mark.parametrize("name", ["md5", ""])
def test_an_unknown_hash_is_refused(name):
    with pytest.raises(digest.NoSuchAlgorithm):
        digest.hasher(name)


def test_sm3_is_refused_where_the_machine_lacks_it(monkeypatch):
    monkeypatch.setattr("hashlib.algorithms_available", {"sha256"})
    with pytest.raises(digest.NoSuchAlgorithm):
        digest.hasher("sm3")


def test_leaf_node_and_commitment_can_not_be_taken_for_one_another():
    hashing = digest.hasher("sha256")
    assert digest.leaf_hash(hashing, b"x") == hashing(b"\x00x").digest()
    salt = bytes(16)
    assert digest.commitment(hashing, salt, "张") == hashing(b"\x02" + salt + "张".encode()).hexdigest()
    with pytest.raises(digest.Unwritable):
        digest.commitment(hashing, salt, "\udfff")
    assert digest.commitment(hashing, b"\x01" * 16, "张") != digest.commitment(hashing, salt, "张")
