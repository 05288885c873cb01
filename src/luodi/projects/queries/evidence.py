"""
Files of evidence on projects: that they exist, for what, and who checked them. Anybody who sees the project sees this much.

Whether somebody may open one is decided (and logged) by `identity.actions.open_evidence` with the `access` given here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from luodi.identity.values import EvidenceAccess
from luodi.ledger.values import fact_of
from luodi.projects import models
from luodi.projects.queries.acts import authors
from luodi.projects.queries.standing import rulings, standing

CARRIERS = (models.StageEvent, models.NodeEvent, models.Excuse, models.ProblemEvent)
SUBJECTS = ("stage", "light", "kind")


@dataclass(frozen=True)
class EvidenceFile:
    """One file handed in with one row: what it proves, who filed it, which units check it and who has."""

    project: str
    row: int
    table: str
    digest: str
    kind: str
    subject: str
    known_at: int
    access: EvidenceAccess
    checked_by: tuple[tuple[str, str], ...]  # (person, unit) of each verdict


def evidence_files(projects: Collection[str]) -> list[EvidenceFile]:
    """List the files on standing rows of projects, the latest first; a fixed number of queries."""
    carried = []
    for model in CARRIERS:
        decided = rulings(model, project__in=projects)
        carried += [(model._meta.label, row, decided.get(row.id, [])) for row in _with_files(model, projects)]
    facts = {fact_of(row.id) for _table, row, _said in carried}
    people = authors(facts | {fact_of(one.row) for _table, _row, said in carried for one in said})
    files = [file for table, row, said in carried for file in _files(table, row, said, people)]
    return sorted(files, key=lambda file: (file.known_at, file.row, file.digest), reverse=True)


def _with_files(model: Any, projects: Collection[str]) -> list[Any]:
    return [row for row in standing(model, project__in=projects) if row.evidence]


def _files(table: str, row: Any, said: Any, people: dict[int, tuple[str, str, str, str]]) -> Iterator[EvidenceFile]:
    _act, person, unit, _via = people[fact_of(row.id)]
    kinds = getattr(row, "evidence_kinds", [])
    checked = tuple((people[fact_of(one.row)][1], people[fact_of(one.row)][2]) for one in said)
    units = frozenset(filter(None, getattr(row, "verifier", "").split(";"))) | {unit for _person, unit in checked}
    for place, digest in enumerate(row.evidence):
        yield EvidenceFile(
            project=row.project,
            row=row.id,
            table=table,
            digest=digest,
            kind=kinds[place] if place < len(kinds) else "",
            subject=str(next((getattr(row, name) for name in SUBJECTS if getattr(row, name, "")), "")),
            known_at=row.known_at,
            access=EvidenceAccess(digest, person, getattr(row, "claimed_by", "") or unit, units),
            checked_by=checked,
        )
