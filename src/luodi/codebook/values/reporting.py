"""Sections about figures: measures, forms, data checks."""

from __future__ import annotations

from typing import Literal

from luodi.codebook.values.base import Dated, Frozen, Item, Label, Name, Number, Whole, Words, Yes
from luodi.codebook.values.lifecycle import Part
from luodi.codebook.values.organisation import Party

PeriodKind = Literal["ten_days", "month", "quarter", "half", "year"]
NoteField = Literal["progress", "problems", "next", "coordinate"]
NOTE_FIELDS: tuple[NoteField, ...] = ("progress", "problems", "next", "coordinate")

# Measures that every profile has (contract.md).
REQUIRED_MEASURES = ("invest_completed", "funds_in_place", "foreign_capital", "tax_paid", "output_value", "jobs_added")


class Measure(Item):
    """Something that is counted in a period. Money is kept in yuan and filed in `filed_in`."""

    unit: Literal["money", "persons", "count"]
    filed_in: Literal["元", "千元", "万元", "百万元", "亿元", "人", "个"]
    places: Whole = 2  # decimals a filed number may have
    filed_on: Literal["project", "unit"] = "project"  # never both into one sum
    unit_kinds: tuple[Name, ...] = ()  # filed on units: of these kinds
    foreign: Yes = False  # may be filed in a foreign currency with rate and day
    may_be_negative: Yes = False
    part_of: Name | None = None  # never greater than this measure (part greater than whole)
    evidence: tuple[
        Name, ...
    ] = ()  # kinds of evidence a figure may carry; the check figure_without_evidence says when it must


class Legal(Frozen):
    """A form's legal head. Without one it prints 内部工作调度表."""

    number: Words  # 表号
    issued_by: Words  # 制定机关
    approved_by: Words  # 批准或备案文号
    valid_until: Words  # 有效期


class FormMeasure(Frozen):
    """A column of a form: the month's own figure (本月) or the year to date (累计)."""

    measure: Name
    column: Literal["period", "cumulative"] = "period"
    required: Yes = True


class Owes(Frozen):
    """
    Who owes a form, and for which projects.

    A unit owes it if its kind is among `unit_kinds` (and its code not in `except_units`). On a project form it has a row for each
    project it has in `role` that has reached one of `reached` (none named: any), none of `until`, of these `kinds` (empty: all), on one of these `lists`.
    """

    unit_kinds: tuple[Name, ...]
    except_units: tuple[Name, ...] = ()
    role: Literal["host", "introducer", "lead_department"] = "host"
    reached: tuple[Part, ...] = ()
    until: tuple[Part, ...] = ()
    kinds: tuple[Label, ...] = ()
    lists: tuple[Label, ...] = ()


class Window(Frozen):
    """Days after the period's last day, counted from 1: when filling opens, is due, and closes (empty: with the seal)."""

    opens: Whole = 1
    due: Whole
    closes: Whole | None = None


class Form(Item, Dated):
    """A form: who files what, how often, through which hands, and who accepts it."""

    every: PeriodKind = "month"
    subject: Literal["project", "unit"] = "project"
    measures: tuple[FormMeasure, ...] = ()
    notes: tuple[NoteField, ...] = ()
    owes: Owes
    window: Window
    owner: Name  # office 归口审核单位
    chain: tuple[Party, ...] = ()  # who accepts, in order; empty: the owner alone
    inside: tuple[Literal["fill", "check", "sign", "submit"], ...] = ("fill", "check", "sign", "submit")
    signatories: tuple[Literal["head", "statistician", "filler", "telephone", "filled_on"], ...] = (
        "head",
        "statistician",
        "filler",
        "telephone",
        "filled_on",
    )
    scan: Yes = False  # the stamped sheet must be attached
    legal: Legal | None = None

    @property
    def steps(self) -> tuple[Party, ...]:
        """Give who accepts, in order."""
        return self.chain or (Party(office=self.owner),)

    def column(self, measure: str) -> str | None:
        """Tell in which kind of column the form asks for a measure: period, cumulative, or None if it doesn't."""
        return next((item.column for item in self.measures if item.measure == measure), None)


# Data checks (K4) that the statistics module knows, with the thresholds each takes. A profile sets severity and numbers.
CHECKS: dict[str, tuple[str, ...]] = {
    "stage_without_the_one_before": (),
    "stage_dates_out_of_order": (),
    "stage_without_evidence": (),
    "figure_without_evidence": ("at_least",),
    "investment_before_start": (),
    "funds_above_contract": ("factor",),
    "investment_above_total": ("factor",),
    "jump": ("factor", "months", "at_least"),
    "falling_cumulative": (),
    "negative_figure": (),
    "part_above_whole": (),
    "printed_rate_impossible": (),
    "one_site_two_records": ("likeness",),
    "hollow_start": ("months",),
    "slipped_unit": ("factor",),
    "missing_required": (),
    "figure_after_end": (),
    "total_investment_moved": ("percent",),
    "attribution_differs": (),
    "plan_does_not_add_up": (),
    "signed_without_amount": (),
    "same_as_last_period": ("months",),
    "bunching": ("percent", "at_least_cells"),
    "sameness": ("percent", "at_least_cells"),
    "round_numbers": ("percent", "at_least_cells"),
}


class Threshold(Frozen):
    """A number that a check uses."""

    id: Name
    value: Number


class Check(Dated):
    """How a city takes a data check: hard blocks, soft asks for an explanation, hint is for the acceptor alone."""

    id: Name  # one of CHECKS
    severity: Literal["hard", "soft", "hint", "off"]
    forms: tuple[Name, ...] = ()  # empty: all
    thresholds: tuple[Threshold, ...] = ()

    def threshold(self, name: str) -> Number:
        """Give one of the check's numbers. Raises KeyError for one it hasn't (the profile was checked for that)."""
        return {item.id: item.value for item in self.thresholds}[name]
