"""When a month may be sealed, rule by rule: each test changes one thing in a sealing that is in order."""

from dataclasses import replace
from datetime import date

import pytest

from luodi.kernel.period import CALENDAR_YEAR, AccountingYear
from luodi.ledger import rules
from luodi.ledger.values import Seal

MERGED = AccountingYear(merge_jan_feb=True)


def sealed(label="2024-04", calendar=CALENDAR_YEAR):
    last = calendar.parse(label).last
    numbers = {"id": 65536, "known_at": 2, "cut_at": 1, "first": 1, "through": 0, "count": 0, "sealed_at": 2}
    words = dict.fromkeys(("root", "previous", "profile", "algorithm", "sealed_by"), "")
    return Seal(**numbers, **words, period=label, period_last=last, hash="ab" * 32)


def sealing(label="2024-05", **changes):
    known = {"calendar": CALENDAR_YEAR, "today": date(2024, 6, 1), "seals": (sealed(),)} | changes
    return rules.Sealing(period=known["calendar"].parse(label), **known)


def codes(given):
    return [problem.code for problem in rules.seal_problems(given)]


def test_the_next_month_after_it_ended_has_no_problem():
    assert codes(sealing()) == []


def test_the_first_seal_may_be_of_any_month():
    assert codes(sealing("2020-02", seals=())) == []


def test_the_last_day_is_too_early():
    assert codes(sealing(today=date(2024, 5, 31))) == ["ledger.seal.not_ended"]


@pytest.mark.parametrize("label", ["2024-06", "2024-03", "2025-05"])
def test_no_month_is_left_out_and_none_is_put_in_later(label):
    given = sealing(label, today=date(2026, 1, 1))
    (problem,) = rules.seal_problems(given)
    assert (problem.code, problem.params["due"], problem.params["last"]) == (
        "ledger.seal.out_of_order",
        "2024-05",
        "2024-04",
    )


def test_a_sealed_month_is_said_to_be_so_and_nothing_else():
    assert codes(sealing("2024-04", seals=(sealed("2024-03"), sealed()))) == ["ledger.seal.exists"]
    assert codes(sealing("2024-03", seals=(sealed("2024-03"), sealed()))) == ["ledger.seal.exists"]


@pytest.mark.parametrize("label", ["2024-Q2", "2024-H1", "2024", "2024-05-下旬"])
def test_only_months_are_sealed(label):
    assert "ledger.seal.not_a_month" in codes(sealing(label, today=date(2025, 6, 1)))


def test_january_and_february_as_the_city_counts_them():
    december = sealed("2023-12", MERGED)
    assert codes(sealing("2024-01..02", calendar=MERGED, seals=(december,))) == []
    (problem,) = rules.seal_problems(sealing("2024-01", calendar=MERGED, seals=(december,)))
    assert (problem.code, problem.params["month"]) == ("ledger.seal.not_a_month", "2024-01..02")
    assert "ledger.seal.not_a_month" in codes(sealing("2024-01..02", seals=(december,)))
    assert codes(replace(sealing("2024-03", calendar=MERGED), seals=(sealed("2024-01..02", MERGED),))) == []


def test_every_reason_has_words_in_both_languages():
    for given in (sealing("2024-Q3"), sealing("2024-04"), sealing("2024-07")):
        for problem in rules.seal_problems(given):
            assert "{" not in problem.message("zh") + problem.message("en")
