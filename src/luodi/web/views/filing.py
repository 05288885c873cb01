"""Filing 填报: what my units owe, the grid of one form, submitting it, the sheet to print and stamp."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.codebook.values import Form, Permission
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused
from luodi.ledger import clock, evidence
from luodi.projects.queries import load
from luodi.statistics.actions import drafts, filing, judging
from luodi.statistics.checks.finding import key_of
from luodi.statistics.queries import filings, owing
from luodi.statistics.queries import parts as kept_parts
from luodi.statistics.queries.asking import asking_of
from luodi.statistics.rules.filing import cell_key, next_hand
from luodi.statistics.values.asking import Asking
from luodi.statistics.values.reporting import Finding, Standing
from luodi.web import cell_evidence, grid
from luodi.web.access import needs
from luodi.web.labels import problem_words
from luodi.web.periods import asked_period, current_month, months_back
from luodi.web.uploads import read_upload

INSIDE = (Permission.FILL_FORM, Permission.CHECK_FORM, Permission.SIGN_FORM, Permission.SUBMIT_FORM)
SIGNATORIES = ("head", "statistician", "filler", "telephone", "filled_on")


def may_look(viewer: Any, unit: str) -> bool:
    """Tell whether somebody has a hand in a unit's forms, or accepts some."""
    return any(viewer.may(one, unit) for one in (*INSIDE, Permission.ACCEPT_FORM))


@needs(*INSIDE)
@require_GET
def owed(request: HttpRequest) -> HttpResponse:
    """List the forms of a period for the units I file for."""
    viewer = request.viewer  # type: ignore[attr-defined]
    month = current_month(viewer.today, viewer.profile)
    period = asked_period(request.GET.get("period") or month.label, today=viewer.today, profile=viewer.profile)
    states = [
        state
        for state in owing.form_states(period=period, profile=viewer.profile, today=viewer.today)
        if any(viewer.may(one, state.owed.unit) for one in INSIDE)
    ]
    months = [one.label for one in months_back(month, 12, viewer.profile)]
    rows = [{"state": state, "form": viewer.profile.form(state.owed.form)} for state in states]
    return render(request, "web/filing.html", {"period": period, "rows": rows, "months": months})


def place(request: HttpRequest, form: str, period: str, unit: str) -> dict[str, Any]:
    """Read which form of which unit and period an address names, or say that there is none."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.profile.form(form) is None or not may_look(viewer, unit):
        raise Http404
    try:
        read = viewer.profile.calendar.accounting_year.parse(period)
    except Refused:
        raise Http404 from None
    return {"profile": viewer.profile, "form": form, "period": read, "unit": unit}


@needs(*INSIDE, Permission.ACCEPT_FORM)
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """Show the grid with what was typed, the past beside it and the findings; take what was typed and the next hand."""
    where = place(request, form, period, unit)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            act(request, where)
            return redirect(request.path)
        except Refused as refusal:
            problems = refusal.problems
    return show(request, where, problems)


def act(request: HttpRequest, where: dict[str, Any]) -> None:
    """Do what the pressed button says: save, explain, or put one's name to the next step."""
    viewer, wanted = request.viewer, request.POST.get("act", "save")  # type: ignore[attr-defined]
    at = clock.now()
    if wanted == "explain":
        explain(request, where)
        return
    if viewer.may(Permission.FILL_FORM, where["unit"]) and wanted in ("save", "check"):
        drafts.save_draft(
            **where, typed=typed(request), seen=seen(request), person=viewer.person, at=at, today=viewer.today
        )
        cell_evidence.attach_uploaded(request, where)
        cell_evidence.detach_asked(request, where)
    if wanted in ("check", "sign"):
        drafts.take_hand(**where, step=wanted, person=viewer.person, at=at, today=viewer.today)


def explain(request: HttpRequest, where: dict[str, Any]) -> None:
    """Explain the findings that words were typed for."""
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = filing.preview(**where, today=viewer.today)
    for finding in shown.findings:
        words = request.POST.get(f"explain:{key_of(finding)}", "").strip()
        if words and finding.explained is None:
            judging.explain(findings=[finding], words=words, actor=viewer.actor(where["unit"]), today=viewer.today)


def seen(request: HttpRequest) -> int | None:
    """Read the edition that the page showed."""
    given = request.POST.get("edition", "")
    return int(given) if given.isdigit() else None


def typed(request: HttpRequest) -> drafts.Typed:
    """Read everything a form's page sends: cells `cell:…`, notes `note:field:project`, names, the stamped scan."""
    cells = {key.removeprefix("cell:"): value for key, value in request.POST.items() if key.startswith("cell:")}
    notes = notes_in({key: str(value) for key, value in request.POST.items()})
    names = {name: request.POST[name] for name in SIGNATORIES if name in request.POST}
    scan = None
    uploaded = request.FILES.get("scan")
    if isinstance(uploaded, UploadedFile):
        content, media_type = read_upload(uploaded, images_only=True)
        scan = evidence.store(content, media_type)
    return drafts.Typed(cells, notes, names, scan)


def notes_in(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Read notes by project from fields named `note:field:project`."""
    notes: dict[str, dict[str, str]] = {}
    for key, value in fields.items():
        if key.startswith("note:") and key.count(":") >= 2:
            _, field, project = key.split(":", 2)
            notes.setdefault(project, {})[field] = value
    return notes


def show(request: HttpRequest, where: dict[str, Any], problems: Sequence[Problem] = ()) -> HttpResponse:
    """Show the page of a form; what was typed and could not be saved stands in its cells."""
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = filing.preview(**where, today=viewer.today)
    chosen: Form = shown.form
    filed = filings.return_of(form=chosen.id, period=where["period"].label, unit=where["unit"])
    (state,) = owing.form_states(
        period=where["period"], profile=viewer.profile, today=viewer.today, unit=where["unit"], form=chosen.id
    )
    asking = asked(viewer, where, shown)
    lost = typed(request) if problems and request.method == "POST" else None
    written = load.notes(shown.owed.subjects)
    gone = state.standing in (Standing.SUBMITTED, Standing.IN_CHAIN, Standing.ACCEPTED)
    notes = notes_of(written, where["period"]) if gone else shown.draft.notes
    rows = grid.rows(
        asking,
        typed={key: str(value) for key, value in lost.cells.items()} if lost else {},
        notes={**notes, **((lost.notes if lost else None) or {})},
        before=notes_before(written, where["period"]),
        evidence=cell_evidence.evidence_of_cells(viewer, shown),
    )
    hand = next_hand(chosen, shown.draft.state if shown.draft.edition else "")
    context = {
        **where,
        "chosen": chosen,
        "state": state,
        "filing": filed,
        "back": filings.to_mend(form=chosen.id, period=where["period"].label, unit=where["unit"]),
        "preview": shown,
        "asking": asking,
        "columns": grid.columns(chosen, viewer.profile),
        "rows": rows,
        "totals": grid.totals(asking, rows),
        "findings": [
            {"finding": one, "key": key_of(one), "words": Problem(one.code, params=dict(one.params))}
            for one in (() if gone else shown.findings)  # what has left the house is looked at by who accepts it
        ],
        "hand": hand,
        "names": {**names(shown), **(lost.signatories if lost and lost.signatories else {})},
        "editable": viewer.may(Permission.FILL_FORM, where["unit"]) and not gone,
        "waiting": kept_parts.waiting_conflicts(
            form=chosen.id, period=where["period"].label, unit=where["unit"], asking=lambda: asking
        ),
        "problems": problems,
        "blocking": [problem for problem in shown.problems if problem.blocking],
    }
    return render(request, "web/form.html", context, status=422 if problems else 200)


def asked(viewer: Any, where: dict[str, Any], shown: filing.Preview) -> Asking:
    """Lay out what is asked, from a preview that was made already."""
    return asking_of(
        profile=where["profile"],
        form=shown.form,
        owed=shown.owed,
        period=where["period"],
        kept=shown.draft,
        only=shown.open_cells,
        unit_name=viewer.who.tree.name(where["unit"]),
    )


Notes = Mapping[tuple[str, str], Any]
NOTE_PARTS = ("progress", "problems", "next", "coordinate")


def notes_before(written: Notes, period: Period) -> Mapping[str, Mapping[str, str]]:
    """Give each project's last note before the period, to copy forward."""
    found: dict[str, str] = {}
    for code, label in written:
        if found.get(code, "") < label < period.label:
            found[code] = label
    return {code: note_parts(written[(code, label)]) for code, label in found.items()}


def notes_of(written: Notes, period: Period) -> Mapping[str, Mapping[str, str]]:
    """Give each project's note of the period as filed."""
    return {code: note_parts(note) for (code, label), note in written.items() if label == period.label}


def note_parts(note: Any) -> dict[str, str]:
    """Give a note's words by part."""
    return {name: getattr(note, name) or "" for name in NOTE_PARTS}


def names(shown: filing.Preview) -> dict[str, str]:
    """Give the signatories as typed so far."""
    return {name: shown.draft.signatories.get(name, "") for name in shown.form.signatories}


@needs(Permission.FILL_FORM)
@require_POST
def draft(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """Save cells while somebody types; answer with the new edition, findings and what clashes."""
    where = place(request, form, period, unit)
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        body = json.loads(request.body)
        cells = {str(key): str(value) for key, value in body["cells"].items()}
        words = {str(key): str(value) for key, value in body.get("words", {}).items()}
        edition = int(body["edition"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"problems": []}, status=400)
    try:
        kept = drafts.save_draft(
            **where,
            typed=drafts.Typed(cells, notes_in(words), {name: words[name] for name in SIGNATORIES if name in words}),
            seen=edition,
            person=viewer.person,
            at=clock.now(),
            today=viewer.today,
        )
    except drafts.ChangedMeanwhile as refusal:
        now = drafts.draft(form=form, period=where["period"].label, unit=unit).edition
        said = [problem.as_json(viewer.language) for problem in refusal.problems]
        return JsonResponse({"problems": said, "edition": now}, status=409)
    shown = filing.preview(**where, today=viewer.today)
    return JsonResponse(
        {
            "edition": kept.edition,
            "findings": [finding_line(one, viewer) for one in shown.findings],
            "cells": wrong_cells(shown, viewer),
        }
    )


def finding_line(finding: Finding, viewer: Any) -> dict[str, str]:
    """Give a finding for the page."""
    words = problem_words(Problem(finding.code, params=dict(finding.params)), viewer, viewer.language)
    return {
        "cell": f"{finding.subject}|{finding.measure}",
        "severity": finding.severity,
        "message": words,
        "explained": finding.explained or "",
    }


def wrong_cells(shown: filing.Preview, viewer: Any) -> dict[str, str]:
    """Give what is wrong with single cells, by cell."""
    return {
        problem.where: problem_words(problem, viewer, viewer.language)
        for problem in shown.problems
        if "|" in problem.where and problem.code.startswith(("typed.", "filing."))
    }


@needs(Permission.SUBMIT_FORM)
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """Show exactly what submitting would send; on POST send it."""
    where = place(request, form, period, unit)
    viewer = request.viewer  # type: ignore[attr-defined]
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            filing.submit(**where, actor=viewer.actor(unit), today=viewer.today)
            return redirect("form", form, period, unit)
        except Refused as refusal:
            problems = refusal.problems
    return sheet_page(request, where, "web/form_send.html", problems)


@needs(*INSIDE, Permission.ACCEPT_FORM)
@require_GET
def sheet(request: HttpRequest, form: str, period: str, unit: str) -> HttpResponse:
    """Show the A4 sheet with the responsible names, to print, sign and stamp."""
    return sheet_page(request, place(request, form, period, unit), "web/form_sheet.html", ())


def sheet_page(request: HttpRequest, where: dict[str, Any], template: str, problems: Sequence[Problem]) -> HttpResponse:
    """Show a return as it would be sent, or as it was."""
    viewer = request.viewer  # type: ignore[attr-defined]
    shown = filing.preview(**where, today=viewer.today)
    filed = filings.return_of(form=shown.form.id, period=where["period"].label, unit=where["unit"])
    values = {(cell.subject, cell.measure): cell.value for cell in shown.cells}
    if filed is not None and not shown.draft.edition:
        values = {(row.subject, row.measure): row.value for row in filings.cells_of(filed.id)}
    heads = grid.columns(shown.form, viewer.profile)
    labels = {row.subject: row.label for row in asked(viewer, where, shown).rows}
    proven = cell_evidence.evidence_of_cells(viewer, shown)
    rows = [
        {
            "code": code,
            "label": labels[code],
            "cells": [
                {
                    "value": grid.plain(values.get((code, head.measure.id)), head.measure),
                    "files": proven.get(cell_key((code, head.measure.id)), {}).get("files", ()),
                }
                for head in heads
            ],
        }
        for code in shown.owed.subjects
    ]
    totals = [
        grid.plain(total([values.get((code, head.measure.id)) for code in shown.owed.subjects]), head.measure)
        for head in heads
    ]
    blocking = [one for one in shown.problems if one.blocking]
    context = {
        **where, "chosen": shown.form, "preview": shown, "columns": heads, "rows": rows, "totals": totals, "names": names(shown),
        "problems": problems or (blocking if template == "web/form_send.html" else []), "not_yet": len(blocking),
        "filing": filed,
        "findings": [{"finding": one, "words": Problem(one.code, params=dict(one.params))} for one in shown.findings],
    }  # fmt: skip
    return render(request, template, context, status=422 if problems else 200)


def total(values: Sequence[Any]) -> Any:
    """Add up what is filled; nothing filled has no total."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
