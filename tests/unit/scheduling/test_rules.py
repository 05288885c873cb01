"""The integer core: passes, generation, rules, bounds and circles, on models small enough to see through."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from luodi.scheduling import (
    bounds,
    cycles,
    dispatching,
    fixing,
    generation,
    improving,
    justifying,
    latest,
    passes,
    reckoning,
    rules,
    search,
    shifting,
    solver,
)
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


def test_what_is_fixed_where_something_runs_fits_nowhere():
    jobs = (Job("a", 3, needs=((0, 1),), pinned=(0, 3)), Job("b", 2, needs=((0, 1),), fixed=2, earliest=2))
    with pytest.raises(HorizonShort):
        generation.serial(Model(jobs, (), (1,), horizon=9, groups=((0, 1),)), [0, 1])


def test_what_has_begun_bounds_no_start_and_a_weight_of_none_costs_nothing():
    model = replace(MODEL, makespan=False, dues=(Due(2, 4, 5), Due(0, 0, 1, settled=2)), horizon=30)
    assert bounds.last_starts(model, [0, 0, 3], 12) == {0: 3, 2: 6}
    free = replace(model, dues=(Due(2, 4, 0), Due(1, 0, 1)))
    solved = solver.solve(Question(free, [2, 0, 6], [0, 0, 3], 20), Limits(5, 20))
    assert (solved.bound, solved.proven) == (0, True)


def test_hand_ins_of_those_that_stand_count():
    jobs = tuple(Job(str(n), 0, hand_in=0) for n in range(3))
    model = Model(jobs, (), (), (1,), tuple(Due(n, 0, 1) for n in range(3)), horizon=9, groups=((0,), (1,), (2,)))
    solved = solver.solve(Question(model, [0, 4, 5], [0, 0, 0], 9, free=frozenset({1, 2})), Limits(5, 20))
    assert sorted(solved.starts or ()) == [0, 1, 2]


def test_a_schedule_at_its_bound_is_not_bettered():
    longer = replace(MODEL, horizon=20)
    found = justifying.improve(longer, [0, 5, 10], 1, 1.0, 7, float("inf"))
    assert (longer.value(found.starts), found.work) == (7, 0)


def test_an_axis_too_short_for_any_rule_is_noticed():
    with pytest.raises(HorizonShort):
        search.search(replace(MODEL, makespan=False, capacity=(2,), horizon=5, dues=(Due(2, 1, 1),)), Limits(0, 1))


def test_a_plan_of_before_that_no_longer_fits_is_let_go():
    late = replace(MODEL, makespan=False, base=(7, None, None), move_weight=1, dues=(Due(2, 1, 5),))
    found = search.search(late, Limits(1, 20))
    assert late.lateness(found.starts) == 5 * (3 - 1)


def test_a_fixed_day_that_pushing_would_break_leaves_all_in_place():
    jobs = (
        Job("a", 2, 3, ((0, 1),)), Job("b", 0, fixed=5, earliest=5), Job("d", 2, 4, ((0, 1),)),
        Job("e", 0, fixed=6, earliest=6),
    )  # fmt: skip
    model = Model(jobs, (Link(0, 1, -2), Link(1, 2, -3), Link(2, 3, 2)), (1,), horizon=20, groups=((0, 1, 2, 3),))
    starts = [6, 5, 4, 6]  # a moved to 3 would push d to 5, too late for e
    assert improving.pushed(model, starts) == starts


def test_a_step_beyond_the_axis_is_noticed_when_delays_are_reckoned():
    model = Model(JOBS, MODEL.links, (), dues=(Due(2, 4, 1),), horizon=5, groups=((0, 1, 2),))
    with pytest.raises(HorizonShort):
        reckoning._added(model, [0, 0, 3], 2, 4)


def test_hand_ins_of_days_before_the_last_count_no_more():
    jobs = (Job("a", 0, hand_in=0, pinned=(2, 2)), Job("b", 0, hand_in=0, pinned=(1, 1)), Job("c", 0, 2, hand_in=0))
    model = Model(jobs, (), (), (2,), dues=(Due(2, 0, 1),), horizon=9, groups=((0,), (1,), (2,)))
    assert dispatching.Dispatcher(model).schedule([0, 0, 0]) == [2, 1, 2]


def test_latest_days_without_a_solver_or_the_work_are_not_verified(monkeypatch):
    """Three jobs at one desk: the first can't begin on its last day, as the second can't be served before it."""
    jobs = tuple(Job(str(n), 2, first, ((0, 1),)) for n, first in enumerate((0, 2, 0)))
    model = Model(jobs, (), (1,), dues=tuple(Due(n, 2, 1) for n in range(3)), horizon=20, groups=((0,), (1,), (2,)))
    starts = [0, 2, 4]
    asked = latest.with_capacity(model, starts, 0, 2, Limits(5, 20))
    assert (asked.start, asked.verified) == (0, True)
    monkeypatch.setattr(solver, "installed", lambda: False)
    assert latest.with_capacity(model, starts, 0, 2, Limits(5, 20)) == latest.Latest(2, False)


def test_a_fixed_day_before_what_comes_first_is_proven_impossible():
    jobs = (
        Job("a", 5),
        Job("b", 0, earliest=3, mask=bytes([0, 0, 0, 1, 0, 0, 0, 0, 0]), fixed=3),
        Job("c", 1, fixed=1),
    )
    model = Model(jobs, (Link(0, 1, 5),), (), horizon=9, groups=((0, 1, 2),))
    with pytest.raises(fixing.NoPlan) as none:
        fixing.schedule(model, 1)
    assert (none.value.jobs, none.value.proven) == ((1,), True)


def test_orders_are_searched_serially_where_desks_cannot_be_served():
    jobs = tuple(Job(str(n), 1 + n % 3, needs=((0, 1 + n % 2),)) for n in range(12))
    dues = tuple(Due(n, n % 4, 1 + n % 3) for n in range(12))
    model = Model(jobs, (), (2,), dues=dues, horizon=60, groups=tuple((n,) for n in range(12)))
    assert not dispatching.dispatchable(model)
    starts = generation.serial(model, [float(n) for n in range(12)])
    found = shifting.improve(model, starts, 1, 0.05, float("inf"), 0)
    assert model.value(found.starts) < model.value(starts)


def packed() -> Model:
    """Thirty odd jobs that must fill a desk with room for seven, but for a step, before a node fixed to its day."""
    chance = random.Random(1)
    lengths = [chance.randint(3, 19) for _ in range(30)]
    day = -(-sum(lengths) // 7)
    only = bytes(step == day for step in range(day + 60))
    jobs = [Job(str(n), length, needs=((0, 1),)) for n, length in enumerate(lengths)]
    links = tuple(Link(n, 30, length) for n, length in enumerate(lengths))
    jobs.append(Job("node", 0, day, mask=only, fixed=day))
    return Model(tuple(jobs), links, (7,), dues=(Due(30, day),), horizon=day + 60, groups=(tuple(range(31)),))


def test_what_the_work_did_not_settle_is_not_called_proven(monkeypatch):
    model = packed()
    starts = fixing.schedule(model, 1)
    latest_alone = starts[30] - model.jobs[0].length
    assert not latest.with_capacity(model, starts, 0, latest_alone, Limits(0, 20)).verified
    monkeypatch.setattr(fixing, "WORK", 0.0)
    with pytest.raises(fixing.NoPlan) as none:
        fixing.schedule(model, 1)
    assert (none.value.jobs, none.value.proven) == ((30,), False)


def test_a_latest_day_regards_no_promise_that_is_settled():
    jobs = (Job("over", 0, pinned=(0, 2)), Job("first", 2, needs=((0, 1),)), Job("then", 2, 2, ((0, 1),)))
    model = Model(jobs, (), (1,), dues=(Due(0, 0, settled=1), Due(1, 2), Due(2, 2)), horizon=9, groups=((0,), (1, 2)))
    assert latest.with_capacity(model, [0, 0, 2], 1, 2, Limits(5, 20)).start == 0


def test_the_wall_stops_draws_of_orders():
    found = justifying.improve(replace(MODEL, horizon=20), [0, 5, 10], 1, 1.0, 0, until=0.0)
    assert found.walled
    assert MODEL.value(found.starts) == 7
