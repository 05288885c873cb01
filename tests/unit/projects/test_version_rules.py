"""What a project version must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from luodi.projects.rules.versions import VersionCase, version_problems
from luodi.projects.values.rows import Dossier
from tests.unit.projects.conftest import TODAY, codes, event, profile, started, version

UNITS = frozenset({"YL01", "YL02", "YLD05"})


def problems(draft=None, dossier=None):
    case = VersionCase(draft or version(), dossier or Dossier("P1"), UNITS, profile(), TODAY)
    return version_problems(case)


def test_a_complete_version_has_no_problem():
    assert problems() == []
    assert problems(replace(version(), investor=None, uscc="", national_code="", attributes={})) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": None}, ["project.version.blank"]),
        ({"kind": " "}, ["project.version.blank", "project.version.not_listed"]),
        ({"code": " P1"}, ["project.version.code_unfit"]),
        ({"code": "P" * 81}, ["project.version.code_unfit"]),
        ({"code": "P\n1"}, ["project.version.code_unfit"]),
        ({"national_code": "123"}, ["project.national_code.shape"]),
        ({"uscc": "123"}, ["project.uscc.wrong"]),
        ({"total_investment": Decimal(-1), "fixed_investment": None}, ["project.version.amount"]),
        ({"total_investment": Decimal("NaN"), "fixed_investment": None}, ["project.version.amount"]),
        ({"fixed_investment": Decimal(501)}, ["project.version.fixed_above_total"]),
        ({"total_investment": None}, []),
        ({"host": "YL99"}, ["project.unit_unknown"]),
        ({"host": "", "introducer": ""}, []),
        ({"origin": "火星"}, ["project.version.not_listed"]),
        ({"chain": "任意产业链"}, []),
        ({"industry_edition": "2002"}, ["project.version.not_listed"]),
        ({"valid_from": date(2025, 6, 3)}, ["project.version.in_future"]),
        ({"attributes": {"moon": "1"}}, ["project.attribute.unknown"]),
        ({"attributes": {"land_mu": "很大"}}, ["project.attribute.unfit"]),
        ({"attributes": {"land_mu": "Infinity"}}, ["project.attribute.unfit"]),
        ({"attributes": {"land_mu": "12.5", "site": "", "promised_start": "2025-09-01"}}, []),
        ({"attributes": {"promised_start": "2025/9/1"}}, ["project.attribute.unfit"]),
        ({"attributes": {"energy_review": "忘了"}}, ["project.attribute.unfit"]),
    ],
)
def test_each_thing_wrong_is_said(changes, expected):
    found = problems(version(**changes))
    assert codes(found) == expected
    assert all("{" not in problem.message(language) for problem in found for language in ("zh", "en"))


def of_type(kind, text):
    one = profile().attribute("land_mu").model_copy(update={"type": kind})
    changed = profile().model_copy(update={"attributes": (one,)})
    case = VersionCase(version(attributes={"land_mu": text}), Dossier("P1"), UNITS, changed, TODAY)
    return version_problems(case) == []


@pytest.mark.parametrize(
    ("kind", "fits", "unfit"),
    [("integer", "12", "12.5"), ("month", "2025-09", "2025-13"), ("yes_no", "true", "是"), ("money", "1.50", "一元")],
)
def test_attributes_are_of_their_type(kind, fits, unfit):
    assert of_type(kind, fits) and not of_type(kind, unfit)
    assert of_type("text", "随便")


def test_a_later_version_may_not_empty_what_a_standing_stage_asked_for():
    found = problems(version(contract_kind="", national_code=""), started())
    assert [(problem.params["stage"], problem.params["field"]) for problem in found] == [
        ("签约", "contract_kind"),
        ("落地", "national_code"),
        ("开工", "national_code"),
    ]
    assert problems(dossier=started(events=(event("奠基", date(2024, 2, 1)),))) == []
