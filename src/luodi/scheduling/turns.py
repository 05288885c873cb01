"""
Whose turn it is: of two projects with the same matters at the same agencies, the one that can begin no later, promised
no later and weighs no less may go first with every matter, and no plan gets worse. (Where a plan has it otherwise, let
the two exchange those starts: links only bound starts by starts and never decrease, so the smaller and the larger start
of each matter keep them; the agencies see the same starts; lateness cannot grow. Every exchange moves the earlier
project forward, so it ends with all turns kept.) So these turns may be asked of the best plan, and much less is left to
be proven. Not asked of what has begun or has a fixed day, nor where moving away from an earlier plan costs.

Where the one can begin no later, but the other is promised earlier or weighs more, the same exchange still does no harm
when the one is done first anyway, or when being done first does not pay for the other. So of these two the best plan may
be asked: the one goes first with every matter, or it is overtaken and that pays (`Overtaking`). One order of the projects
has all these exchanges move the earlier forward, so that they too come to an end.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from luodi.scheduling.model import Due, Link, Model, Starts

MOST = 6000  # matters that may be overtaken: beyond it the question grows more than the proof shrinks


@dataclass(frozen=True)
class Overtaking:
    """
    The jobs of two like projects, matter by matter, and their promises. The first can begin no later than the other, and
    goes first with every matter unless the other is done before it and that pays.
    """

    jobs: tuple[tuple[int, int], ...]
    first: Due
    other: Due

    def pays(self, starts: Sequence[int]) -> bool:
        """Tell whether the other is done before the first, and it would cost more the other way round."""
        late, early = starts[self.first.job], starts[self.other.job]
        now = self.first.weight * self.first.late(late) + self.other.weight * self.other.late(early)
        exchanged = self.first.weight * self.first.late(early) + self.other.weight * self.other.late(late)
        return early < late and now < exchanged


@dataclass(frozen=True)
class Turns:
    """Pairs of projects of which the first goes first, the model with links that say so, and who overtakes if it pays."""

    pairs: tuple[tuple[int, int], ...]
    model: Model
    overtakings: tuple[Overtaking, ...] = ()

    def kept_by(self, starts: Sequence[int]) -> Starts:
        """Give a plan, no worse than this one, that keeps all turns and overtakes only where it pays."""
        found, groups = list(starts), self.model.groups
        pairs = [tuple(zip(groups[first], groups[then], strict=True)) for first, then in self.pairs]
        moved = True
        while moved:
            again = [_exchanged(found, jobs) for jobs in pairs]
            again += [_exchanged(found, one.jobs) for one in self.overtakings if not one.pays(found)]
            moved = any(again)
        return found


def _exchanged(starts: Starts, jobs: Sequence[tuple[int, int]]) -> bool:
    """Exchange the starts of two projects' matters where the first doesn't go first; tell whether any were."""
    wrong = [(one, other) for one, other in jobs if starts[one] > starts[other]]
    for one, other in wrong:
        starts[one], starts[other] = starts[other], starts[one]
    return bool(wrong)


def of(model: Model, early: Sequence[int]) -> Turns:
    """Find the turns of a model; `early`: the earliest start of every job."""
    if model.makespan or model.move_weight:
        return Turns((), model)
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for number, group in enumerate(model.groups):
        if all(model.jobs[job].pinned is None and model.jobs[job].fixed is None for job in group):
            alike[_kind(model, group)].append(number)
    dues = {due.job: due for due in model.dues}
    pairs = tuple(pair for projects in alike.values() for pair in _pairs(model, early, dues, projects))
    settled = frozenset(pairs)
    others = [one for projects in alike.values() for one in _overtakings(model, early, dues, projects, settled)]
    taken = replace(model, links=(*model.links, *_links(model, pairs)))
    return Turns(pairs, taken, tuple(others) if sum(len(one.jobs) for one in others) <= MOST else ())


def _kind(model: Model, group: Sequence[int]) -> Hashable:
    """Give what two projects must have in common to take turns: jobs and links, but for when they can begin."""
    place = {job: number for number, job in enumerate(group)}
    jobs = tuple(replace(model.jobs[job], name="", earliest=0) for job in group)
    links = tuple(
        (place[link.before], number, link.offset, link.table)
        for number, job in enumerate(group)
        for link in model.into[job]
    )
    return jobs, links


def _pairs(
    model: Model, early: Sequence[int], dues: dict[int, Due], projects: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield each two of these projects of which the first may go first; of two that both may, the first in the file."""

    def may_go_first(one: int, other: int) -> bool:
        both = list(zip(model.groups[one], model.groups[other], strict=True))
        return all(early[a] <= early[b] and _no_cheaper(dues.get(a), dues.get(b), model.horizon) for a, b in both)

    for number, one in enumerate(projects):
        for other in projects[number + 1 :]:
            if may_go_first(one, other):
                yield one, other
            elif may_go_first(other, one):
                yield other, one


def _overtakings(
    model: Model, early: Sequence[int], dues: dict[int, Due], projects: Sequence[int], settled: Set[tuple[int, int]]
) -> Iterator[Overtaking]:
    """Yield the other pairs of these projects, the one that can begin no later first, promised alike and by steps."""

    def standing(number: int) -> tuple[int, int, int]:
        """Settle who comes first of projects that can begin alike as turns do, so that no exchange undoes another."""
        own = [dues[job] for job in model.groups[number] if job in dues]
        return sum(early[job] for job in model.groups[number]), -sum(d.weight for d in own), sum(d.last for d in own)

    for one, other in itertools.combinations(sorted(projects, key=standing), 2):
        jobs = tuple(zip(model.groups[one], model.groups[other], strict=True))
        promised = [(dues[a], dues[b]) for a, b in jobs if a in dues and b in dues]
        known = (one, other) in settled or (other, one) in settled
        if known or not promised or any(early[a] > early[b] for a, b in jobs):
            continue
        ((first, then),) = promised
        if first.table is None and then.table is None:
            yield Overtaking(jobs, first, then)


def _no_cheaper(one: Due | None, other: Due | None, horizon: int) -> bool:
    """Tell whether each further step costs the one promise at least what it costs the other."""
    if other is None or not other.weight:
        return True
    if one is None or one.weight < other.weight:
        return False
    if one.table is None and other.table is None:
        return one.last <= other.last
    costs = [(one.weight * one.late(step), other.weight * other.late(step)) for step in range(horizon)]
    return all(b[0] - a[0] >= b[1] - a[1] for a, b in itertools.pairwise(costs))


def _links(model: Model, pairs: Sequence[tuple[int, int]]) -> Iterator[Link]:
    """
    Yield the links that turns mean, but for those that others imply: no earlier than the project before; and where as
    many as an agency has room for go before, not before the first of them is done.
    """
    after: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        after[one].add(other)
    between = {(one, other): [x for x in after[one] if other in after[x]] for one, other in pairs}
    for (one, other), inner in between.items():
        # As many as can stand before the last of them: the first and those between.
        fewest = max((1 + len(between[pair]) for x in inner for pair in ((one, x), (x, other))), default=0)
        for before, then in zip(model.groups[one], model.groups[other], strict=True):
            job = model.jobs[before]
            room = min((model.capacity[resource] // amount for resource, amount in job.needs), default=0)
            if fewest < room <= 1 + len(inner):
                yield Link(before, then, job.length, job.ends)
            elif not inner:
                yield Link(before, then)
