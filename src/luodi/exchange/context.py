"""
What an import has to know beside its file: the profile, the clock's reading, who acts, and what the store already holds.

The store is asked at most once per question, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.apps import apps

from luodi.codebook.values import Profile
from luodi.ledger import queries
from luodi.ledger.values import Actor


class Store:
    """What the store holds, asked lazily and once."""

    @cached_property
    def units(self) -> frozenset[str]:
        """Codes of all units ever recorded."""
        return self._codes("identity.UnitVersion", "code")

    @cached_property
    def projects(self) -> frozenset[str]:
        """Codes of all projects ever recorded."""
        return self._codes("projects.ProjectVersion", "code")

    @cached_property
    def hosts(self) -> dict[str, tuple[str, str, str]]:
        """Host, introducer and lead department of each project, by its last valid version."""
        model = apps.get_model("projects.ProjectVersion")
        rows = model.objects.order_by("valid_from", "known_at", "id").values_list(
            "code", "host", "introducer", "lead_department"
        )
        return {code: (host, introducer, lead) for code, host, introducer, lead in rows.iterator()}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of each project, by its last valid version."""
        model = apps.get_model("projects.ProjectVersion")
        return dict(model.objects.order_by("valid_from", "known_at", "id").values_list("code", "kind").iterator())

    @cached_property
    def stages(self) -> dict[str, dict[str, date]]:
        """Stages filed of each project, with a day of each."""
        found: dict[str, dict[str, date]] = {}
        rows = apps.get_model("projects.StageEvent").objects.order_by("-occurred_on")
        for project, stage, day in rows.values_list("project", "stage", "occurred_on").iterator():
            found.setdefault(project, {})[stage] = day
        return found

    @cached_property
    def sealed_until(self) -> int | None:
        """The cut of the latest seal: nothing may claim to have been known by then."""
        seal = queries.last_seal()
        return seal.cut_at if seal else None

    def _codes(self, model: str, column: str) -> frozenset[str]:
        return frozenset(apps.get_model(model).objects.order_by().values_list(column, flat=True).distinct().iterator())


@dataclass(frozen=True)
class Context:
    """One import's surroundings. `now` and `today` are the store's clock, read once at the edge."""

    profile: Profile
    store: Store
    actor: Actor
    now: int
    today: date
    history: bool = False
    file: str = ""
    digest: str = ""

    def units(self, own: Iterable[object] = ()) -> frozenset[str]:
        """Codes of units of the store and of the file itself."""
        return self.store.units | {str(code) for code in own if code}
