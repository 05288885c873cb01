"""
Two records of one project become one: which rows of the one that goes are filed again under the one that stays.

Every standing row of the merged record is voided by the merge, and what counts is filed again under the survivor by the same
act. So nothing before the merge changes (published values stay, as of any earlier cut the two are two), everything after it
counts once, and no reader of the ledger has to know of merges. What was filed by both is settled by a person's choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from luodi.kernel.period import AccountingYear
from luodi.kernel.problem import Problem
from luodi.ledger.values import Scalar

FIGURE, STAGE = "statistics.Figure", "projects.StageEvent"
FIGURE_CHOICES = ("", "survivor", "merged", "sum")
STAGE_CHOICES = ("survivor", "both")
COUNTS = {FIGURE: "accepted_at", STAGE: "verified_at"}


@dataclass(frozen=True)
class Record:
    """A standing row of either record: its cells by column, and whether it counts (accepted or verified) since when."""

    table: str
    row: int
    cells: Mapping[str, Scalar]
    counts_from: int | None = None  # instant
    pending: bool = False  # filed, and nobody has decided yet
    known_at: int = 0


@dataclass(frozen=True)
class Choices:
    """
    How to settle what both records hold. `figures` of the same measure and overlapping periods: the survivor's stand, the merged
    one's stand, or they are parts and are summed; "" refuses and lists them. `stages` that both have: the survivor's day
    stands, or both events do (the earliest counts).
    """

    figures: str = ""
    stages: str = "survivor"


@dataclass(frozen=True)
class Refiling:
    """What a merge will do: rows to void (table, row) and rows to file again under the survivor, by table."""

    voids: tuple[tuple[str, int], ...] = ()
    rows: Mapping[str, tuple[Mapping[str, Scalar], ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class MergeCase:
    """Which record goes into which, by what choices, in a city that counts its year so."""

    code: str
    into: str
    choices: Choices
    year: AccountingYear


def plan_merge(merged: Sequence[Record], survivor: Sequence[Record], case: MergeCase) -> Refiling:
    """Decide what a merge does, with every reason why it can't be done yet."""
    gone, kept = _by_table(merged), _by_table(survivor)
    figures = _figures(gone[FIGURE], kept[FIGURE], case)
    rows = {
        "projects.ProjectVersion": _rekeyed(_versions(gone, kept), "code", case.into),
        STAGE: _rekeyed(_stages(gone, kept, case.choices.stages), "project", case.into),
        "projects.ListEntry": _rekeyed(_lists(gone, kept), "project", case.into),
        "projects.YearPlan": _rekeyed(_unlike(gone, kept, "projects.YearPlan", "year"), "project", case.into),
        "projects.Note": _rekeyed(_unlike(gone, kept, "projects.Note", "period"), "project", case.into),
        **figures.rows,
    }
    found = [*_choice_problems(case.choices, case.code), *_pending_problems(merged, case.code), *figures.problems]
    return Refiling((*((record.table, record.row) for record in merged), *figures.voids), rows, tuple(found))


def _choice_problems(choices: Choices, code: str) -> Iterator[Problem]:
    for name, found, allowed in (
        ("figures", choices.figures, FIGURE_CHOICES),
        ("stages", choices.stages, STAGE_CHOICES),
    ):
        if found not in allowed:
            params = {"field": name, "found": found, "allowed": " ".join(allowed).strip()}
            yield Problem("project.merge.choice", f"project={code}", params)


def _pending_problems(merged: Iterable[Record], code: str) -> Iterator[Problem]:
    waiting = [record for record in _last_filed(merged) if record.pending]
    if waiting:
        what = "、".join(sorted({f"{_label(record)}" for record in waiting}))
        yield Problem("project.merge.pending", f"project={code}", {"count": len(waiting), "what": what})


def _last_filed(records: Iterable[Record]) -> list[Record]:
    """Of figures of one cell only the last filed can still wait; of anything else every row."""
    by_table = _by_table(records)
    others = [record for table, rows in by_table.items() if table != FIGURE for record in rows]
    return [*others, *_latest(by_table[FIGURE], "measure", "period")]


def _label(record: Record) -> str:
    cells = record.cells
    if record.table == FIGURE:
        return f"{cells['measure']} {cells['period']}"
    return str(cells["stage"])


def _by_table(records: Iterable[Record]) -> defaultdict[str, list[Record]]:
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda one: (one.known_at, one.row)):
        found[record.table].append(record)
    return found


def _rekeyed(records: Iterable[Record], column: str, into: str) -> tuple[Mapping[str, Scalar], ...]:
    return tuple({**record.cells, **_counted(record), column: into} for record in records)


def _counted(record: Record) -> dict[str, Scalar]:
    """A row filed again counts at once if it counted: with the instant it was accepted or verified."""
    name = COUNTS.get(record.table)
    return {name: record.counts_from} if name else {}


Tables = Mapping[str, list[Record]]


def _versions(merged: Tables, survivor: Tables) -> list[Record]:
    """What the project was before the survivor's record of it began."""
    table = "projects.ProjectVersion"
    begins = min((_day(record, "valid_from") for record in survivor[table]), default=date.max)
    return [record for record in merged[table] if _day(record, "valid_from") < begins]


def _stages(merged: Tables, survivor: Tables, choice: str) -> list[Record]:
    table = STAGE
    names = {record.cells["stage"] for record in survivor[table]}
    days = {(record.cells["stage"], record.cells["occurred_on"]) for record in survivor[table]}
    counting = [record for record in merged[table] if record.counts_from is not None]
    if choice == "both":
        return [one for one in counting if (one.cells["stage"], one.cells["occurred_on"]) not in days]
    return [one for one in counting if one.cells["stage"] not in names]


def _lists(merged: Tables, survivor: Tables) -> list[Record]:
    table = "projects.ListEntry"
    return [one for one in _latest(merged[table], "list", "valid_from") if not _listed(one, survivor[table])]


def _listed(one: Record, others: Iterable[Record]) -> bool:
    return any(
        other.cells["list"] == one.cells["list"] and _overlap(one, other, "valid_from", "valid_to") for other in others
    )


def _unlike(merged: Tables, survivor: Tables, table: str, key: str) -> list[Record]:
    """What speaks of a year or period that the survivor says nothing of; of several the last known."""
    known = {record.cells[key] for record in survivor[table]}
    keys = (key, "month") if table == "projects.YearPlan" else (key,)
    return [record for record in _latest(merged[table], *keys) if record.cells[key] not in known]


def _latest(records: Iterable[Record], *keys: str) -> list[Record]:
    found = {tuple(record.cells[key] for key in keys): record for record in records}
    return list(found.values())


def _overlap(one: Record, other: Record, first: str, before: str) -> bool:
    """Tell whether two half-open spans of days overlap; an open end is far away."""
    return _day(one, first) < _end(other, before) and _day(other, first) < _end(one, before)


def _day(record: Record, column: str) -> date:
    found = record.cells[column]
    assert isinstance(found, date)  # noqa: S101  a column of days that may not be empty
    return found


def _end(record: Record, column: str) -> date:
    return date.max if record.cells[column] is None else _day(record, column)


# --- figures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sides:
    """The figures in force of both records, and how the city counts its year (cumulative columns run through it)."""

    ours: Sequence[Record]
    theirs: Sequence[Record]
    year: AccountingYear

    def periods(self, record: Record, side: Sequence[Record]) -> set[str]:
        """List what one side filed of a figure's measure in its year: periods with their columns."""
        key = self._year(record)
        return {f"{one.cells['period']} {one.cells['column']}" for one in side if self._year(one) == key}

    def _year(self, record: Record) -> tuple[Scalar, str]:
        return record.cells["measure"], self.year.of(_day(record, "period_last")).label

    def rivals(self, one: Record, other: Record) -> bool:
        """Tell whether two figures can't both stand: overlapping days; or cumulative columns of a year filed unlike."""
        if one.cells["measure"] != other.cells["measure"]:
            return False
        if _day(one, "period_first") <= _day(other, "period_last") and _day(other, "period_first") <= _day(
            one, "period_last"
        ):
            return True
        cumulative = "cumulative" in (one.cells["column"], other.cells["column"])
        alike = self.periods(one, self.ours) == self.periods(other, self.theirs)
        return cumulative and self._year(one) == self._year(other) and not alike


def _figures(merged: Sequence[Record], survivor: Sequence[Record], case: MergeCase) -> Refiling:
    """Decide about figures in force: those to file again, the survivor's to void, and what must be settled first."""
    sides = Sides(_in_force(merged), _in_force(survivor), case.year)
    refile: list[Record] = []
    beaten: list[Record] = []
    stuck: dict[str, list[Record]] = {"project.merge.figures_clash": [], "project.merge.figures_unlike": []}
    for record in sides.ours:
        rivals = [other for other in sides.theirs if sides.rivals(record, other)]
        if not rivals or case.choices.figures == "merged":
            refile.append(record)
            beaten += rivals
        elif case.choices.figures == "":
            stuck["project.merge.figures_clash"].append(record)
        elif case.choices.figures == "sum" and len(rivals) == 1 and _same_cell(record, rivals[0]):
            refile.append(_sum(record, rivals[0]))
        elif case.choices.figures == "sum":
            stuck["project.merge.figures_unlike"].append(record)
    problems = [
        Problem(name, f"project={case.code}", {"count": len(found), "what": "、".join(map(_label, found[:10]))})
        for name, found in stuck.items()
        if found
    ]
    # All filings of a beaten cell go, or the one before the last would come back into force.
    cells = {_cell(record) for record in beaten}
    voids = [(record.table, record.row) for record in survivor if _cell(record) in cells]
    return Refiling(tuple(voids), {FIGURE: _rekeyed(refile, "subject", case.into)}, tuple(problems))


def _in_force(records: Iterable[Record]) -> list[Record]:
    return _latest((record for record in records if record.counts_from is not None), "measure", "period")


def _cell(record: Record) -> tuple[Scalar, Scalar]:
    return record.cells["measure"], record.cells["period"]


def _same_cell(one: Record, other: Record) -> bool:
    return all(one.cells[name] == other.cells[name] for name in ("period", "column"))


def _sum(record: Record, twin: Record) -> Record:
    """Add two figures of one cell; a blank adds nothing, two blanks stay blank. Foreign amounts are not added up."""
    values = [cell for cell in (record.cells["value"], twin.cells["value"]) if isinstance(cell, Decimal)]
    total = sum(values, Decimal(0)) if values else None
    plain: dict[str, Scalar] = {"foreign_amount": None, "foreign_currency": "", "rate": None, "rate_on": None}
    instants = [one.counts_from for one in (record, twin) if one.counts_from is not None]
    proven = {name: [*_files(record, name), *_files(twin, name)] for name in ("evidence", "evidence_kinds")}
    return Record(record.table, record.row, {**twin.cells, **plain, **proven, "value": total}, max(instants))


def _files(record: Record, name: str) -> Sequence[Any]:
    found = record.cells.get(name)
    return found if isinstance(found, list) else ()
