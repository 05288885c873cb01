"""Rows of history count from when they were known: where a file says nothing of acceptance, and where it says 是; a blank is no yes."""

from __future__ import annotations

from tests.integration.cli.conftest import Office

PROJECT = """
    code,name,host,kind,valid_from,total_investment
    P1,甲,YL01,招商引资,2024-01-01,100
    P2,乙,YL01,招商引资,2024-01-01,100
"""
UNITS = """
    code,name,parent,kind,valid_from
    YL,云岭市,,city,2020-01-01
    YL01,东川区,YL,district,2020-01-01
"""


def test_a_file_without_the_column_says_nothing_against_its_rows(office: Office):
    office.take("units", UNITS)
    office.take("projects", PROJECT)
    taken = office.take("stages", "project,stage,occurred_on\nP1,签约,2024-02-05\nP2,签约,2024-03-05")
    assert taken["finding_counts"] == {"import.row.taken_as_accepted": 2}
    assert office.values("2024-03", "YL", "signed_count") == 2
    assert office.values("2024-03", "YL", "signed_count", options=["--as-of", "2024-03-04"]) == 1
    office.take("figures", "subject,measure,period,value\nP1,tax_paid,2024-03,7")
    assert office.values("2024-03", "YL", "tax_paid") == "70000.00"


def test_a_blank_in_the_column_is_no_yes(office: Office):
    office.take("units", UNITS)
    office.take("projects", PROJECT)
    office.take("stages", "project,stage,occurred_on,verified\nP1,签约,2024-02-05,是\nP2,签约,2024-03-05,")
    assert office.values("2024-03", "YL", "signed_count") == 1
    assert office.values("2024-03", "YL", "signed_count", options=["--basis", "filed"]) == 2
