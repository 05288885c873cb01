"""From a plan file to a model: every project's network on one axis of days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from luodi.kernel.problem import Problem
from luodi.scheduling import network as networks
from luodi.scheduling.axis import Axis, Counting, Kind, Pauses
from luodi.scheduling.document import BadPlan
from luodi.scheduling.model import NEVER, Due, Job, Link, Model
from luodi.scheduling.network import Network, Node
from luodi.scheduling.values import After, Fact, PlainFile, PlanFile

LONGEST = 366 * 400  # days: an axis beyond this is a mistake in the file


@dataclass(frozen=True)
class Placed:
    """A job's matter: its node, how it counts, and the true days of what has begun (start None: not known)."""

    node: Node
    project: int
    counting: Counting
    begun: tuple[int | None, int] | None = None  # ordinals of start and finish
    over: bool = False
    overdue: bool = False


@dataclass(frozen=True)
class Compiled:
    """A plan ready to be scheduled."""

    plan: PlanFile
    axis: Axis
    model: Model
    networks: tuple[Network, ...]
    placed: tuple[Placed, ...]
    weight_scale: int

    def start_day(self, job: int, start: int) -> date | None:
        """Give the day a job is handed in; None for one that is over and whose start nobody recorded."""
        begun = self.placed[job].begun
        if begun is None:
            return self.axis.day(start)
        return None if begun[0] is None else date.fromordinal(begun[0])

    def finish_day(self, job: int, start: int) -> date:
        """Give the last day of a job, itself included."""
        placed = self.placed[job]
        if placed.begun is not None:
            return date.fromordinal(placed.begun[1])
        return date.fromordinal(placed.counting.finish(self.axis.days[start], placed.node.days))


def compile_plan(plan: PlanFile, stretch: int = 1) -> Compiled:
    """
    Build the model of a plan; `stretch` lengthens its axis. Raises BadPlan for what the file asks that can't be.
    """
    found = tuple(networks.resolve(plan, project) for project in plan.projects)
    problems = [problem for network in found for problem in network.problems]
    if problems:
        raise BadPlan(*problems)
    first, last = _span(plan, found, stretch)
    if last - first > LONGEST or last > date.max.toordinal() - 800:
        raise BadPlan(Problem("plan.too_long", file=plan.file, params={"years": (last - first) // 365}))
    return _Compiler(plan, found, Axis(plan, first, last)).compile()


def _span(plan: PlanFile, found: tuple[Network, ...], stretch: int) -> tuple[int, int]:
    """Guess the days the axis must hold; it is stretched when that turns out short."""
    work: dict[str, int] = {}
    longest, days = 0, [plan.start.toordinal()]
    for network in found:
        own = 0
        for node in network.nodes:
            if node.matter is not None:
                own += node.days + sum(abs(link.lag) for link in node.matter.after) + _paused_days(node.fact)
                agency = node.matter.agency or ""
                work[agency] = work.get(agency, 0) + node.days + 1
            days += _fact_days(node.fact)
        longest = max(longest, own)
        if network.project.promise is not None:
            days.append(network.project.promise.by.toordinal())
    queue = 0
    for desk in plan.agencies.values():
        slots = min([limit for limit in (desk.at_once, desk.per_day) if limit], default=1 << 30)
        queue = max(queue, work.get(desk.id, 0) // slots + len(desk.closed))
    spread = 3 if plan.unit == "workday" else 2
    seasons = sum(1 for matter in plan.catalogue.values() if matter.window is not None)
    room = (longest + queue) * spread * stretch // 2 + 400 * stretch + 366 * min(seasons, 5)
    back = longest * spread // 2 + 60 + 366 * min(seasons, 2) * stretch
    return max(min(days) - back, 1), max(*days, plan.start.toordinal()) + room


def _fact_days(fact: Fact | None) -> list[int]:
    if fact is None:
        return []
    return [day.toordinal() for day in (fact.started, fact.finished, fact.not_before, fact.fixed) if day]


def _paused_days(fact: Fact | None) -> int:
    return sum((last - first).days + 1 for first, last in (fact.paused if fact else ()) if last)


class _Compiler:
    """Holds what the parts of the model are built from."""

    def __init__(self, plan: PlanFile, found: tuple[Network, ...], axis: Axis) -> None:
        self.plan, self.networks, self.axis = plan, found, axis
        self.from_ = plan.start.toordinal()
        self.origin = axis.index(self.from_)
        limited = [agency for agency in plan.agencies.values() if agency.at_once is not None]
        counted = [agency for agency in plan.agencies.values() if agency.per_day is not None]
        self.capacity = {agency.id: number for number, agency in enumerate(limited)}
        self.per_day = {agency.id: number for number, agency in enumerate(counted)}
        self.limits = tuple(agency.at_once or 0 for agency in limited)
        self.daily = tuple(agency.per_day or 0 for agency in counted)
        self.problems: list[Problem] = []
        self._tables: dict[tuple[object, ...], tuple[int, ...]] = {}

    def compile(self) -> Compiled:
        placed: list[Placed] = []
        jobs: list[Job] = []
        links: list[Link] = []
        groups: list[tuple[int, ...]] = []
        dues: list[Due] = []
        scale = max([1, *(_places(network.project.weight) for network in self.networks)])
        for number, network in enumerate(self.networks):
            base = len(jobs)
            own = [self.place(node, number) for node in network.nodes]
            own_jobs = [self.job(network, one) for one in own]
            own_links = [self.link(own, own_jobs, step.before, step.after, step.link, base) for step in network.steps]
            placed += own
            jobs += own_jobs
            links += [link for link in own_links if link is not None]
            groups.append(tuple(range(base, len(jobs))))
            dues += self.due(network, own, base, scale)
        if self.problems:
            raise BadPlan(*self.problems)
        model = Model(
            tuple(jobs),
            tuple(links),
            self.limits,
            self.daily,
            tuple(dues),
            horizon=len(self.axis),
            groups=tuple(groups),
        )
        return Compiled(self.plan, self.axis, model, self.networks, tuple(placed), scale)

    # jobs ---------------------------------------------------------------------------------------------------------

    def place(self, node: Node, project: int) -> Placed:
        matter, fact = node.matter, node.fact
        if matter is None:
            return Placed(node, project, self.axis.counting(Kind(None, self.plan.unit)))
        pauses = self.pauses(fact)
        counting = self.axis.counting(Kind(matter.agency, matter.days_unit, pauses, matter.window))
        if fact is None or not (fact.started or fact.finished):
            return Placed(node, project, counting)
        if fact.finished is not None:
            start = fact.started or (fact.finished if not node.days else None)
            return Placed(
                node, project, counting, (start.toordinal() if start else None, fact.finished.toordinal()), over=True
            )
        assert fact.started is not None  # noqa: S101  one of the two is given; for the type checker
        start_at = fact.started.toordinal()
        finish = counting.finish(start_at, node.days)
        overdue = finish < self.from_
        if overdue:  # it should be over and isn't: the first day it can be is the first day left to work
            finish = next(day for day in counting.counted if day >= self.from_)
        return Placed(node, project, counting, (start_at, finish), overdue=overdue)

    def pauses(self, fact: Fact | None) -> Pauses:
        """Give the pauses as ordinals; an open one is taken to end the day before the plan's first."""
        found = []
        for first, last in fact.paused if fact else ():
            end = last.toordinal() if last else self.from_ - 1
            if end >= first.toordinal():
                found.append((first.toordinal(), end))
        return tuple(found)

    def job(self, network: Network, placed: Placed) -> Job:
        node, matter, axis = placed.node, placed.node.matter, self.axis
        name = f"{network.project.id}/{node.id}"
        if matter is None:
            return Job(name, 0, self.origin)
        agency = matter.agency or ""
        needs = ((self.capacity[agency], 1),) if agency in self.capacity and node.days else ()
        hand_in = self.per_day.get(agency)
        if placed.begun is not None:
            return self.begun_job(name, placed, needs, hand_in)
        counting = placed.counting
        mask = None if counting.all_days else counting.season_mask(node.days)
        if mask is not None and matter.window is not None and not any(mask):
            self.refuse("plan.window_never_fits", network, node, matter.line, days=node.days)
        steady = counting.steady or not node.days
        earliest = self.origin
        fact = node.fact
        if fact is not None and fact.not_before is not None:
            earliest = max(earliest, axis.index(fact.not_before.toordinal()))
        fixed = None
        if fact is not None and fact.fixed is not None:
            fixed, mask = self.fixed(network, node, counting, fact.fixed, mask)
            earliest = fixed
        ends = None if steady else counting.ends(node.days)
        return Job(name, node.days if steady else 0, earliest, needs, hand_in, mask, ends, fixed=fixed)

    def begun_job(self, name: str, placed: Placed, needs: tuple[tuple[int, int], ...], hand_in: int | None) -> Job:
        """Build the job of what has begun: it keeps its place, and takes its agency's room while it runs."""
        assert placed.begun is not None  # noqa: S101  its caller asked; for the type checker
        start, finish = placed.begun
        begin = self.axis.index(finish if start is None else start)
        end = self.axis.index(finish + 1) if placed.node.days else begin
        if placed.over:
            needs = ()
        on_the_day = start is not None and start >= self.from_
        return Job(name, 0, 0, needs, hand_in if on_the_day else None, pinned=(begin, max(begin, end)))

    def fixed(
        self, network: Network, node: Node, counting: Counting, day: date, mask: bytes | None
    ) -> tuple[int, bytes]:
        """Fix a job to one day; a day that isn't worked, out of season or before the plan is refused."""
        ordinal = day.toordinal()
        place = self.axis.index(ordinal)
        line = node.fact.line if node.fact else 0
        if ordinal < self.from_:
            self.refuse("plan.fixed_in_the_past", network, node, line, found=day, start=self.plan.start)
        elif self.axis.days[place] != ordinal or not (mask or counting.mask)[place]:
            self.refuse("plan.fixed_not_worked", network, node, line, found=day)
        only = bytearray(len(self.axis))
        only[place] = 1
        return place, bytes(only)

    def refuse(self, code: str, network: Network, node: Node, line: int, **params: object) -> None:
        where = f"{network.project.id}/{node.id}"
        words = {"project": network.project.id, "matter": node.id, **params}
        self.problems.append(Problem(code, where, words, file=self.plan.file, line=line or None))

    # links --------------------------------------------------------------------------------------------------------

    def link(
        self, placed: list[Placed], jobs: list[Job], before: int, after: int, link: After, base: int
    ) -> Link | None:
        """Turn a precedence into a lower bound on starts. What has begun is bound by nothing any more."""
        first, second = placed[before], placed[after]
        if second.begun is not None:
            return None
        if first.begun is not None:
            bound = self.least(first, second, 0, link)
            self.raise_earliest(jobs, after, bound)
            return None
        offset = self.offset(first, second, link)
        if offset is not None:
            return Link(base + before, base + after, offset)
        gaps = first.node.matter is None, second.node.matter is None
        lengths = first.node.days, second.node.days
        key = (first.counting, second.counting, lengths, gaps, link.type, link.lag, link.lag_unit)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = self.table(first, second, link)
        return Link(base + before, base + after, 0, table)

    def raise_earliest(self, jobs: list[Job], index: int, bound: int) -> None:
        jobs[index] = replace(jobs[index], earliest=max(jobs[index].earliest, min(bound, len(self.axis))))

    def offset(self, first: Placed, second: Placed, link: After) -> int | None:
        """Give the bound as an offset when every day of the axis counts for both and for the lag; else None."""
        same = link.lag_unit == self.plan.unit and self.axis.plain
        length, other = first.node.days, second.node.days
        if not same or (length and not first.counting.steady) or (other and not second.counting.steady):
            return None
        if link.type == "SS":
            return link.lag
        if link.type == "FS":
            return length + link.lag
        return (max(length, _shown(first)) - other if other else length) + link.lag

    def table(self, first: Placed, second: Placed, link: After) -> tuple[int, ...]:
        """Give the bound for each start; between days it may be handed in it is that of the next."""
        found, bound = [NEVER] * len(self.axis), NEVER
        mask = first.counting.mask if first.node.matter is not None else None
        for start in range(len(self.axis) - 1, -1, -1):
            if mask is None or mask[start]:
                bound = min(bound, self.least(first, second, start, link))
            found[start] = bound
        return tuple(found)

    def least(self, first: Placed, second: Placed, start: int, link: After) -> int:
        """Give the earliest index of `second` when `first` starts there."""
        begin = self.axis.days[start] if first.begun is None else (first.begun[0] or first.begun[1])
        finish = first.counting.finish(begin, first.node.days) if first.begun is None else first.begun[1]
        if finish >= NEVER:
            return NEVER
        if link.type == "SS":
            return self.axis.advance(begin, link.lag, link.lag_unit)
        over = finish + 1 if first.node.days else finish
        if link.type == "FS" or not second.node.days:
            return self.axis.advance(over, link.lag, link.lag_unit)
        return self.least_for_finish(second, finish if _shown(first) or first.node.days else finish - 1, link)

    def least_for_finish(self, second: Placed, finish: int, link: After) -> int:
        """Give the first start from which a matter ends no earlier than `lag` after another's finish."""
        if link.lag_unit == "day" or not link.lag:
            target = finish + link.lag
        else:
            place = self.axis.advance(finish, link.lag, "workday")
            target = self.axis.days[place] if place < len(self.axis) else NEVER
        begin = self.axis.index(second.counting.start_for(target, second.node.days)) if target < NEVER else NEVER
        while begin < len(self.axis) and second.counting.finish(self.axis.days[begin], second.node.days) < target:
            begin += 1
        return begin

    # promises -----------------------------------------------------------------------------------------------------

    def due(self, network: Network, placed: list[Placed], base: int, scale: int) -> Iterator[Due]:
        """Yield the project's promise: late is each unit of the plan after the promised day, to the finish included."""
        number, promise = network.promised, network.project.promise
        if number is None or promise is None:
            return
        one, by = placed[number], promise.by.toordinal()
        weight = int(network.project.weight * scale)
        if one.begun is not None:
            yield Due(base + number, 0, weight, settled=max(0, self.axis.units_between(by + 1, one.begun[1] + 1)))
            return
        days = one.node.days
        if self.axis.plain and (one.counting.steady or not days):
            yield Due(base + number, self.axis.index(by + 1) - max(days, 1), weight)
            return
        late = []
        for day in self.axis.days:
            finish = min(one.counting.finish(day, days), self.axis.last)
            late.append(max(0, self.axis.units_between(by + 1, finish + 1)))
        yield Due(base + number, late.count(0) - 1, weight, tuple(late))


def _shown(placed: Placed) -> int:
    """A matter of 0 days that is shown is seen on its day, so what must end no earlier ends on that day or later."""
    return 1 if placed.node.matter is not None else 0


def _places(weight: Decimal) -> int:
    """Give the power of ten that makes a weight whole."""
    exponent = weight.normalize().as_tuple().exponent
    return int(10 ** max(0, -int(exponent)))


def compile_plain(plan: PlainFile) -> Model:
    """Build the model of a plain file: its steps are the axis, long enough for all tasks one after another."""
    names = {task.id: number for number, task in enumerate(plan.tasks)}
    resources = {name: number for number, name in enumerate(plan.resources)}
    jobs = tuple(
        Job(
            task.id,
            task.duration,
            needs=tuple((resources[name], amount) for name, amount in task.needs.items() if amount and task.duration),
        )
        for task in plan.tasks
    )
    links = tuple(
        Link(names[link.of], number, _plain_offset(plan.tasks[names[link.of]].duration, task.duration, link))
        for number, task in enumerate(plan.tasks)
        for link in task.after
    )
    slack = sum(max(0, link.offset) for link in links)
    horizon = sum(task.duration for task in plan.tasks) + slack + 1
    everything = (tuple(range(len(jobs))),)
    return Model(jobs, links, tuple(plan.resources.values()), makespan=True, horizon=horizon, groups=everything)


def _plain_offset(length: int, other: int, link: After) -> int:
    return {"FS": length + link.lag, "SS": link.lag, "FF": length + link.lag - other}[link.type]
