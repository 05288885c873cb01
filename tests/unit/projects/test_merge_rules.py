"""Which rows of a merged record are filed again, what became of claims, and what an act changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.kernel.period import AccountingYear
from luodi.projects.rules import carrying, merging, verdicts
from luodi.projects.rules.merging import FIGURE, STAGE, Choices, MergeCase, Record
from luodi.projects.rules.timeline import Change, changes
from luodi.projects.rules.verdicts import Ruling
from luodi.projects.values.rows import Dossier, DutyState, NodeState, ProblemState, Settling, Status
from tests.unit.projects.conftest import codes

DAYS = {
    "2024-12": (date(2024, 12, 1), date(2024, 12, 31)),
    "2025-01": (date(2025, 1, 1), date(2025, 1, 31)),
    "2025-02": (date(2025, 2, 1), date(2025, 2, 28)),
    "2025-Q1": (date(2025, 1, 1), date(2025, 3, 31)),
}


def figure(row, period, value, column="period", measure="invest_completed", **changes):
    first, last = DAYS[period]
    cells = {
        "subject": "", "measure": measure, "period": period, "period_first": first, "period_last": last,
        "value": None if value is None else Decimal(value), "column": column,
    }  # fmt: skip
    return replace(Record(FIGURE, row, cells, counts_from=row, known_at=row), **changes)


def stage(row, name, day, **changes):
    return replace(Record(STAGE, row, {"stage": name, "occurred_on": day}, counts_from=row, known_at=row), **changes)


def plan(merged, survivor=(), figures="", stages="survivor", begins_in=1):
    case = MergeCase("P2", "P1", Choices(figures, stages), AccountingYear(begins_in))
    return merging.plan_merge(merged, survivor, case)


def values(found):
    return [(row["period"], row["value"]) for row in found.rows[FIGURE]]


def test_figures_of_months_that_the_survivor_lacks_move_with_their_acceptance():
    found = plan([figure(5, "2025-01", 7)], [figure(6, "2025-02", 3)])
    (row,) = found.rows[FIGURE]
    assert (row["subject"], row["value"], row["accepted_at"]) == ("P1", 7, 5)
    assert found.problems == () and found.voids == ((FIGURE, 5),)


def test_of_several_filings_the_last_accepted_moves_and_all_are_voided():
    filed = [figure(1, "2025-01", 5), figure(3, "2025-01", 8), figure(2, "2025-01", 6, counts_from=None)]
    found = plan(filed)
    assert values(found) == [("2025-01", 8)] and len(found.voids) == 3


@pytest.mark.parametrize(
    ("other", "clash"),
    [("2025-01", True), ("2025-Q1", True), ("2025-02", False)],
)
def test_overlapping_periods_must_be_settled(other, clash):
    found = plan([figure(1, "2025-01", 5)], [figure(2, other, 3)])
    assert codes(found.problems) == (["project.merge.figures_clash"] if clash else [])


def test_other_measures_never_clash():
    assert plan([figure(1, "2025-01", 5)], [figure(2, "2025-01", 3, measure="tax_paid")]).problems == ()


def test_cumulative_columns_of_one_year_clash_unless_cell_meets_cell():
    ours = [figure(1, "2025-01", 5, "cumulative")]
    theirs = [figure(2, "2025-02", 9, "cumulative")]
    assert codes(plan(ours, theirs).problems) == ["project.merge.figures_clash"]
    assert plan(ours, [figure(2, "2024-12", 9, "cumulative")]).problems == ()
    # In a city whose year begins in December, December and January are one year.
    assert codes(plan(ours, [figure(2, "2024-12", 9, "cumulative")], begins_in=12).problems)
    both = [*ours, figure(3, "2025-02", 6, "cumulative")], [figure(4, "2025-01", 1, "cumulative"), *theirs]
    assert values(plan(*both, figures="sum")) == [("2025-01", 6), ("2025-02", 15)]
    assert codes(plan(ours, theirs, figures="sum").problems) == ["project.merge.figures_unlike"]


def test_one_side_may_stand():
    ours, theirs = (
        [figure(1, "2025-Q1", 5)],
        [figure(2, "2025-01", 3), figure(3, "2025-01", 4), figure(4, "2025-02", 1)],
    )
    kept = plan(ours, theirs, figures="survivor")
    assert values(kept) == [] and kept.voids == ((FIGURE, 1),) and kept.problems == ()
    taken = plan(ours, theirs, figures="merged")
    assert values(taken) == [("2025-Q1", 5)]
    assert set(taken.voids) == {(FIGURE, 1), (FIGURE, 2), (FIGURE, 3), (FIGURE, 4)}


@pytest.mark.parametrize(("ours", "theirs", "total"), [(5, 3, 8), (None, 3, 3), (5, None, 5), (None, None, None)])
def test_a_sum_keeps_missing_apart_from_zero(ours, theirs, total):
    found = plan([figure(1, "2025-01", ours)], [figure(9, "2025-01", theirs)], figures="sum")
    (row,) = found.rows[FIGURE]
    assert (row["value"], row["accepted_at"], row["foreign_amount"]) == (total, 9, None)


def test_a_sum_carries_the_evidence_of_both():
    def proven(row, *digests):
        one = figure(row, "2025-01", row)
        return replace(one, cells={**one.cells, "evidence": [*digests], "evidence_kinds": ["bank_slip"] * len(digests)})

    (row,) = plan([proven(1, "d1")], [proven(9, "d2", "d3")], figures="sum").rows[FIGURE]
    assert sorted(row["evidence"]) == ["d1", "d2", "d3"]
    assert row["evidence_kinds"] == ["bank_slip"] * 3


def test_different_columns_or_several_rivals_are_not_added():
    unlike = plan([figure(1, "2025-01", 5)], [figure(2, "2025-01", 3, "cumulative")], figures="sum")
    several = plan([figure(1, "2025-Q1", 5)], [figure(2, "2025-01", 3), figure(3, "2025-02", 3)], figures="sum")
    assert codes(unlike.problems) == codes(several.problems) == ["project.merge.figures_unlike"]


def test_what_waits_is_named():
    waiting = [
        figure(1, "2025-01", 5, counts_from=None, pending=True),
        stage(2, "签约", date(2025, 1, 1), counts_from=None, pending=True),
    ]
    (problem,) = plan(waiting).problems
    assert problem.params == {"count": 2, "what": "invest_completed 2025-01、签约"}
    # A filing that was replaced by an accepted one waits no more.
    assert plan([waiting[0], figure(3, "2025-01", 6)]).problems == ()


def test_choices_are_of_those_there_are():
    assert codes(plan([], figures="both", stages="neither").problems) == ["project.merge.choice"] * 2


def test_stages_move_where_the_survivor_has_none_or_both_stand():
    ours = [
        stage(1, "签约", date(2025, 1, 1)),
        stage(2, "落地", date(2025, 2, 1)),
        stage(3, "开工", date(2025, 3, 1), counts_from=None),
    ]
    theirs = [stage(4, "签约", date(2025, 1, 5))]

    def moved(choice, kept=theirs):
        return [(row["stage"], row["verified_at"]) for row in plan(ours, kept, stages=choice).rows[STAGE]]

    assert moved("survivor") == [("落地", 2)]
    assert moved("both") == [("签约", 1), ("落地", 2)]
    assert moved("both", [stage(4, "签约", date(2025, 1, 1))]) == [("落地", 2)]


def record(table, row, **cells):
    return Record(f"projects.{table}", row, cells, known_at=row)


def test_versions_before_the_survivors_first_move():
    ours = [
        record("ProjectVersion", 1, code="P2", valid_from=date(2024, 1, 1)),
        record("ProjectVersion", 2, code="P2", valid_from=date(2025, 1, 1)),
    ]
    theirs = [record("ProjectVersion", 3, code="P1", valid_from=date(2024, 6, 1))]
    found = plan(ours, theirs)
    assert [(row["code"], row["valid_from"]) for row in found.rows["projects.ProjectVersion"]] == [
        ("P1", date(2024, 1, 1))
    ]


def entry(row, since, until=None, name="市重点"):
    return record("ListEntry", row, list=name, valid_from=since, valid_to=until)


def test_list_entries_move_unless_the_survivor_stands_there_meanwhile():
    ours = [
        entry(1, date(2024, 1, 1)),
        entry(2, date(2024, 1, 1), date(2024, 6, 1)),
        entry(3, date(2025, 1, 1), name="省重点"),
    ]

    def moved(*theirs):
        return [row["list"] for row in plan(ours, theirs).rows["projects.ListEntry"]]

    assert moved() == ["市重点", "省重点"]
    assert moved(entry(9, date(2024, 3, 1))) == ["省重点"]
    assert moved(entry(9, date(2024, 6, 1), date(2024, 9, 1))) == ["市重点", "省重点"]


def test_plans_move_by_year_and_notes_by_period():
    ours = [
        record("YearPlan", 1, year=2024, month=0, invest=1),
        record("YearPlan", 2, year=2025, month=0, invest=2),
        record("YearPlan", 3, year=2025, month=0, invest=3),
        record("YearPlan", 4, year=2025, month=1, invest=3),
        record("Note", 5, period="2025-01"),
        record("Note", 6, period="2025-02"),
        record("Attribution", 7),
    ]
    found = plan(ours, [record("YearPlan", 8, year=2024, month=0), record("Note", 9, period="2025-01")])
    assert [(row["month"], row["invest"]) for row in found.rows["projects.YearPlan"]] == [(0, 3), (1, 3)]
    assert [row["period"] for row in found.rows["projects.Note"]] == ["2025-02"]
    assert ("projects.Attribution", 7) in found.voids and len(found.voids) == 7


@given(
    st.lists(
        st.tuples(st.sampled_from(["2025-01", "2025-02", "2025-Q1"]), st.integers(0, 9), st.booleans()), max_size=8
    )
)
def test_after_a_merge_no_two_figures_overlap(filed):
    """Whichever side stands, no day of a measure is counted by both records."""
    rows = [(figure(n, period, value), ours) for n, (period, value, ours) in enumerate(filed, start=1)]
    ours, theirs = [row for row, own in rows if own], [row for row, own in rows if not own]
    for choice in ("survivor", "merged"):
        found = plan(ours, theirs, figures=choice)
        gone = {row for _table, row in found.voids}
        left = {row.cells["period"] for row in theirs if row.row not in gone}
        for cells in found.rows[FIGURE]:
            for period in left:
                first, last = DAYS[period]
                assert last < cells["period_first"] or cells["period_last"] < first


# --- verdicts -------------------------------------------------------------------------------------


def standing(*said, verified_at=None, at=2**62):
    rulings = [Ruling(verdict, 10 + n, 100 + n, step=n, reason=verdict) for n, verdict in enumerate(said)]
    return verdicts.standing(1, 5, verified_at, rulings, at)


@pytest.mark.parametrize(
    ("said", "status", "since"),
    [
        ((), Status.CLAIMED, None),
        (("verified",), Status.VERIFIED, 10),
        (("accepted",), Status.VERIFIED, 10),
        (("checked",), Status.CLAIMED, None),
        (("checked", "verified"), Status.VERIFIED, 11),
        (("verified", "withdrawn"), Status.CLAIMED, None),
        (("verified", "withdrawn", "verified"), Status.VERIFIED, 12),
        (("verified", "verified"), Status.VERIFIED, 10),
        (("sent_back",), Status.SENT_BACK, None),
        (("sent_back", "verified"), Status.SENT_BACK, None),
    ],
)
def test_a_claim_stands_as_its_last_verdicts_say(said, status, since):
    found = standing(*said)
    assert (found.status, found.since) == (status, since)
    assert found.last == (100 + len(said) - 1 if said else 1)


def test_history_counts_from_when_it_was_known_and_not_before_it_was_verified():
    assert standing(verified_at=2).since == 5 and standing(verified_at=8).since == 8
    assert standing(verified_at=8, at=7).status is Status.CLAIMED
    assert standing("checked").step == 1 and standing("sent_back").reason == "sent_back"


# --- differences ----------------------------------------------------------------------------------


def test_only_what_differs_is_listed_attributes_one_by_one():
    before = {
        "id": 1,
        "known_at": 2,
        "loaded": False,
        "name": "甲",
        "chain": "",
        "host": "D1",
        "attributes": {"site": "a", "land_mu": "1"},
    }
    after = before | {
        "id": 9,
        "name": "乙",
        "chain": None,
        "host": "",
        "attributes": {"site": "b", "energy_review": "待办"},
    }
    assert changes(before, after) == (
        Change("name", "甲", "乙"),
        Change("host", "D1", ""),
        Change("attributes.site", "a", "b"),
        Change("attributes.energy_review", None, "待办"),
        Change("attributes.land_mu", "1", None),
    )
    assert changes(after, after) == ()


def test_a_first_row_lists_what_is_filled():
    assert changes(None, {"id": 1, "stage": "签约", "evidence": [], "note": None}) == (Change("stage", None, "签约"),)


# --- what goes on beside --------------------------------------------------------------------------


def test_open_work_is_carried_over():
    node = NodeState(1, "P2", "打桩", date(2025, 5, 1), date(2025, 5, 1))
    moved = replace(
        node, row=2, name="封顶", planned_on=date(2025, 9, 1), last_reason="land", actual_on=date(2025, 9, 2)
    )
    dropped = replace(node, row=3, dropped=True)
    problem = ProblemState(5, "P2", "缺电", "D1", date(2025, 5, 1), date(2025, 6, 1), Settling.OPEN)
    merged = Dossier("P2", nodes=(node, moved, dropped), problems=(problem, replace(problem, state=Settling.CLOSED)))
    kept = carrying.carried_nodes(merged, Dossier("P1", nodes=(dropped,)))
    assert kept == (node, moved) and carrying.carried_nodes(merged, merged) == ()
    rows, events = carrying.node_rows(kept, "P1")
    assert [row[2] for row in rows] == ["打桩", "封顶"]
    assert [(row[1], row[2], row[3]) for row in events] == [
        (-2, "planned", date(2025, 9, 1)),
        (-2, "actual", date(2025, 9, 2)),
    ]
    assert [row[2] for row in carrying.problem_rows(merged, "P1")] == ["缺电"]


def test_duties_end_and_go_on_only_where_nobody_holds_them():
    since, on = date(2025, 1, 1), date(2025, 6, 2)
    held = DutyState(1, "P2", "secretary", "a", since)
    gone = replace(held, row=2, valid_to=date(2025, 3, 1))
    ahead = replace(held, row=3, duty="team", valid_from=date(2025, 9, 1))
    merged = Dossier("P2", duties=(held, gone, ahead))
    rows = carrying.duty_rows(merged, Dossier("P1"), into="P1", on=on)
    assert rows == [
        ("P2", "secretary", "a", since, on, None),
        ("P2", "team", "a", date(2025, 9, 1), date(2025, 9, 1), None),
        ("P1", "secretary", "a", on, None, None),
    ]
    taken = Dossier("P1", duties=(replace(held, project="P1", holder="b"),))
    assert len(carrying.duty_rows(merged, taken, into="P1", on=on)) == 2
