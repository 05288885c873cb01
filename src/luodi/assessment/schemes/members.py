"""Who is in which group in a period, and what happens to a unit that stands in two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from luodi.assessment.schemes.data import Entry, PeriodData
from luodi.assessment.schemes.values import Scheme
from luodi.kernel.problem import Problem

Cells = Mapping[tuple[str, str, str], list[Entry]]


@dataclass(frozen=True)
class Membership:
    """The units of each group; each unit's home (where it is ranked) and its parts (group and share)."""

    units: Mapping[str, tuple[str, ...]]
    home: Mapping[str, str]
    parts: Mapping[str, tuple[tuple[str, Fraction], ...]]
    merged: frozenset[str]  # units whose figures of every group are taken together

    def sources(self, data: PeriodData, group: str, unit: str) -> Iterator[Cells]:
        """Yield the cells a unit's figures may stand in, the group's own first."""
        yield data.cells[unit, group]
        if unit in self.merged:
            for other in reversed(data.groups[unit]):
                if other != group:
                    yield data.cells[unit, other]


def membership(scheme: Scheme, data: PeriodData, file: str, problems: list[Problem]) -> Membership:
    """Settle who is measured where; problems are gathered."""
    units: dict[str, list[str]] = {group: [] for group in scheme.groups}
    home: dict[str, str] = {}
    parts: dict[str, tuple[tuple[str, Fraction], ...]] = {}
    merged = set()
    for unit, groups in data.groups.items():
        unknown = [group for group in groups if group not in scheme.groups]
        for group in unknown:
            known = ", ".join(scheme.groups)
            problems.append(_at(file, data, unit, "scheme.unknown_group", group=group, known=known))
        if unknown:
            continue
        parts[unit] = tuple(groups.items())
        if len(groups) > 1:
            rule = scheme.group_change
            if rule in ("", "refuse"):
                shown = ", ".join(groups)
                problems.append(_at(file, data, unit, "scheme.group_change", groups=shown))
            if rule != "by_share":
                chosen = _chosen(groups, rule)
                parts[unit] = ((chosen, Fraction(1)),)
                merged.add(unit)
        home[unit] = _chosen(dict(parts[unit]), "longest_group")
        for group, _ in parts[unit]:
            units[group].append(unit)
    problems.extend(_pool(scheme, data, file))
    return Membership({group: tuple(sorted(found)) for group, found in units.items()}, home, parts, frozenset(merged))


def _chosen(groups: Mapping[str, Fraction], rule: str) -> str:
    """Pick the group of the last row, or the one with the largest share (the later of equals)."""
    names = list(groups)
    return max(names, key=lambda name: (groups[name], names.index(name))) if rule == "longest_group" else names[-1]


def _pool(scheme: Scheme, data: PeriodData, file: str) -> Iterator[Problem]:
    """Hold the data to the frozen pool: nobody joins, nobody is left out."""
    if scheme.pool is None:
        return
    frozen = scheme.pool.frozen_on.isoformat()
    for unit in data.groups:
        if unit not in scheme.pool.units:
            yield _at(file, data, unit, "scheme.not_in_pool", frozen=frozen)
    for unit in scheme.pool.units:
        if unit not in data.groups:
            yield _at(file, data, unit, "scheme.pool_absent", frozen=frozen)


def _at(file: str, data: PeriodData, unit: str, code: str, **params: object) -> Problem:
    return Problem(code, where=unit, params={"unit": unit, **params}, file=file, line=data.lines.get(unit), path=unit)
