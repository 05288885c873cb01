"""Figures at the door: exact values rounded half away from zero to the unit and decimals that the profile prints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from luodi.codebook.values.indicators import Indicator
from luodi.documents.values import NOTHING, Figure
from luodi.indicators.references import Reference
from luodi.kernel.money import YUAN_IN, round_away

LABELS = {"count": "个", "persons": "人", "ratio": "%", "days": "天", "points": "个百分点"}
GROWTH = "_yoy"


@dataclass(frozen=True)
class Asked:
    """How a paper asks everything: the period, the cut and the level of trust; `role` is the indicator's own."""

    period: str
    cut: int
    basis: str


def unit_of(indicator: Indicator) -> str:
    """Name the unit that an indicator is printed in; money without one in 万元."""
    return (indicator.printed_in or "万元") if indicator.unit == "money" else LABELS[indicator.unit]


def scale(unit: str) -> Fraction:
    """Tell how much of the exact value one printed unit is."""
    if unit == "%":
        return Fraction(1, 100)
    return Fraction(YUAN_IN.get(unit, 1))


def written(exact: Fraction | None, unit: str, places: int) -> str:
    """Write a number as printed; a dash where there is none."""
    return NOTHING if exact is None else f"{round_away(exact / scale(unit), places):f}"


def figure(
    indicator: Indicator, exact: Fraction | None, asked: Asked, *, unit: str = "", span: str = "ytd", project: str = ""
) -> Figure:
    """Print a value of an indicator for a unit (or a project alone), with the question behind it."""
    return _figure(
        exact, unit_of(indicator), indicator.places, indicator.id, indicator.role, asked, unit, span, project
    )


def growth(indicator: Indicator, exact: Fraction | None, asked: Asked, *, unit: str, span: str = "ytd") -> Figure:
    """Print a growth rate: a percentage with one decimal."""
    return _figure(exact, "%", 1, indicator.id + GROWTH, indicator.role, asked, unit, span, "")


def _figure(
    exact: Fraction | None,
    printed_in: str,
    places: int,
    indicator: str,
    role: str,
    asked: Asked,
    unit: str,
    span: str,
    project: str,
) -> Figure:
    text = written(exact, printed_in, places)
    question = Reference(
        indicator=indicator,
        period=asked.period,
        unit=unit,
        span=span,
        role=role,
        basis=asked.basis,
        cut=asked.cut,
        project=project,
        printed=text,
        printed_in=printed_in,
        places=places,
    )
    return Figure(exact, text, printed_in, places, question)


def plain(exact: Fraction | None, unit: str, places: int) -> Figure:
    """Print a number that no question stands behind: a difference of two that have one, a project's own plan."""
    return Figure(exact, written(exact, unit, places), unit, places)


def magnitude(one: Figure) -> Figure:
    """Print a figure without its sign, where words say the direction. The question stays the same."""
    return replace(one, text=one.text.removeprefix("-"))


def signed(one: Figure) -> Figure:
    """Print a change with its sign."""
    return replace(one, text=f"+{one.text}") if one.exact is not None and _shown(one) > 0 else one


def direction(one: Figure, *, above: str, below: str, level: str) -> str:
    """Choose the word for a gap by what is printed, so that '慢于序时0.0' is never written."""
    shown = _shown(one)
    return level if shown == 0 else above if shown > 0 else below


def _shown(one: Figure) -> Fraction:
    return Fraction(0) if one.text == NOTHING else Fraction(one.text)
