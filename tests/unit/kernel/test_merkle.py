"""The tree is RFC 6962's, whole and streamed; a proof proves its own leaf and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.kernel import digest, merkle

SHA = digest.hasher("sha256")


def leaves(count):
    return [digest.leaf_hash(SHA, str(n).encode()) for n in range(count)]


def obvious_root(given):
    """RFC 6962, 2.1, word for word: split at the largest power of two below the count."""
    if not given:
        return SHA(b"").digest()
    if len(given) == 1:
        return given[0]
    split = 1
    while split * 2 < len(given):
        split *= 2
    return SHA(b"\x01" + obvious_root(given[:split]) + obvious_root(given[split:])).digest()


@pytest.mark.parametrize("count", [*range(20), 1023, 1024, 1025, 2047, 3000, 4096])
def test_root_is_the_one_of_the_standard(count):
    given = leaves(count)
    streamed = merkle.Accumulator(SHA)
    streamed.add(iter(given))
    assert merkle.root(SHA, given) == streamed.root() == obvious_root(given)
    assert streamed.count == count


def test_known_roots_of_certificate_transparency():
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    given = [digest.leaf_hash(SHA, bytes.fromhex(entry)) for entry in entries]
    assert merkle.root(SHA, given).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert merkle.root(SHA, given[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(st.lists(st.integers(0, 1500), max_size=5))
def test_leaves_may_come_in_any_portions(portions):
    tree, all_leaves = merkle.Accumulator(SHA), leaves(sum(portions))
    at = 0
    for portion in portions:
        tree.add(all_leaves[at : at + portion])
        at += portion
        assert tree.root() == merkle.root(SHA, all_leaves[:at])


@given(st.integers(1, 70), st.data())
def test_a_proof_holds_for_its_leaf_and_place_only(count, data):
    given = leaves(count)
    index = data.draw(st.integers(0, count - 1))
    root = merkle.root(SHA, given)
    path = merkle.inclusion_proof(SHA, given, index)

    def holds(**changes):
        return merkle.is_included(
            SHA, **{"leaf": given[index], "index": index, "count": count, "path": path, "root": root} | changes
        )

    assert holds()
    assert not holds(leaf=SHA(b"another").digest())
    assert not holds(root=SHA(b"another").digest())
    assert not holds(index=count) and not holds(index=-1)
    assert not holds(path=[*path, SHA(b"").digest()])
    if path:
        assert not holds(path=path[:-1])
    other = data.draw(st.integers(0, count - 1))
    assert holds(index=other) == (other == index)


@pytest.mark.parametrize("index", [-1, 3])
def test_no_proof_of_a_leaf_that_is_not_there(index):
    with pytest.raises(IndexError):
        merkle.inclusion_proof(SHA, leaves(3), index)
