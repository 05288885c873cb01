"""Numbers at the door, the official order, who had filed by a cut, transfers, what a leader has to see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from luodi.codebook import queries as codebook
from luodi.codebook.values.papers import Ranking
from luodi.documents.rules import filing, lagging, numbers, ranking, transfers
from luodi.documents.rules.numbers import Asked
from luodi.documents.values import NOTHING
from luodi.identity.tree import Version as UnitVersion
from luodi.identity.tree import tree_on
from luodi.projects.rules.lights import Colour, Lamp, Lights
from luodi.projects.values.rows import Dossier, ProblemState, Progress, Settling, Version
from luodi.statistics.values.reporting import Filing, Judgement, Owed

ASKED = Asked("2025-05", 7, "verified")


@pytest.fixture(scope="module")
def profile():
    return codebook.profile()


@pytest.mark.parametrize(
    ("indicator", "exact", "printed", "unit"),
    [
        ("invest_completed", Fraction(1_234_500_000), "12.35", "亿元"),  # half away from zero
        ("invest_completed", Fraction(-1_234_500_000), "-12.35", "亿元"),
        ("tax_paid", Fraction(12_345_650), "1234.57", "万元"),
        ("start_rate", Fraction(28, 42), "66.7", "%"),
        ("invest_progress_gap", Fraction(-1, 20), "-0.1", "个百分点"),
        ("signed_count", Fraction(5, 2), "3", "个"),
        ("jobs_added", Fraction(0), "0", "人"),
        ("days_signed_to_started", Fraction(123, 2), "61.5", "天"),
        ("tax_paid", None, NOTHING, "万元"),
    ],
)
def test_a_figure_is_rounded_to_its_printed_unit_and_knows_its_question(profile, indicator, exact, printed, unit):
    found = numbers.figure(profile.indicator(indicator), exact, ASKED, unit="YL01", span="period")
    assert (found.text, found.unit, found.exact) == (printed, unit, exact)
    asked = found.reference
    assert (asked.indicator, asked.unit, asked.span, asked.cut, asked.printed) == (
        indicator,
        "YL01",
        "period",
        7,
        printed,
    )


def test_growth_is_a_percentage_with_its_own_question(profile):
    found = numbers.growth(profile.indicator("signed_count"), Fraction(-1, 3), ASKED, unit="YL")
    assert (found.text, found.reference.indicator) == ("-33.3", "signed_count_yoy")
    assert (numbers.magnitude(found).text, numbers.magnitude(found).reference) == ("33.3", found.reference)
    assert numbers.signed(numbers.plain(Fraction(1), "个", 0)).text == "+1"
    assert numbers.signed(numbers.plain(Fraction(1, 3), "个", 0)).text == "0"
    assert numbers.signed(numbers.plain(None, "个", 0)).text == NOTHING


RANKING = Ranking(indicator="invest_target_rate", ties=("invest_completed", "started_count"))


def order(profile, values, owing=(), rule=RANKING):
    return ranking.order(profile, rule, sorted(values), values=values, owing=owing)


def value(rate, amount=0, started=0):
    return {"invest_target_rate": rate, "invest_completed": amount, "started_count": started}


def test_one_order_by_exact_values_then_the_tie_rule_then_the_code(profile):
    third = Fraction(1, 3)
    values = {
        "A": value(third, Fraction(5)),
        "B": value(third, Fraction(6)),
        "C": value(third + Fraction(1, 10**9)),  # prints the same, is more
        "D": value(third, Fraction(5), 1),
        "E": value(third, Fraction(5)),
    }
    assert order(profile, values) == [("C", 1), ("B", 2), ("D", 3), ("A", 4), ("E", 5)]


def test_who_has_not_filed_or_has_no_value_comes_last_without_rank(profile):
    values = {"A": value(Fraction(1)), "B": value(None), "C": value(Fraction(2)), "D": value(Fraction(9))}
    assert order(profile, values, owing={"D"}) == [("C", 1), ("A", 2), ("B", None), ("D", None)]


def test_less_is_better_where_the_profile_says_so(profile):
    rule = Ranking(indicator="stalled_count")
    values = {"A": {"stalled_count": Fraction(2)}, "B": {"stalled_count": Fraction(0)}}
    assert order(profile, values, rule=rule) == [("B", 1), ("A", 2)]


@given(some.dictionaries(some.sampled_from("ABCDEFGH"), some.one_of(some.none(), some.fractions()), min_size=1))
def test_every_unit_stands_once_and_ranks_are_one_two_three(rates):
    values = {unit: value(rate) for unit, rate in rates.items()}
    found = order(codebook.profile(), values)
    assert sorted(unit for unit, _ in found) == sorted(rates)
    ranks = [rank for _, rank in found if rank is not None]
    assert ranks == list(range(1, len(ranks) + 1))
    assert [rank is None for _, rank in found] == sorted(rank is None for _, rank in found)


def test_a_ranking_rests_on_the_forms_that_ask_its_measures(profile):
    assert ranking.rests_on_forms(profile, "invest_target_rate") == {"YL-T1"}
    assert ranking.rests_on_forms(profile, "fai_conversion") == {"YL-T1", "YL-T2"}
    assert ranking.rests_on_forms(profile, "signed_count") == frozenset()
    assert ranking.rests_on_forms(profile, "none_such") == frozenset()


def a_return(*judged: tuple[str, int], known_at: int = 10) -> Filing:
    verdicts = tuple(Judgement(verdict, 0, "D", at) for verdict, at in judged)
    return Filing(1, "F", "2025-05", "A", known_at, True, ("D",), verdicts)


@pytest.mark.parametrize(
    ("one", "cut", "filed"),
    [
        (a_return(), 9, False),  # not yet known
        (a_return(), 10, True),
        (a_return(("sent_back", 20)), 19, True),
        (a_return(("sent_back", 20)), 20, False),
        (a_return(("sent_back", 20), ("accepted", 30)), 30, True),
        (a_return(("accepted", 20), ("withdrawn", 25)), 30, True),
    ],
)
def test_filed_is_what_was_known_to_be_filed_by_the_cut(one, cut, filed):
    owed = [Owed("F", "2025-05", "A", ("P",), ("m",), frozenset())]
    assert (filing.owing(owed, [one], cut) == []) is filed


def test_units_are_complete_when_nothing_is_owed():
    owed = [Owed(form, "2025-05", unit, (), (), frozenset()) for unit in "BA" for form in ("F2", "F1")]
    still = [one for one in owed if one.unit == "B"] + [owed[-1]]
    found = filing.filing(owed, still, names={"A": "甲", "B": "乙"}, forms={"F1": "一"})
    assert (found.units, found.complete, found.returns, found.filed) == (2, 0, 4, 1)
    assert found.missing == (("甲", ("一",)), ("乙", ("一", "F2")))
    assert "应报单位2家，已报齐0家；应报报表4张，已报1张" in filing.headed(found, at="6月2日")


def tree():
    rows = [
        UnitVersion(code, code, parent, "district", "", "", date(2020, 1, 1), None)
        for code, parent in (("R", ""), ("A", "R"), ("A1", "A"), ("A2", "A"), ("B", "R"))
    ]
    return tree_on(rows, on=date(2025, 5, 31))


def moved(*hosts: tuple[str, date]) -> Dossier:
    return Dossier("P", versions=tuple(Version("P", "项目", "招商引资", day, host=host) for host, day in hosts))


@pytest.mark.parametrize(
    ("hosts", "found"),
    [
        ((("A1", date(2024, 5, 1)), ("B", date(2025, 4, 1))), [("A", "B")]),
        ((("A1", date(2024, 5, 1)), ("A2", date(2025, 4, 1))), []),  # inside one unit of the table
        ((("A", date(2023, 5, 1)), ("B", date(2024, 4, 1))), []),  # a year before
        ((("A", date(2024, 5, 1)), ("B", date(2025, 6, 1))), []),  # after the period
        ((("A", date(2024, 5, 1)), ("B", date(2025, 2, 1)), ("A", date(2025, 3, 1))), [("A", "B"), ("B", "A")]),
        ((("", date(2024, 5, 1)), ("B", date(2025, 2, 1))), []),
    ],
)
def test_transfers_between_units_of_the_table_inside_the_year(hosts, found):
    listed = transfers.transfers(
        [moved(*hosts)],
        since=date(2025, 1, 1),
        until=date(2025, 5, 31),
        units=frozenset("AB"),
        tree=tree(),
        labels={"P": "项目"},
    )
    assert [(one.before, one.after) for one in listed] == found


def lights(*lamps: tuple[str, Colour, object]) -> Lights:
    return Lights(
        tuple(Lamp(rule, colour, None if number is None else Fraction(number)) for rule, colour, number in lamps)
    )


def test_lagging_projects_come_worst_first_then_largest():
    found = {
        "A": lights(("behind", Colour.YELLOW, 12)),
        "B": lights(("behind", Colour.RED, 40)),
        "C": lights(("behind", Colour.RED, 31), ("silent", Colour.YELLOW, 2)),
        "D": lights(("behind", Colour.GREEN, 1)),
        "E": lights(("behind", Colour.EXCUSED, 50)),
    }
    assert lagging.order(found, {"C": Fraction(9), "B": Fraction(1)}) == ["C", "B", "A"]


def test_reasons_name_the_lights_that_burn_with_their_numbers(profile):
    found = lights(("silent", Colour.YELLOW, 2), ("behind", Colour.RED, "30.05"), ("late_node", Colour.GREEN, 0))
    assert lagging.reasons(found, profile) == ("进度滞后30.1个百分点", "连续无进展2个月")


def card(code: str, problems: tuple[ProblemState, ...] = (), total: int | None = 1):
    version = Version(
        code, code, "招商引资", date(2024, 1, 1), host="A", total_investment=None if total is None else Decimal(total)
    )
    return SimpleNamespace(code=code, version=version, dossier=Dossier(code, problems=problems))


def problem(due: date, state: Settling = Settling.OPEN) -> ProblemState:
    return ProblemState(1, "P", "用地", "D1", date(2025, 4, 1), due, state)


def test_a_leader_sees_overdue_problems_first_then_what_is_asked_and_nothing_of_veiled_projects():
    cards = [
        card("P", (problem(date(2025, 5, 21)), problem(date(2025, 6, 21)), problem(date(2025, 5, 1), Settling.CLOSED))),
        card("Q", (problem(date(2025, 5, 1)),), total=5),
        card("S", total=None),
        card("VEILED", (problem(date(2025, 4, 2)),)),
    ]
    notes = {
        code: Progress(code, "2025-05", coordinate=words)
        for code, words in (("S", "电"), ("Q", " 水 "), ("VEILED", "地"), ("P", ""))
    }
    found = lagging.matters(
        cards,
        notes,
        on=date(2025, 5, 31),
        labels={"P": "甲项目", "Q": "乙项目", "S": "丙项目"},
        name={"A": "甲县", "D1": "资源局"},
    )
    assert [(one.label, one.words, one.days_over) for one in found] == [
        ("乙项目", "用地", 30), ("甲项目", "用地", 10), ("乙项目", "水", 0), ("丙项目", "电", 0),
    ]  # fmt: skip
    assert (found[0].owner, found[0].host) == ("资源局", "甲县")


def test_a_ranking_table_shows_the_rate_its_amount_its_gap_and_the_ties_in_order(profile):
    units = [
        SimpleNamespace(code=code, name=f"单位{code}", group=group)
        for code, group in (("A", "G1"), ("B", "G1"), ("C", "G2"))
    ]
    values = {code: value(Fraction(n, 10), Fraction(n)) for n, code in enumerate("ABC")}
    rule = Ranking(indicator="invest_target_rate", ties=("invest_completed", "started_count"), group="G1")
    found = ranking.table(
        profile,
        rule,
        units=units,
        values=values,
        owing={"B"},
        transferred={"A"},
        print_=lambda one, unit: numbers.figure(one, values[unit].get(one.id), ASKED, unit=unit),
    )
    assert [column.id for column in found.columns] == [
        "invest_target_rate", "invest_completed", "invest_progress_gap", "started_count",
    ]  # fmt: skip
    assert [(row.name, row.rank, row.filed, row.transferred) for row in found.rows] == [
        ("单位A", 1, True, True), ("单位B", None, False, False),
    ]  # fmt: skip
    assert found.columns[2].head == "与序时进度差(百分点)"  # the label says its unit already
    assert found.columns[1].head == "完成投资（亿元）"
    assert ranking.column_ids(profile, Ranking(indicator="funds_in_place", ties=("signed_count",))) == (
        "funds_in_place",
        "signed_count",
    )
