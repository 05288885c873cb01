"""Industries of GB/T 4754 in both editions."""

from __future__ import annotations

import pytest

from luodi.codebook import industries
from luodi.codebook.industries import EDITIONS, Industry


def test_a_class_is_found_with_or_without_its_letter():
    assert industries.find("C3985").name == "电子专用材料制造"
    assert industries.find(" 3985 ") == industries.find("c3985")
    assert industries.find("C") == Industry("C", "制造业", "", 1)
    assert industries.find("C9999") is None
    assert industries.find("") is None


def test_a_code_is_looked_up_in_its_own_edition():
    assert industries.label("A0511") == "种子种苗培育活动"
    assert industries.label("A0511", edition="2011") == "农业机械服务"


def test_an_unknown_class_says_its_code():
    assert industries.label("C9999") == "C9999"
    assert industries.label("C39", edition="1994") == "C39"


@pytest.mark.parametrize("typed", ["3841", "C3841", " 3841 锂离子电池制造 ", "锂离子电池制造"])
def test_a_class_is_read_as_people_write_it(typed):
    assert industries.read(typed) == industries.find("C3841")


def test_of_one_name_on_several_levels_the_finest_is_meant():
    groups = {row.code: row.name for row in industries.listed() if row.level == 3}
    finest = next(row for row in industries.listed() if groups.get(row.parent) == row.name)
    assert industries.read(finest.name) == finest


@pytest.mark.parametrize("typed", ["", "  ", "没有这个行业", "9999"])
def test_what_is_no_class_is_none(typed):
    assert industries.read(typed) is None


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_edition_is_listed_without_its_sections(edition):
    found = industries.listed(edition=edition)
    assert found[0] == industries.find("A01", edition=edition)
    assert {row.level for row in found} == {2, 3, 4}


@pytest.mark.parametrize(("code", "division"), [("C3985", "C39"), ("C398", "C39"), ("C39", "C39"), ("C", "C")])
def test_every_class_has_a_division(code, division):
    assert industries.division(code).code == division


def test_no_division_of_an_unknown_class():
    assert industries.division("C9999") is None


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_class_stands_under_one_of_the_level_above(edition):
    classes, by_digits = industries._edition(edition)

    assert len(by_digits) + sum(one.level == 1 for one in classes.values()) == len(classes)
    for one in classes.values():
        above = classes.get(one.parent)
        assert (above is None) == (one.level == 1)
        assert above is None or (above.level < one.level and one.code.startswith(above.code))
