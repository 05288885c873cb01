"""
From a model to the best plan that the given work finds: bounds, priority rules, then CP-SAT from the best of them.
The answer is never worse than the best rule's, and says what it proved and what stopped it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from luodi.scheduling import bounds, generation, improving, justifying, passes, rules, solver
from luodi.scheduling.model import HorizonShort, Model, Starts
from luodi.scheduling.solver import Limits, Question

# Up to here CP-SAT takes the whole model; beyond it is improved part by part. Measured: bench/plan.py.
WHOLE = 400


@dataclass(frozen=True)
class RuleValue:
    """What one priority rule reached with one scheme of generation."""

    rule: str
    scheme: str
    value: int


@dataclass(frozen=True)
class Found:
    """The plan found: starts, value, the bound and its kind, what stopped the search, the work it took."""

    starts: Starts
    value: int
    bound: int
    bound_kind: str
    stopped_by: str
    rules: tuple[RuleValue, ...] = ()
    work: float = 0.0
    solver_there: bool = True

    @property
    def proven(self) -> bool:
        """Tell whether nothing can be better."""
        return self.value <= self.bound


def search(model: Model, limits: Limits) -> Found:
    """Find a plan. Raises HorizonShort when the model's axis is too short for any."""
    began = time.monotonic()
    early = passes.forward(model)
    bound, kind = bounds.of(model, early)
    candidates, tried = _by_rules(model)
    best = min(candidates, key=model.value)
    cut = False
    if model.makespan and best and model.value(best) > bound:
        best, cut = justifying.improve(model, best, limits.seed, bound, began + limits.wall / 3)
    value = model.value(best)
    there = solver.installed()
    if value <= bound and there:
        return Found(best, value, bound, kind, "proof", tried)
    if not there:
        return Found(best, value, bound, kind, "no_solver", tried, solver_there=False)
    left = Limits(limits.work, limits.wall - (time.monotonic() - began), limits.seed, solver.WORKERS)
    return _solved(model, best, early, (bound, kind), left, tried, cut)


def _by_rules(model: Model) -> tuple[list[Starts], tuple[RuleValue, ...]]:
    """Schedule by every rule and both schemes."""
    case = rules.case_of(model)
    candidates: list[Starts] = []
    tried: list[RuleValue] = []
    short: HorizonShort | None = None
    for name, rule in rules.RULES.items():
        preference = rule(case)
        for scheme, generate in (("serial", generation.serial), ("parallel", generation.parallel)):
            try:
                starts = generate(model, preference)
            except HorizonShort as found:  # an order may make what comes before a fixed day too late for it
                short = found
                continue
            candidates.append(starts)
            tried.append(RuleValue(name, scheme, model.value(starts)))
    if model.move_weight:
        try:
            candidates.append(_kept(model))
        except HorizonShort as found:
            short = found
    if not candidates:
        raise short or HorizonShort(0)
    return candidates, tuple(tried)


def _kept(model: Model) -> Starts:
    """Repair the plan of before: in its order, nothing earlier than it was, later only where it has to be."""
    known = [base for base in model.base if base is not None]
    last = max(known, default=0)
    wish = [float(last if base is None else base) for base in model.base]
    return generation.serial(model, wish, [0 if base is None else max(0, base) for base in model.base])


def _solved(
    model: Model,
    best: Starts,
    early: Sequence[int],
    bound: tuple[int, str],
    limits: Limits,
    tried: tuple[RuleValue, ...],
    cut: bool,
) -> Found:
    free = sum(job.pinned is None for job in model.jobs)
    value = model.value(best)
    ends_by = max(job.end(start) for job, start in zip(model.jobs, best, strict=True))
    if model.makespan or free <= WHOLE:
        # A bound holds for every plan only if the solver may use the whole axis; a shorter whole needs no more.
        reach = ends_by if model.makespan else model.horizon
        solved = solver.solve(Question(model, best, early, reach, bound[0]), limits)
        # What stopped neither at a proof nor at the work was stopped by the wall.
        spent, walled = solved.work, cut or solved.work < 0.95 * limits.work
        if solved.bound > bound[0]:
            bound = (min(solved.bound, value), "cp_sat")
        starts = solved.starts or best
    else:
        improved = improving.improve(model, best, early, limits, bound[0])
        starts, spent, walled = improved.starts, improved.work, improved.walled
    if not model.move_weight:
        starts = generation.left_justified(model, starts)
    best = min(best, starts, key=model.value)
    value = model.value(best)
    lowest = min(bound[0], value)
    stopped = "proof" if value <= lowest else "wall" if walled else "work"
    return Found(best, value, lowest, bound[1], stopped, tried, spent)
