"""Answers and open snapshots kept between questions: the same while nothing moved, right after every act."""

from __future__ import annotations

from fractions import Fraction

import pytest

from luodi.identity import actions as identity
from luodi.indicators import queries, snapshot
from luodi.indicators.engine import world
from luodi.indicators.queries import computing
from luodi.indicators.snapshot import compaction
from luodi.indicators.values import Answer
from luodi.ledger.values import Actor
from tests.integration.indicators.test_snapshot import START, City, Version, figure, filing, invested, made

pytestmark = pytest.mark.django_db(transaction=True)


def asked(**changes: object) -> Answer:
    question = {"period": "2024-12", "units": ["YL"], "indicators": ["invest_completed"], **changes}
    return queries.compute(**question)  # type: ignore[arg-type]


def test_an_answer_is_the_very_same_until_a_fact_comes() -> None:
    made()
    filing.file_city(figure(1, 100), pieces=1)
    first = asked()
    assert asked() is first
    assert asked(period="2024-11") is not first
    assert asked(basis="filed") is not first
    filing.file_city(figure(1, 70, known=3), pieces=1)
    second = asked()
    assert (second is first, second.value("invest_completed", "YL")) == (False, Fraction(70))
    before = snapshot.refresh()
    identity.register_person(person="p1", name="演示", actor=Actor("local", "cli"), on=START)
    assert snapshot.refresh().through > before.through
    assert asked() is second  # nothing that indicators rest on moved


def test_what_more_than_the_snapshot_decides_is_not_kept() -> None:
    made()
    assert asked(count_owed=True) is not asked(count_owed=True)
    assert asked(growth_base="published") is not asked(growth_base="published")
    assert asked(units=None) is not asked(units=None)


@pytest.mark.parametrize("light", [0, compaction.LIGHT])
def test_an_open_snapshot_is_taken_on_fact_by_fact_through_joins(monkeypatch: pytest.MonkeyPatch, light: int) -> None:
    made()
    invested()
    kept = computing._open.world[2].con
    monkeypatch.setattr(compaction, "MANY", 3)
    monkeypatch.setattr(compaction, "LIGHT", light)
    for n in range(1, 12):
        filing.file_city(figure(n % 3 + 1, n, known=n + 1), pieces=1)
        filing.file_city(City(versions=(Version("P1", START, n + 1, host="YL"),)), pieces=1)
        assert invested() == sum(range(max(1, n - 2), n + 1))
    assert computing._open.world[2].con is kept


def test_a_snapshot_built_anew_under_the_old_names_is_opened_anew() -> None:
    made()
    snapshot.discard()
    filing.file_city(figure(1, 100), pieces=1)
    assert invested() == 100
    kept = computing._open.world[2].con
    snapshot.discard()
    filing.file_city(figure(2, 11), pieces=1)
    assert invested() == 111
    assert computing._open.world[2].con is not kept


def test_a_table_that_loses_its_files_has_no_rows() -> None:
    made()
    filing.file_city(figure(1, 100), pieces=1)
    assert invested() == 100
    now = computing._open.world[2]
    without = world.replace(now.manifest, tables={k: v for k, v in now.manifest.tables.items() if k != "figures"})
    empty = world.follow(now, snapshot.folder(), without)
    assert empty.con.execute("SELECT count(*) FROM figures").fetchone() == (0,)
    again = world.follow(empty, snapshot.folder(), now.manifest)
    assert again.con.execute("SELECT count(*) FROM figures").fetchone() == (1,)
