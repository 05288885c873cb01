"""
Attaching evidence to the cells of a draft, and taking it off again.

Working acts, like saving a draft: nothing here is a fact. The submission holds the digests with each figure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from luodi.codebook.values import Permission, Profile
from luodi.identity import permissions
from luodi.kernel.period import Period
from luodi.kernel.problem import Refused, refuse_if_any
from luodi.statistics.actions import drafts
from luodi.statistics.actions.filing import open_cells_of, owed_form
from luodi.statistics.models import Draft
from luodi.statistics.rules import attaching as rules
from luodi.statistics.rules.filing import cell_key
from luodi.statistics.values.reporting import Cell


class CannotAttach(Refused):
    """The file can't be attached to this cell. `problems` says why."""

    code = "filing.evidence_refused"


def attach(
    *, profile: Profile, form: str, period: Period, unit: str, cell: Cell, kind: str, digest: str, person: str, at: int,
    today: date,
) -> Draft:  # fmt: skip
    """
    Attach a stored file to a cell of the unit's draft; the same file twice is once. Takes the form back to its first hand.

    :param digest: of a file kept by `ledger.evidence.store`
    :raises NotAllowed: if the person doesn't fill forms of the unit
    :raises CannotAttach: if the cell isn't asked or open, its measure doesn't take the kind, or it has too many files
    """
    permissions.require(person, Permission.FILL_FORM, unit=unit, on=today)
    # Who owes what is worked out before the transaction: inside one nothing that is kept between requests may be used.
    owed = owed_form(profile=profile, form=form, period=period, unit=unit)
    open_cells = open_cells_of(form=form, period=period.label, unit=unit)

    def check(there: int) -> None:
        found = rules.attach_problems(cell, kind, there, owed=owed, profile=profile, open_cells=open_cells)
        refuse_if_any(list(found), CannotAttach)

    return _attach(form, period.label, unit, cell, [kind, digest, person], at, check)


@transaction.atomic
def _attach(
    form: str, period: str, unit: str, cell: Cell, file: list[str], at: int, check: Callable[[int], None]
) -> Draft:
    kept, files = _kept(form, period, unit, cell)
    others = [one for one in files if one[1] != file[1]]
    check(len(others))
    return kept if len(others) < len(files) else _changed(kept, cell, [*files, file], file[2], at)


@transaction.atomic
def detach(
    *,
    profile: Profile,
    form: str,
    period: Period,
    unit: str,
    cell: Cell,
    digest: str,
    person: str,
    at: int,
    today: date,
) -> Draft:
    """
    Take a file off a cell of the unit's draft; the file itself stays in the store.

    :raises NotAllowed: if the person doesn't fill forms of the unit
    """
    permissions.require(person, Permission.FILL_FORM, unit=unit, on=today)
    drafts.form_of(profile, form)
    kept, files = _kept(form, period.label, unit, cell)
    left = [one for one in files if one[1] != digest]
    return kept if left == files else _changed(kept, cell, left, person, at)


def _kept(form: str, period: str, unit: str, cell: Cell) -> tuple[Draft, list[Any]]:
    kept = Draft.objects.select_for_update().filter(form=form, period=period, unit=unit).first()
    kept = kept or drafts.begun(form, period, unit)
    return kept, kept.evidence.get(cell_key(cell), [])


def _changed(kept: Draft, cell: Cell, files: list[Any], person: str, at: int) -> Draft:
    others = {key: value for key, value in kept.evidence.items() if key != cell_key(cell)}
    kept.evidence = {**others, cell_key(cell): files} if files else others
    kept.state, kept.edition = "fill", kept.edition + 1
    kept.changed_at, kept.changed_by = at, person
    kept.save()
    return kept
