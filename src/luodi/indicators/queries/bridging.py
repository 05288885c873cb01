"""
The bridge from a published value to the revised one: every later change in order of recording, each step the value after less the
value before, with who made it and by which project. (ledger.md, The bridge.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeVar

from luodi.codebook import queries as codebook
from luodi.codebook.values.profile import Profile
from luodi.indicators.engine import plan
from luodi.indicators.queries.computing import NOW, sealed, sealed_profile
from luodi.indicators.queries.looking import Asked, Look, Looker
from luodi.indicators.snapshot import store
from luodi.indicators.values import Exact
from luodi.ledger import clock

K = TypeVar("K")


@dataclass(frozen=True)
class Step:
    """
    One instant at which the value changed: `change` is the value after less the value before (None where one is undefined).

    `by_project` and `by_unit` (the unit's children; None: what none of them holds) split it, for additive indicators.
    """

    at: int
    facts: tuple[tuple[int, str, str], ...]  # id, name, actor
    cause: str  # rows, units, targets, profile
    before: Exact
    after: Exact
    change: Exact
    by_project: dict[str, Fraction] = field(default_factory=dict)
    by_unit: dict[str | None, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Bridge:
    """The published value, the revised one, and the steps between: where both are defined the changes add up to the difference."""

    indicator: str
    period: str
    unit: str
    kind: str
    published: Exact
    revised: Exact
    steps: tuple[Step, ...]


def bridge(
    *,
    indicator: str,
    period: str,
    unit: str,
    span: str = "ytd",
    role: str = "host",
    basis: str = "verified",
    since: int | None = None,
    until: int | None = None,
    profile: Profile | None = None,
) -> Bridge:
    """
    Explain the way from a unit's value as of the period's seal (`since`) to the value as of now (`until`).

    :raises NotSealed: if the period has no seal and `since` is not given
    """
    asked = Asked(indicator, period, span, role, basis)
    return bridges(asked, [unit], since=since, until=until, profile=profile)[unit]


def bridges(
    asked: Asked,
    units: Sequence[str],
    *,
    since: int | None = None,
    until: int | None = None,
    profile: Profile | None = None,
) -> dict[str, Bridge]:
    """
    Explain the same of several units, by unit: each instant is looked at once for all of them.

    :raises NotSealed: if the period has no seal and `since` is not given
    """
    now_profile = profile or codebook.profile()
    was_profile = now_profile if since is not None else sealed_profile(period=asked.period, profile=now_profile)
    start = sealed(period=asked.period, profile=now_profile) if since is None else since
    end = NOW if until is None else until
    looker = Looker(was_profile, asked, units)
    first = last = looker.look(start)
    steps: dict[str, list[Step]] = {unit: [] for unit in units}
    for turn in looker.turns(start, end):
        before, last = last, looker.look(turn.at)
        for unit in units:
            steps[unit] += _step(before[unit], last[unit], turn.at, turn.cause, turn.facts)
    if codebook.canonical(was_profile) != codebook.canonical(now_profile):
        before, last = last, Looker(now_profile, asked, units).look(end)
        for unit in units:
            steps[unit] += _step(before[unit], last[unit], min(end, clock.now()), "profile")
    kind = plan.definition(now_profile, asked.indicator).unit
    return {
        unit: Bridge(
            asked.indicator,
            asked.period,
            unit,
            kind,
            first[unit].value,
            last[unit].value,
            tuple(_with_facts(steps[unit])),
        )
        for unit in units
    }


def _step(before: Look, after: Look, at: int, cause: str, facts: Sequence[int] = ()) -> list[Step]:
    """Compare two looks; nothing where nothing moved."""
    by_project = _differences(before.by_project, after.by_project)
    by_unit = _differences(before.by_unit, after.by_unit)
    if before.value == after.value and not by_project and not by_unit:
        return []
    change = None if before.value is None or after.value is None else after.value - before.value
    named = tuple((fact, "", "") for fact in facts)
    return [Step(at, named, cause, before.value, after.value, change, by_project, by_unit)]


def _differences(before: Mapping[K, Fraction], after: Mapping[K, Fraction]) -> dict[K, Fraction]:
    zero = Fraction(0)
    found = {key: after.get(key, zero) - before.get(key, zero) for key in dict.fromkeys([*before, *after])}
    return {key: change for key, change in found.items() if change}


def _with_facts(steps: Sequence[Step]) -> list[Step]:
    """Say of every step which acts made it, and whose they were."""
    heads = store.fact_heads(fact for step in steps for fact, _, _ in step.facts)
    return [
        replace(step, facts=tuple((fact, heads[fact][0], heads[fact][2]) for fact, _, _ in step.facts if fact in heads))
        for step in steps
    ]
