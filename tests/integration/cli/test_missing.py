"""What is owed and not given: cells that the forms ask for in the span, beside values made of those that were given."""

from __future__ import annotations

import pytest

UNITS = """
code,name,parent,kind,valid_from
C0,某市,,city,2020-01-01
A,甲县,C0,district,2020-01-01
B,乙县,C0,district,2020-01-01
D1,商务局,C0,department,2020-01-01
"""
PROJECTS = """
code,name,host,kind,total_investment,excluded,valid_from
P1,一,A,招商引资,1000,,2023-01-01
P2,二,B,招商引资,,,2023-01-01
P3,三,D1,招商引资,500,,2023-01-01
P4,四,A,招商引资,500,重复,2023-01-01
"""
# YL-T1 asks for invest_completed of projects that have started and not yet produced, at the end of each month.
STAGES = """
project,stage,occurred_on,verified,verified_at
P1,签约,2023-05-01,是,
P1,开工,2024-02-10,是,
P1,投产,2024-05-20,是,
P2,签约,2024-01-15,是,
P2,开工,2024-01-31,是,2024-06-01
P3,开工,2024-01-01,是,
P4,开工,2024-01-01,是,
"""
FIGURES = """
subject,measure,period,value,form,accepted,accepted_at
P1,invest_completed,2024-02,10,YL-T1,是,
P1,invest_completed,2024-03,—,YL-T1,是,
P2,invest_completed,2024-01,5,YL-T1,是,
P2,invest_completed,2024-02,8,YL-T1,否,
"""


@pytest.fixture(scope="module")
def filed(shared):
    for kind, table in (("units", UNITS), ("projects", PROJECTS), ("stages", STAGES), ("figures", FIGURES)):
        shared.take(kind, table)
    shared.take("lists", "project,list,valid_from\nP1,省重点,2024-01-01")
    return shared


def missing(office, period: str, *options: str, indicator: str = "invest_completed") -> dict[str, int]:
    answer = office.run("indicators", "compute", "--period", period, "--indicator", indicator, *options)
    return {line["unit"]: line["missing"][indicator] for line in answer["units"]}


def test_cells_owed_and_not_given_are_counted_by_unit(filed):
    """By May: P1 owes Feb, Mar, Apr (May ends in production), gave Feb, Mar as a blank; P2 owes Jan to May, Jan in force."""
    assert missing(filed, "2024-05") == {"C0": 2 + 4, "A": 2, "B": 4, "D1": 0, None: 0}
    assert missing(filed, "2024-05", "--basis", "filed") == {"C0": 2 + 3, "A": 2, "B": 3, "D1": 0, None: 0}
    assert missing(filed, "2024-03", "--span", "period") == {"C0": 2, "A": 1, "B": 1, "D1": 0, None: 0}


def test_nothing_is_owed_before_the_go_live_month_nor_before_a_start_was_known(filed):
    assert missing(filed, "2023-12")["C0"] == 0
    assert missing(filed, "2024-04", "--as-of", "2024-05-31") == {"C0": 2, "A": 2, "B": 0, "D1": 0, None: 0}


def test_a_list_narrows_what_is_owed_and_a_coming_month_is_not_owed(filed):
    assert missing(filed, "2024-05", "--list", "省重点")["C0"] == 2
    assert missing(filed, "2024-12", "--as-of", "2024-05-20")["B"] == 0


def test_a_blank_amount_is_counted_where_amounts_are_added(filed):
    assert missing(filed, "2024-03", indicator="signed_amount")["C0"] == 1
    assert missing(filed, "2024-03", indicator="signed_count")["C0"] == 0


def test_a_trace_says_the_same(filed):
    traced = filed.run("trace", "invest_completed", "--period", "2024-05", "--unit", "C0")
    assert (traced["value"], traced["missing"]) == ("150000.00", 6)


def test_what_there_is_not_is_refused_with_what_there_is(filed):
    def refused(*options: str) -> dict:
        (problem,) = filed.run("indicators", "compute", "--period", "2024-03", *options, exit_code=1)["problems"]
        return problem

    unit = refused("--unit", "CO")
    assert (unit["code"], unit["near"]) == ("indicator.unknown_unit", "C0")
    listed = refused("--list", "省重占")
    assert listed["code"] == "indicator.unknown_list"
    assert listed["known"].startswith("省重点, 市重点")
    indicator = refused("--indicator", "signed_cuont")
    assert indicator["code"] == "indicator.unknown"
    assert "signed_count" in indicator["known"]
    assert refused("--indicator", "signed_count", "--as", "nobody")["code"] == "permission.refused"


def test_a_median_may_be_asked_for_alone(filed):
    assert filed.values("2024-03", "C0", "days_signed_to_started") == (285 + 16) / 2
