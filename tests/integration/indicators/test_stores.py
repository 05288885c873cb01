"""The whole way on a real store: facts recorded, the snapshot refreshed again and again, values as the slow counter has them."""

from __future__ import annotations

import os

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, note, settings

from luodi.indicators import queries, snapshot
from luodi.ledger import guards, making
from tests.slowcounter import counter, filing
from tests.slowcounter.city import City
from tests.slowcounter.columns import profile_of
from tests.slowcounter.counter import Asked
from tests.slowcounter.strategies import LINES, cities, questions

EXAMPLES = int(os.environ.get("LUODI_STORE_CITIES", "5"))


def emptied() -> None:
    """Take everything out of the store, guards and all, and make it anew."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for name in guards.POSTGRESQL if postgresql else guards.SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (" ON ledger_fact" if postgresql else ""))
    call_command("flush", verbosity=0, interactive=False)
    guards.put()
    making.make(seed="1")


@pytest.mark.django_db(transaction=True)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(city=cities(), asked=questions)
def test_a_store_refreshed_in_pieces_gives_the_values_of_the_slow_counter(city: City, asked: Asked) -> None:
    emptied()
    profile = profile_of(city)
    filing.file_city(city, pieces=3, after_each=lambda: snapshot.refresh(profile))
    found = queries.compute(
        period=asked.period,
        span=asked.span,
        role=asked.role,
        list_=asked.list,
        cut=asked.cut,
        basis=asked.basis,
        profile=profile,
    )
    lines = [line for line in found.lines if line.unit in LINES or line.unit in city.perimeters or line.unit is None]
    assert city.root in {line.unit for line in lines}
    for line in lines:
        expected = counter.count(city, asked, line.unit)
        wrong = {name: (line.values[name], expected[name]) for name in expected if line.values[name] != expected[name]}
        note(f"{line.unit}: engine, counter: {wrong}")
        assert not wrong, (line.unit, wrong)
