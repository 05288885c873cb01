"""Solving a plan as a whole: parts of a larger one, the same answer every time, and what stopped it."""

from __future__ import annotations

from bench import plan as bench

from luodi.kernel import yamltext
from luodi.scheduling import compiling, document, generation, passes, whole
from luodi.scheduling.solver import Limits
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


def test_the_wall_is_told():
    plan = document.read(yamltext.loads(bench.portfolio(10, 20, 4, 0.8, 3, (0.8, 1.2))), "x")
    assert isinstance(plan, PlanFile)
    model = compiling.compile_plan(plan).model
    early = passes.forward(model)
    first = generation.serial(model, [float(start) for start in early])
    assert whole.solve(model, first, early, (0, "critical_path"), Limits(20, 0.5)).walled
