"""
Scoring a pool: every value, item and total of every unit of one period, each computed when first asked for.

A run holds the scheme, the data and the rows and keeps one pool per period, so that history is scored once. A pool
keeps columns: (group, name) -> unit -> number, or None where it does not apply. Nothing is stored beyond the run,
and nothing here reads a clock or a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property, lru_cache

from luodi.assessment.schemes.cell import UnitCell
from luodi.assessment.schemes.data import ALWAYS, Data, Entry, PeriodData, RowsFile, end_of
from luodi.assessment.schemes.exact import NotANumber, figure, rounded, text_of
from luodi.assessment.schemes.members import Membership, membership
from luodi.assessment.schemes.operators import OPERATORS
from luodi.assessment.schemes.operators.base import NotApplicable, Outcome, Scored, Stopped
from luodi.assessment.schemes.periods import back, year_before
from luodi.assessment.schemes.values import Cap, Group, Input, Node, Ref, Scheme
from luodi.assessment.schemes.worksheets import Worksheets
from luodi.kernel.problem import Problem

KINDS = {
    "audited": ("audited",),
    "self": ("self",),
    "audited_else_self": ("audited", "self"),
    "own": ("self", "audited"),  # the score by a unit's own figures: audited where it gave none
}
Column = dict[str, Fraction | None]
Words = dict[str, str | None]


@dataclass
class Run:
    """One computation: what is scored, on what was known, with which values changed for trial."""

    scheme: Scheme
    data: Data
    rows: Mapping[str, RowsFile] = field(default_factory=dict)
    known_at: datetime | None = None
    kind: str | None = None  # "self": every unit's own figures where it gave some
    changes: Mapping[tuple[str | None, str, str], str] = field(default_factory=dict)  # (period, unit, input) -> text
    rounds: bool = True  # False: leave out the rounding of items, to see what it decides
    traced: bool = False
    problems: list[Problem] = field(default_factory=list)
    pools: dict[str | None, Pool] = field(default_factory=dict)
    reread: dict[tuple[str | None, datetime | None], Pool] = field(default_factory=dict)
    standings: dict[str | None, object] = field(default_factory=dict)
    base: Run | None = None  # an earlier run whose columns are kept where nothing changed
    touched: frozenset[str] = frozenset()  # names that depend on what changed
    cuts: dict[str | None, datetime] = field(default_factory=dict)
    carried: dict[tuple[str | None, str], Fraction] = field(default_factory=dict)  # points carried forward

    def pool(self, period: str | None) -> Pool | None:
        """Give the pool of a period; None if the data don't hold it."""
        if period not in self.data.periods:
            return None
        if period not in self.pools:
            self.pools[period] = Pool(self, period)
        return self.pools[period]

    def pool_behind(self, period: str | None, name: str, cut: datetime | None) -> Pool | None:
        """
        Give the pool an earlier figure is read from. What was put in, and values made of it, are read as known by
        `cut`, so that a running total holds its corrections; scores and ranks stay as they were published.
        """
        published = period in self.cuts and self.cuts[period] != cut
        if not published or not (name in self.scheme.inputs or name in self.scheme.values):
            return self.pool(period)
        if (period, cut) not in self.reread:
            again = self.reread[period, cut] = Pool(self, period)
            again.cut = cut
        return self.reread[period, cut]

    def earlier(self, period: str | None, when: str) -> str | None:
        """Tell which period `@when` means from here."""
        known = [one for one in self.data.periods if one is not None]
        if when == "last_year":
            return year_before(period)
        if when == "previous":
            return back(period, 1, known)
        if when.startswith("-") and when[1:].isdigit():
            return back(period, int(when[1:]), known)
        return when

    def note(self, code: str, *, file: str, line: int, blocking: bool = True, **params: object) -> None:
        """Note a problem of a file once."""
        problem = Problem(code, params=params, file=file, line=line, blocking=blocking)
        if problem not in self.problems:
            self.problems.append(problem)


class Pool:
    """All units of one period under one run."""

    def __init__(self, run: Run, period: str | None, *, nominal: bool = False) -> None:
        self.run, self.period, self.nominal = run, period, nominal
        self.cut = run.cuts.get(period, run.known_at)  # up to when figures may have become known
        self.scheme: Scheme = run.scheme
        self.data: PeriodData = run.data.periods[period]
        self.members: Membership = membership(run.scheme, self.data, run.data.file, run.problems)
        self.columns: dict[tuple[str, str], Column] = {}
        self.worded: dict[tuple[str, str], Words] = {}
        self.scored: dict[tuple[str, str], dict[str, Scored]] = {}
        self.working: set[tuple[str, str]] = set()
        self.weights: dict[str, dict[str, dict[str, Fraction | None]]] = {}

    @cached_property
    def sheets(self) -> Worksheets:
        """Give the rows files as this pool sees them."""
        return Worksheets(self.run.rows, self.period, self.cut, self.data.groups, self.run.note)

    # What a group is measured by --------------------------------------------------------------------------------

    def items_of(self, group: Group) -> tuple[tuple[str, ...], Mapping[str, Fraction]]:
        """Give the item set and weights of a group in this period."""
        for variant in group.variants:
            if any(fnmatchcase(self.period or "", pattern) for pattern in variant.periods):
                return variant.items, variant.weights
        return group.items, group.weights

    def weight(self, group: str, item: str, unit: str) -> Fraction | None:
        """Give an item's weight for a unit, after redistribution; None when it has none."""
        nominal = self.items_of(self.scheme.groups[group])[1].get(item)
        if not self.scheme.groups[group].redistribute or self.nominal or nominal is None:
            return nominal
        if group not in self.weights:
            self.weights[group] = self._redistributed(group)
        return self.weights[group].get(unit, {}).get(item, nominal)

    def _redistributed(self, group: str) -> dict[str, dict[str, Fraction | None]]:
        """Share out the weights of items that don't apply among those that do, in proportion."""
        nominal = Pool(self.run, self.period, nominal=True)
        nominal.cut = self.cut
        items, weights = self.items_of(self.scheme.groups[group])
        found: dict[str, dict[str, Fraction | None]] = {}
        scores = {item: nominal.column(group, Ref(item)) for item in items if weights.get(item)}
        whole = sum((weights[item] for item in scores), Fraction(0))
        for unit in self.members.units[group]:
            kept = [item for item in scores if scores[item][unit] is not None]
            left = sum((weights[item] for item in kept), Fraction(0))
            if left and left != whole:
                found[unit] = {item: weights[item] * whole / left for item in kept}
        return found

    @cached_property
    def unranked_out(self) -> frozenset[str]:
        """Give the units that are no peers because they are not ranked this period."""
        if self.scheme.unranked_peers:
            return frozenset()
        from luodi.assessment.schemes.standing import unranked  # a standing is made from pools

        return frozenset(unranked(self))

    # Columns ----------------------------------------------------------------------------------------------------

    def column(self, group: str, ref: Ref) -> Column:
        """Give a figure of every unit of a group, computing it when first asked for."""
        key = (group, ref.text)
        found = self.columns.get(key)
        if found is None:
            found = self._kept(key, ref)
            if found is None:
                if key in self.working:
                    path = f"{group}.{ref.text}"
                    raise Stopped(Problem("scheme.cycle", params={"cycle": [path, path], "shown": path}, path=path))
                self.working.add(key)
                found = self._compute(group, ref)
                self.working.discard(key)
            self.columns[key] = found
        return found

    def _kept(self, key: tuple[str, str], ref: Ref) -> Column | None:
        """Take the column of the base run where what changed can't have touched it."""
        base = self.run.base
        if base is None or ref.name in self.run.touched or self.nominal:
            return None
        pool = base.pools.get(self.period)
        if pool is None or pool.cut != self.cut or key not in pool.columns:
            return None
        if key in pool.scored:
            self.scored[key] = pool.scored[key]
        return pool.columns[key]

    def _compute(self, group: str, ref: Ref) -> Column:
        if ref.when is not None:
            return self._historic(group, ref)
        if ref.name in self.scheme.inputs:
            return self._input(group, self.scheme.inputs[ref.name])
        if ref.name == "total":
            node = self.scheme.groups[group].total or self.scheme.total
            return self._node(group, node, final=True)
        if ref.name in self.scheme.values:
            return self._node(group, self.scheme.values[ref.name], final=False)
        return self._node(group, self.scheme.items[ref.name], final=False)

    def _historic(self, group: str, ref: Ref) -> Column:
        """Look a figure up in an earlier period, in whichever group the unit stood then."""
        units = self.members.units[group]
        assert ref.when is not None  # noqa: S101
        label = self.run.earlier(self.period, ref.when)
        return {unit: self.figure_at(label, unit, ref.name) for unit in units}

    def figure_at(self, label: str | None, unit: str, name: str) -> Fraction | None:
        """Give one unit's figure of another period; where there is none, what the scheme says about that."""
        pool = self.run.pool_behind(label, name, self.cut)
        group = pool.members.home.get(unit) if pool else None
        if pool is not None and group is not None:
            if name in ("rank", "rank_from_bottom"):
                return self.run_standing(pool, unit, name)
            return pool.column(group, Ref(name)).get(unit)
        wanted = self.scheme.no_history or self.scheme.inputs[name].missing
        if wanted == "error":
            self._missing(unit, name, label)
        return Fraction(0) if wanted == "zero" else None

    def run_standing(self, pool: Pool, unit: str, name: str) -> Fraction | None:
        """Give a unit's rank of an earlier period."""
        from luodi.assessment.schemes.standing import standing_of  # a standing is made from pools

        found: Fraction | None = standing_of(pool).number(unit, name)
        return found

    def _missing(self, unit: str, name: str, label: str | None) -> None:
        path, file, line = f"{unit}.{name}", self.run.data.file, self.data.lines.get(unit)
        params = {"unit": unit, "input": name, "period": label or "-"}
        self.run.problems.append(
            Problem("scheme.figure_missing", where=path, params=params, file=file, line=line, path=path)
        )

    # Inputs -----------------------------------------------------------------------------------------------------

    def _input(self, group: str, source: Input) -> Column:
        column: Column = {}
        for unit in self.members.units[group]:
            entry = self.entry(group, unit, source)
            column[unit] = self._number(unit, source, entry)
        return column

    def words(self, group: str, ref: Ref) -> Words:
        """Give a text input of every unit of a group."""
        key = (group, ref.text)
        if key not in self.worded:
            label = self.run.earlier(self.period, ref.when) if ref.when else self.period
            pool = self if ref.when is None else self.run.pool_behind(label, ref.name, self.cut)
            found: Words = {}
            for unit in self.members.units[group]:
                home = group if ref.when is None else (pool.members.home.get(unit) if pool else None)
                entry = pool.entry(home, unit, self.scheme.inputs[ref.name]) if pool and home else None
                found[unit] = entry.text.strip() or None if entry else None
            self.worded[key] = found
        return self.worded[key]

    def entry(self, group: str, unit: str, source: Input) -> Entry | None:
        """Find the cell of an input that counts: of the right perimeter and kind, the last one known in time."""
        changes = self.run.changes
        if changes and (changed := changes.get((self.period, unit, source.name))) is not None:
            return Entry(changed, 0, ALWAYS)
        cut = self.cut
        for kind in self._kinds(source):
            key = (source.column, source.perimeter, kind)
            for cells in self.members.sources(self.data, group, unit):
                for entry in reversed(cells.get(key, ())):
                    if cut is None or entry.known_at <= cut:
                        if entry.text.strip():
                            return entry
                        break
        return None

    def _kinds(self, source: Input) -> tuple[str, ...]:
        """Tell which kinds of figure count, the preferred one first."""
        return KINDS["own" if self.run.kind == "self" else source.kind]

    def _number(self, unit: str, source: Input, entry: Entry | None) -> Fraction | None:
        try:
            found = figure(entry.text, percent="%" in source.unit or "％" in source.unit) if entry else None
        except NotANumber:
            assert entry is not None  # noqa: S101
            self._bad(unit, source, entry, "scheme.not_a_number")
            return None
        if found is None:
            if source.missing == "error":
                self._missing(unit, source.name, self.period)
            return Fraction(0) if source.missing == "zero" else None
        assert entry is not None  # noqa: S101
        below = source.least is not None and found < source.least
        if below or (source.most is not None and found > source.most):
            self._bad(unit, source, entry, "scheme.outside_range")
        return found

    def _bad(self, unit: str, source: Input, entry: Entry, code: str) -> None:
        limits = {"least": source.least, "most": source.most}
        params = {name: "-" if limit is None else text_of(limit) for name, limit in limits.items()}
        params |= {"unit": unit, "input": source.name, "found": entry.text}
        path = f"{unit}.{source.name}"
        file, line = self.run.data.file, entry.line or None
        self.run.problems.append(Problem(code, where=path, params=params, file=file, line=line, path=path))

    # Values, items, totals --------------------------------------------------------------------------------------

    def _node(self, group: str, node: Node, *, final: bool) -> Column:
        scored: dict[str, Scored] = {}
        self.scored[group, node.name] = scored
        items = self.items_of(self.scheme.groups[group])[0]
        if final:
            node = _only(node, items, self.scheme)
        is_item = node.name in self.scheme.items and node.name in items
        cell = UnitCell(self, group, node)
        compute = OPERATORS[node.op].compute
        for unit in self.members.units[group]:
            weight = self.weight(group, node.name, unit) if is_item else None
            cell.start(unit, weight)
            try:
                if weight is not None and weight == 0:
                    raise NotApplicable("weight 0")
                outcome = self._outcome(cell, node, compute(cell, node.args) if cell.applies() else None)
                scored[unit] = self._finished(node, cell, weight, outcome)
            except NotApplicable as reason:
                scored[unit] = Scored(None, None, weight, None, cell.used, reason.why)
            except Stopped as stop:
                self.run.problems.append(stop.problem)
                scored[unit] = Scored(None, None, weight, None, cell.used, stop.problem.code)
            except ZeroDivisionError:
                self.run.problems.append(cell.problem("scheme.zero_division"))
                scored[unit] = Scored(None, None, weight, None, cell.used, "scheme.zero_division")
        return {unit: one.score for unit, one in scored.items()}

    def _outcome(self, cell: UnitCell, node: Node, outcome: Outcome | None) -> Outcome:
        """Answer a false `when`: its `else`, or not applicable."""
        if outcome is not None:
            return outcome
        if node.otherwise is None:
            raise NotApplicable("when")
        return Outcome(node.otherwise, text_of(node.otherwise), more={"settled": "when"})

    def _finished(self, node: Node, cell: UnitCell, weight: Fraction | None, outcome: Outcome) -> Scored:
        """Weigh, hold under the item's ceiling, round where the scheme writes it."""
        exact = outcome.raw
        settled_by_when = outcome.more.get("settled") == "when"
        if weight is not None and node.scale is not None and not settled_by_when:
            exact *= weight if node.scale == 1 else _factor(weight, node.scale)
        for cap in node.args.get("cap") or ():
            if isinstance(cap, Cap) and cap.on == "item":
                ceiling = cell.amount(cap.at)
                outcome.capped = bool(outcome.capped) or exact > ceiling
                if exact > ceiling:
                    exact, outcome.more["held"] = ceiling, text_of(ceiling)
        rounding = node.round if self.run.rounds else None
        return Scored(exact, rounded(exact, rounding), weight, outcome, cell.used)


@lru_cache(maxsize=4096)
def _factor(weight: Fraction, scale: Fraction) -> Fraction:
    return weight / scale


def _only(total: Node, items: tuple[str, ...], scheme: Scheme) -> Node:
    """Leave out of a total the items that this group does not have in this period."""
    of = total.args.get("of")
    if not of:
        return total

    def present(one: object) -> bool:
        ref = one["value"] if isinstance(one, dict) else one
        return not isinstance(ref, Ref) or ref.name not in scheme.items or ref.name in items

    kept = tuple(one for one in of if present(one))
    return total if len(kept) == len(of) else replace(total, args={**total.args, "of": kept})


def published_cut(scheme: Scheme, period: str | None) -> datetime | None:
    """Tell up to when figures counted when a period was published; None when it was not."""
    day = scheme.published.get(period or "")
    return end_of(day) if day else None
