"""Period close 封账: who has filed, what is open, who is late, the seal with its consequences shown first, and what came after."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission
from luodi.identity import queries as identity
from luodi.indicators import queries as indicators
from luodi.kernel.period import Period
from luodi.kernel.problem import Problem, Refused, words
from luodi.ledger import queries as ledger
from luodi.ledger.values import Seal
from luodi.statistics.actions import closing as sealing
from luodi.statistics.queries import closing, filings, owing
from luodi.statistics.queries.batch import Checked, checked
from luodi.statistics.rules.sealing import CORRECTION_WAITS, SealDossier, seal_problems
from luodi.statistics.values.reporting import FILED, FormState
from luodi.web.access import needs
from luodi.web.labels import day_words, period_words
from luodi.web.periods import asked_period, current_month, months_back
from luodi.web.views import closing_reminding

SHOWN = 60  # findings, and reasons against a seal, that a page lists; the others it counts
OUTSIDE = 200  # things a seal leaves outside that a page lists
ADDITIVE = ("flow", "stock", "sum")  # kinds whose change can be split over projects


class ChangedSince(Refused):
    """What the seal would do is not what the page showed."""

    code = "closing.changed"


@needs(Permission.SEAL_PERIOD, Permission.PUBLISH_PAPERS)
@require_http_methods(["GET", "POST"])
def closing_page(request: HttpRequest) -> HttpResponse:
    """Show where a month stands; on POST seal it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    month = current_month(viewer.today, viewer.profile)
    period = asked_period(request.GET.get("period") or month.label, today=viewer.today, profile=viewer.profile)
    states = owing.form_states(period=period, profile=viewer.profile, today=viewer.today)
    seal = ledger.live_seal(period.label)
    left = [state for state in states if state.standing in FILED]
    seen = checked(left, period=period, profile=viewer.profile)
    consequences = [] if seal else seal_problems(dossier(viewer, period, states, seen), today=viewer.today)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            if request.POST.get("act", "").startswith("remind"):
                return reminded(request, period, states)
            return seal_it(request, period, consequences)
        except Refused as refusal:
            problems = [named(viewer, one) for one in refusal.problems]
    context = {
        "period": period,
        "months": [one.label for one in months_back(month, 12, viewer.profile)],
        "forms": forms_of(viewer, states),
        "rows": matrix(viewer, states, seen),
        "filed": owing.completeness(states),
        "open": [one for one in seen if one.open_findings],
        "findings": open_findings(viewer, seen),
        "findings_count": (count := sum(len(one.open_findings) for one in seen)),
        "findings_more": max(0, count - SHOWN),
        "late": late_list(viewer, period, states),
        "missing": [] if seal else closing_reminding.rows(viewer, states),
        "seal": seal,
        "may_seal": viewer.may_somewhere(Permission.SEAL_PERIOD),
        "problems": problems,
        **(after(request, period, seal) if seal else before(viewer, consequences, states)),
    }
    return render(request, "web/closing.html", context, status=422 if problems else 200)


def dossier(viewer: Any, period: Period, states: Sequence[FormState], seen: Sequence[Checked]) -> SealDossier:
    """Gather what the sealing rules look at from what the page has loaded already."""
    return SealDossier(
        period=period,
        year=viewer.profile.calendar.accounting_year,
        states=states,
        open_findings=[finding for one in seen for finding in one.findings],
        next_to_seal=closing.next_to_seal(viewer.profile),
        already_sealed=False,
    )


# The matrix ---------------------------------------------------------------------------------------


def forms_of(viewer: Any, states: Sequence[FormState]) -> list[Any]:
    """List the forms that somebody owes, in the profile's order."""
    owed = {state.owed.form for state in states}
    return [form for form in viewer.profile.forms if form.id in owed]


def matrix(viewer: Any, states: Sequence[FormState], seen: Sequence[Checked]) -> list[dict[str, Any]]:
    """Give a row for each unit, a cell for each form: where it stands, how late, how many findings are open."""
    forms = forms_of(viewer, states)
    by_cell = {(state.owed.unit, state.owed.form): state for state in states}
    open_in = {(one.state.owed.unit, one.state.owed.form): len(one.open_findings) for one in seen}
    units = list(dict.fromkeys(state.owed.unit for state in states))
    burden = burdens(states)
    return [
        {
            "unit": viewer.who.tree.name(unit),
            "burden": burden.get(unit),
            "cells": [
                {"state": by_cell.get((unit, form.id)), "open": open_in.get((unit, form.id), 0)} for form in forms
            ],
        }
        for unit in sorted(units)
    ]


def burdens(states: Sequence[FormState]) -> dict[str, tuple[int, int]]:
    """Add up by unit how many cells its returns asked for, and how many the system filled (K3)."""
    filed = {state.filing.id: state.owed.unit for state in states if state.filing is not None}
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for own, (asked, known) in filings.burdens(filed).items():
        before = found[filed[own]]
        found[filed[own]] = (before[0] + asked, before[1] + known)
    return found


def open_findings(viewer: Any, seen: Sequence[Checked]) -> list[dict[str, Any]]:
    """List the first findings that nobody has explained, with the return they are in."""
    found = ((one, finding) for one in seen for finding in one.open_findings)
    return [
        {
            "finding": finding,
            "unit": viewer.who.tree.name(one.state.owed.unit),
            "filing": one.state.filing,
            "words": Problem(finding.code, params=dict(finding.params)),
        }
        for one, finding in itertools.islice(found, SHOWN)
    ]


def late_list(viewer: Any, period: Period, states: Sequence[FormState]) -> str:
    """Write who has not filed yet as plain text for a chat group; "" when everybody has."""
    missing: defaultdict[str, list[FormState]] = defaultdict(list)
    for state in states:
        if state.standing not in FILED:
            missing[state.owed.form].append(state)
    if not missing:
        return ""
    say = viewer.language
    lines = [words("closing.late_head", say, period=period_words(period, say), day=day_words(viewer.today, say))]
    for form in forms_of(viewer, states):
        if missing[form.id]:
            units = [name_with_lateness(viewer, state) for state in missing[form.id]]
            name = form.zh if say == "zh" else form.en
            due = day_words(missing[form.id][0].window.due_on, say)
            lines.append(words("closing.late_line", say, form=name, due=due, units=("、" if say == "zh" else ", ").join(units)))  # fmt: skip
    return "\n".join(lines)


def reminded(request: HttpRequest, period: Period, states: Sequence[FormState]) -> HttpResponse:
    """Remind whom the page names, and show it again with who was asked when."""
    viewer = request.viewer  # type: ignore[attr-defined]
    count = closing_reminding.remind(request, states)
    messages.success(request, words("closing.reminded", viewer.language, count=count))
    return redirect(f"{reverse('closing')}?period={period.label}#missing")


def name_with_lateness(viewer: Any, state: FormState) -> str:
    """Name a unit, with the days it is late."""
    name = str(viewer.who.tree.name(state.owed.unit))
    return name + words("closing.late_days", viewer.language, count=state.days_late) if state.days_late else name


# Sealing ------------------------------------------------------------------------------------------


def before(viewer: Any, consequences: Sequence[Problem], states: Sequence[FormState]) -> dict[str, Any]:
    """Give what a seal would do now: what stands against it, and what it would leave outside, a waiting correction with its place."""
    blocking = [one for one in consequences if one.blocking]
    outside = [one for one in consequences if not one.blocking]
    corrections = [one for one in outside if one.code == CORRECTION_WAITS]
    at = {f"form={state.owed.form} unit={state.owed.unit}": state.waiting for state in states}
    return {
        "blocking": [named(viewer, one) for one in blocking[:SHOWN]],
        "blocking_more": max(0, len(blocking) - SHOWN),
        **together(viewer, [one for one in outside if one not in corrections]),
        "outside_count": len(outside),
        "corrections": [(named(viewer, one), at[one.where][0].id) for one in corrections],
        "mark": "" if blocking else mark_of(consequences),  # there is a button to press
    }


def together(viewer: Any, problems: Sequence[Problem]) -> dict[str, Any]:
    """Say the same thing of several units once, naming them all; anything else as it is. The first are listed, the others counted."""
    groups: defaultdict[tuple[str, str], list[Problem]] = defaultdict(list)
    for place, problem in enumerate(problems):
        groups[(problem.code, str(problem.params.get("form", place)))].append(problem)
    shown = [in_one(viewer, group) for group in itertools.islice(groups.values(), OUTSIDE)]
    return {"outside": shown, "outside_count": len(problems), "outside_more": max(0, len(groups) - OUTSIDE)}


def in_one(viewer: Any, group: Sequence[Problem]) -> Problem:
    """Put the same thing of several units into one problem."""
    named_ones = [named(viewer, one) for one in group]
    first = named_ones[0]
    if "unit" not in first.params:
        return Problem(first.code, params=first.params, blocking=False)
    units = ("、" if viewer.language == "zh" else ", ").join(str(one.params["unit"]) for one in named_ones)
    return Problem(first.code, params={**first.params, "unit": units}, blocking=False)


def mark_of(consequences: Sequence[Problem]) -> str:
    """Mark a list of consequences, so that another list is told from it."""
    told = "\n".join(sorted(f"{one.code} {one.where} {sorted(one.params.items())}" for one in consequences))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def named(viewer: Any, problem: Problem) -> Problem:
    """Write units and forms in a problem by their names."""
    params = dict(problem.params)
    form = viewer.profile.form(str(params.get("form", "")))
    if form is not None:
        params["form"] = form.zh if viewer.language == "zh" else form.en
    if "unit" in params:
        params["unit"] = viewer.who.tree.name(str(params["unit"]))
    return Problem(problem.code, params=params, blocking=problem.blocking)


def seal_it(request: HttpRequest, period: Period, consequences: Sequence[Problem]) -> HttpResponse:
    """
    Seal the month.

    :raises ChangedSince: if what the seal would do is no longer what the page showed
    :raises CannotSeal: if something stands against it
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.POST.get("agreed") != "1":
        raise ChangedSince(Problem("closing.not_agreed"))
    if request.POST.get("mark") != mark_of(consequences) and ledger.live_seal(period.label) is None:
        raise ChangedSince(Problem("closing.changed"))
    sealing.seal_period(period=period, profile=viewer.profile, actor=viewer.actor(), today=viewer.today)
    messages.success(request, words("closing.done", viewer.language, period=period_words(period, viewer.language)))
    return redirect(f"{reverse('closing')}?period={period.label}")


# After the seal -----------------------------------------------------------------------------------


def after(request: HttpRequest, period: Period, seal: Seal) -> dict[str, Any]:
    """Give what the seal holds, what was left outside, and what was revised since."""
    viewer = request.viewer  # type: ignore[attr-defined]
    recorded = ledger.fact(seal.fact)
    people = identity.people()
    by = people.get(seal.sealed_by)
    outside = recorded.details.get("named", []) if recorded else []
    revised = revisions(viewer, period, seal)
    asked = request.GET.get("indicator", "")
    chosen = next((one for one in revised if one["indicator"].id == asked), None)
    return {
        "by": (by.name if by else None) or seal.sealed_by,
        **together(viewer, [read_named(line) for line in outside]),
        "revisions": revised,
        "chosen": chosen,
        "bridge": bridge(viewer, period, chosen["indicator"].id) if chosen else None,
    }


def read_named(line: str) -> Problem:
    """Read a line of what a seal names (`code form=F unit=U`) back into words."""
    code, _, where = line.partition(" ")
    params = dict(part.split("=", 1) for part in where.split() if "=" in part)
    if not code.startswith("statistics.seal."):
        return Problem("closing.named", params={"what": where}, blocking=False)
    return Problem(code, params=params, blocking=False)


def revisions(viewer: Any, period: Period, seal: Seal) -> list[dict[str, Any]]:
    """List the additive indicators of the whole city that are no longer what was published."""
    profile = viewer.profile
    was, now, kinds = compared(period.label, seal.hash, seal.cut_at, standing_of_ledger(), codebook.digest(profile))
    return [
        {"indicator": one, "kind": kinds[one.id], "was": was[one.id], "now": now[one.id]}
        for one in profile.indicators
        if one.id in now and was[one.id] != now[one.id]
    ]


def standing_of_ledger() -> tuple[int, int]:
    """Tell how far the ledger has come: its last fact and when that was recorded."""
    last = ledger.last_fact()
    recorded = ledger.fact(last)
    return last, recorded.at if recorded else 0


@lru_cache(maxsize=24)
def compared(
    period: str, seal: str, cut: int, standing: tuple[int, int], profile_digest: str
) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Compute a month's values as published and as of now: kept until the ledger or the profile moves on."""
    profile = codebook.profile()
    root, ids = whole_city(period), [one.id for one in profile.indicators if one.kind in ADDITIVE]
    was = indicators.compute(period=period, units=[root], cut=cut, indicators=ids, profile=profile)
    now = indicators.compute(period=period, units=[root], indicators=ids, profile=profile)
    return {one: was.value(one, root) for one in ids}, {one: now.value(one, root) for one in ids}, dict(now.kinds)


@lru_cache(maxsize=24)
def bridged(indicator: str, period: str, standing: tuple[int, int], profile_digest: str) -> indicators.Bridge:
    """Walk the bridge, which takes seconds, once: kept until the ledger or the profile moves on."""
    profile = codebook.profile()
    return indicators.bridge(indicator=indicator, period=period, unit=whole_city(period), profile=profile)


def whole_city(period: str) -> str:
    """Tell which unit is the whole city at a period's end."""
    profile = codebook.profile()
    return identity.tree(on=profile.calendar.accounting_year.parse(period).last).city(profile)


def bridge(viewer: Any, period: Period, indicator: str) -> dict[str, Any]:
    """Give the steps from the published value to the revised one, each with who made it and the projects it moved."""
    found = bridged(indicator, period.label, standing_of_ledger(), codebook.digest(viewer.profile))
    people = identity.people()
    steps = [
        {
            "at": step.at,
            "before": step.before,
            "after": step.after,
            "change": step.change,
            "who": sorted({name_of(people, actor) for _, _, actor in step.facts}),
            "acts": sorted({words(f"act.{name}", viewer.language) for _, name, _ in step.facts}),
            "projects": sorted(step.by_project.items(), key=lambda item: -abs(item[1]))[:8],
        }
        for step in found.steps
    ]
    return {"kind": found.kind, "published": found.published, "revised": found.revised, "steps": steps}


def name_of(people: Any, person: str) -> str:
    """Give a person's name; the id where there is none."""
    found = people.get(person)
    return str((found.name if found else None) or person)
