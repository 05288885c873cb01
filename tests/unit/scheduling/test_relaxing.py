"""Prices for the agencies' room: never above the optimum, and above the critical path where many wait."""

from __future__ import annotations

import pytest
from bench import plan as bench

from luodi.kernel import yamltext
from luodi.scheduling import compiling, document, passes, relaxing, search
from luodi.scheduling.model import Due, Job, Link, Model
from luodi.scheduling.solver import Limits
from luodi.scheduling.values import PlanFile

PLENTY = Limits(0.5, 60)


def queue(count: int, **more: object) -> Model:
    """Give projects of one job of three steps before one desk, all promised for the third step."""
    jobs = tuple(Job(str(n), 3, needs=((0, 1),)) for n in range(count))
    dues = tuple(Due(n, 0, 1) for n in range(count))
    groups = tuple((n,) for n in range(count))
    return Model(jobs, (), (1,), dues=dues, horizon=60, groups=groups, **more)  # type: ignore[arg-type]


def test_those_who_wait_in_a_queue_are_late():
    model = queue(5)  # at best 0 + 3 + 6 + 9 + 12
    found = relaxing.bound(model, [0] * 5, 30, PLENTY)
    assert 25 <= found.bound <= 30
    assert 0 < found.work <= PLENTY.work + 0.1
    assert not found.walled


def test_a_value_that_cannot_be_bettered_is_proven():
    model = queue(3, per_day=())
    assert relaxing.bound(model, [0] * 3, 9, PLENTY).bound >= 8


def test_what_has_begun_takes_its_room_and_is_as_late_as_it_is():
    running = Job("running", 0, needs=((0, 1),), pinned=(0, 4))
    model = Model(
        (running, Job("next", 3, needs=((0, 1),)), Job("after", 0), Job("free", 2)),
        (Link(1, 2, 3), Link(2, 3, 0)),
        (1,),
        dues=(Due(0, 0, 2, settled=4), Due(2, 3, 1)),
        horizon=40,
        groups=((0,), (1, 2, 3)),
    )
    found = relaxing.bound(model, [0, 0, 3, 3], 40, PLENTY)
    assert found.bound == 8 + 4  # four steps until the desk is free


def test_nothing_is_priced_where_nothing_can_be_gained():
    early = [0, 0]
    assert relaxing.bound(queue(2, move_weight=1), early, 9, PLENTY).work == 0
    assert relaxing.bound(Model((), (), (1,), horizon=5), [], 3, PLENTY).bound == 0
    assert relaxing.bound(queue(2), early, 3, Limits(0, 60)).bound == 0
    assert relaxing.bound(queue(9), [0] * 9, 200, Limits(50, 0)).walled


@pytest.mark.parametrize("seed", range(2))
def test_the_bound_is_below_the_optimum(seed):
    text = bench.portfolio(4, 6, 2, 0.9, seed, (0.8, 1.1)).replace("calendar: []", "calendar: [cn]")
    plan = document.read(yamltext.loads(text.replace("{at_once: 1}", "{at_once: 1, closed: [2026-03-03]}")), "x")
    assert isinstance(plan, PlanFile)
    model = compiling.compile_plan(plan).model
    found = search.search(model, Limits(1, 60))
    early = passes.forward(model)
    for value in (found.value, found.value + 10, 2 * found.value):
        bound = relaxing.bound(model, early, value, Limits(0.2, 30)).bound
        assert model.lateness(early) <= bound <= found.value
