"""Mapping files: every mistake by line, all at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from luodi.exchange import kinds, mapping
from luodi.exchange.refusals import BadMapping


def load(tmp_path, text, kind=kinds.PROJECTS):
    path = tmp_path / "m.yaml"
    path.write_text(text, "utf-8")
    return mapping.load(path, kind, frozenset({"body"}))


def test_everything_it_may_say(tmp_path):
    layout = load(
        tmp_path,
        """
        projects:
          sheet: 台账
          header: [3, 4]
          dates: [D/M/YYYY]
          columns:
            code: [编号, ID]
            kind: {value: 招商引资}
            total_investment: {column: FDI, unit: 万美元, rate: "7.1", rate_on: 2024-06-28}
            valid_from: {column: d, dates: [YYYY/M/D]}
          values: {kind: {内资: 招商引资}}
          attributes: {body: Approval body}
        stages: {}
        """,
    )
    assert (layout.sheet, layout.header) == ("台账", (2, 3))
    assert layout.columns["code"].headers == ("编号", "ID")
    assert layout.columns["kind"].value == "招商引资"
    total = layout.columns["total_investment"]
    assert (total.unit, total.rate, total.rate_on) == ("万美元", Decimal("7.1"), date(2024, 6, 28))
    assert [stated.text for stated in layout.columns["valid_from"].formats] == ["YYYY/M/D"]
    assert [stated.text for stated in layout.columns["code"].formats] == ["D/M/YYYY"]
    assert layout.values == {"kind": {"内资": "招商引资"}}
    assert layout.attributes["body"].headers == ("Approval body",)


def test_a_file_of_one_kind_needs_no_section(tmp_path):
    assert load(tmp_path, "columns: {code: ID}").columns["code"].headers == ("ID",)


def test_every_mistake_is_named_with_its_line(tmp_path):
    with pytest.raises(BadMapping) as refusal:
        load(
            tmp_path,
            "colums: {}\n"
            "header: [4, 3]\n"
            "dates: [M/D]\n"
            "columns:\n"
            "  cod: ID\n"
            "  code: {column: a, value: b}\n"
            "  name:\n"
            "  host: {column: a, unit: 斤}\n"
            "  total_investment: {column: a, rate: x}\n"
            "  fixed_investment: {column: a, unit: 万美元, rate: 7}\n"
            "values: [a]\n"
            "attributes: {soul: a}\n"
            "rows:\n"
            "  - {stage: {value: a}}\n",
        )
    found = {(problem.line, problem.code) for problem in refusal.value.problems}
    assert found >= {
        (1, "yaml.unknown_key"),
        (2, "import.mapping.bad_header"),
        (3, "import.mapping.bad_format"),
        (5, "yaml.unknown_key"),
        (6, "import.mapping.column_or_value"),
        (8, "import.mapping.unknown_unit"),
        (9, "import.mapping.bad_rate"),
        (10, "import.mapping.rate_and_day"),
        (11, "import.mapping.not_a_mapping"),
        (12, "yaml.unknown_key"),
        (14, "import.mapping.row_without_column"),
    }
    assert any(problem.code == "import.mapping.no_source" for problem in refusal.value.problems)
    assert all(problem.file and problem.line for problem in refusal.value.problems)


@pytest.mark.parametrize("text", ["- a", "stages: {columns: {}}", "projects: x"])
def test_a_file_that_says_nothing_of_the_kind(tmp_path, text):
    with pytest.raises(BadMapping):
        load(tmp_path, text)


def test_attributes_belong_to_projects(tmp_path):
    with pytest.raises(BadMapping, match=r"no_attributes"):
        load(tmp_path, "attributes: {body: a}\ncolumns: {project: a}", kinds.STAGES)
