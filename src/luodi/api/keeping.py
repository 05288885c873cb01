"""Keeping the store over HTTP: verify, rebuild, backup; the city's profile checked; templates and a superior's form filled; traces by number."""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from luodi.api import shapes
from luodi.api.access import caller, language_of
from luodi.api.files import UnreadableFile, attached, laid_out
from luodi.codebook.load import load_profile
from luodi.codebook.values import Permission
from luodi.exchange import templates
from luodi.identity import queries as identity
from luodi.indicators import presenting, queries
from luodi.indicators.queries import forms
from luodi.kernel.problem import Problem, Refused
from luodi.kernel.tone import STATUSES
from luodi.ledger import backup, clock, rebuilding, seals, verification

router = Router()
REFUSED = {STATUSES: shapes.Problems}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Label = Annotated[str, Field(min_length=4, max_length=20, pattern=r"^[^\x00-\x1f\x7f]+$")]
LARGEST_PROFILE = 20 * 1024 * 1024


# The store ----------------------------------------------------------------------------------------------------------


@router.post("/store/verify", response={200: shapes.VerifiedShape, **REFUSED}, tags=["store"])
def verify(
    request: HttpRequest,
    exported: Annotated[UploadedFile | None, File(alias="seals")] = None,
    proof: Annotated[tuple[Annotated[int, Field(ge=1, lt=2**63)], ...], Query()] = (),
) -> Any:
    """Recompute all that proves the store (`luodi verify`), also against seals exported earlier; what differs is in `problems`."""
    caller(request).require(Permission.VERIFY_LEDGER)
    report = verification.verify()
    if exported is not None:
        with laid_out() as folder:
            for period in seals.differing(folder.put(exported, "seals")):
                report.problems.append(Problem("ledger.verify.seal_differs", f"period={period}", {"period": period}))
    return {
        "whole": not report.problems,
        **{key: cell for key, cell in asdict(report).items() if key != "problems"},
        "proofs": [seals.proof(fact) for fact in proof],
        "problems": [problem.as_json(language_of(request)) for problem in report.problems],
    }


@router.post("/store/rebuild", response={200: shapes.RebuiltShape, **REFUSED}, tags=["store"])
def rebuild(request: HttpRequest) -> Any:
    """Make every projection anew from the facts (`luodi rebuild`)."""
    caller(request).require(Permission.KEEP_STORE)
    return {"rows": rebuilding.rebuild()}


@router.post(
    "/store/backup", response={**REFUSED}, tags=["store"], openapi_extra=shapes.binary("application/octet-stream")
)
def back_up(request: HttpRequest) -> Any:
    """Give the whole store with its evidence files, taken while it is in use (`luodi backup`)."""
    caller(request).require(Permission.KEEP_STORE)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "luodi.backup"
        backup.backup(path)
        return attached(path.read_bytes(), f"luodi-{clock.today().isoformat()}.backup", "application/octet-stream")


@router.get(
    "/store/seals", response={**REFUSED}, tags=["store"], openapi_extra=shapes.binary("application/octet-stream")
)
def export_seals(request: HttpRequest) -> Any:
    """Give all seals as a file to keep outside the database (`luodi seal --export`)."""
    caller(request)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "seals.json"
        seals.export(path)
        return attached(path.read_bytes(), "seals.json", "application/octet-stream")


# The city's profile -------------------------------------------------------------------------------------------------


@router.post("/profile/check", response={200: shapes.Problems, **REFUSED}, tags=["city"])
def check_profile(request: HttpRequest, folder: Annotated[UploadedFile, File()]) -> Any:
    """Check a profile, its folder sent as a .zip (`luodi profile check`): all its mistakes, with file and line."""
    caller(request)
    with laid_out() as place:
        city = unpacked(folder.read(), place.place)
        try:
            load_profile(city)
        except Refused as refusal:
            short = f"{place.place}/"
            found = [problem.as_json(language_of(request)) for problem in refusal.problems]
            return {"problems": [{**one, "file": str(one["file"] or "").replace(short, "") or None} for one in found]}
    return {"problems": []}


def unpacked(content: bytes, into: Path) -> Path:
    """Lay a .zip out; gives the folder that holds its YAML files. Names that lead outside, and what is too much, are refused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [one for one in archive.infolist() if not one.is_dir()]
        names = [PurePosixPath(one.filename) for one in members]
        if sum(one.file_size for one in members) > LARGEST_PROFILE or any(
            name.is_absolute() or ".." in name.parts for name in names
        ):
            raise UnreadableFile(name="folder", found="zip")
        archive.extractall(into)
    except (zipfile.BadZipFile, RuntimeError, ValueError) as error:
        raise UnreadableFile(name="folder", found=str(error)) from None
    holding = [into / name.parent for name in names if name.suffix in (".yaml", ".yml")]
    return min(holding, key=lambda path: len(path.parts)) if holding else into


# Tables out ---------------------------------------------------------------------------------------------------------

Kind = Literal[
    "units", "projects", "stages", "lists", "plans", "figures", "notes", "targets", "attributions", "enterprises"
]


@router.get("/templates/{kind}", response={**REFUSED}, tags=["tables"], openapi_extra=shapes.binary(XLSX))
def template(request: HttpRequest, kind: Kind) -> Any:
    """Give a blank workbook for a kind, with drop-downs and notes (`luodi template`)."""
    one = caller(request)
    tree = identity.tree(on=one.today)
    units = [(code, tree.name(code)) for unit in tree.roots() for code in sorted(tree.under(unit.code))]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        templates.write(kind=kind, profile=one.profile, out=path, units=units)
        return attached(path.read_bytes(), f"{kind}.xlsx", XLSX)


@router.post("/fill", response={**REFUSED}, tags=["tables"], openapi_extra=shapes.binary(XLSX))
def fill(
    request: HttpRequest,
    template: Annotated[UploadedFile, File()],
    mapping: Annotated[UploadedFile, File()],
    period: Annotated[str, Form(min_length=4, max_length=20)],
    as_of: Annotated[str | None, Form(max_length=40)] = None,
) -> Any:
    """Put the ledger into a superior's own form, cell by cell (`luodi fill`)."""
    one = caller(request)
    one.require_everywhere(Permission.EXPORT)
    wanted = one.profile.calendar.accounting_year.parse(period)
    cut, _sealed = presenting.cut_of(as_of or None, period)
    with laid_out() as folder:
        out = folder.place / "filled.xlsx"
        forms.fill(
            template=folder.put(template, "template"), mapping=folder.put(mapping, "mapping"), period=wanted, cut=cut,
            profile=one.profile, out=out,
        )  # fmt: skip
        return attached(out.read_bytes(), "filled.xlsx", XLSX)


# Traces -------------------------------------------------------------------------------------------------------------


@router.get("/traces/{ref}", response={200: shapes.TraceShape, **REFUSED}, tags=["indicators"])
def trace_reference(request: HttpRequest, ref: Name) -> Any:
    """Open a trace number printed on a checking edition (`luodi trace --ref N`)."""
    one = caller(request)
    one.require(Permission.TRACE)
    printed = presenting.printed_document(ref)
    if printed["unit"] is not None:
        one.require(Permission.TRACE, printed["unit"])
    return {**presenting.trace_document(queries.opened(ref)), **printed}


@router.get("/indicators/{indicator}/bridge", response={200: shapes.BridgeShape, **REFUSED}, tags=["indicators"])
def bridge(
    request: HttpRequest,
    indicator: Name,
    period: Label,
    unit: Name,
    span: Literal["period", "ytd", "since"] = "ytd",
    role: Literal["host", "introducer", "lead_department"] = "host",
    basis: Literal["filed", "verified"] = "verified",
) -> Any:
    """Give the steps from the published value to the revised one (`luodi trace --bridge`)."""
    caller(request).require(Permission.TRACE, unit)
    found = queries.bridge(indicator=indicator, period=period, unit=unit, span=span, role=role, basis=basis)
    return presenting.bridge_document(found)
