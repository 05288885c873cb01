"""The HTTP API: the same service functions, permissions and refusals as pages and commands. Thin: parse, one call, answer."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Query
from ninja import Path as InPath
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from luodi.api import engines, keeping, shapes, tables
from luodi.api.access import Caller, Token, caller, language_of
from luodi.api.files import attached
from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission
from luodi.documents import actions as papers
from luodi.identity import permissions
from luodi.identity import queries as identity
from luodi.indicators import presenting, queries
from luodi.kernel import instant, money
from luodi.kernel.problem import Problem, Refused
from luodi.kernel.tone import STATUSES, status_of
from luodi.ledger import clock, store
from luodi.ledger import queries as ledger
from luodi.ledger.values import Seal
from luodi.projects.queries import lists, page
from luodi.projects.values.views import Line
from luodi.statistics.actions import closing, drafts, filing, judging
from luodi.statistics.queries import filings, owing
from luodi.statistics.values.reporting import Filing

REFUSED = {STATUSES: shapes.Problems}
Span = Literal["period", "ytd", "since"]
RoleName = Literal["host", "introducer", "lead_department"]
Basis = Literal["filed", "verified"]
# A name in an address or a query: never empty, never with what no store can keep.
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Label = Annotated[str, Field(min_length=4, max_length=20, pattern=r"^[^\x00-\x1f\x7f]+$")]
MOST = 500

api = NinjaAPI(
    title="luodi 落地",
    version="1",
    description="Every project of a city on one ledger. Amounts are text in yuan with two decimals; null is undefined or missing.",
    auth=Token(),
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say a refusal: nothing was changed."""
    body = {"problems": [problem.as_json(language_of(request)) for problem in refusal.problems]}
    return api.create_response(request, body, status=status_of(refusal))


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which parameter can't be read, in the shape of every other refusal."""
    found = [
        {"code": "api.unreadable", "message": str(one.get("msg", "")), "where": ".".join(map(str, one.get("loc", ())))}
        for one in error.errors
    ]
    return api.create_response(request, {"problems": found}, status=422)


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say that a token is needed."""
    problem = Problem("api.token_needed")
    response = api.create_response(request, {"problems": [problem.as_json(language_of(request))]}, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def other(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Say what the framework itself refuses (a body that isn't JSON)."""
    body = {"problems": [{"code": "api.unreadable", "message": str(error), "where": ""}]}
    return api.create_response(request, body, status=error.status_code)


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """Say that nothing answers here, in the shape of every other refusal: a program is not given a page."""
    problem = Problem("api.no_such_address", where=request.path)
    return JsonResponse({"problems": [problem.as_json(language_of(request))]}, status=404)


def looking(one: Caller) -> lists.Viewer:
    """Look at projects as the caller."""
    return lists.viewer(one.who, on=one.today)


# The city -----------------------------------------------------------------------------------------------------------


@api.get("/health", auth=None, response={200: shapes.Health, **REFUSED}, tags=["city"])
def health(request: HttpRequest) -> Any:
    """Tell whether the service answers."""
    return {
        "city": codebook.profile().city.zh,
        "synthetic": store.nature().synthetic,
        "today": clock.today(),
        "facts": ledger.last_fact(),
    }


@api.get("/me", response={200: shapes.Me, **REFUSED}, tags=["city"])
def me(request: HttpRequest) -> Any:
    """Tell whose token it is."""
    one = caller(request)
    person = identity.person(one.person)
    posts = [{"unit": post.unit, "role": role.id} for post, role in one.who.posts]
    return {"person": one.person, "name": person.name if person else None, "posts": posts}


@api.get("/units", response={200: list[shapes.UnitShape], **REFUSED}, tags=["city"])
def units(request: HttpRequest, on: date | None = None) -> Any:
    """List the units that exist on a day (today)."""
    one = caller(request)
    tree = identity.tree(on=on or one.today)
    return [
        {"code": unit.code, "name": unit.name, "parent": unit.parent, "kind": unit.kind, "group": unit.group}
        for _, unit in sorted(tree.units.items())
        if unit.open
    ]


# Indicators ---------------------------------------------------------------------------------------------------------


@api.get("/indicators", response={200: shapes.Indicators, **REFUSED}, tags=["indicators"])
def indicators(request: HttpRequest) -> Any:
    """List the profile's indicators, with what each means in words."""
    return {"indicators": presenting.indicators_document(caller(request).profile)}


@api.get("/indicators/values", response={200: shapes.Values, **REFUSED}, tags=["indicators"])
def values(
    request: HttpRequest,
    period: Label,
    unit: Annotated[list[Name], Query()] = [],
    indicator: Annotated[list[Name], Query()] = [],
    children: bool = False,
    span: Span = "ytd",
    role: RoleName = "host",
    basis: Basis = "verified",
    as_of: Name | None = None,
    growth_base: Literal["revised", "published"] = "revised",
    list: Name | None = None,
) -> Any:
    """Compute indicators for units (none named: every unit, and what no unit holds)."""
    caller(request).require(Permission.SEE_FIGURES)
    cut, profile = presenting.cut_of(as_of, period)
    answer = queries.compute(
        period=period, units=unit or None, children=children, span=span, role=role, list_=queries.known_list(list, profile=profile), cut=cut,
        basis=basis, growth_base=growth_base, indicators=indicator or None, profile=profile, count_owed=True,
    )  # fmt: skip
    return presenting.answer_document(answer, presenting.as_of_text(cut))


@api.get("/indicators/{indicator}/rows", response={200: shapes.TraceShape, **REFUSED}, tags=["indicators"])
def rows(
    request: HttpRequest,
    indicator: Name,
    period: Label,
    unit: Name,
    span: Span = "ytd",
    role: RoleName = "host",
    basis: Basis = "verified",
    as_of: Name | None = None,
    growth_base: Literal["revised", "published"] = "revised",
    list: Name | None = None,
) -> Any:
    """Show the rows that make a unit's value; for units within the caller's reach."""
    caller(request).require(Permission.TRACE, unit)
    cut, profile = presenting.cut_of(as_of, period)
    found = queries.trace(
        indicator=indicator,
        period=period,
        unit=unit,
        span=span,
        role=role,
        list_=queries.known_list(list, profile=profile),
        cut=cut,
        basis=basis,
        profile=profile,
        growth_base=growth_base,
        count_owed=True,
    )
    return {**presenting.trace_document(found), "as_of": presenting.as_of_text(cut)}


@api.get("/portfolio", response={200: shapes.PortfolioShape, **REFUSED}, tags=["indicators"])
def portfolio(request: HttpRequest, on: date, by: Name | None = None) -> Any:
    """Count projects by furthest stage, with their total investment, on a day."""
    caller(request).require(Permission.SEE_FIGURES)
    return presenting.portfolio_document(queries.portfolio(on=on, by=by), on=on, by=by)


@api.get("/gaps", response={200: shapes.GapsShape, **REFUSED}, tags=["indicators"], by_alias=True)
def gaps(request: HttpRequest, since: Name, until: Name, by: Name | None = None) -> Any:
    """Tell how many days lie between two stages."""
    caller(request).require(Permission.SEE_FIGURES)
    return presenting.gaps_document(queries.gaps(since=since, until=until, by=by), since=since, until=until, by=by)


# Projects -----------------------------------------------------------------------------------------------------------


def shown(line: Line) -> dict[str, Any]:
    """Give a project as the caller may see it."""
    face, card = line.face, line.card
    if card is None:
        return {
            "code": None,
            "label": face.label,
            "veiled": True,
            "industry": face.industry,
            "size_band": face.size_band,
            "stages": [],
        }
    version = card.version
    amount = None if version.total_investment is None else money.fen(version.total_investment)
    return {
        "code": card.code, "label": face.label, "veiled": False, "industry": face.industry, "size_band": face.size_band,
        "host": version.host, "investor": face.investor, "kind": version.kind, "state": card.state, "total_investment": amount,
        "stages": [{"stage": stage, "day": day} for stage, day in card.reached.items()],
    }  # fmt: skip


@api.get("/projects", response={200: shapes.ProjectsShape, **REFUSED}, tags=["projects"])
def projects(
    request: HttpRequest,
    text: Annotated[str, Field(max_length=100)] = "",
    unit: Annotated[str, Field(max_length=40)] = "",
    stage: Annotated[str, Field(max_length=40)] = "",
    offset: Annotated[int, Field(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100,
) -> Any:
    """List projects; before signing, other units' ones show a code name, industry and size band."""
    one = caller(request)
    one.require(Permission.SEE_FIGURES)
    asked = lists.Filter(text=text, unit=unit, stages=frozenset({stage} if stage else ()))
    found = lists.project_list(looking(one), asked)
    return {"total": len(found), "offset": offset, "projects": [shown(line) for line in found[offset : offset + limit]]}


@api.get("/projects/{path:code}", response={200: shapes.ProjectShape, **REFUSED}, tags=["projects"])
def project(request: HttpRequest, code: Annotated[str, InPath(min_length=1, max_length=120)]) -> Any:
    """Show one project."""
    one = caller(request)
    one.require(Permission.SEE_FIGURES)
    story = page.project_page(code, looking(one))
    return shown(Line(face=story.face, card=story.card))


# Reporting ----------------------------------------------------------------------------------------------------------


@api.get("/forms", response={200: list[shapes.FormStateShape], **REFUSED}, tags=["reporting"])
def forms(request: HttpRequest, period: Label) -> Any:
    """Tell where the returns of a period stand, of units within reach."""
    one = caller(request)
    one.require(Permission.SEE_FIGURES)
    wanted = one.profile.calendar.accounting_year.parse(period)
    scope = permissions.scope_units(one.who, Permission.SEE_FIGURES, on=one.today)
    return [
        {
            "form": state.owed.form, "period": state.owed.period, "unit": state.owed.unit, "standing": state.standing.value,
            "late": state.late, "days_late": state.days_late, "due_on": state.window.due_on, "asked": state.owed.cells,
            "submission": state.filing.id if state.filing else None,
        }
        for state in owing.form_states(period=wanted, profile=one.profile, today=one.today)
        if scope.covers(state.owed.unit)
    ]  # fmt: skip


def place(one: Caller, form: str, period: str, unit: str) -> dict[str, Any]:
    """Read which form of which unit and period an address names."""
    return {
        "profile": one.profile,
        "form": form,
        "period": one.profile.calendar.accounting_year.parse(period),
        "unit": unit,
    }


def draft_shape(request: HttpRequest, found: filing.Preview) -> dict[str, Any]:
    """Give a draft with what submitting it would say."""
    return {
        "edition": found.draft.edition,
        "state": found.draft.state,
        "ready": found.ready,
        "cells": [
            {
                "subject": cell.subject,
                "measure": cell.measure,
                "value": None if cell.value is None else f"{cell.value:f}",
            }
            for cell in found.cells
        ],
        "problems": [problem.as_json(language_of(request)) for problem in found.problems],
    }


@api.get("/forms/{form}/{period}/{unit}", response={200: shapes.DraftShape, **REFUSED}, tags=["reporting"])
def draft(request: HttpRequest, form: Name, period: Label, unit: Name) -> Any:
    """Show a unit's draft and what submitting it would say."""
    one = caller(request)
    one.require(Permission.FILL_FORM, unit)
    return draft_shape(request, filing.preview(**place(one, form, period, unit), today=one.today))


@api.put("/forms/{form}/{period}/{unit}", response={200: shapes.DraftShape, **REFUSED}, tags=["reporting"])
def save(request: HttpRequest, form: Name, period: Label, unit: Name, typed: shapes.Typed) -> Any:
    """Save cells into a unit's draft; the rest of it stays."""
    one = caller(request)
    where = place(one, form, period, unit)
    filing.owed_form(**where)
    given = drafts.Typed(typed.cells, signatories=typed.signatories)
    drafts.save_draft(**where, typed=given, seen=typed.edition, person=one.person, at=clock.now(), today=one.today)
    return draft_shape(request, filing.preview(**where, today=one.today))


@api.post(
    "/forms/{form}/{period}/{unit}/hands/{step}", response={200: shapes.DraftShape, **REFUSED}, tags=["reporting"]
)
def hand(request: HttpRequest, form: Name, period: Label, unit: Name, step: Literal["check", "sign"]) -> Any:
    """Put one's name to a step inside the unit."""
    one = caller(request)
    where = place(one, form, period, unit)
    drafts.take_hand(**where, step=step, person=one.person, at=clock.now(), today=one.today)
    return draft_shape(request, filing.preview(**where, today=one.today))


def submission_shape(one: Filing) -> dict[str, Any]:
    """Give a submission and where it stands."""
    return {
        "id": one.id,
        "form": one.form,
        "period": one.period,
        "unit": one.unit,
        "standing": one.standing.value,
        "steps": one.steps,
    }


@api.post(
    "/forms/{form}/{period}/{unit}/submission", response={200: shapes.SubmissionShape, **REFUSED}, tags=["reporting"]
)
def submit(request: HttpRequest, form: Name, period: Label, unit: Name) -> Any:
    """Submit a unit's form."""
    one = caller(request)
    return submission_shape(filing.submit(**place(one, form, period, unit), actor=one.actor(unit), today=one.today))


@api.post(
    "/submissions/{int:submission}/verdicts", response={200: shapes.SubmissionShape, **REFUSED}, tags=["reporting"]
)
def judge(request: HttpRequest, submission: Annotated[int, InPath(ge=0, lt=2**63)], body: shapes.VerdictBody) -> Any:
    """Accept, send back, or take an acceptance back."""
    one = caller(request)
    if body.verdict not in ("accepted", "sent_back", "withdrawn"):
        raise Refused(Problem("api.unreadable_verdict", params={"found": body.verdict}))
    if filings.filing(submission) is None:
        raise Refused(Problem("filing.not_there"))
    found = judging.judge(
        submission=submission, verdict=body.verdict, unit=body.unit, actor=one.actor(body.unit), today=one.today,
        reason=body.reason, expected=body.expected,
    )  # fmt: skip
    return submission_shape(found)


# Seals --------------------------------------------------------------------------------------------------------------


def seal_shape(one: Seal) -> dict[str, Any]:
    """Give a seal."""
    return {
        "period": one.period, "cut_at": instant.iso(one.cut_at), "through": one.through, "count": one.count, "root": one.root,
        "previous": one.previous, "hash": one.hash, "sealed_by": one.sealed_by,
    }  # fmt: skip


@api.get("/seals", response={200: list[shapes.SealShape], **REFUSED}, tags=["seals"])
def seals(request: HttpRequest) -> Any:
    """List the seals, oldest first."""
    return [seal_shape(one) for one in ledger.seals()]


@api.post("/seals/{period}", response={200: shapes.SealShape, **REFUSED}, tags=["seals"])
def seal(request: HttpRequest, period: Label) -> Any:
    """Seal a month for the whole city."""
    one = caller(request)
    wanted = one.profile.calendar.accounting_year.parse(period)
    return seal_shape(closing.seal_period(period=wanted, profile=one.profile, actor=one.actor(), today=one.today))


# Tables -------------------------------------------------------------------------------------------------------------

Kind = Literal[
    "units", "projects", "stages", "lists", "plans", "figures", "notes", "targets", "attributions", "enterprises"
]


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": XLSX,
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@api.get("/papers/{period}", response={**REFUSED}, tags=["papers"], openapi_extra=shapes.binary(*OFFICE.values()))
def paper(
    request: HttpRequest,
    period: Label,
    kind: Literal["notice", "brief", "table", "wall"] = "notice",
    edition: Literal["flash", "final"] = "final",
    checking: bool = False,
    unit: Annotated[str, Field(max_length=40)] = "",
) -> Any:
    """Make one of the period's papers. That it was made is recorded."""
    one = caller(request)
    suffix = papers.suffix_of(kind)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"paper{suffix}"
        papers.make_paper(
            kind=kind, period=period, edition=edition, checking=checking, unit=unit, actor=one.actor(), today=one.today,
            out=path, profile=one.profile,
        )  # fmt: skip
        return attached(path.read_bytes(), f"{period}-{kind}{suffix}", OFFICE[suffix])


api.add_router("", tables.router)
api.add_router("", keeping.router)
api.add_router("", engines.router)
