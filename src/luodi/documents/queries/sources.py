"""Loads everything a paper is written from, as of one cut, under the definitions of that cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from luodi.codebook.values.indicators import Flow, Indicator, Points, Sum, TargetRate
from luodi.codebook.values.papers import Paper
from luodi.codebook.values.profile import Profile
from luodi.documents.queries.corrections import corrections
from luodi.documents.queries.projects import ProjectSources, projects
from luodi.documents.rules import filing
from luodi.documents.rules.numbers import GROWTH
from luodi.documents.rules.ranking import column_ids
from luodi.documents.values import Correction, Edition, Kind, SealNote
from luodi.identity import queries as identity
from luodi.identity.tree import Tree, Unit
from luodi.indicators import queries as indicators
from luodi.indicators.values import Exact
from luodi.kernel import instant
from luodi.kernel.period import Period
from luodi.kernel.problem import Refused
from luodi.ledger import queries as ledger
from luodi.ledger import store
from luodi.ledger.values import Cut, Seal
from luodi.statistics.queries import filings, owing
from luodi.statistics.values.reporting import Owed

Values = Mapping[str, Mapping[str, Exact]]  # unit -> indicator -> exact value


class FinalNeedsSeal(Refused):
    """A final edition rests on a seal, and the period has none. Parameters: `period`, `month`."""

    code: ClassVar[str] = "bulletin.not_sealed"


class NoSuchPaper(Refused):
    """The profile has no paper of that kind. Parameters: `kind`."""

    code: ClassVar[str] = "bulletin.no_such_paper"


class NoSuchUnit(Refused):
    """There is no unit of that code at the period's end. Parameters: `found`, `day`."""

    code: ClassVar[str] = "bulletin.unknown_unit"


@dataclass(frozen=True)
class Sources:
    """Everything loaded. `profile` holds the definitions (those of the seal for a final edition), `paper` today's layout."""

    profile: Profile
    paper: Paper
    period: Period
    edition: Edition
    checking: bool
    unit: str  # "" for the whole city
    cut: int
    basis: str
    today: date
    tree: Tree
    units: tuple[Unit, ...]  # rows of the tables
    values: Mapping[str, Values]  # span -> unit -> indicator -> exact
    owed: Sequence[Owed]
    still: Sequence[Owed]  # owed and not filed by the cut
    projects: ProjectSources
    corrections: tuple[Correction, ...]
    seal: SealNote | None
    synthetic: bool

    @property
    def whole(self) -> str:
        """Give the unit that stands for everything on this paper."""
        return self.unit or self.tree.city(self.profile)


def paper_of(profile: Profile, kind: Kind) -> Paper:
    """
    Find the profile's paper of a kind, the first of several.

    :raises NoSuchPaper: if there is none
    """
    found = next((paper for paper in profile.papers if paper.kind == kind), None)
    if found is None:
        raise NoSuchPaper(kind=kind)
    return found


def sources(
    *, paper: Paper, profile: Profile, period: Period, edition: Edition, checking: bool, unit: str, today: date
) -> Sources:
    """
    Load a paper's sources: a final edition as of the seal of the period's last month, a flash as of now, at basis filed.

    :raises FinalNeedsSeal: for a final edition of a period whose last month is not sealed
    :raises NoSuchUnit: for a unit that there is not at the period's end
    """
    seal = _seal(profile, period)
    if edition is Edition.FINAL and seal is None:
        raise FinalNeedsSeal(period=period.label, month=profile.calendar.accounting_year.month_of(period.last).label)
    if edition is Edition.FLASH:
        seal = None
    cut = seal.cut_at if seal else _now()
    basis = "verified" if seal else "filed"
    defined = indicators.sealed_profile(period=period.label, profile=profile) if seal else profile
    tree = identity.tree(on=period.last, cut=Cut(cut, seal.through if seal else None))
    whole = unit or tree.city(defined)
    units = _units(paper, tree, whole, period.last)
    owed, still = _filing(defined, period, cut)
    asked = wanted(defined, paper)
    lines = [whole, *(one.code for one in units)]
    return Sources(
        profile=defined,
        paper=paper,
        period=period,
        edition=edition,
        checking=checking,
        unit=unit,
        cut=cut,
        basis=basis,
        today=today,
        tree=tree,
        units=units,
        values={
            "ytd": values(defined, period, lines, [*asked, *_growing(asked)], span="ytd", cut=cut, basis=basis),
            "period": values(defined, period, lines, asked, span="period", cut=cut, basis=basis),
        },
        owed=owed,
        still=still,
        projects=projects(
            defined,
            period=period,
            cut=cut,
            basis=basis,
            kind=Kind(paper.kind),
            tree=tree,
            under=whole,
        ),
        corrections=corrections(
            defined, profile, paper, period=period, cut=cut, sealed=seal is not None, tree=tree, lines=lines
        ),
        seal=SealNote(seal.period, seal.hash, seal.algorithm, instant.day_of(seal.sealed_at)) if seal else None,
        synthetic=store.nature().synthetic,
    )


def _seal(profile: Profile, period: Period) -> Seal | None:
    return ledger.live_seal(profile.calendar.accounting_year.month_of(period.last).label)


def _now() -> int:
    """Give the instant of the last fact: what a flash knows, for ever the same however often its numbers are traced."""
    last = ledger.fact(ledger.last_fact())
    return 0 if last is None else last.at


def _units(paper: Paper, tree: Tree, whole: str, day: date) -> tuple[Unit, ...]:
    """List the rows of the tables: units of the paper's kinds; on one unit's paper its children."""
    if not tree.exists(whole):
        raise NoSuchUnit(found=whole, day=day)
    under = tree.under(whole) - {whole}
    found = [one for code, one in tree.units.items() if code in under and one.open and one.kind in paper.unit_kinds]
    return tuple(sorted(found, key=lambda one: one.code))


def wanted(profile: Profile, paper: Paper) -> list[Indicator]:
    """List every indicator that a paper prints or words: its own, its rankings', and what their rates are of."""
    ids = [*paper.indicators, *(one for ranking in paper.rankings for one in column_ids(profile, ranking))]
    rates = [one for one in profile.indicators if one.id in ids and isinstance(one, TargetRate)]
    ids += [rate.of for rate in rates]
    ids += [one.id for one in profile.indicators for rate in rates if isinstance(one, Points) and one.of == rate.id]
    return [one for one in map(profile.indicator, dict.fromkeys(ids)) if one is not None]


def _growing(asked: Sequence[Indicator]) -> list[str]:
    return [one.id + GROWTH for one in asked if isinstance(one, Flow | Sum)]


def values(
    profile: Profile,
    period: Period,
    units: Sequence[str],
    asked: Sequence[Indicator | str],
    *,
    span: str,
    cut: int,
    basis: str,
) -> Values:
    """Compute indicators (and growths, named by id) for units, each in its own role."""
    by_role: dict[str, list[str]] = {}
    for one in asked:
        found = profile.indicator(one.removesuffix(GROWTH)) if isinstance(one, str) else one
        by_role.setdefault(found.role if found else "host", []).append(one if isinstance(one, str) else one.id)
    found_values: dict[str, dict[str, Exact]] = {unit: {} for unit in units}
    for role, ids in by_role.items():
        answer = indicators.compute(
            period=period,
            units=units,
            span=span,
            role=role,
            cut=cut,
            basis=basis,
            indicators=ids,
            profile=profile,
        )
        for line in answer.lines:
            found_values[line.unit or ""] |= line.values
    return found_values


def _filing(profile: Profile, period: Period, cut: int) -> tuple[list[Owed], list[Owed]]:
    """List what was owed for the period (of a longer one, for its last month too), and what had not come by the cut."""
    year = profile.calendar.accounting_year
    periods = {one.label: one for one in (period, year.month_of(period.last))}
    owed = [one for each in periods.values() for one in owing.owed_forms(period=each, profile=profile)]
    return owed, filing.owing(owed, filings.filings(periods=list(periods)), cut)
