"""Acceptance 审核: the queue of an office, one submission with its figures, findings and what may be done about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Permission
from luodi.identity import queries as identity
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused, words
from luodi.ledger import queries as ledger
from luodi.projects.queries import cards
from luodi.statistics.actions import judging
from luodi.statistics.queries import filings, owing
from luodi.statistics.queries.batch import Checked, checked
from luodi.statistics.queries.evidence import files_on
from luodi.statistics.queries.figures import figures_in_force
from luodi.statistics.rules.filing import split_key
from luodi.statistics.rules.owing import corrections, latest
from luodi.statistics.values.reporting import Filing, FormState, Owed, Standing
from luodi.web import grid
from luodi.web.access import needs
from luodi.web.cell_evidence import as_shown
from luodi.web.periods import asked_period, current_month, months_back
from luodi.web.views.projects import by_viewer

WAITING = (Standing.SUBMITTED, Standing.IN_CHAIN)


class NotClean(Refused):
    """Some of the chosen submissions carry open findings: they are read one by one."""

    code = "acceptance.not_clean"


def turn(viewer: Any, filing: Filing | None) -> str:
    """Give the unit of the viewer whose turn it is to accept a submission, or ""."""
    if filing is None or filing.next_step is None:
        return ""
    unit = filing.steps[filing.next_step]
    return unit if unit in viewer.seats else ""


@needs(Permission.ACCEPT_FORM)
@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits for my office, findings first; on POST accept the chosen clean ones."""
    viewer = request.viewer  # type: ignore[attr-defined]
    month = current_month(viewer.today, viewer.profile)
    period = asked_period(request.GET.get("period") or month.label, today=viewer.today, profile=viewer.profile)
    states = owing.form_states(period=period, profile=viewer.profile, today=viewer.today)
    mine = [state for state in states if concerns(viewer, state)]
    waiting = checked(
        [replace(state, filing=one) for state in mine for one in state.waiting if turn(viewer, one)],
        period=period, profile=viewer.profile,
    )  # fmt: skip
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            count = accept_chosen(request, waiting)
            messages.success(request, words("acceptance.accepted_several", viewer.language, count=count))
            return redirect(f"{request.path}?period={period.label}")
        except Refused as refusal:
            problems = refusal.problems
    context = {
        "period": period,
        "months": [one.label for one in months_back(month, 12, viewer.profile)],
        "rows": sorted((row(viewer, one) for one in waiting), key=lambda one: one["order"]),
        "others": [other(viewer, state) for state in mine if not turn(viewer, state.filing)],
        "elsewhere": waiting_elsewhere(viewer, period, month),
        "problems": problems,
    }
    return render(request, "web/acceptance.html", context, status=422 if problems else 200)


def concerns(viewer: Any, state: FormState) -> bool:
    """Tell whether a return passes through an office I sit in: as it was filed, else as the form says."""
    if state.filing is not None:
        return bool(set(state.filing.steps) & set(viewer.seats))
    form = viewer.profile.form(state.owed.form)
    offices = {office.id: office.unit for office in viewer.profile.offices}
    return any(offices.get(step.office or "") in viewer.seats for step in form.steps)


def waiting_elsewhere(viewer: Any, period: Period, month: Period) -> list[tuple[str, int]]:
    """Count what waits for me in other months, so that a month long past is not forgotten."""
    labels = [one.label for one in months_back(month, 12, viewer.profile) if one != period]
    filed: defaultdict[tuple[str, str, str], list[Filing]] = defaultdict(list)
    for one in filings.filings(periods=labels):
        filed[(one.form, one.period, one.unit)].append(one)
    found: defaultdict[str, int] = defaultdict(int)
    for (_, label, _), all_of_it in filed.items():
        whole = latest(all_of_it)
        found[label] += sum(bool(turn(viewer, one)) for one in (whole, *corrections(all_of_it)))
    return [(label, count) for label, count in sorted(found.items(), reverse=True) if count]


def row(viewer: Any, one: Checked) -> dict[str, Any]:
    """Give a line of the queue: the form's first measure added up, with what it was last time."""
    form = viewer.profile.form(one.state.owed.form)
    head = grid.columns(form, viewer.profile)[0]
    now = total([cell.value for cell in one.cells.values() if cell.measure == head.measure.id])
    before = total([value for (_, measure), value in one.before.items() if measure == head.measure.id])
    worst = [finding.severity for finding in one.open_findings]
    kinds = {kind.id: kind for kind in viewer.profile.evidence_kinds}
    return {
        "files": [{"kind": kinds.get(kind)} for cell in one.cells.values() for kind, _ in cell.evidence],
        "filing": one.state.filing, "state": one.state, "form": form, "head": head, "clean": one.clean,
        "now": grid.plain(now, head.measure), "before": grid.plain(before, head.measure),
        "change": grid.plain(now - before, head.measure) if now is not None and before is not None else "",
        "fell": now is not None and before is not None and now < before,
        "hard": worst.count("hard"), "soft": worst.count("soft"), "hints": sum(f.severity == "hint" for f in one.findings),
        "explained": sum(f.explained is not None for f in one.findings),
        "order": (not worst.count("hard"), not worst, one.state.filing.known_at if one.state.filing else 0),
    }  # fmt: skip


def total(values: Sequence[Any]) -> Decimal | None:
    """Add up what is filed; nothing filed has no total."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def other(viewer: Any, state: FormState) -> dict[str, Any]:
    """Give a line for what doesn't wait for me now: not filed yet, with somebody else, or done."""
    return {"state": state, "form": viewer.profile.form(state.owed.form), "filing": state.filing}


def accept_chosen(request: HttpRequest, waiting: Sequence[Checked]) -> int:
    """
    Accept the chosen submissions, all or none for each unit I act for; tell how many.

    :raises NotClean: if one of them has open findings
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    chosen = {int(value) for value in request.POST.getlist("row") if value.isdigit()}
    asked = [one for one in waiting if one.state.filing is not None and one.state.filing.id in chosen]
    gone = chosen - {one.state.filing.id for one in asked if one.state.filing}
    problems = [Problem("acceptance.gone", where=str(one)) for one in sorted(gone)]
    problems += [
        Problem("acceptance.not_clean", params={"unit": viewer.who.tree.name(one.state.owed.unit)})
        for one in asked
        if not one.clean
    ]
    if problems or not asked:
        raise NotClean(*(problems or [Problem("acceptance.none_chosen")]))
    by_unit: defaultdict[str, list[int]] = defaultdict(list)
    for one in asked:
        if one.state.filing is not None:
            by_unit[turn(viewer, one.state.filing)].append(one.state.filing.id)
    for unit, ids in by_unit.items():
        judging.accept_several(submissions=ids, unit=unit, actor=viewer.actor(unit), today=viewer.today)
    return len(asked)


# One submission -----------------------------------------------------------------------------------


@needs(Permission.ACCEPT_FORM, Permission.SUBMIT_FORM, Permission.FILL_FORM, Permission.CHECK_FORM)
@require_http_methods(["GET", "POST"])
def submission(request: HttpRequest, row: int) -> HttpResponse:
    """Show a submission: its figures beside last period's, the findings, what became of it; take a judgement."""
    viewer = request.viewer  # type: ignore[attr-defined]
    filing = filings.filing(row)
    if filing is None or viewer.profile.form(filing.form) is None or not may_read(viewer, filing):
        raise Http404
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            return act(request, filing)
        except Refused as refusal:
            problems = refusal.problems
            filing = filings.filing(row) or filing
    return show(request, filing, problems)


def may_read(viewer: Any, filing: Filing) -> bool:
    """Tell whether somebody accepts this submission or has a hand in its unit's forms."""
    hands = (Permission.FILL_FORM, Permission.CHECK_FORM, Permission.SIGN_FORM, Permission.SUBMIT_FORM)
    accepts = viewer.may_somewhere(Permission.ACCEPT_FORM) and bool(set(filing.steps) & set(viewer.seats))
    return accepts or any(viewer.may(one, filing.unit) for one in hands)


def act(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Do what the pressed button says."""
    viewer, wanted = request.viewer, request.POST.get("act", "")  # type: ignore[attr-defined]
    reason = request.POST.get("reason", "").strip()
    seen = request.POST.get("expected", "")
    if wanted == "reopen":
        reopen(request, filing, reason)
    elif wanted in ("accepted", "sent_back", "withdrawn"):
        judging.judge(
            submission=filing.id, verdict=wanted, unit=acting_unit(viewer, filing, wanted), reason=reason,
            actor=viewer.actor(acting_unit(viewer, filing, wanted)), today=viewer.today,
            expected=int(seen) if seen.isdigit() else None,
        )  # fmt: skip
    else:
        return redirect("submission", filing.id)
    messages.success(request, words(f"acceptance.done_{wanted}", viewer.language))
    if wanted in ("withdrawn", "reopen"):
        return redirect("submission", filing.id)
    return redirect(f"{reverse('acceptance')}?period={filing.period}")


def acting_unit(viewer: Any, filing: Filing, verdict: str) -> str:
    """Give the unit the person acts for: whose turn it is, else the last of the chain they sit in; the action checks it."""
    mine = [unit for unit in filing.steps if unit in viewer.seats]
    return turn(viewer, filing) or (mine[-1] if mine else str(viewer.unit))


def reopen(request: HttpRequest, filing: Filing, reason: str) -> None:
    """Ask for the chosen cells again."""
    viewer = request.viewer  # type: ignore[attr-defined]
    unit = acting_unit(viewer, filing, "reopen")
    cells = [split_key(key) for key in request.POST.getlist("cell")]
    if not cells:
        raise judging.CannotReopen(Problem("acceptance.no_cell"))
    judging.reopen_cells(
        profile=viewer.profile, form=filing.form, period=period_of(viewer, filing), unit=filing.unit, cells=cells,
        acting_for=unit, reason=reason, actor=viewer.actor(unit), today=viewer.today,
    )  # fmt: skip


def period_of(viewer: Any, filing: Filing) -> Period:
    """Read a submission's period."""
    read: Period = viewer.profile.calendar.accounting_year.parse(filing.period)
    return read


def show(request: HttpRequest, filing: Filing, problems: Sequence[Problem]) -> HttpResponse:
    """Show the page of a submission."""
    viewer = request.viewer  # type: ignore[attr-defined]
    period, form = period_of(viewer, filing), viewer.profile.form(filing.form)
    states = owing.form_states(
        period=period, profile=viewer.profile, today=viewer.today, unit=filing.unit, form=form.id
    )
    counting = [replace(state, filing=filing) for state in states if filing in (state.filing, *state.corrections)]
    seen = checked(counting, period=period, profile=viewer.profile)
    recorded = ledger.fact(filing.fact)
    filed = recorded.rows["statistics.Submission"][0] if recorded else {}
    findings = list(seen[0].findings) if seen else []
    context = {
        "filing": filing, "form": form, "period": period, "state": states[0] if states else None,
        "columns": grid.columns(form, viewer.profile),
        "rows": table(request, filing, period, {(one.subject, one.measure) for one in findings}),
        "findings": [{"finding": one, "words": Problem(one.code, params=dict(one.params))} for one in findings],
        "explained": sum(one.explained is not None for one in findings),
        "names": {name: filed.get(name) for name in form.signatories}, "scan": filed.get("scan", ""),
        "turn": turn(viewer, filing), "may_withdraw": may_withdraw(viewer, filing),
        "sealed": ledger.live_seal(filing.period) is not None, "counts": bool(seen),
        "problems": problems, "reason": request.POST.get("reason", ""), "chosen": set(request.POST.getlist("cell")),
    }  # fmt: skip
    return render(request, "web/submission.html", context, status=422 if problems else 200)


def may_withdraw(viewer: Any, filing: Filing) -> bool:
    """Tell whether the person sits in an office that accepted this submission."""
    settled = filing.standing in (Standing.ACCEPTED, Standing.REOPENED)
    return settled and viewer.may_somewhere(Permission.ACCEPT_FORM) and bool(set(filing.steps) & set(viewer.seats))


def table(request: HttpRequest, filing: Filing, period: Period, flagged: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Give a row for each subject, a cell for each measure with last period's value and the difference."""
    viewer = request.viewer  # type: ignore[attr-defined]
    heads = grid.columns(viewer.profile.form(filing.form), viewer.profile)
    cells = {(one.subject, one.measure): one.value for one in filings.cells_of(filing.id)}
    subjects = tuple(dict.fromkeys(subject for subject, _ in cells))
    before = viewer.profile.calendar.accounting_year.before(period)
    owed = Owed(filing.form, period.label, filing.unit, subjects, tuple(head.measure.id for head in heads), frozenset())
    past = figures_in_force(subjects=subjects, measures=owed.measures, since=before.first, until=before.last)
    labels = names_of(request, subjects, period)
    files = filed_files(viewer, filing)

    def cell(subject: str, head: grid.Column) -> dict[str, Any]:
        key = (subject, head.measure.id)
        known = past.get((*key, before.label))
        value, last = cells.get(key), known.value if known else None
        change = value - last if value is not None and last is not None else Decimal(0)
        return {
            "key": "|".join(key), "value": grid.plain(value, head.measure), "before": grid.plain(last, head.measure),
            "change": grid.plain(change, head.measure) if change else "", "fell": change < 0,
            "files": files.get(key, ()), "flagged": key in flagged, "asked_again": key in filing.reopened, "filed": key in cells,
        }  # fmt: skip

    return [
        {
            "subject": one,
            "label": labels.get(one, one),
            "project": one in labels,
            "cells": [cell(one, h) for h in heads],
        }
        for one in subjects
    ]


def filed_files(viewer: Any, filing: Filing) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Give the evidence that came with the figures of a submission, by cell, as chips."""
    kinds, people = {kind.id: kind for kind in viewer.profile.evidence_kinds}, identity.people()
    found: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for file in files_on([row for row in filings.cells_of(filing.id) if row.evidence]):
        found[(file.subject, file.measure)].append(as_shown(viewer, file, kinds, people))
    return found


def names_of(request: HttpRequest, subjects: Sequence[str], period: Period) -> dict[str, str]:
    """Name projects as the reader may see them."""
    viewer = by_viewer(request)
    lines = cards.cards(on=period.last, profile=viewer.profile)
    return {code: viewer.face(lines[code]).label for code in subjects if code in lines}
