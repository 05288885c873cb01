"""
What reporting has to tell people: a form's due day nears or is over, a return was sent back, cells were asked for again.

The matter is the return (form, period, unit): whatever happens to it is one notice, settled when it is filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from luodi.codebook.values import Permission
from luodi.kernel.period import Kind as Length
from luodi.kernel.period import Period
from luodi.ledger import queries as ledger
from luodi.ledger.facts import PERIOD_SEALED
from luodi.ledger.values import Recorded
from luodi.notices import registry, rules
from luodi.notices.seats import Seats
from luodi.notices.values import Kind, Matter, News, Settled
from luodi.statistics import facts_workflow as facts
from luodi.statistics import notices_moment  # noqa: F401  declares its own source
from luodi.statistics.queries import owing
from luodi.statistics.values.reporting import FormState, Standing

DAYS_BEFORE = 3  # a due day is near from here on
FILING = (Permission.FILL_FORM, Permission.SUBMIT_FORM)
UNFILED = frozenset({Standing.TO_DO, Standing.DRAFT, Standing.CHECKED, Standing.SIGNED})


def key_of(form: str, period: str, unit: str) -> str:
    """Name the matter of a return."""
    return f"return:{form}:{period}:{unit}"


def matter(kind: Kind, subject: str, seats: Seats, *, due_on: date | None = None, **params: str) -> Matter:
    """Give the matter of a return, told to those who fill or submit forms of its unit. `subject`: form:FORM:PERIOD:UNIT."""
    _, form, period, unit = subject.split(":")
    told = seats.holding(unit, *FILING)
    return Matter(
        key_of(form, period, unit), kind, told, {"form": form, "period": period, "unit": unit, **params}, due_on
    )


def of_facts(recorded: Sequence[Recorded], seats: Seats) -> Iterator[News]:
    """Tell of returns that were sent back or asked for again; a filed one is settled, and all of a sealed month."""
    for fact in recorded:
        if fact.name == PERIOD_SEALED.name:
            yield from over(fact.rows["ledger.Seal"][0]["period"], seats)
        elif fact.name == facts.FORM_SUBMITTED.name:
            yield Settled(key_of(*fact.subject.split(":")[1:]))
        elif fact.name == facts.FORM_JUDGED.name:
            if fact.rows["ledger.Verdict"][0]["verdict"] == "sent_back":
                yield matter(Kind.RETURN_SENT_BACK, fact.subject, seats)
        else:
            cells = fact.rows["statistics.Reopening"]
            yield matter(Kind.CELL_REOPENED, fact.subject, seats, due_on=cells[0]["due_on"], count=str(len(cells)))


def over(label: str, seats: Seats) -> Iterator[Settled]:
    """Settle every return of a month that was sealed: nothing is filed for it any more."""
    period = seats.profile.calendar.accounting_year.parse(label)
    for owed in owing.owed_forms(period=period, profile=seats.profile):
        yield Settled(key_of(owed.form, owed.period, owed.unit))


def of_day(today: date, seats: Seats) -> Iterator[News]:
    """Tell of forms that are due within days, or late."""
    for period in periods_to_file(today, seats):
        if ledger.live_seal(period.label) is not None:
            continue
        for state in owing.form_states(period=period, profile=seats.profile, today=today):
            kind = rules.nearing(state.window.due_on, today, days=DAYS_BEFORE)
            if kind is not None and state.standing in UNFILED:
                yield gentle(state, kind, seats)


def gentle(state: FormState, kind: Kind, seats: Seats) -> Matter:
    """Give the matter of a form that only the calendar speaks for."""
    owed = state.owed
    params = {"form": owed.form, "period": owed.period, "unit": owed.unit}
    told = seats.holding(owed.unit, *FILING)
    return Matter(key_of(*params.values()), kind, told, params, state.window.due_on, gentle=True)


def reminder(state: FormState, seats: Seats) -> Matter:
    """Give the matter of a return that somebody asks for."""
    one = gentle(state, Kind.RETURN_REMINDED, seats)
    return Matter(one.key, one.kind, one.people, one.params, one.due_on)


def periods_to_file(today: date, seats: Seats) -> Iterable[Period]:
    """List the periods of every length that ended last: what is being filed now."""
    year = seats.profile.calendar.accounting_year
    lengths = (Length.TEN_DAYS, Length.MONTH, Length.QUARTER, Length.HALF, Length.YEAR)
    running = [year.after(Period(today, today, "", length)) for length in lengths]
    return sorted(year.before(one) for one in running)


registry.declare(
    registry.Source(
        "statistics",
        (facts.FORM_SUBMITTED.name, facts.FORM_JUDGED.name, facts.CELL_REOPENED.name, PERIOD_SEALED.name),
        of_facts,
        of_day,
    )
)
