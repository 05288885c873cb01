"""Units, periods and what problems name, in words; the profile's own labels come from `codebook.labels`."""

from __future__ import annotations

from datetime import date
from typing import Any

from luodi.codebook.labels import field_label as field_label
from luodi.codebook.labels import named as named
from luodi.codebook.values import Profile
from luodi.codebook.values.lifecycle import EvidenceKind
from luodi.documents.rules import wording
from luodi.kernel import period_words as period_names
from luodi.kernel.period import AccountingYear, BadPeriod, Period
from luodi.kernel.problem import Problem, words

UNITS = {"元": "web.unit_yuan", "万元": "web.unit_wan", "亿元": "web.unit_yi", "人": "unit.persons", "个": "unit.count"}


def unit_label(unit: str, language: str) -> str:
    """Say a unit of amounts or counts; another one as it stands."""
    return words(UNITS[unit], language) if unit in UNITS else unit


# Parameters of problems that are codes of a closed set: where their words stand.
CODES = {
    ("filing.name_missing", "name"): "signatory",
    ("filing.hand_missing", "step"): "filing.hand",
    ("filing.hand_missing", "found"): "filing.hand",
    ("filing.not_next_hand", "state"): "filing.hand",
    ("filing.not_next_hand", "next"): "filing.hand",
    ("filing.nobodys_turn", "standing"): "standing",
}
UNIT_CODES = {("filing.not_your_turn", "unit"), ("filing.judged_meanwhile", "by"), ("filing.not_owed", "unit")}


def period_words(period: Period | str, language: str) -> str:
    """Write a period as people do: 2026年9月, Sep 2026; what is none as it stands."""
    try:
        known = period if isinstance(period, Period) else AccountingYear().parse(str(period))
    except BadPeriod:
        return str(period)
    return period_names.written(known, language)


def day_words(day: date, language: str) -> str:
    """Write a day as people do: 2026年9月21日, 21 Sep 2026."""
    return wording.day_words(day) if language == "zh" else f"{day.day} {day:%b %Y}"


def problem_words(problem: Problem, viewer: Any, language: str) -> str:
    """Say a problem with names instead of codes: a step, a signatory, a unit, a period, a measure in English."""
    said = {name: parameter(problem.code, name, value, viewer, language) for name, value in problem.params.items()}
    return words(problem.code, language, **said)


def parameter(code: str, name: str, value: object, viewer: Any, language: str) -> object:
    """Give what a problem's parameter is called."""
    if (code, name) in CODES and value:
        return words(f"{CODES[code, name]}.{value}", language)
    if viewer is None or not isinstance(value, str):
        return value
    if (code, name) in UNIT_CODES:
        return viewer.who.tree.name(value) if value else value
    if name in ("period", "through") or (code, name) == ("statistics.seal.out_of_order", "next"):
        return period_words(value, language)
    if name == "measure" and language == "en":
        return next((one.en for one in viewer.profile.measures if value in (one.id, one.zh)), value)
    if name == "because" and language == "en":
        return in_english(value, viewer.profile)
    if name != "found":  # what was typed is said as it was typed
        return day_or_text(value, language)
    return value


def because_words(kind: EvidenceKind, language: str) -> str:
    """Say the rule that makes a file necessary; where the profile has it in Chinese only, say that it is."""
    if language == "zh":
        return kind.because
    return kind.because_en or words("web.in_chinese", language, text=kind.because)


def in_english(because: str, profile: Profile) -> str:
    """Write the rules that a problem names in English."""
    for kind in profile.evidence_kinds:
        because = because.replace(kind.because, because_words(kind, "en"))
    return because.replace("；", "; ")


def day_or_text(value: str, language: str) -> str:
    """Write a day as people do; any other text as it stands."""
    try:
        return day_words(date.fromisoformat(value), language) if len(value) == 10 else value
    except ValueError:
        return value
