"""Forms of the moment 临时报表: sending one, filling and filing it, reminding, sending back, ending, making it regular."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.ledger import actions as ledger
from luodi.ledger.values import Act, Actor, FactType, Row, own_row, row_id
from luodi.statistics import facts_moment as facts
from luodi.statistics.actions.drafts import ChangedMeanwhile, Typed, conflicts
from luodi.statistics.models import Draft
from luodi.statistics.models_parts import DraftPart
from luodi.statistics.queries import moment as queries
from luodi.statistics.queries import parts
from luodi.statistics.rules import moment as rules
from luodi.statistics.rules.asking import canonical
from luodi.statistics.values.asking import Asking
from luodi.statistics.values.moment import Moment, MomentDraft, MomentStanding


class NoSuchMoment(Refused):
    """There is no such form of the moment, or the unit doesn't owe it. Parameters: `found`."""

    code = "moment.none"


class CannotSend(Refused):
    """The form is not ready to be sent; `problems` says why."""

    code = "moment.not_sent"


class CannotFile(Refused):
    """The return is not ready; `problems` says what is missing and where. The draft stays as it is."""

    code = "moment.not_filed"


class NotNow(Refused):
    """This can't be done with the form as it stands. Parameters depend."""

    code = "moment.not_now"


def reach(*, person: str, today: date) -> frozenset[str] | None:
    """Give the units somebody may ask; None for all."""
    scope = permissions.scope_units(person, Permission.SEND_MOMENT_FORM, on=today)
    return None if scope.everything else scope.units


def send(*, draft: MomentDraft, actor: Actor, today: date) -> Moment:
    """
    Send a form to the units that owe it: one act, with its columns and everybody's rows as they stand today.

    :raises NotAllowed: unless the person sits in the sending unit with the permission
    :raises CannotSend: with every problem
    """
    permissions.require_seat(actor.person, Permission.SEND_MOMENT_FORM, unit=draft.unit, on=today)
    found = rules.sending_problems(draft, today=today, within=reach(person=actor.person, today=today))
    refuse_if_any(found, CannotSend)
    head = (
        draft.title.strip(), draft.unit, draft.subject, today, draft.due_on, draft.closes_on,
        draft.basis or None, draft.number or None, draft.note or None,
    )  # fmt: skip
    columns = [
        (own_row(0), one.name, one.label, one.type, one.unit, one.required, list(one.choices), one.known)
        for one in rules.named(draft.columns)
    ]
    owed = [(own_row(0), unit, list(subjects)) for unit, subjects in draft.owed.items()]
    rows: dict[str, list[Row]] = {
        "statistics.MomentForm": [head],
        "statistics.MomentColumn": [*columns],
        "statistics.MomentOwed": [*owed],
    }
    (fact,) = ledger.record([Act(facts.MOMENT_SENT, subject=f"moment:{draft.unit}", rows=rows)], actor=actor)
    return found_moment(row_id(fact, 0))


def found_moment(id: int) -> Moment:
    """
    Find a form of the moment.

    :raises NoSuchMoment: if there is none
    """
    found = queries.moment(id)
    if found is None:
        raise NoSuchMoment(found=str(id))
    return found


def asked(*, id: int, unit: str, profile: Profile, today: date) -> tuple[Moment, Asking]:
    """
    Give a form of the moment and one unit's table of it.

    :raises NoSuchMoment: if the unit doesn't owe it
    """
    found = found_moment(id)
    if unit not in found.owed:
        raise NoSuchMoment(found=f"{id} {unit}")
    return found, queries.asking_of(found, unit, profile=profile, today=today)


@transaction.atomic
def save_draft(
    *, moment: Moment, unit: str, typed: Typed, seen: int | None, person: str, at: int, today: date
) -> Draft:
    """
    Merge what was typed into the unit's draft; other cells stay.

    :raises NotNow: if the form has ended
    :raises ChangedMeanwhile: if somebody else changed one of these very cells since, with both values
    """
    permissions.require(person, Permission.FILL_FORM, unit=unit, on=today)
    still_open(moment, today)
    kept = Draft.objects.select_for_update().filter(form=moment.form, unit=unit).first() or Draft(
        form=moment.form, period=moment.period, unit=unit, cells=queries.typed_cells(moment, unit)
    )
    clashes = conflicts(kept, typed, seen, person)
    if clashes:
        raise ChangedMeanwhile(*clashes)
    edition = kept.edition + 1
    changed = [key for key, value in typed.cells.items() if kept.cells.get(key) != value]
    kept.marks = {**kept.marks, **{key: [edition, person] for key in changed}}
    kept.cells = {**kept.cells, **typed.cells}
    kept.signatories = {**kept.signatories, **(typed.signatories or {})}
    kept.edition, kept.changed_at, kept.changed_by = edition, at, person
    kept.save()
    return kept


def still_open(moment: Moment, today: date) -> None:
    """
    Refuse for a form that takes nothing any more.

    :raises NotNow: after its last day, or when it was ended
    """
    if not moment.open(today):
        raise NotNow(Problem("moment.over", where=moment.title, params={"last": moment.closes_on.isoformat()}))


def file_return(*, id: int, unit: str, profile: Profile, actor: Actor, today: date) -> int:
    """
    File a unit's return: one act with every cell, what the ledger filled included. Filed again, the last counts. Gives its row.

    :raises NotAllowed: if the person may not fill the unit's forms
    :raises CannotFile: with every problem; the draft stays as it is
    """
    permissions.require(actor.person, Permission.FILL_FORM, unit=unit, on=today)
    found, asking = asked(id=id, unit=unit, profile=profile, today=today)
    problems = rules.filing_problems(found, asking, today=today)
    waiting = parts.waiting_conflicts(form=found.form, period=found.period, unit=unit, asking=lambda: asking)
    if waiting:
        problems.append(Problem("filing.conflicts_open", where=unit, params={"count": waiting}))
    refuse_if_any(problems, CannotFile)
    kept = Draft.objects.filter(form=found.form, unit=unit).first()
    names: Mapping[str, str] = kept.signatories if kept is not None else {}
    known = sum(len(row.known) for row in asking.rows)
    head = (found.id, unit, asking.asked, known, names.get("filler") or None, names.get("telephone") or None)
    cells = [
        (
            found.id,
            row.subject,
            column.id,
            canonical(column, row.values.get(column.id, ""))
            if asking.open(row.subject, column.id)
            else row.values[column.id],
        )
        for row in asking.rows
        for column in asking.columns
    ]
    rows: dict[str, list[Row]] = {
        "statistics.MomentReturn": [head],
        "statistics.MomentCell": [(target, subject, name, text or None) for target, subject, name, text in cells],
    }
    act = Act(facts.MOMENT_FILED, subject=f"moment:{id}:{unit}", rows=rows)
    (fact,) = ledger.record([act], actor=actor, recheck=lambda: still_open(found_moment(id), today))
    Draft.objects.filter(form=found.form, unit=unit).delete()
    DraftPart.objects.filter(form=found.form, unit=unit).delete()
    return row_id(fact, 0)


def remind(*, id: int, actor: Actor, today: date) -> list[str]:
    """
    Remind every unit that has not filed and was not reminded today. Gives them.

    :raises NotNow: if there is nobody to remind
    """
    found = managed(id, actor.person, today)
    still_open(found, today)
    units = rules.to_remind(queries.states([found], today=today), today)
    if not units:
        raise NotNow(Problem("moment.nobody_to_remind", where=found.title))
    record_events(found, facts.MOMENT_REMINDED, [("reminded", unit, None) for unit in units], actor)
    return units


def send_back(*, id: int, unit: str, reason: str, actor: Actor, today: date) -> None:
    """
    Send a unit's return back to be mended.

    :raises NotNow: without a reason, or if there is no return to send back
    """
    found = managed(id, actor.person, today)
    still_open(found, today)
    if not reason.strip():
        raise NotNow(Problem("filing.reason_missing", where=unit))
    state = next((one for one in queries.states([found], today=today, unit=unit)), None)
    if state is None or state.standing is not MomentStanding.SUBMITTED:
        raise NotNow(Problem("moment.not_filed_yet", where=unit, params={"unit": unit}))
    record_events(found, facts.MOMENT_SENT_BACK, [("sent_back", unit, reason.strip())], actor)


def end(*, id: int, actor: Actor, today: date) -> None:
    """
    End a form before its last day.

    :raises NotNow: if it has ended
    """
    found = managed(id, actor.person, today)
    still_open(found, today)
    record_events(found, facts.MOMENT_ENDED, [("ended", "", None)], actor)


def make_regular(*, id: int, actor: Actor, today: date) -> None:
    """
    Hand a form over to the administrators to become one of the profile; its data stay where they are.

    :raises NotNow: if it was handed over already
    """
    found = managed(id, actor.person, today)
    if found.regular:
        raise NotNow(Problem("moment.regular_already", where=found.title))
    record_events(found, facts.MOMENT_MADE_REGULAR, [("regular", "", None)], actor)


def managed(id: int, person: str, today: date) -> Moment:
    """
    Find a form that somebody manages: they sit in the unit that sent it.

    :raises NotAllowed: if they don't
    """
    found = found_moment(id)
    permissions.require_seat(person, Permission.SEND_MOMENT_FORM, unit=found.unit, on=today)
    return found


def record_events(found: Moment, type: FactType, events: list[tuple[str, str, str | None]], actor: Actor) -> None:
    """Append what was done with a form."""
    rows = [(found.id, kind, unit, words) for kind, unit, words in events]
    ledger.record([Act(type, subject=f"moment:{found.id}", rows={"statistics.MomentEvent": rows})], actor=actor)
