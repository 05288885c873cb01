"""What a question is put to: the snapshot, the profile, the tree and who holds what at D."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import ibis.expr.types as ir
import pyarrow as pa

from luodi.codebook.values.profile import Profile
from luodi.indicators.engine.world import World
from luodi.indicators.rules import weights
from luodi.indicators.rules.weights import Shape, Weight
from luodi.indicators.values import Question


@dataclass(frozen=True)
class Asking:
    """One question to one snapshot: everything that adding up needs. `given` are the weights of its role at D."""

    world: World
    profile: Profile
    question: Question
    shape: Shape
    given: Sequence[Weight] = ()

    @property
    def key(self) -> Hashable:
        """Name what of the profile shapes an expression."""
        return tuple((stage.id, stage.plays) for stage in self.profile.stages), self.profile.city.counted_kinds

    @cached_property
    def general(self) -> list[Weight]:
        """List the weights that hold for every measure without a set of its own."""
        return [weight for weight in self.given if not weight.measure]

    def of_measure(self, measure: str) -> list[Weight]:
        """List the weights of a measure's own sets."""
        return [weight for weight in self.given if weight.measure == measure]


def shares(world: World, question: Question, shape: Shape) -> list[Weight]:
    """Read the sets of attributions of the question's role at D and turn them into weights."""

    def build(q: Question) -> ir.Table:
        table = world.valid("shares", q)
        return table.filter(table.role == q.role).select("project", "measure", "unit", "num", "den", "full")

    return list(weights.weights((weights.Part(*row) for row in world.fetch("shares", question, build)), shape))


def filed_on_units(profile: Profile) -> tuple[str, ...]:
    """List the measures that units file themselves."""
    return tuple(measure.id for measure in profile.measures if measure.filed_on == "unit")


def lend_projects(world: World, name: str, given: Sequence[Weight]) -> ir.Table:
    """Put the projects of some weights beside the snapshot: columns project, and the name, which is true."""
    projects = sorted({weight.project for weight in given})
    return world.lend(name, pa.table({"project": pa.array(projects, pa.string()), name: [True] * len(projects)}))
