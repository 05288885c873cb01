"""
How every act on projects runs: who acts is known once, the act is prepared and checked, and prepared again under the lock.

If what it would write has changed meanwhile, somebody else was quicker and is named by the problems; nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from luodi.codebook import queries as codebook
from luodi.codebook.values.organisation import Permission
from luodi.codebook.values.profile import Profile
from luodi.identity import permissions
from luodi.identity.permissions import NotAllowed as NotAllowed
from luodi.identity.rules import standing
from luodi.identity.rules.standing import Standing
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.ledger import actions as ledger
from luodi.ledger.values import Act, Actor
from luodi.projects.rules import secrecy
from luodi.projects.values.rows import Dossier


class NotPossible(Refused):
    """The act does not stand. `problems` says why, all reasons at once."""

    code = "project.refused"


class Changed(Refused):
    """Somebody else has changed it since it was read. `problems` carry what stands now (`theirs`)."""

    code = "project.changed"


@dataclass(frozen=True)
class Desk:
    """Who acts, on what day, under which profile: asked once per act."""

    actor: Actor
    today: date
    profile: Profile
    who: Standing

    @property
    def unit(self) -> str:
        """Give the unit acted for: as said, else the first one the person sits in."""
        return self.actor.unit or (self.who.posts[0][0].unit if self.who.posts else "")

    def require(self, permission: Permission, dossier: Dossier, *others: Permission) -> None:
        """Refuse unless the person has one of these permissions for a project."""
        self.require_units(permission, secrecy.units_of(dossier), *others, answers_for=self.answers_for(dossier))

    def require_units(
        self, permission: Permission, units: frozenset[str], *others: Permission, answers_for: bool = False
    ) -> None:
        """Refuse unless the person has one of these permissions for any of the units."""
        self.sits_in_unit(permission)
        scopes = [standing.scope(self.who, one) for one in (permission, *others)]
        if not any(scope.covers(*units, answers_for=answers_for) for scope in scopes):
            self.refuse(permission, " ".join(sorted(units)))

    def require_seat(self, permission: Permission, unit: str) -> None:
        """Refuse unless the person sits in the unit that has to act."""
        if not standing.acts_for(self.who, permission, unit=unit):
            self.refuse(permission, unit)

    def sits_in_unit(self, permission: Permission) -> None:
        """Refuse somebody who says to act for a unit without a seat in it."""
        seats = {self.who.tree.successor(post.unit) for post, _role in self.who.posts}
        if self.actor.unit and not self.who.local and self.who.tree.successor(self.actor.unit) not in seats:
            self.refuse(permission, self.actor.unit)

    def refuse(self, permission: Permission, unit: str) -> None:
        """Say no, naming the permission and the unit."""
        params: dict[str, object] = {"permission": str(permission), "unit": unit or "*"}
        raise NotAllowed(Problem(NotAllowed.code, f"unit={unit}" if unit else "", params))

    def answers_for(self, dossier: Dossier) -> bool:
        """Tell whether the person holds a duty for the project today."""
        return any(duty.holder == self.who.person and duty.on(self.today) for duty in dossier.duties)

    @property
    def units(self) -> frozenset[str]:
        """List the units that exist today."""
        return frozenset(code for code, unit in self.who.tree.units.items() if unit.open)


def desk(*, actor: Actor, today: date) -> Desk:
    """Find out who acts. The only place of this module that asks who somebody is."""
    profile = codebook.profile()
    return Desk(actor, today, profile, permissions.who(actor.person, on=today, profile=profile))


def write(ready: Callable[[], Sequence[Act]], *, actor: Actor) -> list[int]:
    """Prepare acts, record them, and under the lock prepare them again: what they rely on must still be so."""
    acts = ready()

    def recheck() -> None:
        if ready() != acts:
            raise Changed(Problem("project.changed_meanwhile"))

    return ledger.record(acts, actor=actor, recheck=recheck)


def refuse(problems: Sequence[Problem]) -> None:
    """Refuse with every blocking problem; a change by somebody else goes first, since the rest may follow from it."""
    changed = [problem for problem in problems if problem.code == Changed.code]
    refuse_if_any(changed, Changed)
    refuse_if_any(problems, NotPossible)


def unchanged(
    expected: int | None, found: int, *, where: str, theirs: Mapping[str, Any] | None = None
) -> Iterator[Problem]:
    """Yield a problem when the last row that a page saw is not the last any more (None: the caller doesn't mind)."""
    if expected is not None and expected != found:
        params: dict[str, object] = {"expected": expected, "found": found, "theirs": dict(theirs or {})}
        yield Problem(Changed.code, where, params)
