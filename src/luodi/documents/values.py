"""Values of papers: figures as printed with the question behind them, and the parts of a paper before it is laid out. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from luodi.indicators.references import Reference

NOTHING = "—"  # printed where a value is missing or undefined: never 0


class Kind(StrEnum):
    """Kinds of paper and their files."""

    NOTICE = "notice"  # 通报
    BRIEF = "brief"  # 简报
    TABLE = "table"  # 月报表
    WALL = "wall"  # 挂图


SUFFIX = {Kind.NOTICE: ".docx", Kind.BRIEF: ".docx", Kind.TABLE: ".xlsx", Kind.WALL: ".pptx"}


class Edition(StrEnum):
    """A flash 快报 counts what was filed; a final edition rests on the period's seal."""

    FLASH = "flash"
    FINAL = "final"


@dataclass(frozen=True)
class Figure:
    """A number as printed: `text` is `exact` rounded half away from zero to `places` decimals of `unit`."""

    exact: Fraction | None
    text: str
    unit: str
    places: int
    reference: Reference | None = None

    @property
    def known(self) -> bool:
        """Tell whether there is a value at all."""
        return self.exact is not None


Sentence = tuple[str | Figure, ...]  # words and figures in reading order


@dataclass(frozen=True)
class Column:
    """A column of a table of figures."""

    id: str
    label: str
    unit: str

    @property
    def head(self) -> str:
        """Give the head with its unit."""
        return f"{self.label}（{self.unit}）" if self._unit_shown else self.label

    @property
    def head_lines(self) -> str:
        """Give the head with its unit on a line of its own."""
        return f"{self.label}\n（{self.unit}）" if self._unit_shown else self.label

    @property
    def _unit_shown(self) -> bool:
        return bool(self.unit) and not self.label.endswith((")", "）"))


@dataclass(frozen=True)
class UnitRow:
    """A unit's row: `rank` None where it has none (not filed, or no value); `transferred`: a project came or went this year."""

    unit: str
    name: str
    figures: tuple[Figure, ...]
    rank: int | None = None
    filed: bool = True
    transferred: bool = False


@dataclass(frozen=True)
class UnitTable:
    """Figures of units: a ranking (in its official order) or a plain table (in the order of codes, the whole first)."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[UnitRow, ...]
    ranked: bool = False


@dataclass(frozen=True)
class Headline:
    """One indicator of the whole: in the period, year to date, growth."""

    label: str
    unit: str
    month: Figure
    to_date: Figure
    growth: Figure


@dataclass(frozen=True)
class Filing:
    """Who has filed by the cut: units owed and complete, returns owed and filed, and what each unit still owes."""

    units: int
    complete: int
    returns: int
    filed: int
    missing: tuple[tuple[str, tuple[str, ...]], ...]  # unit's name, names of forms


@dataclass(frozen=True)
class Lagging:
    """A project that lags: its name (or code name), host, figures of the year, and the lights that burn."""

    code: str
    label: str
    host: str
    invested: Figure
    rate: Figure
    colour: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """Something that needs a leader: a problem open or overdue, or what a county asks to be coordinated."""

    label: str
    host: str
    words: str
    owner: str = ""
    due_on: date | None = None
    days_over: int = 0


@dataclass(frozen=True)
class Step:
    """One step of the bridge: who did what when and why, and what it moved."""

    on: date
    who: str
    what: str
    figure: Figure


@dataclass(frozen=True)
class Correction:
    """A published value that later acts changed: both values, and the steps between them."""

    period: str
    label: str
    unit: str
    published: Figure
    revised: Figure
    change: Figure
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Transfer:
    """A project that moved from one unit of the table to another inside the year."""

    label: str
    before: str
    after: str
    on: date


@dataclass(frozen=True)
class Definition:
    """What an indicator means, for the sheet of definitions."""

    id: str
    label: str
    unit: str
    words: str
    basis: str = ""


@dataclass(frozen=True)
class Source:
    """A form the figures come from, with its legal head, or as 内部工作调度表."""

    id: str
    name: str
    head: str


@dataclass(frozen=True)
class SealNote:
    """The seal that a final edition rests on."""

    period: str
    hash: str
    algorithm: str
    sealed_on: date


@dataclass(frozen=True)
class Month:
    """A month of a project's year on the wall: planned and completed to date, in 万元."""

    label: str
    planned: Figure
    done: Figure


@dataclass(frozen=True)
class NodeLine:
    """A node on the wall."""

    name: str
    planned_on: date
    actual_on: date | None
    late: bool


@dataclass(frozen=True)
class ProjectPage:
    """A key project's page on the wall."""

    code: str
    label: str
    host: str
    unit: str  # code of the unit of the table it stands under
    stage: str
    colour: str
    facts: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, Figure], ...]
    months: tuple[Month, ...]
    nodes: tuple[NodeLine, ...]
    progress: str = ""
    problems: str = ""
    next: str = ""


@dataclass(frozen=True)
class Head:
    """What stands above and below every paper."""

    kind: Kind
    edition: Edition
    checking: bool
    title: str
    period: str  # in words
    span: str  # in words, year to date
    issuer: str
    to: tuple[str, ...]
    copies: tuple[str, ...]
    compiler: str
    issue: int | None
    year: int
    made_on: date
    completeness: str
    basis: str
    statement: str
    synthetic: bool
    seal: SealNote | None


@dataclass(frozen=True)
class Bulletin:
    """A paper before it is laid out: everything that any of its kinds prints."""

    head: Head
    comments: tuple[Sentence, ...]
    overview: tuple[Headline, ...]
    rankings: tuple[UnitTable, ...]
    tables: tuple[UnitTable, ...]
    filing: Filing
    lagging: tuple[Lagging, ...]
    lagging_more: int
    matters: tuple[Matter, ...]
    corrections: tuple[Correction, ...]
    transfers: tuple[Transfer, ...]
    definitions: tuple[Definition, ...]
    sources: tuple[Source, ...]
    pages: tuple[ProjectPage, ...] = ()


@dataclass(frozen=True)
class Made:
    """A paper that was made, as its fact says; `fact` 0 before it is recorded."""

    kind: str
    period: str
    edition: str
    checking: bool
    unit: str
    title: str
    digest: str
    fact: int
    made_at: int
    made_by: str
    seal: str
    references: int
    first_reference: str = ""
    last_reference: str = ""
    filed: int = 0
    owed: int = 0
    corrections: int = 0
