"""
The calculating engines over HTTP: files in, the document of the command out. They read no store; whoever has a token may calculate.

Exact scores keep their places (40.00), so documents with decimals are written here and not by the framework.
"""

# ruff: noqa: B006  the framework copies a parameter's default for each call

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from luodi.api import shapes
from luodi.api.access import caller, language_of
from luodi.api.files import Folder, laid_out
from luodi.assessment.schemes import checking, scoring, simulating, telling
from luodi.assessment.schemes.reading import read_scheme
from luodi.assessment.store import applying
from luodi.codebook.values import Permission
from luodi.directory.names import document as match_document
from luodi.directory.names import index, resolve, tables
from luodi.indicators import presenting
from luodi.kernel import instant
from luodi.kernel.clocks import document as clock_document
from luodi.kernel.clocks import events, policy
from luodi.kernel.clocks.document import Question
from luodi.kernel.clocks.values import Matter
from luodi.kernel.gov_units import read_units
from luodi.kernel.problem import Problem, Refused
from luodi.kernel.tone import STATUSES
from luodi.scheduling import answers as plan_answers
from luodi.scheduling import baseline, planning
from luodi.scheduling import document as plan_document
from luodi.scheduling.solver import Limits
from luodi.scheduling.values import PlainFile
from luodi.supervision.texts import document as text_document
from luodi.supervision.texts import events as fairs
from luodi.supervision.texts import source
from luodi.supervision.texts.decompose import decompose as break_down

router = Router(tags=["engines"])
REFUSED = {STATUSES: shapes.Problems}
ANSWER: dict[Any, Any] = {200: dict[str, Any], **REFUSED}
Upload = Annotated[UploadedFile, File()]
Maybe = Annotated[UploadedFile | None, File()]
Several = Annotated[list[UploadedFile], File()]
Word = Annotated[str | None, Form(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = Annotated[list[str], Form()]
LONGEST_WALL = 50.0  # seconds a plan may take while somebody waits


def exact(request: HttpRequest, found: object) -> HttpResponse:
    """Answer with a document in which decimals keep their places."""

    def plain(value: object) -> object:
        match value:
            case Decimal():
                return orjson.Fragment(str(value).encode())
            case Problem():
                return value.as_json(language_of(request))
            case Fraction():
                return int(value) if value.denominator == 1 else float(value)
            case Enum():
                return value.value
            case set() | frozenset():
                return sorted(value)
        raise TypeError(f"no JSON for {type(value).__name__}")

    body = orjson.dumps(found, default=plain, option=orjson.OPT_NON_STR_KEYS)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


# Clock --------------------------------------------------------------------------------------------------------------


@router.post("/engines/clock", response=ANSWER)
def clock(
    request: HttpRequest,
    policy_file: Maybe = None,
    events_file: Maybe = None,
    holidays: Maybe = None,
    cases: Maybe = None,
    policy_id: Word = None,
    issued: Word = None,
    pause: Words = [],
    now: Word = None,
    known_at: Word = None,
    begin: Word = None,
) -> Any:
    """Say when matters are due and why (`luodi clock`). A policy file, or the id of a shipped one; `issued`, or a file of `cases`."""
    with laid_out() as folder:
        rules = policy.load(folder.put(policy_file, "policy") if policy_file else policy.find(policy_id or ""))
        zone, names = rules.zone, [rule.id for rule in rules.clocks]
        moment = instant.from_datetime(datetime.now(UTC).replace(microsecond=0))
        asked = Question(
            rules,
            moment if not now else events.moment(now, zone, where="now"),
            None if not known_at else events.moment(known_at, zone, where="known_at", end_of_day=True),
            folder.may_put(holidays, "holidays"),
        )
        if bool(issued) == bool(cases):
            raise Refused(Problem("clock.needs_issued", where="issued"))
        if begin and begin not in names:
            params = {"key": "begin", "found": begin, "allowed": ", ".join(names)}
            raise Refused(Problem("clock.no_such_clock", where="begin", params=params))
        stood = tuple(events.read_pause(text, zone) for text in pause)
        happened, _unknown = (
            ((), ()) if events_file is None else events.read_events(folder.put(events_file, "events"), zone, clocks=names, many=cases is not None)
        )  # fmt: skip
        if cases is None:
            matters: Sequence[Matter] = [
                Matter(events.moment(issued or "", zone, where="issued"), (*stood, *happened), begin=begin or None)
            ]
        else:
            read, _unknown = events.read_matters(folder.put(cases, "cases"), happened, zone, clocks=names)
            matters = [Matter(one.issued, (*stood, *one.events), one.id, one.begin or begin or None) for one in read]
        found = clock_document.documents(asked, list(matters), None)
        return exact(request, {"matters": found} if cases else found[0])


# Plan ---------------------------------------------------------------------------------------------------------------


@router.post("/engines/plan", response=ANSWER)
def plan(
    request: HttpRequest,
    file: Upload,
    before: Maybe = None,
    holidays: Maybe = None,
    seed: Annotated[int, Form(ge=0, lt=2**31)] = 1,
    work: Annotated[float, Form(ge=0, le=1000)] = 20.0,
    wall: Annotated[float, Form(ge=0, le=LONGEST_WALL)] = 30.0,
    stability: Word = None,
) -> Any:
    """Plan matters back from what was promised (`luodi plan`); `before` is an earlier answer to stay near."""
    with laid_out() as folder:
        asked = plan_document.load(folder.put(file, "plan"), folder.may_put(holidays, "holidays"))
        limits = Limits(work, wall, seed)
        if isinstance(asked, PlainFile):
            return exact(request, plan_answers.of_tasks(planning.plan_tasks(asked, limits)))
        if before is None:
            return exact(request, plan_answers.of_projects(planning.plan_projects(asked, limits)))
        weight = planning.LITTLE if not stability else _weight(stability)
        kept = baseline.load(folder.put(before, "before"))
        return exact(
            request,
            plan_answers.of_projects(planning.plan_projects(asked, limits, baseline=kept, stability=weight)),
        )


def _weight(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= 1_000_000 or value != round(value, 6):
        raise Refused(Problem("plan.bad_weight", "stability", {"found": text}))
    return value


# Schemes ------------------------------------------------------------------------------------------------------------


def _case(
    folder: Folder, scheme: UploadedFile, data: UploadedFile, rows: Sequence[UploadedFile], known_at: str | None
) -> scoring.Case:
    return scoring.read_case(
        scheme=folder.put(scheme, "scheme"), data=folder.put(data, "data"), rows=folder.put_rows(rows), known_at=known_at or None
    )  # fmt: skip


@router.post("/engines/score", response=ANSWER)
def score(
    request: HttpRequest, scheme: Upload, data: Upload, rows: Several = [], period: Word = None, known_at: Word = None
) -> Any:
    """Score the units in DATA by a scheme (`luodi score`); each rows file NAME.csv is the scheme's rows NAME."""
    with laid_out() as folder:
        case = _case(folder, scheme, data, rows, known_at)
        if period == "all":
            return exact(request, {"periods": list(scoring.answers(case))})
        return exact(request, scoring.answer(case, scoring.chosen_period(case, period or None)))


@router.post("/engines/scheme/check", response=ANSWER)
def check_scheme(
    request: HttpRequest, scheme: Upload, data: Maybe = None, rows: Several = [], period: Word = None
) -> Any:
    """Check a scheme, with data also that its inputs are there (`luodi scheme check`). Problems are in the answer."""
    with laid_out() as folder:
        read = read_scheme(folder.put(scheme, "scheme"))
        found = list(checking.check(read))
        if data is not None:
            case = scoring.Case(read, *_tables(folder, data, rows))
            found += checking.check_on(case, scoring.chosen_period(case, period or None))
        return exact(request, {"scheme": read.id, "problems": found})


def _tables(folder: Folder, data: UploadedFile, rows: Sequence[UploadedFile]) -> Any:
    from luodi.assessment.schemes.data import read_data, read_rows

    named = folder.put_rows(rows)
    return read_data(folder.put(data, "data")), {name: read_rows(name, file) for name, file in named.items()}


@router.post("/engines/scheme/explain", response=ANSWER)
def explain_scheme(request: HttpRequest, scheme: Upload) -> Any:
    """Tell what each line of a scheme does (`luodi scheme explain`)."""
    with laid_out() as folder:
        return exact(request, telling.explained(read_scheme(folder.put(scheme, "scheme"))))


@router.post("/engines/scheme/simulate", response=ANSWER)
def simulate(
    request: HttpRequest, scheme: Upload, data: Upload, changes: Words = [], rows: Several = [], other: Maybe = None, period: Word = None,
    known_at: Word = None,
) -> Any:  # fmt: skip
    """Who moves, by how much and why, if `changes` (UNIT.INPUT=VALUE) or another scheme held (`luodi scheme simulate`)."""
    with laid_out() as folder:
        case = _case(folder, scheme, data, rows, known_at)
        label = scoring.chosen_period(case, period or None)
        trial = None
        if other is not None:
            trial = scoring.Case(read_scheme(folder.put(other, "other")), case.data, case.rows, case.known_at)
        tried = simulating.read_changes(trial or case, label, changes)
        return exact(request, simulating.simulate(case, label, changes=tried, other=trial))


@router.post("/engines/scheme/diff", response=ANSWER)
def diff(request: HttpRequest, old: Upload, new: Upload) -> Any:
    """List what two schemes don't share, with lines (`luodi scheme diff`)."""
    with laid_out() as folder:
        before, after = folder.put(old, "old"), folder.put(new, "new")
        for path in (before, after):
            read_scheme(path)
        return exact(request, {"differences": telling.differences(str(before), str(after))})


@router.post("/assess", response=ANSWER, tags=["indicators"])
def assess(request: HttpRequest, scheme: Upload, period: Annotated[str, Form(min_length=4, max_length=20)], mapping: Maybe = None,
           as_of: Word = None) -> Any:  # fmt: skip
    """Score the units of the city by a scheme, with the figures of the ledger (`luodi assess`)."""
    one = caller(request)
    one.require(Permission.SCORE)
    cut, sealed = presenting.cut_of(as_of or None, period)
    profile = sealed or one.profile
    wanted = profile.calendar.accounting_year.parse(period)
    with laid_out() as folder:
        found = applying.assess(
            scheme=folder.put(scheme, "scheme"), mapping=folder.may_put(mapping, "mapping"), period=wanted, cut=cut,
            profile=profile, person=one.person, today=one.today,
        )  # fmt: skip
    return exact(request, {**found, "as_of": presenting.as_of_text(cut)})


# Texts and names ----------------------------------------------------------------------------------------------------


@router.post("/engines/decompose", response=ANSWER)
def decompose(
    request: HttpRequest,
    file: Upload,
    units: Maybe = None,
    events_file: Maybe = None,
    day: Annotated[date | None, Form()] = None,
) -> Any:
    """Break a speech or minutes (.txt, .docx) down into tasks for review (`luodi decompose`)."""
    with laid_out() as folder:
        read = source.read(folder.put(file, "text"))
        known = read_units(folder.put(units, "units")) if units else []
        dated = fairs.read(folder.put(events_file, "events")) if events_file else []
        answer = break_down(raw=read.text, units=known, day=day, events=dated)
        return exact(request, text_document.document(answer, read, language_of(request)))


@router.post("/engines/match", response=ANSWER)
def match(request: HttpRequest, names: Upload, register_file: Upload, aliases: Maybe = None) -> Any:
    """Tell whose names these are, by a register (`luodi match`)."""
    with laid_out() as folder:
        asked = tables.read_names(folder.put(names, "names"))
        others = tables.read_aliases(folder.put(aliases, "aliases")) if aliases else []
        found = index.build(tables.read_register(folder.put(register_file, "register")), others)
        answers = [resolve.resolve(asked=one, index=found) for one in asked]
        return exact(request, match_document.document(answers, language_of(request)))
