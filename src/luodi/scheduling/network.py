"""
From the catalogue to one project's own network: which matters apply, which either-or is taken, who follows whom.

A matter that doesn't apply leaves a *gap*: it takes no time and is not shown, but what came after it still comes after
what came before it. Where a condition asks for what wasn't reported the matter stays, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from luodi.kernel import predicates
from luodi.kernel.predicates import Predicate
from luodi.kernel.problem import Problem
from luodi.scheduling.values import After, Choice, Fact, Matter, PlanFile, Project


@dataclass(frozen=True)
class Node:
    """A matter in a project, or the gap that one left (`matter` None)."""

    id: str
    matter: Matter | None
    days: int = 0
    days_from: str | None = None
    fact: Fact | None = None


@dataclass(frozen=True)
class Step:
    """A link between two nodes of a network, by their places in it."""

    before: int
    after: int
    link: After


@dataclass(frozen=True)
class Network:
    """One project's nodes, in the order the project lists them (gaps last), and links."""

    project: Project
    nodes: tuple[Node, ...]
    steps: tuple[Step, ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...] = ()  # matters kept because these attributes weren't reported
    problems: tuple[Problem, ...] = ()
    promised: int | None = None  # the place of the promised matter
    unused: tuple[str, ...] = ()  # matters that facts are stated of and that don't apply


def resolve(plan: PlanFile, project: Project) -> Network:
    """Work out a project's network. What can't be (a promise about a matter that doesn't apply) is in its problems."""
    taken = _Taken(plan, project)
    present = taken.present()
    facts = {taken.stands_for(fact.matter): fact for fact in project.facts}
    nodes = [_node(plan, plan.catalogue[name], facts.get(name)) for name in present]
    gaps = [name for name in taken.reached(present) if name not in present]
    nodes += [Node(name, None) for name in gaps]
    place = {node.id: number for number, node in enumerate(nodes)}
    steps = tuple(_steps(taken, place))
    problems = tuple(_problems(plan, project, taken, present))
    unused = tuple(fact.matter for fact in project.facts if taken.stands_for(fact.matter) not in present)
    promise = project.promise
    promised = None if promise is None else place.get(taken.stands_for(promise.matter))
    return Network(project, tuple(nodes), steps, tuple(taken.unknown.items()), problems, promised, unused)


def _node(plan: PlanFile, matter: Matter, fact: Fact | None) -> Node:
    days, days_from = matter.duration(plan.use)
    return Node(matter.id, matter, days, days_from, fact)


def _steps(taken: _Taken, place: Mapping[str, int]) -> Iterator[Step]:
    for name, number in place.items():
        for link in taken.links(name):
            yield Step(place[taken.stands_for(link.of)], number, link)


class _Taken:
    """Which matters of the catalogue a project has, and which one stands for each either-or."""

    def __init__(self, plan: PlanFile, project: Project) -> None:
        self.plan, self.project = plan, project
        self.unknown: dict[str, tuple[str, ...]] = {}
        self.chosen: dict[str, str] = {}  # either-or of the catalogue -> its alternative
        self.inherited: dict[str, Matter] = {}  # alternative -> the either-or whose links it takes over
        self.named: set[str] = set()

    def present(self) -> list[str]:
        """List the matters that apply, in the project's order, each once."""
        found: dict[str, None] = {}
        for pick in self.project.picks:
            name = self.choose(pick.one_of) if pick.matter is None else self.settle(pick.matter)
            if name is not None:
                found[name] = None
        return list(found)

    def settle(self, name: str) -> str | None:
        """Tell which matter stands for a name of the catalogue: itself, an alternative, or none."""
        self.named.add(name)
        matter = self.plan.catalogue[name]
        if not self.applies(name, matter.when):
            return None
        if not matter.one_of:
            return name
        alternative = self.choose(matter.one_of)
        if alternative is not None:
            self.chosen[name] = alternative
            self.inherited[alternative] = matter
        return alternative

    def choose(self, choices: tuple[Choice, ...]) -> str | None:
        """Take the first alternative that applies, by the condition written here and by its own."""
        self.named.update(choice.matter for choice in choices)
        for choice in choices:
            own = self.plan.catalogue[choice.matter].when
            if self.applies(choice.matter, choice.when) and self.applies(choice.matter, own):
                return choice.matter
        return None

    def applies(self, name: str, when: Predicate | None) -> bool:
        if when is None:
            return True
        verdict = predicates.judge(when, self.project.attributes)
        if verdict is None:
            asked = predicates.names(when)
            missing = tuple(sorted(one for one in asked if self.project.attributes.get(one) in (None, "", [])))
            self.unknown[name] = missing or tuple(sorted(asked))
        return verdict is not False

    def stands_for(self, name: str) -> str:
        return self.chosen.get(name, name)

    def links(self, name: str) -> tuple[After, ...]:
        """
        Give what a matter comes after, with what the either-or it stands for comes after. An either-or of which nothing
        is taken passes on what its alternatives come after.
        """
        matter = self.plan.catalogue[name]
        left = tuple(After(choice.matter, lag_unit=self.plan.unit) for choice in matter.one_of)
        return matter.after + left + (self.inherited[name].after if name in self.inherited else ())

    def reached(self, present: list[str]) -> list[str]:
        """List the matters present and all that come before them, through gaps too."""
        found: dict[str, None] = dict.fromkeys(present)
        waiting = list(present)
        for name in waiting:
            for link in self.links(name):
                before = self.stands_for(link.of)
                if before not in found:
                    found[before] = None
                    waiting.append(before)
        return list(found)


def _problems(plan: PlanFile, project: Project, taken: _Taken, present: list[str]) -> Iterator[Problem]:
    """Yield what the project says about matters that it doesn't have."""
    allowed = ", ".join(present) or "-"
    where = {"project": project.id, "allowed": allowed}
    promise = project.promise
    if promise is not None and taken.stands_for(promise.matter) not in present:
        params = {**where, "found": promise.matter}
        yield Problem("plan.promise_absent", project.id, params, file=plan.file, line=promise.line)
    seen: set[str] = set()
    for fact in project.facts:
        name = taken.stands_for(fact.matter)
        if fact.matter not in taken.named:
            params = {**where, "found": fact.matter}
            yield Problem("plan.fact_absent", project.id, params, file=plan.file, line=fact.line)
        elif name in seen:
            yield Problem("plan.twice", project.id, {"id": name}, file=plan.file, line=fact.line)
        seen.add(name)
