"""
The exceptions to Monday to Friday: as typed from the national notices (`data/cn.csv`, a row a feast), or as anybody's
table
`day,kind,status,notice,known_at`. Each exception knows its notice, whether it is announced, and since when it is known.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from luodi.kernel.instant import CITY_ZONE
from luodi.kernel.problem import Problem, refuse_if_any
from luodi.kernel.workdays import tables
from luodi.kernel.workdays.feasts import DATA

KINDS = ("work", "off")
STATUSES = ("announced", "estimated")
COLUMNS = ("day", "kind")
OPTIONAL = ("status", "notice", "known_at", "feast")


@dataclass(frozen=True)
class Row:
    """One day that is worked or off by somebody's word. `known_at` None: always known."""

    day: date
    kind: str
    status: str = "announced"
    notice: str | None = None
    known_at: datetime | None = None
    feast: str | None = None


@dataclass(frozen=True)
class Layer:
    """
    One calendar laid over those before it: its rows per day, the later known after the earlier.

    `years` says since when each year is arranged as a whole (national notices); a plain table announces feast by feast.
    """

    name: str
    rows: Mapping[date, tuple[Row, ...]]
    years: Mapping[int, datetime]
    national: bool = False
    unknown: tuple[str, ...] = ()


def layer_of(
    name: str, rows: list[Row], *, years: Mapping[int, datetime] | None = None, unknown: tuple[str, ...] = ()
) -> Layer:
    """Build a layer: rows ordered per day by the moment they became known, then as given."""
    per_day: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        per_day[row.day].append(row)
    ordered = {day: tuple(sorted(found, key=_known)) for day, found in per_day.items()}
    return Layer(name, ordered, years or {}, national=years is not None, unknown=unknown)


def _known(row: Row) -> float:
    return row.known_at.timestamp() if row.known_at else float("-inf")


@cache
def national() -> Layer:
    """Read the national notices of 2004 to 2026, typed by hand: every day off and every make-up day they name."""
    rows: list[Row] = []
    years: dict[int, datetime] = {}
    with (DATA / "cn.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            known = datetime.fromisoformat(line["known_at"]).replace(tzinfo=CITY_ZONE)
            year = int(line["year"])
            years[year] = min(known, years.get(year, known))
            rows += _rows_of_notice(line, known)
    return layer_of("cn", rows, years=years)


def _rows_of_notice(line: Mapping[str, str], known: datetime) -> Iterator[Row]:
    first, last = date.fromisoformat(line["off_from"]), date.fromisoformat(line["off_to"])
    off = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    work = [date.fromisoformat(day) for day in line["work"].split()]
    for kind, days in (("off", off), ("work", work)):
        for day in days:
            yield Row(day, kind, "announced", line["notice"], known, line["feast"])


def read_layer(file: str | Path, name: str | None = None) -> Layer:
    """
    Read a table `day,kind,status,notice,known_at` (the last three may be empty; an optional `feast` names the holiday).

    Raises tables.BadTable, or Refused with a problem for each bad cell and each day that is both work and off at one
    moment.
    """
    table = tables.read(file, required=COLUMNS, optional=OPTIONAL)
    problems: list[Problem] = []
    rows: list[Row] = []
    seen: dict[tuple[date, datetime | None], tuple[str, int]] = {}
    for line in table.lines:
        found = list(_bad_cells(line))
        problems += found
        if found:
            continue
        row = _row(line)
        kind, first = seen.setdefault((row.day, row.known_at), (row.kind, line.number))
        if kind != row.kind:
            problems.append(line.problem("workdays.day_twice", "day", first=first))
        rows.append(row)
    refuse_if_any(problems)
    return layer_of(name or Path(file).stem, rows, unknown=table.unknown)


def _bad_cells(line: tables.Line) -> Iterator[Problem]:
    if tables.parse_day(line["day"]) is None:
        yield line.problem("workdays.bad_day", "day")
    if line["kind"] not in KINDS:
        yield line.problem("workdays.bad_word", "kind", allowed=", ".join(KINDS))
    if line["status"] not in ("", *STATUSES):
        yield line.problem("workdays.bad_word", "status", allowed=", ".join(STATUSES))
    if line["known_at"] and tables.parse_moment(line["known_at"], CITY_ZONE) is None:
        yield line.problem("workdays.bad_moment", "known_at")


def _row(line: tables.Line) -> Row:
    day = tables.parse_day(line["day"])
    assert day is not None  # noqa: S101  checked by _bad_cells; for the type checker
    known = tables.parse_moment(line["known_at"], CITY_ZONE) if line["known_at"] else None
    return Row(day, line["kind"], line["status"] or "announced", line["notice"] or None, known, line["feast"] or None)
