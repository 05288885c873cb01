"""
The one place that decides what anyone may see or do: posts, the profile's roles, and the tree.

Two questions. `may`: does a permission of the person reach a unit's matter? `acts_for`: does the person sit in the unit that has to
act (verify, accept), or in one of its offices? Acceptance needs the second, so that the commerce bureau can't accept what is finance's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from luodi.codebook.values import Permission, Profile, Role
from luodi.identity.tree import Tree
from luodi.identity.values import LOCAL_OPERATOR, PersonAt, PostAt, Scope
from luodi.kernel.problem import Problem

EVERYWHERE = Scope(everything=True)


@dataclass(frozen=True)
class Standing:
    """Who somebody is on a day: posts held, with the roles they give, and the tree of that day."""

    person: str
    posts: tuple[tuple[PostAt, Role], ...]
    tree: Tree
    profile: Profile

    @property
    def root(self) -> str:
        """Give the code of the unit that is the whole city."""
        return self.tree.city(self.profile)

    @property
    def local(self) -> bool:
        """Tell whether this is the operator at the machine."""
        return any(role.local for _, role in self.posts)


def standing(*, person: PersonAt | None, posts: tuple[PostAt, ...], profile: Profile, tree: Tree, on: date) -> Standing:
    """
    Work out who somebody is on a day.

    A post counts while it is held, its unit exists or has a successor (whoever sat in a merged unit sits in the new one), and its
    role is in the profile; a person who has left, or is unknown, holds nothing.
    """
    held = posts if person is not None and person.acts_on(on) else ()
    found = [
        (post, role)
        for post in held
        if post.held_on(on) and (role := profile.role(post.role)) is not None and not role.local
    ]
    return Standing(person.person if person else "", tuple(found), tree, profile)


def local_operator(*, profile: Profile, tree: Tree, on: date) -> Standing:
    """Work out what the operator at the machine may do: the profile's local roles, at the root."""
    root = tree.city(profile)
    posts = [(PostAt(LOCAL_OPERATOR, root, role.id, on), role) for role in profile.roles if role.local]
    return Standing(LOCAL_OPERATOR, tuple(posts), tree, profile)


def _giving(who: Standing, permission: Permission) -> Iterator[tuple[str, Role]]:
    """Yield the seats (as of today's tree) and roles that give a permission."""
    for post, role in who.posts:
        if permission in role.may:
            yield who.tree.successor(post.unit), role


def scope(who: Standing, permission: Permission) -> Scope:
    """Give the rows that a permission covers for somebody: what lists, search, findings and exports are filtered by."""
    units: set[str] = set()
    own_projects = False
    for seat, role in _giving(who, permission):
        if role.reach == "city":
            return EVERYWHERE
        if role.reach == "projects":
            own_projects = True
        elif role.reach == "subtree":
            units |= who.tree.under(seat)
        else:
            units.add(seat)
    if who.root in units and who.tree.exists(who.root):
        return EVERYWHERE
    return Scope(units=frozenset(units), own_projects=own_projects)


def may(who: Standing, permission: Permission, *, unit: str | None = None, answers_for: bool = False) -> bool:
    """
    Tell whether somebody may do something about a unit's matter (None: about the whole city's).

    `answers_for`: the matter is a project that the person answers for (sponsor, secretary, helper).
    """
    found = scope(who, permission)
    if unit is None:
        return found.everything
    return found.covers(unit, answers_for=answers_for)


def may_anywhere(who: Standing, permission: Permission) -> bool:
    """Tell whether a permission reaches anything at all: whether to show a button or a menu."""
    return not scope(who, permission).empty


def acts_for(who: Standing, permission: Permission, *, unit: str) -> bool:
    """Tell whether somebody sits in a unit (or in an office of it) with a role that gives the permission."""
    if who.local:
        return any(True for _ in _giving(who, permission))
    return any(unit in seats(who, seat) for seat, _ in _giving(who, permission))


def seats(who: Standing, seat: str) -> tuple[str, ...]:
    """List the units that somebody in a seat acts for: its own and, from an office, the unit the office is part of."""
    unit, above = who.tree.unit(seat), who.tree.parent(seat)
    offices = {kind.id for kind in who.profile.unit_kinds if kind.acts_for_parent}
    return (seat, above) if unit and above and unit.kind in offices else (seat,)


def post_problems(
    *, post: PostAt, person: PersonAt | None, others: tuple[PostAt, ...], profile: Profile, tree: Tree
) -> list[Problem]:
    """Return why somebody can't be given a post: unknown person, unit or role, a role no post gives, or two that exclude each other."""
    where = f"person={post.person} unit={post.unit} role={post.role}"
    found: list[Problem] = []
    if person is None or not person.acts_on(post.valid_from):
        found.append(Problem("identity.post.no_person", where, {"person": post.person}))
    if not tree.exists(post.unit):
        found.append(Problem("identity.post.no_unit", where, {"unit": post.unit, "day": post.valid_from.isoformat()}))
    role = profile.role(post.role)
    if role is None or role.local:
        allowed = ", ".join(role.id for role in profile.roles if not role.local)
        found.append(Problem("identity.post.no_role", where, {"found": post.role, "allowed": allowed}))
    if post.valid_to is not None and post.valid_to < post.valid_from:
        params = {"begins": post.valid_from.isoformat(), "ends": post.valid_to.isoformat()}
        found.append(Problem("identity.post.ends_before", where, params))
    found += [] if role is None else _excluded(post, role, others, profile, where)
    return found


def _excluded(post: PostAt, role: Role, others: tuple[PostAt, ...], profile: Profile, where: str) -> Iterator[Problem]:
    for other in others:
        other_role = profile.role(other.role)
        if other_role is None or not _meet(post, other):
            continue
        if other.role in role.never_with or role.id in other_role.never_with:
            yield Problem(
                "identity.post.excluded", where, {"role": role.zh, "other": other_role.zh, "unit": other.unit}
            )


def _meet(one: PostAt, other: PostAt) -> bool:
    """Tell whether two posts are held on a common day."""
    begins_in_time = other.valid_to is None or one.valid_from < other.valid_to
    return begins_in_time and (one.valid_to is None or other.valid_from < one.valid_to)
