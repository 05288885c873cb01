"""Serving desks event by event: the same schedules as the parallel scheme, and when it can't be used."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from luodi.scheduling import dispatching, generation
from luodi.scheduling.dispatching import Dispatcher
from luodi.scheduling.model import Due, HorizonShort, Job, Link, Model

HORIZON = 120
MASK = bytes([1, 0, 1, 1, 1]) * (HORIZON // 5)


def random_model(seed: int) -> Model:
    """Draw a model of three desks: one with places, one with hand-ins a day, one with both; nodes and closed steps."""
    chance = random.Random(seed)
    jobs = []
    for number in range(chance.randint(3, 14)):
        desk, length = chance.randrange(4), chance.randint(0, 5)
        needs = ((desk, 1),) if desk < 2 and length else ()
        hand_in = desk - 1 if desk in (1, 2) else None
        mask = MASK if chance.random() < 0.3 else None
        jobs.append(Job(str(number), length, chance.randint(2, 12), needs, hand_in, mask))
    if chance.random() < 0.5:
        jobs.append(Job("running", 0, 0, ((0, 1),), pinned=(0, 9)))
        jobs.append(Job("begun today", 0, 0, ((1, 1),), 0, pinned=(2, 6)))
        jobs.append(Job("begun with it", 0, 0, (), 0, pinned=(2, 2)))
    links = tuple(
        Link(a, b, chance.randint(0, 4)) if chance.random() < 0.7 else Link(a, b, 0, tuple(range(1, HORIZON + 1)))
        for b in range(len(jobs))
        for a in range(b)
        if jobs[b].pinned is None and chance.random() < 0.25
    )
    groups = (tuple(range(len(jobs))),)
    return Model(tuple(jobs), links, (2, 1), (1, 1), (Due(0, 3, 2),), horizon=HORIZON, groups=groups)


@pytest.mark.parametrize("seed", range(60))
def test_desks_are_served_feasibly_and_nobody_waits_for_nothing(seed):
    model = random_model(seed)
    assert dispatching.dispatchable(model)
    wish = [random.Random(seed).random() for _ in model.jobs]
    starts = Dispatcher(model).schedule(wish)
    assert starts is not None
    for link in model.links:
        assert starts[link.after] >= link.least(starts[link.before])
    for index, job in enumerate(model.jobs):
        assert job.pinned is not None or (
            starts[index] >= job.earliest and job.on_or_after(starts[index]) == starts[index]
        )
    for step in range(HORIZON):
        on = [job for job, start in zip(model.jobs, starts, strict=True) if start <= step < job.end(start)]
        assert all(sum(job.needs == ((r, 1),) for job in on) <= room for r, room in enumerate(model.capacity))
        handed = [job for job, start in zip(model.jobs, starts, strict=True) if start == step and job.pinned is None]
        assert all(sum(job.hand_in == desk for job in handed) <= 1 for desk in (0, 1))
    assert generation.left_justified(model, starts) == starts or model.value(starts) >= 0
    assert all(x <= y for x, y in zip(generation.left_justified(model, starts), starts, strict=True))


def test_it_is_the_parallel_scheme():
    jobs = tuple(Job(str(n), 1 + n % 4, n % 3, ((n % 2, 1),)) for n in range(30))
    links = tuple(Link(n, n + 5, jobs[n].length) for n in range(0, 25, 2))
    model = Model(jobs, links, (2, 1), horizon=200, groups=(tuple(range(30)),))
    for seed in range(20):
        wish = [random.Random(seed * 100 + n).random() for n in range(30)]
        assert Dispatcher(model).schedule(wish) == generation.parallel(model, wish)


def test_it_stops_as_soon_as_the_lateness_is_too_much():
    jobs = tuple(Job(str(n), 3, needs=((0, 1),)) for n in range(4))
    dues = tuple(Due(n, 0, 1) for n in range(4))  # late by 0, 3, 6, 9
    dispatcher = Dispatcher(Model(jobs, (), (1,), dues=dues, horizon=20, groups=((0, 1, 2, 3),)))
    assert dispatcher.schedule([0, 1, 2, 3], 18) == [0, 3, 6, 9]
    assert dispatcher.placed == 4
    assert dispatcher.schedule([0, 1, 2, 3], 8) is None
    assert dispatcher.placed == 3


@pytest.mark.parametrize(
    "jobs",
    [
        (Job("too long", 9, needs=((0, 1),)),),
        (Job("out of season", 1, needs=((0, 1),), mask=bytes(8)),),
        (Job("a node too late", 0, 9),),
        (Job("first", 5, needs=((0, 1),)), Job("second", 5, needs=((0, 1),))),
    ],
)
def test_a_horizon_too_short_is_noticed(jobs):
    with pytest.raises(HorizonShort):
        Dispatcher(Model(jobs, (), (1,), horizon=8, groups=(tuple(range(len(jobs))),))).schedule([0.0] * len(jobs))


def test_when_it_cannot_be_used():
    one = Model((Job("a", 2, needs=((0, 1),)),), (), (2,), horizon=9, groups=((0,),))
    assert dispatching.dispatchable(one)
    for job in (
        Job("two places", 2, needs=((0, 2),)),
        Job("two desks", 2, needs=((0, 1), (1, 1))),
        Job("a kept day", 2, needs=((0, 1),), fixed=3),
        Job("begun later", 2, needs=((0, 1),), pinned=(3, 5)),
    ):
        assert not dispatching.dispatchable(replace(one, jobs=(*one.jobs, job), capacity=(2, 2)))
    assert dispatching.dispatchable(replace(one, jobs=(*one.jobs, Job("over", 0, pinned=(3, 5)))))
