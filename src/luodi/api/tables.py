"""Tables over HTTP: loaded, looked at with their faults marked, and given out with the filters of `luodi export`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from django.http import HttpRequest, JsonResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from luodi.api import shapes
from luodi.api.access import Caller, caller, language_of
from luodi.api.files import Folder, attached, laid_out
from luodi.codebook.values import Permission
from luodi.exchange import actions as exchange
from luodi.exchange import exporting, kinds, marked, writing
from luodi.exchange.answer import Answer
from luodi.kernel import instant
from luodi.kernel.tone import STATUSES
from luodi.ledger import clock

router = Router()
REFUSED = {STATUSES: shapes.Problems}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Names = list[Name]
Ending = Literal["xlsx", "csv"]
Sent = Annotated[UploadedFile | None, File()]
Kind = Literal[
    "units", "projects", "stages", "lists", "plans", "figures", "notes", "targets", "attributions", "enterprises"
]


@router.post("/imports/{kind}", response={200: shapes.ImportShape, **REFUSED}, tags=["tables"])
def import_table(
    request: HttpRequest, kind: Kind, file: Annotated[UploadedFile, File()], mapping: Sent = None, confirm: Sent = None,
    dry_run: bool = False, partial: bool = False, history: bool = False,
) -> Any:  # fmt: skip
    """Load a .xlsx, .xls or .csv file (`luodi import`); nothing is changed where it is refused (unless `partial`)."""
    one = may_import(request, history)
    with laid_out() as folder:
        options = exchange.Options(
            history,
            partial,
            dry_run,
            folder.may_put(mapping, "mapping"),
            folder.may_put(confirm, "confirm"),
            named(file),
        )
        answer, refused = imported(one, kind, folder.put(file, "upload"), options)
    document = answer.as_json(language_of(request))
    return JsonResponse(document, status=422) if refused else document


@router.post("/imports/{kind}/marked", response={**REFUSED}, tags=["tables"], openapi_extra=shapes.binary(XLSX))
def mark_table(
    request: HttpRequest, kind: Kind, file: Annotated[UploadedFile, File()], mapping: Sent = None, confirm: Sent = None,
    history: bool = False,
) -> Any:  # fmt: skip
    """Give the same workbook back with every bad cell marked (`luodi import --dry-run --errors`); nothing is changed."""
    one = may_import(request, history)
    with laid_out() as folder:
        options = exchange.Options(
            history, False, True, folder.may_put(mapping, "mapping"), folder.may_put(confirm, "confirm"), named(file)
        )
        source, out = folder.put(file, "upload"), folder.place / "marked.xlsx"
        answer, _ = imported(one, kind, source, options)
        marked.write(source=source, out=out, answer=answer, language=language_of(request))
        return attached(out.read_bytes(), f"{Path(named(file)).stem}-marked.xlsx", XLSX)


def may_import(request: HttpRequest, history: bool) -> Caller:
    """Give the caller, refused unless tables may be loaded: row by row it is asked again."""
    one = caller(request)
    one.require(Permission.IMPORT_HISTORY if history else Permission.IMPORT)
    return one


def named(file: UploadedFile) -> str:
    """Give the name that a file was sent under."""
    return Path(file.name or "upload").name or "upload"


def imported(one: Caller, kind: Kind, path: Path, options: exchange.Options) -> tuple[Answer, bool]:
    """Import a file; say what it did, and whether it was refused as a whole."""
    try:
        answer = exchange.import_file(
            kind=kind, path=path, profile=one.profile, actor=one.actor(), now=clock.now(), today=one.today, options=options
        )  # fmt: skip
    except exchange.Rejected as rejected:
        return rejected.answer, True
    return answer, False


class Wanted(Schema):
    """Which rows are wanted: the filters of `luodi export`."""

    unit: Names = []
    project: Names = []
    period: Names = []
    measure: Names = []
    stage: Names = []
    list: Names = []
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    history: bool = False

    def filters(self) -> exporting.Filters:
        """Give them as the exchange takes them."""
        return exporting.Filters(
            tuple(self.unit), tuple(self.project), tuple(self.period), tuple(self.measure), tuple(self.stage), tuple(self.list),
            self.since, self.until, instant.end_of(self.as_of) if self.as_of else None, self.history,
        )  # fmt: skip


@router.get("/exports/{kind}", response={**REFUSED}, tags=["tables"], openapi_extra=shapes.binary(XLSX, CSV))
def export_table(
    request: HttpRequest, kind: Kind, wanted: Annotated[Wanted, Query()], codes: bool = False, file: Ending = "xlsx"
) -> Any:
    """Write the rows of a kind, within the caller's reach (`luodi export`)."""
    with laid_out() as folder:
        return written(caller(request), kind, wanted.filters(), folder, codes=codes, suffix=file)


@router.post("/exports/{kind}", response={**REFUSED}, tags=["tables"], openapi_extra=shapes.binary(XLSX, CSV))
def export_mapped(
    request: HttpRequest, kind: Kind, mapping: Annotated[UploadedFile, File()], wanted: Annotated[Wanted, Query()],
    file: Ending = "xlsx",
) -> Any:  # fmt: skip
    """Write the rows in the columns of a mapping file (`luodi export --mapping`)."""
    with laid_out() as folder:
        layout = folder.put(mapping, "mapping")
        return written(caller(request), kind, wanted.filters(), folder, mapping=layout, suffix=file)


def written(
    one: Caller, kind: Kind, filters: exporting.Filters, folder: Folder, *, suffix: str, mapping: Path | None = None,
    codes: bool = False,
) -> Any:  # fmt: skip
    """Write a table and answer with it."""
    layout = exchange.layout_of(mapping, kinds.KINDS[kind], one.profile) if mapping else None
    found = exporting.table(kind=kind, profile=one.profile, actor=one.actor(), today=one.today, filters=filters)
    path = folder.place / f"export.{suffix}"
    writing.write(found, out=path, profile=one.profile, layout=layout, codes=codes)
    return attached(path.read_bytes(), f"{kind}.{suffix}", XLSX if suffix == "xlsx" else CSV)
