"""Turns: who goes first among like projects, and that asking it of the best plan leaves the best plan's value."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from bench import plan as bench

from luodi.kernel import yamltext
from luodi.scheduling import bounds, compiling, document, generation, passes, solver, turns, whole
from luodi.scheduling.model import Due, Job, Link, Model
from luodi.scheduling.solver import USUAL, Limits, Manner, Question
from luodi.scheduling.values import PlanFile

MANNERS = [manner for _, manner in whole.OF_LATENESS if manner is not None]


def like(*projects: tuple[int, int, int], capacity: int = 1) -> Model:
    """Give projects of one job of three steps at one desk and a node after it: (earliest, promised for, weight)."""
    jobs = [job for first, _, _ in projects for job in (Job("", 3, first, ((0, 1),)), Job("", 0))]
    links = tuple(Link(2 * n, 2 * n + 1, 3) for n in range(len(projects)))
    dues = tuple(Due(2 * n + 1, last, weight) for n, (_, last, weight) in enumerate(projects))
    groups = tuple((2 * n, 2 * n + 1) for n in range(len(projects)))
    return Model(tuple(jobs), links, (capacity,), dues=dues, horizon=40, groups=groups)


def found(model: Model) -> turns.Turns:
    return turns.of(model, passes.forward(model))


def test_who_begins_no_later_promised_no_later_and_weighs_no_less_goes_first():
    assert found(like((0, 5, 2), (1, 5, 1))).pairs == ((0, 1),)
    assert found(like((1, 5, 1), (0, 5, 1))).pairs == ((1, 0),)
    assert found(like((0, 5, 1), (0, 5, 1))).pairs == ((0, 1),)  # equal: the first in the file


@pytest.mark.parametrize("other", [(0, 4, 1), (0, 5, 2)])
def test_no_turn_where_one_comes_first_and_the_other_is_more_urgent(other):
    assert found(like((0, 5, 1), (1, *other[1:]))).pairs == ()


def test_no_turn_for_what_begun_is_fixed_unlike_or_should_stay_where_it_was():
    model = like((0, 5, 1), (1, 5, 1))
    for change in ({"pinned": (0, 3)}, {"fixed": 2}, {"length": 4}, {"needs": ()}):
        jobs = (replace(model.jobs[0], **change), *model.jobs[1:])
        assert found(replace(model, jobs=jobs)).pairs == ()
    assert found(replace(model, links=(Link(0, 1, 4), model.links[1]))).pairs == ()
    assert found(replace(model, move_weight=1)).pairs == ()
    assert found(replace(model, makespan=True)).pairs == ()


def test_without_a_promise_nobody_is_kept_waiting():
    model = like((0, 5, 1), (0, 5, 1))
    assert found(replace(model, dues=model.dues[1:])).pairs == ((1, 0),)
    assert found(replace(model, dues=(replace(model.dues[0], weight=0), model.dues[1]))).pairs == ((1, 0),)


def test_lateness_by_a_table_is_compared_step_by_step():
    model = like((0, 5, 1), (0, 5, 1))
    slow = tuple(step // 2 for step in range(40))
    fast = tuple(range(40))
    dues = (replace(model.dues[0], table=slow), replace(model.dues[1], table=fast))
    assert found(replace(model, dues=dues)).pairs == ((1, 0),)
    uneven = (replace(dues[0], table=(0,) * 20 + (30,) * 20), dues[1])  # each is dearer somewhere
    assert found(replace(model, dues=uneven)).pairs == ()


def test_behind_as_many_as_there_is_room_for_one_waits_until_the_first_is_done():
    links = found(like((0, 5, 1), (0, 6, 1), (0, 7, 1), capacity=2)).model.links[3:]
    assert set(links) == {
        Link(0, 2), Link(2, 4), Link(0, 4, 3),  # the desk has room for two: the third waits for the first
        Link(1, 3), Link(3, 5),  # nodes need no room
    }  # fmt: skip
    alone = found(like((0, 5, 1), (0, 6, 1), (0, 7, 1))).model.links[3:]
    assert set(alone) == {Link(0, 2, 3), Link(2, 4, 3), Link(1, 3), Link(3, 5)}


def test_a_plan_is_exchanged_into_turns_and_gets_no_worse():
    model = like((0, 3, 2), (0, 4, 1), (0, 5, 1))
    kept = found(model).kept_by([6, 9, 3, 6, 0, 3])
    assert kept == [0, 3, 3, 6, 6, 9]
    assert model.lateness(kept) == 6 < model.lateness([6, 9, 3, 6, 0, 3])


@pytest.mark.parametrize("seed", range(8))
def test_turns_leave_the_best_plan_as_good(seed):
    """Whole plans with seasons, closed days, calendar days and hand-ins a day: the optimum with turns and without."""
    model = drawn(seed)
    early = passes.forward(model)
    taken = turns.of(model, early)
    assert taken.pairs
    start = generation.serial(model, list(map(float, range(len(model.jobs)))))
    kept = taken.kept_by(start)
    assert taken.model.lateness(kept) <= model.lateness(start)
    assert all(kept[link.after] >= link.least(kept[link.before]) for link in taken.model.links)
    values = [
        best_of(model, start, USUAL, ()),
        best_of(taken.model, kept, MANNERS[seed % len(MANNERS)], taken.overtakings),
    ]
    assert values[0] == values[1] > 0


def best_of(asked: Model, own: list[int], manner: Manner, overtakings: tuple[turns.Overtaking, ...]) -> int:
    first = passes.forward(asked)
    assert all(a <= b for a, b in zip(first, own, strict=True))
    highest = bounds.last_starts(asked, first, asked.value(own))
    question = Question(asked, own, first, asked.horizon, highest=highest, overtakings=overtakings)
    solved = solver.solve(question, Limits(20, 60), manner)
    assert solved.proven or solved.bound >= asked.value(own)
    return solved.bound


def test_who_comes_later_overtakes_only_where_that_pays():
    model = like((0, 5, 1), (1, 3, 1))  # the other is promised earlier: no turn
    (one,) = found(model).overtakings
    assert one.jobs == ((0, 2), (1, 3))
    assert one.pays([4, 7, 1, 4])  # 2 and 1 days late; exchanged 0 and 4
    assert not one.pays([1, 4, 4, 7])  # it is not overtaken
    assert not one.pays([9, 12, 5, 8])  # 7 and 5 days late; exchanged 3 and 9: no dearer
    assert found(model).kept_by([9, 12, 5, 8]) == [5, 8, 9, 12]
    assert found(model).kept_by([4, 7, 1, 4]) == [4, 7, 1, 4]
    assert found(model).kept_by([4, 7, 1, 8]) == [1, 7, 4, 8]  # done first, it goes first


def test_of_projects_that_begin_alike_the_weightier_may_be_overtaken():
    (one,) = found(like((0, 3, 1), (0, 5, 2))).overtakings
    assert one.jobs == ((2, 0), (3, 1))


def test_nobody_overtakes_by_a_table_or_where_different_matters_are_promised():
    model = like((0, 5, 1), (1, 3, 1))
    table = (model.dues[0], replace(model.dues[1], table=tuple(range(40))))
    assert found(replace(model, dues=table)).overtakings == ()
    assert found(replace(model, dues=(model.dues[0], Due(2, 3, 1)))).overtakings == ()
    assert found(like((1, 3, 1), (0, 5, 1))).overtakings[0].jobs == ((2, 0), (3, 1))
    uneven = replace(model, jobs=(model.jobs[0], replace(model.jobs[1], earliest=9), *model.jobs[2:]))
    assert found(uneven).overtakings == ()  # each can begin something before the other


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("seed", range(6))
def test_overtaking_only_where_it_pays_leaves_the_best_plan_as_good(seed, manner):
    """Random projects at two desks, weights and promises crossed: the optimum with overtakings asked and without."""
    chance = random.Random(seed)
    model = crossed(chance)
    taken = found(model)
    assert taken.overtakings
    start = generation.serial(model, [chance.random() for _ in model.jobs])
    kept = taken.kept_by(start)
    assert model.lateness(kept) <= model.lateness(start)
    for one in taken.overtakings:
        assert one.pays(kept) or all(kept[a] <= kept[b] for a, b in one.jobs)
    assert best_of(model, start, USUAL, ()) == best_of(taken.model, kept, manner, taken.overtakings) > 0


def crossed(chance: random.Random) -> Model:
    """Draw five like projects of three jobs at two desks and a node, each coming in on a day of its own."""
    lengths = [chance.randint(1, 5) for _ in range(3)]
    jobs, links, dues = [], [], []
    for number in range(5):
        first, base = chance.randint(0, 8), 4 * number
        jobs += [Job("", lengths[0], first, ((0, 1),)), Job("", lengths[1], first, ((1, 1),))]
        jobs += [Job("", lengths[2], 0, ((0, 1),)), Job("", 0)]
        links += [Link(base, base + 2, lengths[0]), Link(base + 2, base + 3, lengths[2])]
        links += [Link(base + 1, base + 3, lengths[1])]
        dues.append(Due(base + 3, chance.randint(3, 14), chance.choice((1, 2, 3, 5))))
    groups = tuple(tuple(range(4 * n, 4 * n + 4)) for n in range(5))
    room = (chance.randint(1, 2), chance.randint(1, 2))
    return Model(tuple(jobs), tuple(links), room, dues=tuple(dues), horizon=90, groups=groups)


def drawn(seed: int) -> Model:
    text = bench.portfolio(4, 6, 2, 1.0, seed, (0.7, 1.0))
    changes = [("at_once: 1", "at_once: 1, closed: [2026-03-03]")]
    if seed % 2:
        changes.append(("calendar: []", "calendar: [cn]"))
    if seed % 3 == 0:
        changes.append(("{at_once: 1", "{per_day: 1, at_once: 1"))
    if seed % 4 == 1:
        changes.append(("m03: {", "m03: {window: {months: [3, 4, 5, 6, 9, 10, 11, 12]}, "))
    if seed % 4 == 2:
        changes.append(("m02: {", "m02: {days_unit: day, "))
    for old, new in changes:
        text = text.replace(old, new)
    plan = document.read(yamltext.loads(text), "x")
    assert isinstance(plan, PlanFile)
    return compiling.compile_plan(plan).model
