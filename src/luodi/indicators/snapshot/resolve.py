"""From the rows of a project, or of a subject and measure, to the rows of the snapshot: rules applied, texts left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from luodi.indicators.rules import dated, figures, lives
from luodi.indicators.values import Contribution, DatedRow, EventRow, FigureRow, Mark
from luodi.kernel.period import AccountingYear, Kind, Period

RANKS = {kind: rank for rank, kind in enumerate(Kind)}
Row = tuple[Any, ...]
Marks = Mapping[int, Sequence[Mark]]


class Version(NamedTuple):
    """A project version without its words: `excluded` is whether a reason is given."""

    id: int
    known_at: int
    valid_from: date
    codes: tuple[str, ...]  # in the order of layout.CODES
    amounts: tuple[Any, ...]  # in the order of layout.AMOUNTS
    strategic: bool | None
    excluded: bool
    attributes: Mapping[str, object]


class Share(NamedTuple):
    """One unit's part in a set of attributions."""

    id: int
    known_at: int
    valid_from: date
    role: str
    measure: str
    unit: str
    num: int
    den: int
    mode: str
    filing: str


class Listing(NamedTuple):
    """An entry of a list."""

    id: int
    known_at: int
    list: str
    valid_from: date
    valid_to: date | None


class Plan(NamedTuple):
    """The plan of a whole year."""

    id: int
    known_at: int
    year: int
    invest: Any


@dataclass
class ProjectRows:
    """Everything known of one project that the snapshot keeps."""

    versions: list[Version] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    lists: list[Listing] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def ids(self) -> Iterator[int]:
        """Give the ids of all rows."""
        for rows in (self.versions, self.events, self.shares, self.lists, self.plans):
            yield from (row.id for row in rows)


@cache
def period_of(label: str, calendar: AccountingYear) -> tuple[Period, int, date]:
    """Read a period's label: the period, its rank from fine to coarse, the first day of its accounting year."""
    period = calendar.parse(label)
    return period, RANKS[period.kind], calendar.of(period.last).first


def void_at(marks: Sequence[Mark]) -> int | None:
    """Tell when a row was voided, if it was."""
    return min((mark.at for mark in marks if mark.what == "void"), default=None)


def _dated(row: Any, marks: Marks, group: str = "") -> DatedRow:
    found = marks.get(row.id)
    return DatedRow(row.id, row.known_at, void_at(found) if found else None, row.valid_from, group)


def project(code: str, rows: ProjectRows, marks: Marks, stages: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """Yield (table, row) for everything the snapshot keeps of one project, `gen` left off."""
    yield from (("versions", row) for row in _versions(code, rows.versions, marks))
    yield from _lives(code, rows.events, marks, stages)
    if rows.shares:
        yield from (("shares", row) for row in _shares(code, rows.shares, marks))
    if rows.lists:
        yield from (("lists", row) for row in _lists(code, rows.lists, marks))
    if rows.plans:
        yield from (("plans", row) for row in _plans(code, rows.plans, marks))


def _versions(code: str, versions: Sequence[Version], marks: Marks) -> Iterator[Row]:
    by_id = {version.id: version for version in versions}
    for valid_from, valid_to, since, until, (row,) in dated.rectangles(
        [_dated(version, marks) for version in versions]
    ):
        found = by_id[row]
        attributes = [(key, _plain(value)) for key, value in found.attributes.items()]
        known = (valid_from, valid_to, since, until)
        yield (code, *known, *found.codes, *found.amounts, found.strategic, found.excluded, attributes)


def _plain(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def _lives(code: str, events: Sequence[EventRow], marks: Marks, stages: Sequence[str]) -> Iterator[tuple[str, Row]]:
    if not events:
        return
    found_firsts, found_states = lives.life(events, marks)
    for one in found_firsts:
        days = dict(one.days)
        yield "lives", (code, one.since, one.until, one.basis, *(days.get(stage) for stage in stages))
    for state in found_states:
        yield "states", (code, state.stage, state.valid_from, state.valid_to, state.since, state.until, state.basis)


def _shares(code: str, shares: Sequence[Share], marks: Marks) -> Iterator[Row]:
    keys = sorted({(share.role, share.measure) for share in shares})
    by_id = {share.id: share for share in shares}
    for role, measure in keys:
        own = [_dated(s, marks, s.filing or str(s.id)) for s in shares if (s.role, s.measure) == (role, measure)]
        for valid_from, valid_to, since, until, rows in dated.rectangles(own):
            for one in (by_id[row] for row in rows):
                known = (valid_from, valid_to, since, until)
                yield code, role, measure, *known, one.unit, one.num, one.den, one.mode == "full"


def _lists(code: str, entries: Sequence[Listing], marks: Marks) -> Iterator[Row]:
    by_id = {entry.id: entry for entry in entries}
    own = [_dated(entry, marks, entry.list) for entry in entries]
    for since, until, row in dated.replaced(own, lambda row: (row.group, row.valid_from)):
        entry = by_id[row.id]
        yield code, entry.list, entry.valid_from, entry.valid_to or lives.END_OF_DAYS, since, until


def _plans(code: str, plans: Sequence[Plan], marks: Marks) -> Iterator[Row]:
    by_id = {plan.id: plan for plan in plans}
    own = [DatedRow(p.id, p.known_at, void_at(marks.get(p.id, ())), date(p.year, 1, 1)) for p in plans]
    for since, until, row in dated.replaced(own, lambda row: row.valid_from):
        plan = by_id[row.id]
        if plan.invest is not None:
            yield code, plan.year, plan.invest, since, until


def figure_rows(key: tuple[str, bool, str], found: Iterable[Contribution], sign: int = 1) -> Iterator[Row]:
    """Yield the snapshot's rows of contributions; with `sign` -1 those that take them away."""
    for one in found:
        yield *key, one.first, one.last, sign * one.value, sign * one.n, one.verified, one.filed, one.until


def contributions(rows: Sequence[FigureRow], marks: Marks) -> list[Contribution]:
    """Resolve one subject and measure (rules.figures)."""
    return figures.contributions(rows, marks)
