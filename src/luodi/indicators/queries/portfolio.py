"""The portfolio on a day by furthest stage, and the days between two stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from luodi.codebook import queries as codebook
from luodi.codebook.values.profile import Profile
from luodi.indicators.engine.projects import attribute
from luodi.indicators.engine.world import World
from luodi.indicators.queries.computing import NOW, current_world
from luodi.indicators.rules import finish
from luodi.indicators.snapshot.layout import CODES
from luodi.indicators.values import VERIFIED, Exact, Question
from luodi.kernel.problem import Refused


class UnknownAttribute(Refused):
    """A project has no such column or attribute. Parameters: `found`, `known`."""

    code: ClassVar[str] = "indicator.unknown_attribute"


class UnknownStage(Refused):
    """The profile has no such stage. Parameters: `found`, `known`."""

    code: ClassVar[str] = "indicator.unknown_stage"


@dataclass(frozen=True)
class Standing:
    """Projects whose furthest stage on the way is `stage` (None: not begun): how many, and their total investment in yuan."""

    group: str | None
    stage: str | None
    count: int
    amount: Decimal
    blank: int  # of them without a total investment


@dataclass(frozen=True)
class Gap:
    """Whole days from one stage to another, over the projects that have both."""

    group: str | None
    n: int
    median: Exact
    mean: Exact
    min: int | None
    max: int | None
    negative: int


def portfolio(
    *, on: date, by: str | None = None, cut: int = NOW, basis: int = VERIFIED, profile: Profile | None = None
) -> list[Standing]:
    """
    Count projects by the furthest stage that they have reached by a day (in the profile's order; stages off the path don't count).

    Every project with a version by then and without a reason for exclusion, of every kind. `by` splits by a column or attribute.

    :raises UnknownAttribute: if projects have no such column
    """
    profile = profile or codebook.profile()
    _known_attribute(profile, by)
    world = current_world(profile)
    asked = _question(on, cut, basis)
    path = [stage for stage in profile.path if stage in world.stages]

    def build(q: Question) -> ir.Table:
        table = _joined(world, q, by, path)
        furthest = ibis.null("string")
        for stage in path:  # the last that holds wins
            furthest = ibis.ifelse((table[stage] <= ibis.literal(q.last)).fill_null(False), stage, furthest)
        table = table.mutate(furthest=furthest)
        sums = {
            "n": table.count(),
            "amount": table.total_investment.sum(),
            "blank": table.total_investment.isnull().sum(),
        }
        return table.group_by("part", "furthest").agg(**sums).select("part", "furthest", *sums)

    rows = world.fetch(("portfolio", by, tuple(path)), asked, build)
    order = {stage: place for place, stage in enumerate([None, *path])}
    found = [Standing(group or None, stage, n, Decimal(amount or 0), blank) for group, stage, n, amount, blank in rows]
    return sorted(found, key=lambda one: (one.group or "", order[one.stage]))


def gaps(
    *,
    since: str,
    until: str,
    by: str | None = None,
    on: date | None = None,
    cut: int = NOW,
    basis: int = VERIFIED,
    profile: Profile | None = None,
) -> list[Gap]:
    """
    Describe the days from first(since) to first(until), over all projects that have both by `on` (None: ever).

    :raises UnknownStage, UnknownAttribute:
    """
    profile = profile or codebook.profile()
    _known_attribute(profile, by)
    for stage in (since, until):
        if profile.stage(stage) is None:
            raise UnknownStage(found=stage, known=", ".join(one.id for one in profile.stages))
    world = current_world(profile)
    asked = _question(on or date(9999, 12, 30), cut, basis)

    def build(q: Question) -> ir.Table:
        table = _joined(world, q, by, [since, until])
        day = ibis.literal(q.last)
        table = table.filter(table[since] <= day, table[until] <= day)
        table = table.mutate(days=table[until].delta(table[since], unit="day"))
        return table.group_by("part", "days").agg(n=table.count()).select("part", "days", "n")

    counts: dict[str | None, Counter[int]] = {}
    for group, days, n in world.fetch(("gaps", by, since, until), asked, build):
        counts.setdefault(group or None, Counter())[days] += n
    groups: Sequence[str | None] = sorted(counts, key=lambda group: group or "") if by else [None]
    return [_gap(group, counts.get(group, Counter())) for group in groups]


def _gap(group: str | None, counts: Counter[int]) -> Gap:
    n = sum(counts.values())
    negative = sum(times for days, times in counts.items() if days < 0)
    if not n:
        return Gap(group, 0, None, None, None, None, 0)
    mean = Fraction(sum(days * times for days, times in counts.items()), n)
    return Gap(group, n, finish.median(counts), mean, min(counts), max(counts), negative)


def _joined(world: World, q: Question, by: str | None, stages: Sequence[str]) -> ir.Table:
    """Give one row a project: its group, total investment and first days."""
    versions = world.valid("versions", q)
    versions = versions.filter(~versions.excluded)
    part = attribute(versions, by) if by else ibis.null("string")
    lives = world.known("lives", q)
    lives = lives.select("project", **{stage: lives[stage] for stage in dict.fromkeys(stages)})
    table = versions.select("project", "total_investment", part=part)
    return table.left_join(lives, "project").select("part", "total_investment", *dict.fromkeys(stages))


def _question(on: date, cut: int, basis: int) -> Question:
    return Question(date.min, on, date(on.year, 1, 1), on.year, cut, basis, span="since")


def _known_attribute(profile: Profile, by: str | None) -> None:
    known = [*CODES, "strategic", *(attribute.id for attribute in profile.attributes)]
    if by is not None and by not in known:
        raise UnknownAttribute(found=by, known=", ".join(known))
