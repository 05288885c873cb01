"""Units over time 单位沿革: the tree of a day, and every version a unit has had."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.codebook.values import Permission
from luodi.identity import queries as identity
from luodi.identity.tree import Tree, Unit, Version
from luodi.web.access import needs
from luodi.web.exporting import workbook


@needs(Permission.SEE_FIGURES, Permission.KEEP_UNITS)
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """Show the tree as of a day, each unit with its history."""
    viewer = request.viewer  # type: ignore[attr-defined]
    on = asked_day(request)
    tree = identity.tree(on=on)
    history: defaultdict[str, list[Version]] = defaultdict(list)
    for version in identity.versions():
        history[version.code].append(version)
    rows: list[dict[str, Any]] = [
        {"unit": unit, "depth": depth, "versions": sorted(history[unit.code], key=lambda one: one.valid_from)}
        for unit, depth in walked(tree)
    ]
    if request.GET.get("as") == "xlsx":
        head = ("编号", "名称", "类别", "上级", "考核组")
        return workbook(
            f"units-{on}",
            head,
            [(u.code, u.name, u.kind, tree.name(u.parent) if u.parent else "", u.group) for u, _ in walked(tree)],
        )
    labels = {
        one.id: one.zh if viewer.language == "zh" else one.en
        for one in (*viewer.profile.unit_kinds, *viewer.profile.groups)
    }
    for row in rows:
        row["kind"], row["group"] = (
            labels.get(row["unit"].kind, row["unit"].kind),
            labels.get(row["unit"].group, row["unit"].group),
        )
    closed = sorted((unit for unit in tree.units.values() if not unit.open), key=lambda unit: unit.code)
    return render(
        request,
        "web/house_units.html",
        {
            "on": on,
            "tree": tree,
            "rows": rows,
            "closed": closed,
            "may_change": viewer.may(Permission.KEEP_UNITS),
        },
    )


def asked_day(request: HttpRequest) -> date:
    """Read the day from the address; without one (or with a wrong one) today."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.viewer.today  # type: ignore[attr-defined, no-any-return]


def walked(tree: Tree) -> list[tuple[Unit, int]]:
    """List the existing units from the top down, each with its depth."""
    found: list[tuple[Unit, int]] = []
    waiting: list[tuple[Unit, int]] = [(unit, 0) for unit in reversed(tree.roots())]
    seen: set[str] = set()
    while waiting:
        unit, depth = waiting.pop()
        if unit.code in seen:  # history may hold a circle
            continue
        seen.add(unit.code)
        found.append((unit, depth))
        waiting += [(child, depth + 1) for child in reversed(tree.children(unit.code))]
    return found
