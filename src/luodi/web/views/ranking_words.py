"""The one plain sentence that explains a unit's place: 完成12.30亿元，占年计划41.0%，慢于序时0.7个百分点。 Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from luodi.codebook.values import Profile
from luodi.codebook.values.indicators import Indicator, Points, TargetRate
from luodi.documents.rules.numbers import LABELS, unit_of, written
from luodi.kernel.problem import words
from luodi.web.views.cockpit_figures import GROWTH, gap_of, rate_of

Values = Mapping[str, Fraction | None]


def reason(profile: Profile, indicator: Indicator, values: Values, whole: Values, language: str) -> str:
    """Explain a place by what was done, its share of the target, the gap to time progress, growth, or the whole's own value."""
    rate = _rate(profile, indicator)
    done = profile.indicator(rate.of) if rate else indicator
    if done is None:
        return ""
    parts = [_done(done, values, language)]
    if rate and values.get(rate.id) is not None:
        parts += [_say("of_target", language, share=_percent(values[rate.id])), _gap(profile, rate, values, language)]
    elif indicator.unit in ("ratio", "days", "points"):
        parts.append(_against(indicator, values.get(indicator.id), whole.get(indicator.id), language))
    parts.append(_growth(values.get(done.id + GROWTH), language))
    return _say("comma", language).join(part for part in parts if part)


def needed(profile: Profile, indicator: Indicator, growing: bool) -> list[str]:
    """List the indicators that reasons are written from."""
    rate = _rate(profile, indicator)
    gap = gap_of(profile, rate)
    done = rate.of if rate else indicator.id
    return list(
        dict.fromkeys(
            [indicator.id, done, *(one.id for one in (rate, gap) if one), *([done + GROWTH] if growing else [])]
        )
    )


def _rate(profile: Profile, indicator: Indicator) -> TargetRate | None:
    """Find the target rate an indicator is, rests on, or is measured by."""
    if isinstance(indicator, TargetRate):
        return indicator
    if isinstance(indicator, Points):
        found = profile.indicator(indicator.of)
        return found if isinstance(found, TargetRate) else None
    return rate_of(profile, indicator.id)


def _done(done: Indicator, values: Values, language: str) -> str:
    value = values.get(done.id)
    if value is None:
        return _say("no_value", language)
    unit = unit_of(done)
    if language == "en" and unit == "亿元":  # English counts in billions, not in hundreds of millions
        shown, said = written(value / 10, unit, done.places + 1), words("ranking.unit_billion", language)
    else:
        shown, said = written(value, unit, done.places), unit_words(unit, language)
    label = done.zh if language == "zh" else done.en
    return _say("done", language, name=label, value=shown, unit=said)


def unit_words(unit: str, language: str) -> str:
    """Write a printed unit in the page's language."""
    return unit if language == "zh" or unit == "%" else words(f"ranking.unit_{UNITS[unit]}", language)


UNITS = {"元": "yuan", "万元": "wan", "亿元": "yi", **{label: kind for kind, label in LABELS.items()}}


def _gap(profile: Profile, rate: TargetRate, values: Values, language: str) -> str:
    found = gap_of(profile, rate)
    gap = values.get(found.id) if found else None
    if gap is None:
        return ""
    size = written(abs(gap), "", 1)
    code = "on_time" if Fraction(size) == 0 else "ahead" if gap > 0 else "behind"
    return _say(code, language, size=size)


def _against(indicator: Indicator, value: Fraction | None, whole: Fraction | None, language: str) -> str:
    """Compare a rate or a number of days with the whole's."""
    if value is None or whole is None:
        return ""
    ratio = indicator.unit == "ratio"
    size = written(abs(value - whole), "%" if ratio else "", 1)
    if Fraction(size) == 0:
        return _say("as_whole", language)
    unit = unit_words("天" if indicator.unit == "days" else "个百分点", language)
    return _say("above" if value > whole else "below", language, size=size, unit=unit)


def _growth(growth: Fraction | None, language: str) -> str:
    if growth is None:
        return ""
    return _say("grew" if growth >= 0 else "fell", language, rate=_percent(abs(growth)))


def _percent(ratio: Fraction | None) -> str:
    return written(ratio, "%", 1)


def _say(code: str, language: str, **params: object) -> str:
    return words(f"ranking.{code}", language, **params)
