"""Sections about a project's life: stages, attributes, nodes, lists, lights, responsibilities."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from luodi.codebook.values.base import Dated, Frozen, Item, Label, Name, Number, Whole, Words, Yes
from luodi.codebook.values.organisation import Party


class Part(StrEnum):
    """What a stage stands for. Indicators, checks and lights name parts, never stages, so that a city may name its own."""

    LEAD = "lead"  # 线索
    NEGOTIATING = "negotiating"  # 在谈
    SIGNED = "signed"  # 签约: from here on an investor's name is no secret inside the city
    LANDED = "landed"  # 落地
    STARTED = "started"  # 开工
    RESUMED = "resumed"  # 复工
    COMPLETED = "completed"  # 竣工
    PRODUCED = "produced"  # 投产
    CAPACITY = "capacity"  # 达产
    EFFECT = "effect"  # 达效
    STALLED = "stalled"  # 停滞
    ENDED = "ended"  # 终止
    REPLACED = "replaced"  # 置换


# Columns of a project that contract.md fixes; a profile adds its own as attributes.
PROJECT_FIELDS = (
    "code",
    "national_code",
    "name",
    "host",
    "introducer",
    "lead_department",
    "investor",
    "uscc",
    "origin",
    "kind",
    "nature",
    "industry",
    "industry_edition",
    "chain",
    "contract_kind",
    "content",
    "total_investment",
    "fixed_investment",
    "strategic",
    "excluded",
    "valid_from",
)
# Those of them whose values a profile lists.
CODED_FIELDS = ("origin", "kind", "nature", "contract_kind", "chain")


class EvidenceKind(Item):
    """A kind of paper that proves a step, with the rule that makes it necessary (no photo for show)."""

    because: Words
    because_en: str = ""  # the rule in English; blank: pages show it in Chinese and say so


class Proof(Frozen):
    """Evidence a stage asks for: any one of these kinds, `at_least` so many files."""

    any_of: tuple[Name, ...]
    at_least: Whole = 1


class Stage(Dated):
    """
    A stage of a project's life. The id is the label that files and pages use (签约).

    `path`: counts for 'furthest stage' (in the order of the profile); off it are stalled, resumed, ended ...
    `follows`: the states from which it may be claimed; `first`: it may be a project's first. Closed by default.
    """

    id: Label
    en: Words
    plays: Part | None = None
    path: Yes = True
    first: Yes = False
    follows: tuple[Label, ...] = ()
    repeatable: Yes = False
    fields: tuple[Name, ...] = ()  # project columns or attributes that must be filled from here on
    evidence: tuple[Proof, ...] = ()  # every one of them
    verified_by: tuple[Party, ...] = ()  # all of them, in this order; empty: the claim counts at once
    own_unit_may_verify: Yes = False


class Vocabulary(Frozen):
    """The values that a coded column of a project may have."""

    id: Name  # one of CODED_FIELDS
    values: tuple[Label, ...]
    en: tuple[
        Words, ...
    ] = ()  # the same values in English, in the same order; pages show the value where there is none


class Attribute(Item):
    """A project column of the city's own, kept in `ProjectVersion.attributes` under its id, in files headed by its zh or id."""

    type: Literal["text", "integer", "decimal", "money", "day", "month", "yes_no", "choice"] = "text"
    choices: tuple[Words, ...] = ()
    unit: str = ""  # money: the unit it is filed in (万元)
    required_from: Label | None = None  # stage
    confidential: Yes = False  # hidden from other units before signing, and left out of exports for them


class NodeKind(Item):
    """A key node of a project between two stages, with baseline, plan and actual day."""

    before_stage: Label | None = None
    usual_days: Whole | None = None  # after the node before it
    outdoor: Yes = False  # only in building months


class Reason(Item):
    """A typed reason: why a date moved, why a light is excused, why a cumulative fell."""

    excuses: Yes = False  # counts as a proper reason once approved


class ProblemKind(Item):
    """What a project can be stuck on, and in how many days it should be solved."""

    days: Whole


class Responsibility(Item):
    """Somebody who answers for a project: sponsor 包保领导, secretary 项目秘书, team 专班, errand helper 帮办员."""

    required_from: Label | None = None  # stage from which no project may be without one
    several: Yes = False


class ProjectList(Item):
    """A list a project may stand on for a time (省市县重点, 专项债, 集中开工批次 ...)."""

    id: Label
    kept_by: Name | None = None  # office
    batch: Yes = False  # a batch list of one start or completion day (D9)


class Light(Item):
    """
    A light computed from data. Value by kind, in `unit`; yellow, orange, red begin at (>=) the numbers; green below.

    late_start: whole months since the month of the planned start, the project not `started`
    behind_schedule: points by which the year plan's completion lies behind the baseline
    waiting: days since stage `since`, stage `until` not reached
    late_node: days by which the next node lies past its plan
    silent: building months in a row without an accepted figure above 0 and without a progress note
    """

    kind: Literal["late_start", "behind_schedule", "waiting", "late_node", "silent"]
    unit: Literal["months", "points", "days"]
    since: Part | None = None
    until: Part | None = None
    yellow: Number
    orange: Number | None = None
    red: Number
    excusable: Yes = True
    basis: str = ""
