"""
Rows that void others: `void=是` voids the row of its key with its value, else the last in force.

Looked up among the rows of the store and those of the same file, as known by the voiding row's time. In force is the last accepted
(or verified) one that is not void, else the last filed one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from luodi.exchange.context import Context
from luodi.exchange.frame import Frame
from luodi.ledger.values import WHOLE_FACT, fact_of, row_id

# Per kind: the projection's columns that name a row, and those a voiding row is compared by.
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "units": (("code",), ("valid_from",)),
    "projects": (("code", "valid_from"), ("name", "host", "introducer", "lead_department", "investor", "kind", "total_investment", "fixed_investment")),
    "stages": (("project", "stage"), ("occurred_on",)),
    "lists": (("project", "list"), ("valid_from",)),
    "plans": (("project", "year", "month"), ("invest",)),
    "figures": (("subject", "measure", "period"), ("value",)),
    "notes": (("project", "period"), ("progress", "problems", "next", "coordinate")),
    "targets": (("unit", "indicator", "period", "kind", "source"), ("value",)),
    "attributions": (("project", "role", "measure", "valid_from", "unit"), ("share_num", "share_den")),
    "enterprises": (("code",), ("name",)),
}  # fmt: skip
# What a voiding row must fill in.
NEEDED: dict[str, tuple[str, ...]] = {
    "units": ("code",),
    "projects": ("code", "valid_from"),
    "stages": ("project", "stage"),
    "lists": ("project", "list"),
    "plans": ("project", "year"),
    "figures": ("subject", "measure", "period"),
    "notes": ("project", "period"),
    "targets": ("unit", "indicator", "period"),
    "attributions": ("project", "role", "unit", "valid_from"),
    "enterprises": ("code",),
}
ACCEPTED = {"figures": "accepted_at", "stages": "verified_at"}
BATCH = 5000
BLANK: tuple[object, ...] = (None, "")


@dataclass
class Candidate:
    """A row that may be voided. `row` its id in the store, or None with `own` its index in the file; `voids` when it became void."""

    row: int | None
    own: int | None
    known: int
    value: tuple[Any, ...]
    accepted: int | None
    voids: list[int]
    split_set: str = ""  # the filing that shares one whole among units: of attributions in mode split

    def void_before(self, at: int) -> bool:
        """Tell whether it was void before an instant."""
        return any(void < at for void in self.voids)


@dataclass(frozen=True)
class Voiding:
    """A void found: which row of the voiding frame, what it voids, when known; `already` if the ledger says so already."""

    index: int
    target: Candidate
    known: int | None
    already: bool


def stored(kind: str, model_label: str, keys: set[Any]) -> dict[tuple[Any, ...], list[Candidate]]:
    """Find the store's rows that voiding rows may name, by the first column of their key, with what became of them."""
    model = apps.get_model(model_label)
    key, value = KEYS[kind]
    accepted = (ACCEPTED[kind],) if kind in ACCEPTED else ()
    sets = ("mode", "filing") if kind == "attributions" else ()
    found: defaultdict[tuple[Any, ...], list[Candidate]] = defaultdict(list)
    by_id: dict[int, Candidate] = {}
    for some in batches(sorted(keys), BATCH):
        rows = (
            model.objects.filter(**{f"{key[0]}__in": some})
            .order_by("known_at", "id")
            .values_list("id", "known_at", *key, *value, *accepted, *sets)
        )
        for row in rows.iterator():
            candidate = Candidate(
                row[0],
                None,
                row[1],
                row[2 + len(key) : 2 + len(key) + len(value)],
                row[-1] if accepted else None,
                [],
                row[-1] if sets and row[-2] == "split" else "",
            )
            found[row[2 : 2 + len(key)]].append(candidate)
            by_id[row[0]] = candidate
    mark(by_id, model_label)
    return found


def mark(by_id: Mapping[int, Candidate], table: str) -> None:
    """Note on rows when they became void, and when they were accepted by a verdict of its own."""
    from luodi.ledger.models import Verdict, Void

    wholes: defaultdict[int, list[Candidate]] = defaultdict(list)
    for row, candidate in by_id.items():
        wholes[row_id(fact_of(row), WHOLE_FACT)].append(candidate)
    for some in batches(sorted(by_id), BATCH):
        for target, at in Void.objects.filter(table=table, target__in=some).values_list("target", "known_at"):
            by_id[target].voids.append(at)
    for some in batches(sorted({*by_id, *wholes}), BATCH):
        verdicts = (
            Verdict.objects.filter(target__in=some)
            .order_by("known_at", "id")
            .values_list("target", "known_at", "verdict")
        )
        for target, at, verdict in verdicts:
            for candidate in wholes.get(target) or [by_id[target]]:
                candidate.accepted = (
                    at
                    if verdict in ("accepted", "verified")
                    else None
                    if verdict in ("withdrawn", "sent_back")
                    else candidate.accepted
                )


def batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Cut a list into pieces that a query can hold."""
    for at in range(0, len(items), size):
        yield items[at : at + size]


def own(
    kind: str, columns: Mapping[str, Sequence[Any]], known: Sequence[int | None], standing: Sequence[int], now: int
) -> Iterator[tuple[tuple[Any, ...], Candidate]]:
    """Give the file's own rows as candidates."""
    key, value = KEYS[kind]
    accepted = ACCEPTED.get(kind)
    for index in standing:
        at = known[index]
        yield (
            tuple(columns[name][index] for name in key),
            Candidate(
                None,
                index,
                now if at is None else at,
                tuple(columns[name][index] for name in value),
                columns[accepted][index] if accepted else None,
                [],
                columns["filing"][index] if kind == "attributions" and columns["mode"][index] == "split" else "",
            ),
        )


def resolve(
    voiding: Frame,
    columns: Mapping[str, Sequence[Any]],
    known: Sequence[int | None],
    candidates: Mapping[tuple[Any, ...], list[Candidate]],
    context: Context,
) -> list[Voiding]:
    """Find what each voiding row voids; one that finds nothing is refused."""
    kind = voiding.kind.name
    key, value = KEYS[kind]
    result = []
    for index in sorted(
        voiding.standing(), key=lambda index: (context.now if known[index] is None else known[index], index)
    ):
        at = known[index]
        named = tuple(columns[name][index] for name in key)
        wanted = tuple(columns[name][index] for name in value)
        rows = candidates.get(named, [])
        moment = context.now if at is None else at
        there = [row for row in rows if row.known <= moment] or (rows if not voiding.column("known_at")[index] else [])
        target = choose(there, wanted, moment)
        if target is None:
            voiding.refuse(
                index, NEEDED[kind][0], "import.row.nothing_to_void", key=" ".join(map(str, filter(None, named)))
            )
            continue
        if not same(target, wanted):
            voiding.remark(index, NEEDED[kind][0], "import.row.voids_the_last")
        when = None if at is None else max(at, target.known)
        already = when in target.voids or (at is None and bool(target.voids))
        if not already:
            target.voids.append(moment if when is None else when)
        result.append(Voiding(index, target, when, already))
    return result


def choose(rows: Sequence[Candidate], wanted: tuple[Any, ...], at: int) -> Candidate | None:
    """Pick the row with the value, the last that isn't void; else, of all, the last accepted one in force, the last filed one."""
    equal = [row for row in rows if any(cell not in BLANK for cell in wanted) and same(row, wanted)]
    for some in (equal, rows):
        open_rows = [row for row in some if not row.void_before(at)]
        if open_rows:
            return max(
                open_rows,
                key=lambda row: (
                    row.accepted is not None and row.accepted <= at,
                    row.known,
                    row.row or 2**62,
                    row.own or 0,
                ),
            )
        if some is equal and equal:
            return equal[-1]
    return None


def same(row: Candidate, wanted: tuple[Any, ...]) -> bool:
    """Tell whether a row has every value that was given."""
    return all(cell in BLANK or cell == there for cell, there in zip(wanted, row.value, strict=True))


def whole_sets_only(
    voiding: Frame,
    found: Sequence[Voiding],
    candidates: Mapping[tuple[Any, ...], list[Candidate]],
) -> None:
    """Refuse voids that leave part of a split set standing: its shares would no longer add up."""
    left: defaultdict[str, int] = defaultdict(int)
    for rows in candidates.values():
        for row in rows:
            left[row.split_set] += not row.voids
    for one in found:
        if one.target.split_set and left[one.target.split_set]:
            voiding.refuse(one.index, "unit", "import.row.set_partly_void", left=left[one.target.split_set])
