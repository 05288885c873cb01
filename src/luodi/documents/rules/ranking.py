"""
The official order of units: one order by a tie rule (mission: doubts go in a note).

By the exact value of the ranking's indicator, best first; equal values by the next indicators in turn, then by code. Units that have
not filed a form that the indicator rests on, or without a value, come last, without rank, in the order of their codes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction

from luodi.codebook.values.indicators import Indicator, Points, Quantity, TargetRate
from luodi.codebook.values.papers import Ranking
from luodi.codebook.values.profile import Profile
from luodi.documents.rules.numbers import unit_of
from luodi.documents.values import Column, Figure, UnitRow, UnitTable
from luodi.identity.tree import Unit
from luodi.indicators.engine import plan

Exact = Fraction | None
Values = Mapping[str, Mapping[str, Exact]]  # unit -> indicator -> value


def table(
    profile: Profile,
    ranking: Ranking,
    *,
    units: Sequence[Unit],
    values: Values,
    owing: Collection[str],
    transferred: Collection[str],
    print_: Callable[[Indicator, str], Figure],
) -> UnitTable:
    """
    Rank units and lay out their row.

    :param owing: units that have not filed a form that the ranking rests on
    :param print_: gives the figure of (indicator, unit)
    """
    columns = [one for one in map(profile.indicator, column_ids(profile, ranking)) if one is not None]
    chosen = [unit for unit in units if ranking.group in (None, unit.group)]
    ordered = order(profile, ranking, [unit.code for unit in chosen], values=values, owing=owing)
    names = {unit.code: unit.name for unit in chosen}
    rows = tuple(
        UnitRow(
            unit=code,
            name=names[code],
            figures=tuple(print_(one, code) for one in columns),
            rank=rank,
            filed=code not in owing,
            transferred=code in transferred,
        )
        for code, rank in ordered
    )
    heads = tuple(Column(one.id, one.zh, unit_of(one)) for one in columns)
    return UnitTable(f"按{columns[0].zh}排名", heads, rows, ranked=True)


def column_ids(profile: Profile, ranking: Ranking) -> tuple[str, ...]:
    """List what a ranking table shows: the indicator, what its rate is of, its gap to time progress, then the tie indicators."""
    found = [ranking.indicator]
    main = profile.indicator(ranking.indicator)
    if isinstance(main, TargetRate):
        found.append(main.of)
        found += [one.id for one in profile.indicators if isinstance(one, Points) and one.of == main.id]
    return tuple(dict.fromkeys([*found, *ranking.ties]))


def order(
    profile: Profile, ranking: Ranking, units: Sequence[str], *, values: Values, owing: Collection[str]
) -> list[tuple[str, int | None]]:
    """Give every unit with its rank in the official order."""
    ids = (ranking.indicator, *ranking.ties)
    signs = [_sign(profile, one) for one in ids]

    def key(unit: str) -> tuple[object, ...]:
        found = [values.get(unit, {}).get(one) for one in ids]
        keys = [(value is None, 0 if value is None else sign * value) for sign, value in zip(signs, found, strict=True)]
        return (*keys, unit)

    ranked = [unit for unit in units if unit not in owing and values.get(unit, {}).get(ranking.indicator) is not None]
    places: list[tuple[str, int | None]] = [(unit, n) for n, unit in enumerate(sorted(ranked, key=key), start=1)]
    return places + [(unit, None) for unit in sorted(set(units) - set(ranked))]


def _sign(profile: Profile, wanted: str) -> int:
    found = profile.indicator(wanted)
    return 1 if found is not None and not found.more_is_better else -1


def measures(profile: Profile, wanted: str) -> frozenset[str]:
    """Tell which filed measures an indicator rests on; none: counts of projects rest on no form."""
    found = profile.indicator(wanted)
    parts = plan.parts(profile, found) if found is not None else ()
    return frozenset(part.sum for part in parts if isinstance(part, Quantity) and part.sum)


def rests_on_forms(profile: Profile, wanted: str) -> frozenset[str]:
    """Tell which forms must be filed before a unit can be ranked by an indicator."""
    asked = measures(profile, wanted)
    return frozenset(form.id for form in profile.forms if any(form.column(measure) for measure in asked))
