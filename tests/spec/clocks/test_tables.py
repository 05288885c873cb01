"""
Drawn tables of limits: what an office can read and sign. Every case is run as a policy, through YAML and the
document.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from luodi.kernel import instant, yamltext
from luodi.kernel.clocks import document, events, policy
from luodi.kernel.clocks.values import Matter

HERE = Path(__file__).parent
CASES = [
    (file.stem, case)
    for file in (HERE / "months_and_fixed_days.yaml", HERE / "hours_and_pauses.yaml")
    for case in yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
]


def answer(case):
    text = yaml.safe_dump(
        {
            "format": "luodi-clock/1",
            "id": "drawn",
            "hours": ["09:00-12:00", "14:00-18:00"],
            "clocks": [{"id": "c", **case["clock"]}],
        }
    )
    rules = policy.read(yamltext.loads(text.replace("'", "")), file="drawn", beside=HERE)
    issued = events.moment(case["issued"], instant.CITY_ZONE, where="issued")
    pauses = tuple(events.read_pause(pause, instant.CITY_ZONE) for pause in case.get("pauses", []))
    (told,) = document.documents(document.Question(rules, issued), [Matter(issued, pauses)])
    return told["clocks"][0]


@pytest.mark.parametrize(("table", "case"), CASES, ids=[case["name"] for _, case in CASES])
def test_case(table, case):
    found = answer(case)
    expected = {key: case[key] for key in ("due_on", "due_at", "unrolled_on") if key in case}
    assert {key: found[key] for key in expected} == expected


def test_the_first_table_has_sixty_cases_and_more():
    assert sum(table == "months_and_fixed_days" for table, _ in CASES) >= 60
    names = [case["name"] for _, case in CASES]
    assert len(set(names)) == len(names)
