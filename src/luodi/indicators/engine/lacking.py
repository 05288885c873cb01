"""
Owed and not given: the cells that the forms ask for inside a span and nobody has filled as of the cut.

Who owes is the rule of statistics (`rules.owing`): the units of a kind, and their projects that have reached one stage and not yet
another, on the last day of each period of the form. Only what a form requires is owed, from the go-live month on, of periods that
have ended. A cell is given by a figure of its own period in force at the basis asked for; one filed as blank is not given.
"""

from __future__ import annotations

import functools
import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from luodi.codebook.values import Form, Profile
from luodi.identity import tree as identity_tree
from luodi.indicators.engine.answers import Owed
from luodi.indicators.engine.world import World, at
from luodi.indicators.values import Question
from luodi.kernel import instant
from luodi.kernel.period import Kind, Period
from luodi.statistics.rules import owing

UNITS_ASKED = "owing_units"


@dataclass(frozen=True)
class Asked:
    """One unit asked for one period of a form."""

    unit: str
    period: Period
    year_first: date


def owed_cells(world: World, profile: Profile, *, today: date) -> Owed:
    """Give what counts, for a question and a measure, the owed cells that are not given, by subject. `today` ends what can be owed."""

    def count(question: Question, measure: str) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for form in profile.forms:
            if any(item.measure == measure and item.required for item in form.measures):
                asked = list(_asked(world, profile, form, question, today))
                lacking = _of_projects if form.subject == "project" else _of_units
                found.update(lacking(world, profile, form, question, measure, asked) if asked else {})
        return found

    return count


def _asked(world: World, profile: Profile, form: Form, question: Question, today: date) -> Iterator[Asked]:
    """List which units are asked for which periods inside the span."""
    calendar = profile.calendar.accounting_year
    until = min(today, instant.day_of(question.cut)) if question.cut < instant.END_OF_TIME - 1 else today
    columns = ("code", "name", "parent", "kind", "group", "successor", "valid_from", "valid_to")
    rows = world.fetch(
        "units", question, lambda q: at(world.table("units"), q).order_by("since", "id").select(*columns)
    )
    versions = [identity_tree.Version(*row) for row in rows]
    for period in _periods(profile, form, question):
        if period.last <= until and owing.forms_of(profile, period).count(form):
            tree = identity_tree.tree_on(versions, on=period.last)
            kinds = {code: unit.kind for code, unit in tree.units.items() if unit.open}
            year_first = calendar.of(period.last).first
            yield from (Asked(unit, period, year_first) for unit in owing.owing_units(form.owes, kinds))


def _periods(profile: Profile, form: Form, question: Question) -> Iterator[Period]:
    """List the periods of a form's length that lie whole in the span, none before the go-live month."""
    calendar = profile.calendar.accounting_year
    first = max(question.first, calendar.parse(profile.city.go_live).first)
    day = first
    while day <= question.last:
        period = _of_length(profile, owing.EVERY[form.every][0], day)
        if first <= period.first and period.last <= question.last:
            yield period
        day = period.ends_before


def _of_length(profile: Profile, kind: Kind, day: date) -> Period:
    """Find the period of a length that a day falls into."""
    calendar = profile.calendar.accounting_year
    if kind is Kind.MONTH:
        return calendar.month_of(day)
    if kind is Kind.YEAR:
        return calendar.of(day)
    shape = {Kind.TEN_DAYS: "{0:%Y-%m}-上旬", Kind.QUARTER: "{1}-Q1", Kind.HALF: "{1}-H1"}[kind]
    found = calendar.parse(shape.format(day, calendar.of(day).label))
    while found.last < day:
        found = calendar.after(found)
    return found


def _of_projects(
    world: World, profile: Profile, form: Form, question: Question, measure: str, asked: Iterable[Asked]
) -> dict[str, int]:
    """Count a project form's cells that are not given, by project; only projects that count at D."""
    listed = _lend(world, asked)
    reached, until = profile.labels(form.owes.reached), profile.labels(form.owes.until)

    def build(q: Question) -> ir.Table:
        owes = _standing(world, form, q, listed, reached, until)
        counted = world.valid("versions", q).filter(lambda version: ~version.excluded)
        if q.list_ is not None:
            counted = counted.semi_join(world.valid("lists", q).filter(lambda entry: entry.list == q.list_), "project")
        lacking = _without_figure(world, q, measure, owes.semi_join(counted, "project"), "project", is_unit=False)
        return lacking.group_by("project").agg(cells=lacking.count())

    key = ("cells owed", form.owes, reached, until, measure)
    return dict(world.fetch(key, question, build))


def _standing(
    world: World, form: Form, q: Question, listed: ir.Table, reached: Iterable[str], until: Iterable[str]
) -> ir.Table:
    """Select each project in each period in which it stands on the form: of an owing unit, begun and not over (rules.owing.stands_on)."""
    versions = world.known("versions", q)
    if form.owes.kinds:
        versions = versions.filter(versions.kind.isin(list(form.owes.kinds)))
    owes = versions.join(
        listed,
        [
            versions[form.owes.role] == listed.unit,
            versions.valid_from <= listed.last,
            versions.valid_to > listed.last,
        ],
    ).select("project", "first", "last", "year_first")
    lives = world.known("lives", q)
    days = {stage: lives[stage] for stage in (*reached, *until) if stage in world.stages}
    owes = owes.left_join(lives.select("project", **days), "project").select(*owes.columns, *days)

    def by_then(stages: Iterable[str]) -> ir.BooleanValue:
        conditions = [(owes[stage] <= owes.last).fill_null(False) for stage in stages if stage in days]
        return functools.reduce(operator.or_, conditions, ibis.literal(False))

    if form.owes.reached:
        owes = owes.filter(by_then(reached))
    owes = owes.filter(~by_then(until))
    if form.owes.lists:
        entries = world.known("lists", q)
        entries = entries.filter(entries.list.isin(list(form.owes.lists)))
        on = [owes.project == entries.project, entries.valid_from <= owes.last, entries.valid_to > owes.last]
        owes = owes.semi_join(entries, on)
    return owes.select("project", "first", "last", "year_first")


def _of_units(
    world: World, profile: Profile, form: Form, question: Question, measure: str, asked: Iterable[Asked]
) -> dict[str, int]:
    """Count a unit form's cells that are not given, by unit; none where a list of projects is asked for."""
    if question.list_ is not None:
        return {}
    listed = _lend(world, asked)

    def build(q: Question) -> ir.Table:
        lacking = _without_figure(world, q, measure, listed, "unit", is_unit=True)
        return lacking.group_by("unit").agg(cells=lacking.count())

    return dict(world.fetch(("cells owed by units", measure), question, build))


def _lend(world: World, asked: Iterable[Asked]) -> ir.Table:
    rows = [(one.unit, one.period.first, one.period.last, one.year_first) for one in asked]
    units, firsts, lasts, years = zip(*rows, strict=True)
    days = [pa.array(days, pa.date32()) for days in (firsts, lasts, years)]
    return world.lend(
        UNITS_ASKED, pa.table([pa.array(units, pa.string()), *days], ["unit", "first", "last", "year_first"])
    )


def _without_figure(
    world: World, q: Question, measure: str, owes: ir.Table, subject: str, *, is_unit: bool
) -> ir.Table:
    """Leave out the cells that a figure of their own period, or a year to date through its end, fills."""
    figures = at(world.table("figures"), q)
    figures = figures.filter(figures.measure == measure, figures.is_unit == is_unit, figures.n > 0)
    filled = figures.select("subject", "last", since="first")
    own = (filled.since == owes.first) | (filled.since == owes.year_first)
    return owes.anti_join(filled, [owes[subject] == filled.subject, owes.last == filled.last, own])
