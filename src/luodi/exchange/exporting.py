"""
Tables out: the rows of a kind as the ledger has them, in the columns that `luodi import` reads.

By default what is in force by the cut; with `history` every row with its known and accepted time, and the voids after them, so that
an empty store that imports the files with `--history` answers as this one does. Whoever exports gets the rows of the units that the
permission reaches; names before signing only where they may be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from luodi.codebook.values import Permission, Profile
from luodi.codebook.values.lifecycle import Part
from luodi.exchange import kinds
from luodi.exchange.kinds import KINDS, Kind
from luodi.exchange.voids import ACCEPTED
from luodi.identity import permissions
from luodi.identity.values import Scope
from luodi.kernel import instant, money
from luodi.ledger.values import WHOLE_FACT, Actor, fact_of, row_id

Row = dict[str, Any]
VEIL = "***"
LABELS = {
    value: label
    for table in (kinds.ROLES, kinds.MODES, kinds.TARGET_KINDS, kinds.TARGET_SOURCES)
    for label, value in table.items()
}


@dataclass(frozen=True)
class Filters:
    """What to export: everything, or rows of these units, projects, periods; as known by `as_of` (an instant)."""

    units: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_of: int | None = None
    history: bool = False


@dataclass
class Table:
    """What came out: codes of the columns, rows of values (amounts in yuan as Decimals), how many were withheld."""

    kind: Kind
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    withheld: int = 0


# Per kind: columns of the projection by which filters choose: project, unit, day, period.
PROJECT_COLUMN = {
    "projects": "code",
    "stages": "project",
    "lists": "project",
    "plans": "project",
    "notes": "project",
    "attributions": "project",
    "figures": "subject",
}
UNIT_COLUMN = {"units": "code", "targets": "unit", "attributions": "unit"}
DAY_COLUMN = {
    "units": "valid_from",
    "projects": "valid_from",
    "stages": "occurred_on",
    "lists": "valid_from",
    "attributions": "valid_from",
    "figures": "period_last",
}
KEY = {
    "units": ("code", "valid_from"),
    "projects": ("code", "valid_from"),
    "lists": ("project", "list", "valid_from"),
    "plans": ("project", "year", "month"),
    "figures": ("subject", "measure", "period"),
    "notes": ("project", "period"),
    "targets": ("unit", "indicator", "period", "kind", "source"),
    "enterprises": ("code",),
}


def table(*, kind: str, profile: Profile, actor: Actor, today: date, filters: Filters = Filters()) -> Table:
    """
    Give the rows of a kind.

    :raises luodi.identity.permissions.NotAllowed: if the person may export nothing
    """
    chosen = KINDS[kind]
    scope = permissions.scope_units(actor.person, Permission.EXPORT, on=today)
    if scope.empty:
        permissions.require(actor.person, Permission.EXPORT, on=today)
    rows = in_force(chosen, filters) if not filters.history else with_history(chosen, filters)
    told = list(map(TELL[kind], rows))
    result = Table(chosen, columns_of(chosen, profile, filters))
    Keeper(profile, actor, today, scope, chosen).keep(told, result)
    return result


def columns_of(kind: Kind, profile: Profile, filters: Filters) -> tuple[str, ...]:
    """Name the columns that come out, in the order of the kind."""
    times = ("known_at", "void") if filters.history else ()
    own = tuple(
        column.code for column in kind.columns if filters.history or column.code not in ("verified_at", "accepted_at")
    )
    extra = tuple(item.id for item in profile.attributes) if kind is kinds.PROJECTS else ()
    return (*own, *extra, *times)


def chosen_rows(kind: Kind, filters: Filters) -> QuerySet[Any]:
    """Ask for the rows that the filters choose, in the order of the ledger."""
    rows = apps.get_model(kind.model).objects.order_by("known_at", "id")
    name = kind.name
    conditions: dict[str, Any] = {}
    if filters.as_of is not None:
        conditions["known_at__lte"] = filters.as_of
    for column, wanted in (
        (PROJECT_COLUMN.get(name), filters.projects),
        (UNIT_COLUMN.get(name), filters.units if name in UNIT_COLUMN else ()),
    ):
        if column and wanted:
            conditions[f"{column}__in"] = wanted
    for column, wanted in (
        ("period", filters.periods),
        ("measure", filters.measures),
        ("stage", filters.stages),
        ("list", filters.lists),
    ):
        if wanted and any(item.code == column for item in kind.columns):
            conditions[f"{column}__in"] = wanted
    day = DAY_COLUMN.get(name)
    if day and filters.since:
        conditions[f"{day}__gte"] = filters.since
    if day and filters.until:
        conditions[f"{day}__lte"] = filters.until
    chosen: QuerySet[Any] = rows.filter(**conditions)
    return chosen


def void_times(kind: Kind, as_of: int | None) -> dict[int, list[int]]:
    """Tell when rows became void."""
    from luodi.ledger.models import Void

    found: dict[int, list[int]] = {}
    rows = Void.objects.filter(table=kind.model).order_by("known_at", "id")
    for target, at in (rows.filter(known_at__lte=as_of) if as_of is not None else rows).values_list(
        "target", "known_at"
    ):
        found.setdefault(target, []).append(at)
    return found


def acceptances(kind: Kind, as_of: int | None) -> dict[int, tuple[int | None, bool]]:
    """Tell by row (or whole fact) since when a verdict has held it accepted (None: not), and whether it was sent back."""
    from luodi.ledger.models import Verdict

    if kind.name not in ACCEPTED:
        return {}
    found: dict[int, tuple[int | None, bool]] = {}
    rows = Verdict.objects.order_by("known_at", "id")
    for target, at, verdict in (rows.filter(known_at__lte=as_of) if as_of is not None else rows).values_list(
        "target", "known_at", "verdict"
    ):
        if verdict in ("accepted", "verified"):
            found[target] = (at, False)
        elif verdict in ("withdrawn", "sent_back"):
            found[target] = (None, verdict == "sent_back")
    return found


def with_times(kind: Kind, filters: Filters) -> Iterator[tuple[Any, int | None, list[int]]]:
    """Give each chosen row with when it was accepted and when it became void; rows sent back are left out."""
    voids, verdicts = void_times(kind, filters.as_of), acceptances(kind, filters.as_of)
    own = ACCEPTED.get(kind.name)
    for row in chosen_rows(kind, filters).iterator():
        verdict = verdicts.get(row.id) or verdicts.get(row_id(fact_of(row.id), WHOLE_FACT))
        if verdict is not None and verdict[1]:
            continue
        accepted = verdict[0] if verdict is not None else getattr(row, own) if own else None
        yield row, accepted, voids.get(row.id, [])


def in_force(kind: Kind, filters: Filters) -> list[Row]:
    """Give what holds: not void; of one key the last (for figures the last accepted, else the last filed); of attributions the last set."""
    rows = [row_of(row, accepted) for row, accepted, voids in with_times(kind, filters) if not voids]
    if kind is kinds.ATTRIBUTIONS:
        last = {(row["project"], row["role"], row["measure"], row["valid_from"]): row["filing"] for row in rows}
        return [
            row for row in rows if last[row["project"], row["role"], row["measure"], row["valid_from"]] == row["filing"]
        ]
    if kind.name not in KEY:
        return rows
    kept: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in KEY[kind.name])
        if key in kept and kept[key]["accepted_since"] is not None and row["accepted_since"] is None:
            continue
        kept.pop(key, None)
        kept[key] = row
    return list(kept.values())


def with_history(kind: Kind, filters: Filters) -> list[Row]:
    """Give every row, then the voids as rows of their own, in the order they were known."""
    rows, voids = [], []
    for row, accepted, void_at in with_times(kind, filters):
        told = row_of(row, accepted)
        rows.append(told)
        voids += [{**told, "known_at": at, "void": True} for at in void_at]
    return sorted([*rows, *voids], key=lambda told: told["known_at"])


def row_of(row: Any, accepted: int | None) -> Row:
    """Take a projection row as a mapping."""
    told = {item.attname: getattr(row, item.attname) for item in row._meta.concrete_fields}
    return {**told, "accepted_since": accepted, "void": False}


# --- from the projection's columns to those of the file ----------------------------------------------------------


def tell_unit(row: Row) -> Row:
    return row


def tell_project(row: Row) -> Row:
    return {**row, **row["attributes"]}


def tell_stage(row: Row) -> Row:
    day = row["occurred_on"]
    accepted = row["accepted_since"]
    return {
        **row,
        "occurred_on": day.strftime("%Y.%m") if row["month_only"] else day,
        "verified": accepted is not None,
        "verified_at": accepted,
        "evidence": row["evidence_note"],
    }


def tell_plan(row: Row) -> Row:
    return {**row, "month": row["month"] or None}


def tell_figure(row: Row) -> Row:
    accepted = row["accepted_since"]
    return {**row, "accepted": accepted is not None, "accepted_at": accepted}


def tell_target(row: Row) -> Row:
    return {**row, "kind": LABELS[row["kind"]], "source": LABELS[row["source"]]}


def tell_attribution(row: Row) -> Row:
    share = str(row["share_num"]) if row["share_den"] == 1 else f"{row['share_num']}/{row['share_den']}"
    return {**row, "share": share, "role": LABELS[row["role"]], "mode": LABELS[row["mode"]]}


TELL: Mapping[str, Callable[[Row], Row]] = {
    "units": tell_unit,
    "projects": tell_project,
    "stages": tell_stage,
    "lists": tell_unit,
    "plans": tell_plan,
    "figures": tell_figure,
    "notes": tell_unit,
    "targets": tell_target,
    "attributions": tell_attribution,
    "enterprises": tell_unit,
}


# --- who may see what --------------------------------------------------------------------------------------------


class Keeper:
    """Keeps the rows that somebody may take along, and veils what they may not see."""

    def __init__(self, profile: Profile, actor: Actor, today: date, scope: Scope, kind: Kind) -> None:
        self.profile, self.kind, self.scope = profile, kind, scope
        self.names = permissions.scope_units(actor.person, Permission.SEE_INVESTORS, on=today)
        self.free = scope.everything and self.names.everything
        self.units = {} if self.free else units_by_project()
        self.signed = frozenset() if self.free else signed_projects(profile)

    def keep(self, rows: Iterable[Row], into: Table) -> None:
        """Put rows into the table."""
        for row in rows:
            if self.free:
                into.rows.append(row)
                continue
            units = self.units_of(row)
            if not self.scope.covers(*units):
                into.withheld += 1
                continue
            into.rows.append(self.veiled(row, units))

    def units_of(self, row: Row) -> tuple[str, ...]:
        """Tell whose row it is."""
        code = row.get(PROJECT_COLUMN.get(self.kind.name, ""))
        own = row.get(UNIT_COLUMN.get(self.kind.name, ""))
        ofs = self.units.get(str(code), (str(code),)) if code else ()
        return tuple(filter(None, (*ofs, own)))

    def veiled(self, row: Row, units: Sequence[str]) -> Row:
        """Hide the names of a project that has not signed from those who may not see them."""
        code = row.get(PROJECT_COLUMN.get(self.kind.name, ""))
        if code in self.signed or self.names.covers(*units):
            return row
        secret = {
            "name",
            "investor",
            "uscc",
            "content",
            "progress",
            "problems",
            "next",
            "coordinate",
            "evidence",
            "aliases",
            "former",
            "national_code",
        }
        secret |= {item.id for item in self.profile.attributes if item.confidential}
        if self.kind.name == "units":
            return row
        return {name: VEIL if name in secret and cell else cell for name, cell in row.items()}


def units_by_project() -> dict[str, tuple[str, ...]]:
    """Give each project's units by its last version."""
    rows = apps.get_model("projects.ProjectVersion").objects.order_by("valid_from", "known_at", "id")
    return {
        code: tuple(filter(None, units))
        for code, *units in rows.values_list("code", "host", "introducer", "lead_department").iterator()
    }


def signed_projects(profile: Profile) -> frozenset[str]:
    """Give the projects whose signing is verified: their names are no secret inside the city."""
    stage = profile.playing(Part.SIGNED)
    if stage is None:
        return frozenset()
    rows = with_times(kinds.STAGES, Filters(stages=(stage,)))
    return frozenset(row.project for row, accepted, voids in rows if accepted is not None and not voids)


# --- writing cells -----------------------------------------------------------------------------------------------


def in_filing_unit(kind: Kind, code: str, row: Row, profile: Profile) -> Decimal | None:
    """Give an amount in the unit that a file has it in: 万元, or for figures and targets their own."""
    value: Decimal | None = row[code]
    if value is None:
        return None
    return money.WIDE.divide(value, factor_of(kind, code, row, profile))


def factor_of(kind: Kind, code: str, row: Row, profile: Profile) -> Decimal:
    """Say how much one unit of a file's number is."""
    from luodi.exchange.loading.figures import measure_of_indicator

    if kind is kinds.FIGURES:
        measure = profile.measure(row["measure"])
        return money.YUAN_IN.get(measure.filed_in, Decimal(1)) if measure else Decimal(1)
    if kind is kinds.TARGETS:
        indicator = profile.indicator(row["indicator"])
        if indicator is None or indicator.unit not in ("money", "ratio"):
            return Decimal(1)
        return (
            Decimal("0.01")
            if indicator.unit == "ratio"
            else money.YUAN_IN[measure_of_indicator(indicator, profile) or "万元"]
        )
    return money.YUAN_IN["万元"]


def moment_text(at: int) -> str:
    """Write an instant as a file has it: a day if it is the day's first, else to the microsecond, in the city's time."""
    moment = instant.to_datetime(at)
    return moment.date().isoformat() if at == instant.start_of(moment.date()) else moment.isoformat()
