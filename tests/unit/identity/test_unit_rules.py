"""What a version of a unit must be before it enters the tree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from luodi.codebook.load import SHIPPED, load_profile
from luodi.identity.rules.units import UnitDossier, unit_problems, version
from luodi.identity.values import UnitRow

DAY = date(2024, 1, 1)
CITY = UnitRow("YL", "云岭市", "city", DAY)
DISTRICT = UnitRow("YL01", "东山县", "district", DAY, parent="YL", group="G2")
TOWN = UnitRow("YL0101", "河口镇", "town", DAY, parent="YL01")


@pytest.fixture(scope="module")
def profile():
    return load_profile(SHIPPED)


@pytest.fixture
def found(profile):
    """Judge rows beside the three above, already known, and give codes and whether they block."""

    def judged(*rows, known=(CITY, DISTRICT, TOWN)):
        dossier = UnitDossier(rows=rows, known=[version(row) for row in known], profile=profile)
        problems = unit_problems(dossier)
        for problem in problems:
            assert "{" not in problem.message("zh") + problem.message("en")
        return [(problem.code.removeprefix("identity.unit."), problem.blocking) for problem in problems]

    return judged


def test_a_whole_city_in_one_file_is_fine(found):
    assert found(TOWN, DISTRICT, CITY, known=()) == []


BREAKS = {
    "a blank code": ({"code": ""}, [("code", True)]),
    "a code with a space": ({"code": "YL 0102"}, [("code", True)]),
    "a code with a space around": ({"code": " YL0102"}, [("code", True)]),
    "no name": ({"name": " "}, [("name", True)]),
    "an unknown kind": ({"kind": "village"}, [("kind", True)]),
    "an unknown group": ({"group": "G9"}, [("group", True)]),
    "an unknown parent": ({"parent": "YL99"}, [("no_parent", True)]),
    "an unknown successor": ({"successor": "YL99", "valid_to": date(2025, 1, 1)}, [("no_successor", True)]),
    "its own parent": ({"parent": "YL0101"}, [("own_parent", True), ("under", False)]),
    "its own successor": ({"successor": "YL0101", "valid_to": date(2025, 1, 1)}, [("own_successor", True)]),
    "an end before the beginning": ({"valid_to": date(2023, 12, 31)}, [("ends_before", True)]),
    "a successor without an end": ({"successor": "YL01"}, [("successor_without_end", False)]),
    "a parent of the wrong kind": ({"parent": "YL"}, [("under", False)]),
    "no parent": ({"parent": ""}, [("outside", False)]),
}


@pytest.mark.parametrize(("change", "expected"), BREAKS.values(), ids=BREAKS.keys())
def test_each_break_is_named(found, change, expected):
    assert found(replace(TOWN, **change)) == expected


def test_a_unit_may_end_on_the_day_a_version_begins(found):
    other = replace(TOWN, code="YL0102", name="湾里镇")

    assert found(other, replace(TOWN, valid_from=date(2025, 1, 1), valid_to=date(2025, 1, 1), successor="YL0102")) == []


def test_a_circle_is_named_once_with_its_day(profile):
    turned = replace(DISTRICT, valid_from=date(2024, 6, 1), parent="YL0101", kind="town")
    dossier = UnitDossier(rows=(turned,), known=[version(row) for row in (CITY, DISTRICT, TOWN)], profile=profile)

    (circle,) = [problem for problem in unit_problems(dossier) if problem.blocking]
    assert circle.code == "identity.unit.circle"
    assert circle.params == {"members": "YL01 → YL0101 → YL01", "day": "2024-06-01"}


def test_two_units_that_succeed_each_other_are_a_circle(found):
    end = date(2025, 1, 1)
    one = replace(TOWN, code="A", valid_to=end, successor="B")
    other = replace(TOWN, code="B", valid_to=end, successor="A")

    assert found(one, other) == [("circle", True)]


def test_a_circle_that_stood_before_is_not_blamed_on_new_rows(found):
    known = (CITY, replace(DISTRICT, parent="YL0101"), TOWN)

    assert found(replace(DISTRICT, code="YL02"), known=known) == []


def test_the_place_in_the_file_is_said(profile):
    dossier = UnitDossier(rows=(replace(TOWN, name="", where="第 7 行"),), known=[version(DISTRICT)], profile=profile)

    assert [problem.where for problem in unit_problems(dossier)] == ["第 7 行"]
    dossier = replace(dossier, rows=(replace(TOWN, name=""),))
    assert [problem.where for problem in unit_problems(dossier)] == ["unit=YL0101 valid_from=2024-01-01"]
