"""
One row a project: what a question's parts select and add, before anybody's share in it.

Each project counted has its attributes at D, the first days of its stages, its state, its plan and the sums of its figures; from these every
part becomes a column. A part's second column says how many figures it rests on (a sum) or how many amounts are blank.
"""

from __future__ import annotations

import functools
import importlib
import operator
from collections.abc import Iterable, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from luodi.codebook.values.indicators import Projects, Quantity
from luodi.codebook.values.profile import Profile
from luodi.indicators.engine.figures import MONEY, figure_sums, span_first, span_of
from luodi.indicators.engine.plan import Days, Function, Part
from luodi.indicators.engine.world import World
from luodi.indicators.snapshot.layout import CODES
from luodi.indicators.values import Question


def counted(part: Part) -> bool:
    """Tell whether a part has a second column: how many figures a sum rests on, how many amounts are blank."""
    return isinstance(part, Quantity) and (part.sum is not None or part.amount is not None)


class Sheet:
    """
    Builds the row of each project step by step, joining only what the parts ask for.

    A class because what was joined already is state that outlives each call; it lives for one question.
    """

    def __init__(self, world: World, profile: Profile, question: Question, needed: Sequence[Part] = ()) -> None:
        self.world, self.profile, self.question, self.needed = world, profile, question, needed
        self.joined: set[str] = set()
        versions = world.valid("versions", question)
        versions = versions.filter(~versions.excluded)
        if question.list_ is not None:
            listed = world.valid("lists", question)
            versions = versions.semi_join(listed.filter(listed.list == question.list_), "project")
        self.table: ir.Table = versions.mutate(holder=versions[question.role])

    def join(self, name: str, other: ir.Table) -> None:
        """Join a table of one row a project at most, once."""
        if name in self.joined:
            return
        self.joined.add(name)
        kept = [column for column in other.columns if column != "project"]
        self.table = self.table.left_join(other, "project").select(*self.table.columns, *kept)

    def day(self, part: str) -> str:
        """Give the name of the column that holds the first day of the stage that plays a part."""
        stage = self.profile.playing(part)
        name = f"day_{part}"
        if "lives" not in self.joined:
            lives = self.world.known("lives", self.question)
            named = {
                f"day_{s.plays}": lives[s.id] for s in self.profile.stages if s.plays and s.id in self.world.stages
            }
            self.join("lives", lives.select("project", **named))
        if stage is None or name not in self.table.columns:
            self.table = self.table.mutate(**{name: ibis.null("date")})
        return name

    def state(self) -> str:
        """Give the name of the column that holds the state at D; only states that some part speaks of are in it."""
        states = self.world.valid("states", self.question)
        chosen = [part.projects for part in self.needed if isinstance(part, Quantity)]
        spoken = self.profile.labels({state for one in chosen for state in (*one.state, *one.state_not)})
        self.join("states", states.filter(states.stage.isin(list(spoken))).select("project", state="stage"))
        return "state"

    def plan(self) -> str:
        """Give the name of the column of planned investment of the accounting year."""
        plans = self.world.known("plans", self.question)
        self.join("plans", plans.filter(plans.year == self.question.year).select("project", plan="invest"))
        return "plan"

    def on_list(self, name: str) -> str:
        """Give the name of a column that is true for projects on a list at D."""
        column = f"on_list_{name}"
        lists = self.world.valid("lists", self.question)
        self.join(column, lists.filter(lists.list == name).select("project", **{column: ibis.literal(True)}).distinct())
        return column

    def first_while(self, part: str, field: str, values: Sequence[str]) -> str:
        """Give the name of a column: the first day on which a part was reached and a field had one of some values."""
        column = f"while_{part}_{field}_{'_'.join(values)}"
        versions = self.world.known("versions", self.question)
        lives = self.world.known("lives", self.question)
        stage = self.profile.playing(part)
        if stage is None or stage not in self.world.stages:
            self.join(column, lives.select("project", **{column: ibis.null("date")}).limit(0))
            return column
        lives = lives.filter(lives[stage].notnull())
        having = versions.filter(attribute(versions, field).isin(list(values))).select(
            "project", "valid_from", "valid_to"
        )
        both = having.inner_join(lives.select("project", reached=lives[stage]), "project")
        both = both.mutate(day=ibis.greatest(both.valid_from, both.reached))
        both = both.filter(both.day < both.valid_to)
        self.join(column, both.group_by("project").agg(**{column: both.day.min()}))
        return column

    def rises(self, field: str, after: str | None, span: str) -> str:
        """Give the name of a column: rises of an amount between versions that came in the span and after a part was reached."""
        column = f"rises_{field}_{after}_{span_of(self.question, span)}"
        if column in self.joined:
            return column
        versions = self.world.known("versions", self.question)
        begun = versions.filter(versions.valid_from <= ibis.literal(self.question.last))
        first = span_first(self.question, span)
        if first is not None:
            begun = begun.filter(begun.valid_from >= ibis.literal(first))
        before = versions.select(
            "project", before=versions[field], valid_from="valid_to"
        )  # as of a cut versions leave no gap
        steps = begun.select("project", "valid_from", amount=begun[field]).inner_join(before, ["project", "valid_from"])
        steps = steps.filter(steps.amount > steps.before)
        steps = steps.select("project", "valid_from", rise=steps.amount - steps.before)
        if after is not None:
            lives = self.world.known("lives", self.question)
            stage = self.profile.playing(after)
            reached = lives[stage] if stage in self.world.stages else ibis.null("date")
            steps = steps.inner_join(lives.select("project", reached=reached), "project")
            steps = steps.filter(steps.valid_from > steps.reached)
        self.join(column, steps.group_by("project").agg(**{column: steps.rise.sum().cast(MONEY)}))
        return column

    def figures(self, needed: Iterable[tuple[str, str]]) -> None:
        """Join the sums of measures over spans, all in one pass over the figures: columns sum_<measure>_<span> and n_..."""
        wanted = list(dict.fromkeys((measure, span_of(self.question, span)) for measure, span in needed))
        if wanted:
            self.join("figures", figure_sums(self.world, self.question, wanted, unit_filed=False))

    def select(self, chosen: Projects, span: str = "asked") -> ir.BooleanValue:
        """Give the condition that a project is selected. Null never comes out: what is not reported is not selected."""
        found = [self._kinds(chosen), *self._days(chosen, span), *self._state(chosen), *self._fields(chosen)]
        return functools.reduce(operator.and_, found)

    def _kinds(self, chosen: Projects) -> ir.BooleanValue:
        if chosen.kinds == "all":
            return ibis.literal(True)
        return self.table.kind.isin(list(chosen.kinds or self.profile.city.counted_kinds)).fill_null(False)

    def _days(self, chosen: Projects, span: str) -> list[ir.BooleanValue]:
        found = []
        if chosen.first is not None:
            name = self.day(chosen.first)
            if chosen.first_while is not None:
                name = self.first_while(chosen.first, chosen.first_while.field, chosen.first_while.values)
            found.append(self._by_end(name, span_first(self.question, span)))
        found += [self._by_end(self.day(part)) for part in chosen.reached]
        found += [~self._by_end(self.day(part)) for part in chosen.not_reached]
        return found

    def _by_end(self, name: str, first: date | None = None) -> ir.BooleanValue:
        day = self.table[name]
        inside = day <= ibis.literal(self.question.last)
        if first is not None:
            inside = inside & (day >= ibis.literal(first))
        return inside.fill_null(False)

    def _state(self, chosen: Projects) -> list[ir.BooleanValue]:
        found = []
        for wanted, holds in ((chosen.state, True), (chosen.state_not, False)):
            if wanted:
                among = self.table_column(self.state()).isin(list(self.profile.labels(wanted))).fill_null(False)
                found.append(among if holds else ~among)
        return found

    def table_column(self, name: str) -> ir.Value:
        """Give a column of the table as it stands now."""
        return self.table[name]

    def _fields(self, chosen: Projects) -> list[ir.BooleanValue]:
        amount = self.table.total_investment
        found = [attribute(self.table, has.field).isin(list(has.values)).fill_null(False) for has in chosen.has]
        if chosen.strategic is not None:
            found.append((self.table.strategic == chosen.strategic).fill_null(False))
        if chosen.at_least is not None:
            found.append((amount >= ibis.literal(chosen.at_least).cast(MONEY)).fill_null(False))
        if chosen.below is not None:
            found.append((amount < ibis.literal(chosen.below).cast(MONEY)).fill_null(False))
        if chosen.on_list is not None:
            found.append(self.table_column(self.on_list(chosen.on_list)).fill_null(False))
        if chosen.planned is not None:
            planned = self.table_column(self.plan()).notnull()
            found.append(planned if chosen.planned else ~planned)
        return found

    def measure(self, part: Part) -> tuple[ir.Value, ir.Value]:
        """Give a part's two columns: its number (0 where it does not count), and what that rests on or lacks."""
        if isinstance(part, Function):
            return self._function(part)
        self._prepare(part)
        chosen = self.select(part.projects, part.span)
        none = ibis.literal(0).cast(MONEY)
        if part.sum is not None:
            name = f"{part.sum}_{span_of(self.question, part.span)}"
            value, n = self.table[f"sum_{name}"], self.table[f"n_{name}"]
            return ibis.ifelse(chosen, value, none).fill_null(none), ibis.ifelse(chosen, n, 0).fill_null(0)
        if part.count is not None:
            return chosen.cast("int64"), ibis.literal(0)
        amount = self._amount(part)
        blank = (chosen & amount.isnull()).cast("int64") if part.amount else ibis.literal(0)
        return ibis.ifelse(chosen, amount, none).fill_null(none), blank

    def _prepare(self, part: Quantity) -> None:
        """Join everything a part needs before its columns are taken from the table."""
        self.select(part.projects, part.span)
        if part.rises is not None:
            self.rises(part.rises, part.after, part.span)
        if part.plan is not None:
            self.plan()

    def _amount(self, part: Quantity) -> ir.Value:
        if part.amount is not None:
            return self.table[part.amount]
        if part.plan is not None:
            return self.table["plan"]
        return self.table[f"rises_{part.rises}_{part.after}_{span_of(self.question, part.span)}"]

    def _function(self, part: Function) -> tuple[ir.Value, ir.Value]:
        column = f"function_{part.name}"
        if column not in self.joined:
            module, name = part.name.split(":")
            given = getattr(importlib.import_module(module), name)(self.world, self.question, self.profile)
            self.join(column, given.select("project", **{column: given.value.cast(MONEY)}))
        value = self.table[column]
        return value.fill_null(ibis.literal(0).cast(MONEY)), ibis.literal(0)

    def lines(self) -> ir.Table:
        """Give project, holder and the columns v0, n0, v1 ... of each part needed (n only where something is counted)."""
        needed = self.needed
        self.figures((part.sum, part.span) for part in needed if isinstance(part, Quantity) and part.sum)
        for part in needed:
            self.measure(part)
        named: dict[str, ir.Value] = {}
        for i, part in enumerate(needed):
            named[f"v{i}"], n = self.measure(part)
            if counted(part):
                named[f"n{i}"] = n
        return self.table.select("project", "holder", **named)

    def days_between(self, asked: Days) -> ir.Table:
        """Give project, holder and whole days between two stages of the selected projects (negative ones too)."""
        since, until = self.day(asked.since), self.day(asked.until)
        chosen = self.select(asked.projects) & self._by_end(since) & self._by_end(until)
        table = self.table.filter(chosen)
        return table.select("project", "holder", days=table[until].delta(table[since], unit="day"))


def attribute(table: ir.Table, field: str) -> ir.StringValue:
    """Give a column of a version, or an attribute of the profile's own, as text."""
    if field in CODES:
        return table[field]
    if field == "strategic":
        return table.strategic.ifelse("是", "否")
    return table.attributes.get(field)
