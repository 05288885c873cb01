"""Who sits where today, asked once for many matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission, Profile
from luodi.identity import queries as identity
from luodi.identity.tree import Tree


@dataclass(frozen=True)
class Seats:
    """Every post held on a day by somebody who still acts: unit (as of that day) to (person, what the role allows)."""

    on: date
    profile: Profile
    tree: Tree
    held: Mapping[str, tuple[tuple[str, frozenset[Permission]], ...]]

    def holding(self, unit: str, *permissions: Permission) -> tuple[str, ...]:
        """List who sits in a unit with any of these permissions (none asked: everybody there)."""
        wanted = frozenset(permissions)
        sitting = self.held.get(self.tree.successor(unit), ())
        return tuple(dict.fromkeys(person for person, may in sitting if not wanted or wanted & may))


def seats(on: date) -> Seats:
    """Load who sits where on a day, in a fixed number of queries."""
    profile, tree, people = codebook.profile(), identity.tree(on=on), identity.people()
    held: dict[str, list[tuple[str, frozenset[Permission]]]] = {}
    for post in identity.posts(on=on):
        role, person = profile.role(post.role), people.get(post.person)
        if role is not None and person is not None and person.acts_on(on):
            held.setdefault(tree.successor(post.unit), []).append((post.person, frozenset(role.may)))
    return Seats(on, profile, tree, {unit: tuple(found) for unit, found in held.items()})
