"""
How quickly the indicators are computed at country size, against one query written by hand; what a refresh costs.

    python bench/indicators.py [--scale 1.0] [--keep FOLDER] [--refresh 100000]

Scale 1.0: 10 million figures, 1 million stage events, 200,000 projects, 3,276 units on four levels. Both sides read the same
Parquet files, warm, with the same threads; what is printed is a ratio within this run. The city is random and synthetic. With `--keep`
its files are left in a folder, and used again where they are there. `--refresh N` measures refreshes instead, on real stores (SQLite) of N and of
10 N figures.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.server.settings")
os.environ.setdefault("LUODI_HOME", tempfile.mkdtemp(prefix="luodi-bench-"))

import django
import duckdb

django.setup()

from luodi.codebook import queries as codebook  # noqa: E402
from luodi.indicators.engine import answers, plan  # noqa: E402
from luodi.indicators.engine.world import World, open_world  # noqa: E402
from luodi.indicators.queries.computing import chosen_lines  # noqa: E402
from luodi.indicators.snapshot import bulk, files, layout, refreshing, resolve  # noqa: E402
from luodi.indicators.snapshot.files import Manifest  # noqa: E402
from luodi.indicators.values import VERIFIED, EventRow  # noqa: E402
from luodi.kernel.instant import END_OF_TIME, end_of, start_of  # noqa: E402
from luodi.ledger.values import Act, Actor  # noqa: E402

FIGURES, PROJECTS, EVENTS = 10_000_000, 200_000, 5
DAY = 86_400_000_000
MONTHS = 25
FIRST_MONTH = date(2023, 1, 1)
LIFE = ("在谈", "签约", "落地", "开工", "竣工")


def units() -> list[tuple[str, str]]:
    """Give (code, parent) of 1 + 25 + 250 + 3,000 units."""
    found = [("C", "")]
    found += [(f"P{i}", "C") for i in range(25)]
    found += [(f"Q{i}", f"P{i % 25}") for i in range(250)]
    return found + [(f"R{i}", f"Q{i % 250}") for i in range(3000)]


def raw_figures(con: duckdb.DuckDBPyConnection, projects: int) -> None:
    """
    Fifty figures a project: every month's investment and one other measure. Accepted two to forty days after filing; one project
    in fifty has a corrected month, one in a hundred a month taken over by a quarter, one in two hundred a void.
    """
    con.execute(bulk.RAW)
    con.execute(f"""
        INSERT INTO raw_figure
        SELECT 'X' || lpad(p::VARCHAR, 6, '0'), false,
               CASE WHEN k = 0 THEN 'invest_completed' ELSE (['funds_in_place', 'foreign_capital', 'tax_paid', 'output_value', 'jobs_added'])[1 + p % 5] END,
               (p * {MONTHS} + m) * 2 + k, epoch_us(month_end) + DAY * (1 + hash(p, m) % 5), epoch_us(month_end) + DAY * (3 + hash(p, m, k) % 38),
               strftime(month_end, '%Y-%m'), ((hash(p, m, k) % 900000000)::DECIMAL(38, 2) / 100)::DECIMAL(38, 2), false
        FROM range({projects}) t(p), range({MONTHS}) s(m), range(2) r(k),
             LATERAL (SELECT (DATE '{FIRST_MONTH}' + to_months(m::INTEGER + 1) - INTERVAL 1 DAY)::TIMESTAMP AS month_end),
             LATERAL (SELECT {DAY}::BIGINT AS DAY)""")
    top = projects * MONTHS * 2
    con.execute(f"""
        INSERT INTO raw_figure SELECT subject, false, measure, {top} + id, known_at + {60 * DAY}, accepted_at + {60 * DAY}, period, value + 1, false
        FROM raw_figure WHERE period = '2024-02' AND hash(subject) % 50 = 0""")
    con.execute(f"""
        INSERT INTO raw_figure SELECT subject, false, measure, {2 * top} + id, known_at + {20 * DAY}, accepted_at + {25 * DAY}, '2024-Q1', value * 3, false
        FROM raw_figure WHERE period = '2024-03' AND hash(subject) % 100 = 1""")
    con.execute(f"""
        INSERT INTO raw_mark SELECT id, accepted_at + {9 * DAY}, {3 * top} + id, 'void' FROM raw_figure
        WHERE period = '2024-04' AND hash(subject) % 200 = 2""")


def project_rows(projects: int, stages: tuple[str, ...]) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Give resolved rows of projects: five events each, one in three re-versioned, one in twenty shared, one in a hundred in full."""
    rng = random.Random(7)
    leaves = [code for code, _ in units() if code[0] == "R"]
    blank = dict.fromkeys(layout.CODES, "")
    for p in range(projects):
        own = p * 20
        rows = resolve.ProjectRows()
        begins = date(2021, 1, 1) + timedelta(days=rng.randrange(1200))
        for n in range(2 if p % 3 == 0 else 1):
            codes = {
                **blank,
                "host": rng.choice(leaves),
                "kind": "招商引资" if p % 10 else "政府投资",
                "origin": "省外" if p % 2 else "市内",
            }
            codes["contract_kind"] = "合同" if p % 4 else "协议"
            amount = Decimal(rng.randrange(10**7, 10**10)) / 10
            day = begins + timedelta(days=400 * n)
            rows.versions.append(
                resolve.Version(
                    own + n, start_of(day), day, tuple(codes.values()), (amount, None), p % 7 == 0, p % 97 == 0, {}
                )
            )
        day = begins
        for n in range(EVENTS):
            day += timedelta(days=rng.randrange(20, 300))
            stage = "停滞" if n == EVENTS - 1 and p % 11 == 0 else LIFE[n]
            known = start_of(day) + DAY * rng.randrange(1, 30)
            rows.events.append(EventRow(own + 5 + n, known, known + DAY * rng.randrange(0, 20), stage, day))
        if p % 20 == 0:
            full = p % 100 == 0
            for n, unit in enumerate(rng.sample(leaves, 3)):
                part = (1, 1) if full else (1, 3)
                share = resolve.Share(
                    own + 12 + n, start_of(begins), begins, "host", "", unit, *part, "full" if full else "split", "s"
                )
                rows.shares.append(share)
        if p % 2:
            rows.plans.append(resolve.Plan(own + 18, start_of(begins), 2024, Decimal(5_000_000)))
        yield from resolve.project(f"X{p:06d}", rows, {}, stages)


def build(folder: Path, scale: float) -> Manifest:
    """Build the whole snapshot."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = codebook.profile()
    projects = int(PROJECTS * scale)
    stages = tuple(stage.id for stage in profile.stages)
    manifest = refreshing.stream(folder, Manifest(gen=1, stages=stages), project_rows(projects, stages))
    rows = [
        (c, c, p, "district", "", "", date(2020, 1, 1), None, i, 0, END_OF_TIME) for i, (c, p) in enumerate(units())
    ]
    goals = [
        (code, "invest_completed", "2024", "guaranteed", "above", Decimal(10**10), 0, END_OF_TIME)
        for code, _ in units()
    ]
    manifest = refreshing._write(folder, manifest, {"units": rows, "targets": goals})
    with duckdb.connect() as con:
        con.execute(f"SET memory_limit = '3GB'; SET temp_directory = '{folder / 'spill'}'")
        raw_figures(con, projects)
        count = bulk.bulk(con, profile.calendar.accounting_year, folder / "figures-000001.parquet")
    tables = {**manifest.tables, "figures": ("figures-000001.parquet",)}
    print(
        f"snapshot: {count:,} rows of figures, {projects:,} projects, {projects * EVENTS:,} stage events, {len(units()):,} units"
    )
    return Manifest(gen=1, stages=stages, tables=tables, rows=manifest.rows)


BY_HAND = """
WITH RECURSIVE
u AS (SELECT code, arg_max(parent, (valid_from, since)) AS parent FROM units
      WHERE valid_from <= $day AND since <= $cut AND until > $cut GROUP BY code),
tree AS (SELECT code AS unit, code AS line, parent FROM u UNION ALL SELECT t.unit, u.code, u.parent FROM tree t JOIN u ON u.code = t.parent),
v AS (SELECT project, host, kind, origin FROM versions
      WHERE valid_from <= $day AND valid_to > $day AND since <= $cut AND until > $cut AND NOT excluded),
s AS (SELECT project, unit, num, den, "full" FROM shares WHERE role = 'host' AND measure = ''
      AND valid_from <= $day AND valid_to > $day AND since <= $cut AND until > $cut),
w AS (SELECT v.project, t.line, 1 AS num, 1 AS den FROM v ANTI JOIN s USING (project) JOIN tree t ON t.unit = v.host
      UNION ALL SELECT s.project, t.line, s.num, s.den FROM s JOIN tree t USING (unit) WHERE NOT s."full"
      UNION ALL SELECT DISTINCT s.project, t.line, 1, 1 FROM s JOIN tree t USING (unit) WHERE s."full"),
f AS (SELECT subject,
        sum(value) FILTER (measure = 'invest_completed') AS invest, sum(value) FILTER (measure = 'foreign_capital') AS foreign_,
        sum(value) FILTER (measure = 'tax_paid') AS tax, sum(value) FILTER (measure = 'output_value') AS output,
        sum(value) FILTER (measure = 'jobs_added') AS jobs, sum(value) FILTER (measure = 'funds_in_place') AS funds
      FROM figures WHERE verified <= $cut AND until > $cut AND NOT is_unit AND "first" >= $first AND "last" <= $day
      GROUP BY subject)
SELECT w.line, w.den, sum(f.invest * w.num), sum(f.foreign_ * w.num), sum(f.tax * w.num), sum(f.output * w.num), sum(f.jobs * w.num),
       sum(f.funds * w.num) FILTER (v.kind = '招商引资')
FROM w JOIN v USING (project) JOIN f ON f.subject = w.project GROUP BY w.line, w.den
"""


def by_hand(world: World, day: date, cut: int) -> dict[str, Decimal]:
    """Give the six sums by one query; of the root the investment, to compare."""
    given = {"day": day, "cut": cut, "first": date(day.year, 1, 1)}
    rows = world.con.execute(BY_HAND, given).fetchall()
    return {"lines": len({row[0] for row in rows}), "invest": sum(row[2] / row[1] for row in rows if row[0] == "C")}


def by_engine(world: World, day: date, cut: int, ids: tuple[str, ...] | None = None) -> answers.Sums:
    """Give the whole basic set for all units, through everything that `compute` does."""
    profile = PROFILE
    period = profile.calendar.accounting_year.month_of(day)
    asked = answers.question(profile, period=period, span="ytd", cut=cut, basis=VERIFIED, role="host", list_=None)
    wanted = [plan.definition(profile, name) for name in ids or plan.default_ids(profile)]
    where = answers.shape(world, profile, asked)
    found = answers.sums(world, profile, asked, wanted, where)
    finisher = answers.Finisher(profile, asked, answers.targets(world, asked))
    lines = answers.lines(finisher, found, wanted, chosen_lines(where, asked, None, False))
    world.forget()
    return lines


class Spent(NamedTuple):
    """Seconds of the clock, and of the processor in this process: others on the machine change those less."""

    clock: float
    cpu: float


def spent_on(work: Callable[[], object]) -> Spent:
    """Measure one run."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - clock, time.process_time() - cpu)


def in_turn(works: Sequence[Callable[[], object]], times: int) -> list[Spent]:
    """Run all once to warm up, then several times in turn; give the least of each."""
    for work in works:
        work()
    rounds = [[spent_on(work) for work in works] for _ in range(times)]
    return [Spent(min(s.clock for s in runs), min(s.cpu for s in runs)) for runs in zip(*rounds, strict=True)]


def kept(folder: Path, scale: float) -> Manifest:
    """Build the city, or take the one that stands in the folder."""
    found = files.load(folder)
    if found is None:
        begun = spent_on(lambda: files.commit(folder, build(folder, scale), before=None))
        print(f"built in {begun.clock:.0f} s ({begun.cpu:.0f} s of the processor), peak memory {peak():.2f} GB")
        found = files.load(folder)
    assert found is not None
    return found


def computing(scale: float, folder: Path | None, times: int) -> None:
    """Print the table of computing."""
    folder = folder or Path(tempfile.mkdtemp(prefix="luodi-bench-"))
    manifest = kept(folder, scale)
    before = peak()
    world = open_world(folder, manifest)
    day, past, now = date(2024, 12, 31), end_of(date(2025, 1, 20)), END_OF_TIME - 1
    six = ("invest_completed", "foreign_capital", "tax_paid", "output_value", "jobs_added", "funds_in_place")
    stages = tuple(item.id for item in PROFILE.indicators if item.kind in ("flow", "stock", "cohort", "median"))
    root = next(line for line in by_engine(world, day, past) if line.unit == "C")
    same = Fraction(by_hand(world, day, past)["invest"]) - root.values["invest_completed"]
    print(f"investment of the whole by hand less by engine: {float(same):.3g} (by hand shares are divided in decimals)")
    rows = {
        "six sums, by hand": lambda: by_hand(world, day, past),
        "six sums, engine": lambda: by_engine(world, day, past, six),
        "stage part alone, engine": lambda: by_engine(world, day, past, stages),
        "whole basic set, as of a past day": lambda: by_engine(world, day, past),
        "whole basic set, now": lambda: by_engine(world, day, now),
    }
    found = dict(zip(rows, in_turn(list(rows.values()), times), strict=True))
    hand, *_, then, current = found.values()
    for name, one in found.items():
        print(
            f"{name:36} {one.clock:7.3f} s {one.clock / hand.clock:5.2f} x   processor {one.cpu:7.3f} s {one.cpu / hand.cpu:5.2f} x"
        )
    print(f"past / now: {then.clock / current.clock:.2f} by the clock, {then.cpu / current.cpu:.2f} by the processor")
    print(f"peak memory {peak():.2f} GB (of which before computing {before:.2f} GB)")


NEW = 10_000  # facts after which a refresh is measured
HISTORY = 10  # months filed before, of each subject and measure
PAIR = ("invest_completed", "funds_in_place")


def figures(first: int, last: int, months: Sequence[int], month_size: int) -> Iterator[Act]:
    """Give acts of `month_size` rows: both measures of some projects in some months."""
    from luodi.statistics.facts import FIGURE_COLUMNS, FIGURE_RECORDED

    blank: dict[str, object] = {
        "loaded": True,
        "form": "B",
        "subject_kind": "project",
        "column": "period",
        "unit": "",
        "foreign_currency": "",
    }
    rows = []
    for month in months:
        period = PROFILE.calendar.accounting_year.parse(f"2024-{month:02}")
        known = end_of(period.last) + DAY
        for project in range(first, last):
            for measure in PAIR:
                given = {
                    **blank, "subject": f"X{project:06d}", "measure": measure, "period": period.label, "period_first": period.first,
                    "period_last": period.last, "value": Decimal(project + month), "known_at": known, "accepted_at": known,
                }  # fmt: skip
                rows.append(tuple(given.get(name) for name in FIGURE_COLUMNS))
                if len(rows) == month_size:
                    yield Act(FIGURE_RECORDED, "bench", rows={"statistics.Figure": rows})
                    rows = []
    if rows:
        yield Act(FIGURE_RECORDED, "bench", rows={"statistics.Figure": rows})


def refreshed(count: int) -> dict[str, float]:
    """Fill this process's store with so many figures, build its snapshot, file ten thousand facts more, and measure the refresh."""
    from luodi.indicators import snapshot
    from luodi.ledger import actions, making
    from luodi.ledger import store as ledger

    making.make(seed="1")
    actor = Actor("bench", "cli")
    projects = count // HISTORY // len(PAIR)
    with ledger.provisional():
        for first in range(0, projects, 5000):
            actions.record(
                list(figures(first, min(first + 5000, projects), range(1, HISTORY + 1), 1000)),
                actor=actor,
                import_id="bench",
            )
    built = spent_on(snapshot.refresh)
    with ledger.provisional():
        actions.record(list(figures(0, NEW // len(PAIR), [HISTORY + 1], 1)), actor=actor)
    spent = spent_on(snapshot.refresh)
    manifest = snapshot.refresh()
    assert manifest.rows[manifest.tables["figures"][-1]] == NEW
    return {"built": built.clock, "clock": spent.clock, "cpu": spent.cpu}


def refreshes(count: int) -> None:
    """Print the table of refreshes: a process and a store for each size."""
    found = []
    for size in (count, 10 * count):
        done = subprocess.run(
            [sys.executable, __file__, "--refresh-alone", str(size)], stdout=subprocess.PIPE, check=True,
            env={name: value for name, value in os.environ.items() if name != "LUODI_HOME"},
        )  # fmt: skip
        one = json.loads(done.stdout.splitlines()[-1])
        found.append(one)
        print(
            f"{size:>10,} figures: built in {one['built']:.1f} s; after {NEW:,} new facts refreshed in {one['clock']:.2f} s (processor {one['cpu']:.2f} s)"
        )
    few, many = found
    print(f"10 N / N: {many['clock'] / few['clock']:.2f} by the clock, {many['cpu'] / few['cpu']:.2f} by the processor")


def peak() -> float:
    """Give the peak of memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


PROFILE = codebook.profile()
PROFILE = PROFILE.model_copy(update={"city": PROFILE.city.model_copy(update={"root": "C"})})

if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scale", type=float, default=1.0)
    options.add_argument("--keep", type=Path)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--refresh", type=int)
    options.add_argument("--refresh-alone", type=int)
    given = options.parse_args(sys.argv[1:])
    if given.refresh_alone:
        print(json.dumps(refreshed(given.refresh_alone)))
    elif given.refresh:
        refreshes(given.refresh)
    else:
        computing(given.scale, given.keep, given.times)
