"""
Imports 数据导入: bring a table, see what it would change, say yes, watch it go in; and everything that was ever brought in.

Nothing is loaded before the person has seen the preview. A table with bad rows comes back with its bad cells marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from luodi.codebook import queries as codebook
from luodi.codebook.labels import field_label
from luodi.codebook.values import Permission
from luodi.exchange import jobs
from luodi.exchange.kinds import KINDS
from luodi.exchange.models import ImportJob
from luodi.identity import queries as identity
from luodi.identity.tree import Tree
from luodi.identity.values import LOCAL_OPERATOR
from luodi.kernel import instant
from luodi.kernel.problem import Problem, Refused, words
from luodi.ledger import clock
from luodi.ledger.models import Fact
from luodi.web.access import needs
from luodi.web.exporting import MEDIA_TYPE
from luodi.web.templatetags.luodi import grouped
from luodi.web.uploads import LARGEST, BadUpload
from luodi.web.views.indicators import name_of

PER_PAGE = 30
SHOWN = 50  # problems on the page; the marked workbook has them all
UNIT_COLUMNS = frozenset({"unit", "parent"})  # beside those that the kinds say are units
AMOUNTS = frozenset({"total_investment", "fixed_investment", "invest", "value"})
COUNTS = ("rows", "loaded", "voided", "unchanged", "refused", "skipped")
IMPORTERS = (Permission.IMPORT, Permission.IMPORT_HISTORY)


@needs(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Show what may be brought and what was; on POST take a table in to be checked."""
    viewer = request.viewer  # type: ignore[attr-defined]
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            return redirect("import", row=upload(request).id)
        except Refused as refusal:
            problems = refusal.problems
    page = Paginator(history(viewer), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "kinds": list(KINDS),
        "typed": request.POST,
        "may_history": viewer.may_somewhere(Permission.IMPORT_HISTORY),
        "page": page,
        "problems": problems,
        "largest": LARGEST // 1024 // 1024,
    }
    return render(request, "web/imports.html", context, status=422 if problems else 200)


def upload(request: HttpRequest) -> ImportJob:
    """
    Take the uploaded table in.

    :raises Refused: if there is none, it is too large, or it is no table
    """
    viewer, kind = request.viewer, request.POST.get("kind", "")  # type: ignore[attr-defined]
    file, mapping = request.FILES.get("file"), request.FILES.get("mapping")
    if kind not in KINDS:
        raise Refused(Problem("imports.kind_missing", "kind"))
    if file is None:
        raise Refused(Problem("imports.file_missing", "file"))
    return jobs.upload(
        kind=kind, name=str(file.name), content=content_of(file), actor=viewer.actor(), at=clock.now(),
        today=viewer.today, mapping=content_of(mapping) if mapping else None, history=request.POST.get("history") == "1",
    )  # fmt: skip


def content_of(file: UploadedFile[Any]) -> bytes:
    """
    Read an upload of bounded size.

    :raises BadUpload: if it is empty or too large
    """
    params = {"name": str(file.name), "most": LARGEST // 1024 // 1024}
    if not file.size:
        raise BadUpload(Problem("upload.empty", "file", params))
    if file.size > LARGEST:
        raise BadUpload(Problem("upload.too_large", "file", params))
    return bytes(file.read())


def history(viewer: Any) -> list[dict[str, Any]]:
    """
    List every import, newest first: jobs of these pages, and what came by command or API, known by their facts.

    Others' imports are shown to who may import for the whole city, without their findings. Three queries.
    """
    everything = any(viewer.scope(one).everything for one in IMPORTERS)
    rows = ImportJob.objects.order_by("-id")
    if not everything:
        rows = rows.filter(person=viewer.person)
    listed = [of_job(job) for job in rows]
    seen = {job["import_id"] for job in listed if job["state"] == jobs.DONE}
    if everything:
        listed += [one for one in by_facts() if one["import_id"] not in seen]
    people = identity.people()
    for one in listed:
        at_machine = one["person"] == LOCAL_OPERATOR
        one["who"] = words("house.audit.operator", viewer.language) if at_machine else name_of(people, one["person"])
        one["mine"] = one["person"] == viewer.person
    return sorted(listed, key=lambda one: -one["at"])


def of_job(job: ImportJob) -> dict[str, Any]:
    """Give a job's line."""
    return {
        "id": job.id, "kind": job.kind, "file": job.file, "digest": job.digest, "person": job.person, "at": job.uploaded_at,
        "state": job.state, "import_id": job.import_id, "counts": {name: job.answer.get(name) for name in COUNTS},
    }  # fmt: skip


def by_facts() -> list[dict[str, Any]]:
    """Give a line for every import in the ledger: its kind stands in its id, its rows in its facts."""
    found = (
        Fact.objects.exclude(import_id="")
        .values("import_id", "actor")
        .annotate(at=Max("recorded_at"), facts=Count("id"))
        .order_by("-at")
    )
    return [
        {
            "id": None, "kind": kind_of(one["import_id"]), "file": "", "digest": one["import_id"].partition("-")[2] or one["import_id"],
            "person": one["actor"], "at": one["at"], "state": jobs.DONE, "import_id": one["import_id"],
            "facts": one["facts"], "counts": dict.fromkeys(COUNTS),
        }
        for one in found
    ]  # fmt: skip


def kind_of(import_id: str) -> str:
    """Tell an import's kind by its id."""
    start = import_id.partition("-")[0]
    return next((name for name in KINDS if name[:12] == start), "")


# One import -------------------------------------------------------------------------------------------------------


@needs(*IMPORTERS)
@require_http_methods(["GET", "POST"])
def job(request: HttpRequest, row: int) -> HttpResponse:
    """Show one import: running, checked with its preview, or done; on POST go on with it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = jobs.job_of(row, person=viewer.person)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            return go_on(request, found)
        except Refused as refusal:
            problems = refusal.problems
    running = found.state in {*jobs.RUNNING, *jobs.RUNNING.values()}
    if request.headers.get("HX-Request"):
        if running:
            return render(request, "web/parts/import_progress.html", {"job": found})
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {
        "job": found,
        "running": running,
        "problems": problems,
        **answer_of(found, viewer.who.tree, viewer.language),
    }
    return render(request, "web/import.html", context, status=422 if problems else 200)


@dataclass(frozen=True)
class Saying:
    """What cells of a table are said with: its kind, the tree of units, the reader's language."""

    kind: str
    tree: Tree
    language: str

    def is_unit(self, name: str) -> bool:
        """Tell whether a column holds units."""
        return name in UNIT_COLUMNS or any(one.code == name and one.read == "unit" for one in KINDS[self.kind].columns)


def answer_of(job: ImportJob, tree: Tree, language: str) -> dict[str, Any]:
    """Give what was found, in the shapes of the page."""
    answer: Mapping[str, Any] = job.answer
    return {
        "counts": [(name, answer[name]) for name in COUNTS if name in answer],
        "tally": answer.get("tally", {}),
        "refusals": list(jobs.problems_of(job, "problems", blocking=True))[:SHOWN],
        "findings": list(jobs.problems_of(job, "findings", blocking=False))[:SHOWN],
        "more_refusals": max(0, sum(answer.get("problem_counts", {}).values()) - SHOWN),
        "changes": [shown(one, Saying(job.kind, tree, language)) for one in answer.get("changes", ())],
        "candidates": answer.get("candidates", [])[:SHOWN],
        "more_candidates": max(0, len(answer.get("candidates", [])) - SHOWN),
        "marked": jobs.marked_file(job) is not None,
        "several": len(answer.get("sheets", ())) > 1,
        "good": (answer.get("loaded") or 0) + (answer.get("voided") or 0),
    }


def shown(change: Mapping[str, Any], say: Saying) -> dict[str, Any]:
    """Give a row of the preview: its key in one, what a new row says, and what differs as name, old, new; all in words."""
    profile = codebook.profile()
    differs = [
        (label, said(name, old, say), said(name, new, say))
        for column, (before, after) in change["differs"].items()
        for name, old, new in apart(column, before, after)
        for label in [field_label(profile, name, say.language)]
    ]
    content = [
        (field_label(profile, name, say.language), said(name, cell, say))
        for column, there in change.get("content", ())
        for name, _, cell in apart(column, None, there)
    ]
    return {
        "row": change["row"],
        "sheet": change.get("sheet", ""),
        "key": " · ".join(str(cell) for cell in change["key"] if cell not in (None, "")),
        "change": change["change"],
        "differs": differs,
        "content": content,
    }


def apart(column: str, old: Any, new: Any) -> list[tuple[str, Any, Any]]:
    """Take a column that holds several (the city's own) apart into those that differ; any other stands as it is."""
    if column != "attributes":
        return [(column, old, new)]
    before, after = old or {}, new or {}
    names = dict.fromkeys((*before, *after))
    return [(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def said(name: str, cell: Any, say: Saying) -> Any:
    """Write a cell of the preview: units by name, amounts with thousands parted, yes and no in words, an instant as a day and hour."""
    if isinstance(cell, bool):
        return words("house.yes" if cell else "house.no", say.language)
    if isinstance(cell, str) and say.is_unit(name):
        return say.tree.name(cell)
    if name in AMOUNTS:
        return grouped(cell)
    if name.endswith("_at") and isinstance(cell, int):
        return f"{instant.to_datetime(cell):%Y-%m-%d %H:%M}"
    return "、".join(map(str, cell)) if isinstance(cell, list) else cell


def go_on(request: HttpRequest, job: ImportJob) -> HttpResponse:
    """Load a checked table, settle its rows without a code, or give it up."""
    viewer, act = request.viewer, request.POST.get("act", "")  # type: ignore[attr-defined]
    if act == "drop":
        jobs.drop(job.id, person=viewer.person)
        messages.success(request, words("imports.dropped", viewer.language))
        return redirect("imports")
    if act == "settle":
        jobs.settle(job.id, person=viewer.person, decided=decided(request.POST))
    elif act in ("load", "partial"):
        jobs.load(job.id, person=viewer.person, partial=act == "partial")
    return redirect("import", row=job.id)


def decided(typed: QueryDict) -> dict[jobs.Row, str]:
    """Read what was chosen of each row without a code (`row-3@sheet`), or typed beside it."""
    found = {}
    for name, code in typed.items():
        row, _, sheet = name.removeprefix("row-").partition("@")
        if name.startswith("row-") and row.isdigit() and isinstance(code, str):
            other = str(typed.get(f"other-{name[4:]}", "")).strip()
            found[sheet, int(row)] = other or code.strip()
    return found


@needs(*IMPORTERS)
@require_GET
def marked(request: HttpRequest, row: int) -> HttpResponse:
    """Give the workbook back, its bad cells marked and explained."""
    found = jobs.job_of(row, person=request.viewer.person)  # type: ignore[attr-defined]
    path = jobs.marked_file(found)
    if path is None:
        raise Http404
    stem = found.file.rsplit(".", 1)[0]
    return attached(path.read_bytes(), f"{stem}-{words('imports.marked_name', request.language)}.xlsx")  # type: ignore[attr-defined]


@needs(*IMPORTERS)
@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Give a blank workbook of a kind, with drop-downs and the city's units."""
    if kind not in KINDS:
        raise Http404
    viewer = request.viewer  # type: ignore[attr-defined]
    units = [(unit.code, unit.name) for unit in viewer.who.tree.units.values() if unit.open]
    content = jobs.template_of(kind, language=viewer.language, units=units)
    return attached(content, f"{words(f'imports.kind.{kind}', viewer.language)}.xlsx")


def attached(content: bytes, name: str) -> HttpResponse:
    """Hand a workbook out."""
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
