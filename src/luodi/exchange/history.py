"""
When a row was known: given, or by its kind's default, or now (contract.md, Import files).

Units, projects, lists and attributions at their valid_from, stages at occurred_on, figures and notes on the day after their period
ends, plans and targets on their period's first day, each at 00:00 of the city. A default that lies ahead means now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from luodi.exchange.context import Context
from luodi.exchange.frame import Frame
from luodi.kernel import instant
from luodi.kernel.period import AccountingYear, Period

Days = list[object]


def by(column: str) -> Callable[[Frame, Context], Days]:
    """Default: the day in a column."""
    return lambda frame, context: frame.column(column)


def day_of_stage(frame: Frame, context: Context) -> Days:
    """Default: the day a stage was entered (of a month alone, its last)."""
    return [found[0] if isinstance(found, tuple) else None for found in frame.column("occurred_on")]


def after_period(frame: Frame, context: Context) -> Days:
    """Default: the day after the row's period ends."""
    return [period.ends_before if isinstance(period, Period) else None for period in frame.column("period")]


def first_of_period(frame: Frame, context: Context) -> Days:
    """Default: the first day of the row's period."""
    return [period.first if isinstance(period, Period) else None for period in frame.column("period")]


def first_of_plan(frame: Frame, context: Context) -> Days:
    """Default: the first day of the plan's accounting year, or of its month in that year."""
    calendar = context.profile.calendar.accounting_year
    pairs = zip(frame.column("year"), frame.column("month"), strict=True)
    return [plan_first(calendar, year, month) if isinstance(year, int) else None for year, month in pairs]


def plan_first(calendar: AccountingYear, year: int, month: object) -> date:
    """Give the first day of an accounting year, or of one of its months."""
    if not isinstance(month, int):
        return calendar.named(year).first
    return date(year if calendar.begins_in == 1 or month < calendar.begins_in else year - 1, month, 1)


DEFAULTS: dict[str, Callable[[Frame, Context], Days]] = {
    "units": by("valid_from"),
    "projects": by("valid_from"),
    "lists": by("valid_from"),
    "attributions": by("valid_from"),
    "stages": day_of_stage,
    "figures": after_period,
    "notes": after_period,
    "plans": first_of_plan,
    "targets": first_of_period,
    "enterprises": lambda frame, context: [None] * len(frame),
}


def known_times(frame: Frame, context: Context) -> list[int | None]:
    """
    Give the known time of each row: an instant, or None for now. Refuses rows whose known time lies ahead, or that give one
    without `--history`; what lies under a seal is `refuse_sealed`'s, once it is known what is new.
    """
    given = frame.column("known_at")
    if not context.history:
        if frame.has("known_at"):
            for index, at in enumerate(given):
                if at is not None:
                    frame.refuse(index, "known_at", "import.row.known_at_needs_history")
        return [None] * len(frame)
    days = DEFAULTS[frame.kind.name](frame, context)
    starts = {day: instant.start_of(day) for day in set(days) if isinstance(day, date)}
    ahead = context.now
    defaults = {day: (at if at <= ahead else None) for day, at in starts.items()}
    if not any(at is not None for at in given):
        known = [defaults.get(day) for day in days]  # type: ignore[call-overload]
    else:
        known = [at if isinstance(at, int) else defaults.get(day) for at, day in zip(given, days, strict=True)]  # type: ignore[call-overload]
        for index, at in enumerate(given):
            if isinstance(at, int) and at > ahead:
                frame.refuse(index, "known_at", "import.row.known_ahead")
    return known


def refuse_sealed(frame: Frame, known: Sequence[int | None], cut: int | None) -> None:
    """
    Refuse rows that claim to have been known by the latest seal: they would change a sealed value.

    Rows that are loaded already change nothing and are left alone.
    """
    if cut is None:
        return
    column = "known_at" if frame.has("known_at") else frame.kind.value[0]
    day = instant.day_of(cut).isoformat()
    for index, at in enumerate(known):
        if at is not None and at <= cut and index not in frame.gone:
            frame.refuse(index, column, "import.row.sealed", known=instant.day_of(at).isoformat(), cut=day)


def accepted_times(
    frame: Frame, context: Context, known: list[int | None], *, says: str, when: str
) -> list[int | None]:
    """
    Give when each row was accepted (or verified), or None if it wasn't. A file of history without any such column says nothing
    against its rows: they were, when they were known (contract.md: "verified or accepted at that time"), with a finding. A
    blank cell in the column is no yes.

    :param says: column 是/否; `when` the column that gives another time than the known one
    """
    said, given = frame.column(says), frame.column(when)
    if not context.history:
        if frame.has(when) and any(at is not None for at in given):
            for index, at in enumerate(given):
                if at is not None:
                    frame.refuse(index, when, "import.row.known_at_needs_history")
        return [None] * len(frame)
    if not frame.has(says) and not frame.has(when):
        for index in range(len(frame)):
            frame.remark(index, says, "import.row.taken_as_accepted", header=frame.kind.column(says).header)
        said = [True] * len(frame)
    if not any(at is not None for at in given):
        return [(at if at is not None else context.now) if yes else None for yes, at in zip(said, known, strict=True)]
    result: list[int | None] = []
    for index, (yes, at, row_known) in enumerate(zip(said, given, known, strict=True)):
        if at is None:
            result.append((row_known if row_known is not None else context.now) if yes else None)
            continue
        if yes is False:
            frame.refuse(index, when, "import.row.time_without_yes", says=frame.kind.column(says).header)
        elif isinstance(at, int) and at > context.now:
            frame.refuse(index, when, "import.row.known_ahead")
        result.append(at if isinstance(at, int) else None)
    return result
