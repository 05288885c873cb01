"""
What forms of the moment have to tell people: one arrived, was asked for again, came back.

The matter is one unit's return of one form: settled when it is filed, and when the form is over. The title is looked up when the
notice is read: it may be removed by law, and leaves the house with no message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from luodi.codebook.values import Permission
from luodi.ledger.values import Recorded, row_id
from luodi.notices import registry
from luodi.notices.seats import Seats
from luodi.notices.values import Kind, Matter, News, Settled
from luodi.statistics import facts_moment as facts
from luodi.statistics.queries import moment as queries
from luodi.statistics.values.moment import Moment

FILING = (Permission.FILL_FORM, Permission.SUBMIT_FORM)
LOOKED_BACK = timedelta(days=14)  # a worker may have stood still over a holiday
KIND_OF = {"reminded": Kind.MOMENT_REMINDED, "sent_back": Kind.MOMENT_SENT_BACK}


def key_of(moment: int | str, unit: str) -> str:
    """Name the matter of one unit's return."""
    return f"moment:{moment}:{unit}"


def of_facts(recorded: Sequence[Recorded], seats: Seats) -> Iterator[News]:
    """Tell who owes a form that it arrived, is asked for or came back; a filed one is settled, and all of one that was ended."""
    spoken = {target for fact in recorded for target in targets(fact)}
    forms = {one.id: one for one in queries.moments(ids=spoken)} if spoken else {}
    for fact in recorded:
        if fact.name == facts.MOMENT_FILED.name:
            row = fact.rows["statistics.MomentReturn"][0]
            yield Settled(key_of(row["target"], row["unit"]))
            continue
        for target in targets(fact):
            if target in forms:
                yield from of_form(fact, forms[target], seats)


def targets(fact: Recorded) -> list[int]:
    """Give the form that a fact is about, by its row."""
    if fact.name == facts.MOMENT_SENT.name:
        return [row_id(fact.id, 0)]
    return [fact.rows["statistics.MomentEvent"][0]["target"]] if "statistics.MomentEvent" in fact.rows else []


def of_form(fact: Recorded, moment: Moment, seats: Seats) -> Iterator[News]:
    """Tell what one fact means for the units that owe a form."""
    if fact.name == facts.MOMENT_SENT.name:
        yield from (matter(Kind.MOMENT_SENT, moment, unit, seats) for unit in moment.owed)
        return
    for event in fact.rows["statistics.MomentEvent"]:
        if event["kind"] == "ended":
            yield from (Settled(key_of(moment.id, unit)) for unit in moment.owed)
        elif event["kind"] in KIND_OF:
            yield matter(KIND_OF[event["kind"]], moment, event["unit"], seats)


def matter(kind: Kind, moment: Moment, unit: str, seats: Seats) -> Matter:
    """Give the matter of one unit's return, told to those who fill or submit its forms."""
    params = {"moment": str(moment.id), "unit": unit, "asker": moment.unit}
    return Matter(key_of(moment.id, unit), kind, seats.holding(unit, *FILING), params, moment.due_on)


def of_day(today: date, seats: Seats) -> Iterator[News]:
    """Settle what nobody can file any more."""
    for moment, unit in queries.over_between(today - LOOKED_BACK, today - timedelta(days=1)):
        yield Settled(key_of(moment, unit))


SOURCE = registry.declare(
    registry.Source(
        "statistics.moment",
        tuple(
            one.name
            for one in (
                facts.MOMENT_SENT, facts.MOMENT_FILED, facts.MOMENT_REMINDED, facts.MOMENT_SENT_BACK, facts.MOMENT_ENDED,
            )
        ),
        of_facts,
        of_day,
    )
)  # fmt: skip
