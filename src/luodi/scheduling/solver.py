"""
CP-SAT on a model or on a part of it, the rest standing where it is. OR-Tools is loaded when something is solved, not
before: it is an extra, and loading it takes longer than most plans.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from luodi.scheduling.model import NEVER, Due, Job, Link, Model, Starts
from luodi.scheduling.turns import Overtaking

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

# One worker: the same answer every time. Two interleaved ones were slower (bench/plan.py) and ended early without saying
# why.
WORKERS = 1
# Deterministic time for trying values before the search. Where calendars make tables each of three rounds would take 1.0
# and find next to nothing.
PROBING = 0.02
# Conflicts between restarts where the bound is raised without a hint: four times as many as usual raised it higher.
SELDOM = 200


@dataclass(frozen=True)
class Manner:
    """
    How CP-SAT goes about it. `from_below` tries the smallest values first, which raises the bound rather than betters the
    plan; `thorough` reasons longer about what can't stand at an agency before it tries; `linear` is the level of its
    linear relaxation. Not `hinted`, it isn't shown the plan there is: from below that leads it astray; it stops when its
    bound reaches that plan. `rate` is its deterministic time in a unit of work, which is about a second of one core on the
    machine the default limits were measured on.
    """

    from_below: bool = False
    thorough: bool = False
    linear: int = 0
    hinted: bool = True
    rate: float = 0.4


USUAL = Manner()


def installed() -> bool:
    """Tell whether OR-Tools is there, without loading more than its name. One that can't be imported isn't there."""
    try:
        return importlib.util.find_spec("ortools.sat") is not None
    except ImportError:
        return False


@dataclass(frozen=True)
class Limits:
    """How long a solve may take: `work` is counted, the same on every machine; `wall` is a guard."""

    work: float
    wall: float
    seed: int = 1


@dataclass(frozen=True)
class Solved:
    """What a solve found: starts of all jobs (None: nothing), a bound of the objective, and what stopped it."""

    starts: Starts | None
    bound: int
    proven: bool
    work: float
    infeasible: bool = False


@dataclass(frozen=True)
class Question:
    """
    What to solve: the `free` jobs (None: all that are not pinned) within `ends_by` steps, the others where `starts` has
    them; `starts` is also the hint. `target`: the latest start of this job is asked for instead of the objective, which
    must not exceed `most_late`. `highest`: last starts that any plan as good as `starts` has. `overtakings`: what may be
    asked of a whole plan besides.
    """

    model: Model
    starts: Sequence[int]
    early: Sequence[int]
    ends_by: int
    bound: int = 0
    free: frozenset[int] | None = None
    target: int | None = None
    highest: Mapping[int, int] = field(default_factory=dict)
    most_late: tuple[int, ...] = ()
    overtakings: tuple[Overtaking, ...] = ()


def solve(question: Question, limits: Limits, manner: Manner = USUAL) -> Solved:
    """Solve with CP-SAT. Same question, seed, work and version: same answer, unless the wall stopped it."""
    from ortools.sat.python import cp_model

    built = _Built(question, cp_model)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = limits.seed
    parameters.max_deterministic_time = max(limits.work * manner.rate, 0.003)
    parameters.max_time_in_seconds = max(limits.wall, 0.01)
    parameters.num_workers = WORKERS
    parameters.linearization_level = manner.linear
    parameters.use_objective_lb_search = manner.from_below
    parameters.probing_deterministic_time_limit = PROBING
    if manner.thorough:
        parameters.use_timetable_edge_finding_in_cumulative = True
        parameters.use_strong_propagation_in_disjunctive = True
        parameters.use_dynamic_precedence_in_disjunctive = True
    if not manner.hinted:
        parameters.restart_period = SELDOM
        parameters.use_overload_checker_in_cumulative = True
        built.cp.clear_hints()  # type: ignore[no-untyped-call]
        known = question.model.value(question.starts)
        solver.best_bound_callback = lambda bound: solver.stop_search() if bound >= known else None
    status = solver.solve(built.cp)
    work = solver.response_proto.deterministic_time / manner.rate
    if status == cp_model.INFEASIBLE:
        return Solved(None, question.bound, False, work, infeasible=True)
    # The bound of a minimum is whole: a fraction above it can be rounded up.
    bound = int(-(-(solver.best_objective_bound - 1e-6) // 1))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved(None, max(bound, question.bound), False, work)
    starts = list(question.starts)
    for job, variable in built.start.items():
        starts[job] = solver.value(variable)
    return Solved(starts, bound, status == cp_model.OPTIMAL, work)


class _Built:
    """The CP-SAT model of a question."""

    def __init__(self, question: Question, module: Any) -> None:
        self.question, self.model, self.module = question, question.model, module
        self.cp: cp_model.CpModel = module.CpModel()
        self.start: dict[int, Any] = {}
        self.end: dict[int, Any] = {}
        self.range: dict[int, tuple[int, int]] = {}
        self.tables: dict[tuple[int, int], Any] = {}
        self.lates: dict[int, Any] = {}
        jobs = self.model.jobs
        free = question.free if question.free is not None else range(len(jobs))
        for index in sorted(free):
            if jobs[index].pinned is None:
                self.job(index, jobs[index])
        for link in self.model.links:
            self.link(link)
        self.resources()
        self.objective()
        for one in question.overtakings:
            self.overtaking(one)

    def job(self, index: int, job: Job) -> None:
        """Add a job's start between the earliest that its links allow and the latest that ends in time."""
        question = self.question
        low = max(job.earliest, question.early[index])
        high = max(low, job.latest_start(question.ends_by), question.starts[index])
        high = min(high, question.highest.get(index, high))
        if job.mask is None:
            domain = self.module.Domain(low, high)
        else:
            domain = self.module.Domain.from_intervals(_runs(job.mask, low, high))
        start = self.start[index] = self.cp.new_int_var_from_domain(domain, "")
        self.range[index] = low, high
        self.cp.add_hint(start, question.starts[index])
        self.end[index] = start + job.length if job.ends is None else self.looked_up(index, job.ends, low, high)

    def looked_up(self, index: int, table: Sequence[int], low: int, high: int) -> Any:
        """Add a variable that is the table's entry at the job's start."""
        key = (index, id(table))
        if key not in self.tables:
            part = [min(entry, self.model.horizon + 1) for entry in table[low : high + 1]]
            found = self.cp.new_int_var(min(part), max(part), "")
            self.cp.add_element(self.start[index] - low, part, found)
            self.hint(found, index, low, part)
            self.tables[key] = found
        return self.tables[key]

    def hint(self, variable: Any, index: int, low: int, values: Sequence[int]) -> None:
        """Hint what a variable is when the job starts where the question has it, so that the whole hint is a plan."""
        self.cp.add_hint(variable, values[self.question.starts[index] - low])

    def link(self, link: Link) -> None:
        """Add a link between two free jobs: a project is free or stands as a whole, and what has begun binds nothing."""
        before, after = self.start.get(link.before), self.start.get(link.after)
        if before is None or after is None:
            return
        if link.table is None:
            self.cp.add(after >= before + link.offset)
        else:
            self.cp.add(after >= self.looked_up(link.before, link.table, *self.range[link.before]))

    def resources(self) -> None:
        """Add each resource: free jobs as intervals, what the others take as blocks."""
        model, question = self.model, self.question
        for resource, capacity in enumerate(model.capacity):
            intervals: list[Any] = []
            demands: list[int] = []
            taken: dict[int, int] = {}
            for index, job in enumerate(model.jobs):
                amount = sum(amount for own, amount in job.needs if own == resource)
                if not amount:
                    continue
                if index in self.start:
                    intervals.append(self.interval(index, job))
                    demands.append(amount)
                else:
                    _take(taken, question.starts[index], job.end(question.starts[index]), amount)
            if intervals:
                self.cumulative(intervals, demands, taken, capacity)
        for desk, capacity in enumerate(model.per_day):
            intervals, taken = [], {}
            for index, job in enumerate(model.jobs):
                if job.hand_in == desk and index in self.start:
                    intervals.append(self.cp.new_fixed_size_interval_var(self.start[index], 1, ""))
                elif job.hand_in == desk:
                    _take(taken, question.starts[index], question.starts[index] + 1, 1)
            if intervals:
                self.cumulative(intervals, [1] * len(intervals), taken, capacity)

    def interval(self, index: int, job: Job) -> Any:
        start = self.start[index]
        if job.ends is None:
            return self.cp.new_fixed_size_interval_var(start, job.length, "")
        low, high = self.range[index]
        lengths = [end - place for place, end in enumerate(job.ends[low : high + 1], low) if end < NEVER]
        size = self.cp.new_int_var(min(lengths), max(lengths), "")
        self.hint(size, index, low, lengths)  # those beyond the axis come last
        return self.cp.new_interval_var(start, size, self.end[index], "")

    def cumulative(self, intervals: list[Any], demands: list[int], taken: dict[int, int], capacity: int) -> None:
        for start, end, amount in _blocks(taken):
            intervals.append(self.cp.new_fixed_size_interval_var(start, end - start, ""))
            demands.append(min(amount, capacity))  # what has begun may take more than there is
        if capacity == 1 or (demands and min(demands) * 2 > capacity):
            self.cp.add_no_overlap(intervals)
        else:
            self.cp.add_cumulative(intervals, demands, capacity)

    def overtaking(self, pair: Overtaking) -> None:
        """
        Let the first go first with every matter, or the other be done before it and pay: exchanged, it would be late,
        and its lateness saved weighs more than what the first loses.
        """
        first, other = pair.first, pair.other
        done, sooner, starts = self.start[first.job], self.start[other.job], self.question.starts
        in_turn = self.cp.new_bool_var("")
        self.cp.add_hint(in_turn, starts[first.job] <= starts[other.job])
        for one, then in pair.jobs:
            self.cp.add(self.start[one] <= self.start[then]).only_enforce_if(in_turn)
        overtaken = in_turn.negated()
        self.cp.add(sooner < done).only_enforce_if(overtaken)
        self.cp.add(done > other.last).only_enforce_if(overtaken)
        exchanged: Any = 0  # how late the first would be
        if first.weight >= other.weight:  # then it pays only if the first would be in time
            self.cp.add(sooner < first.last).only_enforce_if(overtaken)
        else:
            exchanged = self.cp.new_int_var(0, max(0, self.range[other.job][1] - first.last), "")
            self.cp.add_max_equality(exchanged, [0, sooner - first.last])
            self.cp.add_hint(exchanged, first.late(starts[other.job]))
        saved = other.weight * (done - other.last - self.late(other))
        self.cp.add(saved > first.weight * (self.late(first) - exchanged)).only_enforce_if(overtaken)

    # objective ----------------------------------------------------------------------------------------------------

    def objective(self) -> None:
        model, question = self.model, self.question
        if question.target is not None:
            self.keep_promises()
            self.cp.maximize(self.start[question.target])
        elif model.makespan:
            self.makespan()
        else:
            terms, settled = self.lateness()
            moves = self.moves()
            self.cp.add(sum(terms) + sum(moves) + settled >= question.bound)
            self.cp.minimize(sum(terms) + sum(moves) + settled)

    def makespan(self) -> None:
        question = self.question
        last = self.cp.new_int_var(question.bound, max(question.bound, question.ends_by), "")
        leaves = [index for index in self.end if not self.model.out_of[index]]
        for index in leaves if question.free is None and self._offsets_reach_ends() else self.end:
            self.cp.add(last >= self.end[index])
        self.cp.add_hint(last, self.model.value(question.starts))
        self.cp.minimize(last)

    def _offsets_reach_ends(self) -> bool:
        """Tell whether every link puts the end of the later job after the end of the earlier one."""
        jobs = self.model.jobs
        return all(link.offset + jobs[link.after].length >= jobs[link.before].length for link in self.model.links)

    def lateness(self) -> tuple[list[Any], int]:
        """Give the weighted lateness of free promised jobs as terms, and that of the others as a number."""
        terms, settled = [], 0
        for due in self.model.dues:
            if due.job not in self.start:
                settled += due.weight * due.late(self.question.starts[due.job])
            elif due.weight:
                terms.append(due.weight * self.late(due))
        return terms, settled

    def late(self, due: Due) -> Any:
        """Give the lateness of a promised job, or what is no less than it."""
        low, high = self.range[due.job]
        if due.table is not None:
            return self.looked_up(due.job, due.table, low, high)
        if due.job not in self.lates:
            late = self.lates[due.job] = self.cp.new_int_var(max(0, low - due.last), max(0, high - due.last), "")
            self.cp.add(late >= self.start[due.job] - due.last)
            self.cp.add_hint(late, due.late(self.question.starts[due.job]))
        return self.lates[due.job]

    def moves(self) -> list[Any]:
        """Give what moving away from the plan of before costs, for each free job that stood in it."""
        terms = []
        for index, base in enumerate(self.model.base if self.model.move_weight else ()):
            if base is not None and index in self.start:
                low, high = self.range[index]
                moved = self.cp.new_int_var(0, max(abs(high - base), abs(low - base)), "")
                self.cp.add(moved >= self.start[index] - base)
                self.cp.add(moved >= base - self.start[index])
                self.cp.add_hint(moved, abs(self.question.starts[index] - base))
                terms.append(self.model.move_weight * moved)
        return terms

    def keep_promises(self) -> None:
        """Bound each promised job by the lateness it may have."""
        for due, most in zip(self.model.dues, self.question.most_late, strict=True):
            if due.job in self.start:
                self.cp.add(self.late(due) <= most)


def _take(taken: dict[int, int], start: int, end: int, amount: int) -> None:
    taken[start] = taken.get(start, 0) + amount
    taken[end] = taken.get(end, 0) - amount


def _blocks(taken: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    """Turn rises and falls of what is taken into stretches of constant height."""
    height, since = 0, 0
    for step, change in sorted(taken.items()):
        if height:
            yield since, step, height
        height, since = height + change, step


def _runs(mask: bytes, low: int, high: int) -> list[list[int]]:
    """Give the marked stretches of a mask between two steps, both included."""
    runs = []
    start = mask.find(1, low, high + 1)
    while start >= 0:
        end = mask.find(0, start, high + 1)
        last = high if end < 0 else end - 1
        runs.append([start, last])
        start = mask.find(1, last + 1, high + 1)
    return runs or [[low, low]]
