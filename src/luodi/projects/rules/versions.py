"""What a project version must be: columns that every one has, codes, amounts, days, values of the profile's lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from luodi.codebook.values.lifecycle import CODED_FIELDS, Attribute
from luodi.codebook.values.profile import Profile
from luodi.kernel.problem import Problem
from luodi.projects.rules import codes, stages
from luodi.projects.values.rows import Dossier, Version

REQUIRED = ("code", "name", "kind")
LENGTHS = {"code": 80, "chain": 80}
ROLES = ("host", "introducer", "lead_department")
INDUSTRY_EDITIONS = ("", "2011", "2017")


@dataclass(frozen=True)
class VersionCase:
    """A version as handed in, with all that may be looked at: what stands, the units of its day, the profile, today."""

    draft: Version
    dossier: Dossier
    units: Collection[str]
    profile: Profile
    today: date

    @property
    def where(self) -> str:
        return f"project={self.draft.code}"


def version_problems(case: VersionCase) -> list[Problem]:
    """Return every reason why a version may not be recorded."""
    return [problem for check in CHECKS for problem in check(case)]


def required_columns_are_filled(case: VersionCase) -> Iterator[Problem]:
    for name in REQUIRED:
        if not str(getattr(case.draft, name) or "").strip():
            yield Problem("project.version.blank", case.where, {"field": name})


def codes_are_well_formed(case: VersionCase) -> Iterator[Problem]:
    code = case.draft.code
    if len(code) > LENGTHS["code"] or code != code.strip() or "\n" in code:
        yield Problem("project.version.code_unfit", case.where, {"found": code})
    yield from codes.national_code_problems(case.draft.national_code, where=case.where, today=case.today)
    yield from codes.uscc_problems(case.draft.uscc, where=case.where)


def amounts_are_possible(case: VersionCase) -> Iterator[Problem]:
    total, fixed = case.draft.total_investment, case.draft.fixed_investment
    for name, amount in (("total_investment", total), ("fixed_investment", fixed)):
        if amount is not None and (not amount.is_finite() or amount < 0):
            yield Problem("project.version.amount", case.where, {"field": name, "found": amount})
    if total is not None and fixed is not None and fixed > total:
        yield Problem("project.version.fixed_above_total", case.where, {"fixed": fixed, "total": total})


def units_exist(case: VersionCase) -> Iterator[Problem]:
    for role in ROLES:
        unit = getattr(case.draft, role)
        if unit and unit not in case.units:
            yield Problem(
                "project.unit_unknown", case.where, {"field": role, "found": unit, "day": case.draft.valid_from}
            )


def coded_columns_use_listed_values(case: VersionCase) -> Iterator[Problem]:
    for name in CODED_FIELDS:
        allowed = case.profile.vocabulary(name)
        found = getattr(case.draft, name)
        if found and allowed and found not in allowed:
            yield Problem(
                "project.version.not_listed", case.where, {"field": name, "found": found, "allowed": " ".join(allowed)}
            )
    edition = case.draft.industry_edition
    if edition not in INDUSTRY_EDITIONS:
        params = {"field": "industry_edition", "found": edition, "allowed": " ".join(INDUSTRY_EDITIONS).strip()}
        yield Problem("project.version.not_listed", case.where, params)


def the_day_is_not_ahead(case: VersionCase) -> Iterator[Problem]:
    if case.draft.valid_from > case.today:
        yield Problem("project.version.in_future", case.where, {"found": case.draft.valid_from, "today": case.today})


def attributes_fit(case: VersionCase) -> Iterator[Problem]:
    for name, text in case.draft.attributes.items():
        attribute = case.profile.attribute(name)
        if attribute is None:
            known = " ".join(item.id for item in case.profile.attributes)
            yield Problem("project.attribute.unknown", case.where, {"found": name, "allowed": known})
        elif text and not FITS[attribute.type](text, attribute):
            params = {
                "field": attribute.zh,
                "found": text,
                "type": attribute.type,
                "allowed": " ".join(attribute.choices),
            }
            yield Problem("project.attribute.unfit", case.where, params)


def what_reached_stages_ask_is_filled(case: VersionCase) -> Iterator[Problem]:
    """A later version may not empty what a standing stage asked for."""
    for event in stages.standing(case.dossier.events):
        rule = stages.rule_of(case.profile, event.stage, event.occurred_on)
        for name in rule.fields if rule else ():
            if case.draft.get(name) is None:
                yield Problem("project.stage.field_missing", case.where, {"stage": event.stage, "field": name})


CHECKS: tuple[Callable[[VersionCase], Iterator[Problem]], ...] = (
    required_columns_are_filled,
    codes_are_well_formed,
    amounts_are_possible,
    units_exist,
    coded_columns_use_listed_values,
    the_day_is_not_ahead,
    attributes_fit,
    what_reached_stages_ask_is_filled,
)


def _number(text: str, _: Attribute) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _integer(text: str, attribute: Attribute) -> bool:
    return _number(text, attribute) and Decimal(text) == Decimal(text).to_integral_value()


def _day(text: str, _: Attribute) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


FITS: dict[str, Callable[[str, Attribute], bool]] = {
    "text": lambda text, _: True,
    "integer": _integer,
    "decimal": _number,
    "money": _number,
    "day": _day,
    "month": lambda text, attribute: _day(f"{text}-01", attribute),
    "yes_no": lambda text, _: text in ("true", "false"),
    "choice": lambda text, attribute: text in attribute.choices,
}
