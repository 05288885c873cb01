"""
Solving a plan as a whole, with CP-SAT, for a better plan and for the proof that there is none. Turns that may be asked of
the best plan are added first (`turns`): they leave less to prove.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from luodi.scheduling import bounds, improving, passes, solver, turns
from luodi.scheduling.model import Model, Starts
from luodi.scheduling.solver import USUAL, Limits, Manner, Question
from luodi.scheduling.turns import Turns

LITTLE = 0.005  # work that isn't worth beginning anything for
BETTER = Manner(thorough=True, rate=0.2)
BELOW = Manner(from_below=True, thorough=True, hinted=False, rate=0.2)
# What the whole is looked at with, and the part of the work left that each may take; None: part by part, as a plan too
# large for the whole. Measured: bench/plan.py.
OF_LENGTH: tuple[tuple[float, Manner | None], ...] = ((0.5, USUAL), (1.0, Manner(from_below=True)))
OF_LATENESS: tuple[tuple[float, Manner | None], ...] = ((0.05, USUAL), (0.15, None), (0.2, BETTER), (1.0, BELOW))
# How high the same question is bounded by the same work varies by a seventh with the seed: so some are tried for part
# of the work, and the best of them goes on.
TRIES, TRIED = 5, 0.6


@dataclass(frozen=True)
class Solved:
    """What came out: starts, the best bound with its kind, the work it took, and whether the wall stopped it."""

    starts: Starts
    bound: tuple[int, str]
    work: float = 0.0
    walled: bool = False


def solve(model: Model, best: Starts, early: Sequence[int], bound: tuple[int, str], limits: Limits) -> Solved:
    """Look for a better plan and a better bound by turns, until they meet or the work is spent. Never worse than `best`."""
    until, spent, walled = time.monotonic() + limits.wall, 0.0, False
    taken = turns.of(model, early)
    best, early = taken.kept_by(best), passes.forward(taken.model)
    bound = max(bound, bounds.of(taken.model, early), key=lambda one: one[0])
    for part, manner in OF_LENGTH if model.makespan else OF_LATENESS:
        value, wall = model.value(best), until - time.monotonic()
        if bound[0] >= value or limits.work - spent < LITTLE:
            break
        left = Limits(part * (limits.work - spent), part * wall, limits.seed)
        if manner is None:
            free = sum(job.pinned is None for job in model.jobs) // 2
            if free < improving.JOBS_FREED:
                continue
            improved = improving.by_parts(model, best, early, left, bound[0], free, BETTER)
            best, spent, walled = taken.kept_by(improved.starts), spent + improved.work, walled or improved.walled
            continue
        solve_with = solver.solve if manner.hinted else raised
        solved = solve_with(_question(taken, best, early, bound[0]), left, manner)
        # What stopped neither at a proof nor at the work was stopped by the wall.
        walled = walled or (not solved.proven and solved.work < 0.95 * left.work)
        best = min(best, solved.starts or best, key=model.value)
        spent += solved.work
        bound = max(bound, (min(solved.bound, value), "cp_sat"), key=lambda one: one[0])
    return Solved(best, bound, spent, walled)


def raised(question: Question, limits: Limits, manner: Manner) -> solver.Solved:
    """Raise the bound: short tries with seeds of their own, of which the best goes on with what is left."""
    until, value = time.monotonic() + limits.wall, question.model.value(question.starts)
    short = [(limits.seed + number, limits.work * TRIED / TRIES) for number in range(TRIES)]
    found: list[tuple[solver.Solved, int]] = []
    for seed, work in short:
        found.append((solver.solve(question, Limits(work, until - time.monotonic(), seed), manner), seed))
        if found[-1][0].bound >= value:
            break
    best, seed = max(found, key=lambda one: one[0].bound)
    spent = sum(one.work for one, _ in found)
    if best.bound < value:
        longer = solver.solve(question, Limits(limits.work - spent, until - time.monotonic(), seed), manner)
        found, spent = [*found, (longer, seed)], spent + longer.work
    plans = [one.starts for one, _ in found if one.starts is not None]
    starts = min(plans, key=question.model.value, default=None)
    return replace(best, starts=starts, bound=max(one.bound for one, _ in found), work=spent)


def _question(taken: Turns, best: Starts, early: Sequence[int], bound: int) -> Question:
    """Ask for the best plan at all: on the whole axis, for a bound holds for every plan; a shorter whole needs no more."""
    model = taken.model
    if model.makespan:
        return Question(model, best, early, model.value(best), bound)
    highest = {} if model.move_weight else bounds.last_starts(model, early, model.value(best))
    return Question(model, best, early, model.horizon, bound, highest=highest, overtakings=taken.overtakings)
