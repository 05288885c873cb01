"""A trace names the set of attributions that its weight was taken from."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
from click.testing import CliRunner

from luodi.cli.main import main
from luodi.indicators import queries
from luodi.indicators.presenting import trace_document
from luodi.projects import actions
from luodi.projects.values.drafts import ShareDraft
from tests import city

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2025, 6, 2)


@pytest.fixture(autouse=True)
def shared():
    """P1 is shared from 2025; its funds otherwise. P2 is its host's alone."""
    city.make(on=TODAY)
    city.project("P1")
    city.project("P2")
    share("2024-02-01", ("YL01", "1/2"), ("YL02", "1/2"))
    share("2025-01-01", ("YL01", "1/3"), ("YL02", "2/3"))
    share("2025-01-01", ("YL02", "1"), measure="funds_in_place")


def share(since: str, *parts: tuple[str, str], **more: str) -> int:
    drafts = [ShareDraft(*part) for part in parts]
    return actions.share_project(
        "P1", role="host", parts=drafts, valid_from=date.fromisoformat(since), actor=city.OPERATOR, today=TODAY, **more
    )


def traced(unit: str, period: str = "2025-05", indicator: str = "signed_count"):
    found = queries.trace(indicator=indicator, period=period, unit=unit, span="since")
    return {line.subject: (line.weight, [(one.unit, one.share) for one in line.attributions]) for line in found.lines}


THIRDS = [("YL01", Fraction(1, 3)), ("YL02", Fraction(2, 3))]


def test_the_set_at_the_period_s_end_stands_behind_the_weight():
    assert traced("YL01") == {"P1": (Fraction(1, 3), THIRDS), "P2": (Fraction(1), [])}
    assert traced("YL02") == {"P1": (Fraction(2, 3), THIRDS)}
    halves = [("YL01", Fraction(1, 2)), ("YL02", Fraction(1, 2))]
    assert traced("YL01", "2024-12")["P1"] == (Fraction(1, 2), halves)
    assert traced("YL", "2024-12")["P1"] == (Fraction(1), [])  # the whole city shares nothing out


def test_a_cut_before_a_set_was_known_gives_the_one_before():
    share("2025-05-01", ("YL02", "1"))
    assert traced("YL02")["P1"] == (Fraction(1), [("YL02", Fraction(1))])
    assert traced("YL01").keys() == {"P2"}
    now = queries.trace(indicator="signed_count", period="2025-05", unit="YL02", span="since")
    late = now.lines[0].attributions[0].source.recorded_at
    then = queries.trace(indicator="signed_count", period="2025-05", unit="YL01", span="since", cut=late - 1)
    assert [[one.share for one in line.attributions] for line in then.lines] == [[Fraction(1, 3), Fraction(2, 3)], []]


def test_a_full_set_counts_whole_for_each_unit():
    full = share("2025-05-01", ("YL01", "1"), ("YL02", "1"), mode="full")
    found = queries.trace(indicator="signed_count", period="2025-05", unit="YL02", span="since")
    (line,) = found.lines
    assert (line.weight, [one.full for one in line.attributions]) == (1, [True, True])
    (row,) = trace_document(found)["rows"]
    assert [(one["unit"], one["share"], one["mode"]) for one in row["attributions"]] == [
        ("YL01", "1", "full"), ("YL02", "1", "full"),
    ]  # fmt: skip
    assert {one["source"]["fact"] for one in row["attributions"]} == {full}


def test_the_command_lists_them():
    words = ["trace", "signed_count", "--period", "2025-05", "--unit", "YL02", "--span", "since"]
    (row,) = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).stdout)["rows"]
    (first, second) = row["attributions"]
    assert (first["unit"], first["share"], first["mode"], first["measure"]) == ("YL01", "1/3", "split", None)
    assert (second["share"], second["source"]["table"]) == ("2/3", "projects.Attribution")
    assert second["source"]["act"] == "projects.shares.set"
    table = CliRunner().invoke(main, words, env={"COLUMNS": "300"}).stdout
    assert f"YL01 1/3 #{first['source']['fact']}" in table
