"""The whole profile: one field per section."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from luodi.codebook.values.base import Frozen
from luodi.codebook.values.indicators import Indicator
from luodi.codebook.values.lifecycle import (
    Attribute,
    EvidenceKind,
    Light,
    NodeKind,
    Part,
    ProblemKind,
    ProjectList,
    Reason,
    Responsibility,
    Stage,
    Vocabulary,
)
from luodi.codebook.values.organisation import Calendar, City, Group, Office, Perimeter, Role, SizeBand, UnitKind
from luodi.codebook.values.papers import Paper
from luodi.codebook.values.reporting import Check, Form, Measure


class Named(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=Named)


def pick(items: Iterable[N], wanted: str) -> N | None:
    """Find an item by id."""
    return next((item for item in items if item.id == wanted), None)


class Profile(Frozen):
    """A city as data. Lists keep the order of the files."""

    city: City
    calendar: Calendar = Calendar()
    unit_kinds: tuple[UnitKind, ...]
    groups: tuple[Group, ...] = ()
    perimeters: tuple[Perimeter, ...] = ()
    offices: tuple[Office, ...] = ()
    roles: tuple[Role, ...]
    size_bands: tuple[SizeBand, ...] = ()
    vocabularies: tuple[Vocabulary, ...]
    attributes: tuple[Attribute, ...] = ()
    evidence_kinds: tuple[EvidenceKind, ...] = ()
    stages: tuple[Stage, ...]
    nodes: tuple[NodeKind, ...] = ()
    reasons: tuple[Reason, ...] = ()
    problem_kinds: tuple[ProblemKind, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    lists: tuple[ProjectList, ...] = ()
    lights: tuple[Light, ...] = ()
    measures: tuple[Measure, ...]
    forms: tuple[Form, ...] = ()
    checks: tuple[Check, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    papers: tuple[Paper, ...] = ()

    def stage(self, label: str) -> Stage | None:
        """Find a stage by its label."""
        return pick(self.stages, label)

    def playing(self, part: Part | str) -> str | None:
        """Tell which stage plays a part (签约 for `signed`), or None in a city without one."""
        return next((stage.id for stage in self.stages if stage.plays == part), None)

    def labels(self, parts: Iterable[Part | str]) -> tuple[str, ...]:
        """Give the stages that play any of these parts, in the order of the profile."""
        wanted = {str(part) for part in parts}
        return tuple(stage.id for stage in self.stages if stage.plays in wanted)

    @property
    def path(self) -> tuple[str, ...]:
        """Give the stages on the way, in order: what 'furthest stage' is measured on."""
        return tuple(stage.id for stage in self.stages if stage.path)

    def measure(self, wanted: str) -> Measure | None:
        """Find a measure by id."""
        return pick(self.measures, wanted)

    def form(self, wanted: str) -> Form | None:
        """Find a form by id."""
        return pick(self.forms, wanted)

    def indicator(self, wanted: str) -> Indicator | None:
        """Find an indicator by id."""
        return next((item for item in self.indicators if item.id == wanted), None)

    def attribute(self, wanted: str) -> Attribute | None:
        """Find an attribute by id."""
        return pick(self.attributes, wanted)

    def role(self, wanted: str) -> Role | None:
        """Find a role by id."""
        return pick(self.roles, wanted)

    def office_unit(self, office: str) -> str | None:
        """Tell which unit is an office of the city."""
        found = pick(self.offices, office)
        return found.unit if found else None

    def vocabulary(self, field: str) -> tuple[str, ...]:
        """Give the values a coded column may have; none: any text."""
        found = pick(self.vocabularies, field)
        return found.values if found else ()

    def check(self, wanted: str) -> Check | None:
        """Find how the city takes a data check."""
        return pick(self.checks, wanted)
