"""The integer core: passes, generation, rules, bounds and circles, on models small enough to see through."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from luodi.scheduling import bounds, cycles, generation, justifying, passes, rules, solver
from luodi.scheduling.model import NEVER, Due, HorizonShort, Job, Link, Model
from luodi.scheduling.solver import Limits, Question

JOBS = (
    Job("a", 3, needs=((0, 1),)),
    Job("b", 2, needs=((0, 2),)),
    Job("c", 2, needs=((0, 1),)),
)
MODEL = Model(JOBS, (Link(0, 2, 3),), (2,), makespan=True, horizon=8, groups=((0, 1, 2),))


def test_passes():
    assert passes.forward(MODEL) == [0, 0, 3]
    assert passes.backward(MODEL, [None, None, 6]) == [3, None, 6]
    assert passes.free(MODEL, [0, 0, 3], [None, None, 5]) == [0, None, 5]


def test_a_horizon_too_short_is_noticed():
    with pytest.raises(HorizonShort):
        passes.forward(replace(MODEL, horizon=4))
    with pytest.raises(HorizonShort):
        generation.serial(replace(MODEL, horizon=6), [0, 1, 2])
    out_of_season = replace(MODEL, jobs=(replace(JOBS[0], mask=bytes(8)), *JOBS[1:]))
    for make in (passes.forward, lambda model: generation.serial(model, [0, 1, 2])):
        with pytest.raises(HorizonShort):
            make(out_of_season)


@pytest.mark.parametrize("make", [generation.serial, generation.parallel])
@pytest.mark.parametrize("seed", range(20))
def test_every_schedule_is_feasible_and_left_justified_ones_no_later(make, seed):
    chance = random.Random(seed)
    jobs = tuple(
        Job(str(n), chance.randint(0, 4), needs=((0, chance.randint(1, 3)),), mask=bytes([1, 0, 1, 1] * 20))
        for n in range(7)
    )
    links = tuple(Link(a, b, chance.randint(-1, 4)) for a in range(7) for b in range(a + 1, 7) if chance.random() < 0.3)
    model = Model(jobs, links, (3,), makespan=True, horizon=80, groups=(tuple(range(7)),))
    starts = make(model, [chance.random() for _ in jobs])
    better = generation.left_justified(model, starts)
    assert all(new <= old for new, old in zip(better, starts, strict=True))
    for found in (starts, better):
        assert all(found[link.after] >= found[link.before] + link.offset for link in links)
        for step in range(80):
            used = sum(job.needs[0][1] for job, at in zip(jobs, found, strict=True) if at <= step < at + job.length)
            assert used <= 3


def test_hand_ins_a_day_are_counted():
    jobs = tuple(Job(str(n), 0, hand_in=0) for n in range(3))
    model = Model(jobs, (), (), per_day=(2,), horizon=5, groups=((0, 1, 2),))
    assert generation.serial(model, [2, 1, 0]) == [1, 0, 0]
    assert generation.parallel(model, [2, 1, 0]) == [1, 0, 0]


def test_what_is_fixed_keeps_its_place():
    jobs = (Job("a", 3, needs=((0, 1),)), Job("b", 2, needs=((0, 1),), fixed=2, earliest=2))
    model = Model(jobs, (), (1,), horizon=20, groups=((0, 1),))
    assert generation.serial(model, [0, 1]) == [4, 2]  # a doesn't fit before it
    with pytest.raises(HorizonShort):
        generation.serial(replace(model, links=(Link(0, 1, 3),)), [0, 1])


def test_every_rule_gives_every_job_a_number():
    dues = (Due(2, 4, 5),)
    case = rules.case_of(replace(MODEL, makespan=False, dues=dues))
    assert len(rules.RULES) >= 5
    for rule in rules.RULES.values():
        assert len(rule(case)) == 3
    assert list(rules.latest_start(case)) == [1.0, rules.FAR, 4.0]
    assert list(rules.earliest_promise(case)) == [4.0, 4.0, 4.0]


def test_bounds():
    assert bounds.of(MODEL, [0, 0, 3]) == (5, "critical_path")
    heavy = replace(MODEL, jobs=(*JOBS[:1], replace(JOBS[1], length=9), JOBS[2]))
    assert bounds.of(heavy, [0, 0, 3]) == (12, "energy")  # 3 + 18 + 2 over 2


def test_lateness_and_moves():
    model = replace(
        MODEL, makespan=False, dues=(Due(2, 4, 5), Due(0, 0, 1, settled=2)), base=(None, 1, 3), move_weight=7
    )
    assert model.lateness([0, 0, 6]) == 12
    assert model.moved([0, 3, 3]) == 2
    assert model.value([0, 3, 3]) == 2 + 14


def test_tables_of_ends_and_of_links():
    job = Job("x", 0, ends=(2, 3, 5, NEVER), mask=bytes([1, 0, 1, 1]))
    assert [job.end(0), job.on_or_after(1), job.on_or_before(1), job.latest_start(4)] == [2, 2, 0, 0]
    assert (job.on_or_after(9), job.on_or_before(-1)) == (NEVER, -1)
    link = Link(0, 1, table=(1, 1, 4, 6))
    assert (link.least(2), link.latest(5), link.latest(0)) == (4, 2, -1)


def test_circles():
    names = ["a", "b", "c", "d"]
    assert list(cycles.find(names, [("a", "c"), ("c", "a"), ("b", "a"), ("x", "a")])) == [["a", "c", "a"]]
    assert list(cycles.find(names, [("a", "b"), ("b", "c"), ("a", "c"), ("d", "d")])) == [["d", "d"]]


def test_justification_keeps_a_schedule_feasible():
    longer = replace(MODEL, horizon=20)
    mirror = justifying.mirrored(longer)
    found = justifying.justify(longer, mirror, [0, 5, 10])
    assert longer.value(found) == 7


def test_the_solver_asks_for_a_latest_start():
    model = replace(MODEL, makespan=False, dues=(Due(2, 5, 1),), horizon=9)
    question = Question(model, [0, 5, 3], [0, 0, 3], 9, target=0, most_late=(0,))
    solved = solver.solve(question, Limits(5, 20))
    assert (solved.proven, solved.starts[0] if solved.starts else None) == (True, 2)


def test_the_solver_says_when_there_is_no_plan():
    model = replace(MODEL, makespan=False, dues=(Due(2, 2, 1),), horizon=9)
    solved = solver.solve(Question(model, [0, 5, 3], [0, 0, 3], 9, target=0, most_late=(0,)), Limits(5, 20))
    assert (solved.infeasible, solved.starts) == (True, None)
