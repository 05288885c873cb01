"""Puts a city straight into a snapshot's files, through the rules and the bulk build but without a store."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from pathlib import Path

import duckdb

from luodi.codebook import queries as codebook
from luodi.codebook.values import Profile
from luodi.indicators.engine.world import World, open_world
from luodi.indicators.rules.dated import replaced
from luodi.indicators.snapshot import bulk, files, layout, refreshing, resolve
from luodi.indicators.snapshot.files import Manifest
from luodi.indicators.values import DatedRow, EventRow, Mark
from luodi.kernel.instant import END_OF_TIME
from tests.slowcounter.city import City


def profile_of(city: City) -> Profile:
    """The shipped profile with the city's calendar, perimeters and measures filed on units."""
    profile = codebook.profile()
    calendar = profile.calendar.model_copy(
        update={"year_begins_in": city.year_begins_in, "merge_jan_feb": city.merge_jan_feb}
    )
    measures = tuple(
        m.model_copy(update={"filed_on": "unit", "unit_kinds": ()}) if m.id in city.on_units else m
        for m in profile.measures
    )
    shape = profile.perimeters[0] if profile.perimeters else None
    perimeters = (
        tuple(
            type(shape).model_construct(id=name, zh=name, en=name, units=units)
            for name, units in city.perimeters.items()
        )
        if shape
        else ()
    )
    return profile.model_copy(
        update={
            "calendar": calendar,
            "measures": measures,
            "perimeters": perimeters,
            "city": profile.city.model_copy(update={"root": city.root}),
        }
    )


def world_of(city: City, folder: Path) -> World:
    """Resolve a city into files and open them."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = profile_of(city)
    stages = tuple(stage.id for stage in profile.stages)
    manifest = Manifest(gen=1, stages=stages)
    ids, marks = count(1), defaultdict(list)
    numbered = {name: [(next(ids), row) for row in getattr(city, name)] for name in TABLES}
    for rows in numbered.values():
        for own, row in rows:
            if row.void_at is not None:
                marks[own].append(Mark(row.void_at, next(ids), "void"))
            marks[own] += [Mark(at, next(ids), word) for at, word in getattr(row, "said", ())]
            marks[own].sort()
    rows = refreshing._collected(_projects(numbered, marks, stages), 1)
    rows["units"] = [
        (
            u.code,
            u.code,
            u.parent,
            u.kind,
            "",
            u.successor,
            u.valid_from,
            u.valid_to,
            own,
            u.known_at,
            u.void_at or END_OF_TIME,
        )
        for own, u in numbered["units"]
        if u.void_at is None or u.known_at < u.void_at
    ]
    rows["targets"] = list(_targets(numbered["targets"]))
    manifest = refreshing._write(folder, manifest, rows)
    tables = {**manifest.tables, "figures": ("figures.parquet",)}
    _figures(numbered["figures"], marks, profile, folder / "figures.parquet")
    return open_world(folder, Manifest(gen=1, stages=stages, tables=tables, rows=manifest.rows), threads=1)


TABLES = ("units", "versions", "stages", "figures", "shares", "lists", "plans", "targets")


def _projects(numbered, marks, stages):
    found = defaultdict(resolve.ProjectRows)
    for own, v in numbered["versions"]:
        codes = {**dict.fromkeys(layout.CODES, ""), **{n: getattr(v, n) for n in layout.CODES if hasattr(v, n)}}
        amounts = (v.total_investment, None)
        found[v.code].versions.append(
            resolve.Version(
                own, v.known_at, v.valid_from, tuple(codes.values()), amounts, v.strategic, bool(v.excluded), {}
            )
        )
    for own, e in numbered["stages"]:
        found[e.project].events.append(EventRow(own, e.known_at, e.verified_at, e.stage, e.occurred_on))
    for own, s in numbered["shares"]:
        mode = "full" if s.full else "split"
        found[s.project].shares.append(
            resolve.Share(own, s.known_at, s.valid_from, s.role, s.measure, s.unit, s.num, s.den, mode, s.filing)
        )
    for own, e in numbered["lists"]:
        found[e.project].lists.append(resolve.Listing(own, e.known_at, e.list, e.valid_from, e.valid_to))
    for own, p in numbered["plans"]:
        found[p.project].plans.append(resolve.Plan(own, p.known_at, p.year, p.invest))
    for code, rows in found.items():
        yield from resolve.project(code, rows, marks, stages)


def _targets(numbered):
    by_id = dict(numbered)
    rows = [DatedRow(own, t.known_at, t.void_at, files_day) for own, t in numbered]

    def key(row):
        return (
            by_id[row.id].unit,
            by_id[row.id].indicator,
            by_id[row.id].period,
            by_id[row.id].kind,
            by_id[row.id].source,
        )

    for since, until, row in replaced(rows, key):
        yield *key(row), by_id[row.id].value, since, until


files_day = __import__("datetime").date.min


def _figures(numbered, marks, profile, target: Path) -> None:
    with duckdb.connect() as con:
        con.execute(bulk.RAW)
        for own, f in numbered:
            row = (f.subject, f.is_unit, f.measure, own, f.known_at, f.accepted_at, f.period, f.value, f.cumulative)
            con.execute("INSERT INTO raw_figure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            for mark in marks[own]:
                con.execute("INSERT INTO raw_mark VALUES (?, ?, ?, ?)", (own, *mark))
        bulk.bulk(con, profile.calendar.accounting_year, target)
    files.settle(target)
