"""Acts on a project, each done where the project is read: a form that works without script, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from luodi.codebook.values import Profile
from luodi.kernel.problem import Problem, Refused, words
from luodi.web.access import needs
from luodi.web.labels import field_label
from luodi.web.views.project_act_case import Case, case_of
from luodi.web.views.project_act_forms import ANY, VERBS
from luodi.web.views.project_act_verb import Verb


@needs(*ANY)
@require_http_methods(["GET", "POST"])
def project_act(request: HttpRequest, verb: str, code: str) -> HttpResponse:
    """Show what an act asks; on POST do it and go back to the project."""
    if verb not in VERBS:
        raise Http404
    chosen, case = VERBS[verb], case_of(request, code)
    if not case.may(*chosen.needs):
        raise PermissionDenied
    chosen.subject(case)  # a row that is not this project's is not there
    if request.method == "GET":
        return show(case, chosen, ())
    if verb == "claim" and "on" not in request.POST:  # the stage was chosen: now what it asks
        return show(case, chosen, ())
    try:
        chosen.act(case)
    except Refused as refusal:
        return show(case, chosen, refusal.problems)
    messages.success(request, words(f"project.done_{verb}", case.viewer.language))
    return redirect("project", code)


def show(case: Case, verb: Verb, problems: Sequence[Problem]) -> HttpResponse:
    """Show the form, with what was typed and what somebody else wrote meanwhile."""
    case = refreshed(case) if problems else case
    fields = [answered(case, one) for one in verb.fields(case)]
    context: dict[str, Any] = {
        "case": case, "verb": verb, "code": case.code, "face": case.story.face, "subject": verb.subject(case), "fields": fields,
        "expected": verb.expected(case), "row": case.row, "problems": problems, "kept": case.sealed(),
        "theirs": theirs(problems, case.viewer.profile, case.viewer.language),
        "choosing": verb.id == "claim" and len(fields) == 1, "uploads": any(one.kind == "files" for one in fields),
    }  # fmt: skip
    return render(case.request, "web/project_act.html", context, status=422 if problems else 200)


def refreshed(case: Case) -> Case:
    """Read the project again: what the next try rests on is what stands now."""
    again = case_of(case.request, case.code)
    return replace(again, kept=case.kept)


def answered(case: Case, one: Any) -> Any:
    """Put what was typed into a field."""
    return replace(one, value=case.typed(one.name)) if one.name in case.request.POST else one


def theirs(problems: Sequence[Problem], profile: Profile, language: str) -> list[tuple[str, str]]:
    """Give what stands now where somebody was quicker, to be compared with what was typed."""
    said = next((one.params["theirs"] for one in problems if isinstance(one.params.get("theirs"), dict)), {})
    assert isinstance(said, dict)  # noqa: S101  told just above
    return [
        (field_label(profile, name, language), str(value)) for name, value in said.items() if value not in (None, "")
    ]
