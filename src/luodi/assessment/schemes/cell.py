"""One unit under one item: the only window through which an operator sees figures. What it looks at is noted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn

from luodi.assessment.schemes.operators.base import NotApplicable, Row, Stopped, amount
from luodi.assessment.schemes.operators.listed import lines_of
from luodi.assessment.schemes.periods import accounting_year, back, span
from luodi.assessment.schemes.periods import key as period_key
from luodi.assessment.schemes.values import Args, Node, Quantity, Ref
from luodi.kernel.predicates import Predicate, judge
from luodi.kernel.problem import Problem

if TYPE_CHECKING:
    from luodi.assessment.schemes.engine import Pool


class UnitCell:
    """Implements operators.base.Cell over a pool; one object serves a whole column, unit after unit."""

    __slots__ = (
        "cache",
        "columns",
        "group",
        "memo",
        "node",
        "period",
        "pool",
        "reach",
        "traced",
        "unit",
        "used",
        "weight",
    )

    def __init__(self, pool: Pool, group: str, node: Node) -> None:
        self.pool, self.group, self.node = pool, group, node
        self.period, self.traced = pool.period, pool.run.traced
        self.unit, self.weight = "", None
        self.used: dict[str, Fraction | str | None] = {}
        self.columns: dict[str, dict[str, Fraction | None]] = {}
        self.memo: dict[str, Any] = {}
        self.cache: dict[tuple[str, ...], Sequence[tuple[str, Fraction]]] = {}

    weight: Fraction | None

    def start(self, unit: str, weight: Fraction | None) -> None:
        """Turn to the next unit."""
        self.unit, self.weight, self.used = unit, weight, {}

    # A unit's own figures ---------------------------------------------------------------------------------------

    def maybe(self, ref: Ref) -> Fraction | None:
        """Give a figure, None when it does not apply."""
        column = self.columns.get(ref.text)
        if column is None:
            column = self.columns[ref.text] = self.pool.column(self.group, ref)
        found = self.used[ref.text] = column[self.unit]
        return found

    def get(self, ref: Ref) -> Fraction:
        """Give a figure; where it does not apply, neither does the item."""
        found = self.maybe(ref)
        if found is None:
            raise NotApplicable(ref.text)
        return found

    def word(self, ref: Ref) -> str | None:
        """Give a text input."""
        found = self.used[ref.text] = self.pool.words(self.group, ref)[self.unit]
        return found

    def amount(self, of: Quantity) -> Fraction:
        """Give the number a quantity stands for."""
        return amount(self, of)

    def applies(self) -> bool:
        """Judge the item's `when`; what can't be told is refused."""
        if self.node.when is None:
            return True
        truth = self.judge(self.node.when)
        if truth is None:
            self.stop("scheme.unknown_when")
        return truth

    def judge(self, when: Predicate) -> bool | None:
        """Judge a condition on this unit's figures and texts."""
        return judge(when, Lookup(self, None))

    # Peers ------------------------------------------------------------------------------------------------------

    def peers(self, ref: Ref, reach: Sequence[str]) -> Sequence[tuple[str, Fraction]]:
        """Give the figures of those compared with: the own group, named groups, or all. Sorted by unit."""
        key = (ref.text, *reach)
        if key not in self.cache:
            groups = [self.group] if not reach else list(self.pool.scheme.groups) if reach == ("*",) else list(reach)
            found = {unit: value for group in groups for unit, value in self.pool.column(group, ref).items()}
            out = self.pool.unranked_out
            kept = ((unit, value) for unit, value in found.items() if value is not None and unit not in out)
            self.cache[key] = sorted(kept)
        return self.cache[key]

    def extremes(self, ref: Ref, reach: Sequence[str]) -> tuple[tuple[str, Fraction], tuple[str, Fraction]]:
        """Give the lowest and the highest peer; of equals the first by name."""
        found = self.peers(ref, reach) or [(self.unit, self.get(ref))]
        return min(found, key=lambda one: one[1]), max(found, key=lambda one: one[1])

    def ordered(self, ref: Ref, reach: Sequence[str]) -> Sequence[Fraction]:
        """Give the peers' figures in ascending order."""
        key = ("ordered", ref.text, *reach)
        if key not in self.cache:
            self.cache[key] = sorted(self.peers(ref, reach), key=lambda one: one[1])
        return [value for _, value in self.cache[key]]

    # Earlier periods --------------------------------------------------------------------------------------------

    def history(self, ref: Ref, window: object) -> Sequence[tuple[str, Fraction | None]]:
        """Give a figure over the periods of a window, earliest first."""
        return [(label, self._at(label, ref)) for label in self._window(window)]

    def _at(self, label: str, ref: Ref) -> Fraction | None:
        if label == self.period:
            return self.maybe(ref)
        pool = self.pool.run.pool_behind(label, ref.name, self.pool.cut)
        home = pool.members.home.get(self.unit) if pool else None
        return None if pool is None or home is None else pool.column(home, ref).get(self.unit)

    def _window(self, window: object) -> list[str]:
        here = self.period
        if here is None:
            self.stop("scheme.needs_periods")
        known = sorted((label for label in self.pool.run.data.periods if label is not None), key=period_key)
        upto = [label for label in known if period_key(label) <= period_key(here)]
        if isinstance(window, int):
            return [label for label in (back(here, n, known) for n in reversed(range(window))) if label is not None]
        alike = [label for label in upto if _months(label) == _months(here)]
        if window == "all":
            return alike
        year = accounting_year(here, self.pool.scheme.year_starts)
        return [label for label in alike if accounting_year(label, self.pool.scheme.year_starts) == year]

    def running(self, when: Predicate, ending: str, unknown: str) -> Sequence[tuple[str, bool | None]]:
        """Judge a condition period by period backwards until it fails."""
        found: list[tuple[str, bool | None]] = []
        label = self.period
        if label is None:
            self.stop("scheme.needs_periods")
        known = [one for one in self.pool.run.data.periods if one is not None]
        if ending == "previous":
            label = back(label, 1, known)
        while label is not None and label in self.pool.run.data.periods:
            truth = judge(when, Lookup(self, label))
            if truth is None and unknown == "error":
                self.stop("scheme.unknown_condition", level=label)
            found.append((label, truth))
            if truth is not True:
                break
            label = back(label, 1, known)
        return found

    # Other groups, rows -----------------------------------------------------------------------------------------

    def children(self, ref: Ref, group: Sequence[str], parent: Ref) -> Sequence[tuple[str, str, Fraction | None]]:
        """Give the units of other groups that name this unit as their parent, with their figures."""
        groups = list(self.pool.scheme.groups) if group == ("*",) else list(group) or [self.group]
        return [
            (unit, one, self.pool.column(one, ref)[unit])
            for one in groups
            for unit, named in self.pool.words(one, parent).items()
            if named == self.unit
        ]

    def child(self, ref: Ref, group: str, unit: str) -> Fraction:
        """Give a child's figure."""
        found = self.pool.column(group, ref)[unit]
        if found is None:
            self.stop("scheme.child_without", child=unit, name=ref.text)
        return found

    def rows(self, args: Args, *, whole: bool = True) -> Sequence[Row]:
        """Give the unit's rows of a file."""
        return self.pool.sheets.rows(args, self.unit, whole=whole)

    def earlier_rows(self, args: Args, key: str) -> Sequence[tuple[str, Row]]:
        """Give the rows with a key in earlier periods, whoever's they were."""
        return self.pool.sheets.before(args, key)

    def credited(self, item: str, key: str) -> bool:
        """Tell whether another item of this unit has given points for a key."""
        if item not in self.pool.items_of(self.pool.scheme.groups[self.group])[0]:
            return False
        node = self.pool.scheme.items[item]
        other = UnitCell(self.pool, self.group, node)
        other.start(self.unit, self.pool.weight(self.group, item, self.unit))
        return other.applies() and any(line.points for line in lines_of(other, node.args) if line.row.key == key)

    # Problems ---------------------------------------------------------------------------------------------------

    def problem(self, code: str, **params: object) -> Problem:
        """Build a problem that names unit and item: on the row's line if a row is wrong, else the item's in the scheme."""
        scheme = self.pool.scheme
        section = "items" if self.node.name in scheme.items else "values"
        path = "total" if self.node.name == "total" else f"{section}.{self.node.name}"
        named = {"unit": self.unit, "item": self.node.name, "period": self.period, **params}
        line = params.get("line")
        file = self.pool.run.rows[self.node.args["rows"]].file if line else scheme.file
        at = line if isinstance(line, int) else self.node.line
        return Problem(code, where=self.unit, params=named, file=file, line=at, path=path)

    def stop(self, code: str, **params: object) -> NoReturn:
        """Give up this cell with a problem."""
        raise Stopped(self.problem(code, **params))


class Lookup:
    """Answers a condition's names for one cell, now or in an earlier period."""

    __slots__ = ("cell", "label")

    def __init__(self, cell: UnitCell, label: str | None) -> None:
        self.cell, self.label = cell, label

    def get(self, name: str, /) -> object:
        base, _, when = name.partition("@")
        cell, pool = self.cell, self.cell.pool
        label = self.label or pool.period
        if when:
            label = pool.run.earlier(label, when)
        ref = Ref(base, when or None)
        kind = pool.scheme.inputs[base].type if base in pool.scheme.inputs else "number"
        if label == pool.period and not when:
            return cell.maybe(ref) if kind == "number" else cell.word(ref)
        if kind != "number":
            return self._earlier_word(label, base)
        there = pool.run.pool_behind(label, base, pool.cut)
        known = there is not None and cell.unit in there.members.home
        found = pool.figure_at(label, cell.unit, base) if known or self.label is None else None
        cell.used[f"{base}@{label}"] = found
        return found

    def _earlier_word(self, label: str | None, base: str) -> str | None:
        here = self.cell.pool
        pool = here.run.pool_behind(label, base, here.cut)
        home = pool.members.home.get(self.cell.unit) if pool else None
        return pool.words(home, Ref(base))[self.cell.unit] if pool and home else None


def _months(label: str) -> int | None:
    found = span(label)
    return found.months if found else None
