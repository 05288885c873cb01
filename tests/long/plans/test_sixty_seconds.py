"""Solves of a minute: what the issue asks of `luodi plan`, on generated instances, each checked by the slow checker."""

from __future__ import annotations

from statistics import mean

import pytest
from bench import plan as bench

from tests.spec.plans.asking import ask
from tests.spec.plans.checker import faults_of_projects, faults_of_tasks

pytestmark = pytest.mark.long


def test_thirty_activities_are_proven(tmp_path):
    """Published levels, one instance each: at least 98% proven within the default limits."""
    proven = []
    for _, text in bench.instances(30, 48):
        told = ask(tmp_path, text)
        assert faults_of_tasks(text, told) == []
        proven.append(told["status"] == "optimal")
    assert mean(proven) >= 0.98


def test_a_hundred_and_twenty_activities_come_near_a_much_longer_search(tmp_path):
    """Against a search four times as long with another seed, as nothing is published for generated instances."""
    excess = []
    for _, text in bench.instances(120, 12)[::4]:
        told = ask(tmp_path, text)
        assert faults_of_tasks(text, told) == []
        value = told["objective"]["value"]
        longer = ask(tmp_path, text, "--seed", "2", "--work", "160", "--wall", "180")
        excess.append(value / min(value, longer["objective"]["value"]) - 1)
    assert mean(excess) <= 0.05


@pytest.mark.parametrize("load", list(bench.LOADS))
def test_a_city(tmp_path, load):
    text = bench.portfolio(200, 20, 12, bench.LOADS[load], 11)
    told = ask(tmp_path, text)
    assert faults_of_projects(text, told) == []
    assert told["objective"]["value"] <= 0.75 * min(told["rules"].values())


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("load", list(bench.SMALL_LOADS))
def test_ten_projects_before_four_agencies(tmp_path, load, seed):
    """The work is what counts, so the wall is far."""
    text = bench.portfolio(10, 20, 4, bench.SMALL_LOADS[load], seed, (0.8, 1.2))
    told = ask(tmp_path, text, "--wall", "400")
    assert faults_of_projects(text, told) == []
    assert told["objective"]["gap"] <= 0.05
