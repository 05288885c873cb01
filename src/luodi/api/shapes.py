"""Shapes of answers. Amounts are text in yuan with two decimals; what is undefined or missing is null (contract.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

Value = str | int | float | None


class Open(BaseModel):
    """A document that the command prints: these keys, and whatever else the command says (a ninja Schema would drop it)."""

    model_config = ConfigDict(extra="allow")


class ProblemShape(Open):
    """One thing that is wrong. May carry more keys: the parameters of its words."""

    code: str
    message: str
    where: str = ""
    blocking: bool = True
    file: str | None = None
    line: int | None = None
    path: str | None = None


class Problems(Schema):
    """A refusal: nothing was changed."""

    problems: list[ProblemShape]


class Health(Schema):
    """Whether the service answers, and of what city."""

    city: str
    synthetic: bool
    today: date
    facts: int


class Me(Schema):
    """Whose token it is."""

    person: str
    name: str | None
    posts: list[PostShape]


class PostShape(Schema):
    """A role held at a unit."""

    unit: str
    role: str


class UnitShape(Schema):
    """A unit as on a day."""

    code: str
    name: str
    parent: str
    kind: str
    group: str


class IndicatorShape(Schema):
    """An indicator of the profile; `means_zh` and `means_en` say what it counts."""

    id: str
    zh: str
    en: str
    kind: str
    unit: str
    role: str
    means_zh: str
    means_en: str


class Indicators(Schema):
    """The profile's indicators."""

    indicators: list[IndicatorShape]


class UnitValues(Schema):
    """A unit's values; unit null: what no unit holds."""

    unit: str | None
    values: dict[str, Value]
    missing: dict[str, int]


class Values(Schema):
    """Indicators of units for a period."""

    period: str
    span: str
    role: str
    basis: str
    as_of: str
    units: list[UnitValues]


class TraceShape(Open):
    """The rows that make a value, and the value."""

    indicator: str
    period: str
    unit: str | None
    value: Value
    rows: list[dict[str, Any]]


class StageShape(Schema):
    """A stage reached."""

    stage: str
    day: date


class ProjectShape(Schema):
    """A project as the caller may see it; veiled before signing for other units: then only label, industry and size band."""

    code: str | None
    label: str
    veiled: bool
    industry: str
    size_band: str
    host: str | None = None
    investor: str | None = None
    kind: str | None = None
    state: str | None = None
    total_investment: str | None = None
    stages: list[StageShape] = []


class ProjectsShape(Schema):
    """A page of projects."""

    total: int
    offset: int
    projects: list[ProjectShape]


class FormStateShape(Schema):
    """Where one owed form stands."""

    form: str
    period: str
    unit: str
    standing: str
    late: bool
    days_late: int
    due_on: date
    asked: int
    submission: int | None


class CellShape(Schema):
    """A cell as it would be filed, in yuan or persons."""

    subject: str
    measure: str
    value: str | None


class DraftShape(Schema):
    """A draft with what submitting it would say."""

    edition: int
    state: str
    cells: list[CellShape]
    ready: bool
    problems: list[ProblemShape]


class Typed(Schema):
    """Cells by `subject|measure` as typed, in the form's unit; names of those who answer; the edition they were typed over."""

    cells: dict[str, str] = {}
    signatories: dict[str, str] = {}
    edition: int | None = None


class VerdictBody(Schema):
    """What an owning office decides."""

    verdict: str
    unit: str
    reason: str = ""
    expected: int | None = None


class SubmissionShape(Schema):
    """A submission and where it stands."""

    id: int
    form: str
    period: str
    unit: str
    standing: str
    steps: list[str]


class SealShape(Schema):
    """A sealed period."""

    period: str
    cut_at: str
    through: int
    count: int
    root: str
    previous: str
    hash: str
    sealed_by: str


class ImportShape(Open):
    """What an import did, or (dry run) would do."""

    kind: str
    rows: int
    loaded: int
    refused: int
    unchanged: int


class StandingShape(Schema):
    """Projects by furthest stage on a day; `missing` of them have no total investment."""

    group: str | None
    stage: str | None
    count: int
    amount: str
    missing: int


class PortfolioShape(Schema):
    """The portfolio on a day."""

    on: date
    by: str | None
    rows: list[StandingShape]


class GapShape(Schema):
    """Days between two stages; `negative` of them run backwards."""

    group: str | None
    n: int
    median: float | None
    mean: float | None
    min: int | None
    max: int | None
    negative: int


class GapsShape(Schema):
    """Days between two stages, by group."""

    model_config = {"populate_by_name": True}
    since: str = Field(alias="from")
    until: str = Field(alias="to")
    by: str | None
    rows: list[GapShape]


class BridgeShape(Schema):
    """From the published value to the revised one, step by step."""

    indicator: str
    period: str
    unit: str | None
    published: Value
    revised: Value
    steps: list[dict[str, Any]]


class VerifiedShape(Open):
    """What was looked at, and what differs."""

    whole: bool
    facts: int
    seals: int
    unsealed: int
    problems: list[ProblemShape]


class RebuiltShape(Schema):
    """Rows of each projection, made anew."""

    rows: dict[str, int]


def binary(*media_types: str) -> dict[str, Any]:
    """Say in the document that an operation answers with a file."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in media_types}
    return {"responses": {200: {"description": "The file", "content": content}}}
