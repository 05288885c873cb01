"""
Files that come back into a draft (拆分下发、回收合并): kept with who and when, merged cell by cell, conflicts settled by a person.

Working acts, like saving a draft: nothing here is a fact. What is submitted afterwards is one, and names the files it was made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from luodi.codebook.values import Form, Permission, Profile
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused
from luodi.statistics.actions import drafts
from luodi.statistics.actions.filing import owed_form
from luodi.statistics.models_parts import Allotment, DraftPart
from luodi.statistics.queries import asking as asked_queries
from luodi.statistics.queries import filings
from luodi.statistics.queries.parts import as_value, kept_cells
from luodi.statistics.rules import merging
from luodi.statistics.values.asking import NOTE, Asking
from luodi.statistics.values.reporting import Standing

# Puts cells (by `subject|column`) into whatever draft the asking is of.
Save = Callable[[Mapping[str, str]], object]


class NoSuchPart(Refused):
    """The file is not there (any more). Parameters: `part`."""

    code = "filing.no_part"


class CannotTake(Refused):
    """Nothing may be filled in now: it is submitted, accepted or sealed. Parameters: `standing`."""

    code = "filing.not_open_for_parts"


@dataclass(frozen=True)
class Came:
    """A file as it was read (exchange reads it). `faults`: [sheet, row, column, header, code, params, blocking] each."""

    name: str
    digest: str
    content: bytes
    part: str
    cells: Mapping[str, str]
    base: Mapping[str, str]
    faults: Sequence[Sequence[Any]] = ()
    strangers: Sequence[Sequence[Any]] = ()


@dataclass(frozen=True)
class Taken:
    """What became of a file: how many cells went in, said the same, wait for a choice; or that it was here before."""

    id: int
    name: str
    taken: int = 0
    same: int = 0
    waiting: int = 0
    faults: int = 0
    again: bool = False


def asked_form(*, profile: Profile, form: str, period: Period, unit: str) -> Asking:
    """
    Give a unit's table of a form, with what it has typed so far.

    :raises NotOwed: if the unit doesn't owe the form
    """
    chosen: Form = drafts.form_of(profile, form)
    owed = owed_form(profile=profile, form=form, period=period, unit=unit)
    kept = drafts.draft(form=form, period=period.label, unit=unit)
    filed = filings.return_of(form=form, period=period.label, unit=unit)
    reopened = filed is not None and filed.standing is Standing.REOPENED
    only = frozenset(filed.reopened) if filed is not None and reopened else None
    name = identity.tree(on=period.last).name(unit)
    return asked_queries.asking_of(
        profile=profile, form=chosen, owed=owed, period=period, kept=kept, only=only, unit_name=name
    )


def refuse_unless_open(*, form: str, period: str, unit: str) -> None:
    """
    Refuse where a form's draft takes nothing any more.

    :raises CannotTake: if it was submitted and neither came back nor was reopened
    """
    filed = filings.return_of(form=form, period=period, unit=unit)
    if filed is not None and filed.standing not in (Standing.SENT_BACK, Standing.REOPENED):
        raise CannotTake(Problem(CannotTake.code, where=f"form={form} period={period} unit={unit}"))


def form_saver(*, profile: Profile, form: str, period: Period, unit: str, person: str, at: int, today: date) -> Save:
    """Give what puts cells into the draft of a form of the profile: numbers as cells, words as notes."""

    def save(cells: Mapping[str, str]) -> object:
        numbers = {key: text for key, text in cells.items() if f"|{NOTE}" not in key}
        notes: dict[str, dict[str, str]] = {}
        for key, text in cells.items():
            subject, _, column = key.rpartition("|")
            if column.startswith(NOTE):
                notes.setdefault(subject, {})[column.removeprefix(NOTE)] = text
        typed = drafts.Typed(numbers, notes)
        return drafts.save_draft(
            profile=profile,
            form=form,
            period=period,
            unit=unit,
            typed=typed,
            seen=None,
            person=person,
            at=at,
            today=today,
        )

    return save


@transaction.atomic
def take_part(*, asking: Asking, came: Came, save: Save, person: str, at: int, today: date) -> Taken:
    """
    Merge one file into the draft: claims nobody contradicts go in, the others wait for a choice. The same file again changes nothing.

    :param asking: the table as it stands now; several files are taken one after the other, each against the table before it
    :raises NotAllowed: if the person may not fill the unit's forms
    """
    permissions.require(person, Permission.FILL_FORM, unit=asking.unit, on=today)
    rows = DraftPart.objects.select_for_update().filter(form=asking.form, period=asking.period, unit=asking.unit)
    earlier = [as_value(row) for row in rows.order_by("id")]
    before = next((one for one in earlier if one.digest == came.digest), None)
    if before is not None:
        return Taken(before.id, before.name, before.taken, faults=before.faults, again=True)
    row = DraftPart(
        form=asking.form, period=asking.period, unit=asking.unit, part=came.part[:40], name=came.name[-200:],
        digest=came.digest, by=person, at=at, content=came.content, cells=dict(came.cells), base=dict(came.base),
        faults=[list(one) for one in came.faults], strangers=[list(one) for one in came.strangers],
    )  # fmt: skip
    values, settled = merging.take(kept_cells(asking), as_value(row), earlier)
    if values:
        save(values)
    row.settled = settled
    row.save()
    same = sum(how == merging.SAME for how in settled.values())
    waiting = len(merging.claims(as_value(row))) - len(settled)
    return Taken(row.id, row.name, len(values), same, waiting, len(came.faults))


@transaction.atomic
def settle(*, asking: Asking, choices: Mapping[str, str], save: Save, person: str, today: date) -> int:
    """
    Choose for cells with several answers: `kept` leaves the draft as it is, else the id of the file whose answer holds. Gives how many.

    :raises NoSuchPart: if a chosen file is not there or says nothing for the cell
    """
    permissions.require(person, Permission.FILL_FORM, unit=asking.unit, on=today)
    found = DraftPart.objects.select_for_update().filter(form=asking.form, period=asking.period, unit=asking.unit)
    rows = {row.id: row for row in found.order_by("id")}
    values: dict[str, str] = {}
    for key, choice in choices.items():
        if choice != merging.KEPT:
            row = rows.get(int(choice)) if choice.isdigit() else None
            if row is None or key not in row.cells:
                raise NoSuchPart(Problem(NoSuchPart.code, where=key, params={"part": choice}))
            values[key] = row.cells[key]
        for row in rows.values():
            if key in merging.claims(as_value(row)):
                row.settled = {**row.settled, key: merging.TAKEN if str(row.id) == choice else merging.KEPT}
    if values:
        save(values)
    for row in rows.values():
        row.save(update_fields=["settled"])
    return len(choices)


def part_row(asking: Asking, part: int) -> DraftPart:
    """
    Give one file with its content.

    :raises NoSuchPart: if it is not there
    """
    row = DraftPart.objects.filter(form=asking.form, period=asking.period, unit=asking.unit, id=part).first()
    if row is None:
        raise NoSuchPart(Problem(NoSuchPart.code, params={"part": part}))
    return row


def remembered(*, unit: str, way: str) -> dict[str, str]:
    """Give who was chosen for each row when the unit last split this way."""
    return dict(Allotment.objects.filter(unit=unit, way=way).values_list("subject", "part"))


@transaction.atomic
def remember(*, unit: str, way: str, parts: Mapping[str, str], person: str, today: date) -> None:
    """Remember who answers for each row, for the next period."""
    permissions.require(person, Permission.FILL_FORM, unit=unit, on=today)
    Allotment.objects.filter(unit=unit, way=way, subject__in=list(parts)).delete()
    Allotment.objects.bulk_create(
        Allotment(unit=unit, way=way, subject=code, part=part) for code, part in parts.items() if part
    )
