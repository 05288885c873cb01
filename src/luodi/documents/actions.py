"""Making a paper: load, put together, record what it says, write the file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from luodi.codebook import queries as codebook
from luodi.codebook.load import SHIPPED
from luodi.codebook.values.organisation import Permission
from luodi.codebook.values.papers import Paper
from luodi.codebook.values.profile import Profile
from luodi.documents import context, facts, queries, render
from luodi.documents.queries.made import made as read_made
from luodi.documents.values import SUFFIX, Bulletin, Edition, Kind, Made
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.indicators import references
from luodi.indicators.references import Reference
from luodi.kernel.period import Period
from luodi.kernel.problem import Refused
from luodi.ledger import actions as ledger
from luodi.ledger import queries as facts_of
from luodi.ledger.values import Act, Actor

OF_A_UNIT = (Kind.TABLE, Kind.WALL)  # papers that a single unit may have


class CannotWrite(Refused):
    """The file can't be written. Parameters: `file`, `why`."""

    code: ClassVar[str] = "bulletin.cannot_write"


class UnitNotHere(Refused):
    """This kind of paper is of the whole city. Parameters: `kind`, `unit`."""

    code: ClassVar[str] = "bulletin.unit_not_here"


class NotBegun(Refused):
    """The period lies ahead. Parameters: `period`, `first`."""

    code: ClassVar[str] = "bulletin.not_begun"


def make_paper(
    *,
    kind: str,
    period: str,
    edition: str = "final",
    checking: bool = False,
    unit: str = "",
    actor: Actor,
    today: date,
    out: Path,
    profile: Profile | None = None,
) -> Made:
    """
    Make a paper of a period (`kind` notice, brief, table or wall; `edition` final or flash) and write it to `out`.

    Whoever publishes papers may make the city's; whoever exports a unit's figures may make that unit's. That it was made is a fact,
    and so is, on a checking edition, the question behind each figure.

    :raises NotAllowed: if the person may not
    :raises FinalNeedsSeal: for a final edition of a period that is not sealed
    :raises NoSuchPaper, NoSuchUnit, UnitNotHere, NotBegun, CannotWrite, BadPeriod: as they say
    :raises luodi.documents.render.word.TemplateBroken: if the profile's template can't be filled
    """
    profile = profile or codebook.profile()
    wanted, read = Kind(kind), profile.calendar.accounting_year.parse(period)
    whole = unit in ("", identity.tree(on=read.last).city(profile))
    permission = Permission.PUBLISH_PAPERS if whole else Permission.EXPORT
    permissions.require(actor.person, permission, on=today, unit=None if whole else unit)
    if not whole and wanted not in OF_A_UNIT:
        raise UnitNotHere(kind=wanted, unit=unit)
    if read.first > today:
        raise NotBegun(period=read.label, first=read.first)
    paper = queries.paper_of(profile, wanted)
    found = queries.sources(
        paper=paper,
        profile=profile,
        period=read,
        edition=Edition(edition),
        checking=checking,
        unit="" if whole else unit,
        today=today,
    )
    return _made(context.bulletin(found), paper, read, "" if whole else unit, actor, out)


def _made(bulletin: Bulletin, paper: Paper, period: Period, unit: str, actor: Actor, out: Path) -> Made:
    """Lay out once without trace numbers, so that a broken template records nothing; then record, number, write."""
    template = _template(paper)
    content = render.rendered(bulletin, {}, template=template)
    asked = questions(bulletin) if bulletin.head.checking else []
    name = f"{bulletin.head.kind}:{period.label}:{bulletin.head.edition}"
    _writable(out)
    numbers: dict[Reference, str] = {}
    if asked:
        kept = ledger.record(references.acts(asked, paper=name), actor=actor)
        numbers = references.numbers(kept, asked)
        content = render.rendered(bulletin, numbers, template=template)
    write(out, content)
    act = Act(
        facts.PAPER_MADE,
        f"paper:{name}",
        details={
            "kind": bulletin.head.kind.value,
            "period": period.label,
            "edition": bulletin.head.edition.value,
            "checking": bulletin.head.checking,
            "unit": unit,
            "title": bulletin.head.title,
            "digest": hashlib.sha256(content).hexdigest(),
            "seal": bulletin.head.seal.hash if bulletin.head.seal else "",
            "references": len(numbers),
            "first_reference": _ends(numbers)[0],
            "last_reference": _ends(numbers)[1],
            "filed": bulletin.filing.filed,
            "owed": bulletin.filing.returns,
            "corrections": len(bulletin.corrections),
        },
    )
    (fact,) = ledger.record([act], actor=actor)
    recorded = facts_of.fact(fact)
    assert recorded is not None  # noqa: S101
    return read_made(recorded)


def _template(paper: Paper) -> Path | None:
    """Find a paper's template in the profile's folder; a section taken over from the shipped profile has it there."""
    if not paper.template:
        return None
    own = Path(settings.PROFILE) / paper.template
    return own if own.is_file() else SHIPPED / paper.template


def _ends(numbers: dict[Reference, str]) -> tuple[str, str]:
    listed = list(numbers.values())
    return (listed[0], listed[-1]) if listed else ("", "")


def questions(bulletin: Bulletin) -> Sequence[Reference]:
    """List the question behind each figure that a paper prints, each once, in reading order."""
    found = [one.reference for one in render.figures(bulletin) if one.reference is not None and one.known]
    return list(dict.fromkeys(found))


def suffix_of(kind: str) -> str:
    """Tell what a paper's file name ends with."""
    return SUFFIX[Kind(kind)]


def _writable(out: Path) -> None:
    """Refuse before anything is recorded when the place can't be written."""
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK) or out.is_dir():
        raise CannotWrite(file=str(out), why="no such folder" if not out.parent.is_dir() else "not writable")


def write(out: Path, content: bytes) -> None:
    """Put the file in its place whole or not at all."""
    beside = out.with_name(f".{out.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as broken:
        beside.unlink(missing_ok=True)
        raise CannotWrite(file=str(out), why=str(broken.strerror)) from None
