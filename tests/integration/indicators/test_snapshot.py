"""The snapshot: refreshed as facts come, joined when it is in many pieces, whole after a kill, built anew for another store."""

from __future__ import annotations

import os
import signal
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import connection

from luodi.codebook import queries as codebook
from luodi.indicators import queries, snapshot
from luodi.indicators.snapshot import compaction, files
from luodi.ledger import making
from tests.integration.indicators.test_stores import emptied
from tests.slowcounter import filing
from tests.slowcounter.city import City, Figure, Unit, Version

pytestmark = pytest.mark.django_db(transaction=True)
START = date(2020, 1, 1)
ROOT = City(units=(Unit("YL", "", "city", START, 0),), versions=(Version("P1", START, 1, host="YL"),))


def figure(month: int, value: int, known: int = 2) -> City:
    return City(figures=(Figure("P1", "invest_completed", f"2024-{month:02}", Decimal(value), known, known),))


def invested(period: str = "2024-12") -> Fraction | None:
    return queries.compute(period=period, units=["YL"], indicators=["invest_completed"]).value("invest_completed", "YL")


def made() -> None:
    making.make(seed="1")
    filing.file_city(ROOT, pieces=1)


def test_a_later_figure_takes_the_place_of_an_earlier_one_without_a_new_build() -> None:
    made()
    filing.file_city(figure(1, 100), pieces=1)
    assert invested() == 100
    first = snapshot.refresh().tables["figures"][0]
    filing.file_city(figure(1, 70, known=3), pieces=1)
    assert invested() == 70
    assert snapshot.refresh().tables["figures"][0] == first
    assert len(snapshot.refresh().tables["figures"]) == 2


LIGHT_OR_NOT = pytest.mark.parametrize("light", [0, compaction.LIGHT], ids=["with the first file", "later ones alone"])


@LIGHT_OR_NOT
def test_joining_pieces_changes_no_value(monkeypatch: pytest.MonkeyPatch, light: int) -> None:
    made()
    monkeypatch.setattr(compaction, "MANY", 3)
    monkeypatch.setattr(compaction, "LIGHT", light)
    for n in range(1, 12):
        filing.file_city(figure(n % 3 + 1, n, known=n + 1), pieces=1)
        filing.file_city(City(versions=(Version("P1", START, n + 1, host="YL"),)), pieces=1)
        snapshot.refresh()
    assert invested() == 9 + 10 + 11
    manifest = snapshot.refresh()
    assert all(len(names) <= 5 for names in manifest.tables.values())
    on_disk = {file.name for file in snapshot.folder().glob("*.parquet")}
    assert on_disk <= manifest.files | set(manifest.previous)


def test_a_join_of_later_files_leaves_the_first_alone_and_what_was_replaced_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made()
    monkeypatch.setattr(compaction, "MANY", 3)
    first = snapshot.refresh().tables["versions"]
    for n in range(2, 6):
        filing.file_city(City(versions=(Version("P1", START, n, host="YL", total_investment=Decimal(n)),)), pieces=1)
        joined = snapshot.refresh()
    assert joined.tables["versions"][:1] == first
    assert [joined.rows[name] for name in joined.tables["versions_replaced"]] == [1]
    assert len(joined.tables["versions"]) == 2
    assert (
        joined.rows[joined.tables["versions"][1]] == 5
    )  # one life of the project, not five: each version until the next


@LIGHT_OR_NOT
def test_figures_come_after_a_join_that_left_nothing_replaced(monkeypatch: pytest.MonkeyPatch, light: int) -> None:
    made()
    monkeypatch.setattr(compaction, "MANY", 3)
    monkeypatch.setattr(compaction, "LIGHT", light)
    for n in range(2, 12):
        filing.file_city(City(versions=(Version("P1", START, n, host="YL"),)), pieces=1)
        snapshot.refresh()
        filing.file_city(figure(n, n), pieces=1)
        snapshot.refresh()
    assert invested() == sum(range(2, 12))


def test_another_store_in_the_same_place_is_seen() -> None:
    made()
    filing.file_city(figure(1, 100), pieces=1)
    assert invested() == 100
    emptied()
    filing.file_city(ROOT, pieces=1)
    filing.file_city(figure(1, 5), pieces=1)
    assert invested() == 5


def test_a_discarded_or_unreadable_snapshot_is_built_anew() -> None:
    made()
    filing.file_city(figure(1, 100), pieces=1)
    assert invested() == 100
    (snapshot.folder() / files.MANIFEST).write_text("{")
    assert invested() == 100
    snapshot.discard()
    assert invested() == 100


def test_a_changed_calendar_resolves_everything_anew() -> None:
    made()
    filing.file_city(City(figures=(Figure("P1", "invest_completed", "2023-12", Decimal(7), 2, 2),)), pieces=1)
    profile = codebook.profile()
    december = profile.model_copy(update={"calendar": profile.calendar.model_copy(update={"year_begins_in": 12})})
    asked = {"period": "2024-01", "units": ["YL"], "indicators": ["invest_completed"]}
    assert queries.compute(**asked).value("invest_completed", "YL") is None
    assert queries.compute(**asked, profile=december).value("invest_completed", "YL") == 7


def die(*args: object, **kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("place", "name"),
    [(files, "settle"), (Path, "replace"), (files, "sweep")],
    ids=["writing", "before the manifest", "after it"],
)
def test_killed_at_any_moment_the_snapshot_is_whole(place: object, name: str) -> None:
    """A forked child refreshes and is killed (-9) in the middle: while writing, before and after the manifest is put in place."""
    made()
    filing.file_city(figure(1, 100), pieces=1)
    assert invested() == 100
    filing.file_city(figure(2, 11), pieces=1)
    before = files.load(snapshot.folder())
    child = os.fork()
    if child == 0:
        if connection.vendor == "postgresql":
            connection.connection = None  # the parent's own; the child opens another
        setattr(place, name, die)
        snapshot.refresh()
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    after = files.load(snapshot.folder())
    assert before is not None and after is not None
    assert (after.through > before.through) == (name == "sweep")
    assert invested() == 111
    filing.file_city(figure(3, 1), pieces=1)
    assert invested() == 112
    on_disk = {file.name for file in snapshot.folder().glob("*.parquet")}
    assert on_disk <= snapshot.refresh().files | set(snapshot.refresh().previous)
