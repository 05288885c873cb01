"""
From a model to the best plan that the given work finds: bounds, priority rules, then CP-SAT from the best of them.
The answer is never worse than the best rule's, and says what it proved and what stopped it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from luodi.scheduling import (
    bounds,
    dispatching,
    fixing,
    generation,
    improving,
    justifying,
    passes,
    rules,
    shifting,
    solver,
    whole,
)
from luodi.scheduling.dispatching import Dispatcher
from luodi.scheduling.model import HorizonShort, Model, Starts
from luodi.scheduling.solver import Limits

# Up to here CP-SAT takes the whole model; beyond it is improved part by part. Measured: bench/plan.py.
WHOLE = 400
# Up to so many tasks the solver proves nearly all, and needs the work; of more the draws take half of it.
PROVEN = 60
DRAWN = 0.5
SHIFTED = 0.1  # part of the work that goes into the order of projects before CP-SAT takes the whole model


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
    candidates, tried = _by_rules(model, limits.seed)
    best = min(candidates, key=model.value)
    there = solver.installed()
    if model.value(best) <= bound or not limits.work:
        return _unsearched(model, best, (bound, kind), tried, there)
    spent, walled = 0.0, False
    if model.makespan or not model.move_weight:
        best, spent, walled = _better_order(model, best, limits, bound, began)
    if model.value(best) <= bound or not there:
        return _unsearched(model, best, (bound, kind), tried, there, spent)
    left = Limits(max(limits.work - spent, 0.01), limits.wall - (time.monotonic() - began), limits.seed)
    return _solved(model, best, early, (bound, kind), left, tried, (spent, walled))


def _unsearched(
    model: Model, best: Starts, bound: tuple[int, str], tried: tuple[RuleValue, ...], there: bool, spent: float = 0.0
) -> Found:
    """Tell what rules and orders found: proven by the simple bound, or all that can be done."""
    value = model.value(best)
    stopped = "no_solver" if not there else "proof" if value <= bound[0] else "work"
    return Found(best, value, min(bound[0], value), bound[1], stopped, tried, spent, solver_there=there)


def _better_order(model: Model, best: Starts, limits: Limits, bound: int, began: float) -> tuple[Starts, float, bool]:
    """Search orders before the solver: the starts, the work it took, and whether the wall cut it short."""
    free = sum(job.pinned is None for job in model.jobs)
    found: justifying.Justified | shifting.Shifted
    if model.makespan:
        few = 3 * justifying.PLACING * justifying.DRAWS * len(model.jobs)
        work = min(few, DRAWN * limits.work) if free <= PROVEN else DRAWN * limits.work
        found = justifying.improve(model, best, limits.seed, work, bound, began + DRAWN * limits.wall)
    else:
        part = SHIFTED if free <= WHOLE else improving.ORDER
        until = began + part * limits.wall
        found = shifting.improve(model, best, limits.seed, part * limits.work, until, bound)
    return found.starts, found.work, found.walled


def _by_rules(model: Model, seed: int) -> tuple[list[Starts], tuple[RuleValue, ...]]:
    """
    Schedule by every rule and both schemes, and keep the plan of before if there is one. Where none of them keeps the
    fixed days, the solver does. Raises HorizonShort, and NoPlan where fixed days can't stand together.
    """
    case = rules.case_of(model)
    dispatcher = dispatching.Dispatcher(model) if dispatching.dispatchable(model) else None
    candidates: list[Starts] = []
    tried: list[RuleValue] = []
    short: HorizonShort | None = None
    for name, rule in rules.RULES.items():
        preference = rule(case)
        for scheme in ("serial", "parallel"):
            try:
                starts = _generated(model, scheme, preference, dispatcher)
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
        if not fixing.fixed_jobs(model):
            raise short or HorizonShort(0)
        candidates.append(fixing.schedule(model, seed))
        tried.append(RuleValue("fixed_days", "solver", model.value(candidates[0])))
    return candidates, tuple(tried)


def _generated(model: Model, scheme: str, preference: rules.Preference, dispatcher: Dispatcher | None) -> Starts:
    if scheme == "serial":
        return generation.serial(model, preference)
    served = dispatcher.schedule(preference) if dispatcher is not None else None
    return served or generation.parallel(model, preference)


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
    before: tuple[float, bool],
) -> Found:
    """Let CP-SAT improve what the orders found, whole or part by part; `before`: work spent, and if the wall cut it."""
    free = sum(job.pinned is None for job in model.jobs)
    value = model.value(best)
    if model.makespan or free <= WHOLE:
        found: whole.Solved | improving.Improved = whole.solve(model, best, early, bound, limits)
    else:
        found = improving.by_parts(model, best, early, limits, bound[0])
    bound = found.bound if isinstance(found, whole.Solved) else bound
    starts = found.starts if model.move_weight else improving.pushed(model, found.starts)
    best = min(best, starts, key=model.value)
    value = model.value(best)
    lowest = min(bound[0], value)
    stopped = "proof" if value <= lowest else "wall" if found.walled or before[1] else "work"
    return Found(best, value, lowest, bound[1], stopped, tried, before[0] + found.work)
