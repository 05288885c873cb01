"""
The wall chart's rows: a year's months with what was planned and what came about, how much of the plan is done. Pure.

Not the deck that the office prints (documents.wall): this is the same story for the eye, of whatever a filter leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from luodi.codebook.values import Profile
from luodi.identity.tree import Tree
from luodi.kernel.money import round_away
from luodi.kernel.period import Period, add_months
from luodi.projects.values.rows import NodeState, Plan
from luodi.projects.values.views import Card, Line

MONTHS = 12
GROUPS = ("county", "chain", "stage")
SPONSOR, SECRETARY = "sponsor", "secretary"


@dataclass(frozen=True)
class Mark:
    """
    Something on a day of the year. `state`: planned (its day is to come), late (its day is past and it was not reached), reached.

    `planned_on`: for what was reached, its plan. `moves`: how often the plan was moved.
    """

    name: str
    on: date
    state: str
    planned_on: date | None = None
    moves: int = 0

    @property
    def days_late(self) -> int:
        """Tell by how many days it came after its plan."""
        return max(0, (self.on - self.planned_on).days) if self.planned_on else 0


@dataclass(frozen=True)
class Month:
    """A month of a row: its marks, whether the project is to be built in it, and how far the progress bar fills it (0 to 100)."""

    first: date
    marks: tuple[Mark, ...]
    in_plan: bool
    filled: str
    now: bool


@dataclass(frozen=True)
class Row:
    """A project's row. `share`: of the year's planned investment, what is done; None: no plan, or nothing reported."""

    line: Line
    card: Card
    group: str
    months: tuple[Month, ...]
    planned: Decimal | None
    done: Decimal | None
    share: Fraction | None
    sponsor: str
    secretary: str


@dataclass(frozen=True)
class Group:
    """Rows under one heading, the largest investment first."""

    label: str
    rows: tuple[Row, ...]
    amount: Decimal | None


@dataclass(frozen=True)
class Sheet:
    """What every row is drawn by: the accounting year, the day looked from, what was done so far, names of people."""

    profile: Profile
    tree: Tree
    year: Period
    on: date
    invested: Mapping[str, Decimal]
    name: Callable[[str], str]


def key_projects(lines: Iterable[Line], profile: Profile) -> Iterator[Line]:
    """Leave the projects on a list of key projects: one of the profile's that is no batch of a single day."""
    lists = {one.id for one in profile.lists if not one.batch}
    return (line for line in lines if line.card is not None and line.card.lists & lists)


def months_of(year: Period) -> list[date]:
    """Give the first days of the year's months."""
    return [add_months(year.first, n) for n in range(MONTHS)]


def row(line: Line, card: Card, sheet: Sheet, group: str) -> Row:
    """Draw a project's row."""
    plan = card.dossier.plans.get(int(sheet.year.label))
    planned = plan.invest if plan else None
    done = sheet.invested.get(card.code)
    share = Fraction(done or 0) / Fraction(planned) if planned and done is not None else None
    marks = sorted(marks_of(card, plan, sheet), key=lambda mark: (mark.on, mark.name))
    span = (plan.start_on, plan.finish_on) if plan else (None, None)
    return Row(
        line=line, card=card, group=group, planned=planned, done=done, share=share,
        months=tuple(_month(n, first, marks, span, share, sheet.on) for n, first in enumerate(months_of(sheet.year))),
        sponsor=_holders(card, SPONSOR, sheet), secretary=_holders(card, SECRETARY, sheet),
    )  # fmt: skip


def marks_of(card: Card, plan: Plan | None, sheet: Sheet) -> Iterator[Mark]:
    """List a project's marks in the year: nodes, and the planned and actual days of start and completion."""
    yield from (mark for node in card.dossier.nodes if (mark := _node(node, sheet)) is not None)
    for part, planned in (("started", plan and plan.start_on), ("completed", plan and plan.finish_on)):
        stage = sheet.profile.playing(part)
        if stage:
            actual = card.reached.get(stage)
            found = _mark(stage, planned or None, actual if actual and actual <= sheet.on else None, sheet, 0)
            if found is not None:
                yield found
    for part in ("produced", "capacity"):
        stage = sheet.profile.playing(part)
        day = card.reached.get(stage) if stage else None
        if stage and day and day <= sheet.on and _in_year(day, sheet):
            yield Mark(stage, day, "reached")


def _node(node: NodeState, sheet: Sheet) -> Mark | None:
    if node.dropped:
        return None
    actual = node.actual_on if node.actual_on and node.actual_on <= sheet.on else None
    return _mark(node.name, node.planned_on, actual, sheet, node.moves)


def _mark(name: str, planned: date | None, actual: date | None, sheet: Sheet, moves: int) -> Mark | None:
    """Mark what was reached on its day, else what is planned on its planned day; nothing outside the year."""
    day = actual or planned
    if day is None or not _in_year(day, sheet):
        return None
    state = "reached" if actual else "late" if day < sheet.on else "planned"
    return Mark(name, day, state, planned if actual else None, moves)


def _in_year(day: date, sheet: Sheet) -> bool:
    return sheet.year.first <= day <= sheet.year.last


def _month(
    n: int,
    first: date,
    marks: Sequence[Mark],
    span: tuple[date | None, date | None],
    share: Fraction | None,
    on: date,
) -> Month:
    after = add_months(first, 1)
    since, until = span
    in_plan = since is not None and since < after and (until is None or until >= first)
    return Month(
        first=first,
        marks=tuple(mark for mark in marks if first <= mark.on < after),
        in_plan=in_plan,
        filled=filled(share, n),
        now=first <= on < after,
    )


def filled(share: Fraction | None, n: int) -> str:
    """Tell how far the bar of progress fills the n-th month, in hundredths: the whole year's plan is the whole row."""
    if share is None:
        return "0"
    part = min(Fraction(1), max(Fraction(0), share * MONTHS - n))
    return f"{round_away(part * 100, 0):f}"


def _holders(card: Card, duty: str, sheet: Sheet) -> str:
    return "、".join(sheet.name(one.holder) for one in card.dossier.duties if one.duty == duty and one.on(sheet.on))


def grouped(rows: Iterable[Row], order: Sequence[str]) -> tuple[Group, ...]:
    """Gather rows under their headings, in the order given; headings it does not name come last, by name."""
    found: dict[str, list[Row]] = {}
    for one in rows:
        found.setdefault(one.group, []).append(one)
    place = {label: n for n, label in enumerate(order)}
    labels = sorted(found, key=lambda label: (place.get(label, len(place)), label))
    return tuple(_group(label, found[label]) for label in labels)


def _group(label: str, rows: list[Row]) -> Group:
    amounts = [one.card.version.total_investment for one in rows]
    known = [amount for amount in amounts if amount is not None]
    rows.sort(key=lambda one: (-(one.card.version.total_investment or 0), one.card.code))
    return Group(label, tuple(rows), sum(known, Decimal(0)) if known else None)
