"""Who owes which form when, and where it stands. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from luodi.codebook.values import Form, Owes, Profile
from luodi.kernel.period import AccountingYear, Kind, Period
from luodi.statistics.values.reporting import FILED, Filing, FormState, Owed, OwingProject, Standing, Window

EVERY = {
    "ten_days": (Kind.TEN_DAYS,),
    "month": (Kind.MONTH, Kind.JAN_FEB),
    "quarter": (Kind.QUARTER,),
    "half": (Kind.HALF,),
    "year": (Kind.YEAR,),
}


def window(form: Form, period: Period) -> Window:
    """Give when a form of a period opens, is due and closes: days after the period's last day, counted from 1."""
    days = form.window
    return Window(
        opens_on=period.last + timedelta(days=days.opens),
        due_on=period.last + timedelta(days=days.due),
        closes_on=None if days.closes is None else period.last + timedelta(days=days.closes),
    )


def asked_for(form: Form, period: Period, year: AccountingYear) -> bool:
    """Tell whether a form is filed for a period: of its length, while it is valid, and months as the city counts them."""
    if period.kind not in EVERY[form.every] or not form.holds_on(period.last):
        return False
    return period.kind not in EVERY["month"] or year.month_of(period.first) == period


def forms_of(profile: Profile, period: Period) -> tuple[Form, ...]:
    """List the forms filed for a period; none for periods that end before the profile's go-live month."""
    year = profile.calendar.accounting_year
    if period.last < year.parse(profile.city.go_live).first:
        return ()
    return tuple(form for form in profile.forms if asked_for(form, period, year))


def owing_units(owes: Owes, kinds: Mapping[str, str]) -> list[str]:
    """List the units that owe, given each unit's kind on the day."""
    return [unit for unit, kind in kinds.items() if kind in owes.unit_kinds and unit not in owes.except_units]


def stands_on(project: OwingProject, owes: Owes, *, reached: Collection[str], until: Collection[str]) -> bool:
    """
    Tell whether a project has a row on a form (Owes in the profile).

    `reached`, `until`: the stages that play the parts the form names, looked up once for all projects.
    """
    return (
        (not owes.reached or not project.reached.isdisjoint(reached))
        and project.reached.isdisjoint(until)
        and (not owes.kinds or project.kind in owes.kinds)
        and (not owes.lists or not project.lists.isdisjoint(owes.lists))
    )


def owed(
    *, profile: Profile, form: Form, period: Period, kinds: Mapping[str, str], projects: Iterable[OwingProject]
) -> list[Owed]:
    """
    List who owes a form for a period, by unit code.

    `kinds`: each unit's kind on the period's last day. A unit without a row on a project form owes it all the same,
    as an empty return that its head signs.
    """
    units = owing_units(form.owes, kinds)
    rows: dict[str, list[str]] = {unit: [] for unit in units}
    if form.subject == "project":
        reached, until = profile.labels(form.owes.reached), profile.labels(form.owes.until)
        for project in projects:
            mine = rows.get(project.units.get(form.owes.role, ""))
            if mine is not None and stands_on(project, form.owes, reached=reached, until=until):
                mine.append(project.code)
    measures = tuple(item.measure for item in form.measures)
    required = frozenset(item.measure for item in form.measures if item.required)
    return [
        Owed(
            form.id,
            period.label,
            unit,
            tuple(sorted(rows[unit])) if form.subject == "project" else (unit,),
            measures,
            required,
        )
        for unit in sorted(units)
    ]


def latest(filings: Sequence[Filing]) -> Filing | None:
    """Give the whole submission that counts as the unit's return: the last one."""
    return max((filing for filing in filings if filing.whole), key=lambda filing: filing.known_at, default=None)


def corrections(filings: Sequence[Filing]) -> tuple[Filing, ...]:
    """Give the cells filed again after the return that counts, in order."""
    whole = latest(filings)
    since = [one for one in filings if not one.whole and whole is not None and one.known_at > whole.known_at]
    return tuple(sorted(since, key=lambda one: one.known_at))


def came_back(filings: Sequence[Filing]) -> Filing | None:
    """Give what was sent back and is to be mended: the return itself, or the last correction of one whose cells are open."""
    whole = latest(filings)
    last = (corrections(filings) or (whole,))[-1]
    if whole is None or last is None or last.standing is not Standing.SENT_BACK:
        return None
    return last if last is whole or whole.standing is Standing.REOPENED else None


def standing_of(filing: Filing | None, draft_state: str | None, opens_on: date, today: date) -> Standing:
    """Tell where a form stands, from its last submission and the draft beside it."""
    if filing is not None and filing.standing is not Standing.SENT_BACK:
        return filing.standing
    if filing is not None:
        return Standing.SENT_BACK
    if draft_state is None:
        return Standing.TO_DO if today >= opens_on else Standing.AHEAD
    return {"check": Standing.CHECKED, "sign": Standing.SIGNED}.get(draft_state, Standing.DRAFT)


def form_state(
    *,
    owed: Owed,
    form: Form,
    period: Period,
    filings: Sequence[Filing],
    draft_state: str | None,
    today: date,
    filed_on: date | None,
) -> FormState:
    """Tell where one owed form stands, and how late it is: by the day it was last filed, or by today if it isn't."""
    frame, filing = window(form, period), latest(filings)
    standing = standing_of(filing, draft_state, frame.opens_on, today)
    reference = filed_on if standing in FILED and filed_on is not None else today
    days = max(0, (reference - frame.due_on).days)
    return FormState(
        owed, frame, standing, late=days > 0, days_late=days, filing=filing, corrections=corrections(filings)
    )
