"""
Project rows without a code: matched by name, host and investor, offered for confirmation, remembered as an alias.

Nothing is taken on likeness alone: a person says which project it is (or gives the code of a new one). What was once settled is
known by a digest of the folded name, host and investor, so that no name has to be kept for it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from luodi.codebook.values import Permission
from luodi.directory import facts
from luodi.directory.models import ProjectAlias
from luodi.exchange.context import Context
from luodi.exchange.frame import ROWS_A_SHEET, Frame, in_sheet
from luodi.exchange.refusals import BadFile
from luodi.identity import permissions
from luodi.kernel.chinese import fold
from luodi.ledger.values import Act
from luodi.projects.models import ProjectVersion

MOST_CANDIDATES = 5
LIKE_ENOUGH = 75
ROW_HEADERS, CODE_HEADERS, SHEET_HEADERS = ("row", "行", "行号"), ("code", "项目编号"), ("sheet", "工作表")


@dataclass(frozen=True)
class Project:
    """A project as it stands, for comparing."""

    code: str
    name: str
    host: str
    investor: str


def alias_of(name: object, host: object, investor: object) -> str:
    """Name a row that has no code: the digest of what it says, typed any way."""
    parts = "\n".join(fold(str(part or "")) for part in (name, host, investor))
    return hashlib.sha256(parts.encode()).hexdigest()


def decisions(path: Path, sheets: Sequence[str] = ("",)) -> dict[int, str]:
    """
    Read which row is which project: a .csv with columns row (行), code (项目编号) and, where several sheets were read,
    sheet (工作表; blank: the first). Gives the rows' numbers in the file.

    :raises BadFile: if it has no such columns, a row is no number, or a sheet was not read
    """
    from luodi.exchange.tables import decode

    text, _encoding = decode(path.read_bytes(), path.name)
    found: dict[int, str] = {}
    for line in csv.DictReader(io.StringIO(text, newline="")):
        row, code, sheet = (
            next((line[name] for name in names if line.get(name)), None)
            for names in (ROW_HEADERS, CODE_HEADERS, SHEET_HEADERS)
        )
        if code is None:
            continue
        if row is None or not row.strip().isdigit():
            raise BadFile("import.confirm.unreadable", name=path.name, found=row)
        if sheet and sheet not in sheets:
            raise BadFile("import.sheet.absent", sheet=sheet, sheets="、".join(sheets))
        found[(sheets.index(sheet) if sheet else 0) * ROWS_A_SHEET + int(row) - 1] = code.strip()
    return found


def settle(frame: Frame, context: Context, decided: Mapping[int, str]) -> tuple[list[Act], list[dict[str, object]]]:
    """
    Give rows without a code their project's: as decided now or settled before. Others are refused with candidates.

    :returns: acts that remember today's decisions, and what to offer: row, name, host, investor, candidates
    """
    codes = frame.column("code")
    blank = [index for index, code in enumerate(codes) if code is None and index not in frame.gone]
    if not blank:
        return [], []
    codes = list(codes)
    names, hosts, investors = (frame.column(code) for code in ("name", "host", "investor"))
    aliases = {index: alias_of(names[index], hosts[index], investors[index]) for index in blank}
    known = dict(
        ProjectAlias.objects.filter(alias__in=list(set(aliases.values())))
        .order_by("id")
        .values_list("alias", "project")
    )
    settled: dict[str, str] = {}
    open_rows = []
    for index in blank:
        code = decided.get(frame.numbers[index]) or known.get(aliases[index])
        if code is None:
            open_rows.append(index)
            continue
        codes[index] = code
        if known.get(aliases[index]) != code:
            settled[aliases[index]] = code
    frame.cells["code"] = codes
    offers = offer(frame, open_rows, context) if open_rows else []
    rows = [(code, alias) for alias, code in settled.items()]
    acts = [
        Act(facts.ALIAS_SETTLED, "import:aliases", {"directory.ProjectAlias": rows[at : at + 1000]})
        for at in range(0, len(rows), 1000)
    ]
    return acts, offers


def offer(frame: Frame, rows: Sequence[int], context: Context) -> list[dict[str, object]]:
    """Refuse rows that nobody has settled, and say which projects they may be."""
    projects = visible(context)
    by_name: defaultdict[str, list[Project]] = defaultdict(list)
    for project in projects:
        by_name[fold(project.name)].append(project)
    names = list(by_name)
    offers = []
    for index in rows:
        name, host, investor = (str(frame.column(code)[index] or "") for code in ("name", "host", "investor"))
        near = process.extract(fold(name), names, scorer=fuzz.ratio, limit=MOST_CANDIDATES, score_cutoff=LIKE_ENOUGH)
        likely = [
            (likeness(project, score, host, investor), project)
            for found, score, _at in near
            for project in by_name[found]
        ]
        likely.sort(key=lambda pair: (-pair[0], pair[1].code))
        candidates = [
            {
                "code": project.code,
                "name": project.name,
                "host": project.host,
                "investor": project.investor,
                "likeness": round(score),
            }
            for score, project in likely[:MOST_CANDIDATES]
        ]
        shown = "、".join(f"{one['code']} {one['name']}" for one in candidates[:3])
        frame.refuse(
            index, "name", "import.row.which_project" if candidates else "import.row.no_code", candidates=shown
        )
        offers.append(
            {
                "sheet": frame.sheets[in_sheet(frame.numbers[index])[0]],
                "row": in_sheet(frame.numbers[index])[1] + 1,
                "name": name,
                "host": host,
                "investor": investor,
                "candidates": candidates,
            }
        )
    return offers


def likeness(project: Project, score: float, host: str, investor: str) -> float:
    """Weigh likeness of names with the same host and the same investor: 100 is the same in all three."""
    same_investor = bool(investor) and fold(investor) == fold(project.investor)
    return (
        0.6 * score
        + (20 if host and host == project.host else 0)
        + (20 if same_investor or not (investor or project.investor) else 0)
    )


def visible(context: Context) -> list[Project]:
    """List projects whose names the person may see, each by its last version."""
    scope = permissions.scope_units(context.actor.person, Permission.SEE_INVESTORS, on=context.today)
    rows = ProjectVersion.objects.order_by("valid_from", "known_at", "id").values_list(
        "code", "name", "host", "investor", "introducer", "lead_department"
    )
    last = {row[0]: row for row in rows.iterator()}
    return [
        Project(code, name or "", host, investor or "")
        for code, name, host, investor, introducer, lead in last.values()
        if scope.covers(*filter(None, (host, introducer, lead)))
    ]
