"""
Better schedules of the plain form before the solver: orders drawn at random around the rules, each schedule pushed to
the right end and back (Tormos and Lova; Valls, Ballestin and Quintanilla on double justification), then bred a little.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from luodi.scheduling import generation, rules
from luodi.scheduling.model import Link, Model, Starts

DRAWS = 400  # schedules tried where the solver proves most: half a second for 30 tasks
PLACING = 2e-5  # work of placing one job: seconds on the machine that the default limits were measured on


def mirrored(model: Model) -> Model:
    """Give the model as seen from its end: links turned round, offsets so that a schedule mirrors into a schedule."""
    jobs = model.jobs
    links = tuple(
        Link(link.after, link.before, link.offset + jobs[link.after].length - jobs[link.before].length)
        for link in model.links
    )
    return replace(model, links=links)


def justify(model: Model, mirror: Model, starts: Sequence[int]) -> Starts:
    """Push all jobs to the right end, then back to the left; the schedule gets no longer."""
    ends = [job.end(start) for job, start in zip(model.jobs, starts, strict=True)]
    pushed = generation.serial(mirror, _ranked(mirror, [-end for end in ends]))
    length = max((start + job.length for start, job in zip(pushed, model.jobs, strict=True)), default=0)
    right = [length - start - job.length for start, job in zip(pushed, model.jobs, strict=True)]
    return generation.serial(model, _ranked(model, right))


def _ranked(model: Model, keys: Sequence[int]) -> list[float]:
    """Settle ties so that no job is preferred to one it comes after."""
    count = 1 + len(keys)
    return [key + model.place_in_order[index] / count for index, key in enumerate(keys)]


@dataclass(frozen=True)
class Justified:
    """What came out: starts, the work it took, and whether the wall stopped it."""

    starts: Starts
    work: float
    walled: bool = False


def improve(model: Model, starts: Starts, seed: int, work: float, bound: int, until: float) -> Justified:
    """
    Give the best schedule of so much work, until a moment of time.monotonic at most. Stops at the bound. The same seed
    and work give the same schedule unless the wall cut it short.
    """
    cost = 3 * PLACING * len(model.jobs)  # a draw is three schedules
    draws = int(work / cost) if cost else 0
    draw = random.Random(seed)  # noqa: S311  a search, no secret
    mirror = mirrored(model)
    case = rules.case_of(model)
    bases = [_scaled(rule(case)) for rule in (rules.latest_start, rules.latest_finish, rules.most_work)]
    pool = [(model.value(one), one) for one in [justify(model, mirror, starts), starts]]
    number = 0
    while number < draws:
        if min(pool)[0] <= bound:
            break
        if time.monotonic() > until:
            return Justified(min(pool)[1], number * cost, True)
        number += 1
        if number < min(draws, DRAWS) // 4:
            base = bases[number % len(bases)]
            wish = [key + 0.15 * draw.random() for key in base]
        else:
            wish = _bred(draw, pool)
        found = justify(model, mirror, generation.serial(model, wish))
        pool = sorted([*pool, (model.value(found), found)], key=lambda one: one[0])[:20]
    return Justified(min(pool)[1], number * cost)


def _scaled(keys: Sequence[float]) -> list[float]:
    low, high = min(keys), max(keys)
    return [(key - low) / ((high - low) or 1.0) for key in keys]


def _bred(draw: random.Random, pool: Sequence[tuple[int, Starts]]) -> list[float]:
    """Mix two good schedules: up to a step as in the one, from there on in the order of the other, a little shaken."""
    one, other = draw.sample([starts for _, starts in pool], 2) if len(pool) > 1 else (pool[0][1], pool[0][1])
    cut = draw.random() * max(one)
    span = 1.0 + max(other)
    return [
        (start if start <= cut else span + other[index]) + draw.random() * 3.0 * (draw.random() < 0.1)
        for index, start in enumerate(one)
    ]
