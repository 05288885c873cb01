"""
Brings the snapshot up to the last fact: builds it where there is none, else resolves anew what later facts touched.

What a refresh costs depends on what changed, not on how much there is. It runs beside writers: it fixes the last fact first, and
since facts get their ids under the ledger's lock, everything up to that fact is there to be read (ledger.md, One writer's lock).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db.models import Model

from luodi.codebook.values.profile import Profile
from luodi.indicators.snapshot import compaction, files, layout, resolve, scanning, store
from luodi.indicators.snapshot.files import Manifest
from luodi.indicators.values import Mark
from luodi.kernel.period import AccountingYear
from luodi.ledger.values import fact_of

log = logging.getLogger(__name__)
Rows = dict[str, list[tuple[Any, ...]]]
PART = 400_000  # rows held at a time in a first build


def refresh(*, folder: Path, profile: Profile) -> Manifest:
    """Bring the snapshot in a folder up to the last fact and give its manifest. Cheap when nothing happened."""
    rests_on = digest(profile)
    standing = files.load(folder)
    if standing and standing.profile == rests_on and store.last_fact() == (standing.through, standing.leaf):
        return standing
    with files.locked(folder):
        standing = files.load(folder)
        through, leaf = store.last_fact()
        if standing is None or standing.profile != rests_on or not _continues(standing):
            found = _build(folder, profile, through, (standing.gen if standing else 0) + 1)
        elif through == standing.through:
            return standing
        else:
            found = _continue(folder, profile.calendar.accounting_year, standing, through)
        found = replace(found, through=through, leaf=leaf, profile=rests_on)
        return files.commit(folder, compaction.compact(folder, found), before=standing)


def digest(profile: Profile) -> str:
    """Write down what of the profile resolved rows rest on; where it changes, all is resolved anew."""
    year = profile.calendar.accounting_year
    return json.dumps(
        [year.begins_in, year.merge_jan_feb, sorted(stage.id for stage in profile.stages)], ensure_ascii=False
    )


def _continues(standing: Manifest) -> bool:
    """Tell whether the store still holds the fact that the snapshot ended with (another store may have been restored)."""
    return standing.through == 0 or store.leaf(standing.through) == standing.leaf


def _build(folder: Path, profile: Profile, through: int, gen: int) -> Manifest:
    calendar, stages = profile.calendar.accounting_year, tuple(stage.id for stage in profile.stages)
    manifest = Manifest(gen=gen, stages=stages)
    manifest = scanning.build_figures(folder, manifest, calendar, through)
    rows = project_rows(scanning.all_projects(through), through=through, stages=stages)
    manifest = stream(folder, manifest, rows)
    return _write_whole(folder, manifest, through, layout.WHOLE)


def stream(folder: Path, manifest: Manifest, rows: Iterable[tuple[str, tuple[Any, ...]]]) -> Manifest:
    """Write (table, row) of a first build to one file a table, in parts."""
    streams: dict[str, files.Stream] = {}
    for part in store.chunks(rows, PART):
        for table, found in _collected(part, manifest.gen).items():
            if table not in streams:
                name = f"{table}-{manifest.gen:06d}.parquet"
                order = layout.SORTED.get(table)
                streams[table] = files.Stream(
                    folder, name, layout.schema(table, manifest.stages), order=order, group=layout.row_group(table)
                )
            streams[table].add(layout.to_arrow(table, found, manifest.stages))
    for one in streams.values():
        one.close()
    tables = {**manifest.tables, **{table: (one.name,) for table, one in streams.items()}}
    return replace(manifest, tables=tables, rows={**manifest.rows, **{one.name: one.rows for one in streams.values()}})


def _continue(folder: Path, calendar: AccountingYear, standing: Manifest, through: int) -> Manifest:
    found = store.changes(after=standing.through, through=through)
    manifest = replace(standing, gen=standing.gen + 1)
    rows: Rows = {}
    for kind, codes in found.projects.items():
        resolved = project_rows(codes, through=through, stages=standing.stages, kinds=(kind,))
        rows |= _collected(resolved, manifest.gen)
        rows |= {layout.replaced(table): [(code, manifest.gen) for code in sorted(codes)] for table in store.INTO[kind]}
    rows["figures"] = list(figure_changes(found.figures, calendar, after=standing.through, through=through))
    manifest = _write(folder, manifest, rows)
    changed = [table for table, is_so in (("units", found.units), ("targets", found.targets)) if is_so]
    return _write_whole(folder, manifest, through, changed)


def project_rows(
    codes: Iterable[str],
    *,
    through: int,
    stages: Sequence[str],
    kinds: Collection[type[Model]] = tuple(store.OF_PROJECT),
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield (table, row) for everything the snapshot keeps of these projects, of some kinds of row."""
    for part in store.chunks(codes):
        found = store.projects_of(part, through=through, kinds=kinds)
        marks = store.marks_of((row for rows in found.values() for row in rows.ids()), through=through)
        for code, rows in found.items():
            yield from resolve.project(code, rows, marks, stages)


def _collected(rows: Iterable[tuple[str, tuple[Any, ...]]], gen: int) -> Rows:
    """Put rows by table. In `lives` the stages' days come after `gen`."""
    found: Rows = {}
    fixed = {table: len(columns) - 1 for table, columns in layout.TABLES.items()}
    for table, row in rows:
        at = fixed[table]
        found.setdefault(table, []).append((*row[:at], gen, *row[at:]))
    return found


def figure_changes(
    keys: Iterable[store.FigureKey], calendar: AccountingYear, *, after: int, through: int
) -> Iterator[tuple[Any, ...]]:
    """
    Yield signed rows: what these keys contribute by the facts up to `through`, less what they did up to `after`.
    """
    for part in store.chunks(store.figures_of(keys, calendar, through=through)):
        marks = store.marks_of((row.id for _, rows in part for row in rows), through=through)
        for key, rows in part:
            now = set(resolve.contributions(rows, marks))
            old = [row for row in rows if fact_of(row.id) <= after]
            was = set(resolve.contributions(old, _up_to(marks, old, after))) if old else set()
            yield from resolve.figure_rows(key, sorted(was - now), sign=-1)
            yield from resolve.figure_rows(key, sorted(now - was))


def _up_to(marks: Mapping[int, Sequence[Mark]], rows: Iterable[Any], fact: int) -> Mapping[int, Sequence[Mark]]:
    return {row.id: [mark for mark in marks.get(row.id, ()) if fact_of(mark.id) <= fact] for row in rows}


def _write(folder: Path, manifest: Manifest, rows: Rows) -> Manifest:
    tables, counts = dict(manifest.tables), dict(manifest.rows)
    for table, found in rows.items():
        if found:
            name = files.write(
                folder, f"{table}-{manifest.gen:06d}.parquet", layout.to_arrow(table, found, manifest.stages)
            )
            tables[table] = (*tables.get(table, ()), name)
            counts[name] = len(found)
    return replace(manifest, tables=tables, rows=counts)


def _write_whole(folder: Path, manifest: Manifest, through: int, wanted: Iterable[str]) -> Manifest:
    """Write small tables anew."""
    tables = dict(manifest.tables)
    for table in wanted:
        rows = store.unit_rows(through=through) if table == "units" else store.target_rows(through=through)
        name = f"{table}-{manifest.gen:06d}.parquet"
        tables[table] = (files.write(folder, name, layout.to_arrow(table, list(rows))),)
    return replace(manifest, tables=tables)
