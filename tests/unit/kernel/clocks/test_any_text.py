"""No table, pause or moment, however wrong, ends in a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.kernel.clocks import events
from luodi.kernel.clocks.values import EVENT_KINDS
from luodi.kernel.instant import CITY_ZONE
from luodi.kernel.problem import Refused
from luodi.kernel.workdays import read_layer

CELLS = st.sampled_from(
    ["", "pause", "done", "work", "off", "2026-09-17", "2026-09-17T10:00", "2026-09-17T10:00Z", "9999-12-31", "0001-01-01", "2026-02-30", "x", '"', "工", "announced"]
) | st.text(max_size=6)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, max_size=7).map(",".join), max_size=5).map("\n".join)
HEADS = st.sampled_from(
    [
        "kind,from,to,reason,known_at,by",
        "kind,from,id,clock,key",
        "day,kind,status,notice,known_at",
        "id,issued,done,begin",
        "",
    ]
)


def readers(file):
    yield lambda: events.read_events(file, CITY_ZONE, clocks=["c"])
    yield lambda: events.read_events(file, CITY_ZONE, clocks=["c"], many=True)
    yield lambda: events.read_matters(file, (), CITY_ZONE, clocks=["c"])
    yield lambda: read_layer(file)


@settings(max_examples=150, deadline=None)
@given(HEADS, TABLES)
def test_any_table(head, body):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "t.csv"
        file.write_text(f"{head}\n{body}", "utf-8", errors="replace", newline="")
        for read in readers(file):
            try:
                read()
            except Refused as refused:
                assert all(problem.message("zh") and problem.message("en") for problem in refused.problems)


@settings(max_examples=200, deadline=None)
@given(st.lists(CELLS, max_size=3).map("/".join) | st.text(max_size=30))
def test_any_pause(text):
    try:
        event = events.read_pause(text, CITY_ZONE)
    except Refused:
        return
    assert event.kind in EVENT_KINDS
    assert event.end is None or event.end >= event.start


@pytest.mark.parametrize(
    ("text", "end", "reason"),
    [
        ("2026-09-22/2026-09-24", "2026-09-25T00:00", None),
        ("2026-09-22/2026-09-24:hearing", "2026-09-25T00:00", "hearing"),
        ("2026-09-22T10:00/2026-09-22T11:30", "2026-09-22T11:30", None),
        ("2026-09-22T10:00/2026-09-22T11:30:hearing", "2026-09-22T11:30", "hearing"),
        ("2026-09-22T10:00/2026-09-22T11:30:15:a:b", "2026-09-22T11:30:15", "a:b"),
        ("2026-09-22T10:00+08:00/2026-09-22T11:30+08:00:补正", "2026-09-22T11:30", "补正"),
        ("2026-09-22/", None, None),
        ("2026-09-22/:hearing", None, "hearing"),
    ],
)
def test_pauses_of_the_command_line(text, end, reason):
    event = events.read_pause(text, CITY_ZONE)
    assert event.end == (end and events.moment(end, CITY_ZONE, where=""))
    assert event.reason == reason
