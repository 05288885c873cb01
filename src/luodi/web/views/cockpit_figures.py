"""The figures of a cockpit: headlines of the last sealed month beside the month being reported, and units compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from luodi.codebook.values import Permission, Profile
from luodi.codebook.values.indicators import Flow, Indicator, Points, Sum, TargetRate
from luodi.identity import queries as identity
from luodi.indicators import queries
from luodi.indicators.values import Answer
from luodi.kernel import period_words
from luodi.kernel.money import round_away
from luodi.kernel.period import Period
from luodi.ledger import queries as ledger
from luodi.web.periods import current_month, sealed_month

# What a leader reads first; a profile without one of these simply shows the others.
HEADLINES = (
    "invest_completed", "funds_in_place", "signed_amount", "started_count", "produced_count", "under_construction_count",
)  # fmt: skip
GROWTH = "_yoy"


@dataclass(frozen=True)
class Edition:
    """One month as shown: `sealed` (as published, of the seal's cut) or `filed` (what is in so far)."""

    period: Period
    level: str
    answer: Answer
    baseline: Fraction

    @property
    def mark(self) -> str:
        """Give where time progress stands on a bar."""
        return hundredths(self.baseline)

    @property
    def query(self) -> str:
        """Give what the rows behind a figure are asked with."""
        usual = f"period={self.period.label}&span=ytd"
        return f"{usual}&edition=published" if self.level == "sealed" else f"{usual}&basis=filed"


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit in one edition, with what stands beside it; None: undefined, missing, or no target set."""

    value: Fraction | None
    growth: Fraction | None
    rate: Fraction | None
    gap: Fraction | None
    missing: int

    @property
    def done(self) -> str:
        """Give how far the bar reaches."""
        return hundredths(self.rate or Fraction(0))

    @property
    def distance(self) -> str:
        """Write how many points lie between the figure and time progress, either way."""
        return "" if self.gap is None else f"{round_away(abs(self.gap), 1):f}"


@dataclass(frozen=True)
class Headline:
    """A headline: the indicator and its figure in the large edition, and in the one beside it."""

    indicator: Indicator
    kind: str
    large: Figure
    beside: Figure | None


def hundredths(share: Fraction) -> str:
    """Write a share as a place on a bar from 0 to 100."""
    return f"{round_away(min(Fraction(1), max(Fraction(0), share)) * 100, 1):f}"


def editions(viewer: Any, units: Sequence[str]) -> list[Edition]:
    """Compute the last sealed month, if there is one, and the month being reported: one computation each."""
    profile = viewer.profile
    sealed, current = sealed_month(profile), current_month(viewer.today, profile)
    found = [] if sealed is None else [edition(profile, sealed, "sealed", units)]
    if sealed is None or current.last > sealed.last:
        found.append(edition(profile, current, "filed", units))
    return found


def edition(profile: Profile, period: Period, level: str, units: Sequence[str]) -> Edition:
    """Compute everything that a cockpit shows of a period."""
    seal = ledger.live_seal(period.label) if level == "sealed" else None
    then = identity.tree(on=period.last)
    answer = queries.compute(
        period=period, units=[unit for unit in units if unit in then.units], cut=seal.cut_at if seal else None, basis="verified" if seal else "filed",
        indicators=asked_indicators(profile), profile=profile,
    )  # fmt: skip
    return Edition(period, level, answer, profile.calendar.baseline(unit=units[0], day=period.last))


def asked_indicators(profile: Profile) -> list[str]:
    """List the headlines, their growth where they can grow, and how far their targets are."""
    found: list[str] = []
    for one in filter(None, map(profile.indicator, HEADLINES)):
        found.append(one.id)
        if isinstance(one, Flow | Sum):
            found.append(one.id + GROWTH)
        rate = rate_of(profile, one.id)
        gap = gap_of(profile, rate)
        found += [other.id for other in (rate, gap) if other is not None]
    return found


def rate_of(profile: Profile, wanted: str) -> TargetRate | None:
    """Find the indicator that measures another against its target."""
    return next((one for one in profile.indicators if isinstance(one, TargetRate) and one.of == wanted), None)


def gap_of(profile: Profile, rate: TargetRate | None) -> Points | None:
    """Find the indicator that says how far a target rate is from time progress."""
    if rate is None:
        return None
    return next((one for one in profile.indicators if isinstance(one, Points) and one.of == rate.id), None)


def figure(profile: Profile, answer: Answer, wanted: str, unit: str) -> Figure:
    """Read one indicator of one unit out of an answer."""
    line = answer.line(unit)
    if line is None:  # the unit came later than the period
        return Figure(None, None, None, None, 0)
    rate = rate_of(profile, wanted)
    gap = gap_of(profile, rate)
    values = line.values
    return Figure(
        value=values.get(wanted),
        growth=values.get(wanted + GROWTH),
        rate=values.get(rate.id) if rate else None,
        gap=values.get(gap.id) if gap else None,
        missing=line.missing.get(wanted, 0),
    )


def headlines(profile: Profile, shown: Sequence[Edition], unit: str) -> list[Headline]:
    """Put the large edition's figures beside the other's."""
    large, *rest = shown
    return [
        Headline(
            indicator=one,
            kind=large.answer.kinds[one.id],
            large=figure(profile, large.answer, one.id, unit),
            beside=figure(profile, rest[0].answer, one.id, unit) if rest else None,
        )
        for one in map(profile.indicator, HEADLINES)
        if one is not None
    ]


def tiles(viewer: Any, shown: Edition, units: Sequence[str]) -> list[dict[str, Any]]:
    """Compare units by the first headline, best first; those without a target rate by the amount; without a value last."""
    profile = viewer.profile
    main = next((one for one in map(profile.indicator, HEADLINES) if one is not None), None)
    if main is None:
        return []
    found = [
        {
            "unit": unit,
            "figure": (one := figure(profile, shown.answer, main.id, unit)),
            "indicator": main,
            "kind": shown.answer.kinds[main.id],
            "colour": tone(profile, one.gap),
            "may": viewer.may(Permission.SEE_FIGURES, unit),
            "baseline": hundredths(profile.calendar.baseline(unit=unit, day=shown.period.last)),
        }
        for unit in units
    ]
    return sorted(found, key=_best_first)


def _best_first(tile: dict[str, Any]) -> tuple[bool, Fraction, bool, Fraction, str]:
    one = tile["figure"]
    rate, value = one.rate or Fraction(0), one.value or Fraction(0)
    return (one.rate is None, -rate, one.value is None, -value, tile["unit"])


def tone(profile: Profile, gap: Fraction | None) -> str:
    """Give the light for a gap to time progress: green from time on, else by the numbers the profile lights projects with."""
    if gap is None:
        return "none"
    rule = next((one for one in profile.lights if one.kind == "behind_schedule"), None)
    if gap >= 0:
        return "green"
    steps = (("red", rule.red), ("orange", rule.orange)) if rule else ()
    return next((colour for colour, begins in steps if begins is not None and -gap >= Fraction(begins)), "yellow")


def month_words(period: Period, language: str) -> str:
    """Write a period as people do: 2024年7月, Jul 2024."""
    return period_words.written(period, language)
