"""Finding headers as offices make them."""

from __future__ import annotations

import pytest

from luodi.exchange import headers, kinds
from luodi.exchange.tables import Sheet

NAMES = headers.names_of(kinds.PROJECTS, {"land_mu": ("用地面积（亩）",)})


def find(*rows, merged=()):
    width = max(map(len, rows))
    return headers.find(Sheet("s", [[*row, *[""] * (width - len(row))] for row in rows], merged), NAMES)


def test_a_plain_header_in_any_order_and_language():
    header = find(["起始日期", "name", "项目编号"], ["2024-01-01", "a", "P1"])
    assert {code: heading.at for code, heading in header.columns.items()} == {"valid_from": 0, "name": 1, "code": 2}
    assert header.first_data == 1


def test_title_corner_note_merged_heads_units_and_required_marks():
    header = find(
        ["云岭市项目台账"],
        ["", "", "", "单位：亿元"],
        ["*项目编号", "项目 名称", "投资", "", "备注"],
        ["", "", "总投资", "固定资产投资（万元）", ""],
        ["P1", "甲", 1, 2, "x"],
        merged=(((0, 0), (0, 4)), ((2, 2), (2, 3)), ((2, 0), (3, 0)), ((2, 1), (3, 1)), ((2, 4), (3, 4))),
    )
    assert set(header.columns) == {"code", "name", "total_investment", "fixed_investment"}
    assert header.first_data == 4
    assert header.corner_unit == "亿元"
    assert (header.columns["total_investment"].unit, header.columns["fixed_investment"].unit) == (None, "万元")
    assert [heading.shown for heading in header.unknown] == ["备注"]


def test_heads_over_two_rows_without_merges_as_csv_has_them():
    header = find(["项目编号", "项目名称", "投资", ""], ["", "", "总投资", "固定资产投资"], ["P1", "甲", "1", "2"])
    assert set(header.columns) == {"code", "name", "total_investment", "fixed_investment"}
    assert header.first_data == 2


def test_a_row_of_units_or_codes_below_belongs_to_the_header():
    header = find(["项目编号", "总投资"], ["", "亿元"], ["P1", "1"])
    assert header.first_data == 2
    assert header.columns["total_investment"].unit == "亿元"
    header = find(["项目编号", "项目名称"], ["code", "name"], ["P1", "甲"])
    assert header.first_data == 2


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("总投资（亿元）", "亿元"),
        ("总投资(单位：元)", "元"),
        ("总投资/万元", "万元"),
        ("总投资：亿元", "亿元"),
        ("总投资 [万美元]", "万美元"),
        ("总投资", None),
    ],
)
def test_units_in_headers(text, unit):
    header = find(["项目编号", text], ["P1", "1"])
    assert header.columns["total_investment"].unit == unit


def test_a_column_that_stands_twice_is_told():
    header = find(["项目编号", "总投资", "总投资（亿元）"], ["P1", "1", "2"])
    assert [heading.at for heading in header.twice["total_investment"]] == [1, 2]
    assert "total_investment" not in header.columns


def test_no_header_is_none():
    assert find(["甲", "乙"], ["1", "2"]) is None


def test_attributes_of_the_profile_are_columns_too():
    assert find(["项目编号", "用地面积（亩）"], ["P1", "3"]).columns["land_mu"].at == 1
