"""
Who may do what: the face that pages, commands, the API and other modules ask. The decisions are in `rules.standing` and
`rules.secrecy`; here they are only given what they need.

Every function takes a person's id or, where several questions follow one another, the `Standing` that `who` gave once.
"""

from __future__ import annotations

from datetime import date

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission, Profile
from luodi.identity import queries
from luodi.identity.rules import standing
from luodi.identity.rules.standing import Standing
from luodi.identity.values import LOCAL_OPERATOR, Scope
from luodi.kernel.problem import Problem, Refused

Person = str | Standing


class NotAllowed(Refused):
    """The person may not do this here. Parameters: `permission`, `unit`."""

    code = "permission.refused"


def who(person: Person, *, on: date, profile: Profile | None = None) -> Standing:
    """Give who somebody is on a day; ask once for a page or a request, then ask the answer."""
    if isinstance(person, Standing):
        return person
    profile = profile or codebook.profile()
    tree = queries.tree(on=on)
    if person == LOCAL_OPERATOR:
        return standing.local_operator(profile=profile, tree=tree, on=on)
    posts = queries.posts(person=person, on=on)
    return standing.standing(person=queries.person(person), posts=posts, profile=profile, tree=tree, on=on)


def may(
    person: Person, permission: Permission, *, on: date, unit: str | None = None, answers_for: bool = False
) -> bool:
    """Tell whether a person may do something about a unit's matter (no unit: about the whole city's)."""
    return standing.may(who(person, on=on), permission, unit=unit, answers_for=answers_for)


def may_anywhere(person: Person, permission: Permission, *, on: date) -> bool:
    """Tell whether a permission reaches anything at all: whether to show a menu."""
    return standing.may_anywhere(who(person, on=on), permission)


def acts_for(person: Person, permission: Permission, *, unit: str, on: date) -> bool:
    """Tell whether a person sits in the unit that has to act (verify, accept, file) with a role that gives the permission."""
    return standing.acts_for(who(person, on=on), permission, unit=unit)


def scope_units(person: Person, permission: Permission, *, on: date) -> Scope:
    """Give the rows a permission covers: `scope.everything`, `scope.units`, `scope.own_projects`; `scope.covers(*units)`."""
    return standing.scope(who(person, on=on), permission)


def require(
    person: Person, permission: Permission, *, on: date, unit: str | None = None, answers_for: bool = False
) -> None:
    """
    Refuse unless a person may do something.

    :raises NotAllowed: naming the permission and the unit
    """
    if not may(person, permission, on=on, unit=unit, answers_for=answers_for):
        raise NotAllowed(_problem(permission, unit))


def require_somewhere(person: Person, permission: Permission, *, on: date) -> None:
    """
    Refuse unless a permission of the person reaches anything at all: to ask for figures, for papers, for lists.

    :raises NotAllowed: naming the permission
    """
    if not may_anywhere(person, permission, on=on):
        raise NotAllowed(_problem(permission, None))


def require_seat(person: Person, permission: Permission, *, unit: str, on: date) -> None:
    """
    Refuse unless a person sits in the unit that has to act.

    :raises NotAllowed: naming the permission and the unit
    """
    if not acts_for(person, permission, unit=unit, on=on):
        raise NotAllowed(_problem(permission, unit))


def _problem(permission: Permission, unit: str | None) -> Problem:
    where = f"unit={unit}" if unit else ""
    params: dict[str, object] = {"permission": str(permission), "unit": unit or "*"}
    return Problem(NotAllowed.code, where, params)
