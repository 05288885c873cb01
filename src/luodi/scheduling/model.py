"""
What is scheduled: jobs on an axis of whole steps, links between their starts, resources they need. No days, no words.

Every precedence of whatever type is a lower bound on the later start given the earlier one, never decreasing. `offset`
says it when it is the same everywhere; else `table` says it for each step (a closed agency, calendar days among
working days).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

NEVER = 1 << 40  # beyond every axis
Starts = list[int]


class HorizonShort(Exception):
    """Something would lie beyond the axis: it must be built longer. Never leaves this package."""

    def __init__(self, job: int) -> None:
        super().__init__(f"job {job}")
        self.job = job


@dataclass(frozen=True)
class Job:
    """
    One thing to schedule. It occupies [start, end); `length` is its end less its start unless `ends` tells the end for
    each start. `mask` marks the steps it may start on (None: any). `pinned`: begun or over, and never moved; `fixed`:
    to be started on that step and no other, which its place is kept for.
    """

    name: str
    length: int
    earliest: int = 0
    needs: tuple[tuple[int, int], ...] = ()
    hand_in: int | None = None
    mask: bytes | None = None
    ends: tuple[int, ...] | None = None
    pinned: tuple[int, int] | None = None
    fixed: int | None = None

    def end(self, start: int) -> int:
        """Give the end (exclusive) of the job when it starts there."""
        if self.pinned is not None:
            return self.pinned[1]
        return start + self.length if self.ends is None else self.ends[start]

    def on_or_after(self, step: int) -> int:
        """Find the first step on or after this one that the job may start on; NEVER if there is none."""
        if self.mask is None:
            return step
        found = self.mask.find(1, max(step, 0))
        return NEVER if found < 0 else found

    def on_or_before(self, step: int) -> int:
        """Find the last step up to this one that the job may start on; -1 if there is none."""
        if self.mask is None:
            return step
        return self.mask.rfind(1, 0, step + 1) if step >= 0 else -1

    def latest_start(self, end: int) -> int:
        """Find the last start whose end is not after `end`; -1 if there is none."""
        if self.ends is None:
            return self.on_or_before(end - self.length)
        return self.on_or_before(bisect_right(self.ends, end) - 1)


@dataclass(frozen=True)
class Link:
    """A precedence: `after` starts no earlier than `least` of the start of `before`."""

    before: int
    after: int
    offset: int = 0
    table: tuple[int, ...] | None = None

    def least(self, start: int) -> int:
        """Give the earliest start of `after` when `before` starts there."""
        return start + self.offset if self.table is None else self.table[start]

    def latest(self, start: int) -> int:
        """Give the last start of `before` that lets `after` start there."""
        return start - self.offset if self.table is None else bisect_right(self.table, start) - 1


@dataclass(frozen=True)
class Due:
    """A promise: the job that starts after `last` is late, by the steps it is after it or as `table` says."""

    job: int
    last: int
    weight: int = 1
    table: tuple[int, ...] | None = None
    settled: int | None = None  # lateness of what is over or running, whatever is planned

    def late(self, start: int) -> int:
        """Give the lateness, in units, of a job that starts there."""
        if self.settled is not None:
            return self.settled
        return max(0, start - self.last) if self.table is None else self.table[start]


@dataclass(frozen=True)
class Model:
    """
    Everything to be scheduled. The objective is `makespan`, or weighted lateness of the `dues` plus `move_weight` for
    each step that a job starts away from its place in `base`.
    """

    jobs: tuple[Job, ...]
    links: tuple[Link, ...]
    capacity: tuple[int, ...]
    per_day: tuple[int, ...] = ()
    dues: tuple[Due, ...] = ()
    makespan: bool = False
    horizon: int = NEVER
    base: tuple[int | None, ...] = ()
    move_weight: int = 0
    groups: tuple[tuple[int, ...], ...] = ()  # the jobs of each project

    @cached_property
    def into(self) -> tuple[tuple[Link, ...], ...]:
        """The links into each job."""
        found: list[list[Link]] = [[] for _ in self.jobs]
        for link in self.links:
            found[link.after].append(link)
        return tuple(map(tuple, found))

    @cached_property
    def out_of(self) -> tuple[tuple[Link, ...], ...]:
        """The links out of each job."""
        found: list[list[Link]] = [[] for _ in self.jobs]
        for link in self.links:
            found[link.before].append(link)
        return tuple(map(tuple, found))

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The jobs in an order that no link contradicts. The links hold no circle: readers refuse one."""
        missing = [len(links) for links in self.into]
        ready = [job for job, count in enumerate(missing) if not count]
        for job in ready:
            for link in self.out_of[job]:
                missing[link.after] -= 1
                if not missing[link.after]:
                    ready.append(link.after)
        return tuple(ready)

    @cached_property
    def place_in_order(self) -> tuple[int, ...]:
        """Where each job stands in `order`."""
        places = [0] * len(self.jobs)
        for place, job in enumerate(self.order):
            places[job] = place
        return tuple(places)

    def value(self, starts: Sequence[int]) -> int:
        """Give the objective of a schedule: the last end, or weighted lateness and moves."""
        if self.makespan:
            return max((job.end(start) for job, start in zip(self.jobs, starts, strict=True)), default=0)
        return self.lateness(starts) + self.move_weight * self.moved(starts)

    def lateness(self, starts: Sequence[int]) -> int:
        """Give the weighted lateness of a schedule."""
        return sum(due.weight * due.late(starts[due.job]) for due in self.dues)

    def moved(self, starts: Sequence[int]) -> int:
        """Give the steps that jobs start away from their places in the plan of before."""
        pairs = zip(starts, self.base, strict=False)
        return sum(abs(start - base) for start, base in pairs if base is not None)
