"""Indicators of my part of the tree, and the rows behind a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.indicators import queries
from luodi.kernel import instant
from luodi.kernel.keeping import Kept
from luodi.kernel.money import in_unit, round_away
from luodi.kernel.problem import words
from luodi.ledger import queries as ledger
from luodi.projects.queries import lists
from luodi.projects.values.views import Card, Line
from luodi.web.access import needs
from luodi.web.exporting import workbook
from luodi.web.periods import asked_period, current_month, months_back
from luodi.web.views.projects import by_viewer
from luodi.web.views.trace_proofs import named, proofs

TRACED = 100  # rows of a trace at once; the workbook has every one
SPANS = ("ytd", "period", "since")
ROLES = ("host", "introducer", "lead_department")
BASES = ("verified", "filed")
EDITIONS = ("revised", "published")


def asked(request: HttpRequest) -> dict[str, Any]:
    """Read what is asked for from the address; anything else falls back to the usual."""
    viewer, query = request.viewer, request.GET  # type: ignore[attr-defined]
    profile = viewer.profile
    period = asked_period(query.get("period"), today=viewer.today, profile=profile)
    unit = query.get("unit") or (viewer.unit if viewer.unit in viewer.who.tree.units else viewer.who.root)
    if unit not in viewer.who.tree.units and unit not in {one.id for one in profile.perimeters}:
        raise Http404
    seal = ledger.live_seal(period.label)
    edition = query.get("edition") if query.get("edition") in EDITIONS else "revised"
    as_of = day_asked(query.get("as_of"), viewer.today)
    return {
        "period": period,
        "unit": unit,
        "span": query.get("span") if query.get("span") in SPANS else "ytd",
        "role": query.get("role") if query.get("role") in ROLES else "host",
        "basis": query.get("basis") if query.get("basis") in BASES else "verified",
        "list_": query.get("list") if query.get("list") in {one.id for one in profile.lists} else None,
        "edition": edition if seal else "revised",
        "seal": seal,
        "as_of": None if seal and edition == "published" else as_of,
        "cut": cut_of(seal, str(edition), as_of),
    }


def day_asked(text: str | None, today: date) -> date | None:
    """Read a day from the address; none, a wrong one, today and one to come ask for what is known now."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found < today else None


def cut_of(seal: Any, edition: str, as_of: date | None) -> int | None:
    """Give the cut: the seal's for what was published, the end of the day asked for, else now."""
    if seal and edition == "published":
        return int(seal.cut_at)
    return instant.end_of(as_of) if as_of else None


@needs(Permission.SEE_FIGURES)
@require_GET
def indicators(request: HttpRequest) -> HttpResponse:
    """Show a unit's indicators for a period, its children beside it, every value a door to its rows."""
    viewer, question = request.viewer, asked(request)  # type: ignore[attr-defined]
    tree = viewer.who.tree
    children = [unit.code for unit in tree.children(question["unit"]) if unit.kind in filing_kinds(viewer.profile)]
    units = [question["unit"], *children]
    answer = queries.compute(
        period=question["period"], units=units, span=question["span"], role=question["role"], basis=question["basis"],
        list_=question["list_"], cut=question["cut"], profile=viewer.profile,
    )  # fmt: skip
    rows = [
        {
            "indicator": one,
            "values": [(unit, answer.value(one.id, unit)) for unit in units],
            "kind": answer.kinds[one.id],
        }
        for one in viewer.profile.indicators
    ]
    if request.GET.get("as") == "xlsx":
        return export(request, question, units, rows)
    context = {
        **question,
        "rows": rows,
        "units": [(code, tree.name(code)) for code in units],
        "choices": choices(viewer),
        "may_trace": viewer.may(Permission.TRACE, question["unit"]),
        "level": "sealed" if question["edition"] == "published" else question["basis"],
    }
    return render(request, "web/indicators.html", context)


def filing_kinds(profile: Any) -> set[str]:
    """Give the kinds of unit that file: those worth a column."""
    return {kind.id for kind in profile.unit_kinds if kind.files}


def choices(viewer: Any) -> dict[str, Any]:
    """Give what the filters offer."""
    profile, tree = viewer.profile, viewer.who.tree
    months = months_back(current_month(viewer.today, profile), 18, profile)
    units = [
        tree.unit(viewer.who.root),
        *(unit for unit in tree.children(viewer.who.root) if unit.kind in filing_kinds(profile)),
    ]
    return {
        "periods": [month.label for month in months],
        "units": [unit for unit in units if unit is not None],
        "lists": [one.id for one in profile.lists],
        "spans": SPANS, "roles": ROLES, "bases": BASES, "editions": EDITIONS,
    }  # fmt: skip


def printed(value: Any, kind: str, money_unit: str) -> Any:
    """Round a value at the door, for a workbook's cell."""
    if value is None:
        return None
    if kind == "money":
        return in_unit(value, money_unit, 2)
    return round_away(value, 4 if kind == "ratio" else 2)


def export(
    request: HttpRequest, question: dict[str, Any], units: list[str], rows: list[dict[str, Any]]
) -> HttpResponse:
    """Put the table into a workbook."""
    tree, unit = request.viewer.who.tree, request.money_unit  # type: ignore[attr-defined]
    head = ["指标", "单位", *(tree.name(code) for code in units)]
    body = [
        [
            row["indicator"].zh,
            unit if row["kind"] == "money" else "",
            *(printed(value, row["kind"], unit) for _, value in row["values"]),
        ]
        for row in rows
    ]
    return workbook(f"{question['period']}-indicators", head, body)


@needs(Permission.TRACE)
@require_GET
def trace(request: HttpRequest, indicator: str) -> HttpResponse:
    """Show the rows that make one value, largest first, and where each came from; for units within reach."""
    viewer, question = request.viewer, asked(request)  # type: ignore[attr-defined]
    permissions.require(viewer.who, Permission.TRACE, on=viewer.today, unit=question["unit"])
    chosen = viewer.profile.indicator(indicator)
    if chosen is None:
        raise Http404
    found = queries.trace(
        indicator=indicator, period=question["period"].label, unit=question["unit"], span=question["span"], role=question["role"],
        list_=question["list_"], cut=question["cut"], basis=question["basis"], profile=viewer.profile,
    )  # fmt: skip
    seen = by_code(lists.project_list(by_viewer(request), lists.Filter()))
    lines = sorted(found.lines, key=lambda line: (line.part, -abs(line.weight * line.value)))
    if request.GET.get("as") == "xlsx":
        return export_rows(request, found, [trace_row(line, found, seen, viewer.language) for line in lines])
    page = Paginator(lines, TRACED).get_page(request.GET.get("page"))
    people = identity.people()
    proven = proofs(
        (one for line in page for one in line.sources), cards_of(seen, {line.subject for line in page}),
        viewer.profile, language=viewer.language, name=named(people, viewer.who.tree),
    )  # fmt: skip
    rows = [
        trace_row(line, found, seen, viewer.language)
        | {
            "sources": [
                {"row": one, "who": name_of(people, one.actor), "proof": proven.get(one.row)} for one in line.sources
            ],
            "attributions": line.attributions,
        }
        for line in page
    ]
    context = {
        **question,
        "indicator": chosen,
        "found": found,
        "page": page,
        "rows": rows,
        "level": "sealed" if question["edition"] == "published" else question["basis"],
        "explore": urlencode(
            {"indicator": indicator, **{key: value for key, value in request.GET.items() if key not in ("as", "page")}}
        ),
    }
    return render(request, "web/trace.html", context)


BY_CODE: Kept[Mapping[str, Line]] = Kept(most=4)


def by_code(lines: tuple[Line, ...]) -> Mapping[str, Line]:
    """Put what the viewer sees by project, once for the very same lines."""
    return BY_CODE.get(id(lines), (lines,), lambda: {line.card.code: line for line in lines if line.card})


def cards_of(seen: Mapping[str, Line], subjects: Iterable[str]) -> dict[str, Card]:
    """Give the cards of some projects that the viewer sees."""
    return {code: card for code in subjects if code in seen and (card := seen[code].card) is not None}


def trace_row(line: Any, found: Any, seen: Mapping[str, Line], language: str) -> dict[str, Any]:
    """Give a line of a trace as it may be shown: a project that the viewer does not see has no name."""
    known = line.subject in seen
    return {
        "part": line.part,
        "kind": found.kinds.get(line.part, "days"),
        "subject": line.subject,
        "label": seen[line.subject].face.label if known else words("indicators.veiled", language),
        "known": known,
        "weight": line.weight,
        "value": line.value,
    }


def name_of(people: dict[str, Any], person: str) -> str:
    """Give a person's name, or the id where it was removed or is the machine's operator."""
    found = people.get(person)
    return (found.name if found else None) or person


def export_rows(request: HttpRequest, found: Any, rows: list[dict[str, Any]]) -> HttpResponse:
    """Put the rows behind a value into a workbook."""
    unit = request.money_unit  # type: ignore[attr-defined]
    head = ["部分", "编号", "名称", "份额", f"数值（{unit}）" if found.kind == "money" else "数值"]
    body = [
        [
            row["part"],
            row["subject"] if row["known"] else "",
            row["label"],
            round_away(row["weight"], 6),
            printed(row["value"], row["kind"], unit),
        ]
        for row in rows
    ]
    return workbook(f"{found.indicator}-{found.period}", head, body)
