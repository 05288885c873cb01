"""Kept answers stand exactly as long as what they rest on: after every kind of fact they are what a fresh process would say."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis.expr.types as ir
import pytest
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from luodi.codebook import queries as codebook
from luodi.codebook.values.indicators import Python
from luodi.codebook.values.profile import Profile
from luodi.indicators import queries
from luodi.indicators.engine.world import World
from luodi.indicators.queries import computing
from luodi.indicators.snapshot import compaction, layout, store
from luodi.indicators.values import Answer, Question
from luodi.kernel.keeping import Kept
from luodi.kernel.problem import Refused
from tests.integration.indicators.test_snapshot import START, City, Version, figure, filing, made
from tests.integration.indicators.test_stores import emptied
from tests.slowcounter.city import Listed, Plan, Share, Stage, Target, Unit
from tests.slowcounter.columns import profile_of
from tests.slowcounter.counter import Asked
from tests.slowcounter.strategies import cities, questions

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = int(os.environ.get("LUODI_STORE_CITIES", "2"))
TABLES = (
    "identity.UnitVersion", "projects.ProjectVersion", "projects.StageEvent", "projects.Attribution", "projects.ListEntry",
    "projects.YearPlan", "statistics.Figure", "statistics.Target",
)  # fmt: skip
SOME = (
    ("signed_count", "signed_amount"), ("invest_completed",), ("funds_from_outside",), ("stalled_count",),
    ("plan_rate",), ("invest_target_rate",), ("days_signed_to_started",), ("invest_completed", "invest_completed_yoy"),
)  # fmt: skip


def said(asked: Asked, profile: Profile, ids: tuple[str, ...]) -> Answer | str:
    """Ask for what is known now; a refusal is an answer too."""
    try:
        return queries.compute(
            period=asked.period, span=asked.span, role=asked.role, list_=asked.list, basis=asked.basis, profile=profile,
            units=["YL"], indicators=ids,
        )  # fmt: skip
    except Refused as refused:
        return repr(refused)


def said_afresh(asked: Asked, profile: Profile, ids: tuple[str, ...], folder: Path) -> Answer | str:
    """Ask as another process would: its snapshot built from the first fact on, nothing kept."""
    with override_settings(HOME=folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(computing, "ANSWERS", Kept(most=1))
        return said(asked, profile, ids)


@pytest.mark.long
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(city=cities(), asked=questions, pieces=st.integers(1, 3), light=st.sampled_from([0, compaction.LIGHT]))
def test_after_every_fact_a_kept_answer_is_a_fresh_one(
    city: City, asked: Asked, pieces: int, light: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    emptied()
    profile, folder = profile_of(city), tmp_path_factory.mktemp("fresh")
    before: dict[tuple[str, ...], Answer | str] = {}
    stood: Counter[str] = Counter()

    def compare(table: str) -> None:
        shutil.rmtree(folder / "snapshot", ignore_errors=True)
        for ids in SOME:
            kept = said(asked, profile, ids)
            assert kept == said_afresh(asked, profile, ids, folder), (table, ids)
            stood[table] += kept is before.get(ids)
            before[ids] = kept

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compaction, "MANY", 2)
        patch.setattr(compaction, "LIGHT", light)
        filing.file_city(city, pieces=pieces, after_fact=compare)
    assert not stood["projects.ProjectVersion"]  # all rest on those
    assert stood["projects.YearPlan"] or not city.plans
    assert stood["statistics.Figure"] or not city.figures


def test_every_table_that_is_resolved_lets_go_of_what_reads_it() -> None:
    resolved = {table for tables in store.INTO.values() for table in tables}
    assert resolved == set(layout.BY_PROJECT)
    assert store.INTO.keys() == store.OF_PROJECT.keys()
    assert {model._meta.label for model in store.OF_PROJECT} < set(TABLES)


# Every kind of row that is resolved, in an act that moves a value of every question that rests on it.
ACTS = {
    "a unit": City(units=(Unit("D1", "YL", "district", START, 2),)),
    "a version": City(versions=(Version("P1", START, 2, host="D9", total_investment=Decimal(3)),)),
    "a stage": City(stages=(Stage("P1", "签约", date(2024, 3, 1), 2, 2), Stage("P1", "停滞", date(2024, 4, 1), 2, 2))),
    "a share": City(shares=(Share("P1", "host", "D9", 1, 1, START, 2, "s"),)),
    "a list": City(lists=(Listed("P1", "重点", START, 2),)),
    "a plan": City(plans=(Plan("P1", 2024, Decimal(9), 2),)),
    "a figure": figure(1, 100),
    "a target": City(targets=(Target("YL", "invest_completed", "2024", Decimal(5), 2),)),
}
EVERY = {
    "a unit",
    "a version",
    "a share",
    "a target",
}  # the tree, what a project is, who holds it; targets finish beside the sums
RESTS_ON = {
    ("signed_count", None): {"a stage"},
    ("stalled_count", None): {"a stage"},
    ("added_amount", None): {"a stage"},
    ("invest_completed", None): {"a figure"},
    ("invest_completed", "重点"): {"a figure", "a list"},
    ("invest_target_rate", None): {"a figure"},
    ("plan_rate", None): {"a figure", "a plan"},
    ("funds_rate", None): {"a stage", "a figure"},
    ("days_signed_to_started", None): {"a stage"},
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_lets_go_of_exactly_what_rests_on_it(act: str, tmp_path: Path) -> None:
    made()
    filing.file_city(figure(2, 1), pieces=1)
    filing.file_city(
        City(stages=(Stage("P1", "开工", START, 2, 2),), plans=(Plan("P1", 2023, Decimal(9), 2),)), pieces=1
    )
    profile = codebook.profile()
    before = {one: said(Asked("2024-12", list=one[1]), profile, one[:1]) for one in RESTS_ON}
    filing.file_city(ACTS[act], pieces=1)
    after = {one: said(Asked("2024-12", list=one[1]), profile, one[:1]) for one in RESTS_ON}
    let_go = {one for one in RESTS_ON if after[one] is not before[one]}
    assert let_go == {one for one, acts in RESTS_ON.items() if act in acts | EVERY}
    for one in RESTS_ON:
        assert after[one] == said_afresh(Asked("2024-12", list=one[1]), profile, one[:1], tmp_path)


def test_what_a_program_computes_rests_on_every_table() -> None:
    made()
    sevens = Python(
        id="sevens", zh="七", en="sevens", unit="count", kind="python", function=f"{__name__}:sevens", additive=True
    )
    profile = codebook.profile()
    profile = profile.model_copy(update={"indicators": (*profile.indicators, sevens)})

    def asked() -> Answer:
        return queries.compute(period="2024-12", units=["YL"], indicators=["sevens"], profile=profile)

    first = asked()
    assert first.value("sevens", "YL") == 7
    assert asked() is first
    filing.file_city(ACTS["a plan"], pieces=1)
    assert asked() is not first


def sevens(world: World, question: Question, profile: Profile) -> ir.Table:
    """Give seven for every project: an indicator as a program."""
    versions = world.valid("versions", question)
    return versions.select("project", value=versions.gen * 0 + 7)
