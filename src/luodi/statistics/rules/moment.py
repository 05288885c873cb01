"""
Rules for forms of the moment: whether one may be sent, what a column probably is, whether a return may be filed. Pure.

A form of the moment asks few people for little by soon; what comes back every month belongs into the profile (`moment_regular`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from luodi.kernel import typed
from luodi.kernel.money import YUAN_IN
from luodi.kernel.problem import Problem
from luodi.statistics.rules.asking import cell_problem, plain
from luodi.statistics.values.asking import TYPES, AskedColumn, Asking
from luodi.statistics.values.moment import (
    Moment,
    MomentColumn,
    MomentDraft,
    MomentReturned,
    MomentStanding,
    MomentState,
)

MOST_COLUMNS = 40
MOST_CELLS = 40_000
LONGEST_TITLE = 80
PEOPLE = ("人", "户")
THINGS = ("个", "家", "套", "台", "次", "项", "份", "宗", "块", "条")
PLACES = 6  # decimals of a number that nobody gave a unit


def sending_problems(draft: MomentDraft, *, today: date, within: frozenset[str] | None) -> list[Problem]:
    """
    Return every reason this form can't be sent.

    :param within: the units the sender may ask, None for all
    """
    return [problem for check in SEND_CHECKS for problem in check(draft, today, within)]


Within = frozenset[str] | None


def it_has_a_title(draft: MomentDraft, today: date, within: Within) -> Iterator[Problem]:
    """A form has a title that fits on its head."""
    if not draft.title.strip():
        yield Problem("moment.title_missing", where="title")
    elif len(draft.title) > LONGEST_TITLE:
        yield Problem("moment.title_too_long", where="title", params={"most": LONGEST_TITLE})


def its_days_are_in_order(draft: MomentDraft, today: date, within: Within) -> Iterator[Problem]:
    """The due day is not over, and the last day not before it."""
    if draft.due_on < today:
        yield Problem("moment.due_over", where="due_on", params={"found": draft.due_on.isoformat()})
    if draft.closes_on < draft.due_on:
        params = {"found": draft.closes_on.isoformat(), "due": draft.due_on.isoformat()}
        yield Problem("moment.closes_before_due", where="closes_on", params=params)


def its_columns_are_sound(draft: MomentDraft, today: date, within: Within) -> Iterator[Problem]:
    """Something is asked, no two columns are called the same, each has a type and what the type needs."""
    asked = [column for column in draft.columns if not column.known]
    if not asked:
        yield Problem("moment.nothing_asked", where="columns")
    if len(draft.columns) > MOST_COLUMNS:
        yield Problem("moment.too_many_columns", where="columns", params={"most": MOST_COLUMNS})
    seen: set[str] = set()
    for column in draft.columns:
        if not column.label.strip():
            yield Problem("moment.column_without_name", where=column.name)
        elif column.label in seen:
            yield Problem("moment.column_twice", where=column.name, params={"found": column.label})
        seen.add(column.label)
        if column.type not in TYPES:
            yield Problem("moment.unknown_type", where=column.name, params={"found": column.type})
        if column.type == "choice" and len(column.choices) < 2:
            yield Problem("moment.no_choices", where=column.name, params={"column": column.label})
        if column.type == "money" and column.unit not in YUAN_IN:
            yield Problem("moment.no_money_unit", where=column.name, params={"column": column.label})


def somebody_owes_it(draft: MomentDraft, today: date, within: Within) -> Iterator[Problem]:
    """Somebody is asked, all of them within the sender's reach, and not for more cells than a person can look at."""
    if not draft.owed:
        yield Problem("moment.nobody_owes", where="owed")
    elif not any(draft.owed.values()):
        yield Problem("moment.no_rows", where="owed")
    outside = [] if within is None else sorted(unit for unit in draft.owed if unit not in within)
    if outside:
        yield Problem("moment.out_of_reach", where="owed", params={"units": "、".join(outside)})
    cells = sum(map(len, draft.owed.values())) * len(draft.columns)
    if cells > MOST_CELLS:
        yield Problem("moment.too_many_cells", where="owed", params={"found": cells, "most": MOST_CELLS})


# The order in which a clerk would check. Add a rule: write it, list it, test it.
SEND_CHECKS = (it_has_a_title, its_days_are_in_order, its_columns_are_sound, somebody_owes_it)


@dataclass(frozen=True)
class Guess:
    """What a column probably is."""

    type: str
    unit: str = ""
    choices: tuple[str, ...] = ()


def guess(label: str, unit: str = "", samples: Sequence[str] = ()) -> Guess:
    """Tell what a column probably is: by its unit, by the words of its head, by what stands below it. A person looks at it."""
    if unit in YUAN_IN:
        return Guess("money", unit)
    if unit in PEOPLE or unit in THINGS:
        return Guess("whole", unit)
    if unit:
        return Guess("number", unit)
    plain = typed.half_width(label)
    for shape, kind in HEADS:
        if shape.search(plain):
            return Guess(kind, "万元" if kind == "money" else unit)
    return from_samples([one for one in samples if not typed.is_missing(one)], unit)


HEADS = (
    (re.compile(r"是否|有无"), "yes_no"),
    (re.compile(r"率|比例|占比|百分|[(%]%"), "number"),
    (re.compile(r"(日期|时间|年月日|日)$"), "day"),
    (re.compile(r"(月份|年月)$"), "month"),
    (re.compile(r"数量|(?<![指系参基倍])数$"), "whole"),
    (re.compile(r"金额|资金|投资|产值|税收|收入|支出|费用|工资|经费|(?<!面)额$|合同价"), "money"),
    (re.compile(r"面积|亩|吨|公里|平方|长度|能耗|产能"), "number"),
)


def from_samples(samples: Sequence[str], unit: str) -> Guess:
    """Tell a column's type by what was typed into it."""
    if samples and all(is_number(one) for one in samples):
        return Guess("number", unit)
    distinct = tuple(dict.fromkeys(samples))
    if len(samples) >= 6 and 2 <= len(distinct) <= 5 and all(len(one) <= 12 for one in distinct):
        return Guess("choice", unit, distinct)
    return Guess("text", unit)


def is_number(text: str) -> bool:
    """Tell whether a cell holds a number."""
    try:
        return typed.read_number(text) is not None
    except typed.NotANumber:
        return False


def places_of(column: MomentColumn) -> int:
    """Say how many decimals a number of a column may have."""
    return {"whole": 0, "money": 4}.get(column.type, PLACES)


def filing_problems(moment: Moment, asking: Asking, *, today: date) -> list[Problem]:
    """Return every reason a unit's return can't be filed: the form has ended, a cell can't be read, a needed one is blank."""
    if not moment.open(today):
        return [Problem("moment.over", where=asking.unit, params={"last": moment.closes_on.isoformat()})]
    found = []
    for row in asking.rows:
        for column in asking.columns:
            if not asking.open(row.subject, column.id):
                continue
            text, where = row.values.get(column.id, ""), f"{row.subject}|{column.id}"
            problem = cell_problem(column, text, where)
            if problem is not None:
                found.append(problem)
            elif column.required and typed.is_missing(text):
                params = {"row": row.label, "column": column.zh}
                found.append(Problem("moment.cell_missing", where=where, params=params))
    return found


def state_of(
    moment: Moment,
    unit: str,
    *,
    returned: MomentReturned | None,
    sent_back: tuple[int, str] | None,
    has_draft: bool,
    reminders: Sequence[date],
    filed_on: date | None,
    today: date,
) -> MomentState:
    """
    Tell where one unit stands with a form.

    :param sent_back: when and why its last return was sent back
    :param filed_on: the day of its last return
    """
    back = returned is not None and sent_back is not None and sent_back[0] > returned.known_at
    if returned is not None and not back:
        standing = MomentStanding.SUBMITTED
    else:
        standing = MomentStanding.SENT_BACK if back else MomentStanding.DRAFT if has_draft else MomentStanding.TO_DO
    reference = (
        filed_on if standing is MomentStanding.SUBMITTED and filed_on is not None else min(today, moment.closes_on)
    )
    late = max(0, (reference - moment.due_on).days)
    return MomentState(
        moment, unit, standing, late, returned, len(reminders), max(reminders, default=None),
        sent_back[1] if back and sent_back else "",
    )  # fmt: skip


def to_remind(states: Sequence[MomentState], today: date) -> list[str]:
    """List the units to remind: those that have not filed and were not reminded today already."""
    return [
        state.unit for state in states if state.standing is not MomentStanding.SUBMITTED and state.reminded_on != today
    ]


def named(columns: Sequence[MomentColumn]) -> tuple[MomentColumn, ...]:
    """Name columns c1, c2 ... in their order."""
    return tuple(
        MomentColumn(f"c{at}", one.label.strip(), one.type, one.unit, one.required, one.choices, one.known)
        for at, one in enumerate(columns, 1)
    )


def sums(columns: Sequence[AskedColumn], rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Add up the columns of numbers over collected rows; a column nobody filled has no sum."""
    totals: dict[str, Decimal] = {}
    numeric = [column.id for column in columns if column.numeric]
    for row in rows:
        for name in numeric:
            if is_number(row.get(name, "")):
                totals[name] = totals.get(name, Decimal(0)) + Decimal(row[name])
    return {name: plain(value) for name, value in totals.items()}
