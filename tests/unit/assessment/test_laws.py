"""Laws every scoring keeps, on drawn pools: order of units, bounds, caps, monotony, and the trace that suffices."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luodi.assessment.schemes import scoring
from luodi.assessment.schemes.data import ALWAYS, Data, Entry, PeriodData
from luodi.assessment.schemes.exact import MODES, NotANumber, Rounding, figure, fixed, number, rounded, short, text_of
from luodi.assessment.schemes.operators.among import place_of
from luodi.assessment.schemes.operators.counting import steps_of
from luodi.assessment.schemes.reading import read_scheme
from luodi.assessment.schemes.scoring import Case
from luodi.assessment.schemes.standing import standing_of
from luodi.assessment.schemes.trace import document
from tests.spec.schemes.recompute import number as plain_number
from tests.spec.schemes.recompute import recompute
from tests.spec.schemes.recompute import rounded as slowly_rounded

TOWNS = Path(__file__).parents[2] / "spec" / "schemes" / "towns"
SCHEME = read_scheme(TOWNS / "scheme.yaml")
figures = st.fixed_dictionaries(
    {"funds": st.integers(-50, 200), "target": st.integers(1, 150), "late_starts": st.integers(0, 8)}
)
pools = st.dictionaries(st.sampled_from([f"U{i}" for i in range(9)]), figures, min_size=1, max_size=9)
PROFILE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def case_of(pool: dict[str, dict[str, int]], order: list[str] | None = None) -> Case:
    period = PeriodData()
    for unit in order or sorted(pool):
        period.groups[unit] = {"town": Fraction(1)}
        period.cells[unit, "town"] = {
            (name, "", "audited"): [Entry(str(value), 2, ALWAYS)] for name, value in pool[unit].items()
        }
    rows = scoring.read_rows("projects", TOWNS / "projects.csv")
    return Case(SCHEME, Data("drawn.csv", {None: period}, frozenset(SCHEME.inputs), long=False), {"projects": rows})


def answers(pool: dict[str, dict[str, int]], order: list[str] | None = None) -> dict[str, Any]:
    return document(scoring.scored(case_of(pool, order), None, traced=True))


def exact(pool: dict[str, dict[str, int]], item: str) -> dict[str, Fraction]:
    found = scoring.scored(case_of(pool), None)
    return {unit: one.exact for unit, one in found.scored["town", item].items() if one.exact is not None}


@PROFILE
@given(pools, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(pool: dict[str, dict[str, int]], chance: random.Random) -> None:
    shuffled = list(pool)
    chance.shuffle(shuffled)
    assert answers(pool) == answers(pool, shuffled)


@PROFILE
@given(pools)
def test_scores_stay_inside_their_bounds_and_follow_from_their_traces(pool: dict[str, dict[str, int]]) -> None:
    for unit in answers(pool)["units"]:
        money, rate, late, _ = (Fraction(str(item["score"])) for item in unit["items"])
        assert 24 <= money <= 40 and 0 <= rate <= 48 and 0 <= late <= 20
        for item in unit["items"]:
            found, score = recompute(item)
            assert (found, score) == (plain_number(item["exact"]), Fraction(str(item["score"])))


@PROFILE
@given(pools, st.integers(1, 60))
def test_more_never_scores_less_and_nobody_else_gains(pool: dict[str, dict[str, int]], more: int) -> None:
    unit = sorted(pool)[0]
    raised = {**pool, unit: {**pool[unit], "funds": pool[unit]["funds"] + more}}
    for item in ("money", "rate"):
        before, after = exact(pool, item), exact(raised, item)
        assert after[unit] >= before[unit] or len({one["funds"] for one in pool.values()}) == 1
    before, after = exact(pool, "rate"), exact(raised, "rate")
    assert all(after[other] == before[other] for other in pool if other != unit)


@PROFILE
@given(pools)
def test_ranks_agree_with_a_slow_count(pool: dict[str, dict[str, int]]) -> None:
    places = standing_of(scoring.scored(case_of(pool), None)).places
    for place in places.values():
        assert place.rank == 1 + sum(one.score > place.score for one in places.values())  # type: ignore[operator]
        assert place.rank_from_bottom == 1 + sum(one.score < place.score for one in places.values())  # type: ignore[operator]


fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=5000)


@given(fractions, st.integers(0, 4), st.sampled_from(MODES))
def test_rounding_agrees_with_the_slow_way(value: Fraction, places: int, mode: str) -> None:
    found = rounded(value, Rounding(places, mode))
    assert found == slowly_rounded(value, {"places": str(places), "mode": mode})
    assert abs(found - value) <= Fraction(1, 10**places)
    assert Fraction(fixed(found, places)) == found


@given(fractions)
def test_a_number_written_is_read_back(value: Fraction) -> None:
    assert number(text_of(value)) == value
    assert abs(number(short(value)) - value) <= Fraction(1, 10**4)
    assert figure(text_of(value)) == value


@given(st.text(max_size=12))
def test_any_cell_is_a_figure_or_none_or_refused(text: str) -> None:
    try:
        found = figure(text, percent=True)
    except NotANumber:
        return
    assert found is None or isinstance(found, Fraction)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.data())
def test_places_agree_with_a_slow_count(values: list[int], data: st.DataObject) -> None:
    value, ordered = data.draw(st.sampled_from(values)), sorted(Fraction(one) for one in values)
    better, equal = sum(one > value for one in values), values.count(value)
    expected = {
        "same_rank_skip": better + 1,
        "same_rank_dense": len({one for one in values if one > value}) + 1,
        "worst": better + equal,
        "average": better + Fraction(equal + 1, 2),
    }
    for ties, place in expected.items():
        assert place_of(Fraction(value), ordered, "desc", ties) == place


@given(st.fractions(min_value=0, max_value=100), st.fractions(min_value=Fraction(1, 10), max_value=9))
def test_whole_steps_never_exceed_those_in_proportion_nor_those_those_begun(
    distance: Fraction, width: Fraction
) -> None:
    whole, part, begun = (steps_of(distance, width, how) for how in ("whole", "continuous", "begun"))
    assert whole <= part <= begun < whole + 2
