"""
Schedule generation: from an order of preference to a feasible schedule, serially (job by job, each as early as it
fits) or in parallel (step by step, all that fit). Kolisch's two schemes, for links of any type and jobs that may not
start on every step.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from luodi.scheduling.model import HorizonShort, Model, Starts
from luodi.scheduling.passes import first_start


class Profile:
    """
    What of the resources is taken at each step. For each resource and each amount that some job needs of it a row of
    bytes marks the steps where that amount no longer fits, so that looking for room is a search in bytes.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.horizon = horizon = model.horizon
        self.used = [[0] * horizon for _ in model.capacity]
        self.handed = [[0] * horizon for _ in model.per_day]
        self.handed_full = [bytearray(horizon) for _ in model.per_day]
        amounts: list[set[int]] = [set() for _ in model.capacity]
        for job in model.jobs:
            for resource, amount in job.needs:
                amounts[resource].add(amount)
        self.full = [{amount: bytearray(horizon) for amount in sorted(found)} for found in amounts]
        self.rows = [[self.full[resource][amount] for resource, amount in job.needs] for job in model.jobs]
        for index, job in enumerate(model.jobs):
            if job.pinned is not None:
                self.put(index, job.pinned[0])
        for index, job in enumerate(model.jobs):
            if job.pinned is None and job.fixed is not None:
                if self.first_fit(index, job.fixed) != job.fixed:
                    raise HorizonShort(index)
                self.put(index, job.fixed)

    def place(self, index: int, start: int) -> int:
        """Put the job on the first start from `start` on where it fits; a fixed one has its place already."""
        fixed = self.model.jobs[index].fixed
        if fixed is not None:
            if start > fixed:
                raise HorizonShort(index)
            return fixed
        found = self.first_fit(index, start)
        self.put(index, found)
        return found

    def first_fit(self, index: int, start: int) -> int:
        """Find the first start from `start` on where the job fits. Raises HorizonShort."""
        job = self.model.jobs[index]
        rows = self.rows[index]
        full = None if job.hand_in is None else self.handed_full[job.hand_in]
        horizon = self.horizon
        while True:
            if job.mask is not None:
                start = job.on_or_after(start)
            if start >= horizon:
                raise HorizonShort(index)
            end = start + job.length if job.ends is None else job.ends[start]
            if end > horizon:
                raise HorizonShort(index)
            if full is not None and full[start]:
                start += 1
                continue
            for row in rows:
                blocked = row.rfind(1, start, end)
                if blocked >= 0:
                    start = blocked + 1
                    break
            else:
                return start

    def put(self, index: int, start: int, sign: int = 1) -> None:
        """Take (or with sign -1 give back) what the job needs when it starts there."""
        job = self.model.jobs[index]
        end = min(job.end(start), self.horizon)
        for resource, amount in job.needs:
            used, capacity = self.used[resource], self.model.capacity[resource]
            rows = self.full[resource].items()
            for step in range(start, end):
                used[step] += sign * amount
                for other, row in rows:
                    row[step] = used[step] + other > capacity
        if job.hand_in is not None:
            handed = self.handed[job.hand_in]
            handed[start] += sign
            self.handed_full[job.hand_in][start] = handed[start] >= self.model.per_day[job.hand_in]


def serial(model: Model, preference: Sequence[float], at_least: Sequence[int] | None = None) -> Starts:
    """
    Schedule job by job: of those whose predecessors stand, the one preferred most (smallest number, then the earliest
    in the file), as early as it fits. `at_least` gives further lower bounds. Raises HorizonShort.
    """
    profile = Profile(model)
    jobs, into, out_of = model.jobs, model.into, model.out_of
    starts = list(at_least) if at_least is not None else [0] * len(jobs)
    missing = [len(links) for links in into]
    ready = [(preference[index], index) for index, count in enumerate(missing) if not count]
    heapq.heapify(ready)
    while ready:
        _, index = heapq.heappop(ready)
        job = jobs[index]
        if job.pinned is not None:
            starts[index] = job.pinned[0]
        else:
            least = max(starts[index], job.earliest)
            for link in into[index]:
                least = max(least, link.least(starts[link.before]))
            starts[index] = profile.place(index, least)
        for link in out_of[index]:
            missing[link.after] -= 1
            if not missing[link.after]:
                heapq.heappush(ready, (preference[link.after], link.after))
    return starts


def parallel(model: Model, preference: Sequence[float]) -> Starts:
    """
    Schedule step by step: at each step every waiting job that fits there starts, the preferred ones first. Raises
    HorizonShort.
    """
    profile = Profile(model)
    jobs, into, out_of = model.jobs, model.into, model.out_of
    starts = [0] * len(jobs)
    missing = [len(links) for links in into]
    waiting: list[tuple[int, float, int]] = []  # by the step from which it can be tried

    def release(index: int) -> None:
        least = max([0, *(link.least(starts[link.before]) for link in into[index])])
        first = first_start(jobs[index], index, least, model.horizon)
        heapq.heappush(waiting, (first, preference[index], index))

    def begin(index: int, step: int) -> None:
        starts[index] = step
        if jobs[index].pinned is None and jobs[index].fixed is None:
            profile.put(index, step)
        for link in out_of[index]:
            missing[link.after] -= 1
            if not missing[link.after]:
                release(link.after)

    for index, count in enumerate(missing):
        if not count:
            release(index)
    while waiting:
        # The queue is by step, then by preference, so jobs are tried as a day's hand-ins would be looked at.
        step, wish, index = heapq.heappop(waiting)
        if jobs[index].pinned is not None or jobs[index].fixed is not None:
            begin(index, step)
            continue
        fits = profile.first_fit(index, step)
        if fits == step:
            begin(index, step)
        else:
            heapq.heappush(waiting, (fits, wish, index))
    return starts


def left_justified(model: Model, starts: Sequence[int]) -> Starts:
    """
    Move every job, in the order of its start, as early as it fits beside those before it. A feasible schedule stays
    feasible and no job starts later: each lies where it could be put anyway. Raises HorizonShort never for such a one.
    """
    preference = [start + model.place_in_order[index] / (1 + len(starts)) for index, start in enumerate(starts)]
    return serial(model, preference)
