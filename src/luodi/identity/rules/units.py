"""What a version of a unit must be before it enters the tree (ledger.md, Units change)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from luodi.codebook.values import Profile
from luodi.identity.tree import Version, tree_on
from luodi.identity.values import UnitRow
from luodi.kernel.problem import Problem


@dataclass(frozen=True)
class UnitDossier:
    """Rows to be recorded, and the rows in force already, both in the order of known time."""

    rows: Sequence[UnitRow]
    known: Sequence[Version]
    profile: Profile

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """Give every unit there is or will be, with its kind by the last row that names it."""
        return {row.code: row.kind for row in self.known} | {row.code: row.kind for row in self.rows}


def place(row: UnitRow) -> str:
    """Say which row is meant: its place in the file, or code and day."""
    return row.where or f"unit={row.code} valid_from={row.valid_from.isoformat()}"


def has_code_and_name(row: UnitRow, _dossier: UnitDossier) -> Iterator[Problem]:
    """A unit has a code without spaces and a name."""
    if not row.code or row.code != row.code.strip() or any(sign in row.code for sign in " ;,\t\n"):
        yield Problem("identity.unit.code", place(row), {"found": row.code})
    if not row.name.strip():
        yield Problem("identity.unit.name", place(row), {"unit": row.code})


def kind_is_known(row: UnitRow, dossier: UnitDossier) -> Iterator[Problem]:
    """Its kind is one of the profile's."""
    allowed = [kind.id for kind in dossier.profile.unit_kinds]
    if row.kind not in allowed:
        yield Problem("identity.unit.kind", place(row), {"found": row.kind, "allowed": ", ".join(allowed)})


def group_is_known(row: UnitRow, dossier: UnitDossier) -> Iterator[Problem]:
    """Its group is one of the profile's, or none."""
    allowed = [group.id for group in dossier.profile.groups]
    if row.group and row.group not in allowed:
        yield Problem("identity.unit.group", place(row), {"found": row.group, "allowed": ", ".join(allowed) or "∅"})


def names_units_that_exist(row: UnitRow, dossier: UnitDossier) -> Iterator[Problem]:
    """Parent and successor are units of the ledger or of the same file."""
    for key, found in (("parent", row.parent), ("successor", row.successor)):
        if found and found not in dossier.kinds:
            yield Problem(f"identity.unit.no_{key}", place(row), {"unit": row.code, "found": found})


def is_not_its_own(row: UnitRow, _dossier: UnitDossier) -> Iterator[Problem]:
    """A unit is neither its own parent nor its own successor."""
    for key, found in (("parent", row.parent), ("successor", row.successor)):
        if found and found == row.code:
            yield Problem(f"identity.unit.own_{key}", place(row), {"unit": row.code})


def ends_after_it_begins(row: UnitRow, _dossier: UnitDossier) -> Iterator[Problem]:
    """The first day it no longer exists is not before the version's first day."""
    if row.valid_to is not None and row.valid_to < row.valid_from:
        params = {"begins": row.valid_from.isoformat(), "ends": row.valid_to.isoformat()}
        yield Problem("identity.unit.ends_before", place(row), params)


def only_a_closed_unit_has_a_successor(row: UnitRow, _dossier: UnitDossier) -> Iterator[Problem]:
    """A successor takes over from a day on, so the day has to be said. A finding, not a refusal."""
    if row.successor and row.valid_to is None:
        params = {"unit": row.code, "found": row.successor}
        yield Problem("identity.unit.successor_without_end", place(row), params, blocking=False)


def stands_where_its_kind_may(row: UnitRow, dossier: UnitDossier) -> Iterator[Problem]:
    """Towns stand under districts, districts under the city: as the profile says. A finding, not a refusal."""
    kind = next((kind for kind in dossier.profile.unit_kinds if kind.id == row.kind), None)
    above = dossier.kinds.get(row.parent)
    if kind and above and above not in kind.under:
        params = {"unit": row.code, "kind": row.kind, "found": above, "allowed": ", ".join(kind.under) or "∅"}
        yield Problem("identity.unit.under", place(row), params, blocking=False)
    if kind and not row.parent and row.code != dossier.profile.city.root:
        yield Problem("identity.unit.outside", place(row), {"unit": row.code}, blocking=False)


ROW_CHECKS: tuple[Callable[[UnitRow, UnitDossier], Iterator[Problem]], ...] = (
    has_code_and_name,
    kind_is_known,
    group_is_known,
    names_units_that_exist,
    is_not_its_own,
    ends_after_it_begins,
    only_a_closed_unit_has_a_successor,
    stands_where_its_kind_may,
)


def unit_problems(dossier: UnitDossier) -> list[Problem]:
    """Return everything that is wrong with rows of units, in their order; circles last."""
    found = [problem for row in dossier.rows for check in ROW_CHECKS for problem in check(row, dossier)]
    return found + list(circles(dossier))


def circles(dossier: UnitDossier) -> Iterator[Problem]:
    """On no day may a unit roll up into itself; each circle is named once, with the first day it stands."""
    versions = [*dossier.known, *(version(row) for row in dossier.rows if row.code)]
    if _never_circles(versions):
        return
    filed = {row.code: row for row in dossier.rows}
    seen: set[frozenset[str]] = set()
    days = {row.valid_from for row in versions} | {row.valid_to for row in versions if row.valid_to}
    for day in sorted(days):
        ups = {code: unit.up for code, unit in tree_on(versions, on=day).units.items()}
        for circle in _circles(ups):
            if frozenset(circle) not in seen and not filed.keys().isdisjoint(circle):
                seen.add(frozenset(circle))
                row = filed[next(code for code in circle if code in filed)]
                params = {"members": " → ".join([*circle, circle[0]]), "day": day.isoformat()}
                yield Problem("identity.unit.circle", place(row), params)


def _never_circles(versions: Sequence[Version]) -> bool:
    """Tell whether no circle is possible even if all parents and successors there ever were held at once: nearly always, and cheap."""
    above: dict[str, set[str]] = {}
    for row in versions:
        above.setdefault(row.code, set()).update({row.parent, row.successor} - {"", row.code})
    try:
        TopologicalSorter(above).prepare()
    except CycleError:
        return False
    return True


def _circles(ups: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Find circles of two or more in a map of what rolls up where (one's own parent has a problem of its own)."""
    done: set[str] = set()
    for start in sorted(ups):
        way: list[str] = []
        code = start
        while code in ups and code not in done and code not in way:
            way.append(code)
            code = ups[code]
        if code in way and len(way[way.index(code) :]) > 1:
            yield tuple(way[way.index(code) :])
        done.update(way)


def version(row: UnitRow) -> Version:
    """Turn a filed row into a row of the tree."""
    return Version(row.code, row.name, row.parent, row.kind, row.group, row.successor, row.valid_from, row.valid_to)
