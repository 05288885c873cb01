"""What pages, the API and papers get: projects as one line, columns of the board, one project's story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from luodi.identity.values import Face
from luodi.projects.rules.lights import Lights
from luodi.projects.rules.timeline import Change
from luodi.projects.values.rows import Dossier, Event, NodeState, PlanClass, Progress, Version


@dataclass(frozen=True)
class Figures:
    """
    What a higher module knows of projects' figures on a day, handed in for lights: yuan completed in the accounting year, and
    the first days of months with an accepted figure above 0.
    """

    invested: Mapping[str, Decimal] = field(default_factory=dict)
    active: Mapping[str, frozenset[date]] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """A project as one line, on a day: everything derived that lists, boards and filters ask."""

    dossier: Dossier
    version: Version
    on: date
    state: str
    furthest: str
    plan_class: PlanClass
    reached: Mapping[str, date]
    lists: frozenset[str]
    waiting: tuple[Event, ...]  # claims nobody has decided yet
    next_node: NodeState | None
    open_problems: int
    overdue_problems: int
    missing_duties: tuple[str, ...]
    signed: bool
    units: frozenset[str]
    holders: frozenset[str]
    # What was computed for this card already, by what it was computed from: a card is kept between requests.
    faces: dict[tuple[bool, str], Face] = field(default_factory=dict, compare=False, repr=False)  # named?, language
    lit: dict[tuple[Decimal | None, frozenset[date]], Lights] = field(default_factory=dict, compare=False, repr=False)

    @property
    def code(self) -> str:
        return self.dossier.code


@dataclass(frozen=True)
class Line:
    """A card as a viewer may see it. When `face.veiled`, `card` is None and only the face may be shown."""

    face: Face
    card: Card | None
    lights: Lights | None = None
    plan_class: PlanClass | None = None
    state: str = ""


@dataclass(frozen=True)
class Column:
    """A column of the board: a stage (or "" for none yet), how many projects and how much investment; None when none is known."""

    stage: str
    count: int
    amount: Decimal | None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One act in a project's timeline: who did what when, which row, and what it changed."""

    fact: int
    act: str  # the fact's name
    table: str
    row: int
    known_at: int
    person: str
    unit: str
    via: str
    loaded: bool
    changes: tuple[Change, ...]
    voided: bool = False
    subject: str = ""  # what the row speaks of: a stage, a year, a period, a node


@dataclass(frozen=True)
class Page:
    """One project's whole story, as its page shows it."""

    code: str
    face: Face
    card: Card | None
    lights: Lights | None = None
    note: Progress | None = None  # of the period asked for
    note_before: Progress | None = None  # what a new note is copied from
    notes: tuple[Progress, ...] = ()
    timeline: tuple[Entry, ...] = ()
    merged_from: tuple[str, ...] = ()
    merged_into: str = ""
    next_stages: tuple[str, ...] = ()
