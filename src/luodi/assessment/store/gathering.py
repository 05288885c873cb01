"""
From the ledger to the tables that a scheme reads: the same DATA and rows files that `luodi score` takes, exact to the last digit.

Each period has its own tree, targets and values, all as known by one cut. Amounts are written in the unit that the scheme's input
states, ratios in percent where it states one; what is missing or undefined is an empty cell, so that the scheme's own choice decides.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from luodi.assessment.schemes.exact import text_of
from luodi.assessment.schemes.values import Input, Scheme
from luodi.assessment.store.reading import GROWTH, MONEY_COLUMNS
from luodi.assessment.store.values import FieldOf, Look, Members, RowsOf, StoreMap, TargetOf, UnitWord
from luodi.codebook.values import Profile
from luodi.identity import queries as identity
from luodi.identity.tree import Tree
from luodi.indicators import queries as indicators
from luodi.indicators.values import Answer
from luodi.kernel import money
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused
from luodi.ledger.values import Cut
from luodi.projects.queries import cards
from luodi.projects.values.views import Card
from luodi.statistics.queries import targets

DATA_HEAD = ("unit", "group", "period", "input", "value")
COUNTED_IN = {"人": 1, "个": 1, "项": 1, "家": 1, "天": 1, "": 1, "万人": 10_000}
PERCENT = ("%", "％", "百分点")


class NoMembers(Refused):
    """No unit belongs to a group at the period's end. Parameters: `group`, `day`."""

    code: ClassVar[str] = "assess.no_members"


class WrongUnit(Refused):
    """An input's unit can't hold what it is mapped to."""

    code: ClassVar[str] = "assess.wrong_unit"


@dataclass(frozen=True)
class Ask:
    """What is gathered: a scheme by its mapping, for a period, as known by a cut (None: now)."""

    scheme: Scheme
    mapping: StoreMap
    profile: Profile
    period: Period
    cut: int | None

    def tree(self, period: Period) -> Tree:
        """Give the tree at a period's end."""
        return identity.tree(on=period.last, cut=None if self.cut is None else Cut(self.cut))


def periods(ask: Ask) -> list[Period]:
    """List the period with its history, the earliest first."""
    year = ask.profile.calendar.accounting_year
    found = [ask.period]
    for _ in range(ask.mapping.history):
        found.append(year.before(found[-1]))
    if ask.mapping.last_year:
        found += [year.year_before(one) for one in list(found)]
    return sorted(dict.fromkeys(found), key=lambda one: one.first)


def write_data(ask: Ask, file: Path) -> None:
    """Write the long DATA file of a scheme. Raises NoMembers, WrongUnit."""
    _check_units(ask)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(DATA_HEAD)
        for period in periods(ask):
            writer.writerows(_of_period(ask, period))


def members(ask: Ask, tree: Tree) -> dict[str, list[str]]:
    """List the units of each group, in the order of their codes."""
    return {name: _members(ask.mapping.groups[name], tree, ask.profile) for name in ask.scheme.groups}


def _members(wanted: Members, tree: Tree, profile: Profile) -> list[str]:
    labels = {one.id: one.zh for one in profile.groups}
    groups = wanted.groups | {labels[one] for one in wanted.groups}
    below = tree.under(wanted.under) if wanted.under else None
    return [
        code
        for code, unit in sorted(tree.units.items())
        if unit.open
        and (unit.kind in wanted.kinds or unit.group in groups or code in wanted.units)
        and code not in wanted.without
        and (below is None or code in below)
    ]


def _of_period(ask: Ask, period: Period) -> Iterator[tuple[str, str, str, str, str]]:
    tree = ask.tree(period)
    groups = members(ask, tree)
    for name, units in groups.items():
        if not units and period == ask.period:
            raise NoMembers(group=name, day=period.last.isoformat())
    everybody = sorted({unit for units in groups.values() for unit in units})
    figures = Figures(ask, period, everybody)
    for name, units in groups.items():
        for unit in units:
            for source in {one.column: one for one in ask.scheme.inputs.values()}.values():
                yield unit, name, period.label, source.column, figures.text(tree, unit, source)


class Figures:
    """Everything the inputs need of one period, asked once; gives the text of one input for one unit."""

    def __init__(self, ask: Ask, period: Period, units: Sequence[str]) -> None:
        self.ask, self.period = ask, period
        looks = {one for one in ask.mapping.inputs.values() if isinstance(one, Look)}
        self.answers = _answers(ask, period, units, looks)
        wanted = {one.indicator for one in ask.mapping.inputs.values() if isinstance(one, TargetOf)}
        self.targets = {one: targets.targets_of(one, cut=ask.cut) for one in wanted}

    def text(self, tree: Tree, unit: str, source: Input) -> str:
        """Write a unit's input as a data cell."""
        found = self.ask.mapping.inputs[source.column]
        if isinstance(found, UnitWord):
            return str(getattr(tree.units[unit], found.word))
        if isinstance(found, TargetOf):
            return self._target(found, unit, source)
        value = self.answers[found].value(found.indicator, unit)
        return "" if value is None else text_of(value / _factor(self.ask.profile, found.indicator, source))

    def _target(self, found: TargetOf, unit: str, source: Input) -> str:
        year = self.ask.profile.calendar.accounting_year.of(self.period.last)
        label = year.label if found.of == "year" else self.period.label
        kinds = targets.STRIVING if found.striving else targets.OFFICIAL
        target = targets.measured_by(self.targets[found.indicator], unit, label, kinds)
        if target is None or target.value is None:
            return ""
        return text_of(Fraction(target.value) / _factor(self.ask.profile, found.indicator, source))


def _answers(ask: Ask, period: Period, units: Sequence[str], looks: Iterable[Look]) -> dict[Look, Answer]:
    """Compute each way of looking once, with all indicators seen that way."""
    together: defaultdict[tuple[str, str, str | None, str], list[Look]] = defaultdict(list)
    for look in looks:
        together[look.span, _role(look, ask.profile), look.list_, look.basis].append(look)
    found: dict[Look, Answer] = {}
    for (span, role, list_, basis), some in together.items():
        answer = indicators.compute(
            period=period, units=units, span=span, role=role, list_=list_, basis=basis, cut=ask.cut,
            indicators=sorted({look.indicator for look in some}), profile=ask.profile,
        )  # fmt: skip
        found.update(dict.fromkeys(some, answer))
    return found


def _role(look: Look, profile: Profile) -> str:
    own = profile.indicator(look.indicator.removesuffix(GROWTH))
    return look.role or (own.role if own else "host")


def _kind(profile: Profile, indicator: str) -> str:
    """Tell what an indicator's values are: money, count, persons, ratio, days, points."""
    found = profile.indicator(indicator)
    return found.unit if found is not None else "ratio"


def _factor(profile: Profile, indicator: str, source: Input) -> Fraction:
    """Give how much one of the input's unit is in what the indicator is kept in. Raises KeyError for a unit that doesn't fit."""
    kind = _kind(profile, indicator)
    if kind == "money":
        return Fraction(money.YUAN_IN[source.unit])
    if kind == "ratio":
        return Fraction(1, 100) if source.unit in PERCENT else Fraction(1)
    return Fraction(COUNTED_IN.get(source.unit, 1))


def _check_units(ask: Ask) -> None:
    problems = [
        Problem(WrongUnit.code, f"inputs.{one.name}", _found_unit(one), file=ask.scheme.file, line=one.line)
        for one in ask.scheme.inputs.values()
        if _is_money(ask, one) and one.unit not in money.YUAN_IN
    ]
    if problems:
        raise WrongUnit(*problems)


def _is_money(ask: Ask, source: Input) -> bool:
    found = ask.mapping.inputs[source.column]
    return isinstance(found, Look | TargetOf) and _kind(ask.profile, found.indicator) == "money"


def _found_unit(source: Input) -> dict[str, str]:
    return {"input": source.name, "found": source.unit or "—", "allowed": ", ".join(money.YUAN_IN)}


# Rows -------------------------------------------------------------------------------------------------------------


def write_rows(ask: Ask, rows: RowsOf, file: Path) -> None:
    """Write a rows file: the projects behind an indicator, for each unit that holds some of them, with its share."""
    tree = ask.tree(ask.period)
    units = sorted({unit for some in members(ask, tree).values() for unit in some})
    known = cards.cards(on=ask.period.last, profile=ask.profile, **({} if ask.cut is None else {"cut": Cut(ask.cut)}))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([rows.key, "unit", "share", *rows.fields])
        for unit in units:
            for project, share in _held(ask, rows.look, unit).items():
                card = known.get(project)
                cells = [_cell(card, one) for one in rows.fields.values()] if card else [""] * len(rows.fields)
                writer.writerow([project, unit, text_of(share), *cells])


def _held(ask: Ask, look: Look, unit: str) -> Mapping[str, Fraction]:
    """Give the projects that make an indicator for a unit, each with its weight there: the lines of its trace."""
    traced = indicators.trace(
        indicator=look.indicator, period=ask.period.label, unit=unit, span=look.span, role=_role(look, ask.profile),
        list_=look.list_, basis=look.basis, cut=ask.cut, profile=ask.profile,
    )  # fmt: skip
    return {line.subject: line.weight for line in traced.lines if line.part == traced.lines[0].part}


def _cell(card: Card, asked: FieldOf) -> str:
    """Write one field of a project."""
    if asked.reached:
        return "是" if asked.reached in card.reached else "否"
    if asked.day_of:
        day = card.reached.get(asked.day_of)
        return "" if day is None else day.isoformat()
    value = card.state if asked.column == "state" else card.version.get(asked.column)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal) and asked.column in MONEY_COLUMNS:
        return text_of(Fraction(value) / Fraction(money.YUAN_IN[asked.unit or "万元"]))
    return "" if value is None else str(value)
