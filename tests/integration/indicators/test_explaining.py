"""Traces add up to their values, and bridges lead from the value as of one cut to the value as of a later one, on random cities."""

from __future__ import annotations

import os
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from luodi.indicators import queries
from luodi.indicators.engine import plan
from tests.integration.indicators.test_stores import emptied
from tests.slowcounter import filing
from tests.slowcounter.city import City
from tests.slowcounter.columns import profile_of
from tests.slowcounter.counter import Asked
from tests.slowcounter.strategies import cities, questions

EXAMPLES = int(os.environ.get("LUODI_STORE_CITIES", "3"))
ADDITIVE = ("signed_amount", "added_amount", "contract_count", "invest_completed", "jobs_added", "stalled_count")
BRIDGED = ("signed_amount", "invest_completed", "funds_in_place", "under_construction_count", "funds_rate")
quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.django_db(transaction=True)
@quick
@given(city=cities(), asked=questions)
def test_the_rows_of_a_trace_add_up_to_the_value(city: City, asked: Asked) -> None:
    emptied()
    filing.file_city(city)
    profile = profile_of(city)
    for indicator in ADDITIVE:
        for unit in ("YL", "D1", None):
            found = queries.trace(
                indicator=indicator,
                period=asked.period,
                unit=unit,
                span=asked.span,
                role=asked.role,
                list_=asked.list,
                cut=asked.cut,
                basis=asked.basis,
                profile=profile,
            )
            total = sum((line.weight * line.value for line in found.lines), Fraction(0))
            assert total == (found.value or 0), (indicator, unit)
            assert (found.value is None) <= (not any(line.weight * line.value for line in found.lines))
            assert all(line.sources for line in found.lines)


@pytest.mark.django_db(transaction=True)
@quick
@given(city=cities(), asked=questions)
def test_the_steps_of_a_bridge_add_up_by_project_and_by_unit(city: City, asked: Asked) -> None:
    emptied()
    filing.file_city(city)
    profile = profile_of(city)
    for indicator in BRIDGED:
        given_ = {
            "indicator": indicator,
            "period": asked.period,
            "span": asked.span,
            "role": asked.role,
            "basis": asked.basis,
            "profile": profile,
        }
        found = queries.bridge(**given_, unit="YL", since=3)
        asking = {
            "period": asked.period,
            "units": ["YL"],
            "span": asked.span,
            "role": asked.role,
            "basis": asked.basis,
            "profile": profile,
            "indicators": [indicator],
        }
        assert found.published == queries.compute(**asking, cut=3).value(indicator, "YL")
        assert found.revised == queries.compute(**asking).value(indicator, "YL")
        assert [step.at for step in found.steps] == sorted(step.at for step in found.steps)
        assert all(step.facts for step in found.steps)
        if plan.additive(plan.definition(profile, indicator)):
            moved = sum((sum(step.by_project.values()) for step in found.steps), Fraction(0))
            assert moved == (found.revised or 0) - (found.published or 0), indicator
        changes = [step.change for step in found.steps]
        if None not in changes and found.published is not None and found.revised is not None:
            assert sum(changes, Fraction(0)) == found.revised - found.published
