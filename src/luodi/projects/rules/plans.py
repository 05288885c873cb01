"""Year plans, lists and progress notes: what may be recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

from luodi.codebook.values.profile import Profile
from luodi.kernel.period import AccountingYear, Kind, Period, add_months
from luodi.kernel.problem import Problem, Refused
from luodi.projects.values.drafts import NoteDraft, PlanDraft
from luodi.projects.values.rows import Dossier, Listed

YEARS_AHEAD = 10  # a plan further ahead is a slip of the pen
FIRST_YEAR = 1990
NOTE_WORDS = ("progress", "problems", "next", "coordinate")
LONGEST_NOTE = 4000  # characters: a note is read on a phone


def plan_problems(draft: PlanDraft, *, today: date) -> list[Problem]:
    """Return what is wrong with a year's plan. Months, when given, must add up to the year."""
    where = f"project={draft.project} year={draft.year}"
    return [
        *_year_problems(draft, where, today),
        *_amount_problems(draft, where),
        *_sum_problems(draft, where),
        *_span_problems(draft, where),
    ]


def _year_problems(draft: PlanDraft, where: str, today: date) -> Iterator[Problem]:
    if not FIRST_YEAR <= draft.year <= today.year + YEARS_AHEAD:
        yield Problem("project.plan.year", where, {"found": draft.year})
    for number in draft.months:
        if not 1 <= number <= 12:
            yield Problem("project.plan.month", where, {"found": number})


def _amount_problems(draft: PlanDraft, where: str) -> Iterator[Problem]:
    for amount in (draft.invest, *draft.months.values()):
        if amount is not None and (not amount.is_finite() or amount < 0):
            yield Problem("project.plan.amount", where, {"found": amount})


def _sum_problems(draft: PlanDraft, where: str) -> Iterator[Problem]:
    if not draft.months:
        return
    total = sum(draft.months.values(), Decimal(0))
    if draft.invest is None:
        yield Problem("project.plan.months_without_year", where, {"total": total})
    elif total != draft.invest:
        params = {"total": total, "invest": draft.invest, "difference": draft.invest - total}
        yield Problem("project.plan.does_not_add_up", where, params)


def _span_problems(draft: PlanDraft, where: str) -> Iterator[Problem]:
    if draft.start_on and draft.finish_on and draft.finish_on < draft.start_on:
        yield Problem("project.plan.finish_before_start", where, {"start": draft.start_on, "finish": draft.finish_on})


def planned_start(dossier: Dossier, *, by: int) -> date | None:
    """Give the start that the latest plan of a year up to `by` names."""
    years = [year for year, plan in dossier.plans.items() if year <= by and plan.start_on]
    return dossier.plans[max(years)].start_on if years else None


# --- lists ----------------------------------------------------------------------------------------


def entry_problems(dossier: Dossier, *, name: str, on: date, profile: Profile) -> Iterator[Problem]:
    """Yield why a project may not be put on a list from a day."""
    where = f"project={dossier.code} list={name}"
    known = [item.id for item in profile.lists]
    if name not in known:
        yield Problem("project.list.unknown", where, {"found": name, "allowed": " ".join(known)})
    standing = on_list(dossier.lists, name, on)
    if standing:
        yield Problem("project.list.already", where, {"list": name, "since": standing.valid_from})


def removal_problems(dossier: Dossier, *, name: str, on: date) -> Iterator[Problem]:
    """Yield why a project may not be taken off a list on a day (the first day it no longer stands there)."""
    where = f"project={dossier.code} list={name}"
    standing = open_entry(dossier.lists, name)
    if standing is None:
        yield Problem("project.list.not_there", where, {"list": name})
    elif on < standing.valid_from:
        yield Problem("project.list.before_entry", where, {"list": name, "since": standing.valid_from, "found": on})


def on_list(entries: Collection[Listed], name: str, day: date) -> Listed | None:
    """Give the entry by which a project stands on a list on a day, or will from then on."""
    return next((one for one in entries if one.list == name and (one.valid_to is None or day < one.valid_to)), None)


def open_entry(entries: Collection[Listed], name: str) -> Listed | None:
    """Give the entry by which a project stands on a list without an end."""
    return next((one for one in entries if one.list == name and one.valid_to is None), None)


# --- notes ----------------------------------------------------------------------------------------


def note_problems(draft: NoteDraft, *, year: AccountingYear, today: date) -> Iterator[Problem]:
    """Yield what is wrong with a progress note: its period, an empty note, words beyond reading."""
    where = f"project={draft.project} period={draft.period}"
    period = read_period(draft.period, year)
    if period is None or period.kind not in (Kind.TEN_DAYS, Kind.MONTH, Kind.JAN_FEB):
        yield Problem("project.note.period", where, {"found": draft.period})
    elif period.first > today:
        yield Problem("project.note.ahead", where, {"found": draft.period, "today": today})
    words = {name: getattr(draft, name) for name in NOTE_WORDS}
    if not any(text.strip() for text in words.values()):
        yield Problem("project.note.empty", where)
    for name, text in words.items():
        if len(text) > LONGEST_NOTE:
            yield Problem("project.note.too_long", where, {"field": name, "found": len(text), "most": LONGEST_NOTE})


def read_period(label: str, year: AccountingYear) -> Period | None:
    """Read a period's label, or None when it is none."""
    try:
        return year.parse(label)
    except Refused:
        return None


@lru_cache(maxsize=1024)
def months_of(label: str, year: AccountingYear) -> frozenset[date]:
    """Give the first days of the months that a period touches; none of a label that can't be read."""
    period = read_period(label, year)
    months, first = set(), period.first.replace(day=1) if period else date.max
    while period and first < period.ends_before:
        months.add(first)
        first = add_months(first, 1)
    return frozenset(months)
