"""Who owes what for a period, and where each return stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from luodi.codebook.values import Form, Profile
from luodi.identity import queries as identity
from luodi.kernel import instant
from luodi.kernel.keeping import Kept
from luodi.kernel.period import Period
from luodi.projects.queries import cards
from luodi.projects.values.views import Card
from luodi.statistics.models import Draft
from luodi.statistics.queries.filings import filings
from luodi.statistics.rules import owing
from luodi.statistics.values.reporting import Filing, FormState, Owed, OwingProject


def owing_project(card: Card) -> OwingProject:
    """Take from a project's card what decides whether it stands on a form."""
    version = card.version
    units = {"host": version.host, "introducer": version.introducer, "lead_department": version.lead_department}
    return OwingProject(version.code, units, version.kind, frozenset(card.reached), card.lists)


def unit_kinds(on: date) -> dict[str, str]:
    """Give each existing unit's kind on a day."""
    tree = identity.tree(on=on)
    return {code: unit.kind for code, unit in tree.units.items() if unit.open}


def owed_forms(
    *, period: Period, profile: Profile, forms: Iterable[Form] | None = None, unit: str | None = None
) -> list[Owed]:
    """List every form owed for a period (by one unit or by all), by form and unit."""
    chosen = tuple(forms) if forms is not None else owing.forms_of(profile, period)
    if not chosen:
        return []
    kinds = unit_kinds(period.last)
    known = cards.cards(on=period.last, profile=profile)
    if unit is None:
        return _owed_by_all(projects_on(period.last, known), kinds, profile, period, chosen)
    # The others' projects, nearly all there are, need not be looked at.
    roles = {form.owes.role for form in chosen}
    own = {card.code: card for role in sorted(roles) for card in _by_unit(known, role).get(unit, ())}
    projects = [owing_project(card) for card in own.values()]
    return _owed({code: kind for code, kind in kinds.items() if code == unit}, projects, profile, period, chosen)


UNITS: Kept[Mapping[str, list[Card]]] = Kept(most=8)  # the roles that forms are owed in, on the days looked at


def _by_unit(known: Mapping[str, Card], role: str) -> Mapping[str, list[Card]]:
    """Put the projects by the unit that plays a role, once for the same cards."""

    def sorted_out() -> Mapping[str, list[Card]]:
        found: defaultdict[str, list[Card]] = defaultdict(list)
        for card in known.values():
            found[getattr(card.version, role, "")].append(card)
        return dict(found)

    return UNITS.get((role, id(known)), (known,), sorted_out)


Projects = Mapping[str, OwingProject]
PROJECTS: Kept[tuple[Mapping[str, Card], Projects]] = Kept(most=4)


def projects_on(day: date, known: Mapping[str, Card]) -> Projects:
    """Give what decides of every project whether it stands on a form: the very same mapping until that moves for one of them."""
    kept = PROJECTS.peek(day)
    if kept is None:
        found: Projects = {code: owing_project(card) for code, card in known.items()}
    else:
        before, found = kept[1]
        if before is known:
            return found
        anew = {code: found[code] if before.get(code) is card else owing_project(card) for code, card in known.items()}
        found = found if anew == found else anew
    PROJECTS.put(day, (), (known, found))
    return found


OWED: Kept[list[Owed]] = Kept(most=8)  # the months that desks, closes and rankings look at


def _owed_by_all(
    projects: Projects, kinds: Mapping[str, str], profile: Profile, period: Period, forms: tuple[Form, ...]
) -> list[Owed]:
    """Give what all units owe; worked out once until a project, a unit or the profile moves."""
    key = (period.label, tuple(form.id for form in forms), frozenset(kinds.items()))
    return list(OWED.get(key, (projects, profile), lambda: _owed(kinds, projects.values(), profile, period, forms)))


def _owed(
    kinds: Mapping[str, str],
    projects: Collection[OwingProject],
    profile: Profile,
    period: Period,
    forms: Iterable[Form],
) -> list[Owed]:
    return [
        one
        for form in forms
        for one in owing.owed(profile=profile, form=form, period=period, kinds=kinds, projects=projects)
    ]


def form_states(
    *, period: Period, profile: Profile, today: date, unit: str | None = None, form: str | None = None
) -> list[FormState]:
    """Tell where every owed form of a period stands (of one unit, of one form, or of all)."""
    forms = [one for one in owing.forms_of(profile, period) if form in (None, one.id)]
    owed = owed_forms(period=period, profile=profile, forms=forms, unit=unit)
    filed: defaultdict[tuple[str, str], list[Filing]] = defaultdict(list)
    for one in filings(periods=[period.label], form=form, unit=unit):
        filed[(one.form, one.unit)].append(one)
    typed = Draft.objects.filter(period=period.label).values_list("form", "unit", "state")
    drafts = {(one, of): state for one, of, state in typed}
    by_id = {one.id: one for one in forms}
    return [
        _state(one, by_id[one.form], period, filed[(one.form, one.unit)], drafts.get((one.form, one.unit)), today)
        for one in owed
    ]


def _state(owed: Owed, form: Form, period: Period, filed: list[Filing], draft: str | None, today: date) -> FormState:
    last = owing.latest(filed)
    filed_on = None if last is None else instant.day_of(last.known_at)
    return owing.form_state(
        owed=owed, form=form, period=period, filings=filed, draft_state=draft, today=today, filed_on=filed_on
    )


def completeness(states: Iterable[FormState]) -> tuple[int, int]:
    """Count how many of the owed returns have left the house: (filed, owed), for the head of a flash edition."""
    from luodi.statistics.values.reporting import FILED

    listed = list(states)
    return sum(state.standing in FILED for state in listed), len(listed)
