"""Workbooks on their way out of and back into a page: for forms of the profile and forms of the moment alike. No views."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from luodi.exchange import asked_in, asked_marked
from luodi.kernel.problem import Problem, Refused
from luodi.statistics.actions import parts
from luodi.statistics.actions.parts import Came, Save, Taken
from luodi.statistics.queries import parts as kept_parts
from luodi.statistics.rules import merging
from luodi.statistics.values.asking import Asking, Conflict, Part
from luodi.web.exporting import MEDIA_TYPE
from luodi.web.uploads import LARGEST, BadUpload

ZIP = "application/zip"
MOST_FILES = 100


def attachment(content: bytes, name: str, media_type: str = MEDIA_TYPE) -> HttpResponse:
    """Answer with a file."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def take_files(
    request: HttpRequest, *, asking: Callable[[], Asking], save: Save, person: str, at: int, today: Any
) -> tuple[list[Taken], list[Problem]]:
    """Merge every uploaded file, one after the other; a file that can't be read is said and the others are taken."""
    files = [one for one in request.FILES.getlist("files") if isinstance(one, UploadedFile)][:MOST_FILES]
    if not files:
        return [], [Problem("filing.no_file")]
    taken: list[Taken] = []
    problems: list[Problem] = []
    for file in files:
        try:
            table = asking()
            taken.append(
                parts.take_part(asking=table, came=read(file, table), save=save, person=person, at=at, today=today)
            )
        except Refused as refusal:
            problems += refusal.problems
    return taken, problems


def read(file: UploadedFile[Any], asking: Asking) -> Came:
    """Read one uploaded workbook."""
    name = Path(str(file.name or "")).name
    if not file.size:
        raise BadUpload(Problem("upload.empty", where=name, params={"name": name}))
    if file.size > LARGEST:
        raise BadUpload(
            Problem("filing.file_too_large", where=name, params={"name": name, "most": LARGEST // 1024 // 1024})
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"came{Path(name).suffix.lower()}"
        path.write_bytes(file.read())
        found = asked_in.read(path, name=name, asking=asking)
    return Came(
        found.name, found.digest, found.content, found.part, found.cells, found.base,
        asked_marked.rows_of(found.faults), found.strangers,
    )  # fmt: skip


def merge_page(
    asking: Asking, *, names: Callable[[str], str], unit_names: Callable[[str], str], language: str
) -> dict[str, Any]:
    """Give what the page of returned files shows."""
    found = kept_parts.parts_of(asking)
    labels = cell_names(asking, language)
    return {
        "files": [file_line(one, found, names, unit_names) for one in reversed(found)],
        "conflicts": [conflict_line(one, labels, names) for one in kept_parts.conflicts_of(asking, found)],
        "left_out": [
            conflict_line(one, labels, names) for one in merging.left_out(kept_parts.kept_cells(asking), found)
        ],
    }


def file_line(
    part: Part, parts_: Sequence[Part], names: Callable[[str], str], unit_names: Callable[[str], str]
) -> dict[str, Any]:
    """Give one returned file as a line."""
    of = "" if part.part == "-" else unit_names(part.part) if part.part else None
    return {
        "part": part, "of": of, "by": names(part.by), "superseded": merging.superseded(part, parts_),
        "waiting": sum(key not in part.settled for key in merging.claims(part)),
    }  # fmt: skip


def conflict_line(conflict: Conflict, labels: Callable[[str], str], names: Callable[[str], str]) -> dict[str, Any]:
    """Give one cell that has several answers."""
    kept_from = names(conflict.kept_from) if conflict.kept_from else ""
    return {"conflict": conflict, "label": labels(conflict.key), "kept_from": kept_from}


def cell_names(asking: Asking, language: str) -> Callable[[str], str]:
    """Give what says a cell in words: row and column."""
    rows = {row.subject: row.label for row in asking.rows}
    columns = {column.id: column.zh if language == "zh" else column.en for column in asking.columns}

    def name(key: str) -> str:
        subject, _, column = key.rpartition("|")
        return f"{rows.get(subject, subject)} · {columns.get(column, column)}"

    return name


def fault_lines(rows: Iterable[tuple[Part, Sequence[Sequence[Any]]]], language: str) -> list[dict[str, Any]]:
    """Say what could not be taken: file, cell, why."""
    found = []
    for part, kept in rows:
        for sheet, fault in asked_marked.faults_of(kept):
            problem = fault.problem(part.name, sheet)
            found.append(
                {
                    "file": part.name,
                    "where": problem.where,
                    "words": problem.message(language),
                    "blocking": fault.blocking,
                }
            )
    return found


def marked(asking: Asking, part: int, language: str) -> HttpResponse:
    """Hand a returned file back, what could not be taken marked in it."""
    row = parts.part_row(asking, part)
    content = asked_marked.write(
        name=row.name, content=bytes(row.content), faults=asked_marked.faults_of(row.faults), language=language
    )
    return attachment(content, f"{Path(row.name).stem}-{'标注' if language == 'zh' else 'marked'}.xlsx")
