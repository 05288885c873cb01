"""
Serving desks day by day: at each step every desk with room takes the waiting matter it prefers most. The parallel
scheme of `generation`, event by event, for models in which a job stands at one desk at most: a schedule of 4,000 jobs
takes some milliseconds, so that thousands of orders can be tried.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from luodi.scheduling.model import NEVER, HorizonShort, Model, Starts


def dispatchable(model: Model) -> bool:
    """Tell whether every job stands at one desk at most, takes one place there, and none has a place kept for later."""
    first = min((job.earliest for job in model.jobs if job.pinned is None), default=NEVER)
    return all(
        job.fixed is None
        and (len(job.needs) <= 1 and all(amount == 1 for _, amount in job.needs))
        and (job.pinned is None or job.pinned[0] <= first or not (job.needs or job.hand_in is not None))
        for job in model.jobs
    )


class Dispatcher:
    """Schedules one model in many orders of preference."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.missing = [len(links) for links in model.into]
        self.earliest = [job.earliest for job in model.jobs]
        self.after = [[(link.after, link.offset, link.table) for link in links] for links in model.out_of]
        self.dues = {due.job: due for due in model.dues}
        self.heads = [index for index, count in enumerate(self.missing) if not count]
        found: dict[tuple[int, int], int] = {}
        self.desk_of = [-1] * len(model.jobs)
        for index, job in enumerate(model.jobs):
            if job.pinned is None and (job.needs or job.hand_in is not None):
                desk = (job.needs[0][0] if job.needs else -1, -1 if job.hand_in is None else job.hand_in)
                self.desk_of[index] = found.setdefault(desk, len(found))
        self.desks = tuple(found)  # resource and daily number of hand-ins; -1: no limit
        # Desks with the same daily number of hand-ins are one hall: preference decides between those who wait there.
        keys = [("daily", daily) if daily >= 0 else ("resource", resource) for resource, daily in self.desks]
        names = list(dict.fromkeys(keys))
        self.hall_of = [names.index(key) for key in keys]
        self.halls = [[desk for desk, key in enumerate(keys) if key == name] for name in names]
        self.hall_with = {resource: self.hall_of[desk] for desk, (resource, _) in enumerate(self.desks)}
        self.placed = 0  # jobs placed in the last schedule: what it cost
        self._take_what_has_begun()

    def _take_what_has_begun(self) -> None:
        """Note the room that running jobs take, and the hand-ins of the day, which nobody can take from them."""
        self.running: list[tuple[int, int, int]] = []
        self.handed: list[tuple[int, int]] = [(-1, 0) for _ in self.model.per_day]
        for job in self.model.jobs:
            if job.pinned is None:
                continue
            start, end = job.pinned
            self.running += [(resource, end, amount) for resource, amount in job.needs if end > start]
            if job.hand_in is not None:
                day, number = self.handed[job.hand_in]
                if start >= day:
                    self.handed[job.hand_in] = (start, number + 1 if day == start else 1)

    def schedule(self, preference: Sequence[float], most: int = NEVER) -> Starts | None:
        """
        Serve all jobs, the smallest preference first, then the earliest in the file. None as soon as the weighted
        lateness is above `most`. Raises HorizonShort.

        One long body on purpose: it runs thousands of times in a plan, and half of its time would go into calls.
        """
        jobs, desks, desk_of, hall_of, dues = self.model.jobs, self.desks, self.desk_of, self.hall_of, self.dues
        horizon, per_day, push, pop = self.model.horizon, self.model.per_day, heapq.heappush, heapq.heappop
        starts, least, missing, free = [0] * len(jobs), self.earliest[:], self.missing[:], list(self.model.capacity)
        handed = self.handed[:]  # by daily number: the step last handed in on and how many that day
        queues: list[list[tuple[float, int]]] = [[] for _ in desks]
        events: dict[int, tuple[list[int], list[int], list[int]]] = {}  # what is tried, which desks free, halls again
        steps: list[int] = []
        left = len(jobs)

        def at(start: int) -> tuple[list[int], list[int], list[int]]:
            if start not in events:
                events[start] = ([], [], [])
                push(steps, start)
            return events[start]

        def release(index: int, now: int) -> None:
            job = jobs[index]
            if desk_of[index] < 0:
                begin(index, job.pinned[0] if job.pinned is not None else job.on_or_after(least[index]), now)
                return
            start = job.on_or_after(max(least[index], now))
            if start >= horizon:
                raise HorizonShort(index)
            at(start)[0].append(index)

        def begin(index: int, start: int, now: int) -> None:
            nonlocal left, most
            job = jobs[index]
            if start >= horizon or job.end(start) > horizon:
                raise HorizonShort(index)
            starts[index] = start
            left -= 1
            if index in dues:
                most -= dues[index].weight * dues[index].late(start)
            for other, offset, table in self.after[index]:
                bound = start + offset if table is None else table[start]
                if bound > least[other]:
                    least[other] = bound
                missing[other] -= 1
                if not missing[other]:
                    release(other, now)

        for resource, end, amount in self.running:
            free[resource] -= amount
            at(end)[1].extend([resource] * amount)
        for index in self.heads:
            release(index, 0)
        while left and most >= 0:
            step = pop(steps)
            while step in events:
                tried, freed, awake = events.pop(step)
                for resource in freed:
                    free[resource] += 1
                    if resource in self.hall_with:
                        awake.append(self.hall_with[resource])
                for index in tried:
                    push(queues[desk_of[index]], (preference[index], index))
                    awake.append(hall_of[desk_of[index]])
                for hall in dict.fromkeys(awake):
                    while True:
                        found = None
                        for desk in self.halls[hall]:
                            resource = desks[desk][0]
                            there = bool(queues[desk]) and (resource < 0 or free[resource] > 0)
                            if there and (found is None or queues[desk][0] < queues[found][0]):
                                found = desk
                        if found is None:
                            break
                        resource, daily = desks[found]
                        if daily >= 0:
                            day, number = handed[daily]
                            number = number if day == step else 0
                            if number >= per_day[daily]:
                                at(step + 1)[2].append(hall)
                                break
                        index = pop(queues[found])[1]
                        job = jobs[index]
                        if job.mask is not None and not job.mask[step]:
                            release(index, step)
                            continue
                        if daily >= 0:
                            handed[daily] = (step, number + 1)
                        if resource >= 0:
                            free[resource] -= 1
                            at(job.end(step))[1].append(resource)
                        begin(index, step, step)
        self.placed = len(jobs) - left
        return starts if most >= 0 else None
