"""Evidence on the cells of a form: what a page sends of it, and what is shown of it beside each cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from luodi.identity import queries as identity
from luodi.identity.rules.secrecy import may_open
from luodi.ledger import clock, evidence
from luodi.statistics.actions import attaching, filing
from luodi.statistics.queries.evidence import FigureFile, files_of_return
from luodi.statistics.rules.attaching import taken_by
from luodi.statistics.rules.filing import cell_key, split_key
from luodi.web.uploads import read_upload

FIELD = "proof:"  # proof:KIND:SUBJECT|MEASURE


def attach_uploaded(request: HttpRequest, where: Mapping[str, Any]) -> list[str]:
    """
    Attach every file the page sent to its cell; give the cells.

    :raises BadUpload: if one is empty, too large, or not a picture or PDF
    :raises CannotAttach: if the cell does not take it
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    cells = []
    for name in request.FILES:
        if not name.startswith(FIELD) or name.count(":") < 2:
            continue
        kind, key = name.removeprefix(FIELD).split(":", 1)
        for file in request.FILES.getlist(name):
            assert isinstance(file, UploadedFile)  # noqa: S101  what Django puts there
            content, media_type = read_upload(file, images_only=True)
            attaching.attach(
                **where, cell=split_key(key), kind=kind, digest=evidence.store(content, media_type),
                person=viewer.person, at=clock.now(), today=viewer.today,
            )  # fmt: skip
        cells.append(key)
    return cells


def detach_asked(request: HttpRequest, where: Mapping[str, Any]) -> list[str]:
    """Take off the file that the pressed button names (`DIGEST SUBJECT|MEASURE`); give the cells."""
    viewer = request.viewer  # type: ignore[attr-defined]
    digest, _, key = request.POST.get("detach", "").partition(" ")
    if not key:
        return []
    attaching.detach(
        **where, cell=split_key(key), digest=digest, person=viewer.person, at=clock.now(), today=viewer.today
    )
    return [key]


def evidence_of_cells(viewer: Any, shown: filing.Preview) -> dict[str, dict[str, Any]]:
    """
    Give by cell which kinds of evidence it takes and what it has: as attached to the draft where it may be filled, else as filed.

    Cells of measures that take none are left out.
    """
    profile, owed = viewer.profile, shown.owed
    kinds = {kind.id: kind for kind in profile.evidence_kinds}
    takes = {measure: taken_by(profile.measure(measure), profile) for measure in owed.measures}
    if not any(takes.values()):
        return {}
    filed = files_of_return(form=owed.form, period=owed.period, unit=owed.unit)
    people = identity.people()
    found: dict[str, dict[str, Any]] = {}
    for subject in owed.subjects:
        for measure in (one for one in owed.measures if takes[one]):
            key = cell_key((subject, measure))
            typed = [
                {"digest": digest, "kind": kinds.get(kind), "by": name_of(people, by), "figure": None}
                for kind, digest, by in shown.draft.evidence.get(key, ())
            ]
            there = [as_shown(viewer, one, kinds, people) for one in filed.get((subject, measure), ())]
            open_now = shown.open_cells is None or (subject, measure) in shown.open_cells
            own = typed if open_now and (typed or shown.draft.edition) else there
            found[key] = {"takes": [kinds[kind] for kind in takes[measure]], "files": own}
    return found


def as_shown(viewer: Any, file: FigureFile, kinds: Mapping[str, Any], people: Mapping[str, Any]) -> dict[str, Any]:
    """Give a filed file as a chip: its kind, who filed it, who checked the figure, whether this person may open it."""
    return {
        "digest": file.digest, "kind": kinds.get(file.kind), "figure": file.figure, "by": name_of(people, file.access.filed_by),
        "opens": may_open(viewer.who, file.access),
        "checked": [f"{viewer.who.tree.name(unit)} {name_of(people, person)}" for person, unit in file.checked_by],
    }  # fmt: skip


def name_of(people: Mapping[str, Any], person: str) -> str:
    """Give a person's name; the id where it was removed."""
    found = people.get(person)
    return (found.name if found else None) or person
