"""
What `luodi match` is held to on the labelled set: precision by its lower bound, recall by kind, and that neither the
order of the register nor a sister can turn one answer into another.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace

from pytest import fixture

from luodi.directory.names.index import Index, build
from luodi.directory.names.resolve import resolve
from luodi.directory.names.values import Answer, Entry, Verdict
from tests.spec.names.labelled import Labelled, LabelledSet, labelled_set

NEEDED_RECALL = {"legal": 0.95, "former": 0.95, "short": 0.7, "listed": 0.7, "branch": 0.7, "other": 0.7}


def lower_bound(right: int, of: int, confidence: float = 0.95) -> float:
    """
    Clopper-Pearson's lower bound (two-sided 95%): the share at which so many right ones or more are just 2.5% likely.

    Found by halving on the exact binomial tail.
    """
    low, high = 0.0, 1.0
    for _ in range(60):
        share = (low + high) / 2
        tail = math.fsum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(right, of + 1))
        low, high = (share, high) if tail < (1 - confidence) / 2 else (low, share)
    return low


@fixture(scope="module")
def labelled() -> LabelledSet:
    return labelled_set()


@fixture(scope="module")
def index(labelled: LabelledSet) -> Index:
    return build(labelled.entries, labelled.aliases)


@fixture(scope="module")
def answered(labelled: LabelledSet, index: Index) -> list[tuple[Labelled, Answer]]:
    return [(one, resolve(asked=one.asked, index=index)) for one in labelled.names]


def test_the_bound_is_the_published_one():
    # Nobody wrong among n: the bound is (alpha/2) to the power of 1/n.
    assert math.isclose(lower_bound(600, 600), 0.025 ** (1 / 600), abs_tol=1e-9)
    assert math.isclose(lower_bound(8, 10), 0.44390, abs_tol=1e-4)


def test_the_set_is_hard_enough(labelled):
    absent = [one for one in labelled.names if one.absent]
    assert len(absent) / len(labelled.names) >= 0.3
    families = {entry.code.rsplit("-", 1)[0] for entry in labelled.entries}
    assert len(families) >= 90
    assert len({one.asked for one in labelled.names}) > 1500
    assert len({entry.name for entry in labelled.entries}) == len(labelled.entries)


def test_precision_is_at_least_99_in_100_by_its_lower_bound(answered):
    matched = {(one.asked, one.truth == answer.code) for one, answer in answered if answer.verdict is Verdict.MATCHED}
    right = sum(is_right for _, is_right in matched)
    assert len(matched) >= 600
    assert lower_bound(right, len(matched)) >= 0.99


def test_nobody_who_is_absent_is_found_in_a_sister(answered):
    wrong = [(one.asked.name, answer.code) for one, answer in answered if one.truth is None and answer.code]
    assert wrong == []


def test_recall_of_every_kind(answered):
    asked, found = Counter(), Counter()
    for one, answer in answered:
        if one.truth is not None:
            asked[one.kind] += 1
            found[one.kind] += answer.code == one.truth
    assert set(asked) == set(NEEDED_RECALL)
    assert {kind: found[kind] / asked[kind] for kind in asked if found[kind] / asked[kind] < NEEDED_RECALL[kind]} == {}


def test_every_answer_keeps_its_shape(answered):
    for _, answer in answered:
        assert (answer.code is not None) == (answer.verdict is Verdict.MATCHED)
        assert (len(answer.candidates) >= 2) == (answer.verdict is Verdict.AMBIGUOUS)
        assert answer.reason.message("zh") and answer.reason.message("en")
        assert "{" not in answer.reason.message("zh") + answer.reason.message("en")


def test_shuffling_the_register_changes_nothing(labelled, answered):
    chance = random.Random(1)
    entries, aliases = list(labelled.entries), list(labelled.aliases)
    chance.shuffle(entries)
    chance.shuffle(aliases)
    shuffled = build(entries, aliases)
    assert [resolve(asked=one.asked, index=shuffled) for one, _ in answered] == [answer for _, answer in answered]


def sister_of(entry: Entry, chance: random.Random) -> Entry:
    """Another company of the brand: in another place, trade or form, or its holding, and of another code."""
    name = entry.name
    ways = [
        name.replace("有限公司", "集团有限公司") if "集团" not in name else name.replace("集团", ""),
        name.replace("股份有限公司", "有限公司") if "股份" in name else name.replace("有限公司", "股份有限公司"),
        "拉萨" + name,
        name.replace("有限", "物流有限"),
        name.replace("有限", "科技有限"),
        name[:6] + "集团有限公司",
        name[2:],
        name.replace("有限公司", "（西宁）有限公司"),
    ]
    return Entry(f"{entry.code}-sister{chance.randint(0, 9)}", chance.choice(ways))


def test_a_sister_can_only_lower_matched_to_ambiguous(labelled, answered):
    """For every name: the register with a sister of each entry added; who bears the very name asked is no sister."""
    chance = random.Random(2)
    for _ in range(3):
        sisters = [sister_of(entry, chance) for entry in labelled.entries]
        own = {entry.name for entry in labelled.entries} | {alias.name for alias in labelled.aliases}
        more = build([*labelled.entries, *(one for one in sisters if one.name not in own)], labelled.aliases)
        seen = Counter()
        for one, before in answered:
            if before.verdict is not Verdict.MATCHED:
                continue
            after = resolve(asked=one.asked, index=more)
            assert after.code == before.code or after.verdict is Verdict.AMBIGUOUS, (one.asked, before, after)
            seen[after.verdict] += 1
        assert seen[Verdict.MATCHED] > 600


def test_taking_the_right_one_away_leaves_nobody(labelled, answered):
    """Only one in eight registers is made anew, for time: who was matched is taken out, with their other names."""
    chance = random.Random(3)
    for family in chance.sample(sorted({entry.code.split("-")[0] for entry in labelled.entries}), 4):
        gone = {entry.code for entry in labelled.entries if entry.code.startswith(family) and entry.code.endswith("h0")}
        less = build(
            [entry for entry in labelled.entries if entry.code not in gone],
            [alias for alias in labelled.aliases if alias.code not in gone],
        )
        found = [
            (one.asked.name, after.code)
            for one, _ in answered
            if one.truth in gone and (after := resolve(asked=replace(one.asked, on=None), index=less)).code
        ]
        assert found == []
