"""
Rules for the evidence of figures: which cell takes which kind, and what submitting asks of what was attached. Pure.

When a figure must have evidence is a data check like others (`figure_without_evidence`): the profile sets how it is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from luodi.codebook.values import Measure, Profile
from luodi.kernel.problem import Problem
from luodi.statistics.rules.filing import cell_key
from luodi.statistics.values.reporting import Cell, FiledCell, Owed

MOST = 9  # files a cell: a month's slips, not an archive

Attached = Mapping[Cell, Sequence[tuple[str, str]]]  # kind and digest of each file


def taken_by(measure: Measure | None, profile: Profile) -> tuple[str, ...]:
    """Give the kinds of evidence that figures of a measure take."""
    known = {kind.id for kind in profile.evidence_kinds}
    return tuple(kind for kind in measure.evidence if kind in known) if measure is not None else ()


def attach_problems(
    cell: Cell, kind: str, there: int, *, owed: Owed, profile: Profile, open_cells: frozenset[Cell] | None
) -> Iterator[Problem]:
    """Yield why a file can't be attached to a cell. `there`: how many it has; `open_cells`: only these may be filed."""
    subject, measure = cell
    where = cell_key(cell)
    asked = subject in owed.subjects and measure in owed.measures
    if not asked or (open_cells is not None and cell not in open_cells):
        yield Problem("filing.cell_not_asked", where=where, params={"subject": subject, "measure": measure})
        return
    kinds = taken_by(profile.measure(measure), profile)
    if kind not in kinds:
        yield Problem("filing.evidence_kind", where=where, params={"found": kind, "allowed": ", ".join(kinds) or "—"})
    if there >= MOST:
        yield Problem("filing.evidence_too_many", where=where, params={"most": MOST})


def proven(cells: Sequence[FiledCell], attached: Attached) -> list[FiledCell]:
    """Give the cells with what was attached to them; a blank one proves nothing and carries nothing."""
    return [
        replace(cell, evidence=tuple(attached.get((cell.subject, cell.measure), ())))
        if cell.value is not None
        else cell
        for cell in cells
    ]


def evidence_problems(attached: Attached, cells: Sequence[FiledCell], kept: Collection[str]) -> Iterator[Problem]:
    """Yield what stands in the way of filing what was attached. `kept`: digests of files that are there, none removed by law."""
    filled = {(cell.subject, cell.measure) for cell in cells if cell.value is not None}
    for cell, files in attached.items():
        if files and cell not in filled:
            yield Problem("filing.evidence_without_figure", where=cell_key(cell), params={"count": len(files)})
        for _kind, digest in files:
            if digest not in kept:
                yield Problem("filing.evidence_gone", where=cell_key(cell), params={"found": digest[:12]})
