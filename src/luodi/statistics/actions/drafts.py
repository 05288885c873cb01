"""Writing a form before it is submitted: drafts are kept, not facts. Nothing typed is lost, nobody overwrites unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from luodi.codebook import queries as codebook
from luodi.codebook.values import Form, Permission, Profile
from luodi.identity import permissions
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused
from luodi.statistics.models import Draft
from luodi.statistics.queries import evidence, filings
from luodi.statistics.rules import filing as rules

HAND_PERMISSION = {
    "fill": Permission.FILL_FORM,
    "check": Permission.CHECK_FORM,
    "sign": Permission.SIGN_FORM,
    "submit": Permission.SUBMIT_FORM,
}


class NoSuchForm(Refused):
    """The profile has no such form. Parameters: `form`, `allowed`."""

    code = "filing.no_form"


class ChangedMeanwhile(Refused):
    """Somebody else saved the same cells since this page was loaded; both values are in the problems. Parameters: `by`."""

    code = "filing.changed_meanwhile"


class NotNextHand(Refused):
    """The steps inside the unit come in order. Parameters: `state`, `next`."""

    code = "filing.not_next_hand"


@dataclass(frozen=True)
class Typed:
    """What a page or a workbook brings: cells by key (`subject|measure`), notes by project, signatories, the scan."""

    cells: Mapping[str, object]
    notes: Mapping[str, Mapping[str, str]] | None = None
    signatories: Mapping[str, str] | None = None
    scan: str | None = None


def form_of(profile: Profile, form: str) -> Form:
    """Give a form, or refuse naming those there are."""
    found = profile.form(form)
    if found is None:
        raise NoSuchForm(form=form, allowed=", ".join(one.id for one in profile.forms))
    return found


def draft(*, form: str, period: str, unit: str) -> Draft:
    """Give what a unit has written so far; else, unsaved, what came back to be mended, or an empty draft."""
    return Draft.objects.filter(form=form, period=period, unit=unit).first() or begun(form, period, unit)


def begun(form: str, period: str, unit: str) -> Draft:
    """Begin a draft: with all of a return that was sent back, so that nobody types it twice; else empty."""
    empty = Draft(form=form, period=period, unit=unit)
    filed = filings.to_mend(form=form, period=period, unit=unit)
    if filed is None:
        return empty
    empty.cells, empty.notes, empty.signatories, empty.scan = filings.as_typed(filed, codebook.profile())
    empty.evidence = evidence.attached_to(filed)
    return empty


@transaction.atomic
def save_draft(
    *,
    profile: Profile,
    form: str,
    period: Period,
    unit: str,
    typed: Typed,
    seen: int | None,
    person: str,
    at: int,
    today: date,
) -> Draft:
    """
    Merge what was typed into the unit's draft; other cells stay. Writing takes the form back to its first hand.

    :param seen: the edition the writer had before them; None takes the newest as it is
    :raises ChangedMeanwhile: if somebody else changed one of these very cells since, with both values; nothing is saved
    """
    permissions.require(person, Permission.FILL_FORM, unit=unit, on=today)
    form_of(profile, form)
    kept = Draft.objects.select_for_update().filter(form=form, period=period.label, unit=unit).first()
    kept = kept or begun(form, period.label, unit)
    clashes = conflicts(kept, typed, seen, person)
    if clashes:
        raise ChangedMeanwhile(*clashes)
    edition = kept.edition + 1
    changed = [key for key, value in typed.cells.items() if kept.cells.get(key) != value]
    kept.marks = {**kept.marks, **{key: [edition, person] for key in changed}}
    kept.cells = {**kept.cells, **typed.cells}
    kept.notes = {
        **kept.notes,
        **{code: {**kept.notes.get(code, {}), **parts} for code, parts in (typed.notes or {}).items()},
    }
    kept.signatories = {**kept.signatories, **(typed.signatories or {})}
    kept.scan = kept.scan if typed.scan is None else typed.scan
    kept.state, kept.edition = "fill", edition
    kept.changed_at, kept.changed_by = at, person
    kept.save()
    return kept


def conflicts(kept: Draft, typed: Typed, seen: int | None, person: str) -> list[Problem]:
    """Name the cells that somebody else changed since edition `seen` to something other than what is typed now."""
    if seen is None or seen == kept.edition:
        return []
    found = []
    for key, value in typed.cells.items():
        edition, by = kept.marks.get(key, (0, ""))
        if edition > seen and by != person and kept.cells.get(key) != value:
            params = {"by": by, "theirs": kept.cells.get(key), "yours": value}
            found.append(Problem("filing.changed_meanwhile", where=key, params=params))
    return found


@transaction.atomic
def take_hand(
    *, profile: Profile, form: str, period: Period, unit: str, step: str, person: str, at: int, today: date
) -> Draft:
    """
    Put one's name to a step inside the unit: check (审核) or sign (签发).

    :raises NotNextHand: if another step comes first
    """
    permissions.require(person, HAND_PERMISSION[step], unit=unit, on=today)
    kept = Draft.objects.select_for_update().filter(form=form, period=period.label, unit=unit).first()
    state = kept.state if kept else ""
    expected = rules.next_hand(form_of(profile, form), state)
    if kept is None or step != expected:
        raise NotNextHand(state=state or "—", next=expected or "—")
    kept.state, kept.edition = step, kept.edition + 1
    kept.hands = [*kept.hands, [step, person, at]]
    kept.changed_at, kept.changed_by = at, person
    kept.save()
    return kept
