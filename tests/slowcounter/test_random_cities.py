"""The engine agrees with the slow counter on random cities, to the last digit."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings

from luodi.indicators.engine import answers, plan
from luodi.indicators.values import BASES, Question
from luodi.kernel.period import AccountingYear
from tests.slowcounter import counter
from tests.slowcounter.city import City
from tests.slowcounter.columns import profile_of, world_of
from tests.slowcounter.counter import Asked
from tests.slowcounter.strategies import LINES, cities, questions

EXAMPLES = int(os.environ.get("LUODI_CITIES", "25"))


def engine(city: City, asked: Asked, folder: Path):
    """Every basic indicator of every line, by the engine."""
    profile = profile_of(city)
    world = world_of(city, folder)
    year = AccountingYear(city.year_begins_in, city.merge_jan_feb)
    question: Question = answers.question(
        profile,
        period=year.parse(asked.period),
        span=asked.span,
        cut=asked.cut,
        basis=BASES[asked.basis],
        role=asked.role,
        list_=asked.list,
    )
    where = answers.shape(world, profile, question)
    wanted = [plan.definition(profile, name) for name in plan.default_ids(profile)]
    found = answers.sums(world, profile, question, wanted, where)
    finisher = answers.Finisher(profile, question, answers.targets(world, question))
    lines = [*(unit for unit in LINES if unit in where.tree.units), *city.perimeters, None]
    return {line.unit: line.values for line in answers.lines(finisher, found, wanted, lines)}


def agree(city: City, asked: Asked) -> None:
    folder = Path(tempfile.mkdtemp(prefix="luodi-city-"))
    try:
        found = engine(city, asked, folder)
    finally:
        shutil.rmtree(folder)
    for line, values in found.items():
        expected = counter.count(city, asked, line)
        assert set(values) == set(expected)
        wrong = {name: (values[name], expected[name]) for name in values if values[name] != expected[name]}
        note(f"line {line}: engine, counter: {wrong}")
        assert not wrong, (line, wrong)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(city=cities(), asked=questions)
def test_engine_and_slow_counter_give_the_same_values(city: City, asked: Asked) -> None:
    agree(city, asked)


@pytest.mark.long
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(city=cities(), asked=questions)
def test_engine_and_slow_counter_give_the_same_values_for_long(city: City, asked: Asked) -> None:
    agree(city, asked)
