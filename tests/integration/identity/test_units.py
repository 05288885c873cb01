"""Units recorded through the ledger: as of a day and a cut, voided, refused."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.identity import actions, permissions, queries
from luodi.identity.facts import ROWS_VOIDED
from luodi.identity.models import UnitVersion
from luodi.ledger import actions as ledger
from luodi.ledger import clock
from luodi.ledger import queries as facts
from luodi.ledger.values import Act, Actor, Cut

from .conftest import CITY, DAY, OPERATOR, unit

pytestmark = pytest.mark.django_db
LATER = date(2024, 7, 1)


def test_units_make_a_tree(city):
    tree = queries.tree(on=DAY)

    assert tree.under("YL01") == {"YL01", "YL0101", "YL0102"}
    assert tree.name("YL") == "云岭市"
    assert queries.tree(on=date(2023, 12, 31)).units == {}


def test_one_import_is_one_act_and_says_what_it_found(db):
    ids, findings = actions.record_units([*CITY, unit("YLX", "", "park")], actor=OPERATOR, on=DAY, import_id="i1")

    assert len(ids) == 1
    assert [finding.code for finding in findings] == ["identity.unit.outside"]
    assert facts.fact(ids[0]).import_id == "i1"


def test_many_units_are_cut_into_acts_of_a_thousand(city):
    many = [unit(f"T{n}", "YL01", "town") for n in range(1001)]
    ids, _ = actions.record_units(many, actor=OPERATOR, on=DAY)

    assert [len(facts.fact(one).rows["identity.UnitVersion"]) for one in ids] == [1000, 1]


def test_what_does_not_fit_is_refused_whole_with_every_reason(city):
    with pytest.raises(actions.BadUnits) as refusal:
        actions.record_units(
            [unit("A", "none", "town"), unit("B", "YL", "moon"), unit("C", "YL01", "town")], actor=OPERATOR, on=DAY
        )

    assert [problem.code for problem in refusal.value.problems] == ["identity.unit.no_parent", "identity.unit.kind"]
    assert not UnitVersion.objects.filter(code="C").exists()


def test_what_others_recorded_meanwhile_is_judged_again_under_the_lock(city, monkeypatch):
    record = ledger.record

    def another_comes_first(acts, **more):
        monkeypatch.setattr(ledger, "record", record)
        actions.record_units([unit("YL0102", "YL0101", "town")], actor=OPERATOR, on=DAY)
        return record(acts, **more)

    monkeypatch.setattr(ledger, "record", another_comes_first)
    with pytest.raises(actions.BadUnits) as refusal:
        actions.record_units([unit("YL0101", "YL0102", "town")], actor=OPERATOR, on=DAY)

    assert [problem.code for problem in refusal.value.problems] == ["identity.unit.circle"]


def test_a_merger_is_seen_as_of_a_day_and_as_of_a_cut(city):
    before = Cut(at=clock.now(), through=facts.last_fact())
    actions.record_units([unit("YL0102", "YL01", "town", valid_to=LATER, successor="YL0101")], actor=OPERATOR, on=LATER)

    assert queries.tree(on=LATER).under("YL0101") == {"YL0101", "YL0102"}
    assert queries.tree(on=date(2024, 6, 30)).under("YL0101") == {"YL0101"}
    assert queries.tree(on=LATER, cut=before).under("YL0101") == {"YL0101"}
    assert queries.tree(on=LATER, cut=Cut(at=clock.now())).under("YL0101") == {"YL0101", "YL0102"}


def test_history_is_known_at_its_own_time(city):
    known = clock.now() - 10**12
    actions.record_units([unit("OLD", "YL01", "town", known_at=known, loaded=True)], actor=OPERATOR, on=DAY)

    assert queries.tree(on=DAY, cut=Cut(at=known)).exists("OLD")
    assert not queries.tree(on=DAY, cut=Cut(at=known - 1)).exists("OLD")
    assert UnitVersion.objects.get(code="OLD").loaded


def void(code, valid_from):
    """Void a version as an import with 作废 does."""
    row = UnitVersion.objects.get(code=code, valid_from=valid_from).id
    cells = [(UnitVersion._meta.label, row, "划转未获批准", None, False)]
    ledger.record([Act(ROWS_VOIDED, f"unit:{code}", rows={"ledger.Void": cells})], actor=OPERATOR)


def test_a_voided_version_gives_way_to_the_one_before(city):
    actions.record_units([unit("YL0101", "YL02", "town", valid_from=LATER)], actor=OPERATOR, on=LATER)
    cut = Cut(at=clock.now())
    void("YL0101", LATER)

    assert queries.tree(on=LATER).parent("YL0101") == "YL01"
    assert queries.tree(on=LATER, cut=cut).parent("YL0101") == "YL02"


def test_only_who_keeps_units_records_them(city):
    stranger = Actor("nobody", "web")

    with pytest.raises(permissions.NotAllowed):
        actions.record_units([unit("A", "YL", "district")], actor=stranger, on=DAY)


def test_todays_tree_is_kept_until_units_change(city, django_assert_num_queries):
    first = queries.tree(on=LATER)
    actions.register_person(person="p1", name="虚构", actor=OPERATOR, on=DAY)

    with django_assert_num_queries(3):
        assert queries.tree(on=LATER) is first
    actions.record_units([unit("YL0103", "YL01", "town")], actor=OPERATOR, on=DAY)
    assert queries.tree(on=LATER).exists("YL0103")
    void("YL0103", DAY)
    assert queries.tree(on=LATER).unit("YL0103") is None
