"""Breaking a target down over units or months: typed parts, added up as one types and again here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.codebook.values.indicators import Indicator
from luodi.identity import permissions
from luodi.kernel.money import YUAN_IN, to_yuan
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused, refuse_if_any, words
from luodi.kernel.typed import NotANumber, read_number
from luodi.statistics.actions import targets as actions
from luodi.statistics.queries import targets as known_targets
from luodi.statistics.rules.targets import KINDS, SOURCES
from luodi.statistics.values.reporting import TargetPart
from luodi.web.access import needs
from luodi.web.views.indicators import filing_kinds
from luodi.web.views.targets import asked_indicator, asked_year, offered

OVER = ("units", "months")
LARGEST = Decimal(10) ** 15  # of what a column of amounts holds


class Mistyped(Refused):
    """A field of the form is no number. `problems` says which."""

    code = "targets.mistyped"


@dataclass(frozen=True)
class Asked:
    """Which target is being broken down, and over what."""

    indicator: Indicator
    year: Period
    unit: str
    kind: str
    source: str
    over: str

    @property
    def query(self) -> dict[str, str]:
        """Give the address's parameters."""
        return {
            "indicator": self.indicator.id, "year": self.year.label, "unit": self.unit, "kind": self.kind,
            "source": self.source, "over": self.over,
        }  # fmt: skip


@needs(Permission.SET_TARGETS)
@require_http_methods(["GET", "POST"])
def break_down(request: HttpRequest) -> HttpResponse:
    """Show a target with its parts and take what was typed; what was typed stays when it is refused."""
    viewer = request.viewer  # type: ignore[attr-defined]
    asked = read(request)
    permissions.require(viewer.who, Permission.SET_TARGETS, on=viewer.today, unit=asked.unit)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            submit(request, asked)
        except (Mistyped, actions.CannotBreakDown) as refused:
            unit = typing_unit(request, asked)
            problems = tuple(in_typed_unit(one, unit) for one in refused.problems)
        else:
            messages.success(request, words("targets.done", viewer.language))
            query = urlencode({"indicator": asked.indicator.id, "year": asked.year.label})
            return redirect(f"{reverse('targets')}?{query}")
    return render(
        request, "web/target_break_down.html", form(request, asked, problems), status=422 if problems else 200
    )


def read(request: HttpRequest) -> Asked:
    """Read which target it is from the address."""
    viewer, query = request.viewer, request.GET  # type: ignore[attr-defined]
    unit = query.get("unit", "")
    return Asked(
        indicator=asked_indicator(request),
        year=asked_year(request),
        unit=unit if viewer.who.tree.exists(unit) else viewer.who.root,
        kind=one_of(query.get("kind"), KINDS),
        source=one_of(query.get("source"), SOURCES),
        over=one_of(query.get("over"), OVER),
    )


def one_of(given: str | None, allowed: Sequence[str]) -> str:
    """Take what the address says where it is allowed, else the first."""
    return given if given in allowed and given is not None else allowed[0]


def parts_of(viewer: Any, asked: Asked) -> list[tuple[str, str]]:
    """List what the target is split over: (key, label) of the units below that file, else of all below, or of the year's months."""
    if asked.over == "months":
        return [(one.label, one.label) for one in viewer.profile.calendar.accounting_year.months(int(asked.year.label))]
    below = viewer.who.tree.children(asked.unit)
    filing = [one for one in below if one.kind in filing_kinds(viewer.profile)]
    return [(one.code, one.name) for one in filing or below]


def form(request: HttpRequest, asked: Asked, problems: tuple[Problem, ...]) -> dict[str, Any]:
    """Give the form: what was typed, else what is in force."""
    viewer = request.viewer  # type: ignore[attr-defined]
    unit = typing_unit(request, asked)
    known = {
        (one.unit, one.period): one.value
        for one in known_targets.targets_of(asked.indicator.id)
        if (one.kind, one.source) == (asked.kind, asked.source)
    }
    typed = request.POST if request.method == "POST" else None
    whole = typed.get("whole", "") if typed else shown(known.get((asked.unit, asked.year.label)), unit)
    parts = []
    for key, label in parts_of(viewer, asked):
        place = (key, asked.year.label) if asked.over == "units" else (asked.unit, key)
        parts.append(
            {
                "key": key,
                "label": label,
                "value": typed.get(f"part-{key}", "") if typed else shown(known.get(place), unit),
            }
        )
    return {
        "asked": asked, "whole": whole, "parts": parts, "reason": typed.get("reason", "") if typed else "", "problems": problems,
        "typing_unit": unit, "offered": offered(viewer.profile), "kinds": KINDS, "sources": SOURCES, "overs": OVER,
        "units": splittable(viewer),
    }  # fmt: skip


def splittable(viewer: Any) -> list[Any]:
    """List the units whose targets may be split by the viewer: the whole, and those below it that file."""
    tree, root = viewer.who.tree, viewer.who.root
    found = [tree.unit(root), *(one for one in tree.children(root) if one.kind in filing_kinds(viewer.profile))]
    return [one for one in found if one is not None and viewer.may(Permission.SET_TARGETS, one.code)]


def typing_unit(request: HttpRequest, asked: Asked) -> str:
    """Tell in which unit amounts are typed; empty for counts and persons. A form sent back keeps the unit it was typed in."""
    if asked.indicator.unit != "money":
        return ""
    sent = request.POST.get("typing_unit", "")
    return sent if sent in YUAN_IN else str(request.money_unit)  # type: ignore[attr-defined]


def shown(value: Decimal | None, unit: str) -> str:
    """Write a kept value as it is typed: in the unit, no digit lost."""
    if value is None:
        return ""
    scaled = (value / YUAN_IN[unit] if unit else value).normalize()
    return f"{scaled:f}"


def submit(request: HttpRequest, asked: Asked) -> None:
    """
    Read what was typed and set the targets.

    :raises Mistyped: for fields that are no numbers
    :raises CannotBreakDown: if the parts don't fit the whole
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    unit = typing_unit(request, asked)
    labels = dict(parts_of(viewer, asked))
    texts = {"": request.POST.get("whole", "")} | {key: request.POST.get(f"part-{key}", "") for key in labels}
    numbers = {key: number(text, unit) for key, text in texts.items() if key == "" or text.strip()}
    whole_label = words("targets.whole", viewer.language)
    refuse_if_any(
        (
            Problem("targets.not_a_number", params={"found": texts[key], "where": labels.get(key, whole_label)})
            for key, value in numbers.items()
            if value is None
        ),
        Mistyped,
    )  # fmt: skip
    read_numbers = {key: value for key, value in numbers.items() if value is not None}
    actions.break_down(
        profile=viewer.profile, unit=asked.unit, indicator=asked.indicator.id, period=asked.year, whole=read_numbers.pop(""),
        parts=[part(asked, key, value) for key, value in read_numbers.items()],
        kind=asked.kind, source=asked.source, reason=request.POST.get("reason", "").strip(), actor=viewer.actor(), today=viewer.today,
    )  # fmt: skip


def part(asked: Asked, key: str, value: Decimal) -> TargetPart:
    """Make a part: of a unit below for the same year, or of the unit's own month."""
    if asked.over == "months":
        return TargetPart(asked.unit, key, value)
    return TargetPart(key, asked.year.label, value)


def number(text: str, unit: str) -> Decimal | None:
    """Read an amount as typed into yuan (or as it is, for counts); None where it is no number from 0 on."""
    try:
        typed = read_number(text)
    except NotANumber:
        return None
    if typed is None or not 0 <= typed < LARGEST:
        return None
    return to_yuan(typed, unit) if unit else typed


def in_typed_unit(problem: Problem, unit: str) -> Problem:
    """Say a difference in the unit it was typed in."""
    difference = problem.params.get("difference")
    if difference is None or not unit:
        return problem
    return replace(problem, params={**problem.params, "difference": f"{shown(Decimal(str(difference)), unit)}{unit}"})
