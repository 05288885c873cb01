"""
Reading what happened: the table of events `kind,from,to,reason,known_at,by` (with `id` for many matters, and `clock`,
`key` where
needed), the table of matters `id,issued,done`, and pauses given on the command line as `A/B:REASON`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from luodi.kernel import instant
from luodi.kernel.clocks.values import EVENT_KINDS, Event, Matter
from luodi.kernel.problem import Problem, Refused, refuse_if_any
from luodi.kernel.workdays import tables

COLUMNS = ("kind", "from")
OPTIONAL = ("to", "reason", "known_at", "by", "id", "clock", "key")


YEARS = range(1950, 2201)


class BadMoment(Refused):
    """A moment given on the command line can't be read."""

    code = "clock.bad_moment"


def parse(text: str, zone: ZoneInfo, *, end_of_day: bool = False) -> datetime | None:
    """Read a day or an instant; None when it is neither, or of no year that a matter of this system could lie in."""
    found = tables.parse_moment(text.strip(), zone, end_of_day=end_of_day)
    return found if found is not None and found.year in YEARS else None


def moment(text: str, zone: ZoneInfo, *, where: str, end_of_day: bool = False) -> int:
    """Read a day or an instant into an instant. Raises BadMoment naming `where` it was given."""
    found = parse(text, zone, end_of_day=end_of_day)
    if found is None:
        raise BadMoment(Problem(BadMoment.code, where=where, params={"found": text}))
    return instant.from_datetime(found)


def read_events(
    file: Path, zone: ZoneInfo, *, clocks: Sequence[str], many: bool = False
) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """
    Read a table of events; `many` needs an `id` in each row. Gives the events and the columns nobody reads.

    Raises tables.BadTable, or Refused with a problem for each bad cell.
    """
    table = tables.read(file, required=(*COLUMNS, "id") if many else COLUMNS, optional=OPTIONAL)
    problems: list[Problem] = []
    events: list[Event] = []
    for line in table.lines:
        found = list(_bad_cells(line, zone, clocks, many))
        problems += found
        if not found:
            events.append(_event(line, zone))
    refuse_if_any(problems)
    return tuple(events), table.unknown


def _bad_cells(line: tables.Line, zone: ZoneInfo, clocks: Sequence[str], many: bool) -> Iterator[Problem]:
    if line["kind"] not in EVENT_KINDS:
        yield line.problem("workdays.bad_word", "kind", allowed=", ".join(EVENT_KINDS))
    moments = {column: parse(line[column], zone) for column in ("from", "to", "known_at")}
    for column, found in moments.items():
        if found is None and (line[column] or (column == "from" and line["kind"] != "withdrawn")):
            yield line.problem("workdays.bad_moment", column)
    if moments["from"] and moments["to"] and _backwards(line["from"], line["to"], zone):
        yield line.problem("clock.ends_before_start", "to", start=line["from"])
    if line["clock"] and line["clock"] not in clocks:
        yield line.problem("workdays.bad_word", "clock", allowed=", ".join(clocks))
    if many and not line["id"]:
        yield line.problem("clock.no_id", "id")
    if line["kind"] == "withdrawn" and not line["key"]:
        yield line.problem("clock.withdrawn_needs_key", "key")


def _event(line: tables.Line, zone: ZoneInfo) -> Event:
    known = line["known_at"]
    return Event(
        kind=line["kind"],
        start=moment(line["from"], zone, where="from") if line["from"] else 0,  # a withdrawal needs no day
        end=_end(line["to"], zone) if line["to"] else None,
        end_on=_day(line["to"], zone) if line["to"] else None,
        reason=line["reason"] or None,
        known_at=moment(known, zone, where="known_at") if known else None,
        by=line["by"] or None,
        clock=line["clock"] or None,
        key=line["key"] or None,
        matter=line["id"] or None,
        line=line.number,
        file=line.file,
    )


def _end(text: str, zone: ZoneInfo) -> int:
    """Read an end: a day is included whole, an instant is the first that isn't."""
    found = moment(text, zone, where="to")
    day = tables.parse_day(text.strip())
    return instant.start_of(day + timedelta(days=1), zone) if day else found


def _backwards(first: str, last: str, zone: ZoneInfo) -> bool:
    """Tell whether an end lies before its start; an instant may end where it starts, a day is never empty."""
    start, end = moment(first, zone, where="from"), _end(last, zone)
    return end < start or (end == start and tables.parse_day(last.strip()) is not None)


def _day(text: str, zone: ZoneInfo) -> date:
    return tables.parse_day(text) or instant.day_of(moment(text, zone, where="to"), zone)


def read_pause(text: str, zone: ZoneInfo) -> Event:
    """
    Read `A/B` or `A/B:REASON` (days, both included, or instants, half-open; an empty B: still open). Raises
    BadMoment.
    """
    first, slash, rest = text.strip().partition("/")
    if not slash:
        raise BadMoment(Problem("clock.bad_pause", where="--pause", params={"found": text}))
    last, reason = _end_and_reason(rest, zone)
    start = moment(first, zone, where="--pause")
    end = _end(last, zone) if last else None
    if last and _backwards(first, last, zone):
        params = {"found": last, "start": first}
        raise BadMoment(Problem("clock.ends_before_start", where="--pause", params=params))
    return Event("pause", start, end, reason=reason or None)


def _end_and_reason(text: str, zone: ZoneInfo) -> tuple[str, str]:
    """Split `B:REASON`, where B may hold colons itself: the longest B that is a moment, or none at all."""
    parts = text.split(":")
    for n in range(len(parts), 0, -1):
        last = ":".join(parts[:n]).strip()
        if parse(last, zone) or (n == 1 and not last):
            return last, ":".join(parts[n:]).strip()
    return text, ""


def read_matters(
    file: Path, events: Sequence[Event], zone: ZoneInfo, *, clocks: Sequence[str]
) -> tuple[list[Matter], tuple[str, ...]]:
    """
    Read a table of matters (`id,issued,done`, and `begin` for chains), each with its events; `done` is one more event.

    Raises tables.BadTable, or Refused with a problem for each bad cell, each id given twice, each event of no matter.
    """
    table = tables.read(file, required=("id", "issued"), optional=("done", "begin"))
    problems: list[Problem] = []
    matters: dict[str, Matter] = {}
    for line in table.lines:
        found = list(_bad_matter(line, zone, clocks, matters))
        problems += found
        if not found:
            matters[line["id"]] = _matter(line, zone)
    for event in events:
        if event.matter not in matters:
            problems.append(
                Problem(
                    "clock.no_such_matter",
                    where=str(event.matter),
                    file=event.file,
                    line=event.line,
                    params={"id": event.matter, "file_of_matters": str(file)},
                )
            )
    refuse_if_any(problems)
    own: dict[str | None, list[Event]] = {}
    for event in events:
        own.setdefault(event.matter, []).append(event)
    return [
        replace(matter, events=(*matter.events, *own.get(id_, ()))) for id_, matter in matters.items()
    ], table.unknown


def _bad_matter(
    line: tables.Line, zone: ZoneInfo, clocks: Sequence[str], before: dict[str, Matter]
) -> Iterator[Problem]:
    if not line["id"] or line["id"] in before:
        yield line.problem("clock.id_twice" if line["id"] else "clock.no_id", "id", id=line["id"])
    for column in ("issued", "done"):
        if (line[column] or column == "issued") and parse(line[column], zone) is None:
            yield line.problem("workdays.bad_moment", column)
    if line["begin"] and line["begin"] not in clocks:
        yield line.problem("workdays.bad_word", "begin", allowed=", ".join(clocks))


def _matter(line: tables.Line, zone: ZoneInfo) -> Matter:
    done = (Event("done", moment(line["done"], zone, where="done")),) if line["done"] else ()
    return Matter(moment(line["issued"], zone, where="issued"), done, line["id"], line["begin"] or None)
