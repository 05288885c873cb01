"""Indicators of each project alone, whole, whatever its shares: for the lines of projects on papers and walls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from luodi.codebook.values.profile import Profile
from luodi.indicators.engine import answers, plan
from luodi.indicators.engine.projects import Sheet
from luodi.indicators.queries import current_world
from luodi.indicators.values import BASES, Exact
from luodi.kernel.period import Period

Values = dict[str, dict[str, Exact]]


def by_project(
    profile: Profile, *, period: Period, indicators: Sequence[str], span: str, cut: int, basis: str
) -> Values:
    """
    Compute sums, counts, amounts and ratios of them for every project that counts, by code and indicator.

    A project that no figure was filed for has None; a target rate has none of a single project.
    """
    wanted = [plan.definition(profile, one) for one in indicators]
    needed = plan.all_parts(profile, wanted)
    if not needed:
        return {}
    asked = answers.question(profile, period=period, span=span, cut=cut, basis=BASES[basis], role="host", list_=None)
    stages = tuple((stage.id, stage.plays) for stage in profile.stages)
    key = ("by project", stages, profile.city.counted_kinds, needed)
    world = current_world(profile)
    rows = world.fetch(key, asked, lambda q: Sheet(world, profile, q, needed).lines())
    numbers: Mapping[str | None, Sequence[Fraction]] = {
        row[0]: [Fraction(cell or 0) for cell in row[2:]] for row in rows
    }
    sums = answers.Sums(needed, 1, numbers)  # a line a project, numbers as they are
    finisher = answers.Finisher(profile, asked, {})
    return {row[0]: {one.id: finisher.value(one, sums, row[0]) for one in wanted} for row in rows}
