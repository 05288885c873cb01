"""
Reads projection rows out of the store for the snapshot: what changed since a fact, and everything of the keys touched.

The only place of this module that knows the tables of the modules below. Rows come without their words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from luodi.identity.models import UnitVersion
from luodi.indicators.rules.dated import replaced
from luodi.indicators.snapshot.layout import AMOUNTS, CODES
from luodi.indicators.snapshot.resolve import Listing, Plan, ProjectRows, Share, Version, period_of
from luodi.indicators.values import DatedRow, EventRow, FigureRow, Mark
from luodi.kernel.instant import END_OF_TIME
from luodi.kernel.period import AccountingYear
from luodi.ledger.models import Fact, ProfileCopy, Verdict, Void
from luodi.ledger.values import WHOLE_FACT, fact_of, place_of, row_id
from luodi.projects.models import Attribution, ListEntry, ProjectVersion, StageEvent, YearPlan
from luodi.statistics.models import Figure, Target

T = TypeVar("T")
FigureKey = tuple[str, bool, str]  # subject, whether it is a unit, measure
OF_PROJECT: Mapping[type[Model], str] = {
    ProjectVersion: "code",
    StageEvent: "project",
    Attribution: "project",
    ListEntry: "project",
    YearPlan: "project",
}
# The tables of the snapshot that rows of a kind are resolved into; each rests on one kind alone.
INTO: Mapping[type[Model], tuple[str, ...]] = {
    ProjectVersion: ("versions",),
    StageEvent: ("lives", "states"),
    Attribution: ("shares",),
    ListEntry: ("lists",),
    YearPlan: ("plans",),
}
FIGURE_COLUMNS = (
    "subject",
    "subject_kind",
    "measure",
    "id",
    "known_at",
    "accepted_at",
    "period",
    "value",
    "column",
)
CHUNK = 500
NO_DAY = date.min  # targets have no day of their own: the last known counts


@dataclass
class Changes:
    """What facts after the last refresh touched."""

    projects: dict[type[Model], set[str]] = field(default_factory=dict)  # by the kind of row that was touched
    figures: set[FigureKey] = field(default_factory=set)
    units: bool = False
    targets: bool = False


def last_fact() -> tuple[int, str]:
    """Give the id of the last fact and its leaf hash in hex; (0, "") in an empty store."""
    found = Fact.objects.order_by("-id").values_list("id", "leaf").first()
    return (found[0], bytes(found[1]).hex()) if found else (0, "")


def leaf(fact: int) -> str | None:
    """Give the leaf hash of a fact in hex, or None if the store has no such fact."""
    found = Fact.objects.filter(id=fact).values_list("leaf", flat=True).first()
    return None if found is None else bytes(found).hex()


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut into lists of at most `size`."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def _between(model: type[Model], after: int, through: int) -> QuerySet[Any]:
    """Give the rows of facts after one and up to another."""
    return model._default_manager.filter(id__gt=row_id(after, WHOLE_FACT), id__lte=row_id(through, WHOLE_FACT))


def changes(*, after: int, through: int) -> Changes:
    """Tell which keys the facts in (after, through] touched, by their own rows or by what they said of others'."""
    found = Changes()
    for model, column in OF_PROJECT.items():
        found.projects[model] = set(_between(model, after, through).values_list(column, flat=True))
    found.figures.update(_keys(_between(Figure, after, through)))
    found.units = _between(UnitVersion, after, through).exists()
    found.targets = _between(Target, after, through).exists()
    targets = [*_between(Void, after, through).values_list("target", flat=True)]
    targets += _between(Verdict, after, through).values_list("target", flat=True)
    _add_targets(found, targets)
    return found


def _keys(rows: QuerySet[Any]) -> set[FigureKey]:
    columns = rows.values_list("subject", "subject_kind", "measure").distinct()
    return {(subject, kind == "unit", measure) for subject, kind, measure in columns}


def _add_targets(found: Changes, targets: Sequence[int]) -> None:
    """Find which keys the targets of voids and verdicts belong to."""
    rows = {target for target in targets if place_of(target) != WHOLE_FACT}
    whole = {fact_of(target) for target in targets if place_of(target) == WHOLE_FACT}
    for part in chunks(rows):
        _add_rows(found, {"id__in": part})
    for fact in whole:
        _add_rows(found, {"id__gte": row_id(fact, 0), "id__lt": row_id(fact, WHOLE_FACT)})


def _add_rows(found: Changes, which: Mapping[str, Any]) -> None:
    for model, column in OF_PROJECT.items():
        found.projects[model] |= set(model._default_manager.filter(**which).values_list(column, flat=True))
    found.figures |= _keys(Figure.objects.filter(**which))
    found.units = found.units or UnitVersion.objects.filter(**which).exists()
    found.targets = found.targets or Target.objects.filter(**which).exists()


def marks_of(rows: Iterable[int], *, through: int) -> dict[int, list[Mark]]:
    """Give what was said of these rows by facts up to `through`: row id to marks in order of time."""
    wanted = list(rows)
    by_fact: dict[int, list[int]] = defaultdict(list)
    for row in wanted:
        by_fact[row_id(fact_of(row), WHOLE_FACT)].append(row)
    limit = row_id(through, WHOLE_FACT)
    found: dict[int, list[Mark]] = defaultdict(list)
    for part in chunks(wanted):
        for target, at, mark in Void.objects.filter(target__in=part, id__lte=limit).values_list(
            "target", "known_at", "id"
        ):
            found[target].append(Mark(at, mark, "void"))
        _add_verdicts(found, part, limit, {})
    for part in chunks(by_fact):
        _add_verdicts(found, part, limit, by_fact)
    for marks in found.values():
        marks.sort()
    return found


def _add_verdicts(
    found: dict[int, list[Mark]], targets: Sequence[int], limit: int, whole: Mapping[int, Sequence[int]]
) -> None:
    """Inner steps of a chain (`checked`) decide nothing and are left out."""
    rows = Verdict.objects.filter(target__in=targets, id__lte=limit).exclude(verdict="checked")
    for target, at, mark, verdict in rows.values_list("target", "known_at", "id", "verdict"):
        for row in whole.get(target, (target,)):
            found[row].append(Mark(at, mark, verdict))


def figure_row(row: Sequence[Any], calendar: AccountingYear) -> tuple[FigureKey, FigureRow]:
    """Turn a row in the order of FIGURE_COLUMNS into its key and the value that rules read."""
    subject, kind, measure, own, known_at, accepted_at, label, value, column = row
    period, rank, year_first = period_of(label, calendar)
    cumulative = column == "cumulative"
    figure = FigureRow(own, known_at, accepted_at, period.first, period.last, rank, year_first, cumulative, value)
    return (subject, kind == "unit", measure), figure


def figures_of(
    keys: Iterable[FigureKey], calendar: AccountingYear, *, through: int
) -> Iterator[tuple[FigureKey, list[FigureRow]]]:
    """Yield every key with all its rows of facts up to `through`."""
    wanted = sorted(keys)
    for part in chunks(wanted):
        found: dict[FigureKey, list[FigureRow]] = {key: [] for key in part}
        rows = Figure.objects.filter(
            subject__in={key[0] for key in part},
            measure__in={key[2] for key in part},
            id__lte=row_id(through, WHOLE_FACT),
        )
        for row in rows.values_list(*FIGURE_COLUMNS).iterator(5000):
            key, figure = figure_row(row, calendar)
            if key in found:
                found[key].append(figure)
        yield from found.items()


def projects_of(
    codes: Iterable[str] | None, *, through: int, kinds: Collection[type[Model]] = tuple(OF_PROJECT)
) -> dict[str, ProjectRows]:
    """
    Give all rows (of some kinds) of these projects (None: of all) of facts up to `through`. Codes of at most CHUNK at a time, please.
    """
    found: dict[str, ProjectRows] = defaultdict(ProjectRows)
    limit = row_id(through, WHOLE_FACT)

    def rows(model: type[Model], key: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        if model not in kinds:
            return iter(())
        narrow = model._default_manager.filter(id__lte=limit)
        narrow = narrow if codes is None else narrow.filter(**{f"{key}__in": list(codes)})
        return narrow.values_list(key, *columns).iterator(5000)

    columns = ("id", "known_at", "valid_from", *CODES, *AMOUNTS, "strategic", "excluded", "attributes")
    for code, own, known_at, valid_from, *rest in rows(ProjectVersion, "code", columns):
        amounts, (strategic, excluded, extra) = rest[len(CODES) : -3], rest[-3:]
        codes_ = tuple(rest[: len(CODES)])
        version = Version(
            own, known_at, valid_from, codes_, tuple(amounts), strategic, bool((excluded or "").strip()), extra
        )
        found[code].versions.append(version)
    for code, *event in rows(StageEvent, "project", ("id", "known_at", "verified_at", "stage", "occurred_on")):
        found[code].events.append(EventRow(*event))
    share = ("id", "known_at", "valid_from", "role", "measure", "unit", "share_num", "share_den", "mode", "filing")
    for code, *row in rows(Attribution, "project", share):
        found[code].shares.append(Share(*row))
    for code, *row in rows(ListEntry, "project", ("id", "known_at", "list", "valid_from", "valid_to")):
        found[code].lists.append(Listing(*row))
    for code, *row in rows(YearPlan, "project", ("id", "known_at", "year", "invest", "month")):
        if row[-1] == 0:
            found[code].plans.append(Plan(*row[:-1]))
    return found


def unit_rows(*, through: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the snapshot's table of units."""
    columns = ("code", "name", "parent", "kind", "group", "successor", "valid_from", "valid_to", "id", "known_at")
    rows = list(UnitVersion.objects.filter(id__lte=row_id(through, WHOLE_FACT)).values_list(*columns))
    marks = _voids("identity.UnitVersion", through)
    for row in rows:
        until = marks.get(row[-2], END_OF_TIME)
        if row[-1] < until:
            yield *row, until


def _voids(table: str, through: int) -> dict[int, int]:
    """Give row id to the instant it was voided at, for one table."""
    found: dict[int, int] = {}
    rows = Void.objects.filter(table=table, id__lte=row_id(through, WHOLE_FACT)).values_list("target", "known_at")
    for target, at in rows:
        found[target] = min(at, found.get(target, at))
    return found


def target_rows(*, through: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the snapshot's table of targets: of one key the last known."""
    columns = ("id", "known_at", "unit", "indicator", "period", "kind", "source", "value")
    voids = _voids("statistics.Target", through)
    by_id = {row[0]: row for row in Target.objects.filter(id__lte=row_id(through, WHOLE_FACT)).values_list(*columns)}
    dated = [DatedRow(row[0], row[1], voids.get(row[0]), NO_DAY) for row in by_id.values()]
    for since, until, one in replaced(dated, lambda row: by_id[row.id][2:7]):
        yield *by_id[one.id][2:], since, until


def profile_copy(digest: str) -> bytes | None:
    """Give the canonical bytes of the profile kept beside a seal."""
    found = ProfileCopy.objects.filter(digest=digest).values_list("body", flat=True).first()
    return None if found is None else bytes(found)


def lists_named() -> list[str]:
    """Name the lists that any project stands or stood on."""
    return sorted(ListEntry.objects.order_by().values_list("list", flat=True).distinct())


def fact_heads(facts: Iterable[int]) -> dict[int, tuple[str, int, str]]:
    """Give (name, recorded_at, actor) of facts."""
    found: dict[int, tuple[str, int, str]] = {}
    for part in chunks(sorted(set(facts))):
        rows = Fact.objects.filter(id__in=part).values_list("id", "name", "recorded_at", "actor")
        found.update({own: (name, at, actor) for own, name, at, actor in rows})
    return found


def evidence_of(table: str, rows: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Give the digests of the files that prove stage events or figures (`table`), by row id; those with none left out."""
    model: type[Model] = StageEvent if table == "projects.StageEvent" else Figure
    found: dict[int, tuple[str, ...]] = {}
    for part in chunks(sorted(set(rows))):
        proven = model._default_manager.filter(id__in=part).exclude(evidence=[]).values_list("id", "evidence")
        found.update({own: tuple(evidence) for own, evidence in proven})
    return found


def rows_known_at(moments: Sequence[int]) -> dict[int, list[int]]:
    """Give for each of some instants the facts with a row known from then on: what may have moved a value."""
    found: dict[int, set[int]] = defaultdict(set)
    models: tuple[type[Model], ...] = (*OF_PROJECT, Figure, UnitVersion, Target, Void, Verdict)
    for model in models:
        for part in chunks(moments):
            rows = model._default_manager.filter(known_at__in=part).values_list("known_at", "id")
            for at, row in rows:
                found[at].add(fact_of(row))
    return {at: sorted(facts) for at, facts in found.items()}
