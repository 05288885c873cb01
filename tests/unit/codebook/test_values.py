"""What a profile answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.codebook import queries
from luodi.codebook.load import SHIPPED, load_profile
from luodi.codebook.values import Calendar, Curve, Part, Season


@pytest.fixture(scope="module")
def yunling():
    return load_profile(SHIPPED)


def test_stages_are_found_by_label_and_by_part(yunling):
    assert yunling.playing(Part.SIGNED) == "签约"
    assert yunling.playing("signed") == "签约"
    assert yunling.labels([Part.STALLED, Part.ENDED, Part.REPLACED]) == ("停滞", "终止", "置换")
    assert yunling.stage("复工").repeatable
    assert yunling.stage("no") is None
    assert yunling.path == ("线索", "在谈", "签约", "落地", "开工", "竣工", "投产", "达产", "达效")


def test_things_are_found_by_id(yunling):
    assert yunling.measure("tax_paid").zh == "税收"
    assert yunling.form("YL-T1").column("invest_completed") == "cumulative"
    assert yunling.form("YL-T1").column("tax_paid") is None
    assert yunling.indicator("plan_rate").kind == "ratio"
    assert yunling.indicator("none") is None
    assert yunling.attribute("land_mu").type == "decimal"
    assert yunling.role("auditor").reach == "city"
    assert yunling.office_unit("tax_bureau") == "YLD06"
    assert yunling.office_unit("none") is None
    assert yunling.vocabulary("contract_kind") == ("意向", "协议", "合同")
    assert yunling.vocabulary("chain") == ()
    assert yunling.check("jump").threshold("factor") == 5
    with pytest.raises(KeyError):
        yunling.check("jump").threshold("none")


def test_a_form_is_accepted_by_its_chain_else_by_its_owner(yunling):
    assert [step.office for step in yunling.form("YL-T1").steps] == ["project_centre", "reform_commission"]
    assert [step.office for step in yunling.form("YL-T2").steps] == ["promotion_bureau"]


def test_a_rule_holds_from_its_first_day_until_the_day_it_ends(yunling):
    check = yunling.check("jump").model_copy(update={"valid_from": date(2024, 1, 1), "valid_to": date(2025, 1, 1)})

    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    assert [check.holds_on(day) for day in days] == [False, True, True, False]
    assert yunling.check("jump").holds_on(date(1999, 1, 1))


def test_amounts_are_kept_in_yuan(yunling):
    assert [band.at_least for band in yunling.size_bands] == [0, 50_000_000, 10**8, 5 * 10**8, 10**9]


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2024, 1, 31), Fraction(1, 12)),
        (date(2024, 12, 31), Fraction(1)),
        (date(2024, 2, 10), Fraction(1, 12) + Fraction(10, 29) / 12),
        (date(2024, 6, 30), Fraction(1, 2)),
    ],
)
def test_time_progress_is_months_elapsed_of_twelve(day, share):
    assert Calendar().baseline(unit="D", day=day) == share


def test_an_accounting_year_has_its_own_time_progress():
    calendar = Calendar(year_begins_in=12)

    assert calendar.baseline(unit="D", day=date(2023, 12, 31)) == Fraction(1, 12)
    assert calendar.baseline(unit="D", day=date(2024, 11, 30)) == 1


def test_a_unit_may_have_a_curve_that_exceeds_one():
    months = tuple(Decimal(n) / 10 for n in range(1, 13))
    calendar = Calendar(curves=(Curve(id="c", zh="线", en="curve", units=("D",), months=months),))

    assert calendar.baseline(unit="D", day=date(2024, 12, 31)) == Fraction(12, 10)
    assert calendar.baseline(unit="D", day=date(2024, 4, 15)) == Fraction(35, 100)
    assert calendar.baseline(unit="E", day=date(2024, 12, 31)) == 1


@given(day=st.dates(date(2000, 1, 1), date(2060, 12, 30)), begins=st.integers(1, 12))
def test_time_progress_only_grows_inside_a_year(day, begins):
    calendar = Calendar(year_begins_in=begins)
    year = calendar.accounting_year.of(day)
    share = calendar.baseline(unit="D", day=day)

    assert 0 < share <= 1
    assert (share == 1) == (day == year.last)


def test_a_building_season_may_run_over_the_new_year():
    north, south = Season(first_month=4, last_month=10), Season(first_month=10, last_month=3)

    assert [month for month in range(1, 13) if north.builds_in(month)] == [4, 5, 6, 7, 8, 9, 10]
    assert [month for month in range(1, 13) if south.builds_in(month)] == [1, 2, 3, 10, 11, 12]


def test_a_profile_kept_beside_a_seal_comes_back_the_same(yunling):
    kept = queries.canonical(yunling)

    assert queries.from_canonical(kept) == yunling
    assert queries.digest(queries.from_canonical(kept)) == queries.digest(yunling)


def test_the_digest_covers_content_only(load):
    plain = queries.digest(load())

    assert queries.digest(load("city: {id", "# a comment\ncity:   {id")) == plain
    assert queries.digest(load("zh: 月报", "zh: 报表")) != plain


def test_the_profile_is_loaded_again_only_after_a_change(load, tmp_path):
    load()
    first = queries.profile(tmp_path)
    again = queries.profile(tmp_path)
    load("zh: 月报", "zh: 报表二")

    assert again is first
    assert queries.profile(tmp_path).form("F").zh == "报表二"


def test_the_configured_profile_is_the_shipped_one(yunling):
    assert queries.profile() == yunling


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    from luodi.codebook.load import BadProfile

    with pytest.raises(BadProfile):
        queries.profile(tmp_path / "none")
