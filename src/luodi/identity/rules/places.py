"""Whether the units that a profile names stand in the ledger: after a reorganisation its offices may not."""

from __future__ import annotations

from collections.abc import Iterator

from luodi.codebook.values import Profile
from luodi.identity.tree import Tree
from luodi.kernel.problem import Problem


def named_units(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield where the profile names a unit, and which."""
    yield "city", profile.city.root
    yield from ((f"offices.{office.id}", office.unit) for office in profile.offices)
    yield from ((f"perimeters.{one.id}", unit) for one in profile.perimeters for unit in one.units)
    yield from ((f"calendar.curves.{one.id}", unit) for one in profile.calendar.curves for unit in one.units)
    yield from ((f"forms.{form.id}.owes", unit) for form in profile.forms for unit in form.owes.except_units)


def place_problems(profile: Profile, tree: Tree) -> Iterator[Problem]:
    """Yield every unit that the profile names and that doesn't exist on the tree's day, with its successor if it has one."""
    for where, unit in named_units(profile):
        if not tree.exists(unit):
            successor = tree.successor(unit)
            params = {"unit": unit, "day": tree.on.isoformat(), "successor": successor if successor != unit else "—"}
            yield Problem("profile.unit_not_there", where, params)
