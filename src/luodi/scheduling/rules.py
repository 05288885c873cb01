"""
Priority rules by name: each gives every job a number, the smallest is served first. The names are those of the
scheduling literature (Kolisch 1996; Vepsalainen and Morton 1987 for `atc`), read for projects with weights of lateness.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from luodi.scheduling import passes
from luodi.scheduling.model import Model

Preference = Sequence[float]
FAR = float(1 << 30)


@dataclass(frozen=True)
class Case:
    """What rules look at: earliest and latest starts, lengths, and each job's weight and project."""

    model: Model
    early: Sequence[int]
    latest: Sequence[float]
    length: Sequence[int]
    weight: Sequence[float]
    due: Sequence[float]
    rest: Sequence[float]  # longest chain of work from the job's start to the end of its project
    work: Sequence[int]  # work left in its project from it on, itself included


def case_of(model: Model) -> Case:
    """Gather what the rules look at. Raises HorizonShort."""
    early = passes.forward(model)
    length = [job.end(start) - start for job, start in zip(model.jobs, early, strict=True)]
    end = max((start + own for start, own in zip(early, length, strict=True)), default=0)
    last: list[int | None] = [None] * len(model.jobs)
    if model.makespan:
        last = [job.latest_start(end) for job in model.jobs]
    for due in model.dues:
        last[due.job] = due.last
    for index, job in enumerate(model.jobs):
        if job.fixed is not None:
            last[index] = job.fixed
    latest = [FAR if bound is None else float(bound) for bound in passes.backward(model, last)]
    weight, due_of = _of_projects(model)
    rest = [0.0] * len(model.jobs)
    followers: list[set[int]] = [set() for _ in model.jobs]
    for index in reversed(model.order):
        after = [link.after for link in model.out_of[index]]
        rest[index] = length[index] + max((rest[other] for other in after), default=0.0)
        followers[index] = {index}.union(*(followers[other] for other in after))
    work = [sum(length[other] for other in own) for own in followers]
    return Case(model, early, latest, length, weight, due_of, rest, work)


def _of_projects(model: Model) -> tuple[list[float], list[float]]:
    """Give each job its project's weight (a thousandth where nothing was promised) and promise."""
    weight, due_of = [0.001] * len(model.jobs), [FAR] * len(model.jobs)
    project = {index: number for number, group in enumerate(model.groups) for index in group}
    for due in model.dues:
        for index in model.groups[project[due.job]]:
            weight[index], due_of[index] = max(due.weight, 0.001), float(due.last)
    return weight, due_of


def latest_start(case: Case) -> Preference:
    """Serve what must be handed in first."""
    return case.latest


def latest_finish(case: Case) -> Preference:
    """Serve what must be finished first."""
    return [start + length for start, length in zip(case.latest, case.length, strict=True)]


def earliest_promise(case: Case) -> Preference:
    """Serve the project that promised the earliest day."""
    return case.due


def slack(case: Case) -> Preference:
    """Serve what has the least room between its earliest and its latest day."""
    return [latest - early for latest, early in zip(case.latest, case.early, strict=True)]


def first_come(case: Case) -> Preference:
    """Serve what could be handed in first."""
    return case.early


def shortest(case: Case) -> Preference:
    """Serve what is done soonest."""
    return case.length


def heaviest(case: Case) -> Preference:
    """Serve the project whose lateness weighs most; among equals what must be handed in first."""
    return [latest / FAR - weight for weight, latest in zip(case.weight, case.latest, strict=True)]


def most_work(case: Case) -> Preference:
    """Serve what the most work waits for (greatest rank positional weight)."""
    return [-work for work in case.work]


def longest_tail(case: Case) -> Preference:
    """Serve what the longest chain of work waits for."""
    return [-rest for rest in case.rest]


def weighted_tardiness(case: Case) -> Preference:
    """Serve by weight over the work still ahead, less while there is room (apparent tardiness cost, made static)."""
    scale = 2.0 * max(1.0, sum(case.rest) / max(1, len(case.rest)))
    return [
        -weight / max(rest, 1.0) * 2.718281828 ** (-max(0.0, latest - early) / scale)
        for weight, rest, latest, early in zip(case.weight, case.rest, case.latest, case.early, strict=True)
    ]


RULES: Mapping[str, Callable[[Case], Preference]] = {
    "latest_start": latest_start,
    "latest_finish": latest_finish,
    "earliest_promise": earliest_promise,
    "slack": slack,
    "first_come": first_come,
    "shortest": shortest,
    "heaviest": heaviest,
    "most_work": most_work,
    "longest_tail": longest_tail,
    "weighted_tardiness": weighted_tardiness,
}
