"""What the data checks may look at, loaded once for one unit's form of one period. No Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from luodi.codebook.values import Form, Part, Profile
from luodi.kernel.period import Period
from luodi.statistics.values.reporting import Cell, FiledCell


@dataclass(frozen=True)
class SeenEvent:
    """A stage event that stands: its day, whether files prove it."""

    stage: str
    occurred_on: date
    files: int


@dataclass(frozen=True)
class SeenProject:
    """
    A project as of the period's last day.

    `label` is what the reader may see of it (a code name before signing). `totals` are the known total investments in order
    of validity, the last one being today's. `held_by` are the units of an attribution set for the role host, if any.
    """

    code: str
    label: str
    kind: str = ""
    host: str = ""
    uscc: str = ""
    investor: str = ""
    name: str = ""
    totals: tuple[Decimal | None, ...] = ()
    events: tuple[SeenEvent, ...] = ()
    state: str = ""
    plan_year: Decimal | None = None
    plan_months: tuple[Decimal, ...] = ()
    held_by: tuple[str, ...] = ()
    note_periods: frozenset[str] = frozenset()
    note_text: str = ""

    @property
    def total(self) -> Decimal | None:
        """Today's total investment in yuan."""
        return self.totals[-1] if self.totals else None

    def first(self, stage: str | None) -> date | None:
        """Give the first day of a stage in force."""
        return min((event.occurred_on for event in self.events if event.stage == stage), default=None)


Past = tuple[Period, Decimal]


@dataclass(frozen=True)
class CheckDossier:
    """One unit's form of one period, with the past of each cell and the projects on it."""

    profile: Profile
    form: Form
    period: Period
    unit: str
    cells: Sequence[FiledCell] = ()
    projects: Mapping[str, SeenProject] = field(default_factory=dict)
    others: Sequence[SeenProject] = ()  # records of other units that name the same enterprise
    past: Mapping[Cell, Sequence[Past]] = field(
        default_factory=dict
    )  # months' own figures in force before, oldest first
    cumulative_past: Mapping[Cell, Sequence[Past]] = field(
        default_factory=dict
    )  # year-to-date figures of this accounting year
    before: Mapping[Cell, Decimal] = field(
        default_factory=dict
    )  # sum of all before this period (and, for a cumulative, before this year)

    def stage(self, part: Part) -> str | None:
        """Give the stage that plays a part in this city."""
        return self.profile.playing(part)

    @cached_property
    def values(self) -> Mapping[Cell, Decimal | None]:
        """Give the values the cells would be filed with, the first where a cell stands twice."""
        return {(cell.subject, cell.measure): cell.value for cell in reversed(self.cells)}

    def value(self, subject: str, measure: str) -> Decimal | None:
        """Give the value a cell would be filed with."""
        return self.values.get((subject, measure))

    def since_beginning(self, subject: str, measure: str) -> Decimal | None:
        """Give a measure since the beginning, this period's cell included; None when nothing is known."""
        known = [
            amount
            for amount in (self.before.get((subject, measure)), self.value(subject, measure))
            if amount is not None
        ]
        return sum(known, Decimal(0)) if known else None
