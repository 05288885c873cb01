"""
Merkle trees of RFC 6962: the root over an ordered list of leaf hashes, and the proof that one leaf is under it.

`Accumulator` takes leaves as they stream by and keeps a few dozen hashes, so a million facts need no memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from luodi.kernel.digest import NODE, Hasher

# Leaves are folded in blocks of 2**BLOCK_HEIGHT: whole levels in one comprehension, which is what makes it quick.
BLOCK_HEIGHT = 10
BLOCK = 1 << BLOCK_HEIGHT


class Accumulator:
    """The Merkle tree over all leaves added so far."""

    def __init__(self, hashing: Hasher) -> None:
        self.hashing = hashing
        self.count = 0
        self._subtrees: list[tuple[int, bytes]] = []  # complete ones, their heights falling from left to right
        self._waiting: list[bytes] = []

    def add(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes at the end."""
        leaves = iter(leaves)
        while taken := list(islice(leaves, BLOCK - len(self._waiting))):
            self._waiting += taken
            self.count += len(taken)
            if len(self._waiting) == BLOCK:
                self._push(BLOCK_HEIGHT, root(self.hashing, self._waiting))
                self._waiting = []

    def _push(self, height: int, top: bytes) -> None:
        while self._subtrees and self._subtrees[-1][0] == height:
            height, top = height + 1, self.hashing(NODE + self._subtrees.pop()[1] + top).digest()
        self._subtrees.append((height, top))

    def root(self) -> bytes:
        """Give the root over all leaves so far; more may be added afterwards."""
        tops = [top for _height, top in self._subtrees]
        if self._waiting or not tops:
            tops.append(root(self.hashing, self._waiting))
        whole = tops.pop()
        while tops:
            whole = self.hashing(NODE + tops.pop() + whole).digest()
        return whole


def root(hashing: Hasher, leaves: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes; over none it is the hash of nothing."""
    level = list(leaves)
    while len(level) > 1:
        level = _above(hashing, level)
    return level[0] if level else hashing(b"").digest()


def _above(hashing: Hasher, level: list[bytes]) -> list[bytes]:
    """Pair neighbours; a last one without any moves up unchanged: the same tree as splitting at powers of two."""
    left = iter(level)
    above = [hashing(NODE + one + other).digest() for one, other in zip(left, left, strict=False)]
    return [*above, level[-1]] if len(level) % 2 else above


def inclusion_proof(hashing: Hasher, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Give the hashes that make the root with the leaf at `index`: RFC 6962's audit path (2.1.1), lowest first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, path = list(leaves), []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, index = _above(hashing, level), index >> 1
    return path


def is_included(hashing: Hasher, *, leaf: bytes, index: int, count: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a leaf stands at `index` of `count` leaves under a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < count:
        return False
    place, last, whole = index, count - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            whole = hashing(NODE + beside + whole).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            whole = hashing(NODE + whole + beside).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and whole == root
