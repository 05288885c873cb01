"""`luodi score --period all`: several processes give what one gives, and stop at what one stops at."""

from __future__ import annotations

from pathlib import Path

import pytest

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.data import BadData
from luodi.cli import score
from tests.unit.assessment.test_scale import write


@pytest.fixture
def processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luodi.cli.score.os.sched_getaffinity", lambda _: {0, 1, 2})


@pytest.mark.usefixtures("processors")
def test_several_processes_write_what_one_writes(tmp_path: Path) -> None:
    case = scoring.read_case(**write(tmp_path, units=5, sets=2, periods=10))
    assert score._pages(case) == score._written(case, scoring.periods(case))


@pytest.mark.usefixtures("processors")
def test_a_refusal_in_one_process_stops_all(tmp_path: Path) -> None:
    files = write(tmp_path, units=5, sets=1, periods=9)
    kept = [line for line in files["data"].read_text("utf-8").splitlines() if "U003,g,2026-08,slips0" not in line]
    files["data"].write_text("\n".join(kept), "utf-8")
    with pytest.raises(BadData) as stop:
        score._pages(scoring.read_case(**files))
    assert {problem.code for problem in stop.value.problems} == {"scheme.figure_missing"}
