"""A form of the moment as a unit fills it: the grid, the workbook road, filing it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.codebook.values import Permission
from luodi.exchange import asked_out
from luodi.exchange.asked_out import Face
from luodi.kernel.problem import Problem, Refused, words
from luodi.ledger import clock
from luodi.statistics.actions import drafts
from luodi.statistics.actions import moment as actions
from luodi.statistics.models import Draft
from luodi.statistics.queries import moment as queries
from luodi.statistics.queries import parts as kept_parts
from luodi.statistics.queries.asking import row_facts
from luodi.statistics.rules.asking import cell_problem
from luodi.statistics.values.asking import Asking
from luodi.statistics.values.moment import Moment, MomentStanding
from luodi.web import filed_books, grid, moment_seen
from luodi.web.access import needs
from luodi.web.views.filing_parts import merge_answer, split_answer
from luodi.web.views.projects import by_viewer

NAMES = ("filler", "telephone")


def place(request: HttpRequest, row: int, unit: str) -> tuple[Moment, Asking]:
    """Find the form and the unit's table, or say that there is none for this viewer."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.may(Permission.FILL_FORM, unit):
        raise Http404
    try:
        found, asking = actions.asked(id=row, unit=unit, profile=viewer.profile, today=viewer.today)
    except actions.NoSuchMoment:
        raise Http404 from None
    return found, moment_seen.veiled(asking, by_viewer(request))


@needs(Permission.FILL_FORM)
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, row: int, unit: str) -> HttpResponse:
    """Show a unit's table; on POST keep what was typed, and file it where that button was pressed."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found, asking = place(request, row, unit)
    problems: Sequence[Problem] = ()
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = {
            key.removeprefix("cell:"): str(value) for key, value in request.POST.items() if key.startswith("cell:")
        }
        names = {name: request.POST[name] for name in NAMES if name in request.POST}
        given = request.POST.get("edition", "")
        try:
            actions.save_draft(
                moment=found, unit=unit, typed=drafts.Typed(only_open(typed, asking), signatories=names),
                seen=int(given) if given.isdigit() else None, person=viewer.person, at=clock.now(), today=viewer.today,
            )  # fmt: skip
            if request.POST.get("act") == "file":
                actions.file_return(
                    id=row, unit=unit, profile=viewer.profile, actor=viewer.actor(unit), today=viewer.today
                )
            return redirect("moment_return", row, unit)
        except Refused as refusal:
            problems = refusal.problems
            asking = place(request, row, unit)[1]
    (state,) = queries.states([found], today=viewer.today, unit=unit)
    kept = Draft.objects.filter(form=found.form, unit=unit).first()
    signed = kept.signatories if kept is not None else {}
    before = (
        {}
        if state.returned is None
        else {"filler": state.returned.filler or "", "telephone": state.returned.telephone or ""}
    )
    rows = grid.rows(asking, typed=typed)
    context = {
        "moment": found, "unit": unit, "state": state, "asking": asking, "rows": rows, "totals": grid.totals(asking, rows),
        "editable": found.open(viewer.today), "edition": kept.edition if kept is not None else 0,
        "names": {name: signed.get(name, before.get(name, "")) for name in NAMES}, "problems": problems,
        "filed": state.standing is MomentStanding.SUBMITTED, "drafted": kept is not None,
        "waiting": kept_parts.waiting_conflicts(form=found.form, period=found.period, unit=unit, asking=lambda: asking),
    }  # fmt: skip
    return render(request, "web/moment_return.html", context, status=422 if problems else 200)


def only_open(typed: Mapping[str, str], asking: Asking) -> dict[str, str]:
    """Keep the cells that are asked: what the ledger knows cannot be typed over."""
    asked = {
        f"{row.subject}|{column.id}"
        for row in asking.rows
        for column in asking.columns
        if asking.open(row.subject, column.id)
    }
    return {key: text for key, text in typed.items() if key in asked}


@needs(Permission.FILL_FORM)
@require_POST
def draft(request: HttpRequest, row: int, unit: str) -> HttpResponse:
    """Save cells while somebody types; answer with the new edition and what is wrong with single cells."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found, asking = place(request, row, unit)
    try:
        body = json.loads(request.body)
        cells = {str(key): str(value) for key, value in body["cells"].items()}
        names = {name: str(body.get("words", {})[name]) for name in NAMES if name in body.get("words", {})}
        edition = int(body["edition"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"problems": []}, status=400)
    typed = drafts.Typed(only_open(cells, asking), signatories=names)
    try:
        kept = actions.save_draft(
            moment=found, unit=unit, typed=typed, seen=edition, person=viewer.person, at=clock.now(), today=viewer.today
        )
    except drafts.ChangedMeanwhile as refusal:
        now = Draft.objects.filter(form=found.form, unit=unit).values_list("edition", flat=True).first() or 0
        said = [problem.as_json(viewer.language) for problem in refusal.problems]
        return JsonResponse({"problems": said, "edition": now}, status=409)
    after = place(request, row, unit)[1]
    return JsonResponse({"edition": kept.edition, "findings": [], "cells": wrong_cells(after, viewer.language)})


def wrong_cells(asking: Asking, language: str) -> dict[str, str]:
    """Say what is wrong with single cells."""
    return {
        problem.where: problem.message(language)
        for row in asking.rows
        for column in asking.columns
        if asking.open(row.subject, column.id)
        and (problem := cell_problem(column, row.values.get(column.id, ""), f"{row.subject}|{column.id}"))
    }


def face(request: HttpRequest, found: Moment, unit: str) -> Face:
    """Say what stands above the table in a workbook."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return Face(
        unit=viewer.who.tree.name(unit),
        due=found.due_on.isoformat(),
        legal=found.number or words("filing.internal", viewer.language),
    )


@needs(Permission.FILL_FORM)
@require_GET
def book(request: HttpRequest, row: int, unit: str) -> HttpResponse:
    """Hand out the pre-filled workbook."""
    found, asking = place(request, row, unit)
    language = request.viewer.language  # type: ignore[attr-defined]
    above = face(request, found, unit)
    return filed_books.attachment(
        asked_out.write(asking, above, language), f"{asked_out.file_name(asking, above.unit, language)}.xlsx"
    )


@needs(Permission.FILL_FORM)
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, row: int, unit: str) -> HttpResponse:
    """Split the workbook for those who answer for the rows."""
    found, asking = place(request, row, unit)
    viewer = request.viewer  # type: ignore[attr-defined]
    facts = row_facts(asking, on=viewer.today, profile=viewer.profile)
    context = {"unit": unit, "period": found.due_on.isoformat()}
    return split_answer(request, asking=asking, facts=facts, above=face(request, found, unit), context=context)


@needs(Permission.FILL_FORM)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, row: int, unit: str) -> HttpResponse:
    """Take files back and settle what disagrees."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found, _asking = place(request, row, unit)
    at = clock.now()

    def save(cells: Mapping[str, str]) -> object:
        typed = drafts.Typed(dict(cells))
        return actions.save_draft(
            moment=found, unit=unit, typed=typed, seen=None, person=viewer.person, at=at, today=viewer.today
        )

    return merge_answer(
        request,
        asking=lambda: place(request, row, unit)[1],
        save=save,
        refuse=lambda: actions.still_open(found, viewer.today),
        context={"unit": unit},
    )


@needs(Permission.FILL_FORM)
@require_GET
def marked(request: HttpRequest, row: int, unit: str, part: int) -> HttpResponse:
    """Hand back a file with what could not be taken marked in it."""
    _found, asking = place(request, row, unit)
    return filed_books.marked(asking, part, request.viewer.language)  # type: ignore[attr-defined]
