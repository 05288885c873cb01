"""Plans of random files, each checked day by day by the slow checker."""

from __future__ import annotations

import json
import random

import pytest
from bench import plan as bench

from tests.spec.plans.asking import ask
from tests.spec.plans.checker import faults_of_projects, faults_of_tasks

WORK = ("--work", "0.3", "--wall", "5")


def random_projects(seed: int) -> str:
    """Draw a plan file with every kind of link, lag, unit, closure, window and fact."""
    chance = random.Random(seed)
    unit = chance.choice(("workday", "workday", "day"))
    lines = ["format: luodi-plan/1", f"unit: {unit}", f"calendar: {chance.choice(('[cn]', '[]'))}", "from: 2026-09-21"]
    lines.append("agencies:")
    for agency in "pq":
        limits = [f"at_once: {chance.randint(1, 2)}"] if chance.random() < 0.8 else []
        limits += [f"per_day: {chance.randint(1, 2)}"] if chance.random() < 0.5 else []
        limits += ["closed: [2026-09-22, 2026-10-14, 2026-10-15]"] if chance.random() < 0.5 else []
        lines.append(f"  {agency}: {{{', '.join(limits)}}}")
    names = [f"m{n}" for n in range(chance.randint(2, 6))]
    lines.append("catalogue:")
    for number, name in enumerate(names):
        keys = [f"days: {{statutory: {chance.choice((0, 1, 2, 3, 5, 8))}}}"]
        keys += [f"agency: {chance.choice('pq')}"] if chance.random() < 0.7 else []
        keys += [f"days_unit: {chance.choice(('day', 'workday'))}"] if chance.random() < 0.4 else []
        keys += ["window: {months: [9, 10, 12]}"] if chance.random() < 0.15 else []
        links = []
        for other in chance.sample(names[:number], min(number, chance.randint(0, 2))):
            lag = chance.choice((0, 0, 1, 3, -1))
            kind = chance.choice(("FS", "FS", "SS", "FF"))
            lag_unit = chance.choice(("day", "workday"))
            links.append(f"{{of: {other}, type: {kind}, lag: {lag}, lag_unit: {lag_unit}}}")
        lines.append(f"  {name}: {{{', '.join(keys)}, after: [{', '.join(links)}]}}")
    lines.append("projects:")
    for number in range(chance.randint(1, 4)):
        by = f"2026-10-{chance.randint(1, 31):02}"
        facts = []
        if chance.random() < 0.5:
            facts.append(f"{{matter: {names[0]}, started: 2026-09-{chance.randint(10, 20)}}}")
        if chance.random() < 0.4:
            facts.append(f"{{matter: {names[-1]}, not_before: 2026-10-{chance.randint(1, 31):02}}}")
        lines.append(
            f"  - {{id: P{number}, matters: [{', '.join(names)}], weight: {chance.choice(('1', '2', '0.5'))}, "
            f"promise: {{matter: {names[-1]}, by: {by}}}, facts: [{', '.join(facts)}]}}"
        )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(40))
def test_projects(tmp_path, seed):
    text = random_projects(seed)
    told = ask(tmp_path, text, *WORK)
    faults = faults_of_projects(text, told)
    assert faults == [], text
    best_rule = min(told["rules"].values())
    assert told["objective"]["value"] <= best_rule
    for project in told["projects"]:
        for row in project["matters"]:
            if row["slack"] is not None:
                assert (row["slack"] >= 0) == (row["latest_start"] >= row["start"])


@pytest.mark.parametrize("seed", range(8))
def test_tasks(tmp_path, seed):
    chance = random.Random(seed)
    complexity, factor, strength = 1.8, chance.choice((0.25, 1.0)), chance.choice((0.1, 0.5))
    text = bench.instance(chance.randint(5, 20), complexity, factor, strength, seed)
    told = ask(tmp_path, text, "--work", "2", "--wall", "10")
    assert faults_of_tasks(text, told) == []
    assert told["objective"]["value"] <= min(told["rules"].values())


def test_the_same_seed_and_work_give_the_same_plan(tmp_path):
    text = bench.portfolio(6, 10, 3, 1.3, 5, (0.9, 1.2))
    plans = [ask(tmp_path, text, "--work", "0.3", "--wall", "300") for _ in range(2)]
    assert plans[0]["stopped_by"] in ("work", "proof")
    assert json.dumps(plans[0]) == json.dumps(plans[1])
    assert faults_of_projects(text, plans[0]) == []


def test_few_projects_are_planned_alike_to_the_last_figure(tmp_path):
    """Two projects whose orders are soon tried: no clock decides how many, so the work told is the same as well."""
    text = bench.portfolio(2, 8, 2, 1.3, 1, (0.6, 0.8))
    plans = [ask(tmp_path, text, "--wall", "300") for _ in range(2)]
    assert plans[0]["work"] > 0
    assert plans[0] == plans[1]


def test_a_city_of_projects_is_searched_in_order_and_in_parts(tmp_path):
    text = bench.portfolio(45, 12, 5, 1.4, 3)
    plans = [ask(tmp_path, text, "--work", "0.6", "--wall", "300") for _ in range(2)]
    assert plans[0]["stopped_by"] == "work"
    assert plans[0] == plans[1]
    assert plans[0]["objective"]["value"] < min(plans[0]["rules"].values())
    assert faults_of_projects(text, plans[0]) == []


def test_the_wall_is_a_guard_and_says_so(tmp_path):
    text = bench.portfolio(45, 12, 5, 1.4, 3)
    told = ask(tmp_path, text, "--work", "1000", "--wall", "1")
    assert told["stopped_by"] == "wall"
    assert faults_of_projects(text, told) == []
