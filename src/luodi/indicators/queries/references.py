"""Opens trace numbers printed on papers (indicators.references): the rows behind a printed figure, as of the cut it was printed at."""

from __future__ import annotations

from fractions import Fraction

from luodi.codebook import queries as codebook
from luodi.codebook.values.profile import Profile
from luodi.indicators import references
from luodi.indicators.engine import answers, details, plan
from luodi.indicators.engine.asking import Asking
from luodi.indicators.queries.computing import compute, current_world
from luodi.indicators.queries.tracing import Trace, of_project, trace
from luodi.indicators.references import Reference
from luodi.indicators.snapshot import store
from luodi.indicators.values import BASES, Exact
from luodi.ledger import queries as ledger


def opened(number: str, *, profile: Profile | None = None) -> Trace:
    """
    Trace what a printed number stands for: of a growth the rows of this year, of a single project its own rows, whole.

    :raises luodi.indicators.references.UnknownReference: if there is no such number
    """
    asked = references.find(number).reference
    profile = profile or profile_of(asked)
    found = trace(
        indicator=asked.indicator,
        period=asked.period,
        unit=None if asked.project else asked.unit or None,
        span=asked.span,
        role=asked.role,
        list_=asked.list_ or None,
        cut=asked.cut,
        basis=asked.basis,
        profile=profile,
        everything=bool(asked.project),
    )
    return of_project(found, asked.project, exact(asked, profile=profile)) if asked.project else found


def profile_of(asked: Reference) -> Profile:
    """Give the profile a figure was printed under: of a published one that of its seal, kept with it; else today's."""
    seal = next((one for one in ledger.seals() if one.cut_at == asked.cut), None)
    body = store.profile_copy(seal.profile) if seal else None
    return codebook.profile() if body is None else codebook.from_canonical(body)


def exact(asked: Reference, *, profile: Profile | None = None) -> Exact:
    """Compute again the exact value behind a printed figure, as of its cut (in yuan, persons, days, points; a ratio as such)."""
    profile = profile or profile_of(asked)
    if asked.project:
        return _of_one(asked, profile)
    answer = compute(
        period=asked.period,
        units=[asked.unit] if asked.unit else None,
        span=asked.span,
        role=asked.role,
        list_=asked.list_ or None,
        cut=asked.cut,
        basis=asked.basis,
        indicators=[asked.indicator],
        profile=profile,
    )
    return answer.value(asked.indicator, asked.unit or None)


def _of_one(asked: Reference, profile: Profile) -> Exact:
    """Finish an indicator from one project's own numbers, as if it were a line of its own."""
    world = current_world(profile)
    period = profile.calendar.accounting_year.parse(asked.period)
    question = answers.question(
        profile, period=period, span=asked.span, cut=asked.cut, basis=BASES[asked.basis], role=asked.role, list_=None
    )
    found = plan.definition(profile, asked.indicator)
    needed = plan.all_parts(profile, [found])
    asking = Asking(world, profile, question, answers.shape(world, profile, question))
    numbers = [Fraction(0)] * (2 * len(needed))
    for line in details.project_lines(asking, needed, only=frozenset({asked.project})):
        numbers[2 * line.part : 2 * line.part + 2] = [line.value, Fraction(line.n)]
    sums = answers.Sums(needed, 1, {asked.project: numbers})
    return answers.Finisher(profile, question, {}).value(found, sums, asked.project)
