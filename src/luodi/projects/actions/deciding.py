"""One standing row of a project (a node, an excuse, a problem): finding it, and deciding what another unit claims of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from luodi.codebook.values.organisation import Permission
from luodi.kernel.problem import Problem
from luodi.ledger.models import ProjectionRow
from luodi.ledger.values import Act, Actor
from luodi.projects import facts_workflow as facts
from luodi.projects.actions.office import Desk, desk, refuse, unchanged, write
from luodi.projects.queries import load
from luodi.projects.queries.standing import standing as rows_standing
from luodi.projects.values.drafts import Decision
from luodi.projects.values.rows import Dossier


class State(Protocol):
    """What stands of a row after everything that was done to it."""

    @property
    def row(self) -> int: ...


S = TypeVar("S", bound=State)


@dataclass(frozen=True)
class Claimed:
    """What is to be decided: the row claimed, where it is, the last row about it, what stands, and what speaks against it."""

    row: int | None
    dossier: Dossier
    where: str
    last: int
    theirs: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


def find(
    model: type[ProjectionRow], row: int, *, want: Collection[str], among: Callable[[Dossier], Iterable[S]]
) -> tuple[Dossier, S]:
    """
    Find a row among what stands of its project.

    :raises NotPossible: if there is no such row (any more)
    """
    project = str(getattr(rows_standing(model, id=row).first(), "project", ""))
    dossier = load.dossier(project, want=want)
    state = next((one for one in among(dossier) if one.row == row), None)
    if state is None:
        refuse([Problem("project.row.unknown", f"row={row}", {"found": row})])
    assert state is not None  # noqa: S101  refused above
    return dossier, state


def decide(
    decision: Decision,
    verdict: str,
    *,
    claimed: Callable[[int, Desk], Claimed],
    permission: Permission,
    actor: Actor,
    today: date,
) -> int:
    """
    Agree to a claim (`verified`), or send it back with a reason (`sent_back`). Give the fact's id.

    :raises NotAllowed: if the person may not decide for the project
    :raises Changed: if somebody decided meanwhile
    :raises NotPossible: if it can't be decided, or sent back without a reason
    """
    who = desk(actor=actor, today=today)

    def ready() -> list[Act]:
        one = claimed(decision.row, who)
        who.require(permission, one.dossier)
        silent = verdict == "sent_back" and not decision.reason.strip()
        problems = [
            *unchanged(decision.expected, one.last, where=one.where, theirs=one.theirs),
            *one.problems,
            *([Problem("project.reason.blank", one.where)] if silent else []),
        ]
        refuse(problems)
        row = (one.row, verdict, 0, who.unit, decision.reason.strip() or None)
        return [Act(facts.CLAIM_DECIDED, f"project:{one.dossier.code}", {"ledger.Verdict": [row]})]

    return write(ready, actor=actor)[0]
