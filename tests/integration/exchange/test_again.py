"""Importing twice, voiding, partial imports, dry runs: what changes and what does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from luodi.ledger import queries
from luodi.ledger.models import Void
from luodi.projects.models import Attribution, ListEntry, ProjectVersion, StageEvent
from luodi.statistics.models import Figure

pytestmark = pytest.mark.django_db

TABLES = {
    "projects": "code,name,host,kind,total_investment,valid_from\nP1,晨光智能工厂,YL01,招商引资,1.10,2024-03-10\nP8,远期,YL01,招商引资,1,2030-01-01",
    "stages": "project,stage,occurred_on,verified\nP1,签约,2024-01-20,是\nP1,竣工,2031-01-20,是",
    "lists": "project,list,valid_from\nP1,省重点,2024-01-01",
    "plans": "project,year,invest\nP1,2024,500\nP1,2030,1",
    "figures": "subject,measure,period,value,form,accepted\nP1,invest_completed,2024-03,80,YL-T1,是\nP1,jobs_added,2025-06,1,,",
    "notes": "project,period,progress\nP1,2024-03,打桩",
    "targets": "unit,indicator,period,value\nYL01,invest_completed,2024,100",
    "attributions": "project,role,unit,share,valid_from\nP1,属地,YL01,1/3,2024-02-01\nP1,属地,YL02,2/3,2024-02-01",
    "enterprises": "code,name\nE1,青石建材（演示）",
    "units": "code,name,parent,kind,valid_from\nX1,a,YL01,town,2021-01-01",
}


AHEAD = ("stages", "figures")  # their second rows can't be filed now


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("history", [True, False])
def test_the_same_file_again_changes_nothing(full, kind, history):
    rows = TABLES[kind].splitlines()
    table = full.file("\n".join(rows if history else rows[:2] if kind in AHEAD else rows))
    first = full.take(kind, table, history=history)
    facts = queries.last_fact()
    again = full.take(kind, table, history=history)
    assert first.loaded == first.rows > 0
    assert (again.loaded, again.unchanged, again.rows) == (0, first.rows, first.rows)
    assert queries.last_fact() == facts


def test_the_same_rows_in_another_file_change_nothing_if_their_known_time_is_given(full):
    full.take("lists", "project,list,valid_from\nP1,省重点,2024-01-01")
    answer = full.take("lists", "列入日期,清单,项目编号,备注\n2024-01-01,省重点,P1,x\n2024-02-01,市重点,P1,y")
    assert (answer.loaded, answer.unchanged) == (1, 1)


def test_a_row_twice_in_one_file_is_taken_once(full):
    answer = full.take("lists", "project,list,valid_from\nP1,省重点,2024-01-01\nP1,省重点,2024-01-01")
    assert (answer.loaded, answer.unchanged, ListEntry.objects.count()) == (1, 1, 1)


def test_amounts_typed_otherwise_are_the_same(full):
    full.take("plans", "project,year,invest\nP1,2024,500")
    assert full.take("plans", "project,year,计划投资（亿元）\nP1,2024,0.0500").unchanged == 1


def test_all_or_nothing(full):
    assert full.refused("lists", "project,list,valid_from\nP1,省重点,2024-01-01\nP9,省重点,2024-01-01")
    assert not ListEntry.objects.exists()


def test_row_by_row_if_asked(full):
    answer = full.take("lists", "project,list,valid_from\nP1,省重点,2024-01-01\nP9,省重点,2024-01-01", partial=True)
    assert (answer.loaded, answer.refused, ListEntry.objects.count()) == (1, 1, 1)
    assert [problem.code for problem in answer.problems(blocking=True)] == ["import.cell.unknown_project"]


def test_a_dry_run_says_what_would_change_and_changes_nothing(full):
    facts = queries.last_fact()
    table = "code,name,host,kind,total_investment,investor,valid_from\nP1,晨光智能工厂,YL01,招商引资,60000,晨光集团（演示）,2024-01-10\nP3,新厂,YL01,招商引资,1,,2024-01-10"
    answer = full.take("projects", table, dry_run=True)
    assert (answer.loaded, queries.last_fact(), ProjectVersion.objects.count()) == (2, facts, 2)
    first, second = answer.changes
    assert (first["change"], first["differs"]) == ("replaces", {"total_investment": ["500000000", "600000000"]})
    assert (second["change"], second["key"]) == ("new", ["P3", "2024-01-10"])


# --- voiding -----------------------------------------------------------------------------------------------------


def voided() -> list[int]:
    return list(Void.objects.order_by("id").values_list("target", flat=True))


def test_a_void_names_the_row_of_its_key_with_its_value(full):
    full.take(
        "stages",
        "project,stage,occurred_on,verified\nP1,开工,2024-03-01,是\nP1,开工,2024-04-01,是\nP1,开工,2024-05-01,是",
    )
    answer = full.take("stages", "project,stage,occurred_on,void,known_at\nP1,开工,2024-04-01,是,2024-06-01")
    assert (answer.voided, answer.loaded) == (1, 0)
    assert voided() == [StageEvent.objects.get(occurred_on="2024-04-01").id]
    again = full.take("stages", "project,stage,occurred_on,void,known_at\nP1,开工,2024-04-01,是,2024-06-01")
    assert (again.voided, again.unchanged, len(voided())) == (0, 1, 1)


def test_else_the_last_in_force_as_known_then(full):
    rows = "P1,tax_paid,2024-03,10,是,2024-04-01\nP1,tax_paid,2024-03,11,是,2024-05-01\nP1,tax_paid,2024-03,12,,2024-06-01\nP1,tax_paid,2024-03,13,是,2024-08-01"
    full.take("figures", "subject,measure,period,value,accepted,known_at\n" + rows)
    full.take("figures", "subject,measure,period,value,void,known_at\nP1,tax_paid,2024-03,,是,2024-07-01")
    assert voided() == [Figure.objects.get(value=Decimal(110_000)).id]
    assert Void.objects.get().table == "statistics.Figure"


def test_a_row_and_its_void_in_one_file(full):
    table = "project,list,valid_from,known_at,void\nP1,省重点,2024-01-01,,\nP1,省重点,2024-01-01,2024-06-01,是\nP2,市重点,2024-01-01,,"
    answer = full.take("lists", table)
    assert (answer.loaded, answer.voided) == (2, 1)
    assert voided() == [ListEntry.objects.get(project="P1").id]
    again = full.take("lists", table)
    assert (again.loaded, again.voided, again.unchanged) == (0, 0, 3)


def test_a_void_of_nothing_is_refused(full):
    assert full.refused("lists", "project,list,valid_from,void\nP1,省重点,2024-01-01,是") == [
        ("A2", "row.nothing_to_void")
    ]


def test_a_void_whose_value_no_row_has_says_what_it_took(full):
    full.take("plans", "project,year,invest\nP1,2024,500")
    answer = full.take("plans", "project,year,invest,void\nP1,2024,501,是")
    assert answer.voided == 1
    assert [problem.code for problem in answer.problems(blocking=False)] == ["import.row.voids_the_last"]


def test_a_void_filed_now(full):
    full.take("plans", "project,year,invest\nP1,2024,500", history=False)
    table = full.file("project,year,invest,void\nP1,2024,500,是")
    assert full.take("plans", table, history=False).voided == 1
    assert full.take("plans", table, history=False).unchanged == 1


def test_a_set_is_voided_whole(full):
    full.take("attributions", TABLES["attributions"])
    part = "project,role,unit,valid_from,void,known_at\nP1,属地,YL01,2024-02-01,是,2024-06-01"
    assert full.refused("attributions", part) == [("C2", "row.set_partly_void")]
    full.take("attributions", part + "\nP1,属地,YL02,2024-02-01,是,2024-06-01")
    assert len(voided()) == Attribution.objects.count() == 2


def test_a_later_set_is_voided_whole_and_the_earlier_stands(full):
    full.take("attributions", TABLES["attributions"])
    later = "project,role,unit,share,valid_from,known_at\nP1,属地,YL01,0.3,2024-02-01,2024-05-01\nP1,属地,YL02,0.7,2024-02-01,2024-05-01"
    full.take("attributions", later)
    voids = "project,role,unit,share,valid_from,void,known_at\nP1,属地,YL01,0.3,2024-02-01,是,2024-06-01\nP1,属地,YL02,0.7,2024-02-01,是,2024-06-01"
    assert full.take("attributions", voids).voided == 2
    standing = Attribution.objects.exclude(id__in=voided())
    assert {(row.share_num, row.share_den) for row in standing} == {(1, 3), (2, 3)}


def test_one_unit_of_a_full_set_may_be_voided(full):
    table = "project,role,unit,mode,valid_from,void\nP1,属地,YL01,full,2024-02-01,\nP1,属地,YL02,full,2024-02-01,"
    full.take("attributions", table)
    full.take("attributions", "project,role,unit,mode,valid_from,void\nP1,属地,YL01,全额,2024-02-01,是")
    assert len(voided()) == 1


def test_a_target_is_voided_without_its_value(full):
    full.take("targets", "unit,indicator,period,value\nYL01,invest_completed,2024,100")
    assert full.take("targets", "unit,indicator,period,void\nYL01,invest_completed,2024,是").voided == 1


def test_a_project_version_is_voided_by_code_and_day(full):
    full.take("projects", "code,valid_from,void,name,kind\nP1,2024-01-10,是,,")
    assert voided() == [ProjectVersion.objects.get(code="P1").id]
