"""Answers kept in memory between questions, each with the very objects it was worked out from: it falls when one of them is another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """
    Up to so many answers, the one used last staying longest. Safe to share between threads.

    For answers that rest on large immutable values which are replaced, never changed: those are compared by identity, and
    held, so that no other can come to lie in their place. Whatever else shapes an answer belongs into its key.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: dict[Hashable, tuple[tuple[object, ...], T]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, rests_on: Sequence[object], make: Callable[[], T]) -> T:
        """Give the answer kept under a key if it rests on these very objects; else work it out and keep it."""
        found = self.peek(key)
        if found is not None and same(found[0], rests_on):
            answer = found[1]
        else:
            answer = make()
        self.put(key, rests_on, answer)
        return answer

    def peek(self, key: Hashable) -> tuple[tuple[object, ...], T] | None:
        """Give what is kept under a key, whether it still stands or not, with what it rests on."""
        return self._answers.get(key)

    def put(self, key: Hashable, rests_on: Sequence[object], answer: T) -> None:
        """Keep an answer; the one used longest ago gives way."""
        with self._lock:
            self._answers.pop(key, None)
            self._answers[key] = (tuple(rests_on), answer)
            if len(self._answers) > self._most:
                del self._answers[next(iter(self._answers))]

    def __len__(self) -> int:
        return len(self._answers)


def same(one: Sequence[object], other: Sequence[object]) -> bool:
    """Tell whether two rows of objects are the very same ones."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
