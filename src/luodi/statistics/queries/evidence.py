"""
Files of evidence on figures: that they exist, of which kind, and who checked them. Whoever sees the figure sees this much.

Whether somebody may open one is decided (and logged) by `identity.actions.open_evidence` with the `access` given here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from luodi.identity.values import EvidenceAccess
from luodi.ledger import queries as ledger
from luodi.ledger.models import Evidence, Void
from luodi.ledger.values import fact_of, row_id
from luodi.projects.queries.acts import authors
from luodi.statistics.models import Figure, Submission
from luodi.statistics.queries.figures import chunks
from luodi.statistics.queries.filings import cells_of, judgements
from luodi.statistics.rules.filing import cell_key
from luodi.statistics.values.reporting import Cell, Filing, Judgement

Files = tuple[tuple[str, str], ...]  # kind and digest of each


@dataclass(frozen=True)
class FigureFile:
    """One file filed with one figure. `checked_by`: person and unit of each acceptance while it stands; `access`: who may open it."""

    figure: int
    subject: str
    measure: str
    period: str
    kind: str
    digest: str
    known_at: int
    access: EvidenceAccess
    checked_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Backing:
    """What a figure brought with it: the last day it speaks of, since when it counts by its own fact, the kinds of its files."""

    period_last: date
    accepted_at: int | None
    kinds: tuple[str, ...]


def attached_to(filing: Filing) -> dict[str, list[list[str]]]:
    """Give the evidence of a return the way a draft keeps it, to be mended: by cell, kind, digest and who filed it."""
    rows = [row for row in cells_of(filing.id) if row.evidence]
    recorded = ledger.fact(filing.fact) if rows else None
    by = recorded.actor.person if recorded else ""
    return {cell_key((row.subject, row.measure)): [[kind, digest, by] for kind, digest in pairs(row)] for row in rows}


def kept_files(attached: Mapping[Cell, Sequence[tuple[str, str]]]) -> frozenset[str]:
    """Tell which of the attached files are kept and have not been removed by law."""
    digests = {digest for files in attached.values() for _kind, digest in files}
    if not digests:
        return frozenset()
    return frozenset(Evidence.objects.filter(digest__in=digests, removed_at=None).values_list("digest", flat=True))


def pairs(row: Figure) -> Files:
    """Give the files of a figure with their kinds."""
    return tuple(zip(row.evidence_kinds, row.evidence, strict=True))


def files_by_figure(figures: Iterable[int]) -> dict[int, Files]:
    """Give the files of those among some figures that have any, by row id."""
    found: dict[int, Files] = {}
    for part in chunks(sorted(set(figures))):
        rows = Figure.objects.filter(id__in=part).exclude(evidence=[]).values_list("id", "evidence_kinds", "evidence")
        found |= {own: tuple(zip(kinds, digests, strict=True)) for own, kinds, digests in rows}
    return found


def backing(figures: Iterable[int]) -> dict[int, Backing]:
    """Give what each of some figures brought with it, by row id."""
    columns = ("id", "period_last", "accepted_at", "evidence_kinds")
    found: dict[int, Backing] = {}
    for part in chunks(sorted(set(figures))):
        rows = Figure.objects.filter(id__in=part).values_list(*columns)
        found |= {own: Backing(last, accepted, tuple(kinds)) for own, last, accepted, kinds in rows}
    return found


def files_of_return(*, form: str, period: str, unit: str) -> dict[Cell, list[FigureFile]]:
    """List the files on what a unit filed last for each cell of a form."""
    last: dict[Cell, Figure] = {}
    for row in Figure.objects.filter(form=form, period=period, unit=unit).order_by("known_at", "id"):
        last[(row.subject, row.measure)] = row
    found: dict[Cell, list[FigureFile]] = {}
    for file in files_on([row for row in last.values() if row.evidence]):
        found.setdefault((file.subject, file.measure), []).append(file)
    return found


def files_of_subjects(subjects: Collection[str]) -> list[FigureFile]:
    """List the files on figures of projects (or units), the latest period first; a fixed number of queries."""
    rows = Figure.objects.filter(subject__in=subjects).exclude(evidence=[])
    void = Void.objects.filter(table="statistics.Figure").values("target")
    return files_on(list(rows.exclude(id__in=void).order_by("-period_last", "measure", "-id")))


def files_of_figure(figure: int) -> list[FigureFile]:
    """List the files on one figure, by its row id."""
    return files_on(list(Figure.objects.filter(id=figure).exclude(evidence=[])))


def files_on(rows: Sequence[Figure]) -> list[FigureFile]:
    """List the files on some figures, with who filed them, who checks them and who has: a fixed number of queries."""
    if not rows:
        return []
    facts = {fact_of(row.id) for row in rows}
    said = judgements([row_id(fact, 0) for fact in facts])
    people = authors(facts | {fact_of(one.row) for spoken in said.values() for one in spoken})
    heads = Submission.objects.filter(id__in=[row_id(fact, 0) for fact in facts]).values_list("id", "steps")
    steps = {fact_of(own): tuple(chain) for own, chain in heads}
    found = []
    for row in rows:
        fact = fact_of(row.id)
        checked = tuple((people[fact_of(one.row)][1], one.unit) for one in agreed(said.get(fact, ())))
        access = (people[fact][1], row.unit or people[fact][2], frozenset(steps.get(fact, ())))
        found += [
            FigureFile(
                row.id, row.subject, row.measure, row.period, kind, digest, row.known_at,
                EvidenceAccess(digest, *access), checked,
            )
            for kind, digest in pairs(row)
        ]  # fmt: skip
    return found


def agreed(said: Sequence[Judgement]) -> list[Judgement]:
    """Give the acceptances that stand: those since it was last sent back or taken back."""
    found: list[Judgement] = []
    for one in said:
        found = [*found, one] if one.verdict in ("checked", "accepted") else []
    return found
