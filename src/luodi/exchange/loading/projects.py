"""Project versions and what is dated beside them: stages, lists, plans, notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import compress

from luodi.codebook import industries
from luodi.codebook.values import Permission
from luodi.exchange import history
from luodi.exchange.context import Context
from luodi.exchange.frame import Frame
from luodi.exchange.loading import plausible
from luodi.exchange.loading.base import Columns, Loader, later, refer, remark_unlisted, text_or_blank
from luodi.exchange.reading import PROJECT_ATTRIBUTE
from luodi.projects import facts
from luodi.projects.rules import codes

UNKNOWN_PROJECT = "import.cell.unknown_project"
LABELS = (
    "code", "national_code", "host", "introducer", "lead_department", "uscc", "origin", "kind", "nature", "industry", "industry_edition", "chain",
    "contract_kind",
)  # fmt: skip
AS_THEY_ARE = (
    "name",
    "investor",
    "content",
    "total_investment",
    "fixed_investment",
    "strategic",
    "excluded",
    "valid_from",
)


def check_projects(frame: Frame, context: Context) -> None:
    """Units must exist; amounts are not negative; a part is not above its whole (noted)."""
    for role in ("host", "introducer", "lead_department"):
        refer(frame, role, context.store.units, "import.cell.unknown_unit")
    for column in ("total_investment", "fixed_investment"):
        if frame.has(column):
            for index, amount in enumerate(frame.column(column)):
                if isinstance(amount, Decimal) and amount < 0:
                    frame.refuse(index, column, "import.cell.negative")
    if frame.has("fixed_investment"):
        pairs = zip(frame.column("total_investment"), frame.column("fixed_investment"), strict=True)
        for index, (total, fixed) in enumerate(pairs):
            if isinstance(total, Decimal) and isinstance(fixed, Decimal) and fixed > total:
                frame.remark(
                    index,
                    "fixed_investment",
                    "import.row.part_above_whole",
                    whole=f"{total / 10000:f}".rstrip("0").rstrip("."),
                )
    remark_industries(frame)
    remark_national_codes(frame, context)
    remark_twice(frame)


def remark_industries(frame: Frame) -> None:
    """Note industry codes that the national list of their own edition (GB/T 4754) has not."""
    if not frame.has("industry"):
        return
    pairs = list(zip(frame.column("industry"), frame.column("industry_edition"), strict=True))
    unknown = {pair for pair in set(pairs) if pair[0] and not industries.find(str(pair[0]), edition=str(pair[1] or ""))}
    for index, pair in enumerate(pairs):
        if pair in unknown:
            edition = pair[1] or industries.DEFAULT_EDITION
            frame.remark(index, "industry", "import.row.unknown_industry", edition=edition)


def remark_national_codes(frame: Frame, context: Context) -> None:
    """Note codes of the online platform that name no day that has begun, or no province; their shape was refused before."""
    for index, code in enumerate(frame.column("national_code")):
        for problem in codes.national_code_problems(str(code or ""), where="", today=context.today):
            frame.remark(index, "national_code", problem.code, **problem.params)


def remark_twice(frame: Frame) -> None:
    """Note rows of one project and day: the later one will be in force."""
    keys = list(
        zip(
            frame.column("code"),
            frame.column("valid_from"),
            frame.column("known_at"),
            frame.column("void"),
            strict=True,
        )
    )
    if len(set(keys)) == len(keys):
        return
    first: dict[object, int] = {}
    for index, key in enumerate(keys):
        if key[0] is not None and first.setdefault(key, index) != index:
            frame.remark(index, "code", "import.row.same_key", other_row=frame.row(first[key]))


def project_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Versions as the ledger keeps them: a blank is empty."""
    columns: Columns = {
        code: text_or_blank(frame.column(code)) if frame.has(code) else [""] * len(frame) for code in LABELS
    }
    columns.update({code: frame.column(code) for code in AS_THEY_ARE})
    extra = [
        (code.removeprefix(PROJECT_ATTRIBUTE), cells)
        for code, cells in frame.cells.items()
        if code.startswith(PROJECT_ATTRIBUTE)
    ]
    columns["attributes"] = attributes(extra, len(frame))
    return columns


def attributes(extra: Sequence[tuple[str, Sequence[object]]], count: int) -> list[dict[str, object]]:
    """Gather extra columns into one mapping a row; what is blank is left out."""
    if not extra:
        return [{}] * count
    names = [name for name, _cells in extra]
    return [
        dict(zip(compress(names, map(is_given, row)), filter(is_given, row), strict=True))
        for row in zip(*(cells for _name, cells in extra), strict=True)
    ]


def is_given(cell: object) -> bool:
    return cell is not None


def check_stages(frame: Frame, context: Context) -> None:
    """Projects must exist; no stage lies ahead of today unless history says so; order is noted, not refused."""
    refer(frame, "project", context.store.projects, UNKNOWN_PROJECT)
    if not context.history:
        for index, found in enumerate(frame.column("occurred_on")):
            if found is not None and found[0] > context.today:  # type: ignore[index]
                frame.refuse(index, "occurred_on", "import.row.day_ahead")
    plausible.stage_order(frame, context)


def stage_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Events as the ledger keeps them. Filed now, one that nobody has to verify counts at once; another waits for its verifiers."""
    verified = history.accepted_times(frame, context, list(known), says="verified", when="verified_at")
    stages = frame.column("stage")
    count = len(frame)
    verifiers, claimed_by = [""] * count, [""] * count
    if not context.history:
        at_once = {stage.id for stage in context.profile.stages if not stage.verified_by}
        verified = [context.now if stage in at_once else None for stage in stages]
        verifiers = [
            verifiers_of(context, str(stage), str(project))
            for stage, project in zip(stages, frame.column("project"), strict=True)
        ]
        claimed_by = [context.actor.unit] * count
    return {
        "project": frame.column("project"),
        "stage": stages,
        "occurred_on": [found[0] if found else None for found in frame.column("occurred_on")],  # type: ignore[index]
        "month_only": [found[1] if found else False for found in frame.column("occurred_on")],  # type: ignore[index]
        "verified_at": verified,
        "evidence": [[]] * count,
        "evidence_note": frame.column("evidence"),
        "claimed_by": claimed_by,
        "verifier": verifiers,
    }


def verifiers_of(context: Context, stage: str, project: str) -> str:
    """Resolve who must verify, as units in order, by the project's last version; one's own step falls away where the profile says so."""
    rule = context.profile.stage(stage)
    units = dict(
        zip(("host", "introducer", "lead_department"), context.store.hosts.get(project, ("", "", "")), strict=True)
    )
    found: list[str] = []
    for party in rule.verified_by if rule else ():
        unit = (
            (context.profile.office_unit(party.office) or "")
            if party.office
            else units.get(party.of or "", context.actor.unit)
        )
        if unit and (rule is None or rule.own_unit_may_verify or unit != context.actor.unit):
            found.append(unit)
    return ";".join(dict.fromkeys(found))


def check_lists(frame: Frame, context: Context) -> None:
    """Projects must exist; a stay ends after it begins."""
    refer(frame, "project", context.store.projects, UNKNOWN_PROJECT)
    later(frame, "valid_from", "valid_to")
    remark_unlisted(frame, "list", [item.id for item in context.profile.lists])


def list_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """List entries as the ledger keeps them."""
    return {code: frame.column(code) for code in ("project", "list", "valid_from", "valid_to")}


def check_plans(frame: Frame, context: Context) -> None:
    """Projects must exist; months that don't add up to their year are noted."""
    refer(frame, "project", context.store.projects, UNKNOWN_PROJECT)
    years: dict[tuple[object, object], tuple[Decimal, int]] = {}
    months: defaultdict[tuple[object, object], Decimal] = defaultdict(Decimal)
    cells = zip(
        frame.column("project"), frame.column("year"), frame.column("month"), frame.column("invest"), strict=True
    )
    for index, (project, year, month, invest) in enumerate(cells):
        if isinstance(invest, Decimal) and invest < 0:
            frame.refuse(index, "invest", "import.cell.negative")
        elif isinstance(invest, Decimal) and month is None:
            years[project, year] = (invest, index)
        elif isinstance(invest, Decimal):
            months[project, year] += invest
    for key, (whole, index) in years.items():
        if key in months and months[key] != whole:
            frame.remark(
                index,
                "invest",
                "import.row.months_differ",
                sum=plausible.in_wan(months[key]),
                year=plausible.in_wan(whole),
            )


def plan_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Plans as the ledger keeps them; month 0 is the year's own row."""
    columns: Columns = {code: frame.column(code) for code in ("project", "year", "invest", "start_on", "finish_on")}
    return {**columns, "month": [month or 0 for month in frame.column("month")]}


def check_notes(frame: Frame, context: Context) -> None:
    """Projects must exist."""
    refer(frame, "project", context.store.projects, UNKNOWN_PROJECT)


def note_columns(frame: Frame, context: Context, known: Sequence[int | None]) -> Columns:
    """Notes as the ledger keeps them."""
    columns: Columns = {code: frame.column(code) for code in ("project", "progress", "problems", "next", "coordinate")}
    return {**columns, "period": [period.label if period else None for period in frame.column("period")]}  # type: ignore[attr-defined]


PROJECTS = Loader(facts.VERSION_RECORDED, facts.ROWS_VOIDED, check_projects, project_columns, Permission.KEEP_PROJECTS)
STAGES = Loader(facts.STAGE_RECORDED, facts.ROWS_VOIDED, check_stages, stage_columns, Permission.CLAIM_STAGE)
LISTS = Loader(facts.LIST_RECORDED, facts.ROWS_VOIDED, check_lists, list_columns, Permission.KEEP_PROJECTS)
PLANS = Loader(facts.PLAN_RECORDED, facts.ROWS_VOIDED, check_plans, plan_columns, Permission.KEEP_PROJECTS)
NOTES = Loader(facts.NOTE_RECORDED, facts.ROWS_VOIDED, check_notes, note_columns, Permission.KEEP_PROJECTS)
