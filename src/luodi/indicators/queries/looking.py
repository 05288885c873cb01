"""Values of some units as of one cut after another: what the bridge compares. Only instants at which something it rests on changed are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import ibis
import ibis.expr.types as ir

from luodi.codebook.values.indicators import Quantity
from luodi.codebook.values.profile import Profile
from luodi.indicators.engine import answers, details, plan
from luodi.indicators.engine.answers import Sums
from luodi.indicators.engine.asking import Asking, shares
from luodi.indicators.engine.unitfiled import unit_filed
from luodi.indicators.engine.world import World
from luodi.indicators.queries.computing import chosen_lines, current_world
from luodi.indicators.snapshot import store
from luodi.indicators.values import BASES, VERIFIED, Exact, Question

OF_PROJECTS = ("versions", "states", "shares", "lists", "plans")


class Turn(NamedTuple):
    """An instant at which something changed that a value may rest on."""

    at: int
    cause: str  # rows, units or targets
    facts: tuple[int, ...]


@dataclass(frozen=True)
class Asked:
    """Which value the bridge is about, whatever the unit."""

    indicator: str
    period: str
    span: str
    role: str
    basis: str


@dataclass(frozen=True)
class Look:
    """A value as of one cut; of an additive indicator also what every project, and every unit below, brings."""

    value: Exact
    by_project: Mapping[str, Fraction] = field(default_factory=dict)
    by_unit: Mapping[str | None, Fraction] = field(default_factory=dict)


class Looker:
    """Looks at some units' value again and again. A class because question, definition and open snapshot outlive each look."""

    def __init__(self, profile: Profile, asked: Asked, units: Sequence[str]) -> None:
        self.profile, self.asked, self.units = profile, asked, units
        self.found = plan.definition(profile, asked.indicator)
        self.world: World = current_world(profile)

    def question(self, cut: int) -> Question:
        """Put the question as of a cut."""
        a = self.asked
        period = self.profile.calendar.accounting_year.parse(a.period)
        basis = BASES[a.basis]
        return answers.question(self.profile, period=period, span=a.span, cut=cut, basis=basis, role=a.role, list_=None)

    def look(self, cut: int) -> dict[str, Look]:
        """Give each unit's value as of a cut."""
        asked = self.question(cut)
        where = answers.shape(self.world, self.profile, asked)
        chosen_lines(where, asked, self.units, False)
        sums = answers.sums(self.world, self.profile, asked, [self.found], where)
        finisher = answers.Finisher(self.profile, asked, answers.targets(self.world, asked))
        read = finisher.reader(self.found, sums)
        if not (plan.additive(self.found) or self.found.kind == "stock"):
            return {unit: Look(read(unit)) for unit in self.units}
        by_project = self._by_project(asked, where, sums)
        return {unit: Look(read(unit), by_project[unit], _below(unit, where.tree, read)) for unit in self.units}

    def _by_project(self, asked: Question, where: Any, sums: Sums) -> dict[str, dict[str, Fraction]]:
        """Give what each project brings to each unit; units that file themselves under their own code."""
        asking = Asking(self.world, self.profile, asked, where, shares(self.world, asked, where))
        weigh = details.weighing(asking)
        (part,) = sums.parts
        measure = details.measure_of(part)
        found: dict[str, dict[str, Fraction]] = {unit: {} for unit in self.units}
        for line in details.project_lines(asking, sums.parts):
            for unit, own in found.items():
                weight = weigh.weight(unit, line.project, line.holder, measure)
                if weight:
                    own[line.project] = own.get(line.project, Fraction(0)) + weight * line.value
        for one in unit_filed(asking, sums.parts):
            holders = {where.root, one.unit, *where.tree.ancestors(one.unit)}
            for unit in holders & found.keys():
                found[unit][one.unit] = Fraction(one.value)
        return found

    def turns(self, start: int, end: int) -> list[Turn]:
        """List the instants after `start`, up to `end`, at which something changed, in order."""
        found: dict[int, set[str]] = {}
        for cause, moments in self._moments(start, end):
            for at in moments:
                if start < at <= end:
                    found.setdefault(at, set()).add(cause)
        order = ("units", "targets", "rows")
        facts = store.rows_known_at(sorted(found))
        return [Turn(at, min(found[at], key=order.index), tuple(facts.get(at, ()))) for at in sorted(found)]

    def _moments(self, start: int, end: int) -> Iterator[tuple[str, list[int]]]:
        yield "units", self._changes("units", start, end, [])
        if self.found.kind in ("target_rate", "points"):
            yield "targets", self._changes("targets", start, end, [])
        measures = sorted({part.sum for part in self._parts() if part.sum})
        yield "rows", self._changes("figures", start, end, measures)
        for table in OF_PROJECTS:
            yield "rows", self._changes(table, start, end, [])
        yield "rows", self._first_days(start, end)

    def _parts(self) -> list[Quantity]:
        return list(plan.quantities(plan.parts(self.profile, self.found)))

    def _changes(self, name: str, start: int, end: int, measures: list[str]) -> list[int]:
        """Give the instants in (start, end] at which a row that speaks of days up to D began or ceased to count."""
        if name == "figures" and not measures:
            return []
        level = "verified" if BASES[self.asked.basis] == VERIFIED else "filed"

        def build(q: Question) -> ir.Table:
            table = self.world.table(name)
            since = level if name == "figures" else "since"
            if name == "figures":
                table = table.filter(table.measure.isin(measures), table["last"] <= ibis.literal(q.last))
            elif "valid_from" in table.columns:
                table = table.filter(table.valid_from <= ibis.literal(q.last))
            moments = table.select(at=table[since]).union(table.select(at=table.until))
            return moments.filter(moments.at > start, moments.at <= end).distinct()

        key = ("moments", name, level, tuple(measures), start, end)
        return [at for (at,) in self.world.fetch(key, self.question(end), build)]

    def _first_days(self, start: int, end: int) -> list[int]:
        """Give the instants at which the first days (up to D) of some project changed."""
        stages = sorted(self.world.stages)

        def build(q: Question) -> ir.Table:
            lives = self.world.table("lives")
            lives = lives.filter((lives.basis & q.basis) != 0)
            moved = lives.filter(
                (lives.since > start) & (lives.since <= end) | (lives.until > start) & (lives.until <= end)
            )
            lives = lives.semi_join(moved, "project")
            return lives.select("project", "since", "until", *stages).order_by("project", "since")

        rows = self.world.fetch(("first days", tuple(stages), start, end), self.question(end), build)
        return sorted({at for at in _turned(rows, self.question(end).last) if start < at <= end})


def _below(unit: str, tree: Any, read: Callable[[str], Exact]) -> dict[str | None, Fraction]:
    """Give the values of the units below one."""
    values = ((child.code, read(child.code)) for child in tree.children(unit))
    return {code: value for code, value in values if value is not None}


def _turned(rows: Iterable[tuple[Any, ...]], last: date) -> Iterator[int]:
    """Compare each stretch of a project's life with the one before: the instants at which a day up to `last` came or went."""
    before: tuple[str, int, tuple[Any, ...]] | None = None
    for project, since, until, *days in rows:
        seen = tuple(day if day is not None and day <= last else None for day in days)
        unbroken = before is not None and before[:2] == (project, since)
        if not (unbroken and before is not None and before[2] == seen):
            yield since
        if before is not None and not unbroken:
            yield before[1]
        before = (project, until, seen)
    if before is not None:
        yield before[1]
