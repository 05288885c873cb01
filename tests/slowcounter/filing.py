"""Files a random city into a real store, as history, in pieces: so that later facts speak of rows the snapshot already knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from luodi.identity import facts as identity
from luodi.kernel.period import AccountingYear
from luodi.ledger import actions
from luodi.ledger.registry import declare
from luodi.ledger.values import Act, Actor, FactType, Table, row_id
from luodi.projects import facts as projects
from luodi.statistics import facts as statistics
from tests.slowcounter.city import City

ACTOR = Actor("tester", "cli")
SAID = declare(FactType("test.rows.said", 1, (Table("ledger.Verdict", ("target", "verdict", "known_at")),)))
FORM = "T1"


def file_city(
    city: City,
    pieces: int = 2,
    after_each: Callable[[], object] = lambda: None,
    after_fact: Callable[[str], object] = lambda table: None,
) -> None:
    """
    Record every row, kind by kind, in so many pieces; then what was said of the rows, and which are void. `after_fact` is
    given the table that a fact wrote, or spoke of.
    """
    filed: list[tuple[int, object, str]] = []
    for piece in range(pieces):
        for table, kind, rows, columns in _tables(city):
            part = rows[len(rows) * piece // pieces : len(rows) * (piece + 1) // pieces]
            if part:
                act = Act(kind, "test", rows={table: [_row(columns, values) for _, values in part]})
                (fact,) = actions.record([act], actor=ACTOR)
                filed += [(row_id(fact, place), row, table) for place, (row, _) in enumerate(part)]
                after_fact(table)
        after_each()
    for row, said, table in filed:
        for at, word in getattr(said, "said", ()):
            actions.record([Act(SAID, "test", rows={"ledger.Verdict": [(row, word, at)]})], actor=ACTOR)
            after_fact(table)
        if said.void_at is not None:
            void = (table, row, None, said.void_at, True)
            actions.record([Act(projects.ROWS_VOIDED, "test", rows={"ledger.Void": [void]})], actor=ACTOR)
            after_fact(table)
    after_each()


def _row(columns: Sequence[str], values: dict[str, object]) -> tuple[object, ...]:
    """Fill a row: what is not given is empty."""
    return tuple(values.get(column, EMPTY.get(column, "")) for column in columns)


EMPTY: dict[str, object] = {
    "loaded": True, "known_at": None, "name": None, "investor": None, "content": None, "fixed_investment": None, "attributes": {},
    "month_only": False, "evidence": [], "evidence_note": None, "start_on": None, "finish_on": None, "month": 0,
    "foreign_amount": None, "rate": None, "rate_on": None,
}  # fmt: skip


def _tables(city: City) -> Iterator[tuple[str, FactType, list[tuple[object, dict[str, object]]], Sequence[str]]]:
    """Yield table, fact type, (row, its columns by name) and the order of columns."""
    year = AccountingYear(city.year_begins_in, city.merge_jan_feb)

    def columns(row: object, **more: object) -> tuple[object, dict[str, object]]:
        return row, {**vars(row), **more}

    def figure(row) -> dict[str, object]:
        period = year.parse(row.period)
        return {
            "period_first": period.first,
            "period_last": period.last,
            "subject_kind": "unit" if row.is_unit else "project",
            "column": "cumulative" if row.cumulative else "period",
            "form": FORM,
        }

    yield (
        "identity.UnitVersion",
        identity.UNIT_RECORDED,
        [columns(u, name=u.code) for u in city.units],
        identity.UNIT_COLUMNS,
    )
    yield (
        "projects.ProjectVersion",
        projects.VERSION_RECORDED,
        [columns(v) for v in city.versions],
        projects.VERSION_COLUMNS,
    )
    yield "projects.StageEvent", projects.STAGE_RECORDED, [columns(e) for e in city.stages], projects.STAGE_COLUMNS
    shares = [
        columns(s, share_num=s.num, share_den=s.den, mode="full" if s.full else "split", filing=s.filing)
        for s in city.shares
    ]
    yield "projects.Attribution", projects.ATTRIBUTION_RECORDED, shares, projects.ATTRIBUTION_COLUMNS
    yield "projects.ListEntry", projects.LIST_RECORDED, [columns(e) for e in city.lists], projects.LIST_COLUMNS
    yield "projects.YearPlan", projects.PLAN_RECORDED, [columns(p) for p in city.plans], projects.PLAN_COLUMNS
    yield (
        "statistics.Figure",
        statistics.FIGURE_RECORDED,
        [columns(f, **figure(f)) for f in city.figures],
        statistics.FIGURE_COLUMNS,
    )
    yield "statistics.Target", statistics.TARGET_RECORDED, [columns(t) for t in city.targets], statistics.TARGET_COLUMNS
