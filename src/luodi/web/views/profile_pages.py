"""The city's rules as pages 城市规则: stages, forms, indicators ..., so that anyone can read what a figure means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.rules import meaning
from luodi.codebook.values.indicators import Points
from luodi.codebook.values.organisation import Party
from luodi.codebook.values.reporting import Check
from luodi.documents.rules import definitions
from luodi.documents.rules.numbers import unit_of
from luodi.kernel.money import in_unit
from luodi.kernel.problem import words
from luodi.web.access import signed_in
from luodi.web.labels import because_words, unit_label
from luodi.web.views.ranking_words import unit_words

Table = tuple[
    Sequence[str], Iterable[Sequence[str]]
]  # codes of the head's words, rows of cells; the first cell is the row's name


@signed_in
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """Show the city's rules, indicators first."""
    return part(request, "indicators")


@signed_in
@require_GET
def section(request: HttpRequest, section: str) -> HttpResponse:
    """Show one part of the city's rules as a table."""
    if section not in SECTIONS:
        raise Http404
    return part(request, section)


def part(request: HttpRequest, section: str) -> HttpResponse:
    """Write one part's page."""
    viewer = request.viewer  # type: ignore[attr-defined]
    head, rows = SECTIONS[section](viewer)
    context = {
        "sections": sections(request),
        "section": section,
        "head": head,
        "rows": [(row[0], row[1:]) for row in rows],
    }
    return render(request, "web/house_profile.html", context)


def sections(request: HttpRequest) -> list[tuple[str, int]]:
    """List the parts with how many rules each has."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return [(name, len(list(rows(viewer)[1]))) for name, rows in SECTIONS.items()]


def named(item: Any, language: str) -> str:
    """Give an item's label; stages and lists are labelled by their ids in Chinese."""
    return str(item.en if language == "en" else getattr(item, "zh", item.id))


def joined(texts: Iterable[str], language: str) -> str:
    """Join texts as the language does; a dash for none."""
    return ("、" if language == "zh" else ", ").join(texts) or "—"


def party(viewer: Any, one: Party) -> str:
    """Name who has to agree: an office of the city, or the unit a project has in a role."""
    if one.office:
        return next(
            (named(office, viewer.language) for office in viewer.profile.offices if office.id == one.office), one.office
        )
    return words(f"house.of_{one.of}", viewer.language)


def stages(viewer: Any) -> Table:
    """Tabulate stages: from where they may be claimed, what they ask for, who verifies."""
    known, language = viewer.profile, viewer.language
    kinds = {one.id: named(one, language) for one in known.evidence_kinds}
    labels = {one.id: named(one, language) for one in known.stages}
    rows = [
        (
            labels[one.id],
            joined(
                [*([words("house.first", language)] if one.first else []), *(labels[stage] for stage in one.follows)],
                language,
            ),
            joined((field_words(viewer, field) for field in one.fields), language),
            joined(("／".join(kinds.get(kind, kind) for kind in proof.any_of) for proof in one.evidence), language),
            joined((party(viewer, verifier) for verifier in one.verified_by), language),
        )
        for one in known.stages
    ]
    return ("house.stage", "house.follows", "house.fields", "house.evidence", "house.verified_by"), rows


def field_words(viewer: Any, field: str) -> str:
    """Name a project's column."""
    attribute = viewer.profile.attribute(field)
    if attribute is not None:
        return named(attribute, viewer.language)
    return words(f"field.{field}", viewer.language)


def evidence(viewer: Any) -> Table:
    """Tabulate kinds of evidence, each with the rule that makes it necessary."""
    rows = [(named(one, viewer.language), because_words(one, viewer.language)) for one in viewer.profile.evidence_kinds]
    return ("house.evidence", "house.because"), rows


def forms(viewer: Any) -> Table:
    """Tabulate forms: what they ask, who owes them, when, who accepts, their legal head."""
    known, language = viewer.profile, viewer.language
    measures = {one.id: named(one, language) for one in known.measures}
    kinds = {one.id: named(one, language) for one in known.unit_kinds}
    rows = [
        (
            f"{named(one, language)} {one.id}",
            joined(
                (
                    f"{measures[column.measure]}（{words(f'house.{column.column}', language)}）"
                    for column in one.measures
                ),
                language,
            ),
            joined((kinds[kind] for kind in one.owes.unit_kinds), language),
            words("house.due_day", language, due=one.window.due),
            joined((party(viewer, step) for step in one.steps), language),
            definitions.source(one).head
            if language == "zh"
            else (one.legal.number if one.legal else words("house.internal", language)),
        )
        for one in known.forms
    ]
    return ("house.form", "house.asks", "house.owed_by", "house.due", "house.accepted_by", "house.legal"), rows


def measures(viewer: Any) -> Table:
    """Tabulate what is counted in a period."""
    language = viewer.language
    rows = [
        (named(one, language), one.id, unit_label(one.filed_in, language), words(f"house.on_{one.filed_on}", language))
        for one in viewer.profile.measures
    ]
    return ("house.measure", "house.id", "house.filed_in", "house.filed_on"), rows


def indicators(viewer: Any) -> Table:
    """Tabulate indicators with their definitions, as they are computed."""
    language = viewer.language
    rows = [
        (
            named(one, language),
            one.id,
            unit_words(unit_of(one), language) if not isinstance(one, Points) else words("unit.points", language),
            meaning.definition(viewer.profile, one, language),
            one.basis or "—",
        )
        for one in viewer.profile.indicators
    ]
    return ("house.indicator", "house.id", "house.unit", "house.definition", "house.basis"), rows


def checks(viewer: Any) -> Table:
    """Tabulate data checks: what each looks for, with the city's numbers, and how it is taken."""
    language = viewer.language
    forms_by_id = {form.id: named(form, language) for form in viewer.profile.forms}
    rows = [
        (
            words(f"house.rule.{one.id}", language, **numbers(one, language)),
            words(f"severity.{one.severity}", language) if one.severity != "off" else words("house.off", language),
            joined((forms_by_id.get(form, form) for form in one.forms), language)
            if one.forms
            else words("house.every_form", language),
            one.id,
        )
        for one in viewer.profile.checks
    ]
    return ("house.check", "house.severity", "house.forms_of", "house.id"), rows


def numbers(check: Check, language: str) -> dict[str, str]:
    """Write a check's numbers as its sentence needs them: amounts in 万元, others plain."""
    return {
        one.id: f"{in_unit(one.value, '万元', 0):,f} {unit_label('万元', language)}"
        if one.id == "at_least"
        else f"{one.value:f}"
        for one in check.thresholds
    }


def lights(viewer: Any) -> Table:
    """Tabulate lights: from which numbers on they change colour."""
    language = viewer.language
    rows = [
        (
            named(one, language),
            words(f"house.in_{one.unit}", language),
            f"{one.yellow:f}",
            "—" if one.orange is None else f"{one.orange:f}",
            f"{one.red:f}",
            words("house.yes" if one.excusable else "house.no", language),
        )
        for one in viewer.profile.lights
    ]
    return ("house.light", "house.counted_in", "light.yellow", "light.orange", "light.red", "house.excusable"), rows


def people(viewer: Any) -> Table:
    """Tabulate roles with what they may do and how far they reach."""
    language = viewer.language
    rows = [
        (
            named(one, language),
            words(f"house.reach_{one.reach}", language),
            joined((words(f"house.may_{one}", language) for one in one.may), language),
        )
        for one in viewer.profile.roles
        if not one.local
    ]
    return ("house.role", "house.reach", "house.may"), rows


def groups(viewer: Any) -> Table:
    """Tabulate groups of units compared, and offices with their duty."""
    tree, language = viewer.who.tree, viewer.language
    rows = [
        (
            named(one, language),
            joined((unit.name for unit in tree.units.values() if unit.open and unit.group == one.id), language),
        )
        for one in viewer.profile.groups
    ]
    rows += [(named(one, language), tree.name(one.unit)) for one in viewer.profile.offices]
    return ("house.group", "house.members"), rows


SECTIONS: dict[str, Callable[[Any], Table]] = {
    "indicators": indicators,
    "stages": stages,
    "evidence": evidence,
    "forms": forms,
    "measures": measures,
    "checks": checks,
    "lights": lights,
    "groups": groups,
    "roles": people,
}
