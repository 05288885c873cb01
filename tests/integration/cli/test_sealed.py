"""A month published and corrected afterwards: published and revised values, growth with either base, and the bridge between them."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime

import pytest

from luodi.codebook import load
from tests.integration.cli.conftest import Office, open_office

UNITS = """
code,name,parent,kind,valid_from
C0,某市,,city,2020-01-01
A,甲县,C0,district,2020-01-01
B,乙县,C0,district,2020-01-01
"""
PROJECTS = """
code,name,host,kind,total_investment,valid_from
P1,一,A,招商引资,1000,2023-01-01
P2,二,B,招商引资,2000,2023-01-01
"""
FIGURES = """
subject,measure,period,value,accepted
P1,invest_completed,2024-01,100,是
P2,invest_completed,2024-01,50,是
P1,invest_completed,2025-01,300,是
"""
TARGETS = "unit,indicator,period,value\nC0,invest_completed,2024,1000"


def later() -> str:
    """Give an instant after everything that stands: known times of history are not set by the ledger."""
    time.sleep(0.02)
    found = datetime.now(UTC).isoformat()
    time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def corrected(tmp_path_factory, made):
    """January 2024 sealed; then P1 corrected and split, P2 excluded, B renamed into a town of A, the target and the profile changed."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(load.SHIPPED, folder / "city")
    with open_office(folder, made, LUODI_PROFILE=str(folder / "city")) as office:
        for kind, table in (("units", UNITS), ("projects", PROJECTS), ("figures", FIGURES), ("targets", TARGETS)):
            office.take(kind, table)
        office.run("seal", "2024-01")
        office.take(
            "figures", f"subject,measure,period,value,accepted,known_at\nP1,invest_completed,2024-01,80,是,{later()}"
        )
        at = later()
        shares = (
            f"project,role,unit,share,valid_from,known_at\nP1,属地,A,1/2,2023-02-01,{at}\nP1,属地,B,1/2,2023-02-01,{at}"
        )
        office.take("attributions", shares)
        office.take(
            "projects",
            f"code,name,host,kind,total_investment,excluded,valid_from,known_at\nP2,二,B,招商引资,2000,重复,2023-01-01,{later()}",
        )
        office.take("units", f"code,name,parent,kind,valid_from,known_at\nB,乙县,A,town,2020-01-01,{later()}")
        office.take("targets", f"unit,indicator,period,value,known_at\nC0,invest_completed,2024,500,{later()}")
        yield office


def invested(office: Office, unit: str, *options: str) -> str:
    return office.values("2024-01", unit, "invest_completed", options=options)


def test_published_and_revised_values(corrected):
    assert invested(corrected, "C0", "--as-of", "sealed") == "1500000.00"
    assert invested(corrected, "A", "--as-of", "sealed") == "1000000.00"
    assert invested(corrected, "C0") == "800000.00"
    assert invested(corrected, "A") == "800000.00"
    assert invested(corrected, "C0", "--as-of", "2024-02-01") == "1500000.00"
    refused = corrected.run("indicators", "compute", "--period", "2024-02", "--as-of", "sealed", exit_code=1)
    assert [one["code"] for one in refused["problems"]] == ["indicator.not_sealed"]


def test_growth_with_either_base(corrected):
    def growth(*options: str) -> float:
        return corrected.values("2025-01", "C0", "invest_completed_yoy", options=options)

    assert growth() == 300 / 80 - 1
    assert growth("--growth-base", "published") == 300 / 150 - 1
    assert growth("--as-of", "2025-02-01") == 300 / 150 - 1
    traced = corrected.run(
        "trace", "invest_completed_yoy", "--period", "2025-01", "--unit", "C0", "--growth-base", "published"
    )
    assert (traced["value"], [row["subject"] for row in traced["rows"]]) == (1, ["P1"])


def test_the_bridge_goes_step_by_step_from_the_published_value_to_the_revised(corrected):
    found = corrected.run("trace", "invest_completed", "--period", "2024-01", "--unit", "C0", "--bridge")
    assert (found["published"], found["revised"]) == ("1500000.00", "800000.00")
    steps = [(step["cause"], step["change"], step["by_project"]) for step in found["steps"]]
    assert steps[0] == ("rows", "-200000.00", {"P1": "-200000.00"})
    assert steps[1][:2] == ("rows", "0.00")
    assert found["steps"][1]["by_unit"] == {"A": "-400000.00", "B": "400000.00"}
    assert steps[2] == ("rows", "-500000.00", {"P2": "-500000.00"})
    assert [step["after"] for step in found["steps"]][-1] == found["revised"]


def test_the_bridge_of_a_unit_has_a_step_of_the_tree(corrected):
    found = corrected.run("trace", "invest_completed", "--period", "2024-01", "--unit", "A", "--bridge")
    assert (found["published"], found["revised"]) == ("1000000.00", "800000.00")
    assert [(step["cause"], step["change"]) for step in found["steps"]] == [
        ("rows", "-200000.00"),
        ("rows", "-400000.00"),
        ("units", "400000.00"),
    ]


def test_the_bridge_of_a_rate_has_steps_of_the_target_and_of_the_profile(corrected):
    found = corrected.run("trace", "invest_target_rate", "--period", "2024-01", "--unit", "C0", "--bridge")
    assert (found["published"], found["revised"]) == (0.15, 0.16)
    assert [step["cause"] for step in found["steps"]] == ["rows", "rows", "targets"]
    indicators = corrected.folder / "city" / "60-indicators.yaml"
    text = indicators.read_text("utf-8")
    changed = text.replace("value: {sum: invest_completed, projects: {kinds: all}}", "value: {sum: invest_completed}")
    assert changed != text
    government = "code,name,host,kind,total_investment,valid_from,known_at\nP1,一,A,政府投资,1000,2023-01-01,"
    corrected.take("projects", government + later())
    indicators.write_text(changed, "utf-8")
    try:
        bridge = corrected.run("trace", "invest_completed", "--period", "2024-01", "--unit", "C0", "--bridge")
        assert (bridge["published"], bridge["revised"]) == ("1500000.00", None)
        assert bridge["steps"][-1]["cause"] == "profile"
        assert invested(corrected, "C0", "--as-of", "sealed") == "1500000.00"
    finally:
        indicators.write_text(text, "utf-8")
