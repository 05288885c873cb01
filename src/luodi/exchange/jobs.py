"""
Uploaded tables, worked off in the background: checked, shown, and after a person's word loaded.

A job is a row and a folder. It is taken under a lease, so a worker that dies leaves nothing stuck; loading the same file twice
changes nothing (`unchanged`), so a load that was cut off is simply done again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from luodi.codebook import queries as codebook
from luodi.codebook.values import Permission
from luodi.exchange import actions, inspection, marked, preview, tally, templates
from luodi.exchange.answer import Answer
from luodi.exchange.models import ImportJob
from luodi.identity import permissions
from luodi.kernel.problem import Problem, Refused
from luodi.ledger.values import Actor
from luodi.notices.actions import raise_news
from luodi.notices.values import Kind, Matter

KEPT = 31 * 24 * 3600 * 1_000_000  # how long uploaded files are kept
LEASE = 900 * 1_000_000  # a worker that says nothing for so long has died
MOST_KEPT = 300  # problems that a job remembers; the marked workbook has them all
TO_CHECK, CHECKING, CHECKED, TO_LOAD, LOADING, DONE, REFUSED = (
    "to_check", "checking", "checked", "to_load", "loading", "done", "refused",
)  # fmt: skip
Row = tuple[str, int]  # a row of a file: its sheet (blank: the first that is read) and its row there, from 1
RUNNING = {TO_CHECK: CHECKING, TO_LOAD: LOADING}


class NoSuchJob(Refused):
    """There is no such import of this person. Parameters: `job`."""

    code = "imports.job.unknown"


class NotNow(Refused):
    """The import is not where this can be done: somebody was quicker, or it is being worked on."""

    code = "imports.job.changed"


def folder(job: int) -> Path:
    """Give where a job's files lie."""
    return Path(settings.HOME) / "imports" / str(job)


def source(job: ImportJob) -> Path:
    """Give the uploaded file, under a name of ours with its own ending."""
    return folder(job.id) / f"source{Path(job.file).suffix.lower()}"


def marked_file(job: ImportJob) -> Path | None:
    """Give the workbook with its bad cells marked, if there is one."""
    path = folder(job.id) / "marked.xlsx"
    return path if path.is_file() else None


# What a person does -----------------------------------------------------------------------------------------------


def upload(
    *, kind: str, name: str, content: bytes, actor: Actor, at: int, today: date, mapping: bytes | None = None,
    history: bool = False,
) -> ImportJob:  # fmt: skip
    """
    Take a table in to be checked; nothing is loaded before `load`.

    :raises permissions.NotAllowed: without IMPORT (IMPORT_HISTORY for history)
    :raises BadFile: if it is no table of ours, encrypted, carries macros or links, or is a bomb
    """
    if history:
        permissions.require(actor.person, Permission.IMPORT_HISTORY, on=today)
    elif not permissions.may_anywhere(actor.person, Permission.IMPORT, on=today):
        permissions.require(actor.person, Permission.IMPORT, on=today)
    name = Path(name.replace("\\", "/")).name[:200] or "table"
    with transaction.atomic():
        job = ImportJob.objects.create(
            kind=kind, file=name, digest=hashlib.sha256(content).hexdigest(), size=len(content), person=actor.person,
            unit=actor.unit, mapped=mapping is not None, history=history, uploaded_at=at,
        )  # fmt: skip
        folder(job.id).mkdir(parents=True, exist_ok=True)
        try:
            source(job).write_bytes(content)
            if mapping is not None:
                (folder(job.id) / "mapping.yaml").write_bytes(mapping)
            inspection.inspect(source(job), name=name)
        except BaseException:
            shutil.rmtree(folder(job.id), ignore_errors=True)
            raise
    return job


def job_of(id: int, *, person: str) -> ImportJob:
    """
    Find a job of a person's own.

    :raises NoSuchJob: if there is none: other people's uploads are not shown
    """
    found = ImportJob.objects.filter(id=id, person=person).first()
    if found is None:
        raise NoSuchJob(job=id)
    return found


def settle(id: int, *, person: str, decided: Mapping[Row, str]) -> None:
    """
    Say which project each row without a code is, and have the table checked again.

    :raises NoSuchJob, NotNow:
    """
    job = job_of(id, person=person)
    known = {**decisions(job), **{row: code for row, code in decided.items() if code}}
    out = io.StringIO()
    csv.writer(out).writerows([("sheet", "row", "code"), *((*row, code) for row, code in sorted(known.items()))])
    (folder(job.id) / "confirm.csv").write_text(out.getvalue(), "utf-8")
    _move(job, CHECKED, TO_CHECK)


def decisions(job: ImportJob) -> dict[Row, str]:
    """Give what was decided of rows without a code so far."""
    path = folder(job.id) / "confirm.csv"
    if not path.is_file():
        return {}
    lines = csv.DictReader(path.read_text("utf-8").splitlines())
    return {(line.get("sheet") or "", int(line["row"])): line["code"] for line in lines}


def load(id: int, *, person: str, partial: bool) -> None:
    """
    Have a checked table loaded; `partial`: the good rows of one that has bad ones.

    :raises NoSuchJob, NotNow:
    """
    job = job_of(id, person=person)
    if job.answer.get("refused") and not partial:
        raise NotNow(Problem("imports.job.has_bad_rows", f"job={id}", {"count": job.answer["refused"]}))
    _move(job, CHECKED, TO_LOAD, partial=partial)


def drop(id: int, *, person: str) -> None:
    """
    Give a table up that was not loaded, and delete its files.

    :raises NoSuchJob, NotNow:
    """
    job = job_of(id, person=person)
    _move(job, CHECKED, REFUSED, finished_at=job.uploaded_at)
    shutil.rmtree(folder(job.id), ignore_errors=True)


def _move(job: ImportJob, from_: str, to: str, **cells: Any) -> None:
    moved = ImportJob.objects.filter(id=job.id, state=from_).update(state=to, taken_at=None, stage="", count=0, **cells)
    if not moved:
        raise NotNow(Problem(NotNow.code, f"job={job.id}"))


# What the worker does ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """The store's clock, read when it is needed: a load may take minutes."""

    now: Callable[[], int]
    today: Callable[[], date]


def work_off(*, now: Callable[[], int], today: Callable[[], date]) -> int:
    """Check and load what waits, one after another; give how many jobs were dealt with. Nothing waiting costs one read."""
    clock, done = Clock(now, today), 0
    while (job := _take(clock.now())) is not None:
        run(job, clock)
        done += 1
    _delete_old(clock.now())
    return done


def _take(now: int) -> ImportJob | None:
    """Take the oldest job that waits, or whose worker died."""
    waiting = Q(state__in=RUNNING) | Q(state__in=RUNNING.values(), taken_at__lt=now - LEASE)
    for job in ImportJob.objects.filter(waiting).order_by("id"):
        state = RUNNING.get(job.state, job.state)
        mine = ImportJob.objects.filter(id=job.id, state=job.state, taken_at=job.taken_at)
        if mine.update(state=state, taken_at=now):
            job.refresh_from_db()
            return job
    return None


def run(job: ImportJob, clock: Clock) -> None:
    """Do what a job waits for."""
    try:
        with actions.no_collector():
            _check(job, clock) if job.state == CHECKING else _load(job, clock)
    except Refused as refusal:
        refused_whole(job, refusal, clock)


def options_of(job: ImportJob) -> actions.Options:
    """Give how a job is imported."""
    mapping, confirm = folder(job.id) / "mapping.yaml", folder(job.id) / "confirm.csv"
    return actions.Options(
        history=job.history, partial=job.partial, name=job.file,
        mapping=mapping if mapping.is_file() else None, confirm=confirm if confirm.is_file() else None,
    )  # fmt: skip


def _surroundings(job: ImportJob, clock: Clock) -> dict[str, Any]:
    return {
        "kind": job.kind, "path": source(job), "profile": codebook.profile(), "now": clock.now(), "today": clock.today(),
        "actor": Actor(job.person, "web", unit=job.unit), "options": options_of(job),
    }  # fmt: skip


def _check(job: ImportJob, clock: Clock) -> None:
    """Read and check a table and keep what it would do; nothing is written to the ledger."""
    work = actions.prepare(**_surroundings(job, clock), say=_telling(job))
    answer = actions.answer_of(work, options_of(job), source(job))
    standing = work.rows.standing()
    answer.changes = preview.changes(work.rows, work.loader.type, work.columns, standing)
    tally.add_content(answer.changes, work.rows, work.loader.type, work.columns)
    counts = tally.tally(work.rows, work.loader.type, work.columns, standing)
    _checked(job, answer, {**kept(answer), "tally": counts}, clock)


def _load(job: ImportJob, clock: Clock) -> None:
    """Load a table that was checked. What changed meanwhile may refuse it after all: then it is shown as checked again."""
    try:
        answer = actions.import_file(**_surroundings(job, clock), progress=_telling(job))
    except actions.Rejected as rejected:
        _checked(job, rejected.answer, kept(rejected.answer), clock)
        return
    with transaction.atomic():
        _finish(
            job, DONE, {**job.answer, **kept(answer), "changes": job.answer.get("changes", [])}, clock, answer.import_id
        )
        _tell(job, Kind.IMPORT_DONE, clock.now(), loaded=answer.loaded + answer.voided)


def _checked(job: ImportJob, answer: Answer, document: dict[str, Any], clock: Clock) -> None:
    if answer.faults:
        marked.write(source=source(job), out=folder(job.id) / "marked.xlsx", answer=answer)
    else:
        (folder(job.id) / "marked.xlsx").unlink(missing_ok=True)
    with transaction.atomic():
        _finish(job, CHECKED, document, clock, answer.import_id)
        if answer.refused:
            _tell(job, Kind.IMPORT_REFUSED, clock.now(), refused=answer.refused)


def refused_whole(job: ImportJob, refusal: Refused, clock: Clock) -> None:
    """Keep why a table can't be taken at all, and tell whoever brought it."""
    problems = [_problem(one) for one in refusal.problems[:MOST_KEPT]]
    with transaction.atomic():
        _finish(job, REFUSED, {**job.answer, "problems": problems, "whole": True}, clock, job.import_id)
        _tell(job, Kind.IMPORT_REFUSED, clock.now(), refused=len(refusal.problems))


def _finish(job: ImportJob, state: str, answer: Mapping[str, Any], clock: Clock, import_id: str) -> None:
    job.state, job.answer, job.import_id, job.finished_at = state, dict(answer), import_id, clock.now()
    job.stage, job.count, job.taken_at = "", 0, None
    job.save()


def _telling(job: ImportJob) -> Callable[[str, int], None]:
    def tell(stage: str, count: int) -> None:
        ImportJob.objects.filter(id=job.id).update(stage=stage, count=count)

    return tell


def _tell(job: ImportJob, kind: Kind, at: int, *, loaded: int = 0, refused: int = 0) -> None:
    findings = sum(job.answer.get("finding_counts", {}).values())
    params = {
        "job": str(job.id), "import_kind": job.kind, "loaded": str(loaded), "refused": str(refused),
        "findings": str(findings),
    }  # fmt: skip
    raise_news([Matter(f"import:{job.id}", kind, (job.person,), params)], at=at)


def kept(answer: Answer) -> dict[str, Any]:
    """Give what a job remembers of an answer: counts, and the first problems as codes, to be said in either language."""
    document = answer.as_json("zh")
    names = (
        "sheets", "rows", "loaded", "voided", "unchanged", "refused", "skipped", "unknown_columns", "other_sheets",
        "problem_counts", "finding_counts", "candidates", "changes",
    )  # fmt: skip
    return {
        **{name: document[name] for name in names},
        "problems": [_problem(one) for one in answer.problems(blocking=True)[:MOST_KEPT]],
        "findings": [_problem(one) for one in answer.problems(blocking=False)[:MOST_KEPT]],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    params = {name: value if isinstance(value, int | str) else str(value) for name, value in problem.params.items()}
    return {"code": problem.code, "where": problem.where, "params": params}


def problems_of(job: ImportJob, which: str, *, blocking: bool) -> Iterator[Problem]:
    """Give the problems (or findings) that a job remembers."""
    for one in job.answer.get(which, ()):
        yield Problem(one["code"], one["where"], one["params"], blocking)


def _delete_old(now: int) -> None:
    """Delete the files of old jobs; what they did stays in the list."""
    for job in ImportJob.objects.filter(uploaded_at__lt=now - KEPT, forgotten=False).order_by("id")[:50]:
        shutil.rmtree(folder(job.id), ignore_errors=True)
        counts = ("rows", "loaded", "voided", "unchanged", "refused", "skipped")
        ImportJob.objects.filter(id=job.id).update(
            answer={name: job.answer[name] for name in counts if name in job.answer}, forgotten=True
        )


def template_of(kind: str, *, language: str, units: Sequence[tuple[str, str]]) -> bytes:
    """Write a blank workbook of a kind."""
    with TemporaryDirectory() as place:
        out = Path(place) / f"{kind}.xlsx"
        templates.write(kind=kind, profile=codebook.profile(), out=out, language=language, units=units)
        return out.read_bytes()
