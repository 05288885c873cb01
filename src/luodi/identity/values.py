"""Values of identity: a unit's version as filed, a person's posts, what somebody may see of a project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from luodi.codebook.values import Permission as Permission  # the closed set of what may be allowed

# Who acts at the machine's own command line, without a row of their own.
LOCAL_OPERATOR = "local"


@dataclass(frozen=True)
class UnitRow:
    """A version of a unit as an import or a page files it. `where` says which row of the file, for findings."""

    code: str
    name: str
    kind: str
    valid_from: date
    parent: str = ""
    group: str = ""
    successor: str = ""
    valid_to: date | None = None
    known_at: int | None = None
    loaded: bool = False
    where: str = ""


@dataclass(frozen=True)
class PersonAt:
    """A person as known now. Name and telephone are None once removed by law."""

    person: str
    name: str | None
    phone: str | None
    left_on: date | None = None

    def acts_on(self, day: date) -> bool:
        """Tell whether the person still acts on a day."""
        return self.left_on is None or day < self.left_on


@dataclass(frozen=True)
class PostAt:
    """A role held at a unit for a time."""

    person: str
    unit: str
    role: str
    valid_from: date
    valid_to: date | None = None
    title: str = ""

    def held_on(self, day: date) -> bool:
        """Tell whether the post is held on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class TokenAt:
    """A token without its secret."""

    token: str
    person: str
    label: str
    valid_to: date | None

    def opens_on(self, day: date) -> bool:
        """Tell whether the token opens anything on a day."""
        return self.valid_to is None or day < self.valid_to


@dataclass(frozen=True)
class Scope:
    """Which rows a permission covers: all, or those of some units; `own_projects` also those the person answers for."""

    everything: bool = False
    units: frozenset[str] = frozenset()
    own_projects: bool = False

    def covers(self, *units: str, answers_for: bool = False) -> bool:
        """Tell whether something that belongs to any of these units (or to the person) is covered."""
        return self.everything or not self.units.isdisjoint(units) or (self.own_projects and answers_for)

    @property
    def empty(self) -> bool:
        """Tell whether the permission covers nothing at all."""
        return not (self.everything or self.units or self.own_projects)


@dataclass(frozen=True)
class Secret:
    """What the rule of secrecy has to know of a project before anybody sees it."""

    code: str
    name: str | None
    investor: str | None
    industry: str
    total_investment: Decimal | None
    units: frozenset[str]  # host, introducer, lead department, and whoever shares it
    signed: bool  # verified 签约: from then on names are no secret inside the city
    industry_edition: str = ""


@dataclass(frozen=True)
class Face:
    """
    A project as somebody may see it. Veiled: `label` is a code name and nothing but industry and size band is known.

    The industry of a veiled project is its division 大类: a class of four digits may have one enterprise in the country.
    """

    label: str
    industry: str
    size_band: str
    veiled: bool
    code: str | None = None
    investor: str | None = None
    industry_name: str = ""


@dataclass(frozen=True)
class EvidenceAccess:
    """Who filed a piece of evidence for which unit, and which units check it."""

    digest: str
    filed_by: str
    filed_unit: str
    checking_units: frozenset[str]


@dataclass(frozen=True)
class Access:
    """A line of the log of who looked at what."""

    at: int
    person: str
    act: str
    subject: str
    allowed: bool
    via: str = ""
    address: str = ""
