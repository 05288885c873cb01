"""Before signing, other units see a code name, an industry and a size band; evidence opens for three."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from luodi.codebook.load import SHIPPED, load_profile
from luodi.identity.rules import secrecy
from luodi.identity.rules.standing import Standing, standing
from luodi.identity.tree import Version, tree_on
from luodi.identity.values import EvidenceAccess, Face, PersonAt, PostAt, Scope, Secret

DAY = date(2024, 6, 1)
KEY = b"a store's own"
LEAD = Secret(
    "YL-2024-001", "新材料基地", "某某集团", "C3985", Decimal(600_000_000), frozenset({"YL01", "YLD01"}), signed=False
)


@pytest.fixture(scope="module")
def profile():
    return load_profile(SHIPPED)


def seen(profile, scope, project=LEAD, **more) -> Face:
    return secrecy.face(project, scope, bands=profile.size_bands, key=KEY, **more)


def test_a_sibling_sees_code_name_industry_and_band_only(profile):
    face = seen(profile, Scope(units=frozenset({"YL02"})))

    assert face.veiled
    assert (face.industry, face.industry_name, face.size_band) == (
        "C39",
        "计算机、通信和其他电子设备制造业",
        "5亿元至10亿元",
    )
    assert (face.code, face.investor) == (None, None)
    assert not {"新材料", "某某", "2024"} & {face.label[at : at + 3] for at in range(len(face.label))}


@pytest.mark.parametrize(
    "scope", [Scope(everything=True), Scope(units=frozenset({"YL01"})), Scope(units=frozenset({"YLD01", "YL05"}))]
)
def test_those_who_court_the_investor_see_the_names(profile, scope):
    assert seen(profile, scope) == Face(
        "新材料基地", "C3985", "5亿元至10亿元", False, "YL-2024-001", "某某集团", "电子专用材料制造"
    )


def test_whoever_answers_for_the_project_sees_the_names(profile):
    scope = Scope(own_projects=True)

    assert seen(profile, scope).veiled
    assert not seen(profile, scope, answers_for=True).veiled
    assert seen(profile, Scope(), answers_for=True).veiled


def test_an_industry_that_is_no_class_is_not_shown_to_others(profile):
    odd = replace(LEAD, industry="某某集团的行业")

    assert (seen(profile, Scope(), odd).industry, seen(profile, Scope(), odd).industry_name) == ("", "")
    assert seen(profile, Scope(everything=True), odd).industry_name == "某某集团的行业"


def test_after_signing_names_are_no_secret_inside_the_city(profile):
    assert not seen(profile, Scope(), replace(LEAD, signed=True)).veiled


def test_a_name_removed_by_law_leaves_the_code(profile):
    assert seen(profile, Scope(everything=True), replace(LEAD, name=None)).label == "YL-2024-001"


def test_a_code_name_is_always_the_same_and_differs_between_projects_and_stores():
    names = {secrecy.code_name(f"P{n}", key=KEY) for n in range(1000)}

    assert len(names) == 1000
    assert secrecy.code_name("P1", key=KEY) == secrecy.code_name("P1", key=KEY)
    assert secrecy.code_name("P1", key=KEY) != secrecy.code_name("P1", key=b"another")


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (None, ""),
        (0, "5000万元以下"),
        (49_999_999, "5000万元以下"),
        (50_000_000, "5000万元至1亿元"),
        (10**12, "10亿元以上"),
        (-1, ""),
    ],
)
def test_an_amount_falls_into_one_band(profile, total, band):
    amount = None if total is None else Decimal(total)

    assert secrecy.size_band(amount, profile.size_bands) == band


def test_a_band_is_said_in_english_too(profile):
    assert secrecy.size_band(Decimal(0), profile.size_bands, "en") == "below 50 million yuan"


# Evidence ---------------------------------------------------------------------------------------------------------

ROWS = [
    Version("YL", "市", "", "city", "", "", date(2024, 1, 1), None),
    Version("YL01", "县", "YL", "district", "", "", date(2024, 1, 1), None),
    Version("YL02", "县", "YL", "district", "", "", date(2024, 1, 1), None),
    Version("YLD02", "中心", "YL", "department", "", "", date(2024, 1, 1), None),
]
PHOTO = EvidenceAccess("ab" * 32, filed_by="p1", filed_unit="YL01", checking_units=frozenset({"YLD02"}))


def somebody(profile, role, unit, person="p9") -> Standing:
    posts = (PostAt(person, unit, role, date(2024, 1, 1)),)
    tree = tree_on(ROWS, on=DAY)
    return standing(person=PersonAt(person, None, None), posts=posts, profile=profile, tree=tree, on=DAY)


OPENS = [
    ("city_leader", "YL", "p1", True),  # the filer, wherever now
    ("reporter", "YL01", "p9", True),  # who files for the unit now
    ("acceptor", "YLD02", "p9", True),  # the acceptor
    ("auditor", "YL", "p9", True),
    ("reporter", "YL02", "p9", False),
    ("checker", "YL02", "p9", False),
    ("acceptor", "YL02", "p9", False),
    ("city_leader", "YL", "p9", False),
    ("county_head", "YL01", "p9", False),
    ("supervision", "YL", "p9", False),
    ("audit_admin", "YL", "p9", False),
]


@pytest.mark.parametrize(("role", "unit", "person", "opens"), OPENS)
def test_evidence_opens_for_the_filer_the_acceptor_and_the_auditor(profile, role, unit, person, opens):
    assert secrecy.may_open(somebody(profile, role, unit, person), PHOTO) is opens


def test_nobody_in_particular_opens_nothing_filed_by_nobody(profile):
    unknown = standing(person=None, posts=(), profile=profile, tree=tree_on(ROWS, on=DAY), on=DAY)

    assert not secrecy.may_open(unknown, replace(PHOTO, filed_by=""))
