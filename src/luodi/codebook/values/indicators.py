"""
Indicators as data: a closed set of kinds. What none fits is a Python function that returns an Ibis expression.

Meanings are those of the design's page of basic indicators: stages by the part they play, amounts at D, role and
span as asked unless the indicator fixes one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from luodi.codebook.values.base import Frozen, Item, Label, Money, Name, Whole, Words, Yes
from luodi.codebook.values.lifecycle import Part

Span = Literal["asked", "period", "ytd", "since"]
MoneyField = Literal["total_investment", "fixed_investment"]


class While(Frozen):
    """A column (or attribute) had one of these values, by the version valid on that day."""

    field: Name
    values: tuple[Words, ...]


class Has(Frozen):
    """A column (or attribute) has one of these values at D."""

    field: Name
    values: tuple[Words, ...]


class Projects(Frozen):
    """
    Which projects. All conditions hold together; excluded ones never count.

    `kinds`: omitted, those of `city.counted_kinds`; `all`, every kind. `first`: first(part) lies in the span; with `first_while`, the
    first day on which the part was reached and the column had the value lies in the span.
    """

    kinds: tuple[Label, ...] | Literal["all"] | None = None
    first: Part | None = None
    first_while: While | None = None
    reached: tuple[Part, ...] = ()  # every one, by D
    not_reached: tuple[Part, ...] = ()  # none, by D
    state: tuple[Part, ...] = ()  # the state at D is one of these
    state_not: tuple[Part, ...] = ()
    has: tuple[Has, ...] = ()
    strategic: Yes | None = None
    at_least: Money | None = None  # total_investment at D
    below: Money | None = None
    on_list: Label | None = None  # at D
    planned: Yes | None = None  # has a plan for the accounting year


class Quantity(Frozen):
    """
    One number of the selected projects, weighted; exactly one of:

    `count`, `amount` (a money column at D), `rises` (of a money column between versions, valid_from in the span and after first(`after`)),
    `sum` (of a measure's figures over the span), `plan` (planned investment of the year), or `indicator` (that one's value over the span).
    """

    count: Literal["projects"] | None = None
    amount: MoneyField | None = None
    rises: MoneyField | None = None
    after: Part | None = None
    sum: Name | None = None
    plan: Literal["invest"] | None = None
    indicator: Name | None = None
    projects: Projects = Projects()
    span: Span = "asked"


class Common(Item):
    """What every indicator has."""

    unit: Literal["money", "count", "persons", "ratio", "days", "points"]
    means_zh: str = ""
    means_en: str = ""
    basis: str = ""
    role: Literal["host", "introducer", "lead_department"] = "host"
    places: Whole = 2  # when printed; a ratio is printed as a percentage
    printed_in: Literal["元", "万元", "亿元", ""] = ""  # money only; empty: 万元
    more_is_better: Yes = True


class Flow(Common):
    """What came about in the span: a count, an amount or rises of the selected projects."""

    kind: Literal["flow"]
    value: Quantity


class Stock(Common):
    """What is so at D, whatever the span."""

    kind: Literal["stock"]
    value: Quantity


class Sum(Common):
    """The figures of a measure over the span."""

    kind: Literal["sum"]
    value: Quantity


class Ratio(Common):
    """One quantity over another. Null where the denominator is 0 or either is missing."""

    kind: Literal["ratio"]
    numerator: Quantity
    denominator: Quantity


class Cohort(Common):
    """Of the projects selected, the weighted share that has reached a part by D."""

    kind: Literal["cohort"]
    projects: Projects
    reached: Part


class Median(Common):
    """The middle number of days from first(`since`) to first(`until`) of the selected projects, each once."""

    kind: Literal["median"]
    projects: Projects
    since: Part
    until: Part


class TargetRate(Common):
    """The year to date of an indicator over the unit's target for the year; guaranteed from above, else own."""

    kind: Literal["target_rate"]
    of: Name


class Points(Common):
    """100 x a target rate less 100 x the unit's baseline at D (与序时进度差)."""

    kind: Literal["points"]
    of: Name  # a target_rate


class Python(Common):
    """A function `package.module:name` that returns an Ibis expression."""

    kind: Literal["python"]
    function: Words
    additive: Yes = False


Indicator = Annotated[
    Flow | Stock | Sum | Ratio | Cohort | Median | TargetRate | Points | Python, Field(discriminator="kind")
]
