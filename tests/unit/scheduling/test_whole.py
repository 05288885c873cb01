"""Solving a plan as a whole: parts of a larger one, the same answer every time, and what stopped it."""

from __future__ import annotations

from bench import plan as bench

from luodi.kernel import yamltext
from luodi.scheduling import compiling, document, generation, passes, whole
from luodi.scheduling.model import Due, Job, Model
from luodi.scheduling.solver import Limits, Question
from luodi.scheduling.values import PlanFile


def test_a_plan_of_many_matters_is_bettered_in_parts_and_bounded_the_same_every_time():
    plan = document.read(yamltext.loads(bench.portfolio(10, 20, 4, 0.8, 3, (0.8, 1.2))), "x")
    assert isinstance(plan, PlanFile)
    model = compiling.compile_plan(plan).model
    early = passes.forward(model)
    first = generation.serial(model, [float(start) for start in early])
    simple = model.lateness(early)
    once, again = (whole.solve(model, first, early, (simple, "critical_path"), Limits(1.5, 60)) for _ in range(2))
    assert (once.starts, once.bound) == (again.starts, again.bound)
    assert simple <= once.bound[0] <= model.value(once.starts) < model.value(first)
    assert not once.walled


def test_a_bound_is_raised_until_it_meets_the_plan_and_the_plan_bettered_on_the_way():
    """Three jobs of two steps at one desk, all promised for its first: late by 0, 2 and 4 at best."""
    jobs = tuple(Job(str(n), 2, needs=((0, 1),)) for n in range(3))
    dues = tuple(Due(n, 0, 1) for n in range(3))
    model = Model(jobs, (), (1,), dues=dues, horizon=20, groups=((0, 1, 2),))
    known = whole.raised(Question(model, [0, 2, 4], [0, 0, 0], 20), Limits(2, 20), whole.BELOW)
    assert known.bound == 6
    worse = whole.raised(Question(model, [3, 5, 7], [0, 0, 0], 20), Limits(2, 20), whole.BELOW)
    assert (worse.bound, model.value(worse.starts or [])) == (6, 6)


def test_the_wall_is_told():
    plan = document.read(yamltext.loads(bench.portfolio(10, 20, 4, 0.8, 3, (0.8, 1.2))), "x")
    assert isinstance(plan, PlanFile)
    model = compiling.compile_plan(plan).model
    early = passes.forward(model)
    first = generation.serial(model, [float(start) for start in early])
    assert whole.solve(model, first, early, (0, "critical_path"), Limits(20, 0.5)).walled
